"""Where a row stands and which section tells of a case: no section claims what has not happened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.effects import TRUE_OF_THE_WORLD, EffectState, LetterKind
from mailbot.domain.letters import CaseView, FindingView, RowView
from mailbot.domain.states import ItemState
from mailbot.outbound.standing import (
    Section,
    Standing,
    asks,
    case_asks,
    section,
    standing,
    to_correct,
    told,
    wants_form,
)
from tests.outbound.letters import (
    CHECKSUM,
    NO_ORDER,
    NO_PHONE,
    REMARK,
    REUSED,
    SPACE,
    already,
    asked,
    case,
    closed,
    declined,
    done,
    finding,
    held,
    pending,
    row,
)

S, E = ItemState, EffectState


@pytest.mark.parametrize(
    ("state", "effect", "expected"),
    [
        (S.FULFILLED, E.DONE, Standing.DONE),
        (S.FULFILLED, E.ALREADY, Standing.ALREADY),
        (S.FULFILLED, None, Standing.SETTLED),
        (S.FULFILLED, E.CANCELLED, Standing.SETTLED),
        (S.FULFILLED, E.PENDING, Standing.PENDING),
        (S.APPROVED, E.PLANNED, Standing.PENDING),
        (S.APPROVED, E.DOING, Standing.PENDING),
        (S.APPROVED, E.PENDING, Standing.PENDING),
        (S.APPROVED, None, Standing.PENDING),
        (S.APPROVED, E.DONE, Standing.DONE),
        (S.APPROVED, E.CONFLICT, Standing.CONFLICT),
        (S.HELD, E.CONFLICT, Standing.CONFLICT),
        (S.HELD, E.REJECTED, Standing.HELD),
        (S.HELD, E.UNCERTAIN, Standing.HELD),
        (S.HELD, None, Standing.HELD),
        (S.HELD, E.PLANNED, Standing.HELD),
        (S.RECEIVED, None, Standing.HELD),
        (S.AWAITING_SENDER, None, Standing.WAITING),
        (S.DECLINED, None, Standing.DECLINED),
        (S.CLOSED, None, Standing.CLOSED),
    ],
)
def test_a_row_stands_where_state_and_effect_put_it(
    state: ItemState, effect: EffectState | None, expected: Standing
) -> None:
    assert standing(row(1, state, effect)) is expected


def test_a_row_that_waits_for_the_sender_is_asked_only_for_its_own_fault() -> None:
    assert standing(asked(1, CHECKSUM)) is Standing.ASKED
    assert standing(asked(1, SPACE)) is Standing.WAITING


def test_an_account_that_the_platform_s_list_showed_was_there_already() -> None:
    known = finding("person.already_registered", "note", "平台上已有账号。")
    assert standing(row(1, S.FULFILLED, None, known)) is Standing.ALREADY
    assert standing(row(1, S.HELD, None, known)) is Standing.HELD


@given(st.sampled_from(S), st.one_of(st.none(), st.sampled_from(E)))
def test_an_unbound_sender_learns_nothing_that_only_the_platform_knew(
    state: ItemState, effect: EffectState | None
) -> None:
    made = row(1, state, effect)
    assert told(made, bound=True) is standing(made)
    seen = told(made, bound=False)
    assert seen not in (Standing.ALREADY, Standing.CONFLICT)
    if standing(made) not in (Standing.ALREADY, Standing.CONFLICT):
        assert seen is standing(made)


@given(st.sampled_from(S), st.one_of(st.none(), st.sampled_from(E)))
def test_registered_is_only_what_is_true_of_the_world(state: ItemState, effect: EffectState | None) -> None:
    if standing(row(1, state, effect)) in (Standing.DONE, Standing.ALREADY):
        assert effect in TRUE_OF_THE_WORLD


SECTIONS: list[tuple[CaseView, Section]] = [
    (case(done(1), done(2)), Section.ACCEPT),
    (case(done(1), already(2)), Section.ACCEPT),
    (case(done(1), closed(2)), Section.ACCEPT),
    (case(done(1, SPACE)), Section.ACCEPT_WITH_FIXES),
    (case(pending(1), pending(2)), Section.RECEIPT),
    (case(done(1), pending(2)), Section.RECEIPT),
    (case(done(1), asked(2)), Section.PARTIAL),
    (case(done(1), held(2)), Section.PARTIAL),
    (case(pending(1), asked(2)), Section.PARTIAL),
    (case(pending(1), declined(2)), Section.PARTIAL),
    (case(done(1), findings=(NO_ORDER,), state=S.AWAITING_SENDER), Section.PARTIAL),
    (case(done(1), findings=(NO_ORDER,)), Section.ACCEPT),
    (case(asked(1), asked(2, NO_PHONE)), Section.ASK),
    (case(asked(1, SPACE), findings=(NO_ORDER,)), Section.ASK),
    (case(findings=(finding("file.unreadable", "ask", "文件无法打开。"),)), Section.ASK),
    (case(asked(1), held(2)), Section.HOLD),
    (case(held(1, REMARK)), Section.HOLD),
    (case(), Section.HOLD),
    (case(done(1), declined(2)), Section.RESULT),
    (case(row(1, S.FULFILLED, None)), Section.RESULT),
    (case(declined(1), closed(2)), Section.DECLINED),
    (case(closed(1)), Section.CLOSED),
]


@pytest.mark.parametrize(("made", "expected"), SECTIONS)
def test_a_case_is_told_by_its_section(made: CaseView, expected: Section) -> None:
    assert section(LetterKind.RESULT, made) is expected
    assert section(LetterKind.RECEIPT, made) is expected


def test_the_same_roster_again_and_a_notice_have_their_own_sections() -> None:
    assert section(LetterKind.ANSWER, case(done(1))) is Section.SAME
    assert section(LetterKind.NOTICE, case(held(1))) is Section.NOTICE


@given(st.lists(st.tuples(st.sampled_from(S), st.one_of(st.none(), st.sampled_from(E))), max_size=5))
def test_acceptance_needs_every_row_at_its_end_and_one_registered(
    rows: list[tuple[ItemState, EffectState | None]],
) -> None:
    made = case(*(row(n, state, effect) for n, (state, effect) in enumerate(rows)))
    named = section(LetterKind.RESULT, made)
    stands = [standing(item) for item in made.rows]
    if named in (Section.ACCEPT, Section.ACCEPT_WITH_FIXES):
        assert set(stands) <= {Standing.DONE, Standing.ALREADY, Standing.CLOSED}
        assert {Standing.DONE, Standing.ALREADY} & set(stands)
    if Standing.PENDING in stands:
        assert named in (Section.RECEIPT, Section.PARTIAL)
    if {Standing.HELD, Standing.CONFLICT} & set(stands):
        assert named in (Section.HOLD, Section.PARTIAL)


def test_doubts_are_never_asked_of_the_sender() -> None:
    lookalike = finding("sender.lookalike", "ask", "发件域名与已确认单位相似。")
    assert asks((REUSED, lookalike, REMARK, CHECKSUM, SPACE)) == (CHECKSUM,)


def test_the_excel_file_is_asked_for_though_a_person_looks_at_the_picture() -> None:
    picture = finding("file.ocr_only", "hold", "名单是图片，请发送 Excel 文件。")
    made = case(held(1), findings=(picture,))
    assert case_asks(made) == (picture,)
    assert wants_form(made)


@pytest.mark.parametrize("code", ["file.unreadable", "file.wrong_form", "file.password_needed", "roster.empty"])
def test_the_blank_form_goes_with_every_letter_that_asks_for_the_file(code: str) -> None:
    assert wants_form(case(findings=(finding(code, "ask", "请发送 Excel 文件。"),)))
    assert not wants_form(case(findings=(finding(code, "hold", "。"),)))


def test_no_form_for_a_missing_order_number() -> None:
    assert not wants_form(case(asked(1), findings=(NO_ORDER,)))


@pytest.mark.parametrize("state", [S.FULFILLED, S.DECLINED, S.CLOSED])
def test_nothing_is_asked_of_a_case_at_its_end(state: ItemState) -> None:
    assert case_asks(case(done(1), findings=(NO_ORDER,), state=state)) == ()


def test_one_letter_asks_for_everything_also_in_rows_a_person_looks_at() -> None:
    rows: tuple[tuple[RowView, bool], ...] = (
        (asked(1), True),
        (held(2, REMARK, CHECKSUM), True),
        (held(3, REMARK), False),
        (done(4, CHECKSUM), False),
        (row(5, S.APPROVED, E.PENDING, CHECKSUM), False),
        (row(6, S.DECLINED, None, CHECKSUM), False),
        (row(7, S.HELD, E.DONE, CHECKSUM), False),
    )
    assert to_correct(case(*(item for item, _ in rows))) == tuple(item for item, wanted in rows if wanted)


def test_a_finding_without_a_known_severity_is_not_told() -> None:
    assert asks((FindingView("x.y", "note", "记录。"),)) == ()
