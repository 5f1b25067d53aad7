"""Mobile numbers: every one is accepted however it is written, repairs are named, other numbers are told apart."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailbot.domain import phone
from mailbot.domain.chars import Normalised, Typed
from mailbot.domain.phone import PhoneFault

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii)


@given(MOBILES)
def test_every_mobile_number_is_accepted_as_text_and_as_a_number(number: str) -> None:
    assert phone.normalise(number) == Normalised(number)
    assert phone.normalise(int(number)) == Normalised(number)
    assert phone.inspect(number) is None


@given(
    MOBILES,
    st.sampled_from(["", "+86", "86", "0086", "+86-", "+86 ", "(+86)", "＋８６"]),
    st.sampled_from(["", " ", "-", "\u00a0", "—"]),
    st.booleans(),
    st.booleans(),
)
def test_a_number_comes_back_from_every_way_to_write_it(
    number: str, country: str, gap: str, wide: bool, unseen: bool
) -> None:
    written = f"{country}{gap.join((number[:3], number[3:7], number[7:]))}"
    if wide:
        written = "".join(chr(ord(char) + 0xFEE0) if char.isdigit() and char.isascii() else char for char in written)
    if unseen:
        written = f"\u202d{written[:5]}\u200b{written[5:]}"
    repaired = phone.normalise(written)
    assert repaired.text == number
    assert ("country_code" in repaired.changes) is bool(country)
    assert ("separator" in repaired.changes) is bool(gap)
    assert ("fullwidth" in repaired.changes) is (wide or "８" in country)
    assert ("invisible_char" in repaired.changes) is unseen


@given(MOBILES, st.integers(0, 10))
def test_a_lost_or_doubled_digit_is_caught(number: str, place: int) -> None:
    assert phone.inspect(number[:place] + number[place + 1 :]) is not None
    assert phone.inspect(number[:place] + number[place] + number[place:]) is not None


@given(st.text(max_size=30))
def test_any_text_gets_an_answer_and_normalising_twice_changes_nothing(raw: str) -> None:
    once = phone.normalise(raw)
    assert phone.normalise(once.text).text == once.text
    phone.inspect(once.text)


@given(MOBILES, MOBILES, st.sampled_from(["/", "、", " ", ",", "，", "", "\n", "或", ";"]))
def test_two_numbers_in_a_cell_are_never_made_one(first: str, second: str, between: str) -> None:
    assume(first != second)
    assert phone.inspect(phone.normalise(f"{first}{between}{second}").text) is PhoneFault.SEVERAL


@pytest.mark.parametrize(
    ("raw", "changes"),
    [
        ("138.1234.5678", {"separator"}),
        ("138 1234 5678", {"separator"}),
        ("'13812345678", {"separator"}),
        ("13812345678；", {"separator"}),
        ("13812345678.0", {"decimal_tail"}),
        ("13812345678.00", {"decimal_tail"}),
        (13812345678.0, {"decimal_tail"}),
        ("8613812345678.0", {"decimal_tail", "country_code"}),
        ("+86\u00a0138-1234-5678", {"country_code", "separator"}),
        ("13812345678\u00a0", {"invisible_char"}),
        (" 13812345678\t", set()),
        ("１３８１２３４５６７８", {"fullwidth"}),
    ],
)
def test_each_repair(raw: Typed, changes: set[str]) -> None:
    assert phone.normalise(raw) == Normalised("13812345678", frozenset(changes))


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("", PhoneFault.MISSING),
        ("无", PhoneFault.MISSING),
        ("-", PhoneFault.MISSING),
        ("1381234567", PhoneFault.FORMAT),
        ("138123456789", PhoneFault.FORMAT),
        ("12812345678", PhoneFault.FORMAT),
        ("013812345678", PhoneFault.FORMAT),
        ("+85261234567", PhoneFault.FORMAT),
        ("138****5678", PhoneFault.FORMAT),
        ("1.38E+10", PhoneFault.FORMAT),
        ("13812345678李四", PhoneFault.FORMAT),
        (138123456.78, PhoneFault.FORMAT),
        ("138123456.78", PhoneFault.FORMAT),
        ("1381234567.0", PhoneFault.FORMAT),
        (1381234567.0, PhoneFault.FORMAT),
        (1.3812345678e15, PhoneFault.FORMAT),
        ("023-67891234", PhoneFault.LANDLINE),
        ("02367891234", PhoneFault.LANDLINE),
        ("(023)67891234", PhoneFault.LANDLINE),
        ("023－67891234－801", PhoneFault.LANDLINE),
        ("023-67891234转801", PhoneFault.LANDLINE),
        ("+86-23-67891234", PhoneFault.LANDLINE),
        ("0851-6789123", PhoneFault.LANDLINE),
        ("67891234", PhoneFault.LANDLINE),
        (67891234, PhoneFault.LANDLINE),
        ("400-023-9229", PhoneFault.LANDLINE),
        ("13812345678/023-67891234", PhoneFault.SEVERAL),
        ("13812345678 67891234", PhoneFault.SEVERAL),
    ],
)
def test_each_fault(raw: Typed, fault: PhoneFault) -> None:
    assert phone.inspect(phone.normalise(raw).text) is fault
