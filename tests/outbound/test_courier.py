"""The courier against real servers: where a line breaks decides whether a letter may be sent again."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailbot.credentials import Password
from mailbot.domain.ports import PortError, SendState
from mailbot.outbound.courier import FileCourier
from mailbot.outbound.smtp_session import SmtpSettings
from tests.outbound.conftest import Make
from tests.outbound.raw_smtp import Answers, Line, RawSmtp, take
from tests.rig.smtp_sink import DROP, HANG, SmtpSink

TO = "hr@unit.example"
LETTER = (
    b"From: a@office.example\r\nTo: hr@unit.example\r\nMessage-ID: <1@office.example>\r\n\r\nline\r\n.dot\r\n..two\r\n"
)
LARGE = b"Subject: x\r\n\r\n" + b"0123456789abcdef\r\n" * 700_000


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        server.connections = 0  # its own start made one
        yield server


def test_the_exact_bytes_arrive_with_an_empty_return_path(sink: SmtpSink, make: Make) -> None:
    result = make(sink.port).send(TO, LETTER)
    assert (result.state, result.detail) == (SendState.SENT, "250 2.0.0 taken")
    (got,) = sink.messages
    assert (got.sender, got.recipients, got.raw) == ("<>", (TO,), LETTER)


def test_a_configured_return_path_is_used(sink: SmtpSink, make: Make) -> None:
    make(sink.port, envelope_sender="bounce@office.example").send(TO, LETTER)
    assert sink.messages[0].sender == "bounce@office.example"


def test_letters_share_one_connection(sink: SmtpSink, make: Make) -> None:
    courier = make(sink.port)
    assert [courier.send(TO, LETTER).state for _ in range(5)] == [SendState.SENT] * 5
    assert sink.connections == 1


def test_a_large_letter_arrives_whole(sink: SmtpSink, make: Make) -> None:
    large = b"Subject: x\r\n\r\n" + b"0123456789abcdef\r\n" * 100_000
    assert make(sink.port, send_seconds=20.0).send(TO, large).state is SendState.SENT
    assert sink.messages[0].raw == large


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["451 4.7.1 later", "450 mailbox busy", "452 4.3.1 full"])
def test_a_passing_refusal_defers_and_the_line_stays_good(
    sink: SmtpSink, make: Make, command: str, answer: str
) -> None:
    sink.script[command] = [answer]
    courier = make(sink.port)
    result = courier.send(TO, LETTER)
    assert (result.state, result.detail) == (SendState.DEFERRED, answer)
    assert courier.send(TO, LETTER).state is SendState.SENT
    assert (len(sink.messages), sink.connections) == (1, 1)


@pytest.mark.parametrize(("command", "answer"), [("RCPT", "550 5.1.1 no such user"), ("DATA", "554 DT:SPM refused")])
def test_a_final_refusal_refuses_this_letter_only(sink: SmtpSink, make: Make, command: str, answer: str) -> None:
    sink.script[command] = [answer]
    courier = make(sink.port)
    result = courier.send(TO, LETTER)
    assert (result.state, result.detail) == (SendState.REFUSED, answer)
    assert courier.send(TO, LETTER).state is SendState.SENT


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
def test_a_letter_that_is_too_large_is_refused(sink: SmtpSink, make: Make, command: str) -> None:
    sink.script[command] = ["552 5.3.4 too big"]
    assert make(sink.port).send(TO, LETTER).state is SendState.REFUSED


def test_a_refused_sender_address_is_the_sites_fault(sink: SmtpSink, make: Make) -> None:
    sink.script["MAIL"] = ["553 Mail from must equal authorized user"]
    with pytest.raises(PortError, match="553 Mail from must equal") as fault:
        make(sink.port).send(TO, LETTER)
    assert fault.value.retry is True


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_421_closes_the_connection_for_the_next_letter(sink: SmtpSink, make: Make, command: str) -> None:
    sink.script[command] = ["421 4.3.2 shutting down"]
    courier = make(sink.port)
    assert courier.send(TO, LETTER).state is SendState.DEFERRED
    assert courier.send(TO, LETTER).state is SendState.SENT
    assert sink.connections == 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_line_lost_before_the_body_defers(sink: SmtpSink, make: Make, command: str) -> None:
    sink.script[command] = [DROP]
    courier = make(sink.port)
    assert courier.send(TO, LETTER).state is SendState.DEFERRED
    assert sink.messages == []
    assert courier.send(TO, LETTER).state is SendState.SENT


def test_a_line_lost_behind_the_dot_is_unknown_and_the_server_has_the_letter(sink: SmtpSink, make: Make) -> None:
    sink.script["DATA"] = [DROP]
    courier = make(sink.port)
    assert courier.send(TO, LETTER).state is SendState.UNKNOWN
    assert len(sink.messages) == 1
    assert courier.send(TO, LETTER).state is SendState.SENT


def test_a_silent_server_behind_the_dot_is_unknown_within_the_deadline(sink: SmtpSink, make: Make) -> None:
    sink.script["DATA"] = [HANG]
    started = time.monotonic()
    assert make(sink.port, send_seconds=0.5).send(TO, LETTER).state is SendState.UNKNOWN
    assert time.monotonic() - started < 2


def test_a_silent_server_before_the_dot_defers(sink: SmtpSink, make: Make) -> None:
    sink.script["RCPT"] = [HANG]
    assert make(sink.port, command_seconds=0.3).send(TO, LETTER).state is SendState.DEFERRED


def test_a_closed_port_defers_and_names_the_server(make: Make) -> None:
    with RawSmtp() as server:
        port = server.port
    result = make(port).send(TO, LETTER)
    assert result.state is SendState.DEFERRED
    assert f"127.0.0.1:{port}" in result.detail


def at_once(line: Line) -> None:
    line.reset()


def in_the_middle(line: Line) -> None:
    line.some(1_000_000)
    line.reset()


@pytest.mark.parametrize("end", [at_once, in_the_middle])
def test_a_line_lost_within_a_large_body_defers(make: Make, end: Callable[[Line], None]) -> None:
    with RawSmtp(end) as server:
        assert make(server.port, send_seconds=20.0).send(TO, LARGE).state is SendState.DEFERRED


def test_a_server_that_stops_reading_the_body_defers(make: Make) -> None:
    stop = threading.Event()

    def stare(_: Line) -> None:
        stop.wait(20)

    with RawSmtp(stare) as server:
        assert make(server.port, send_seconds=0.5).send(TO, LARGE).state is SendState.DEFERRED
        stop.set()


def refuse_early(line: Line) -> None:
    line.some(100_000)
    line.say(b"552 too much\r\n")
    line.wait_for_end()


def test_an_answer_before_the_dot_is_the_answer(make: Make) -> None:
    with RawSmtp(refuse_early) as server:
        result = make(server.port, send_seconds=10.0).send(TO, LARGE)
        assert (result.state, result.detail) == (SendState.REFUSED, "552 too much")


@pytest.mark.parametrize("answer", [b"what?\r\n", b"354 more\r\n", b"999 odd\r\n", b""])
def test_no_answer_behind_the_dot_is_no_knowledge(make: Make, answer: bytes) -> None:
    def end(line: Line) -> None:
        line.body()
        line.say(answer)
        line.close()

    with RawSmtp(end) as server:
        courier = make(server.port)
        assert courier.send(TO, LETTER).state is SendState.UNKNOWN
        assert courier.send(TO, LETTER).state is SendState.SENT
        assert server.connections == 2


def test_dots_are_stuffed_and_the_end_is_added_once(make: Make) -> None:
    bodies: list[bytes] = []

    def keep(line: Line) -> None:
        bodies.append(line.body())
        line.say(b"250 ok\r\n")

    with RawSmtp(keep, keep) as server:
        courier = make(server.port)
        courier.send(TO, LETTER)
        courier.send(TO, b"Subject: x\r\n\r\nno line end")
    assert bodies[0] == LETTER.replace(b"\r\n.", b"\r\n..").removesuffix(b"\r\n")
    assert bodies[1] == b"Subject: x\r\n\r\nno line end"


def test_an_idle_line_is_tried_first_and_replaced_when_dead(make: Make) -> None:
    with RawSmtp(answers={"NOOP": None}) as server:
        courier = make(server.port, idle_seconds=0.05)
        assert courier.send(TO, LETTER).state is SendState.SENT
        time.sleep(0.1)
        assert courier.send(TO, LETTER).state is SendState.SENT
        assert "NOOP" in server.commands
        assert server.connections == 2


def test_a_busy_line_is_not_tried_first(make: Make) -> None:
    with RawSmtp() as server:
        courier = make(server.port)
        courier.send(TO, LETTER)
        courier.send(TO, LETTER)
        assert "NOOP" not in server.commands
        assert server.connections == 1


def test_a_letter_is_announced_with_its_size(make: Make) -> None:
    with RawSmtp(take) as server:
        make(server.port).send(TO, LETTER)
        assert f"MAIL FROM:<> SIZE={len(LETTER)}" in server.commands


def test_a_busy_greeting_defers_and_a_final_one_stops_all_letters(make: Make) -> None:
    with RawSmtp(greeting=b"421 too many connections\r\n") as busy:
        assert make(busy.port).send(TO, LETTER).state is SendState.DEFERRED
    with RawSmtp(greeting=b"554 go away\r\n") as closed, pytest.raises(PortError, match="554 go away") as fault:
        make(closed.port).send(TO, LETTER)
    assert fault.value.retry is True


@pytest.mark.parametrize(
    ("said", "readable"),
    [
        ("登录失败，请使用授权码".encode("gbk"), "登录失败，请使用授权码"),
        ("认证失败".encode(), "认证失败"),
        (b"no", "no"),
    ],
)
def test_a_refused_login_is_readable_and_the_sites_fault(make: Make, said: bytes, readable: str) -> None:
    ehlo = b"250-bare\r\n250 AUTH LOGIN PLAIN\r\n"
    answers: Answers = {"EHLO": ehlo, "AUTH": b"535 " + said + b"\r\n"}
    with RawSmtp(answers=answers) as server:
        courier = make(server.port, user="office", secret=Password(lambda: "secret-code"))
        with pytest.raises(PortError, match=readable) as fault:
            courier.send(TO, LETTER)
    assert fault.value.retry is True
    assert "secret-code" not in str(fault.value)
    assert all("MAIL" not in command for command in server.commands)


def test_a_server_that_wants_a_login_in_the_middle_is_the_sites_fault(make: Make) -> None:
    answers: Answers = {"RCPT": b"530 5.7.0 authentication required\r\n"}
    with RawSmtp(answers=answers) as server, pytest.raises(PortError, match="refuses us and not the letter"):
        make(server.port).send(TO, LETTER)


def test_a_server_without_auth_is_the_sites_fault(make: Make) -> None:
    with RawSmtp() as server, pytest.raises(PortError, match="AUTH"):
        make(server.port, user="office", secret=Password(lambda: "x")).send(TO, LETTER)


def test_a_server_without_starttls_is_never_spoken_to_in_plain(make: Make) -> None:
    with RawSmtp() as server:
        with pytest.raises(PortError, match="STARTTLS"):
            make(server.port, security="starttls").send(TO, LETTER)
        assert [command.partition(" ")[0] for command in server.commands] == ["EHLO"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_password_is_asked_for_at_every_login(make: Make) -> None:
    asked: list[str] = []

    def password() -> str:
        asked.append("x")
        return "right"

    with SmtpSink(login=("office", "right")) as server:
        courier = make(server.port, user="office", secret=Password(password))
        assert courier.send(TO, LETTER).state is SendState.SENT
        courier.close()
        assert courier.send(TO, LETTER).state is SendState.SENT
    assert len(asked) == 2


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a b@x.example",
        "a@x.example\r\nRCPT TO:<b@y.example>",
        "<a@x.example>",
        "张 b@x.example",
        "a@x.example,b@y.example",
    ],
)
def test_an_address_that_is_not_plain_never_reaches_a_server(make: Make, address: str) -> None:
    with RawSmtp() as server:
        assert make(server.port).send(address, LETTER).state is SendState.REFUSED
        assert server.connections == 0


def test_plain_text_to_another_machine_is_refused_at_once() -> None:
    with pytest.raises(PortError, match="TLS") as fault:
        SmtpSettings(host="smtp.office.example", port=25, security="plain")
    assert fault.value.retry is False


def test_check_says_what_it_met(sink: SmtpSink, make: Make) -> None:
    said = make(sink.port).check()
    assert f"127.0.0.1:{sink.port}" in said
    assert "no login" in said
    assert sink.messages == []


def test_check_says_what_is_in_the_way(make: Make) -> None:
    with RawSmtp() as server:
        port = server.port
    with pytest.raises(PortError, match=str(port)):
        make(port).check()


def test_threads_take_turns_on_one_line(sink: SmtpSink, make: Make) -> None:
    courier = make(sink.port)
    states: list[SendState] = []
    threads = [threading.Thread(target=lambda: states.append(courier.send(TO, LETTER).state)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert states == [SendState.SENT] * 12
    assert (len(sink.messages), sink.connections) == (12, 1)


def test_closing_ends_the_thread_and_says_goodbye(make: Make) -> None:
    with RawSmtp() as server:
        courier = make(server.port)
        courier.send(TO, LETTER)
        courier.close()
        courier.close()
        assert server.commands[-1] == "QUIT"
    assert "courier" not in {thread.name for thread in threading.enumerate()}


def test_the_file_courier_writes_each_letter_once_under_a_name_without_people(tmp_path: Path) -> None:
    courier = FileCourier(tmp_path / "out")
    letter = b"To: 13812345678@163.com\r\nX-Mailbot-Case: 2020-000012 2020-000013\r\n\r\nhello\r\n"
    first = courier.send("13812345678@163.com", letter)
    assert courier.send("13812345678@163.com", letter) == first
    assert first.state is SendState.SENT
    (written,) = (tmp_path / "out").iterdir()
    assert written.read_bytes() == letter
    assert written == courier.path(letter)
    assert written.name.startswith("2020-000012_2020-000013-")
    assert "138" not in written.name


def test_the_file_courier_never_overwrites_another_letter(tmp_path: Path) -> None:
    courier = FileCourier(tmp_path)
    for number in range(20):
        courier.send(TO, b"X-Mailbot-Case: 2020-000001\r\n\r\n%d\r\n" % number)
    assert len(list(tmp_path.iterdir())) == 20


@pytest.mark.parametrize("mark", ["../../etc/passwd", "", "x" * 300, "a/b\\c", "名单"])
def test_no_header_leads_out_of_the_folder(tmp_path: Path, mark: str) -> None:
    courier = FileCourier(tmp_path)
    courier.send(TO, f"X-Mailbot-Case: {mark}\r\n\r\nx\r\n".encode())
    (written,) = tmp_path.iterdir()
    assert written.suffix == ".eml"
    assert len(written.name) < 80


def test_a_folder_that_cannot_be_written_is_a_fault_that_may_pass(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", "utf-8")
    with pytest.raises(PortError) as fault:
        FileCourier(tmp_path / "out").send(TO, LETTER)
    assert fault.value.retry is True
