"""Our own workbook of rows to correct, read back and placed in the list it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.roster.amend import amended
from mailbot.casetypes.roster.lexicon import lexicon_of
from mailbot.casetypes.roster.raws import RAW, raws_of, row_of
from mailbot.casetypes.roster.returned import amendments_of, case_of
from mailbot.domain.decisions import Outcome, RowStatus
from mailbot.domain.document import CORRECTED_CASE, Cell, Document, Special
from mailbot.domain.kinds import Change, Following, Manner
from mailbot.domain.outcome import CaseResult, ItemResult
from mailbot.domain.records import Amendment, Elsewhere, RosterHeader, RosterRecord, RosterRow, Source
from mailbot.domain.states import ItemState
from tests.casetypes.support import HASHER, document, form, kind, official, person_id, phone_of, records, sheet

LEXICON = lexicon_of(form())
S = ItemState
HEADS = (
    "原行号",
    "序号",
    "姓名",
    "身份证号码",
    "手机号码",
    "错误说明",
    "正确姓名",
    "正确身份证号码",
    "正确手机号码",
    "位置",
)
ID, PHONE = person_id(2), phone_of(2)


def line(row: object = "8", right: Sequence[Cell] = (None, None, None), **more: Cell) -> tuple[Cell, ...]:
    """One row of the workbook as we sent it, with its empty cells filled in."""
    shown = {"serial": "3", "name": "陈**", "id_number": "500*************21", "phone": "138****0002", **more}
    place = more.get("place", f"Sheet1!1!{row}")
    cells = (shown["serial"], shown["name"], shown["id_number"], shown["phone"], "校验位不符")
    return (row if isinstance(row, str) else None, *cells, *right, place)


def book(*lines: Sequence[Cell], heads: Sequence[Cell] = HEADS, case: str | None = '"2020-000001"') -> Document:
    names = {CORRECTED_CASE: case} if case else {}
    return document(sheet([heads, *lines], "请改这里"), name="请更正.xlsx", names=names)


# ---- reading it ----


def test_only_what_was_filled_in_is_read_and_where_it_belongs() -> None:
    found = amendments_of(book(line("8", (None, ID, None)), line("9")))
    assert found == (Amendment({"id_number": ID}, 8, "3", "陈**", 1, "Sheet1"),)


def test_the_case_is_named_by_the_hidden_name_and_by_nothing_else() -> None:
    assert case_of(book(line())) == "2020-000001"
    assert case_of(book(line(), case=None)) is None
    assert case_of(book(line(), case="=2020-000007")) == "2020-000007"


def test_a_right_name_takes_the_place_of_the_masked_one() -> None:
    [found] = amendments_of(book(line("8", ("陈晓一", None, None))))
    assert (found.values, found.name) == ({"name": "陈晓一"}, None)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Sheet1!1!8", ("Sheet1", 1, 8, None)),
        ("Sheet1!1!8#12", ("Sheet1", 1, 8, 12)),
        ("一班#3!2!30#4", ("一班#3", 2, 30, 4)),
        ("一班!二班!2!30", ("一班!二班", 2, 30, None)),
        ("!1!8", (None, 1, 8, None)),
        ("Sheet1!1!", (None, None, 8, None)),
        (None, (None, None, 8, None)),
        ("坏了", (None, None, 8, None)),
        ("Sheet1!1!99999999999", (None, None, 8, None)),
    ],
)
def test_the_hidden_place_or_else_the_row_that_is_shown(place: str | None, expected: tuple[object, ...]) -> None:
    [found] = amendments_of(book(line("8", (None, ID, None), place=place)))
    assert (found.sheet, found.panel, found.row, found.item) == expected


def test_what_is_typed_over_a_masked_value_counts_where_nothing_stands_beside_it() -> None:
    [over] = amendments_of(book(line("8", id_number=ID)))
    assert over.values == {"id_number": ID}
    [both] = amendments_of(book(line("8", (None, ID, None), id_number=person_id(5))))
    assert both.values == {"id_number": ID}


def test_columns_may_have_moved_and_other_sheets_are_not_ours() -> None:
    order = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    cells = line("8", (None, ID, PHONE))
    moved = book([cells[n] for n in order], heads=[HEADS[n] for n in order])
    assert amendments_of(moved) == amendments_of(book(cells))
    assert amendments_of(document(sheet([["别的", "表"], ["a", ID]]), names={CORRECTED_CASE: "x"})) == ()


@given(st.lists(st.lists(st.none() | st.text(max_size=12) | st.integers() | st.floats(), max_size=11), max_size=5))
def test_whatever_stands_in_it_is_read_without_a_fault(rows: list[list[Any]]) -> None:
    for found in amendments_of(book(*rows)):
        assert found.values
        assert set(found.values) <= {"name", "id_number", "phone"}


def test_the_kind_reads_it_as_a_correction_and_as_no_list() -> None:
    [record] = records(book(line("8", (None, ID, None))))
    assert (record.correction, record.of_case, record.rows) == (True, "2020-000001", ())
    assert kind().names(record) == "2020-000001"
    assert [one.row for one in record.amendments] == [8]


# ---- what a row keeps ----


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**18), 10**18), st.floats(allow_nan=False), st.text(max_size=20),
    st.builds(Special, kind=st.sampled_from(["error", "no_value", "date"]), text=st.text(max_size=8)),
)  # fmt: skip


@given(CELLS, CELLS, CELLS, CELLS, st.booleans(), st.sampled_from(Elsewhere))
def test_a_row_is_the_same_after_it_was_stored(
    name: Cell, number: Cell, phone: Cell, sex: Cell, hidden: bool, elsewhere: Elsewhere
) -> None:
    row = RosterRow(
        8, 1, "3", hidden, name, number, phone, None, None, ID, None, None, sex, None, "S", elsewhere=elsewhere
    )
    kept = raws_of(row, text_table=False)
    values = {"name": row.name, "id_number": row.id_number, "phone": row.phone, "remark": None, RAW: kept}
    again = row_of(
        ItemResult(1, "person", None, {"row": 8, "panel": 1, "serial": "3", "sheet": "S"}, values, RowStatus.OK, S.HELD)
    )
    finite = [cell if not isinstance(cell, float) or abs(cell) != float("inf") else str(cell) for cell in (name, phone)]
    assert [again.raw_name, again.raw_phone] == finite
    assert (again.hidden, again.elsewhere, again.id_number) == (hidden, elsewhere, ID)


def test_a_plain_row_keeps_nothing_beside_its_values() -> None:
    [row] = official([("1", "陈晓一", ID, int(PHONE), None)]).rows
    assert raws_of(row, text_table=False) == {}


# ---- placing it ----


def listed(*people: Sequence[Cell], states: Sequence[ItemState] = ()) -> CaseResult:
    """The case that an official list with these people made."""
    record = official(people)
    items = kind().items(record, HASHER)
    wanted = [*states, *[S.AWAITING_SENDER] * len(items)]
    stored = tuple(
        ItemResult(item.number, item.kind, item.identity, item.place, item.values, RowStatus.ASK, state)
        for item, state in zip(items, wanted, strict=False)
    )
    own = ItemResult(0, "case", None, {}, {}, RowStatus.ASK, S.AWAITING_SENDER)
    source = {"attachment": "报名名单.xlsx", "member": None, "sheet": "Sheet1", "block": 1, "number": 1}
    return CaseResult(
        "2020-000001", "roster", 1, 3, Outcome.ASK, source, kind().header(record), (own, *stored), (), (), (), None,
        provisional=False, rulebook="r",
    )  # fmt: skip


def correction(*amendments: Amendment) -> RosterRecord:
    return RosterRecord(Source("请更正.xlsx"), RosterHeader(), (), correction=True, amendments=amendments)


def placed(case: CaseResult, *amendments: Amendment) -> Following[RosterRecord]:
    return amended(correction(*amendments), case, HASHER, LEXICON)


THREE = listed(
    ("1", "陈晓一", person_id(1), phone_of(1), None),
    ("2", "李晓二", "500103198503120", phone_of(2), "教务处"),
    ("3", "王晓三", person_id(3), "023-60000000", None),
)


def test_a_filled_cell_changes_its_row_and_leaves_the_others_as_they_were_read() -> None:
    found = placed(THREE, Amendment({"id_number": ID}, 7, "2", "李**", 1, "Sheet1"))
    assert found.doubt is None
    assert [match.change for match in found.merged.matches] == [Change.UNCHANGED, Change.CORRECTED, Change.UNCHANGED]
    assert [match.number for match in found.merged.matches] == [1, 2, 3]
    first, second, third = found.record.rows
    assert (first.id_number, second.id_number, second.remark) == (person_id(1), ID, "教务处")
    assert (third.phone, third.raw_phone) == (None, "023-60000000"), "with the fault that it had"
    assert (found.record.source.attachment, found.record.header.unit) == ("报名名单.xlsx", "重庆市某中学")
    assert (found.merged.missing, found.merged.unclear, found.rejudged) == ((), False, frozenset())


@pytest.mark.parametrize(
    ("amendment", "why"),
    [
        (Amendment({"phone": PHONE}, 99), "找不到"),
        (Amendment({"phone": PHONE}, 7, "3"), "找不到"),
        (Amendment({"phone": PHONE}, 7, "2", "王**"), "找不到"),
        (Amendment({"phone": PHONE}, 7, "2", "王晓三"), "找不到"),
        (Amendment({"phone": PHONE}, 7, panel=2), "找不到"),
        (Amendment({"name": "新人", "id_number": ID, "phone": PHONE}), "不止一行"),
    ],
)
def test_what_has_no_row_of_its_own_is_a_doubt(amendment: Amendment, why: str) -> None:
    found = placed(THREE, amendment)
    assert found.doubt is not None
    assert why in found.doubt
    assert all(match.change is Change.UNCHANGED for match in found.merged.matches)


def test_two_words_on_one_cell_are_a_doubt_and_the_same_word_twice_is_not() -> None:
    one, other = Amendment({"phone": PHONE}, 8), Amendment({"phone": phone_of(9)}, 8)
    assert placed(THREE, one, one).doubt is None
    assert "前后不一" in str(placed(THREE, one, other).doubt)


def test_nothing_filled_in_is_a_doubt() -> None:
    assert "没有填写" in str(placed(THREE).doubt)


@pytest.mark.parametrize("gone", [S.CLOSED, S.DECLINED])
def test_what_a_person_ended_is_no_row_any_more(gone: ItemState) -> None:
    case = listed(("1", "陈晓一", ID, PHONE, None), ("2", "李晓二", person_id(3), phone_of(3), None), states=(gone,))
    found = placed(case, Amendment({"phone": phone_of(9)}, 6))
    assert "找不到" in str(found.doubt)
    assert [match.number for match in found.merged.matches] == [2]


def test_one_line_of_two_sheets_is_told_apart_by_the_sheet() -> None:
    case = listed(("1", "陈晓一", person_id(1), phone_of(1), None))
    [own, item] = case.items
    twin = replace(item, number=2, place={**item.place, "sheet": "二班"}, values={**item.values, "name": "陈晓二"})
    case = replace(case, items=(own, item, twin))
    amendment = Amendment({"phone": PHONE}, 6, panel=1)
    assert "不止一行" in str(placed(case, amendment).doubt)
    found = placed(case, replace(amendment, sheet="二班"))
    assert [match.change for match in found.merged.matches] == [Change.UNCHANGED, Change.CORRECTED]


def test_a_header_field_is_replaced_and_judged_anew_and_the_others_stay() -> None:
    found = placed(THREE, Amendment({"order_no": "202009990001 202009990002"}))
    assert found.record.header.order_no == ("202009990001", "202009990002")
    assert found.record.header.unit == "重庆市某中学"
    assert found.rejudged == frozenset({"order_no"})


def test_a_later_list_keeps_what_its_case_knows_and_it_does_not_say() -> None:
    short = replace(official([("2", "李晓二", ID, phone_of(2), None)]), header=RosterHeader(contact="新联系人"))
    found = kind().following(short, THREE, Manner.UNSAID, HASHER)
    assert found.rejudged is None
    header = found.record.header
    assert (header.unit, header.contact, header.order_no) == ("重庆市某中学", "新联系人", ("202007120001",))
    assert [(match.number, match.change) for match in found.merged.matches] == [(2, Change.CORRECTED)]
    assert found.merged.missing == (1, 3)
