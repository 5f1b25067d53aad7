"""How texts of a sheet are compared: width, spaces, line breaks, punctuation and brackets do not count."""

from __future__ import annotations

import re
from functools import lru_cache

from mailbot.domain.chars import visible
from mailbot.domain.document import Cell, Special

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|〈[^〈〉]*〉|<[^<>]*>|\{[^{}]*\}")
_NOT_WORD = re.compile(r"[\W_]+")
_SPACE = re.compile(r"\s+")
_SEEN = re.compile("[!-~\u4e00-\u9fff]")
"""What hardly any cell begins without: it can be seen, whatever follows."""


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """The text in NFKC without spaces and invisible characters; punctuation stays."""
    return _SPACE.sub("", visible(text))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """What is compared of a heading, label or unit: without brackets and their content, spaces and punctuation.

    A text that is nothing but a bracket keeps the bracket's content.
    """
    plain = visible(text)
    short = _NOT_WORD.sub("", _BRACKETS.sub("", plain))
    return (short or _NOT_WORD.sub("", plain)).casefold()


@lru_cache(maxsize=1024)
def bracketed(text: str) -> bool:
    """Whether the text is nothing but brackets with their content, such as a hint under a heading."""
    plain = visible(text)
    return bool(_NOT_WORD.sub("", plain)) and not _NOT_WORD.sub("", _BRACKETS.sub("", plain))


def text_of(cell: Cell) -> str:
    """The cell as a person sees it, for comparing and showing; empty for an empty cell."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, Special):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def blank(cell: Cell) -> bool:
    """Whether a cell holds nothing that can be seen. An error value or an uncalculated formula is not blank."""
    if cell is None or cell == "":
        return True
    return isinstance(cell, str) and not _SEEN.match(cell) and not squeeze(cell)
