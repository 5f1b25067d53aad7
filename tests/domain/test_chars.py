"""Characters as typed and pasted: what is seen stays, what is not seen goes, and it is said."""

import sys
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain import identity, names, phone
from mailbot.domain.chars import Normalised, Typed, as_text, clean, invisible, is_han, narrow, says_nothing
from mailbot.domain.identity import IdFault
from mailbot.domain.names import NameFault
from mailbot.domain.phone import PhoneFault


@pytest.mark.parametrize(
    "char",
    [
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u00ad",
        "\u2060",
        "\ufe0f",
        "\U000e0100",
        "\u3164",
        "\u2800",
        "\x00",
        "\x7f",
    ],
)
def test_what_shows_nothing(char: str) -> None:
    assert invisible(char)
    assert clean(f"a{char}b") == Normalised("ab", frozenset({"invisible_char"}))


def test_what_turns_the_text_round_stays_for_the_rules_to_see() -> None:
    assert clean("\u202e13812345678") == Normalised("\u202e13812345678")
    assert phone.inspect(phone.normalise("\u202e13812345678").text) is PhoneFault.FORMAT
    assert names.inspect(names.normalise("\u202e三张").text) == {NameFault.ILLEGAL_CHAR}
    assert identity.inspect(identity.normalise("\u202e500103198503120010").text, date(2020, 7, 1)) is IdFault.CHARSET


@pytest.mark.parametrize("char", ["a", "张", " ", "\n", "\t", "·", "𠀀", "\u0301", "\ue000", "ི"])
def test_what_shows_something(char: str) -> None:
    assert not invisible(char)


@given(st.text())
def test_cleaning_keeps_all_that_is_seen_in_order(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.text == "".join(char for char in text if not invisible(char)).strip()
    assert clean(cleaned.text) == Normalised(cleaned.text)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("  张三\t\n", set()),
        ("　张三　", set()),
        ("张三\u00a0", {"invisible_char"}),
        ("\u2003张三", {"invisible_char"}),
    ],
)
def test_edges(text: str, changes: set[str]) -> None:
    assert clean(text) == Normalised("张三", frozenset(changes))


@given(st.text())
def test_narrowing_keeps_the_length_and_touches_no_ascii(text: str) -> None:
    narrowed = narrow(text).text
    assert len(narrowed) == len(text)
    assert all(new == old for new, old in zip(narrowed, text, strict=True) if old.isascii())
    assert narrow(narrowed).text == narrowed


@pytest.mark.parametrize(
    ("text", "plain", "changes"),
    [
        ("１２３", "123", {"fullwidth"}),
        ("Ｘ", "X", {"fullwidth"}),
        ("－（", "-(", set()),
        ("𝟏", "1", {"fullwidth"}),
        ("①²", "①²", set()),
        ("张三", "张三", set()),
        ("ABC", "ABC", set()),
    ],
)
def test_narrow(text: str, plain: str, changes: set[str]) -> None:
    assert narrow(text) == Normalised(plain, frozenset(changes))


@pytest.mark.parametrize("text", ["", "-", "——", "/", "无", "n/a", "NULL", "暂无", "_", "...", "#N/A"])
def test_cells_that_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["0", "无名", "张三", "-1", "*", "?", "NAOMI"])
def test_cells_that_say_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a ", "a "),
        (13812345678, "13812345678"),
        (13812345678.0, "13812345678.0"),
        (1.5, "1.5"),
        (1e15, "1000000000000000.0"),
        (5.001e17, "5.001e+17"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_as_text(value: Typed, text: str) -> None:
    assert as_text(value) == text


def test_han_covers_every_ideograph_that_this_python_knows() -> None:
    ideographs = ("CJK UNIFIED IDEOGRAPH-", "CJK COMPATIBILITY IDEOGRAPH-")
    every = map(chr, range(sys.maxunicode + 1))
    assert [char for char in every if unicodedata.name(char, "").startswith(ideographs) and not is_han(char)] == []
    assert is_han("〇")
    assert not any(map(is_han, "aА김あ·1。"))
