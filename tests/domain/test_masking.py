"""The masking rule: no whole number leaks, however it is written; what is no person's number stays readable."""

import time
from functools import reduce

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailbot.domain import identity, masking

DIGITS = st.text(alphabet="0123456789", min_size=1, max_size=40)
IDS = st.builds(
    lambda region, year, month, day, serial: f"{region}{year}{month:02}{day:02}{serial:03}",
    st.sampled_from(["500107", "510202", "110101", "830000"]),
    st.integers(1930, 2019),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999),
).map(lambda first17: first17 + identity.check_char(first17))
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii)
GAPS = st.sampled_from(["", " ", "-", "　", "—", "\u200b", ".", " - "])
AROUND = st.text(alphabet="身份证号手机姓名张三，。：； \nabc", max_size=8)


def bare(text: str) -> str:
    """The digits and stars of a text in a row."""
    return "".join(char for char in text if char.isdecimal() or char in "*X")


@given(AROUND, IDS, AROUND, MOBILES, AROUND)
def test_no_whole_number_leaks_from_free_text(before: str, number: str, between: str, mobile: str, after: str) -> None:
    masked = masking.mask_text(f"{before}{number}{between}{mobile}{after}")
    assert number not in masked
    assert mobile not in masked
    assert number[5:15] not in masked
    shown = (mobile[7:], number[:3], number[-2:])
    assert mobile[3:7] not in reduce(lambda text, part: text.replace(part, ""), shown, masked)


@given(IDS, GAPS, GAPS, GAPS)
def test_an_identity_number_in_pieces_shows_five_characters(number: str, one: str, two: str, three: str) -> None:
    written = one.join((number[:6], number[6:10])) + two + three.join((number[10:14], number[14:]))
    assert bare(masking.mask_text(written)) == f"{number[:3]}*************{number[-2:]}"


@given(MOBILES, GAPS, GAPS)
def test_a_phone_in_pieces_shows_seven_digits(mobile: str, one: str, two: str) -> None:
    written = f"{mobile[:3]}{one}{mobile[3:7]}{two}{mobile[7:]}"
    assert bare(masking.mask_text(written)) == f"{mobile[:3]}****{mobile[7:]}"


@given(st.one_of(IDS, MOBILES))
def test_wide_digits_do_not_help(number: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    hidden = len(number) - (5 if len(number) == 18 else 7)
    assert masking.mask_text(wide).count("*") == hidden


@given(IDS, st.integers(0, 17), st.booleans())
def test_a_mistyped_identity_number_is_hidden_too(number: str, place: int, doubled: bool) -> None:
    slip = number[:place] + (number[place] * 2 if doubled else "") + number[place + 1 :]
    assert masking.mask_text(f"号码{slip}。").count("*") >= 12


@given(MOBILES, st.integers(2, 10), st.booleans())
def test_a_mistyped_phone_is_hidden_too(mobile: str, place: int, doubled: bool) -> None:
    slip = mobile[:place] + (mobile[place] * 2 if doubled else "") + mobile[place + 1 :]
    assert masking.mask_text(f"电话{slip}。").count("*") >= 3


@given(IDS, MOBILES)
def test_numbers_that_stick_together_are_hidden(number: str, mobile: str) -> None:
    for stuck in (number + mobile, mobile + number, number + number, mobile + mobile):
        masked = masking.mask_text(stuck)
        assert number not in masked
        assert mobile not in masked
        assert masked.count("*") >= 8


@given(st.text(max_size=60))
def test_masking_changes_digits_into_stars_and_nothing_else(text: str) -> None:
    masked = masking.mask_text(text)
    assert len(masked) == len(text)
    assert all(new in (old, "*") for new, old in zip(masked, text, strict=True))
    assert masking.mask_text(masked).count("*") >= masked.count("*")


@given(DIGITS, AROUND)
def test_fewer_than_ten_digits_stay(digits: str, after: str) -> None:
    assume(len(digits) < 10)
    assert masking.mask_text(f"共{digits}人{after}") == f"共{digits}人{after}"


@pytest.mark.parametrize(
    "text",
    [
        "订单号 2020071522001412345678901234",
        "微信订单 4200000123202007101234567890",
        "商户单号 4200000123201806101234567890",
        "截至2020-07-15 16:30，2020/07/15 - 2020/07/16",
        "2020.7.1-2020.12.31",
        "政策咨询 400-023-9229，平台问题 400-618-7500，QQ群 1136638281",
        "办公电话 023-67891234",
        "登记编号 R20200715-0001",
        "91350100M000100Y43",
        "第3行、第12行，共120人，33.00元",
        "10.20.30.40",
    ],
)
def test_what_is_no_persons_number_stays_readable(text: str) -> None:
    assert masking.mask_text(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证500107199001012134，", "身份证500*************34，"),
        ("50010719900101213x", "500*************3x"),
        ("500107 19900101 2134", "500*** ******** **34"),
        ("500107-1990-01-01-2134", "500***-****-**-**-**34"),
        ("5001 0719 9013 4512 34", "500* **** **** **** 34"),
        ("2020-07-15 5001 0719 9013 4512 34", "2020-07-15 500* **** **** **** 34"),
        ("13812345678 5001 0719 9013 4512 34", "138****5678 500* **** **** **** 34"),
        ("500107900101213", "500**********13"),
        ("500107 900101 213", "500*** ****** *13"),
        ("138 1234 5678", "138 **** 5678"),
        ("+8613812345678", "+86138****5678"),
        ("0086-138-1234-5678", "0086-138-****-5678"),
        ("13812345678/13987654321", "138****5678/139****4321"),
        ("1381234567813987654321", "138****5678139****4321"),
        ("50010719900101213413812345678", "500*************34138****5678"),
        ("2020-07-15 13812345678", "2020-07-15 138****5678"),
        ("编号20200715 13812345678", "编号20200715 138****5678"),
        ("٥٠٠١٠٧١٩٩٠٠١٠١٢١٣٤", "٥٠٠*************٣٤"),
    ],
)
def test_examples(text: str, masked: str) -> None:
    assert masking.mask_text(text) == masked


@given(IDS)
def test_mask_id_shows_first_three_and_last_two(number: str) -> None:
    assert masking.mask_id(number) == f"{number[:3]}*************{number[-2:]}"
    assert masking.mask_id(f" '{number[:6]} {number[6:]}") == f"{number[:3]}*************{number[-2:]}"


@given(st.text(min_size=1, max_size=30))
def test_a_broken_number_shows_a_third_at_most(text: str) -> None:
    kept = len(masking.mask_id(text)) - masking.mask_id(text).count("*")
    assert kept <= len(identity.normalise(text).text) / 3 + text.count("*")


@pytest.mark.parametrize(
    ("raw", "masked"),
    [("E12345678", "E*******8"), ("5001", "****"), ("", ""), ("500107199001012", "500**********12")],
)
def test_mask_id_of_others(raw: str, masked: str) -> None:
    assert masking.mask_id(raw) == masked


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("1381234567", "13******67"),
        ("138", "***"),
        ("", ""),
    ],
)
def test_mask_phone(raw: str, masked: str) -> None:
    assert masking.mask_phone(raw) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧***"),
        ("买买提·吐尔逊", "买***"),
        ("JOHN SMITH", "J***"),
        ("𠀀三", "𠀀*"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_mask_name(name: str, masked: str) -> None:
    assert masking.mask_name(name) == masked


@pytest.mark.parametrize("piece", ["1", "1 ", "13812345678 ", "5001-", "2020-07-15 ", "500107199001012134"])
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    started = time.perf_counter()
    masking.mask_text(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 5
