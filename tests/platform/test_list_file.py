"""Lists by their headings: wherever they stand, however they are written, and the day they speak of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.platform.account_file import account_form
from mailbot.platform.list_file import UNDATED, ListForm, day_in, day_of, folded, read_list
from mailbot.platform.order_file import order_form

TODAY = date(2020, 9, 1)


def listed(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("订单号", "订单号"),
        ("订单号（必填）", "订单号"),
        (" 订 单 号：", "订单号"),
        ("订单号*", "订单号"),
        ("订单号\n(18位)", "订单号"),
        ("ORDER No", "orderno"),
        ("订单号【平台】", "订单号"),
    ],
)
def test_headings_are_compared_without_what_means_nothing(written: str, plain: str) -> None:
    assert folded(written) == plain


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-09-01", date(2020, 9, 1)),
        ("2020/9/1 10:30", date(2020, 9, 1)),
        ("2020.09.01", date(2020, 9, 1)),
        ("截至2020年9月1日", date(2020, 9, 1)),
        ("导出20200901.xlsx", date(2020, 9, 1)),
        ("2020-02-30 或 2020-03-01", date(2020, 3, 1)),
        ("2020年度", None),
        ("13800000001", None),
        ("20200101000012345", None),
        ("", None),
    ],
)
def test_the_day_in_a_text(text: str, day: date | None) -> None:
    assert day_in(text) == day


@given(st.text(max_size=60))
def test_any_text_has_a_day_or_none(text: str) -> None:
    assert day_in(text) is None or date(2000, 1, 1) <= (day_in(text) or TODAY) <= date(2099, 12, 31)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"])
)
def test_every_day_is_read_back(day: date, written: str) -> None:
    assert day_in(f"截至 {day:{written}}") == day


def test_the_lines_of_a_list_are_those_of_the_file(tmp_path: Path) -> None:
    table = read_list(listed(tmp_path, "标题\n\n订单号,数量\nA1,1\n\nB2,2\n小计,3\n"), order_form())
    assert [(line, row[0]) for line, row in table.rows] == [(4, "A1"), (6, "B2")]
    assert table.cell(table.rows[1][1], "codes") == "2"
    assert table.cell(table.rows[1][1], "unit") == ""


@pytest.mark.parametrize("form", [order_form(), account_form()], ids=lambda form: form.title)
def test_the_shipped_words_contradict_nobody(form: ListForm) -> None:
    """A heading means one column, and a word of a column one thing."""
    headings = [folded(alias) for column in form.columns.values() for alias in set(map(folded, column.aliases))]
    assert len(headings) == len(set(headings))
    assert [column for column in form.columns.values() if column.required]
    for column, meanings in form.words.items():
        assert column in form.columns
        said = [word.casefold() for words in meanings.values() for word in words]
        assert len(said) == len(set(said)), column
        assert all(form.meaning(column, word) == name for name, words in meanings.items() for word in words)


@pytest.mark.parametrize(
    ("said", "meaning"), [("已支付", "yes"), (" 已 支付 ", "yes"), ("PAID", "yes"), ("待支付", "no"), ("?", None)]
)
def test_a_word_means_one_thing_or_is_not_known(said: str, meaning: str | None) -> None:
    assert order_form().meaning("paid", said) == meaning


def test_whence_the_day_is_known(tmp_path: Path) -> None:
    table = read_list(
        listed(tmp_path, "导出于2020-08-01\n订单号,导出日期\nA1,2020-08-03\nB2,2020-08-02\nC3,?\n"), order_form()
    )
    day, by, bad = day_of(table, None, TODAY)
    assert (day, by, [row.line for row in bad]) == (date(2020, 8, 3), "截至日期", [5])
    assert day_of(table, date(2020, 1, 1), TODAY)[:2] == (date(2020, 1, 1), "--as-of")
    titled = read_list(listed(tmp_path, "导出于2020-08-01\n订单号\nA1\n"), order_form())
    assert day_of(titled, None, TODAY)[:2] == (date(2020, 8, 1), "表头上方")
    bare = read_list(listed(tmp_path, "订单号\nA1\n"), order_form())
    assert day_of(bare, None, TODAY)[:2] == (TODAY, UNDATED)
