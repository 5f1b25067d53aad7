"""The resident identity number: every valid one is accepted, every slip of one digit is caught, repairs are named."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailbot.domain import identity
from mailbot.domain.chars import Normalised
from mailbot.domain.document import Cell, Special
from mailbot.domain.identity import IdFault

TODAY = date(2020, 7, 15)


def number(region: str = "500107", born: str = "19900101", serial: str = "123") -> str:
    first17 = region + born + serial
    return first17 + identity.check_char(first17)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A valid number of an invented person: any province, any county, born since 1900 and not in the future."""
    region = draw(st.sampled_from(sorted(identity.PROVINCES))) + f"{draw(st.integers(0, 9999)):04}"
    born = date(1900, 1, 1) + timedelta(draw(st.integers(0, (TODAY - date(1900, 1, 1)).days)))
    return number(region, f"{born:%Y%m%d}", f"{draw(st.integers(0, 999)):03}")


@given(numbers())
def test_every_valid_number_is_accepted_as_it_is(valid: str) -> None:
    assert identity.normalise(valid).text == valid
    assert identity.normalise(valid).changes == frozenset()
    assert identity.inspect(valid, TODAY) is None
    assert identity.region_known(valid)


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_caught(valid: str, place: int, wrong: str) -> None:
    assume(valid[place] != wrong)
    slip = valid[:place] + wrong + valid[place + 1 :]
    assert identity.inspect(slip, TODAY) is not None


@given(numbers(), st.integers(0, 16))
def test_two_neighbours_swapped_are_always_caught(valid: str, place: int) -> None:
    assume(valid[place] != valid[place + 1])
    slip = valid[:place] + valid[place + 1] + valid[place] + valid[place + 2 :]
    assert identity.inspect(slip, TODAY) is not None


@given(numbers(), st.integers(0, 17))
def test_a_lost_or_doubled_character_is_caught(valid: str, place: int) -> None:
    assert identity.inspect(valid[:place] + valid[place + 1 :], TODAY) is not None
    assert identity.inspect(valid[:place] + valid[place] + valid[place:], TODAY) is not None


SPOILS = {
    "fullwidth": lambda text: "".join(chr(ord(char) + 0xFEE0) if char.isalnum() else char for char in text),
    "separator": lambda text: f"{text[:6]} {text[6:14]}-{text[14:]}",
    "apostrophe": lambda text: f"'{text}",
    "invisible_char": lambda text: f"\ufeff{text[:9]}\u200b{text[9:]}\u202c",
}


@given(numbers(), st.permutations(sorted(SPOILS)), st.integers(1, 4))
def test_repairs_give_the_number_back_and_name_themselves(valid: str, order: list[str], count: int) -> None:
    spoilt = valid
    for name in sorted(order[:count], key=["separator", "fullwidth", "apostrophe", "invisible_char"].index):
        spoilt = SPOILS[name](spoilt)
    repaired = identity.normalise(spoilt)
    assert repaired.text == valid
    assert repaired.changes == frozenset(order[:count])


@given(st.text(max_size=40))
def test_any_text_gets_an_answer_and_normalising_twice_changes_nothing(raw: str) -> None:
    once = identity.normalise(raw)
    assert identity.normalise(once.text).text == once.text
    identity.inspect(once.text, TODAY)


