"""Typed readers: structure decides, and nothing is mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.ocr.fields import typed
from mailbot.ocr.fields.words import label_at, status_of


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("2018050321001004560512345678", ()),
        ("20180503210010045605123456781234", ()),
        ("2018050321001004560512345", ("length",)),
        ("2018133321001004560512345678", ("date",)),
        ("4200000123201806157712345678", ()),
        ("4200000123201899157712345678", ("date",)),
        ("订单", ("alphabet", "length")),
        ("E2018O503", ()),
    ],
)
def test_order_numbers(text: str, failed: tuple[str, ...]) -> None:
    assert typed.order_id(text)[2] == failed


def test_a_letter_in_a_phone_stays_and_fails() -> None:
    assert typed.phone("139I2345678") == ("139I2345678", ("length", "prefix"), ("alphabet",))
    assert typed.phone("139 1234 5678")[2] == ()


def test_identity_numbers() -> None:
    assert typed.id_number("11010519491231002×")[::2] == ("11010519491231002X", ())
    assert typed.id_number("110105194912310021")[2] == ("checksum",)
    assert typed.id_number("11010519491331002X")[2] == ("date", "checksum")


@pytest.mark.parametrize(
    ("text", "value"),
    [("¥33.00", "33.00"), ("-33", "33.00"), ("1,234.5元", "1234.50"), ("33.00元起", None), ("", None)],
)
def test_amounts(text: str, value: str | None) -> None:
    assert typed.amount(text)[0] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2018-05-0312:33:21", "2018-05-03 12:33:21"),
        ("2018年5月3日 12：33", "2018-05-03 12:33"),
        ("2018/5/3", "2018-05-03"),
        ("昨天", None),
    ],
)
def test_moments(text: str, value: str | None) -> None:
    assert typed.moment(text)[0] == value


def test_a_day_that_is_none_fails() -> None:
    assert typed.moment("2018-02-30")[2] == ("date",)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("订单号：123", "order_id"),
        ("商家订单号123", "merchant_order_id"),
        ("商冢订单号:123", "merchant_order_id"),
        ("忖款方 某人", None),
        ("付 款 时 间 2018", "paid_at"),
        ("你好", None),
    ],
)
def test_labels(text: str, label: str | None) -> None:
    found = label_at(text)
    assert (found[0] if found else None) == label


@given(st.text(max_size=40))
def test_a_label_ends_within_its_text(text: str) -> None:
    found = label_at(text)
    assert found is None or 0 < found[1] <= len(text)


def test_paid_must_be_all_that_is_said() -> None:
    assert status_of("支付成功后可申请退款") is None
    assert status_of("✓ 支付成功") == "paid"
    assert status_of("支付成功（已全额退款）") == "refunded"
    assert status_of("申请退款") is None
