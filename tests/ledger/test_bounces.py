"""Letters that came back: traced to the very letter, kept once, and shown until a letter goes out again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailbot.domain.bounces import Returned
from mailbot.domain.effects import LetterKind, PlannedLetter
from mailbot.domain.mail import Fate, MailState, Notice
from mailbot.domain.outcome import CaseResult, MailResult
from mailbot.domain.ports import SendResult, SendState
from mailbot.ledger.bounces import LATEST, RETURNED, SHOWN_FOR, UNREACHED
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import MINUTE, NOW, S, case, claimed, composed, deliver, finished

TO = "hr@unit.example"
LATER = NOW + timedelta(hours=1)
HEADER = {"unit": "某某公司", "contact": "李工", "contact_phone": "023-61234567", "order_no": "D20200701"}


def known(case_id: str = "2020-000001", state: S = S.HELD) -> CaseResult:
    return replace(case(case_id, [state]), header=HEADER)


def sent(ledger: Ledger, now: datetime = NOW, state: SendState = SendState.SENT) -> str:
    """Send the letter that is due; its Message-ID."""
    job = ledger.steps.due_letter(now)
    assert job is not None
    ledger.steps.store_letter(job.key, composed(), now)
    assert ledger.steps.start_sending(job.key, now)
    ledger.steps.conclude_letter(job.key, SendResult(state, "550 5.1.1 user unknown"), now)
    return job.message_id


def written(ledger: Ledger, uid: int = 1, case_id: str = "2020-000001", state: S = S.HELD) -> str:
    """A case with one letter that left; its Message-ID."""
    finished(ledger, known(case_id, state), uid=uid, kind=LetterKind.RECEIPT)
    deliver(ledger)
    return sent(ledger)


def notice(*ids: str, to: str = TO, envelope: str | None = None) -> Notice:
    return Notice(fate=Fate.FAILED, recipients=(to,), returned=ids, envelope=envelope, status="5.1.1", said="no user")


def taken_in(ledger: Ledger, returned: Returned | None, uid: int = 90) -> int:
    """A notice that came in and was filed; the number of its mail."""
    mail = claimed(ledger, uid, "mailer-daemon@mx.example")
    result = MailResult(mail.id, MailState.IGNORED, LATER, None, None, "退信", marks=("bounce",), returned=returned)
    ledger.cases.finish(mail, result)
    return mail.id


def test_the_message_id_names_the_very_letter(ledger: Ledger) -> None:
    message_id = written(ledger)
    traced = ledger.cases.trace(notice("<other@x.cn>", message_id, to="forwarded@elsewhere.example"), LATER)
    assert not traced.forged
    assert traced.letter == Returned("mail:1:1", TO, ("2020-000001",), sure=True, status="5.1.1", said="no user")


def test_an_id_in_our_name_that_we_never_gave_is_forged(ledger: Ledger) -> None:
    message_id = written(ledger)
    token, _, rest = message_id[1:].partition(".")
    swapped = "0" if token[0] != "0" else "1"
    traced = ledger.cases.trace(notice(f"<{swapped}{token[1:]}.{rest}"), LATER)
    assert (traced.letter, traced.forged) == (None, True)


def test_the_id_of_another_mail_is_not_guessed_at(ledger: Ledger) -> None:
    """Backscatter: somebody else's mail came back to us, about an address that we wrote to as well."""
    written(ledger)
    traced = ledger.cases.trace(notice("<spam@elsewhere.example>"), LATER)
    assert (traced.letter, traced.forged) == (None, False)


def test_without_an_id_it_is_the_newest_letter_to_the_address(ledger: Ledger) -> None:
    written(ledger)
    written(ledger, 2, "2020-000002")
    traced = ledger.cases.trace(notice(to="HR@Unit.Example"), LATER)
    assert traced.letter is not None
    assert (traced.letter.letter, traced.letter.sure) == ("mail:2:1", False)


@pytest.mark.parametrize("at", [NOW - MINUTE, NOW + LATEST + MINUTE])
def test_no_letter_is_guessed_that_left_later_or_long_ago(ledger: Ledger, at: datetime) -> None:
    written(ledger)
    assert ledger.cases.trace(notice(), at).letter is None


