"""The words of `labels.toml`: which label a text begins with, and which status it says."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from mailbot.ocr.fields.base import plain

NONE: Final = "none"
_FIRM: Final = frozenset({"order_id", "merchant_order_id", "paid_at", "created_at", "amount", "id_number", "phone"})
"""Fields whose value holds no Han character at its start: one that follows at once belongs to a longer word."""
_AFTER: Final = ":：;；|*.·-—_ \t\u3000"


@dataclass(frozen=True, slots=True)
class Words:
    """The file as it is used: labels by length, the longest first."""

    labels: tuple[tuple[int, dict[str, str]], ...]
    status: dict[str, tuple[str, ...]]
    neutral: tuple[str, ...]
    kind: dict[str, tuple[str, ...]]


@cache
def words() -> Words:
    """Read once. The file is shipped beside this module."""
    told = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))
    by_length: dict[int, dict[str, str]] = {}
    for field, labels in told["fields"].items():
        for label in labels:
            by_length.setdefault(len(label), {})[label] = field
    return Words(
        tuple(sorted(by_length.items(), reverse=True)),
        {name: tuple(texts) for name, texts in told["status"].items()},
        tuple(told["neutral"]["refund"]),
        {name: tuple(texts) for name, texts in told["kind"].items()},
    )


def label_at(text: str) -> tuple[str, int] | None:
    """The field whose label a text begins with, and where its value begins in the text. `None` where none does, or
    where two fields' labels are as near."""
    head, ends = _head(text)
    for field, length in (*_exact(head), *_near(head)):
        rest = text[ends[length - 1] :]
        bare = rest.lstrip(_AFTER)
        if field in _FIRM and bare and "\u4e00" <= bare[0] <= "\u9fff":
            continue
        return field, len(text) - len(bare)
    return None


def _head(text: str) -> tuple[str, list[int]]:
    """The first characters without spaces, and where each of them ends in the text."""
    head, ends = "", []
    for place, char in enumerate(text[:40]):
        bare = plain(char)
        if bare and len(head) < 10:
            head += bare[0]
            ends.append(place + 1)
    return head, ends


def _exact(head: str) -> list[tuple[str, int]]:
    return [(known[head[:length]], length) for length, known in words().labels if head[:length] in known]


def _near(head: str) -> list[tuple[str, int]]:
    """Labels of three characters or more that differ in one, if they are all of one field and the text stops there."""
    for length, known in words().labels:
        if length < 3 or len(head) < length or not (head[length:] == "" or _ends(head[length])):
            continue
        near = {field for label, field in known.items() if _one_wrong(label, head)}
        if len(near) == 1:
            return [(near.pop(), length)]
        if near:
            return []
    return []


def _ends(char: str) -> bool:
    return char in _AFTER or char.isascii()


def _one_wrong(label: str, head: str) -> bool:
    return sum(one != other for one, other in zip(label, head, strict=False)) == 1


def status_of(text: str) -> str | None:
    """What a text says of an order: refund words win, `paid` must be all of it. `None` where it says nothing known."""
    bare = re.sub(r"[^\u4e00-\u9fff]", "", plain(text))
    for word in words().neutral:
        bare = bare.replace(word, "")
    for status, known in words().status.items():
        if bare in known or (status != "paid" and any(word in bare for word in known)):
            return status
    return None


def says(kind: str, text: str) -> int:
    """How many of a kind's words a plain text holds."""
    return sum(word in text for word in words().kind[kind])
