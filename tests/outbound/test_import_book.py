"""The workbook for assigning codes: who may stand in it, what its cells show, and every row's fate."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.effects import TRUE_OF_THE_WORLD, EffectState, LetterKind
from mailbot.domain.letters import CaseView, LetterView
from mailbot.domain.states import ItemState
from mailbot.outbound.import_book import FATE_WORDS, FATES, IMPORT, ImportSheet, import_book_of
from mailbot.outbound.standing import Standing, told
from tests.examples import examples
from tests.outbound.letters import (
    already,
    asked,
    case,
    closed,
    composer,
    conflict,
    declined,
    done,
    everything,
    finding,
    held,
    id_number,
    parsed,
    pending,
    phone,
    row,
    sheets,
    text,
    view,
)

WHOLE, EMPTY = ImportSheet(), ImportSheet(whole=False)
MIXED = (done(1), done(2), already(3), conflict(4), held(5), asked(6), pending(7), declined(8), closed(9))


def tables(made: CaseView, sheet: ImportSheet = WHOLE, **changes: object) -> dict[str, list[list[object]]]:
    content = import_book_of(made, view(made, **changes), sheet)
    assert content is not None
    found: dict[str, list[list[object]]] = {
        one.title: [list(line) for line in one.iter_rows(values_only=True)] for one in sheets(content)
    }
    assert list(found) == [IMPORT, FATES]
    return found


def test_only_those_registered_now_are_to_be_imported() -> None:
    assert tables(case(*MIXED))[IMPORT] == [
        ["工号", "姓名"],
        [phone(1), "欧阳建国"],
        [phone(2), "欧阳建国"],
    ]


def test_where_the_site_says_so_the_cells_are_empty_one_line_a_person() -> None:
    found = tables(case(*MIXED), EMPTY)[IMPORT]
    assert found == [["工号", "姓名"], [None, None], [None, None]]


def test_the_unverified_get_no_value_whatever_the_site_chose() -> None:
    found = tables(case(*MIXED), trusted=False, bound=False)
    assert found[IMPORT][1:] == [[None, None]] * 3
    assert {line[0] or line[3] or line[4] for line in found[FATES][1:]} == {None}


def test_every_rows_fate_is_told_by_sheet_row_and_serial() -> None:
    fates = tables(case(*MIXED))[FATES]
    assert fates[0] == ["工作表", "原行号", "序号", "姓名", "手机号码", "办理结果"]
    assert fates[1] == ["Sheet1", "6", "1", "欧***", "139****0001", "已注册账号"]
    assert [line[5] for line in fates[1:]] == [
        "已注册账号",
        "已注册账号",
        "此前已有账号",
        "平台已有账号的资料与名单不一致，待审核",
        "待审核",
        "请更正",
        "待注册",
        "经审核，暂不符合注册条件",
        "重复或已撤下，不再办理",
    ]


def test_a_row_of_a_second_panel_says_so() -> None:
    fates = tables(case(done(1), replace(done(2), panel=2)))[FATES]
    assert [line[1] for line in fates[1:]] == ["6", "7第2栏"]


def test_what_the_platform_knew_before_is_not_given_away_by_the_list() -> None:
    bound, unbound = (tables(case(done(1), already(2), conflict(3)), bound=bound) for bound in (True, False))
    assert [line[0] for line in bound[IMPORT][1:]] == [phone(1)]
    assert [line[0] for line in unbound[IMPORT][1:]] == [phone(1), phone(2)]
    assert [line[5] for line in unbound[FATES][1:]] == ["已注册账号", "已注册账号", "待审核"]


@pytest.mark.parametrize("code", ["person.already_paid", "person.code_assigned"])
def test_who_has_a_code_already_needs_no_other(code: str) -> None:
    known = finding(code, "note", "已有激活码。")
    made = case(done(1), done(2, known), row(3, ItemState.FULFILLED, EffectState.ALREADY, known))
    bound, unbound = tables(made), tables(made, bound=False)
    assert [line[0] for line in bound[IMPORT][1:]] == [phone(1)]
    assert [line[5] for line in bound[FATES][1:]] == [
        "已注册账号",
        "已注册账号；已有激活码，不必再分配",
        "此前已有账号；已有激活码，不必再分配",
    ]
    assert [line[0] for line in unbound[IMPORT][1:]] == [phone(1), phone(2), phone(3)]
    assert {line[5] for line in unbound[FATES][1:]} == {"已注册账号"}


def test_columns_are_the_sites_own() -> None:
    sheet = ImportSheet(
        (("姓名", "name"), ("手机", "phone"), ("单位", "unit"), ("序", "serial"), ("备注", "empty")), True
    )
    assert tables(case(done(1)), sheet)[IMPORT] == [
        ["姓名", "手机", "单位", "序", "备注"],
        ["欧阳建国", phone(1), "重庆市某某中学", "1", None],
    ]


@pytest.mark.parametrize("made", [case(), case(pending(1), held(2)), case(asked(1)), case(already(1))])
def test_nobody_registered_no_workbook(made: CaseView) -> None:
    assert import_book_of(made, view(made), WHOLE) is None


def test_every_standing_has_its_word() -> None:
    assert FATE_WORDS.keys() == set(Standing)


def attached(letter: LetterView, **changes: object) -> tuple[str, ...]:
    return composer(**changes).compose(letter).attachments


def test_it_goes_with_the_letter_that_tells_of_accounts_and_no_other() -> None:
    made = case(done(1), asked(2))
    assert attached(view(made)) == ("请更正-2020-000012.xlsx", "激活码分配-2020-000012.xlsx")
    assert attached(view(case(pending(1)), kind=LetterKind.RECEIPT)) == ()
    for kind in (LetterKind.ANSWER, LetterKind.NOTICE):
        assert attached(view(made, kind=kind)) == ()


def test_the_letter_says_how_to_use_it() -> None:
    made = view(case(done(1)))
    empty, whole = text(composer(import_sheet=EMPTY).compose(made)), text(composer(import_sheet=WHOLE).compose(made))
    assert "附件“激活码分配-2020-000012.xlsx”" in empty
    assert "从本单位名单复制手机号码填入后批量导入" in empty
    assert "可直接用于批量分配" in whole
    assert "从本单位名单复制" not in whole


def test_whole_cells_are_cells_only_and_for_the_verified() -> None:
    site = composer(import_sheet=WHOLE)
    letter = site.compose(view(case(done(1))))
    assert phone(1) in "\n".join(everything(letter))
    assert phone(1) not in text(letter)
    assert phone(1) not in "\n".join(everything(site.compose(view(case(done(1)), trusted=False))))


STATES = st.sampled_from(list(ItemState))
EFFECTS = st.one_of(st.none(), st.sampled_from(list(EffectState)))


@examples(60)
@given(st.lists(st.tuples(STATES, EFFECTS), min_size=1, max_size=6), st.booleans(), st.booleans())
def test_no_id_number_leaves_and_nobody_is_imported_before_the_platform_said_so(
    rows: list[tuple[ItemState, EffectState | None]], trusted: bool, bound: bool
) -> None:
    made = case(*(row(n, state, effect) for n, (state, effect) in enumerate(rows, 1)))
    letter = view(made, trusted=trusted, bound=bound)
    words = "\n".join(everything(composer(import_sheet=WHOLE).compose(letter)))
    for number, one in enumerate(made.rows, 1):
        assert id_number(number) not in words
        if one.effect not in TRUE_OF_THE_WORLD or not trusted:
            assert phone(number) not in words
    content = import_book_of(made, letter, WHOLE)
    if content is not None:
        fates = [line[5] for line in list(sheets(content)[1].iter_rows(values_only=True))[1:]]
        assert fates == [FATE_WORDS[told(one, bound=trusted and bound)] for one in made.rows]


def test_an_xlsx_of_the_letter_is_a_part_that_opens() -> None:
    for whole, count in product((True, False), (1, 300)):
        sheet = ImportSheet(whole=whole)
        letter = composer(import_sheet=sheet).compose(view(case(*(done(n) for n in range(1, count + 1)))))
        (part,) = parsed(letter).iter_attachments()
        assert sheets(part.get_content())[0].max_row == count + 1
