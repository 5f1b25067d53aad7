"""Letters on their way: rendered once, sent as stored, and never a second one for the same thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.domain.effects import EffectState, LetterKind, PlannedLetter
from mailbot.domain.ports import EffectEnd, SendResult, SendState
from mailbot.ledger.boot import same_boot
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.outbox import message_id
from mailbot.ledger.settings import Mode
from tests.ledger.world import (
    HASHER,
    MINUTE,
    NOW,
    S,
    case,
    claimed,
    composed,
    deliver,
    finished,
    result,
    send,
)

E = EffectState
WAITS = (1, 5, 15, 60, 240)


def line_of(ledger: Ledger, key: str = "mail:1:1") -> tuple[EffectState, int]:
    [line] = [line for line in ledger.queries.letters(list(E)) if line.key == key]
    return line.state, line.attempts


def plain(ledger: Ledger, uid: int = 1, kind: LetterKind = LetterKind.RESULT, to: str = "hr@unit.example") -> str:
    """A mail with a letter that follows nothing; the letter's key."""
    mail = claimed(ledger, uid)
    key = f"mail:{mail.id}:1"
    told = PlannedLetter(key, to, kind, (), (), mail.id)
    ledger.cases.finish(mail, replace(result(mail, kind=None), letters=(told,)))
    return key


def attempt(ledger: Ledger, key: str, state: SendState, now: datetime = NOW) -> None:
    """One attempt at the due letter, which must be this one."""
    assert send(ledger, now, state) == key


@pytest.mark.parametrize("state", [E.PLANNED, E.DOING])
def test_a_letter_waits_for_what_it_tells_of(ledger: Ledger, state: EffectState) -> None:
    finished(ledger, case(states=[S.APPROVED, S.APPROVED]))
    jobs = ledger.steps.claim_effects(9, NOW)
    first = [EffectEnd(jobs[0].key, E.DONE)]
    if state is E.PLANNED:
        first.append(EffectEnd(jobs[1].key, E.PLANNED, "later", NOW + MINUTE))
    ledger.steps.conclude(first, NOW)
    assert ledger.steps.due_letter(NOW + MINUTE) is None


@pytest.mark.parametrize("state", [E.DONE, E.ALREADY, E.PENDING, E.CONFLICT, E.REJECTED, E.UNCERTAIN])
def test_a_letter_is_due_once_all_is_settled_or_pending(ledger: Ledger, state: EffectState) -> None:
    finished(ledger, case())
    deliver(ledger, state)
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert (job.key, job.attempts, job.raw) == ("mail:1:1", 0, None)


def test_a_letter_is_rendered_once_and_sent_as_it_was_stored(ledger: Ledger) -> None:
    key = plain(ledger)
    ledger.steps.store_letter(key, composed("first"), NOW)
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert job.raw == composed("first").raw
    with pytest.raises(ValueError, match="not waiting to be rendered"):
        ledger.steps.store_letter(key, composed("second"), NOW)
    [line] = ledger.queries.letters_of_mail(1)
    assert ledger.cases.raw(line.sha256 or "") == composed("first").raw
    assert (line.template, line.subject) == ("roster/accept", "回复：报名")


def test_a_letter_without_bytes_cannot_be_sent(ledger: Ledger) -> None:
    key = plain(ledger)
    assert ledger.steps.start_sending(key, NOW) is False
    assert line_of(ledger, key) == (E.PLANNED, 0)


def test_the_message_id_is_ours_signed_and_stable(ledger: Ledger) -> None:
    key = plain(ledger)
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert job.message_id == message_id(HASHER, "example.org", key)
    token, _, name = job.message_id.strip("<>").partition("@")[0].partition(".")
    assert token == HASHER.token(name)
    assert job.message_id.endswith("@example.org>")
    attempt(ledger, key, SendState.DEFERRED)
    again = ledger.steps.due_letter(NOW + MINUTE)
    assert again is not None
    assert (again.message_id, again.attempts) == (job.message_id, 1)


def test_only_one_takes_the_intent(ledger: Ledger) -> None:
    key = plain(ledger)
    ledger.steps.store_letter(key, composed(), NOW)
    assert ledger.steps.start_sending(key, NOW) is True
    assert ledger.steps.start_sending(key, NOW) is False
    assert ledger.steps.due_letter(NOW) is None
    assert line_of(ledger, key) == (E.DOING, 1)


def test_a_sent_letter_is_never_due_again(ledger: Ledger) -> None:
    key = plain(ledger)
    attempt(ledger, key, SendState.SENT)
    assert line_of(ledger, key) == (E.DONE, 1)
    ledger.steps.recover(NOW)
    assert ledger.steps.due_letter(NOW + timedelta(days=99)) is None
    with pytest.raises(ValueError, match="not being sent"):
        ledger.steps.conclude_letter(key, SendResult(SendState.SENT), NOW)


