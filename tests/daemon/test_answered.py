"""Staff answer by hand from web mail: the case says so, and no second letter contradicts them."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from mailbot.answered import facts_of, leaves_the_house
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import Mail, MailState
from mailbot.domain.sent import SentState
from mailbot.ledger.lines import LetterLine
from mailbot.ledger.sent import ANSWERED, MAIL_ANSWERED
from mailbot.ledger.settings import Mode
from tests.daemon.site import NOW, Place, place
from tests.flow.office import roster
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.smtp_sink import SmtpSink
from tools.stories import units
from tools.stories.people import people

A, B = people(860, 2)
OFFICE = "2020gxkm@cqhrsp.com"


def by_hand(to: str, text: str = "您好，名单已收到，请电话联系我们。", *, answers: str = "", **headers: str) -> bytes:
    """A mail as a clerk writes it in the browser."""
    message = EmailMessage(policy=SMTP)
    message["From"] = OFFICE
    message["To"] = f"人事科 <{to}>"
    message["Subject"] = "回复：报名名单"
    message["Message-ID"] = "<web-1@cqhrsp.com>"
    if answers:
        message["In-Reply-To"] = answers
        message["References"] = f"<first@elsewhere.example> {answers}"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


class Office:
    """A site on Dovecot whose letters are paused: what is planned waits to be sent."""

    def __init__(self, site: Place, server: Dovecot) -> None:
        self.site, self.server = site, server
        with server.client("roster") as client:
            client.create_folder("Sent")

    def receive(self) -> tuple[str, str]:
        """A roster comes in and is decided; the case, and the mail's Message-ID."""
        draft = roster(A)
        self.site.deliver(draft)
        with self.site.daemon() as daemon:
            daemon.parts.ledger.stops.pause("张工", "等一等", NOW)
            daemon.once()
            [case] = daemon.parts.ledger.queries.cases()
        return case.id, draft.own_id()

    def answer(self, raw: bytes) -> None:
        self.server.append("roster", raw, at=NOW, folder="Sent")

    def look(self) -> tuple[list[SentState], list[LetterLine], list[str]]:
        """Another round: how the mails by hand stand, the letters, and the case's events."""
        with self.site.daemon() as daemon:
            daemon.once()
            ledger = daemon.parts.ledger
            [case] = ledger.queries.cases()
            events = [event.kind for event in ledger.queries.events_of(case_id=case.id)]
            return [one.state for one in ledger.sent.lines(9)], ledger.queries.letters_of_case(case.id), events


@pytest.fixture
def office(tmp_path: Path, template: Path, sink: SmtpSink, in_process: None) -> Iterator[Office]:
    with Dovecot("roster") as server:
        put = lambda raw, at: server.append("roster", raw, at=at)  # noqa: E731 - one line, one use
        yield Office(place(tmp_path, template, PASSWORD, sink, server.imap, "roster", put), server)


pytestmark = pytest.mark.dovecot


def resume(office: Office) -> None:
    with office.site.daemon() as daemon:
        daemon.parts.ledger.stops.resume("张工", NOW)
        daemon.once()


def test_a_letter_that_was_not_sent_waits_for_a_person_once_staff_answered(office: Office) -> None:
    case, message = office.receive()
    office.answer(by_hand(units.PRIMARY.address, answers=message))
    states, letters, events = office.look()
    assert states == [SentState.ANSWERS]
    assert [(one.state, one.draft) for one in letters] == [(EffectState.PLANNED, True)]
    assert events.count(ANSWERED) == 1
    resume(office)
    assert office.site.sink.messages == []
    with office.site.daemon() as daemon:
        [line] = daemon.parts.ledger.sent.lines(9)
        assert (line.cases, line.recipients) == ((case,), (units.PRIMARY.address,))
        assert b"<web-1@cqhrsp.com>" in daemon.parts.ledger.mails.raw(line.sha256)
        assert [one.state for one in daemon.parts.ledger.queries.mails()] == [MailState.DONE], "it opens no case"


