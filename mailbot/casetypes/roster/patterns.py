"""The patterns that find a form's words in what clerks write: headings among other words, labels with their values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mailbot.casetypes.roster.folding import fold, squeeze
from mailbot.domain.forms import Form

SHORT_ALIAS: Final = 2
"""A label of so few characters counts only where it begins a text: 主管单位 is no 单位."""
LONGEST_GROUP: Final = 60
"""Characters of the longest line that opens a group of people."""

_OF_KIND: Final = {
    "order_no": re.compile(r"(?=.*\d)[0-9A-Za-z_-]{8,}"),
    "tax_id": re.compile(r"(?=.*\d)[0-9A-Za-z]{15,20}"),
    "contact_phone": re.compile(r"(?=(?:.*\d){7})[0-9+() -]{7,20}"),
    "contact": re.compile(r"[\u4e00-\u9fff]{2,4}"),
    "count": re.compile(r"\d{1,6}人?"),
}
"""What the value of a label is plainly like that stands before it without anything between."""
_GROUP: Final = re.compile(
    r"\s*(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.]\s*)?(?P<unit>[^:。;]+?)\s*(?:[(][^()]*[)])?\s*:?\s*"
)
_OTHER_LABEL: Final = re.compile(r"\s(?:[^\s:\d]{2,8}|[^\s:\d]{2,4}\([^()]*\)):")
_NOT_BEHIND_A_WORD: Final = r"(?<![^\s\d\W])"
_HINT: Final = r"\.?\s*\d{0,2}\s*(?:[(\[【][^()\[\]【】]*[)\]】]\s*)?"


@dataclass(frozen=True, slots=True)
class Speech:
    """How labels are found in a text: before a colon anywhere, before a space at its beginning, before nothing at all
    where the text is that label with its value."""

    with_colon: re.Pattern[str]
    opening: re.Pattern[str]
    glued: re.Pattern[str]


def speech(form: Form) -> Speech:
    """The patterns of a form's labels."""
    names = _names(form)
    return Speech(
        re.compile(f"(?P<name>{names}){_HINT}:", re.IGNORECASE),
        re.compile(rf"^\s*(?P<name>{names})(?:{_HINT})\s(?=\s*\S)", re.IGNORECASE),
        re.compile(rf"\s*(?P<name>{names})(?:\([^()]*\))?(?P<value>\S.*)"),
    )


def of_kind(key: str, value: str) -> bool:
    """Whether a value is plainly one of this label's kind; a unit is told by its own words, not here."""
    return key in _OF_KIND and _OF_KIND[key].fullmatch(value) is not None


def value_in(text: str) -> str:
    """The value up to the next words with a colon, which begin something else (填报时间：...)."""
    start = len(text) - len(text.lstrip())
    found = _OTHER_LABEL.search(text, start)
    return (text[: found.start()] if found else text).strip()


def group_in(text: str) -> str | None:
    """What a line between people names, without its number and what stands in brackets behind it."""
    found = _GROUP.fullmatch(text) if len(text) <= LONGEST_GROUP else None
    return found["unit"] if found else None


def one_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, wherever it stands."""
    return re.compile(_any_of(words))


def dressed(form: Form) -> re.Pattern[str]:
    """An alias of a required column, numbered or not, between words that say nothing of whose it is."""
    core = (fold(alias) for named in form.columns.values() if named.required for alias in named.aliases)
    before, behind = (_any_of(map(fold, words)) for words in (form.before, form.behind))
    return re.compile(f"[0-9]{{0,2}}(?:{before})*(?P<core>{_any_of(core)})(?:{behind})*[0-9]?")


def _any_of(words: Iterable[str]) -> str:
    """One of the words, the longest first; of none, what matches nothing."""
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) or "(?!)"


def _names(form: Form) -> str:
    """All labels as one alternation: longest first, spaces allowed between characters."""
    aliases = {squeeze(alias) for named in form.labels.values() for alias in named.aliases}
    ordered = sorted(aliases, key=lambda alias: (-len(alias), alias))
    return "|".join(
        (_NOT_BEHIND_A_WORD if len(alias) <= SHORT_ALIAS or alias.isascii() else "")
        + r"\s*".join(map(re.escape, alias))
        for alias in ordered
    )
