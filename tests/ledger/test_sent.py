"""What staff wrote by hand: kept once, matched by what it answers, and never a mail that came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.domain.effects import EffectState
from mailbot.domain.ports import Cursor, NewMail
from mailbot.domain.sent import SentFacts, SentState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.sent import ANSWERED, MAIL_ANSWERED, Answers
from tests.ledger.world import NOW, S, case, finished, new_mail

NOTHING = SentFacts(None, (), (), ())


def by_hand(uid: int, mailbox: str = "Sent") -> NewMail:
    mail = new_mail(uid)
    return replace(mail, arrival=replace(mail.arrival, mailbox=mailbox))


def kept(ledger: Ledger, *uids: int) -> None:
    ledger.sent.keep([by_hand(uid) for uid in uids], Cursor(7, max(uids)))


def states(ledger: Ledger) -> list[SentState]:
    return [line.state for line in ledger.sent.lines(99)]


def test_mails_and_cursor_stand_together_and_open_no_work(ledger: Ledger) -> None:
    assert ledger.sent.keep([by_hand(3), by_hand(4)], Cursor(7, 9)) == 2
    assert ledger.sent.cursor("roster", "Sent") == Cursor(7, 9)
    assert ledger.queries.mails() == []
    assert ledger.steps.claim_mail(NOW) is None
    assert ledger.mails.raw(ledger.sent.lines(1)[0].sha256) == by_hand(4).raw


def test_the_same_uid_or_the_same_bytes_are_kept_once(ledger: Ledger) -> None:
    kept(ledger, 3)
    again = by_hand(3)
    under_another = replace(again, arrival=replace(again.arrival, uidvalidity=8, uid=77))
    other_bytes = replace(again, raw=b"other")
    assert ledger.sent.keep([again, under_another, other_bytes], Cursor(8, 77)) == 0
    other_account = replace(again, arrival=replace(again.arrival, account="proof"))
    assert ledger.sent.keep([other_account], Cursor(7, 3)) == 1


def test_each_is_claimed_in_turn_and_one_that_breaks_the_reader_is_left(ledger: Ledger) -> None:
    kept(ledger, 1, 2)
    first = [ledger.sent.claim(NOW) for _ in range(3)]
    assert [one and one.arrival.uid for one in first] == [1, 1, 1]
    second = ledger.sent.claim(NOW)
    assert second is not None
    assert (second.arrival.uid, second.attempts) == (2, 0)
    assert states(ledger) == [SentState.STORED, SentState.UNREADABLE]
    ledger.sent.unreadable(second, "kaputt\x00", NOW)
    assert ledger.sent.claim(NOW) is None
    assert states(ledger) == [SentState.UNREADABLE] * 2


def test_it_answers_by_the_mail_the_letter_or_the_number_to_its_own_sender(ledger: Ledger) -> None:
    mail = finished(ledger, case(states=[S.HELD]))
    [letter] = ledger.queries.letters_of_case("2020-000001")
    both = Answers(("2020-000001",), (mail.id,))
    assert ledger.sent.answered(replace(NOTHING, replies=("<x@y>", f"<m{mail.id}@unit.example>"))) == both
    assert ledger.sent.answered(replace(NOTHING, replies=(letter.message_id,))) == Answers(("2020-000001",))
    numbered = replace(NOTHING, numbers=("2020-000001", "2020-000099"))
    assert ledger.sent.answered(replace(numbered, recipients=("hr@unit.example",))) == Answers(("2020-000001",))
    assert not ledger.sent.answered(replace(numbered, recipients=("hr@other.example",))).found
    assert not ledger.sent.answered(NOTHING).found


def test_what_it_answers_is_noted_and_letters_without_a_case_wait(ledger: Ledger) -> None:
    mail = finished(ledger, case(states=[S.HELD]))
    kept(ledger, 9)
    sent = ledger.sent.claim(NOW)
    assert sent is not None
    facts = SentFacts("<web@cqhrsp.com>", ("<x\ud800@y>",), ("hr@unit.example",), ("2020-000001",))
    assert ledger.sent.settle(sent, facts, Answers(("2020-000001",), (mail.id,)), NOW) == 1
    [line] = ledger.sent.lines(9)
    assert (line.state, line.cases, line.recipients) == (SentState.ANSWERS, ("2020-000001",), ("hr@unit.example",))
    [event] = [one for one in ledger.queries.events_of(case_id="2020-000001") if one.kind == ANSWERED]
    assert event.about == sent.sha256
    assert MAIL_ANSWERED in [one.kind for one in ledger.queries.events_of(mail_id=mail.id)]
    [letter] = ledger.queries.letters_of_case("2020-000001")
    assert (letter.state, letter.draft) == (EffectState.PLANNED, True)


@pytest.mark.parametrize("age", [timedelta(days=6), timedelta(days=8)])
def test_what_answered_nothing_is_compared_again_for_a_week(ledger: Ledger, age: timedelta) -> None:
    kept(ledger, 9)
    sent = ledger.sent.claim(NOW)
    assert sent is not None
    facts = SentFacts("<w@x>", ("<later@unit.example>",), ("a@b.cn",), ("2020-000001",))
    ledger.sent.settle(sent, facts, Answers(), NOW)
    found = ledger.sent.unmatched(NOW + age - timedelta(days=7))
    assert found == ([(replace(sent, attempts=1), facts)] if age < timedelta(days=7) else [])


def test_our_own_letters_are_known_by_their_message_id(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]))
    [letter] = ledger.queries.letters_of_case("2020-000001")
    assert ledger.sent.ours({letter.message_id, "<web@cqhrsp.com>"}) == {letter.message_id}
    assert ledger.sent.ours(set()) == set()
