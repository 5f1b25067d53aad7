"""The rig itself: a fault that does not happen would prove nothing about those who should survive it."""

import smtplib
import socket
import time
from pathlib import Path

import pytest

from tests.rig.dovecot import make_certificate
from tests.rig.ports import LOOPBACK, free_port
from tests.rig.proxy import Fault, FaultProxy
from tests.rig.smtp_sink import DROP, SmtpSink

MAIL = b"Message-ID: <1@x.cn>\r\nSubject: a\r\n\r\nhi\r\n"


def test_a_free_port_is_given_once_and_can_be_taken() -> None:
    given = [free_port() for _ in range(50)]
    assert len(set(given)) == 50
    with socket.create_server((LOOPBACK, given[0])), pytest.raises(OSError, match="in use"):
        socket.create_server((LOOPBACK, given[0]))


def send(port: int) -> None:
    with smtplib.SMTP(LOOPBACK, port, timeout=5) as client:
        client.sendmail("a@x.cn", ["b@x.cn"], MAIL)


def test_the_sink_keeps_envelope_and_exact_bytes() -> None:
    with SmtpSink() as sink:
        send(sink.port)
    assert [(m.sender, m.recipients, m.raw) for m in sink.messages] == [("a@x.cn", ("b@x.cn",), MAIL)]
    assert sink.ids == ["<1@x.cn>"]


@pytest.mark.parametrize(("command", "code"), [("MAIL", 421), ("RCPT", 550), ("DATA", 451)])
def test_a_scripted_refusal_happens_once_and_takes_nothing(command: str, code: int) -> None:
    with SmtpSink() as sink:
        sink.script[command] = [f"{code} no"]
        with pytest.raises(smtplib.SMTPException) as refused:
            send(sink.port)
        assert str(code) in str(refused.value)
        assert sink.messages == []
        send(sink.port)
        assert len(sink.messages) == 1


def test_a_drop_at_data_takes_the_message_and_never_says_so() -> None:
    with SmtpSink() as sink:
        sink.script["DATA"] = [DROP]
        with pytest.raises((smtplib.SMTPException, OSError)):
            send(sink.port)
        assert len(sink.messages) == 1


def test_the_sink_wants_tls_and_the_right_password(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make_certificate(cert, key)
    with (
        SmtpSink(certificate=(cert, key), login=("u", "secret")) as sink,
        smtplib.SMTP(LOOPBACK, sink.port) as smtp,
    ):
        with pytest.raises(smtplib.SMTPResponseException):
            smtp.sendmail("a@x.cn", ["b@x.cn"], MAIL)
        smtp.starttls()
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login("u", "wrong")
        smtp.login("u", "secret")
        smtp.sendmail("a@x.cn", ["b@x.cn"], MAIL)
    assert len(sink.messages) == 1


def test_the_proxy_passes_cuts_and_refuses() -> None:
    with SmtpSink() as sink, FaultProxy(sink.port) as proxy:
        send(proxy.port)
        proxy.fault = Fault("cut", after=3, times=1)
        with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as sock:
            assert sock.recv(100) == b"220"
            assert sock.recv(100) == b""
        send(proxy.port)
        proxy.fault = Fault("refuse", times=1)
        with pytest.raises((smtplib.SMTPException, OSError)):
            send(proxy.port)
        send(proxy.port)
    assert len(sink.messages) == 3


def test_the_proxy_hangs_and_trickles() -> None:
    with SmtpSink() as sink, FaultProxy(sink.port) as proxy:
        proxy.fault = Fault("hang")
        with socket.create_connection((LOOPBACK, proxy.port), timeout=0.2) as sock, pytest.raises(TimeoutError):
            sock.recv(100)
        proxy.fault = Fault("trickle", rate=40)
        with socket.create_connection((LOOPBACK, proxy.port), timeout=2) as sock:
            began = time.monotonic()
            got = b"".join(sock.recv(1) for _ in range(10))
        assert got == b"220 sink.i"
        assert time.monotonic() - began > 0.2
