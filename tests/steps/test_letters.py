"""At most one letter a mail and pass, to the one plain address that wrote, and of the right kind."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from mailbot.domain.effects import LetterKind
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.kinds import SenderView
from mailbot.domain.outcome import CaseResult
from mailbot.domain.states import ItemState
from mailbot.steps.judge import judge
from mailbot.steps.letters import again, answer, received
from tests.steps.fakes import FRAME, UNVERIFIED, VERIFIED, Kind, Line, Rules, base, finding, sheet, situation, stored

OK: tuple[Finding, ...] = ()
ASK = (finding(Severity.ASK),)
HOLD = (finding(Severity.HOLD),)
AMBIGUOUS = SenderView(None, verified=False, ambiguous=True, lookalike=False)
NAMELESS = replace(AMBIGUOUS, ambiguous=False)
DOUBTFUL = replace(VERIFIED, ambiguous=True)


def case(*rows: tuple[Finding, ...], number: int = 1, case: tuple[Finding, ...] = ()) -> CaseResult:
    record = sheet(*(Line(f"人{number}{n}", phone=f"{number}{n}") for n in range(len(rows))))
    return judge(
        Kind(), record, situation(), Rules(dict(enumerate((case, *rows)))), replace(FRAME, case_id=str(number))
    )


@pytest.mark.parametrize(
    ("rows", "asynchronous", "kind"),
    [
        ([OK, OK], False, LetterKind.RESULT),
        ([OK, OK], True, LetterKind.RECEIPT),
        ([OK, ASK], False, LetterKind.RESULT),
        ([OK, ASK], True, LetterKind.RESULT),
        ([OK, HOLD], False, LetterKind.RECEIPT),
        ([HOLD, HOLD], True, LetterKind.RECEIPT),
        ([HOLD, ASK], False, LetterKind.RESULT),
        ([ASK], True, LetterKind.RESULT),
    ],
)
def test_a_receipt_only_where_the_sender_has_nothing_to_do_but_wait(
    rows: list[tuple[Finding, ...]], asynchronous: bool, kind: LetterKind
) -> None:
    [letter] = answer(stored(), VERIFIED, [case(*rows)], asynchronous=asynchronous, bound=False)
    assert letter.kind is kind


def test_one_letter_tells_of_all_cases_behind_all_their_effects() -> None:
    cases = [case(OK, OK), case(OK, number=2), case(HOLD, number=3)]
    [letter] = answer(stored(), VERIFIED, cases, asynchronous=False, bound=True)
    assert letter.case_ids == ("1", "2", "3")
    assert letter.follows == tuple(effect.key for one in cases for effect in one.effects)
    assert len(letter.follows) == 3
    assert (letter.key, letter.to, letter.mail_id) == ("mail:7:1", "hr@unit.example", 7)


def test_an_effect_that_two_cases_share_is_followed_once() -> None:
    one = case(OK)
    [letter] = answer(stored(), VERIFIED, [one, replace(one, case_id="2")], asynchronous=False, bound=False)
    assert len(letter.follows) == 1


def test_detail_is_for_a_verified_sender_and_more_for_a_bound_one() -> None:
    for sender, bound in product((VERIFIED, UNVERIFIED, replace(VERIFIED, verified=None)), (True, False)):
        [letter] = answer(stored(), sender, [case(OK)], asynchronous=False, bound=bound)
        assert letter.trusted is (sender is VERIFIED)
        assert letter.bound is bound


@pytest.mark.parametrize("sender", [AMBIGUOUS, NAMELESS, DOUBTFUL])
def test_without_one_plain_address_there_is_no_letter(sender: SenderView) -> None:
    assert answer(stored(), sender, [case(OK)], asynchronous=False, bound=False) == ()
    assert again(stored(), sender, ("1",)) == ()


def test_without_a_case_there_is_no_letter() -> None:
    assert answer(stored(), VERIFIED, [], asynchronous=False, bound=False) == ()


def test_what_was_received_before_is_answered_without_detail() -> None:
    [letter] = again(stored(9), VERIFIED, ("1", "2"))
    assert (letter.key, letter.kind, letter.case_ids) == ("mail:9:1", LetterKind.ANSWER, ("1", "2"))
    assert (letter.follows, letter.trusted, letter.bound) == ((), False, False)


def test_the_cases_own_matter_counts_as_waiting() -> None:
    held = case(OK, case=(finding(Severity.HOLD, Stops.NONE),))
    assert ItemState.APPROVED in {item.state for item in held.items}
    [letter] = answer(stored(), VERIFIED, [held], asynchronous=False, bound=False)
    assert letter.kind is LetterKind.RECEIPT


def test_what_waits_for_a_person_is_acknowledged_once_and_capped() -> None:
    result = received(base(), stored(), VERIFIED)
    [letter] = result.letters
    assert (letter.key, letter.to, letter.kind) == ("mail:7:1", "hr@unit.example", LetterKind.ANSWER)
    assert (letter.case_ids, letter.follows, letter.trusted, letter.bound) == ((), (), False, False)
    assert replace(result, letters=()) == base()


@pytest.mark.parametrize(
    "sender",
    [UNVERIFIED, AMBIGUOUS, NAMELESS, DOUBTFUL, replace(VERIFIED, verified=None), replace(VERIFIED, lookalike=True)],
)
def test_nothing_is_acknowledged_to_an_address_that_proves_nothing(sender: SenderView) -> None:
    assert received(base(), stored(), sender) == base()
