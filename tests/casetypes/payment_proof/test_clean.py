"""Values as they are compared: what people write for a year, an order, a moment, an amount, and what is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.payment_proof import clean
from tests.casetypes.payment_proof.support import ID, PHONE


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2018", (2018,)),
        ("2018年", (2018,)),
        ("2018年度", (2018,)),
        ("２０１８年度", (2018,)),
        (" 2018 ", (2018,)),
        ("2016、2017", (2016, 2017)),
        ("2017，2016", (2016, 2017)),
        ("2016/2018", (2016, 2018)),
        ("2016-2019", (2016, 2017, 2018, 2019)),
        ("2016年-2018年", (2016, 2017, 2018)),
        ("2016年度至2018年度", (2016, 2017, 2018)),
        ("2016～2017", (2016, 2017)),
        ("2016—2017", (2016, 2017)),
        ("2016到2019", (2016, 2017, 2018, 2019)),
        ("2018 2018", (2018,)),
        ("2019-2016", (2016, 2019)),
        ("2015", (2015,)),
        ("", ()),
        ("无", ()),
        ("十八年", ()),
        ("18", ()),
        ("12018", ()),
        ("20181", ()),
        ("1.2018", ()),
        ("1998", ()),
    ],
)
def test_years_are_all_that_a_text_names(text: str, years: tuple[int, ...]) -> None:
    assert clean.years(text) == years


def test_a_span_over_more_years_than_anybody_studies_is_not_filled() -> None:
    assert clean.years("2000-2099") == (2000, 2099)


@given(st.text())
def test_years_come_in_order_each_once_and_from_this_century(text: str) -> None:
    found = clean.years(text)
    assert list(found) == sorted(set(found))
    assert all(2000 <= year < 2100 for year in found)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2018100922001412345678901234", "2018100922001412345678901234"),
        ("2018 1009 2200 1412 3456", "20181009220014123456"),
        ("2018-1009-2200", "201810092200"),
        ("２０１８１００９", "20181009"),
        ("gx201810090001", "GX201810090001"),
        ("GX_2018_0001", "GX20180001"),
        ("2018100922\n0014123456", "20181009220014123456"),
        ("1234", "1234"),
        ("123", None),
        ("", None),
        ("无", None),
        ("无订单号", None),
        ("ABCDEF", None),
        ("见截图", None),
        ("订单2018100922", None),
        ("2018.1009", None),
        ("9" * 64, "9" * 64),
        ("9" * 65, None),
    ],
)
def test_an_order_number_is_compared_without_what_people_put_between(text: str, order: str | None) -> None:
    assert clean.order(text) == order


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2018-10-09", "2018-10-09"),
        ("2018/10/9", "2018-10-09"),
        ("2018.10.9", "2018-10-09"),
        ("2018年10月9日", "2018-10-09"),
        ("2018 年 10 月 9 日", "2018-10-09"),
        ("20181009", "2018-10-09"),
        ("２０１８－１０－０９", "2018-10-09"),
        ("2018-10-09 10:11", "2018-10-09 10:11"),
        ("2018-10-09 10:11:12", "2018-10-09 10:11:12"),
        ("2018年10月9日10时11分", "2018-10-09 10:11"),
        ("2018年10月9日 10:11:12", "2018-10-09 10:11:12"),
        ("2018-10-09T10:11:12", "2018-10-09 10:11:12"),
        ("2018-10-09 25:00", "2018-10-09"),
        ("2018-10-09 10:61", "2018-10-09"),
        ("2018-02-30", None),
        ("2018-13-01", None),
        ("2018年10月", None),
        ("2018", None),
        ("10月9日", None),
        ("", None),
        ("不记得了", None),
    ],
)
def test_a_moment_is_as_exact_as_its_text(text: str, moment: str | None) -> None:
    assert clean.moment(text) == moment


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["{:%Y-%m-%d}", "{:%Y年%m月%d日}", "{:%Y%m%d}"]))
def test_a_day_is_read_back_however_it_is_written(day: date, how: str) -> None:
    assert clean.day_of(clean.moment(how.format(day))) == day


def test_no_moment_has_no_day() -> None:
    assert clean.day_of(None) is None


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("33", "33.00"),
        ("33.0", "33.00"),
        ("33.00", "33.00"),
        ("¥33.00", "33.00"),
        ("￥33", "33.00"),
        ("-33.00", "33.00"),
        ("33元", "33.00"),
        ("３３．００元", "33.00"),
        ("1,033.50", "1033.50"),
        ("0.00", "0.00"),
        ("", None),
        ("免费", None),
    ],
)
def test_an_amount_has_two_places(text: str, money: str | None) -> None:
    assert clean.money(text) == money


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("陈晓一", "陈晓一"),
        ("陈 晓 一", "陈晓一"),
        ("陈晓一\n", "陈晓一"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("", None),
        ("13800000000", None),
    ],
)
def test_a_name_is_what_could_be_registered(text: str, name: str | None) -> None:
    assert clean.name(text) == name


@pytest.mark.parametrize("blank", ["", " ", "无", "/", "—", "－"])
@pytest.mark.parametrize("field", ["id_number", "phone", "payer"])
def test_a_cell_that_says_nothing_has_no_value(field: str, blank: str) -> None:
    assert clean.cleaned(field, blank) is None


def test_numbers_keep_their_faults() -> None:
    assert clean.cleaned("id_number", " '" + ID.lower() + " ") == ID
    assert clean.cleaned("id_number", ID[:-1]) == ID[:-1]
    assert clean.cleaned("phone", f"+86 {PHONE[:3]}-{PHONE[3:]}") == PHONE
    assert clean.cleaned("phone", PHONE[:-1]) == PHONE[:-1]


def test_what_only_looks_like_a_number_is_not_valid() -> None:
    assert clean.valid_id(ID) == ID
    assert clean.valid_id(ID[:-1]) is None
    assert clean.valid_id(ID[:-1] + ("1" if ID[-1] != "1" else "2")) is None
    assert clean.valid_id(None) is None
    assert clean.valid_phone(PHONE) == PHONE
    assert clean.valid_phone("12345678901") is None
    assert clean.valid_phone(PHONE[:-1]) is None
    assert clean.valid_phone(None) is None


def test_words_lose_their_edges_and_what_is_too_long() -> None:
    assert clean.cleaned("payer", "  陈晓一 \n 本人 ") == "陈晓一 本人"
    assert clean.cleaned("platform", "网" * 300) == "网" * 100
