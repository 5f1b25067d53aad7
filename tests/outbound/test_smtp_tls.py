"""Over TLS the server's certificate is always verified, and a plain line is never a way around it."""

import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from mailbot.credentials import Password
from mailbot.domain.ports import PortError, SendState
from mailbot.outbound.courier import SmtpCourier
from mailbot.outbound.smtp_session import SmtpSettings
from tests.outbound.raw_smtp import RawSmtp
from tests.rig.dovecot import make_certificate
from tests.rig.smtp_sink import SmtpSink

TO = "hr@unit.example"
LETTER = b"Subject: x\r\n\r\nline\r\n"
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the test's certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", folder / "key.pem"


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    return context


@pytest.fixture
def implicit(certificate: tuple[Path, Path]) -> Iterator[RawSmtp]:
    with RawSmtp(tls=server_context(certificate)) as server:
        yield server


@pytest.fixture
def starttls(certificate: tuple[Path, Path]) -> Iterator[SmtpSink]:
    with SmtpSink(certificate=certificate, login=("office", "right")) as server:
        yield server


def courier(
    port: int, security: Literal["tls", "starttls"], ca_file: Path | None, host: str = "127.0.0.1"
) -> SmtpCourier:
    return SmtpCourier(
        SmtpSettings(host, port, security, "office", Password(lambda: "right"), ca_file=ca_file, command_seconds=3)
        if security == "starttls"
        else SmtpSettings(host, port, security, ca_file=ca_file, command_seconds=3)
    )


def test_a_verified_server_gets_the_letter(implicit: RawSmtp, certificate: tuple[Path, Path]) -> None:
    way = courier(implicit.port, "tls", certificate[0])
    assert way.send(TO, LETTER).state is SendState.SENT
    assert "tls" in way.check()
    way.close()


def test_a_verified_server_gets_login_and_letter_behind_starttls(
    starttls: SmtpSink, certificate: tuple[Path, Path]
) -> None:
    way = courier(starttls.port, "starttls", certificate[0])
    assert way.send(TO, LETTER).state is SendState.SENT
    assert "logged in as office" in way.check()
    way.close()
    assert starttls.messages[0].raw == LETTER


def test_an_unknown_authority_stops_all_letters(implicit: RawSmtp) -> None:
    way = courier(implicit.port, "tls", None)
    with pytest.raises(PortError, match="certificate") as fault:
        way.send(TO, LETTER)
    assert fault.value.retry is True
    assert implicit.commands == []
    way.close()


def test_an_unknown_authority_behind_starttls_gets_no_password(starttls: SmtpSink) -> None:
    way = courier(starttls.port, "starttls", None)
    with pytest.raises(PortError, match="certificate"):
        way.send(TO, LETTER)
    assert starttls.messages == []
    way.close()


def test_a_certificate_for_another_name_is_refused(certificate: tuple[Path, Path]) -> None:
    with RawSmtp(tls=server_context(certificate), host="127.0.0.2") as server:
        way = courier(server.port, "tls", certificate[0], host="127.0.0.2")
        with pytest.raises(PortError, match=r"not valid for '127\.0\.0\.2'"):
            way.send(TO, LETTER)
        assert server.commands == []
        way.close()
