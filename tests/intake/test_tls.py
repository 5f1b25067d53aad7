"""Lines that are not safe: each says what is wrong and what to do, and no password leaves on it."""

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailbot.intake.account import Account, Server, Tls
from mailbot.intake.faults import Lost, Untrusted, tls_fault
from mailbot.intake.leash import Leash
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.session import Session
from mailbot.intake.status import Condition
from tests.intake.helpers import PW, USER, StillClock, limits
from tests.intake.store import MemoryStore
from tests.rig.fake_imap import Box, FakeImap
from tests.rig.ports import LOOPBACK

_REQUEST = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=rig"
_AUTHORITY = """
[ca]
default_ca = rig
[rig]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def certificate(folder: Path, *, names: str, old: bool = False) -> tuple[Path, Path]:
    """A self-signed certificate for these names, good for a day or (`old`) run out long ago, and its key."""
    cert, key, request = folder / "cert.pem", folder / "key.pem", folder / "request.pem"
    asked = [*_REQUEST.split(), "-addext", f"subjectAltName={names}", "-keyout", str(key)]
    if not old:
        openssl(*asked, "-x509", "-days", "1", "-out", str(cert))
        return cert, key
    openssl(*asked, "-out", str(request))
    (folder / "ca.cnf").write_text(_AUTHORITY.format(folder=folder), "ascii")
    (folder / "index").write_text("", "ascii")
    (folder / "serial").write_text("01\n", "ascii")
    sign = f"openssl ca -batch -notext -selfsign -config {folder}/ca.cnf -keyfile {key} -in {request} -out {cert}"
    openssl(*sign.split(), "-startdate", "20200101000000Z", "-enddate", "20200201000000Z")
    return cert, key


def openssl(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


class Guarded:
    """A TLS server that shows that certificate and hears what is said after the handshake."""

    def __init__(self, cert: Path, key: Path) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        self.listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self.listener.getsockname()[1]
        self.heard = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                with contextlib.suppress(OSError), self.context.wrap_socket(sock, server_side=True) as line:
                    line.sendall(b"* OK ready\r\n")
                    self.heard += line.recv(1000)


@contextmanager
def guarded(folder: Path, *, names: str, old: bool = False) -> Iterator[tuple[Guarded, Path]]:
    cert, key = certificate(folder, names=names, old=old)
    server = Guarded(cert, key)
    try:
        yield server, cert
    finally:
        with contextlib.suppress(OSError):
            server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()


def fault(port: int, *, tls: Tls = "tls", ca_file: Path | None = None, host: str = "localhost") -> Untrusted:
    account = Account("roster", USER, Server(host, port, USER, tls, ca_file))
    with pytest.raises(Untrusted) as told:
        Session(account, PW, limits(), Leash())
    return told.value


def test_a_certificate_signed_by_itself_asks_for_ca_file(tmp_path: Path) -> None:
    with guarded(tmp_path, names="DNS:localhost") as (server, _):
        told = fault(server.port)
    assert "certificate is not trusted" in str(told)
    assert "ca_file" in str(told)
    assert (told.retry, server.heard) == (False, b"")


def test_a_certificate_for_another_name_asks_for_the_right_host(tmp_path: Path) -> None:
    with guarded(tmp_path, names="DNS:mail.example.org") as (server, cert):
        told = fault(server.port, ca_file=cert)
    assert "another name" in str(told)
    assert "host" in str(told)
    assert server.heard == b""


def test_a_server_named_by_its_address_asks_for_its_name(tmp_path: Path) -> None:
    with guarded(tmp_path, names="DNS:localhost") as (server, cert):
        told = fault(server.port, ca_file=cert, host=LOOPBACK)
    assert "not its address" in str(told)


def test_a_certificate_that_has_run_out_says_so(tmp_path: Path) -> None:
    with guarded(tmp_path, names="DNS:localhost", old=True) as (server, cert):
        told = fault(server.port, ca_file=cert)
    assert "run out" in str(told)
    assert server.heard == b""


def test_tls_on_a_port_that_speaks_plain_text_names_the_ports() -> None:
    with FakeImap(Box()) as server:
        told = fault(server.port)
    assert "993" in str(told)
    assert "starttls" in str(told)


def test_a_server_without_starttls_gets_no_password() -> None:
    with FakeImap(Box(capabilities="IMAP4rev1 ID")) as server:
        told = fault(server.port, tls="starttls")
        assert server.asked("LOGIN") == []
    assert "offers no STARTTLS" in str(told)


def test_a_server_that_takes_starttls_back_gets_no_password() -> None:
    with FakeImap(Box(capabilities="IMAP4rev1 STARTTLS", answers={"STARTTLS": b"NO not now"})) as server:
        told = fault(server.port, tls="starttls")
        assert server.asked("LOGIN") == []
    assert "refuses STARTTLS" in str(told)


def test_an_unsafe_line_is_an_alarm_and_a_broken_one_is_not(tmp_path: Path) -> None:
    with guarded(tmp_path, names="DNS:localhost") as (server, _):
        account = Account("roster", USER, Server("localhost", server.port, USER))
        box = Mailbox(account, PW, MemoryStore(), StillClock(), limits())
        with pytest.raises(Untrusted):
            box.poll_once()
        assert (box.status.condition, box.status.alarm) == (Condition.REFUSED, True)
    with pytest.raises(Lost):
        box.poll_once()
    assert box.status.condition is Condition.WAITING


@pytest.mark.parametrize(
    "error", [ConnectionResetError("reset"), ssl.SSLEOFError("eof"), TimeoutError(), ssl.SSLError("odd")]
)
def test_what_is_no_lasting_fault_of_tls(error: Exception) -> None:
    assert tls_fault(error) is None
