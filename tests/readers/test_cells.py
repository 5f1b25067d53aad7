"""Single values: types kept, exactness kept, escapes gone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Cell, Special
from mailbot.readers.cells import (
    date_cell,
    error_cell,
    number_cell,
    plain_cell,
    quick_number,
    shown_cell,
    text_cell,
    written_number,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲", "甲"),
        ("", None),
        ("a_x000D_b", "a\rb"),
        ("a_x000d_", "a\r"),
        ("_x4E00_", "一"),
        ("_xZZZZ_", "_xZZZZ_"),
        ("a_x", "a_x"),
        ("_xDC00_", "\ufffd"),
        ("=1+1", "=1+1"),
        (" 甲 ", " 甲 "),
    ],
)
def test_text(text: str, shown: str | None) -> None:
    assert text_cell(text, 200) == shown


@given(st.text(max_size=50), st.integers(1, 10))
def test_text_is_bounded_and_can_be_written(text: str, limit: int) -> None:
    shown = text_cell(text, limit)
    assert shown is None or len(shown) <= limit
    (shown or "").encode()


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (1, 1),
        (1.0, 1.0),
        (500103199003070012, 500103199003070012),
        (5.00103199003070e17, 5.00103199003070e17),
        (float("inf"), Special(kind="error", text="#NUM!")),
        (float("nan"), Special(kind="error", text="#NUM!")),
        (10**400, 10**400),
    ],
)
def test_a_number_is_kept_as_stored(number: float, kept: Cell) -> None:
    found = number_cell(number)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (1.0, 1),
        (1.5, 1.5),
        (13800000000.0, 13800000000),
        (1e15, 1e15),
        (5.00103199003070e17, 5.00103199003070e17),
        (7, 7),
    ],
)
def test_the_quick_readers_floats_become_whole_only_where_that_is_exact(number: float, kept: Cell) -> None:
    found = quick_number(number)
    assert found == kept
    assert type(found) is type(kept)


@given(st.integers(-(10**17), 10**17))
def test_no_digit_is_invented(number: int) -> None:
    """A float that may have lost digits stays a float, so that the loss can be told."""
    found = quick_number(float(number))
    assert isinstance(found, float) or found == number


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (date(2020, 7, 8), "2020-07-08"),
        (datetime(2020, 7, 8, tzinfo=UTC), "2020-07-08"),
        (datetime(2020, 7, 8, 1, 2, 3, tzinfo=UTC), "2020-07-08T01:02:03+00:00"),
        (time(1, 2), "01:02:00"),
        (timedelta(minutes=5), "0:05:00"),
    ],
)
def test_dates_are_iso_text(moment: date | time | timedelta, text: str) -> None:
    assert date_cell(moment) == Special(kind="date", text=text)


def test_plain_text_has_no_escapes() -> None:
    assert plain_cell("a_x000D_b", 200) == "a_x000D_b"
    assert plain_cell("甲" * 300, 200) == "甲" * 200
    assert plain_cell("\udc80", 200) == "\ufffd"
    assert plain_cell("", 200) is None


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("#N/A", Special(kind="error", text="#N/A")),
        (" #DIV/0! ", Special(kind="error", text="#DIV/0!")),
        ("Err:502", Special(kind="error", text="Err:502")),
        ("#甲", "#甲"),
        ('="500103199003070012"', "500103199003070012"),
        (' ="甲" ', "甲"),
        ('=""', None),
        ('="甲"&"乙"', '="甲"&"乙"'),
        ("=A1", "=A1"),
        ("'500", "'500"),
        ("5.00103E+17", "5.00103E+17"),
        (" 甲 ", " 甲 "),
    ],
)
def test_a_cell_of_which_only_the_look_is_left(text: str, cell: Cell) -> None:
    assert shown_cell(text, 200) == cell


@given(st.text(max_size=60))
def test_whatever_is_shown_stays_unless_it_is_wrapped_or_an_error(text: str) -> None:
    found = shown_cell(text, 200)
    if isinstance(found, Special):
        assert error_cell(text) == found
    elif not text.strip().startswith("="):
        assert found == (text or None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800000000", 13800000000),
        (" 7 ", 7),
        ("-3", -3),
        ("1.0", 1.0),
        ("500103199003070012", 500103199003070012),
        ("5.00103199003070E+017", 5.0010319900307e17),
        ("1e5", 100000.0),
        ("1E999", float("inf")),
        ("", None),
        ("1,5", None),
        ("0x1F", None),
        ("１２", None),
        ("1_000", None),
        ("nan", None),
        ("9" * 41, None),
    ],
)
def test_numbers_as_formats_of_text_write_them(text: str, number: float | None) -> None:
    found = written_number(text)
    assert found == number
    assert type(found) is type(number)
