"""Where things stand in a TOML file: `tomllib` gives values, people need the line; and the word that was meant.

Rule files and the site's settings are refused with file, line and a suggestion; this is the one place that finds the
line. The text is taken to be valid TOML 1.0 (`tomllib` has accepted it), so the scanner only tells statements, keys,
strings and brackets apart.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

Path = tuple[str | int, ...]
"""Keys from the top; an index (from 0) stands behind the name of an array: `("rule", 2, "when")`."""

_SPACE: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}#\n]+")
_AT: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


class _Scanner:
    """One pass over a TOML text that notes the line on which every table, key and array element begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.sizes: dict[Path, int] = {}
        self._line, self._counted = 1, 0

    def scan(self) -> dict[Path, int]:
        base: Path = ()
        while self._skip() < len(self.text):
            base = self._header() if self.text[self.at] == "[" else self._statement(base)
        return self.lines

    def _skip(self) -> int:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _note(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _header(self) -> Path:
        line = self._line_here()
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        *parents, last = self._keys()
        path = self._resolve(tuple(parents))
        path = (*path, last)
        if array:
            count = self.sizes.get(path, 0)
            self.sizes[path] = count + 1
            path = (*path, count)
        else:
            path = self._resolve_last(path)
        self.at = self.text.index("]" * (2 if array else 1), self.at) + (2 if array else 1)
        self._note(path, line)
        return path

    def _resolve(self, keys: Path) -> Path:
        path: Path = ()
        for key in keys:
            path = self._resolve_last((*path, key))
        return path

    def _resolve_last(self, path: Path) -> Path:
        return (*path, self.sizes[path] - 1) if path in self.sizes else path

    def _keys(self) -> Path:
        keys: list[str] = []
        while True:
            self._skip()
            quoted = _STRING.match(self.text, self.at)
            found = quoted or _BARE_KEY.match(self.text, self.at)
            if not found:
                return tuple(keys)
            self.at = found.end()
            keys.append(_unquoted(found.group()) if quoted else found.group())
            self._skip()
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            self.at += 1

    def _statement(self, base: Path) -> Path:
        line = self._line_here()
        path = (*base, *self._keys())
        self._note(path, line)
        self.at = self.text.index("=", self.at) + 1
        self._value(path)
        return base

    def _value(self, path: Path) -> None:
        self._skip()
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self._elements(path)
        elif opening == "{":
            self._inline(path)
        else:
            found = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else len(self.text)

    def _elements(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self._skip() < len(self.text) and self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._note((*path, number), self._line_here())
            self._value((*path, number))
            number += 1
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._skip() < len(self.text) and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._statement(path)
        self.at += 1


def _unquoted(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 0")))


def lines_of(text: str) -> Mapping[Path, int]:
    """The line, from 1, of every table, key and array element of a valid TOML text."""
    return _Scanner(text).scan()


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it that stands in the file; 1 where nothing does."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def syntax_place(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, int]:
    """Line and column of a syntax error, both from 1; the end of the text where the error says so."""
    found = _AT.search(str(error))
    if found:
        return int(found[1]), int(found[2])
    lines = text.split("\n")
    return len(lines), len(lines[-1]) + 1


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was most likely meant, `None` where nothing is near. Case does not matter."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None