def test_the_mark_of_the_envelope_counts_only_with_its_address(ledger: Ledger) -> None:
    written(ledger)
    written(ledger, 2, "2020-000002")
    traced = ledger.cases.trace(notice(envelope="mail:1:1"), LATER)
    assert traced.letter is not None
    assert (traced.letter.letter, traced.letter.sure) == ("mail:1:1", False)
    assert ledger.cases.trace(notice(to="somebody@else.example", envelope="mail:1:1"), LATER).letter is None


def test_nothing_of_ours_is_nothing(ledger: Ledger) -> None:
    assert ledger.cases.trace(notice(), LATER).letter is None
    assert ledger.cases.trace(Notice(fate=Fate.FAILED), LATER).letter is None


def test_a_returned_letter_is_told_on_its_case_with_the_telephone(ledger: Ledger) -> None:
    message_id = written(ledger)
    assert ledger.reach.unreached(LATER) == []
    mail_id = taken_in(ledger, ledger.cases.trace(notice(message_id), LATER).letter)
    [lost] = ledger.reach.unreached(LATER)
    assert (lost.case_id, lost.letter, lost.to, lost.sure) == ("2020-000001", "mail:1:1", TO, True)
    assert (lost.unit, lost.contact, lost.phone) == ("某某公司", "李工", "023-61234567")
    assert lost.why == "收件地址不存在或已停用"
    assert ledger.reach.of_case("2020-000001") == lost
    [event] = [one for one in ledger.queries.events_of(case_id="2020-000001") if one.kind == UNREACHED]
    assert (event.about, event.at) == ("mail:1:1", LATER)
    assert [one.about for one in ledger.queries.events_of(mail_id=mail_id) if one.kind == RETURNED] == ["mail:1:1"]
    assert ledger.audit.verify().broken is None


def test_a_notice_changes_no_state_and_opens_no_case(ledger: Ledger) -> None:
    message_id = written(ledger)
    before = ledger.cases.load_case("2020-000001")
    mail_id = taken_in(ledger, ledger.cases.trace(notice(message_id), LATER).letter)
    after = ledger.cases.load_case("2020-000001")
    assert after == before
    assert ledger.queries.mail(mail_id).cases == ()
    assert len(ledger.queries.cases()) == 1


def test_two_notices_about_one_letter_are_one_line(ledger: Ledger) -> None:
    message_id = written(ledger)
    letter = ledger.cases.trace(notice(message_id), LATER).letter
    taken_in(ledger, letter)
    taken_in(ledger, letter, uid=91)
    assert len(ledger.reach.unreached(LATER)) == 1


def test_the_next_letter_ends_it(ledger: Ledger) -> None:
    message_id = written(ledger)
    taken_in(ledger, ledger.cases.trace(notice(message_id), LATER).letter)
    follow = claimed(ledger, 5)
    stored = ledger.cases.load_case("2020-000001")
    again = replace(stored.result, effects=(), claims=(), version=2, fingerprint="other")
    ledger.cases.finish(follow, _answered(follow.id, again))
    sent(ledger, LATER + MINUTE)
    assert ledger.reach.unreached(LATER + MINUTE) == []
    assert ledger.reach.of_case("2020-000001") is None


def _answered(mail_id: int, result: CaseResult) -> MailResult:
    letter = PlannedLetter(f"mail:{mail_id}:1", TO, LetterKind.RECEIPT, (result.case_id,), mail_id=mail_id)
    ended = MailResult(mail_id, MailState.DONE, LATER, "<again@unit.example>", TO, "再发", cases=(result,))
    return replace(ended, letters=(letter,))


def test_a_letter_that_was_refused_is_one_that_reaches_nobody(ledger: Ledger) -> None:
    finished(ledger, known(), kind=LetterKind.RECEIPT)
    deliver(ledger)
    sent(ledger, state=SendState.REFUSED)
    [lost] = ledger.reach.unreached(LATER)
    assert (lost.to, lost.why, lost.sure) == (TO, "收件地址不存在或已停用", True)


def test_a_case_that_has_ended_is_shown_for_some_days(ledger: Ledger) -> None:
    message_id = written(ledger, state=S.CLOSED)
    taken_in(ledger, ledger.cases.trace(notice(message_id), LATER).letter)
    assert [one.case_id for one in ledger.reach.unreached(LATER + SHOWN_FOR - MINUTE)] == ["2020-000001"]
    assert ledger.reach.unreached(LATER + SHOWN_FOR + MINUTE) == []
    assert ledger.reach.of_case("2020-000001") is not None
