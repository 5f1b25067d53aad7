"""Scripted answers and provider profiles, spoken to through real servers."""

import imaplib
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

import imapclient
import pytest
from imapclient.exceptions import IMAPClientError

from tests.rig.actors import PROFILES, QQ_535, Script, cut, lose, say, swallow
from tests.rig.dovecot import Dovecot
from tests.rig.ports import LOOPBACK
from tests.rig.proxy import Fault, FaultProxy
from tests.rig.smtp_sink import SmtpSink

USER = "2020gxkm@cqhrsp.com"
MAIL = b"Message-ID: <1@x.cn>\r\nSubject: a\r\n\r\nhi\r\n..two\r\nDATA\r\n"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


def send(port: int) -> None:
    with smtplib.SMTP(LOOPBACK, port, timeout=5) as client:
        client.sendmail("a@x.cn", ["b@x.cn"], MAIL)


def test_without_a_due_line_a_letter_passes_byte_for_byte(sink: SmtpSink) -> None:
    script = Script(say("RCPT", "550 no", nth=7))
    with FaultProxy(sink.port, script) as proxy:
        send(proxy.port)
        send(proxy.port)
    assert [message.raw for message in sink.messages] == [MAIL, MAIL]
    assert [line.split()[0].upper() for line in script.heard][:4] == [b"EHLO", b"MAIL", b"RCPT", b"DATA"]


@pytest.mark.parametrize(("pattern", "code"), [("^MAIL", 421), ("^RCPT", 451), ("^EHLO", 554)])
def test_a_scripted_refusal_stands_in_place_of_the_servers_answer(sink: SmtpSink, pattern: str, code: int) -> None:
    with FaultProxy(sink.port, Script(say(pattern, f"{code} scripted", nth=2))) as proxy:
        send(proxy.port)
        if pattern == "^EHLO":
            send(proxy.port)  # smtplib falls back to HELO
        else:
            with pytest.raises(smtplib.SMTPException, match=str(code)):
                send(proxy.port)
        send(proxy.port)
    assert len(sink.messages) == (3 if pattern == "^EHLO" else 2)


def test_a_letter_is_refused_at_its_dot_and_the_server_never_sees_it(sink: SmtpSink) -> None:
    with FaultProxy(sink.port, Script(swallow("554 DT:SPM 163 smtp1,spam"))) as proxy:
        with pytest.raises(smtplib.SMTPDataError, match="DT:SPM"):
            send(proxy.port)
        assert sink.messages == []
        send(proxy.port)
    assert len(sink.messages) == 1


def test_a_lost_answer_behind_the_dot_leaves_the_letter_with_the_server(sink: SmtpSink) -> None:
    with FaultProxy(sink.port, Script(lose("^DATA"))) as proxy:
        with pytest.raises((smtplib.SMTPException, OSError)):
            send(proxy.port)
        assert len(sink.messages) == 1
        send(proxy.port)
    assert len(sink.messages) == 2


@pytest.mark.parametrize("command", ["^RCPT", "^DATA"])
def test_a_line_cut_before_the_server_hears_takes_nothing(sink: SmtpSink, command: str) -> None:
    with (
        FaultProxy(sink.port, Script(cut(command))) as proxy,
        pytest.raises((smtplib.SMTPException, OSError)),
    ):
        send(proxy.port)
    assert sink.messages == []


def test_bytes_that_are_no_utf8_come_through(sink: SmtpSink) -> None:
    with (
        FaultProxy(sink.port, Script(say("^MAIL", QQ_535))) as proxy,
        pytest.raises(smtplib.SMTPException) as refused,
    ):
        send(proxy.port)
    assert "登录失败".encode("gb18030") in refused.value.args[1]


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot(USER) as server:
        server.append(USER, MAIL, b"Subject: b\r\n\r\n* CAPABILITY no\r\nA1 BAD {3}\r\n")
        yield server


@contextmanager
def logged_in(port: int, server: Dovecot) -> Iterator[imapclient.IMAPClient]:
    client = imapclient.IMAPClient(LOOPBACK, port, ssl=False, timeout=5)
    try:
        client.login(USER, server.password)
        yield client
    finally:
        client.shutdown()


@pytest.mark.dovecot
def test_imap_answers_can_be_scripted_and_literals_pass_untouched(dovecot: Dovecot) -> None:
    script = Script(say("FETCH", "{tag} NO 邮件已损坏", nth=2))
    with FaultProxy(dovecot.imap, script) as proxy, logged_in(proxy.port, dovecot) as client:
        client.select_folder("INBOX")
        client.append("INBOX", MAIL * 3)
        bodies = [entry[b"BODY[]"] for entry in client.fetch([1, 2, 3], ["BODY.PEEK[]"]).values()]
        assert bodies == [MAIL, b"Subject: b\r\n\r\n* CAPABILITY no\r\nA1 BAD {3}\r\n", MAIL * 3]
        with pytest.raises(IMAPClientError):
            client.fetch([1], ["BODY.PEEK[]"])
        assert client.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"] == MAIL
    assert any(b"APPEND" in line for line in script.heard)
    assert not any(b"Message-ID" in line for line in script.heard), "a literal is no command"


@pytest.mark.dovecot
def test_a_fault_and_an_actor_work_together(dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap, Script()) as proxy, logged_in(proxy.port, dovecot) as client:
        client.select_folder("INBOX")
        client.append("INBOX", MAIL * 30)
        proxy.fault = Fault("cut_literal", after=10, times=1)
        with pytest.raises((imaplib.IMAP4.abort, OSError)):
            client.fetch([3], ["BODY.PEEK[]"])
        assert proxy.struck == 1


@pytest.mark.dovecot
def test_netease_wants_to_know_who_asks(dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap, PROFILES["netease"]) as proxy, logged_in(proxy.port, dovecot) as client:
        assert b"IDLE" not in client.capabilities()
        with pytest.raises(IMAPClientError, match="Unsafe Login"):
            client.select_folder("INBOX")
        client.id_({"name": "x"})
        assert client.select_folder("INBOX")[b"EXISTS"] == 2
        with (
            logged_in(proxy.port, dovecot) as again,
            pytest.raises(IMAPClientError, match="Unsafe Login"),
        ):
            again.select_folder("INBOX")


@pytest.mark.dovecot
def test_aliyun_knows_few_words(dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap, PROFILES["aliyun"]) as proxy, logged_in(proxy.port, dovecot) as client:
        assert set(client.capabilities()) == {b"IMAP4REV1", b"IDLE", b"XLIST", b"UIDPLUS", b"ID", b"SASL-IR"}
        folder = client.select_folder("INBOX")
        assert b"\\*" not in folder[b"PERMANENTFLAGS"]
        assert b"\\Seen" in folder[b"PERMANENTFLAGS"]
        assert client.search(["UID", "1:*"]) == [1, 2]
        for words in (["SUBJECT", "a"], ["HEADER", "Message-ID", "1"], ["UNKEYWORD", "x"]):
            with pytest.raises(IMAPClientError, match="invalid command"):
                client.search(words)


@pytest.mark.dovecot
def test_qq_finds_everything_by_content_and_breaks_envelopes(dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap, PROFILES["tencent"]) as proxy, logged_in(proxy.port, dovecot) as client:
        client.select_folder("INBOX")
        assert client.search(["HEADER", "Message-ID", "nowhere"]) == [1, 2]
        assert client.search(["UID", "2:*"]) == [2]
        with pytest.raises((IMAPClientError, ValueError)):
            client.fetch([1], ["ENVELOPE"])
