"""The words of the form: which label or column a text names, and what stands behind a label in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mailbot.domain.chars import visible
from mailbot.domain.document import Cell, Special
from mailbot.domain.forms import Form, Named

_BRACKETS: Final = re.compile(r"\([^()]*\)|【[^【】]*】|\[[^\[\]]*\]")
_NOT_WORD: Final = re.compile(r"[\W_]+")
_SPACE: Final = re.compile(r"\s+")
_LONGEST_LABEL: Final = 40
_BEHIND: Final = r"\s*(?:[:=]|是|为)\s*"


@dataclass(frozen=True, slots=True)
class Words:
    """The compiled form. `labels` and `columns` map folded aliases to field names; `speech` finds a label and its mark
    in a line."""

    labels: Mapping[str, str]
    columns: Mapping[str, str]
    speech: re.Pattern[str]
    titles: tuple[str, ...]
    commitments: tuple[str, ...]
    notes: tuple[str, ...]
    list_words: tuple[str, ...]
    other_words: tuple[str, ...]
    says: Mapping[str, tuple[str, ...]]

    def label(self, text: str) -> str | None:
        """The person's field that a cell names."""
        return self.labels.get(fold(text)) if len(text) <= _LONGEST_LABEL else None

    def column(self, text: str) -> str | None:
        """The field of a payment that a heading names."""
        return self.columns.get(fold(text)) if len(text) <= _LONGEST_LABEL else None

    def spoken(self, line: str) -> Iterator[tuple[str, str]]:
        """Every label of a line that a mark follows, and the text behind it up to the next one."""
        line = visible(line)
        found = list(self.speech.finditer(line))
        ends = [match.start() for match in found[1:]]
        for match, end in zip(found, [*ends, len(line)], strict=False):
            alias = fold(match[1])
            yield self.labels.get(alias) or self.columns[alias], line[match.end() : end].strip(" \t,;。、|/")

    def phrases(self, name: str) -> tuple[str, ...]:
        return self.says.get(name, ())


def words_of(form: Form) -> Words:
    """The words of a form. Raises `KeyError` where it lacks a field of a person."""
    labels, columns = _aliases(form.labels), _aliases(form.columns)
    for name in ("name", "id_number", "phone"):
        if name not in form.labels:
            raise KeyError(name)
    every = sorted({alias for named in (*form.labels.values(), *form.columns.values()) for alias in named.aliases})
    spoken = "|".join(re.escape(visible(alias)) for alias in sorted(every, key=len, reverse=True))
    return Words(
        labels,
        columns,
        re.compile(rf"({spoken})(?:\([^()]*\))?{_BEHIND}", re.IGNORECASE),
        tuple(map(squeeze, form.titles)),
        tuple(map(squeeze, form.other_titles.get("commitment", ()))),
        tuple(map(squeeze, form.notes)),
        tuple(map(squeeze, form.list_words)),
        tuple(map(squeeze, form.other_words)),
        {name: tuple(squeeze(phrase).casefold() for phrase in found) for name, found in form.says.items()},
    )


def _aliases(named: Mapping[str, Named]) -> dict[str, str]:
    return {fold(alias): name for name, one in named.items() for alias in one.aliases}


def squeeze(text: str) -> str:
    """The text in NFKC without any space."""
    return _SPACE.sub("", visible(text))


def fold(text: str) -> str:
    """What is compared of a label: without brackets and their content, spaces and punctuation."""
    plain = visible(text)
    return (_NOT_WORD.sub("", _BRACKETS.sub("", plain)) or _NOT_WORD.sub("", plain)).casefold()


def holds(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a text holds one of the phrases, spaces and capitals apart."""
    folded = squeeze(text).casefold()
    return any(phrase in folded for phrase in phrases)


def shown(cell: Cell) -> str:
    """The cell as a person sees it; empty for an empty cell."""
    if isinstance(cell, Special):
        return cell.text if cell.kind == "date" else ""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return str(cell).strip()
