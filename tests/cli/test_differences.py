"""Two decisions on one mail compared: nothing that differs is missed, and nothing else is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.cli.again import Replayed
from mailbot.cli.differences import Why, compared, judged_of
from mailbot.domain.decisions import Outcome
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import CaseResult, ItemResult, MailResult
from mailbot.domain.states import ItemState
from mailbot.ledger.history import CaseWas, Judged, MailWas
from mailbot.ledger.lines import MailLine
from mailbot.ledger.versions import VersionLine
from tests.ledger.world import NOW, S, case, item

ONE = "2020-000001"
CODES = st.frozensets(st.sampled_from(["phone.missing", "id.length", "row.remark"]))
STATES = st.sampled_from([S.HELD, S.APPROVED, S.AWAITING_SENDER])
ROWS = st.dictionaries(st.integers(1, 4), st.tuples(STATES, CODES), min_size=1)


def finding(code: str) -> Finding:
    return Finding(code, Severity.ASK, "说明")


def mail(state: MailState = MailState.DONE, *codes: str, marks: tuple[str, ...] = ()) -> MailLine:
    return MailLine(
        1, "roster", "INBOX", "a@x", "0" * 64, 9, NOW, state, 1, None, None, None, None, marks,
        tuple(map(finding, codes)), None, None, (),
    )  # fmt: skip


def rows(found: Mapping[int, tuple[ItemState, frozenset[str]]]) -> tuple[ItemResult, ...]:
    return tuple(
        replace(item(number, state), findings=tuple(map(finding, sorted(codes))))
        for number, (state, codes) in sorted(found.items())
    )


def was(*cases: CaseResult) -> tuple[CaseWas, ...]:
    return tuple(
        CaseWas(one.case_id, one.version, one.outcome.word, frozenset(f.code for f in one.findings),
                {row.number: judged_of(row) for row in one.items})
        for one in cases
    )  # fmt: skip


def again(
    before: tuple[CaseWas, ...] | None, *after: CaseResult, state: MailState = MailState.DONE, frozen: bool = True
) -> Replayed:
    result = MailResult(1, state, NOW, None, None, "", cases=after)
    line = VersionLine(1, 1, NOW, "accept", "rules-1", {}, {}, (finding("header.order_missing"),), {})
    return Replayed(MailWas(5, NOW, before), result, frozen, {ONE: line} if frozen else {}, ())


@given(ROWS)
def test_the_same_decision_differs_in_nothing(found: dict[int, tuple[ItemState, frozenset[str]]]) -> None:
    one = replace(case(), items=rows(found))
    assert compared(mail(), again(was(one), one), "rules-2").same


@given(ROWS, ROWS)
def test_every_row_that_differs_is_told_and_no_other(
    before: dict[int, tuple[ItemState, frozenset[str]]], after: dict[int, tuple[ItemState, frozenset[str]]]
) -> None:
    old, new = replace(case(), items=rows(before)), replace(case(), items=rows(after))
    change = compared(mail(), again(was(old), new), "rules-2")
    told = {row.number: row for one in change.cases for row in one.rows}
    assert set(told) == {number for number in {*before, *after} if before.get(number) != after.get(number)}
    for number, row in told.items():
        now, then = after.get(number, (None, frozenset()))[1], before.get(number, (None, frozenset()))[1]
        assert (frozenset(row.codes.added), frozenset(row.codes.removed)) == (now - then, then - now)


def test_a_case_that_comes_or_goes_is_told_without_its_rows() -> None:
    one = case()
    gone = compared(mail(), again(was(one)), "rules-2")
    assert [(c.case_id, c.was, c.now, c.rows) for c in gone.cases] == [(ONE, "accept", None, ())]
    new = compared(mail(), again((), one), "rules-2")
    assert [(c.case_id, c.was, c.now, c.rows) for c in new.cases] == [(ONE, None, "accept", ())]


def test_an_outcome_or_a_finding_of_the_case_alone_is_a_difference() -> None:
    one = case()
    harder = replace(one, outcome=Outcome.HOLD)
    assert [(c.was, c.now) for c in compared(mail(), again(was(one), harder), "x").cases] == [("accept", "hold")]
    found = replace(one, findings=(finding("header.unit_missing"),))
    [change] = compared(mail(), again(was(one), found), "x").cases
    assert (change.codes.added, change.codes.removed, change.rows) == (("header.unit_missing",), (), ())


@pytest.mark.parametrize(
    ("line", "state", "differs"),
    [
        (mail(), MailState.DONE, False),
        (mail(), MailState.SET_ASIDE, True),
        (mail(MailState.DONE, "mail.after_close"), MailState.DONE, True),
        (mail(marks=("mail.copy",)), MailState.DONE, True),
    ],
)
def test_the_mail_itself_is_compared_by_state_marks_and_findings(
    line: MailLine, state: MailState, differs: bool
) -> None:
    assert compared(line, again((), state=state), "x").of_mail is differs


def test_where_rows_are_gone_the_version_is_what_is_compared() -> None:
    one = replace(case(), findings=(finding("header.order_missing"),))
    same = compared(mail(), again(None, one), "x")
    assert same.same
    assert "已清除" in same.notes[0]
    assert not compared(mail(), again(None, replace(one, outcome=Outcome.ASK)), "x").same


@pytest.mark.parametrize(
    ("frozen", "rulebook", "why"),
    [(True, "rules-2", Why.RULES), (True, "rules-1", Why.PROGRAM), (False, "rules-1", Why.LOOKUPS)],
)
def test_where_a_difference_comes_from(frozen: bool, rulebook: str, why: Why) -> None:
    assert compared(mail(), again((), frozen=frozen), rulebook).why is why


def test_an_item_is_told_as_history_tells_it() -> None:
    row = replace(item(1, S.HELD), findings=(finding("id.length"),))
    assert judged_of(row) == Judged(S.HELD, row.status, frozenset({"id.length"}))
