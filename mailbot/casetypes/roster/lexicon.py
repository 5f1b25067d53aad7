"""A form's words, compiled once: which column a heading names, which labels a text holds, what is no person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from mailbot.casetypes.roster.folding import fold, squeeze, visible
from mailbot.domain.forms import Form, RemarkWord

K = TypeVar("K")
V = TypeVar("V")

SHORT_ALIAS = 2
"""A label of so few characters counts only where it begins a text: 主管单位 is no 单位."""

LONGEST_HEADING = 80
"""Characters of the longest cell that may name a column or label, with all its hints."""
LONGEST_DRESSED = 24
"""Characters of the longest heading, hints left out, that is looked at word by word."""
DRESSED = 1000
"""What the rank of an alias loses by other words around it: more than any list of aliases is long."""

_NOT_BEHIND_A_WORD = r"(?<![^\s\d\W])"
_HINT = r"\s*\d{0,2}\s*(?:[(\[【][^()\[\]【】]*[)\]】]\s*)?"
_YEAR = re.compile(r"(20[0-9]{2})(?=年|学年)")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A label as it stands in a text: its key and the text behind it, up to the next label."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The compiled words of one form."""

    columns: Mapping[str, tuple[str, int]]
    dressed: re.Pattern[str]
    labels: Mapping[str, str]
    speech: re.Pattern[str]
    opening: re.Pattern[str]
    spoken: Mapping[str, str]
    titles: tuple[str, ...]
    others: tuple[str, ...]
    totals: tuple[str, ...]
    subtotals: tuple[str, ...]
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    counts: re.Pattern[str]
    remarks: tuple[RemarkWord, ...]

    def column(self, text: str) -> tuple[str, int] | None:
        """The column that a heading names and the rank of its alias (0 is best). An alias with other words of the form
        around it (专技人员姓名, 手机号码/用户名) ranks behind every plain one."""
        if len(text) >= LONGEST_HEADING:
            return None
        folded = fold(text)
        plain = self.columns.get(folded)
        if plain or len(folded) > LONGEST_DRESSED:
            return plain
        found = self.dressed.fullmatch(folded)
        if not found:
            return None
        key, rank = self.columns[found["core"]]
        return key, rank + DRESSED

    def label(self, text: str) -> str | None:
        """The label that a whole cell names, with or without a colon behind it."""
        return self.labels.get(fold(text)) if len(text) < LONGEST_HEADING else None

    def labels_in(self, text: str) -> list[Spoken]:
        """Every `label: value` in a text, in order. A label without a colon counts only where it begins the text."""
        plain = visible(text)
        found = list(self.speech.finditer(plain)) or list(self.opening.finditer(plain))
        if not found:
            return []
        ends = [match.start() for match in found[1:]] + [len(plain)]
        return [
            Spoken(self.spoken[squeeze(match["name"])], plain[match.end() : end].strip())
            for match, end in zip(found, ends, strict=True)
        ]

    def is_title(self, text: str) -> bool:
        """Whether a text holds words of this form's title."""
        return _holds(squeeze(text), self.titles)

    def other_form(self, text: str) -> str | None:
        """The text itself, when it holds the title or an own heading of another form."""
        return text.strip() if len(text) <= 80 and _holds(squeeze(text), self.others) else None

    def begins_total(self, text: str) -> bool:
        return squeeze(text).startswith(self.totals)

    def begins_subtotal(self, text: str) -> bool:
        return squeeze(text).startswith(self.subtotals) if self.subtotals else False

    def begins_note(self, text: str) -> bool:
        return squeeze(text).startswith(self.notes)

    def is_example(self, text: str) -> bool:
        """Whether a text marks a sample row. A word of one character must stand alone."""
        short = squeeze(text)
        return any(word == short or (len(word) > 1 and word in short) for word in self.examples)

    def count_in(self, text: str) -> int | None:
        """The number of people that a text claims."""
        found = self.counts.search(squeeze(text))
        return next(int(group) for group in found.groups() if group) if found else None

    def remark(self, text: str) -> RemarkWord | None:
        """The first remark word that decides, `None` for a remark that is only carried along."""
        short = squeeze(text)
        return next((entry for entry in self.remarks if entry.word in short), None)


def year_in(text: str) -> int | None:
    """The last year (20xx年) that a title names."""
    found = _YEAR.findall(squeeze(text))
    return int(found[-1]) if found else None


def lexicon_of(form: Form) -> Lexicon:
    """The form compiled. Raises `ValueError` where one alias stands for two columns or two labels."""
    names = _names(form)
    return Lexicon(
        columns=_unique(
            (fold(alias), (key, rank))
            for key, named in form.columns.items()
            for rank, alias in enumerate(named.aliases)
        ),
        dressed=_dressed(form),
        labels=_unique((fold(alias), key) for key, named in form.labels.items() for alias in named.aliases),
        speech=re.compile(f"(?P<name>{names}){_HINT}:"),
        opening=re.compile(rf"^\s*(?P<name>{names})(?:{_HINT})\s(?=\s*\S)"),
        spoken={squeeze(alias): key for key, named in form.labels.items() for alias in named.aliases},
        titles=_squeezed(form.titles),
        others=_squeezed(word for words in form.other_titles.values() for word in words),
        totals=_squeezed(form.totals),
        subtotals=_squeezed(form.subtotals),
        notes=_squeezed(form.notes),
        examples=_squeezed(form.examples),
        counts=re.compile("|".join(re.escape(squeeze(p)).replace(r"\{n\}", r"(\d{1,6})") for p in form.count_pattern)),
        remarks=form.remarks,
    )


def _unique(pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    out: dict[K, V] = {}
    for key, value in pairs:
        if out.setdefault(key, value) != value:
            raise ValueError(f"an alias stands twice in the form: {key}")
    return out


def _dressed(form: Form) -> re.Pattern[str]:
    """An alias of a required column, numbered or not, between words that say nothing of whose it is."""
    core = (fold(alias) for named in form.columns.values() if named.required for alias in named.aliases)
    before, behind = (_any_of(map(fold, words)) for words in (form.before, form.behind))
    return re.compile(f"[0-9]{{0,2}}(?:{before})*(?P<core>{_any_of(core)})(?:{behind})*")


def _any_of(words: Iterable[str]) -> str:
    """One of the words, the longest first; of none, what matches nothing."""
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) or "(?!)"


def _squeezed(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(squeeze(word) for word in words))


def _holds(short: str, words: tuple[str, ...]) -> bool:
    return any(word in short for word in words)


def _names(form: Form) -> str:
    """All labels as one alternation: longest first, spaces allowed between characters."""
    aliases = {squeeze(alias) for named in form.labels.values() for alias in named.aliases}
    ordered = sorted(aliases, key=lambda alias: (-len(alias), alias))
    return "|".join(
        (_NOT_BEHIND_A_WORD if len(alias) <= SHORT_ALIAS else "") + r"\s*".join(map(re.escape, alias))
        for alias in ordered
    )
