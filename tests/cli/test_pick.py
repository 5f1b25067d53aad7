"""From options to items: what is named, what fits a verdict, what may be waived; and words for every state."""

from __future__ import annotations

import pytest
import typer

from mailbot.cli.pick import Picked, numbers_of, one_verdict, waivers_of
from mailbot.cli.words import EFFECTS, LETTERS, MAILS, MODES, STATES, VERBS, VERDICTS
from mailbot.desk import Refused
from mailbot.domain.decisions import VERDICT_STATE, Outcome, RowStatus, Verdict
from mailbot.domain.effects import EffectState, Verb
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import CaseResult, ItemResult
from mailbot.domain.states import MOVES, ItemState
from mailbot.ledger.settings import Mode

S = ItemState


def item(
    number: int, state: ItemState, *codes: str, row: int = 0, sheet: str = "名单", proposed: bool = False
) -> ItemResult:
    findings = tuple(Finding(code, Severity.HOLD, "x") for code in codes)
    place = {"row": row or number + 5, "sheet": sheet}
    return ItemResult(number, "row", None, place, {}, RowStatus.OK, state, findings, proposed)


def case(*items: ItemResult, codes: tuple[str, ...] = ()) -> CaseResult:
    return CaseResult(
        case_id="2020-000001",
        kind="roster",
        version=1,
        seen=1,
        outcome=Outcome.PARTIAL,
        source={},
        header={},
        items=items,
        findings=tuple(Finding(code, Severity.HOLD, "x") for code in codes),
        effects=(),
        claims=(),
        due_at=None,
        provisional=False,
        rulebook="r",
    )


EVERY = case(*(item(number, state) for number, state in enumerate(S, start=1)))


@pytest.mark.parametrize("verdict", Verdict)
def test_all_are_those_whose_state_the_verdict_may_change(verdict: Verdict) -> None:
    fits = [number for number, state in enumerate(S, start=1) if VERDICT_STATE[verdict] in MOVES[state]]
    assert list(numbers_of(EVERY, Picked(everything=True), verdict)) == fits


def test_what_several_options_name_is_taken_together_and_once() -> None:
    two = case(item(0, S.HELD), item(1, S.HELD, proposed=True), item(2, S.HELD), item(3, S.HELD))
    picked = Picked(rows=(7,), items=(2, 3), own=True, proposed=True)
    assert numbers_of(two, picked, Verdict.APPROVE) == (0, 1, 2, 3)


def test_a_row_that_stands_on_two_sheets_needs_its_sheet() -> None:
    double = case(item(1, S.HELD, row=8, sheet="甲"), item(2, S.HELD, row=8, sheet="乙"))
    with pytest.raises(Refused, match="--sheet"):
        numbers_of(double, Picked(rows=(8,)), Verdict.APPROVE)
    assert numbers_of(double, Picked(rows=(8,), sheet="乙"), Verdict.APPROVE) == (2,)


def test_two_tables_side_by_side_are_told_apart_by_item() -> None:
    beside = case(item(1, S.HELD, row=8), item(2, S.HELD, row=8))
    with pytest.raises(Refused, match="--item"):
        numbers_of(beside, Picked(rows=(8,), sheet="名单"), Verdict.APPROVE)
    assert numbers_of(beside, Picked(items=(2,)), Verdict.APPROVE) == (2,)


@pytest.mark.parametrize(
    ("picked", "why"),
    [
        (Picked(items=(9,)), "第 9 项"),
        (Picked(own=True), "整件事项"),
        (Picked(rows=(99,)), "第 99 行"),
        (Picked(proposed=True), "没有可以"),
    ],
)
def test_what_is_not_there_is_refused(picked: Picked, why: str) -> None:
    with pytest.raises(Refused, match=why):
        numbers_of(EVERY, picked, Verdict.APPROVE)


def test_something_must_be_named() -> None:
    with pytest.raises(typer.BadParameter):
        numbers_of(EVERY, Picked(), Verdict.APPROVE)


@pytest.mark.parametrize("named", [[], ["approve", "close"], list(Verdict)])
def test_exactly_one_verdict(named: list[str]) -> None:
    with pytest.raises(typer.BadParameter):
        one_verdict(**{verdict.value: verdict.value in named for verdict in Verdict})
    assert one_verdict(approve=False, decline=True) is Verdict.DECLINE


def test_waivers_need_a_reason_and_a_code_that_stands_in_what_is_decided() -> None:
    held = case(item(1, S.HELD, "row.remark"), item(2, S.HELD, "id.checksum"), codes=("sender.unverified",))
    words = ["row.remark = 在职证明=已附", "sender.unverified=电话确认"]
    assert waivers_of(words, held, (1,)) == {"row.remark": "在职证明=已附", "sender.unverified": "电话确认"}
    for word, why in (("row.remark", "理由"), ("row.remark= ", "理由"), ("id.checksum=无碍", "没有 id.checksum")):
        with pytest.raises(Refused, match=why):
            waivers_of([word], held, (1,))


def test_every_state_verb_and_verdict_has_its_word() -> None:
    for words, of in ((STATES, S), (MAILS, MailState), (EFFECTS, EffectState), (LETTERS, EffectState), (VERBS, Verb),
                      (VERDICTS, Verdict), (MODES, Mode)):  # fmt: skip
        assert set(words) == set(of)
        assert len(set(words.values())) == len(words)
