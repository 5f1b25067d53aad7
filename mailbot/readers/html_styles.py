"""What the styles of an HTML table say about its cells: whether they are seen, and whether Excel holds them as text or
as numbers (`mso-number-format` of its own pages, `vnd.ms-excel.numberformat` of reporting programs)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

_FORMAT: Final = re.compile(r"(?:mso-number-format|vnd\.ms-excel\.numberformat)\s*:([^;]*)", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_CLASS: Final = re.compile(r"(?:td|tr|th|col)?\.([\w-]{1,60})", re.IGNORECASE)
_SHEET: Final = 500_000
"""Characters of a style sheet that are looked at; Excel writes a few thousand."""
_RULES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Look:
    """What one style says. `format` is empty where it names none, or General."""

    hidden: bool = False
    format: Literal["", "text", "number"] = ""

    def over(self, lower: Look) -> Look:
        """This look with what only the other one says."""
        return Look(self.hidden or lower.hidden, self.format or lower.format)


PLAIN: Final = Look()


@lru_cache(maxsize=1024)
def look_of(style: str) -> Look:
    """The look that a list of declarations gives."""
    found = _FORMAT.search(style)
    shape: Literal["", "text", "number"] = ""
    if found:
        name = found[1].strip().strip("\"'").strip()
        shape = "text" if "@" in name else "" if name.casefold() in ("", "general") else "number"
    return Look(_HIDDEN.search(style) is not None, shape)


def class_looks(sheet: str) -> dict[str, Look]:
    """The looks of the classes in a style sheet; rules for anything else are left out."""
    out: dict[str, Look] = {}
    for rule in sheet[:_SHEET].split("}", _RULES)[:_RULES]:
        names, _, body = rule.rpartition("{")
        look = look_of(body) if names else PLAIN
        if look != PLAIN:
            for selector in names.split(","):
                named = _CLASS.fullmatch(selector.strip())
                if named:
                    out[named[1].lower()] = look
    return out


def look(attributes: Mapping[str, str], classes: Mapping[str, Look]) -> Look:
    """How an element looks by its own style and its classes."""
    own = look_of(attributes["style"]) if "style" in attributes else PLAIN
    if "hidden" in attributes:
        own = Look(hidden=True, format=own.format)
    return _combined(own, (classes.get(name, PLAIN) for name in attributes.get("class", "").lower().split()[:20]))


def _combined(own: Look, lower: Iterable[Look]) -> Look:
    for each in lower:
        own = own.over(each)
    return own
