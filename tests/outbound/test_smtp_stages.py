"""The steps of one sending: what is told to the server of a letter, when the dot is noted, and who logs in how."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from mailbot.domain.ports import About, LoginRefused, Note, PortError, SendResult, SendState, nothing_to_note
from mailbot.domain.server_ports import Proof
from mailbot.outbound.courier import SmtpCourier
from mailbot.outbound.smtp_door import SmtpSettings
from tests.outbound.conftest import Make
from tests.outbound.raw_smtp import Answers, Line, RawSmtp, take
from tests.rig.smtp_sink import SmtpSink

TO = "hr@unit.example"
LETTER = b"From: a@office.example\r\nTo: hr@unit.example\r\n\r\nline\r\n"
LARGE = b"Subject: x\r\n\r\n" + b"0123456789abcdef\r\n" * 400_000
EHLO = b"250-bare\r\n250-SIZE 50000000\r\n250-DSN\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


@pytest.fixture
def patience() -> float:
    return 5.0


def test_the_dot_is_noted_once_before_the_server_has_the_letter(make: Make) -> None:
    with SmtpSink() as sink:
        seen: list[int] = []
        result = make(sink.port).send(TO, LETTER, "mail:1:1", lambda: seen.append(len(sink.messages)))
        assert (result.state, seen, len(sink.messages)) == (SendState.SENT, [0], 1)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_what_is_refused_earlier_never_comes_to_its_dot(make: Make, command: str) -> None:
    with RawSmtp(answers={command: b"451 later\r\n"}) as server:
        seen: list[str] = []
        make(server.port).send(TO, LETTER, "", lambda: seen.append("dot"))
    assert seen == []


def _full() -> None:
    raise PortError("the disk is full", retry=True)


def test_where_the_dot_cannot_be_noted_it_is_not_written(make: Make) -> None:
    with SmtpSink() as sink:
        courier = make(sink.port)
        with pytest.raises(PortError, match="disk is full"):
            courier.send(TO, LETTER, "", _full)
        assert sink.messages == []
        assert courier.send(TO, LETTER).state is SendState.SENT


def _early(line: Line) -> None:
    """Say no in the midst of the body, and take it in all the same."""
    line.some(1000)
    line.say(b"552 5.3.4 too big\r\n")
    line.body()


def test_an_answer_before_the_dot_is_the_servers_last_word(make: Make) -> None:
    with RawSmtp(_early) as server:
        result = make(server.port).send(TO, LARGE)
    assert (result.state, result.about) == (SendState.REFUSED, About.LETTER)


def test_a_line_that_breaks_while_the_dot_is_noted_defers(make: Make) -> None:
    lines: list[Line] = []

    def body(line: Line) -> None:
        lines.append(line)
        line.wait_for_end()

    with RawSmtp(body) as server:

        def cut() -> None:
            while not lines:
                pass
            lines[0].reset()

        result = make(server.port).send(TO, LETTER, "", cut)
    assert result.state is not SendState.SENT


@pytest.mark.parametrize(
    ("answers", "offered"),
    [
        ({"MAIL": b"451 later\r\n"}, False),
        ({"MAIL": None}, False),
        ({"RCPT": b"451 later\r\n"}, True),
        ({"RCPT": None}, True),
        ({"DATA": b"451 later\r\n"}, True),
    ],
)
def test_only_what_was_shown_counts_as_an_attempt(make: Make, answers: Answers, offered: bool) -> None:
    with RawSmtp(answers=answers) as server:
        result = make(server.port).send(TO, LETTER)
    assert (result.state, result.offered) == (SendState.DEFERRED, offered)
    assert (result.about is About.LINE) is not offered


def test_a_server_that_is_not_there_shuts_the_line(make: Make) -> None:
    with RawSmtp() as server:
        port = server.port
    result = make(port).send(TO, LETTER)
    assert (result.state, result.about, result.offered) == (SendState.DEFERRED, About.LINE, False)


def test_reports_of_failure_are_asked_for_by_the_letters_key(make: Make) -> None:
    with RawSmtp(answers={"EHLO": EHLO}) as server:
        courier = make(server.port, envelope_sender="bounce@office.example")
        assert courier.send(TO, LETTER, "result:2020-000001:1").state is SendState.SENT
        mail, rcpt = (command for command in server.commands if command[:4] in ("MAIL", "RCPT"))
    assert mail == f"MAIL FROM:<bounce@office.example> SIZE={len(LETTER)} RET=HDRS ENVID=result:2020-000001:1"
    assert rcpt == "RCPT TO:<hr@unit.example> NOTIFY=FAILURE"


@pytest.mark.parametrize(
    ("changes", "ehlo", "mark"),
    [
        ({}, EHLO, "mail:1:1"),
        ({"envelope_sender": "b@office.example"}, b"250-bare\r\n250 SIZE 5\r\n", "mail:1:1"),
        ({"envelope_sender": "b@office.example"}, EHLO, ""),
    ],
    ids=["nobody to tell", "not offered", "no mark"],
)
def test_no_reports_are_asked_for_in_vain(make: Make, changes: dict[str, str], ehlo: bytes, mark: str) -> None:
    with RawSmtp(answers={"EHLO": ehlo}) as server:
        assert make(server.port, **changes).send(TO, LETTER, mark).state is SendState.SENT
        assert not any("NOTIFY" in command or "ENVID" in command for command in server.commands)


def test_a_mark_with_odd_characters_stays_one_word(make: Make) -> None:
    with RawSmtp(answers={"EHLO": EHLO}) as server:
        make(server.port, envelope_sender="b@office.example").send(TO, LETTER, "a b+c=d 名\r\nRCPT TO:<x@y>")
        [mail] = [command for command in server.commands if command.startswith("MAIL")]
    assert mail.endswith("ENVID=a+20b+2Bc+3Dd+20+E5+90+8D+0D+0ARCPT+20TO:<x@y>")


def test_case_49_an_address_outside_ascii_goes_where_the_server_takes_it(make: Make) -> None:
    seen: list[bytes] = []

    def body(line: Line) -> None:
        seen.append(line.body())
        line.say(b"250 taken\r\n")

    with RawSmtp(body, answers={"EHLO": EHLO}) as server:
        assert make(server.port).send("张三@单位.中国", LETTER).state is SendState.SENT
        [mail] = [command for command in server.commands if command.startswith("MAIL")]
    assert mail.endswith("SMTPUTF8 BODY=8BITMIME")


def test_case_49_elsewhere_it_is_a_matter_for_staff(make: Make) -> None:
    with RawSmtp() as server:
        result = make(server.port).send("张三@unit.example", LETTER)
        assert not any(command.startswith("MAIL") for command in server.commands)
    assert (result.state, result.about) == (SendState.REFUSED, About.ADDRESS)


def test_case_49_a_domain_outside_ascii_needs_nothing_of_the_server(make: Make) -> None:
    with RawSmtp() as server:
        assert make(server.port).send("hr@单位.中国", LETTER).state is SendState.SENT
        assert "RCPT TO:<hr@xn--nqq01h.xn--fiqs8s>" in server.commands


@dataclass
class Token:
    """A token source: hands one out, hears that it is refused."""

    texts: list[str]
    refusals: list[Proof] = field(default_factory=list)

    def proof(self) -> Proof:
        return Proof(self.texts[len(self.refusals)], bearer=True)

    def refused(self, proof: Proof) -> None:
        self.refusals.append(proof)


AUTH = b"250-bare\r\n250 AUTH PLAIN XOAUTH2\r\n"


def test_a_token_is_shown_as_xoauth2(make: Make) -> None:
    with RawSmtp(answers={"EHLO": AUTH, "AUTH": b"235 welcome\r\n"}) as server:
        assert make(server.port, user="office", secret=Token(["t0k"])).send(TO, LETTER).state is SendState.SENT
        [auth] = [command for command in server.commands if command.startswith("AUTH")]
    method, _, text = auth.partition("XOAUTH2 ")
    assert method == "AUTH "
    assert base64.b64decode(text) == b"user=office\x01auth=Bearer t0k\x01\x01"


def test_a_refused_token_is_not_shown_again(make: Make) -> None:
    token = Token(["old", "new"])
    with RawSmtp(answers={"EHLO": AUTH, "AUTH": b"535 5.7.8 expired\r\n"}) as server:
        with pytest.raises(LoginRefused, match="expired") as fault:
            make(server.port, user="office", secret=token).send(TO, LETTER)
        assert [proof.text for proof in token.refusals] == ["old"]
        assert "old" not in str(fault.value)
    with RawSmtp(answers={"EHLO": AUTH, "AUTH": b"235 welcome\r\n"}) as server:
        assert make(server.port, user="office", secret=token).send(TO, LETTER).state is SendState.SENT
        assert any(base64.b64encode(b"user=office\x01auth=Bearer new\x01\x01").decode() in c for c in server.commands)


def test_a_login_that_is_put_off_is_no_refusal(make: Make) -> None:
    with RawSmtp(answers={"EHLO": AUTH, "AUTH": b"454 4.7.0 temporary failure\r\n"}) as server:
        result = make(server.port, user="office", secret=Token(["t", "t"])).send(TO, LETTER)
    assert (result.state, result.about) == (SendState.DEFERRED, About.LINE)


def test_the_port_is_met() -> None:
    def through(send: Callable[[str, bytes, str, Note], SendResult]) -> SendResult:
        return send("<not an address>", b"", "", nothing_to_note)

    courier = SmtpCourier(SmtpSettings("127.0.0.1", 1, "plain"))
    assert through(courier.send).about is About.ADDRESS


def test_taking_is_the_ordinary_end(make: Make) -> None:
    with RawSmtp(take, take) as server:
        courier = make(server.port)
        assert [courier.send(TO, LETTER).state for _ in range(2)] == [SendState.SENT] * 2
        assert server.connections == 1
