"""Taxpayer numbers: the credit code with its check character, and what else honestly stands on forms."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailbot.domain import identity, taxid
from mailbot.domain.chars import Normalised
from mailbot.domain.taxid import TaxFault

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FIRST17 = st.text(alphabet=ALPHABET, min_size=17, max_size=17)


@given(FIRST17)
def test_every_valid_code_is_accepted(first17: str) -> None:
    assert taxid.inspect(first17 + taxid.check_char(first17)) is None


@given(FIRST17, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_caught(first17: str, place: int, wrong: str) -> None:
    code = first17 + taxid.check_char(first17)
    assume(code[place] != wrong)
    slip = code[:place] + wrong + code[place + 1 :]
    assume(not (slip[:17].isdigit() and identity.check_char(slip[:17]) == slip[17]))
    assert taxid.inspect(slip) is TaxFault.CHECKSUM


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(raw: str) -> None:
    once = taxid.normalise(raw)
    assert taxid.normalise(once.text).text == once.text
    taxid.inspect(once.text)


def test_a_code_worked_out_elsewhere() -> None:
    """The usual example of other validators of GB 32100-2015."""
    assert taxid.check_char("91350100M000100Y4") == "3"
    assert taxid.inspect("91350100M000100Y43") is None


@pytest.mark.parametrize(
    ("raw", "text", "changes"),
    [
        ("91350100M000100Y43", "91350100M000100Y43", set()),
        (" 91350100M000100Y43 ", "91350100M000100Y43", set()),
        ("91350100m000100y43", "91350100M000100Y43", {"case_or_space"}),
        ("9135 0100 M000 100Y 43", "91350100M000100Y43", {"case_or_space"}),
        ("９１350100M000100Y43", "91350100M000100Y43", {"case_or_space"}),
        ("91350100-M000100Y4-3\u200b", "91350100M000100Y43", {"case_or_space"}),
    ],
)
def test_repairs(raw: str, text: str, changes: set[str]) -> None:
    assert taxid.normalise(raw) == Normalised(text, frozenset(changes))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", TaxFault.MISSING),
        ("无", TaxFault.MISSING),
        ("91350100M000100Y44", TaxFault.CHECKSUM),
        ("91350100M000100YO3", TaxFault.CHECKSUM),
        ("91350100M000100Y4", TaxFault.FORMAT),
        ("重庆某某公司", TaxFault.FORMAT),
        ("500107123456789", TaxFault.LEGACY15),
        ("50010712345678X", TaxFault.LEGACY15),
    ],
)
def test_each_fault(text: str, fault: TaxFault) -> None:
    assert taxid.inspect(text) is fault


def test_a_sole_traders_number_is_the_owners_identity_number() -> None:
    owner = "50010719900101213"
    owner += identity.check_char(owner)
    assert taxid.inspect(owner) is None
    assert taxid.inspect(owner + "01") is None