def test_deferred_letters_wait_longer_each_time_and_then_stay_with_staff(ledger: Ledger) -> None:
    key, now = plain(ledger), NOW
    for minutes in WAITS:
        attempt(ledger, key, SendState.DEFERRED, now)
        assert ledger.steps.due_letter(now + minutes * MINUTE - timedelta(seconds=1)) is None
        now += minutes * MINUTE
    attempt(ledger, key, SendState.DEFERRED, now)
    assert line_of(ledger, key) == (E.UNCERTAIN, 6)
    assert ledger.steps.due_letter(now + timedelta(days=30)) is None
    last = ledger.queries.events_of(mail_id=1)[-1]
    assert (last.kind, (last.detail or {})["for_staff"]) == ("letter.deferred", True)


def test_a_refused_letter_is_a_matter_for_staff(ledger: Ledger) -> None:
    key = plain(ledger)
    attempt(ledger, key, SendState.REFUSED)
    assert line_of(ledger, key) == (E.REJECTED, 1)
    assert ledger.steps.due_letter(NOW + timedelta(days=1)) is None
    last = ledger.queries.events_of(mail_id=1)[-1]
    assert (last.kind, (last.detail or {})["for_staff"]) == ("letter.refused", True)


def test_an_unknown_end_is_tried_exactly_once_more_with_the_same_bytes(ledger: Ledger) -> None:
    key = plain(ledger)
    attempt(ledger, key, SendState.UNKNOWN)
    assert line_of(ledger, key) == (E.UNCERTAIN, 1)
    assert ledger.steps.due_letter(NOW + 9 * MINUTE) is None
    job = ledger.steps.due_letter(NOW + 10 * MINUTE)
    assert job is not None
    assert job.raw == composed(key).raw
    attempt(ledger, key, SendState.UNKNOWN, NOW + 10 * MINUTE)
    assert line_of(ledger, key) == (E.UNCERTAIN, 2)
    assert ledger.steps.due_letter(NOW + timedelta(days=30)) is None


def test_the_second_attempt_after_an_unknown_end_may_end_well(ledger: Ledger) -> None:
    key = plain(ledger)
    attempt(ledger, key, SendState.UNKNOWN)
    attempt(ledger, key, SendState.SENT, NOW + 10 * MINUTE)
    assert line_of(ledger, key) == (E.DONE, 2)


def test_a_crash_behind_the_dot_is_an_unknown_end(ledger: Ledger) -> None:
    key = plain(ledger)
    ledger.steps.store_letter(key, composed(), NOW)
    assert ledger.steps.start_sending(key, NOW)
    ledger.steps.handing_over(key, NOW)
    ledger.steps.recover(NOW + MINUTE)
    assert line_of(ledger, key) == (E.UNCERTAIN, 1)
    assert ledger.steps.due_letter(NOW + 10 * MINUTE) is None
    job = ledger.steps.due_letter(NOW + 11 * MINUTE)
    assert job is not None
    assert job.unknown_since == NOW
    assert ledger.steps.start_sending(key, NOW + 11 * MINUTE)
    ledger.steps.handing_over(key, NOW + 11 * MINUTE)
    ledger.steps.recover(NOW + 12 * MINUTE)
    assert ledger.steps.due_letter(NOW + timedelta(days=1)) is None


def test_a_crash_before_the_dot_is_no_unknown_end_and_the_letter_goes_at_once(ledger: Ledger) -> None:
    ledger.steps.recover(NOW)
    key = plain(ledger)
    ledger.steps.store_letter(key, composed(), NOW)
    assert ledger.steps.start_sending(key, NOW)
    ledger.steps.recover(NOW + MINUTE)
    assert line_of(ledger, key) == (E.PLANNED, 1)
    job = ledger.steps.due_letter(NOW + MINUTE)
    assert job is not None
    assert job.unknown_since is None
    attempt(ledger, key, SendState.SENT, NOW + MINUTE)
    assert line_of(ledger, key) == (E.DONE, 2)


def test_a_letter_that_kills_its_sender_each_time_stays_with_staff(ledger: Ledger) -> None:
    ledger.steps.recover(NOW)
    key = plain(ledger)
    ledger.steps.store_letter(key, composed(), NOW)
    for _ in range(6):
        assert ledger.steps.start_sending(key, NOW)
        ledger.steps.recover(NOW)
    assert line_of(ledger, key) == (E.UNCERTAIN, 6)
    assert ledger.steps.start_sending(key, NOW) is False


