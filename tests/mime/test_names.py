"""Names of attachments are data: shown clean, bounded, and never a path."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.content import UNKNOWN_TYPE, XLSX
from mailbot.mime.names import shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("名单.xlsx", "名单.xlsx"),
        ("../../etc/cron.d/x.xlsx", "x.xlsx"),
        ("C:\\Users\\甲\\名单.xlsx", "名单.xlsx"),
        ("a\r\nBcc: v@x.xlsx", "a Bcc: v@x.xlsx"),
        ("\u202excod.exe", "xcod.exe"),
        ("名\u200b单\ue000.xlsx", "名单.xlsx"),
        ("..", "附件3.xlsx"),
        ("", "附件3.xlsx"),
        ("///", "附件3.xlsx"),
        (" . ", "附件3.xlsx"),
    ],
)
def test_shows_a_clean_name(name: str, shown: str) -> None:
    assert shown_name(name, 3, XLSX, 200) == shown


def test_an_unknown_thing_without_name_has_no_ending() -> None:
    assert shown_name("", 1, UNKNOWN_TYPE, 200) == "附件1"


def test_a_long_name_keeps_its_ending() -> None:
    shown = shown_name("长" * 500 + ".xlsx", 1, XLSX, 200)
    assert len(shown) == 200
    assert shown.endswith(".xlsx")


@given(st.text(max_size=300), st.integers(20, 60))
def test_any_name_is_short_one_line_and_no_path(name: str, limit: int) -> None:
    shown = shown_name(name, 1, XLSX, limit)
    assert 0 < len(shown) <= limit
    assert not set(shown) & set("/\\\r\n\0")
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in shown)
