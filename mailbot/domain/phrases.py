"""Phrases that the office keeps as data, and how they are looked for in a text: without spaces, in any width and case.

A phrase may hold one gap, `邮箱…停用`: its halves stand in this order in one clause, a few characters apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from mailbot.domain.chars import visible

Words = Mapping[str, tuple[str, ...]]
"""Phrases by the name of their list."""

LONGEST: Final = 4000
"""Characters of a text that are read for phrases; a letter to an office has a few hundred."""
GAP: Final = "…"
GAP_CHARACTERS: Final = 12
"""How far the halves of a phrase with a gap may stand apart."""
_SENTENCE: Final = re.compile(r"[\n。!?;]+")
_SPACE: Final = re.compile(r"\s+")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text in NFKC, without spaces, empty ones left out."""
    parts = _SENTENCE.split(visible(text[:LONGEST]))
    return tuple(filter(None, (_SPACE.sub("", part) for part in parts)))


def says(sentence: str, phrases: tuple[str, ...]) -> bool:
    """Whether a sentence, or sentences with line breaks between, holds one of these phrases."""
    return any(phrase in sentence if GAP not in phrase else _pattern(phrase).search(sentence) for phrase in phrases)


def said_of(spoken: Iterable[str], phrases: tuple[str, ...]) -> frozenset[str]:
    """The phrases that the sentences hold."""
    spoken = tuple(spoken)
    return frozenset(phrase for phrase in phrases if any(says(one, (phrase,)) for one in spoken))


def without(sentence: str, phrases: tuple[str, ...]) -> str:
    """A sentence without these phrases, the longest first."""
    for phrase in sorted(phrases, key=len, reverse=True):
        sentence = _pattern(phrase).sub("", sentence) if GAP in phrase else sentence.replace(phrase, "")
    return sentence


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    head, _, tail = phrase.partition(GAP)
    return re.compile(rf"{re.escape(head)}[^\n,]{{0,{GAP_CHARACTERS}}}?{re.escape(tail)}")
