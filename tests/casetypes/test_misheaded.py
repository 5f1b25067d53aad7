"""Headings that their own columns contradict: a person confirms the list."""

from __future__ import annotations

import pytest

from mailbot.domain.document import Cell, Merge
from tests.casetypes.support import Rows, person_id, phone_of, record_of

NAMES = ("陈晓一", "陈晓二", "陈晓三", "陈晓四")


def listed(head: Rows, people: Rows) -> bool:
    """Whether a person has to confirm the columns."""
    return record_of([*head, *people]).inferred


def people(*order: str, phones: int = 0) -> list[tuple[Cell, ...]]:
    """Four people with these columns."""

    def cell(key: str, n: int) -> Cell:
        known: dict[str, Cell] = {"name": NAMES[n], "id": person_id(n + 1), "phone": phone_of(n + 1 + phones)}
        return {**known, "other": phone_of(n + 71), "mail": f"a{n}@b.example", "": None}[key]

    return [tuple(cell(key, n) for key in order) for n in range(4)]


def test_a_heading_that_fits_is_sure() -> None:
    assert not listed([("姓名", "身份证号", "手机号", "备用手机")], people("name", "id", "phone", "other"))
    assert not listed([("姓名", "身份证号", "手机号", "邮箱")], people("name", "id", "phone", "mail"))


def test_a_heading_that_stands_a_column_too_far() -> None:
    head = [(None, "姓名", "身份证号", "手机号")]
    shifted = [*people("name", "id", "phone")[:3], (None, *people("name", "id", "phone")[3])]
    assert listed(head, shifted)


def test_mobile_numbers_under_a_heading_that_speaks_of_none() -> None:
    assert listed([("姓名", "身份证号", "邮箱", "手机号")], people("name", "id", "phone", "other"))


def test_one_text_under_the_names_again_and_again() -> None:
    rows = [("白云", *line) for line in people("name", "id", "phone")]
    assert listed([("姓名", "班组", "身份证号", "手机号")], rows)
    twice = [("陈晓一", *people("id", "phone")[n]) for n in range(2)] + people("name", "id", "phone")[2:]
    assert not listed([("姓名", "身份证号", "手机号")], twice)


@pytest.mark.parametrize("halves", [("移动", "电话"), ("手机", "号码"), ("联系", "电话")])
def test_a_heading_cut_in_two(halves: tuple[str, str]) -> None:
    cut = listed([("姓名", "身份证号", *halves, "备用手机")], people("name", "id", "phone", "other", ""))
    assert cut == (halves[0] != "手机")


def test_two_rows_of_a_heading_that_are_shifted_against_each_other() -> None:
    rows = people("name", "id", "phone", "other")
    assert listed([("姓名", "身份证号", "联系方式", "备用手机"), (None, None, None, "移动电话")], rows)
    assert not listed([("姓名", "身份证号", "联系方式", "备用手机"), (None, None, "移动电话", None)], rows)


def test_a_lower_heading_below_nothing_is_shifted_but_where_the_one_left_of_it_heads_both() -> None:
    rows = people("name", "id", "phone", "other")
    assert listed([("姓名", "身份证号", None, "联系方式"), (None, None, "手机", None)], rows)
    assert listed([("姓名", "身份证号", "联系方式", None), (None, None, None, "手机")], rows)
    assert not listed([("姓名", "身份证号", "联系方式", None), (None, None, "手机", "备用手机")], rows)
    landlines = people("name", "id", "", "phone")
    assert not listed([("姓名", "身份证号", "联系方式", None), (None, None, "座机", "手机")], landlines)


def test_somebody_else_s_number_below_a_heading_of_its_own_is_not_taken() -> None:
    head = [("姓名", "身份证号", "联系电话", "家属", None), (None, None, None, "姓名称呼", "手机号")]
    merges = [Merge(top=1, left=n, bottom=2, right=n) for n in (1, 2, 3)] + [Merge(top=1, left=4, bottom=1, right=5)]
    record = record_of([*head, *people("name", "id", "phone", "", "other")], merges=merges)
    assert {row.raw_id for row in record.rows} >= {person_id(1)}
    crossed = [("姓名", "身份证号", "联系电话", "紧急联系人"), (None, None, None, "手机号")]
    assert [row.phone for row in record_of([*crossed, *people("name", "id", "phone", "other")]).rows] == [
        phone_of(n) for n in range(1, 5)
    ]


def test_a_repeated_heading_that_puts_the_phones_elsewhere() -> None:
    first, second = ("姓名", "身份证号", "手机号", "备用手机"), ("姓名", "身份证号", "备用手机", "手机号")
    rows = people("name", "id", "phone", "other")
    more = [(f"{line[0]}明", person_id(n + 21), phone_of(n + 31), phone_of(n + 51)) for n, line in enumerate(rows)]
    assert listed([first], [*rows, second, *more])
    assert not listed([first], [*rows, first, *more])


def test_a_panel_that_lost_its_name() -> None:
    head = ("序号", "姓名", "身份证号", "手机号", "备注", "序号", "手机号", "备注")
    assert listed([head], [(1, *people("name", "id", "phone")[0], None, 2, phone_of(9), None)])
