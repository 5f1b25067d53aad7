"""How a fact's value is shown: in a sentence, and in the JSON beside a finding. What is sensitive is always masked.

A text that a sender wrote is cut and freed of control and invisible characters, so that it cannot break a letter's line
or turn its direction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import Fact, FactValue, Mask
from mailbot.domain.masking import mask_id, mask_name, mask_phone, mask_text

EMPTY_WORD: Final = "空"
UNKNOWN_WORD: Final = "未知"
_MASKS: Final[Mapping[Mask, Callable[[str], str]]] = {
    "none": str,
    "id_number": mask_id,
    "phone": mask_phone,
    "person": mask_name,
    "text": mask_text,
}
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def shown(fact: Fact, value: FactValue, limit: int) -> str:
    """The value as a Chinese sentence says it; a text is cut behind `limit` characters."""
    if value is UNKNOWN:
        return UNKNOWN_WORD
    if value is None or value in ("", ()):
        return EMPTY_WORD
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, tuple):
        return _cut("、".join(_masked(fact, str(part)) for part in value), limit)
    return _cut(_masked(fact, str(value)), limit) if isinstance(value, str) else str(value)


def as_json(fact: Fact, value: FactValue, limit: int) -> object:
    """The value for a finding's `facts`: unknown is `None`, known to be empty is an empty text, dates and amounts are
    text."""
    if value is UNKNOWN:
        return None
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, tuple):
        return [part if isinstance(part, int) else _cut(_masked(fact, part), limit) for part in value]
    return _cut(_masked(fact, value), limit) if isinstance(value, str) else str(value)


def _masked(fact: Fact, text: str) -> str:
    return _MASKS[fact.mask](text)


def _cut(text: str, limit: int) -> str:
    plain = text if text.isprintable() else "".join(_seen(char) for char in text)
    return plain if len(plain) <= limit else plain[:limit] + "…"


def _seen(char: str) -> str:
    return "□" if unicodedata.category(char) in _UNSEEN else char