def test_the_case_number_to_its_own_sender_is_an_answer_too(office: Office) -> None:
    case, _ = office.receive()
    office.answer(by_hand(units.PRIMARY.address, f"贵单位 {case} 已由我处办理。"))
    assert office.look()[0] == [SentState.ANSWERS]


@pytest.mark.parametrize(
    ("to", "text"),
    [("hr@stranger.example", "关于 2020-000001"), (units.PRIMARY.address, "关于培训班的通知")],
)
def test_what_answers_nothing_holds_nothing(office: Office, to: str, text: str) -> None:
    office.receive()
    office.answer(by_hand(to, text))
    states, letters, events = office.look()
    assert states == [SentState.OTHER]
    assert [one.draft for one in letters] == [False]
    assert ANSWERED not in events
    resume(office)
    assert office.site.recipients == [units.PRIMARY.address]


def test_a_mail_passed_on_to_colleagues_answers_nobody(office: Office) -> None:
    _, message = office.receive()
    office.answer(by_hand("gxkm-staff@cqhrsp.com", answers=message))
    assert office.look()[0] == [SentState.OTHER]


def test_our_own_letter_under_another_message_id_is_no_answer_by_hand(office: Office) -> None:
    case, message = office.receive()
    office.answer(by_hand(units.PRIMARY.address, f"{case}", answers=message, X_Mailbot_Case=case))
    assert office.look()[0] == [SentState.OTHER]


def test_an_answer_seen_before_its_mail_was_read_is_matched_afterwards(office: Office) -> None:
    draft = roster(B)
    office.answer(by_hand(units.PRIMARY.address, answers=draft.own_id()))
    with office.site.daemon() as daemon:
        daemon.once()
        assert [one.state for one in daemon.parts.ledger.sent.lines(9)] == [SentState.OTHER]
        daemon.parts.ledger.switches.set_mode(Mode.LIVE, "张工", NOW)
        daemon.parts.ledger.stops.pause("张工", "等一等", NOW)
        office.site.deliver(draft)
        daemon.once()
        daemon.look_again()
        daemon.look_again()
        [case] = daemon.parts.ledger.queries.cases()
        events = [event.kind for event in daemon.parts.ledger.queries.events_of(case_id=case.id)]
        assert events.count(ANSWERED) == 1
        assert [one.draft for one in daemon.parts.ledger.queries.letters_of_case(case.id)] == [True]
        [mail] = daemon.parts.ledger.queries.mails()
        assert MAIL_ANSWERED in [event.kind for event in daemon.parts.ledger.queries.events_of(mail_id=mail.id)]


def test_what_is_planned_later_about_such_a_case_waits_too(office: Office) -> None:
    """The same roster again: its answer would contradict what staff wrote."""
    _, message = office.receive()
    office.answer(by_hand(units.PRIMARY.address, answers=message))
    office.look()
    office.site.deliver(roster(A, at="2020-09-16 09:30", subject="再发一次"))
    with office.site.daemon() as daemon:
        daemon.parts.ledger.stops.resume("张工", NOW)
        daemon.once()
    assert office.site.sink.messages == []


@pytest.mark.parametrize(
    ("to", "leaves"),
    [
        (("staff@cqhrsp.com",), False),
        (("staff@CQHRSP.com", "a@unit.example"), True),
        ((), False),
    ],
)
def test_whether_somebody_outside_gets_it(to: tuple[str, ...], leaves: bool) -> None:
    facts = facts_of(Mail(to=to), "2020")
    assert leaves_the_house(facts, {OFFICE}) is leaves


def test_facts_are_read_from_all_recipients_headers_and_words() -> None:
    mail = Mail(
        subject="回复：2020-000007",
        to=("王芳 <HR@Unit.example>, b@unit.example",),
        cc=("c@unit.example", "无地址"),
        in_reply_to=("<a@x>",),
        references=("<b@x>", "<a@x>"),
        text="另见 2020-000009。",
    )
    facts = facts_of(mail, "2020")
    assert facts.recipients == ("hr@unit.example", "b@unit.example", "c@unit.example")
    assert facts.replies == ("<a@x>", "<b@x>")
    assert facts.numbers == ("2020-000007", "2020-000009")