def test_where_the_machine_went_down_nobody_knows_of_any_dot(ledger: Ledger, tmp_path: Path) -> None:
    """What was noted without a sync is gone with the machine: its absence tells nothing then."""
    ledger.steps.recover(NOW)
    key = plain(ledger)
    ledger.steps.store_letter(key, composed(), NOW)
    assert ledger.steps.start_sending(key, NOW)
    with ledger.db.write("x") as unit:
        assert same_boot(unit, NOW) is True
        assert same_boot(unit, NOW, _boot(tmp_path, "another")) is False
    ledger.steps.recover(NOW + MINUTE)
    assert line_of(ledger, key) == (E.UNCERTAIN, 1)
    job = ledger.steps.due_letter(NOW + 11 * MINUTE)
    assert job is not None
    assert job.unknown_since == NOW


def _boot(folder: Path, text: str) -> Path:
    (folder / "boot_id").write_text(f"{text}\n", "ascii")
    return folder / "boot_id"


def test_a_kernel_that_does_not_say_is_never_the_same(ledger: Ledger, tmp_path: Path) -> None:
    for boot in (tmp_path / "missing", _boot(tmp_path, ""), _boot(tmp_path, " ")):
        with ledger.db.write("x") as unit:
            assert [same_boot(unit, NOW, boot) for _ in range(2)] == [False, False]


def test_a_second_attempt_forgets_the_first_ones_dot(ledger: Ledger) -> None:
    ledger.steps.recover(NOW)
    key = plain(ledger)
    ledger.steps.store_letter(key, composed(), NOW)
    assert ledger.steps.start_sending(key, NOW)
    ledger.steps.handing_over(key, NOW)
    ledger.steps.conclude_letter(key, SendResult(SendState.DEFERRED, "451 later"), NOW)
    assert ledger.steps.start_sending(key, NOW + MINUTE)
    ledger.steps.recover(NOW + MINUTE)
    assert line_of(ledger, key) == (E.PLANNED, 2)


def test_only_a_letter_that_is_being_sent_comes_to_its_dot(ledger: Ledger) -> None:
    key = plain(ledger)
    with pytest.raises(ValueError, match="not being sent"):
        ledger.steps.handing_over(key, NOW)


def test_the_second_sending_is_a_line_for_staff(ledger: Ledger) -> None:
    key = plain(ledger)
    attempt(ledger, key, SendState.UNKNOWN)
    assert (ledger.queries.events_of(mail_id=1)[-1].detail or {})["for_staff"] is False
    attempt(ledger, key, SendState.SENT, NOW + 10 * MINUTE)
    last = ledger.queries.events_of(mail_id=1)[-1].detail or {}
    assert (last["for_staff"], last["again"]) == (True, 1)


def test_a_crash_before_the_intent_loses_nothing(ledger: Ledger) -> None:
    key = plain(ledger)
    ledger.steps.store_letter(key, composed(), NOW)
    ledger.steps.recover(NOW)
    attempt(ledger, key, SendState.SENT)
    assert line_of(ledger, key) == (E.DONE, 1)


def test_an_unwritable_letter_stays_with_staff_and_lets_others_pass(ledger: Ledger) -> None:
    first, second = plain(ledger, 1), plain(ledger, 2)
    ledger.steps.conclude([EffectEnd(first, E.UNCERTAIN, "template misses a word")], NOW)
    assert line_of(ledger, first) == (E.UNCERTAIN, 0)
    attempt(ledger, second, SendState.SENT)
    assert ledger.steps.due_letter(NOW + timedelta(days=9)) is None


def test_a_letter_whose_bytes_are_gone_stays_with_staff_and_lets_others_pass(ledger: Ledger) -> None:
    first, second = plain(ledger, 1), plain(ledger, 2)
    ledger.steps.store_letter(first, composed(first), NOW)
    [line] = ledger.queries.letters_of_mail(1)
    ledger.db.blobs.path(line.sha256 or "").unlink()
    attempt(ledger, second, SendState.SENT)
    assert line_of(ledger, first) == (E.UNCERTAIN, 0)


def test_nobody_sends_a_draft(ledger: Ledger) -> None:
    ledger.switches.set_mode(Mode.DRAFTS, "张工", NOW)
    key = plain(ledger)
    ledger.steps.store_letter(key, composed(), NOW)
    assert ledger.steps.due_letter(NOW) is None
    assert ledger.steps.start_sending(key, NOW) is False
    assert ledger.drafts.release([key], "张工", NOW) == 1
    attempt(ledger, key, SendState.SENT)


def test_an_unknown_letter_is_told(ledger: Ledger) -> None:
    with pytest.raises(LookupError):
        ledger.steps.conclude_letter("nobody", SendResult(SendState.SENT), NOW)
    with pytest.raises(LookupError):
        ledger.steps.letter_view("nobody", NOW)