@pytest.mark.parametrize(
    ("raw", "changes"),
    [
        ("50010719900101213x", {"lowercase_x"}),
        ("50010719900101213ｘ", {"lowercase_x", "fullwidth"}),
        ("500107 19900101 213X", {"separator"}),
        ("500107—19900101—213X", {"separator"}),
        ("500107\n19900101213X", {"separator"}),
        ("50010719900101213X。", {"separator"}),
        ("\u201850010719900101213X", {"apostrophe"}),
        ('="50010719900101213X"', {"apostrophe"}),
        ("50010719900101213X\u00a0", {"invisible_char"}),
        ("\t50010719900101213X  ", set()),
        ("\u202a50010719900101213X\u202c", {"invisible_char"}),
        ("𝟓𝟎𝟎𝟏𝟎𝟕19900101213X", {"fullwidth"}),
    ],
)
def test_each_repair(raw: str, changes: set[str]) -> None:
    assert identity.normalise(raw) == Normalised("50010719900101213X", frozenset(changes))


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("", IdFault.MISSING),
        ("无", IdFault.MISSING),
        ("——", IdFault.MISSING),
        ("5001071990010121", IdFault.LENGTH),
        ("5001071990010121345", IdFault.LENGTH),
        ("19900101", IdFault.LENGTH),
        ("5001071990010121O3", IdFault.CHARSET),
        ("500107199001X12133", IdFault.CHARSET),
        ("500107199001012133号", IdFault.CHARSET),
        ("①500107199001012133", IdFault.CHARSET),
        ("500107199001012135", IdFault.CHECKSUM),
        (number(born="19900230"), IdFault.BIRTH_INVALID),
        (number(born="20200716"), IdFault.BIRTH_INVALID),
        (number(born="00000101"), IdFault.BIRTH_INVALID),
        ("500107900101213", IdFault.FIFTEEN_DIGIT),
        ("5001**********1234", IdFault.MASKED),
        ("500107＊＊＊＊＊＊＊＊1234", IdFault.MASKED),
        ("500107xxxxxxxx1234", IdFault.MASKED),
        ("500107--------1234", IdFault.MASKED),
        ("500107········1234", IdFault.MASKED),
        ("E12345678", IdFault.OTHER_DOCUMENT),
        ("EA1234567", IdFault.OTHER_DOCUMENT),
        ("H0123456789", IdFault.OTHER_DOCUMENT),
        ("m12345678", IdFault.OTHER_DOCUMENT),
        ("A123456(7)", IdFault.OTHER_DOCUMENT),
        ("C01X00T47", IdFault.OTHER_DOCUMENT),
        ("01234567", IdFault.OTHER_DOCUMENT),
        ("军字第1234567号", IdFault.OTHER_DOCUMENT),
        ("护照 E12345678", IdFault.OTHER_DOCUMENT),
        ("USA123456789012", IdFault.FOREIGNER_PR),
        (number(region="911156"), IdFault.FOREIGNER_PR),
    ],
)
def test_each_fault(raw: str, fault: IdFault) -> None:
    assert identity.inspect(identity.normalise(raw).text, TODAY) is fault


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "510202", "512223", "500399", "710000"])
def test_permits_and_abolished_regions_are_ordinary(region: str) -> None:
    valid = number(region=region)
    assert identity.inspect(valid, TODAY) is None
    assert identity.region_known(valid)


@pytest.mark.parametrize("region", ["000000", "170101", "270000", "840000", "990107", "910107"])
def test_a_region_nobody_ever_had_refuses_nobody(region: str) -> None:
    strange = number(region=region)
    assert identity.inspect(strange, TODAY) is None
    assert not identity.region_known(strange)


def test_what_a_number_says() -> None:
    man, woman = number(serial="121"), number(serial="122")
    assert (identity.sex(man), identity.sex(woman)) == ("男", "女")
    assert identity.birth_date(man) == date(1990, 1, 1)
    assert identity.birth_date(number(born="19901301")) is None


@pytest.mark.parametrize(
    ("born", "years"),
    [("20040715", 16), ("20040716", 15), ("19400715", 80), ("19390714", 81), ("20000229", 20), ("20040229", 16)],
)
def test_age(born: str, years: int) -> None:
    assert identity.age(number(born=born), TODAY) == years


def test_who_is_born_on_a_leap_day_is_older_from_the_first_of_march() -> None:
    leap = number(born="20040229")
    assert identity.age(leap, date(2021, 2, 28)) == 16
    assert identity.age(leap, date(2021, 3, 1)) == 17
    assert identity.age(number(born="20041345"), TODAY) is None


@pytest.mark.parametrize(
    ("cell", "in_csv", "lost"),
    [
        (500107199001012000, False, True),
        (5.00107199001012e17, False, True),
        (10**15, False, True),
        (10**15 - 1, False, False),
        (500107900101213, False, False),
        (True, False, False),
        (None, False, False),
        (Special(kind="error", text="#N/A"), False, False),
        ("5.00107E+17", False, True),
        ("５.00107E+17", False, True),
        ("'5.00107e+17", False, True),
        ("5E+17", False, True),
        ("1.5E+3", False, False),
        ("2020E15", False, False),
        ("500107199001012000", False, False),
        ("500107199001012000", True, True),
        ("50010719900101213X", True, False),
        ("2020071522001400000000000000", True, True),
        ("2020071522001412345678901234", True, False),
        ("", True, False),
    ],
)
def test_lost_digits(cell: Cell, in_csv: bool, lost: bool) -> None:
    assert identity.lost_digits(cell, from_text_table=in_csv) is lost


def test_a_known_number_of_the_standard() -> None:
    """GB 11643-1999 itself prints this one as its example."""
    assert identity.check_char("11010519491231002") == "X"
    assert identity.check_char("44052418800101001") == "4"
