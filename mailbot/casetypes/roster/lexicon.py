"""A form's words, compiled once: which column a heading names, which labels a text holds, what is no person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from mailbot.casetypes.roster.folding import fold, squeeze
from mailbot.casetypes.roster.patterns import dressed, group_in, of_kind, one_of, speech, value_in
from mailbot.casetypes.roster.sayings import Sayings, sayings_of
from mailbot.domain.chars import visible
from mailbot.domain.forms import Form, Question, RemarkWord
from mailbot.domain.names import SURNAMES

K = TypeVar("K")
V = TypeVar("V")

LONGEST_HEADING = 80
"""Characters of the longest cell that may name a column or label, with all its hints."""
LONGEST_DRESSED = 24
"""Characters of the longest heading, hints left out, that is looked at word by word."""
DRESSED = 1000
"""What the rank of an alias loses by other words around it: more than any list of aliases is long."""

SHORTEST_UNIT = 4
LONGEST_UNIT = 40
LONGEST_PART = 6
"""Characters of the longest name of a part of a unit, when it stands alone."""

_ABOUT = re.compile("20[0-9]{2}|关于|参加")
_NUMBERED = re.compile(r"^\d{1,2}(?!\d)|(?<!\d)\d{1,2}$")
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
    titles: re.Pattern[str]
    others: re.Pattern[str]
    totals: tuple[str, ...]
    subtotals: tuple[str, ...]
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    counts: re.Pattern[str]
    sayings: Sayings
    list_words: tuple[str, ...]
    other_words: tuple[str, ...]
    problems: Mapping[str, str]
    glued: re.Pattern[str]
    unlike: re.Pattern[str]
    units: tuple[str, ...]
    departments: tuple[str, ...]
    organisers: re.Pattern[str]
    simple: Mapping[int, str]

    def column(self, text: str) -> tuple[str, int] | None:
        """The column that a heading names and the rank of its alias (0 is best). An alias with other words of the form
        around it (专技人员姓名, 手机号码/用户名) ranks behind every plain one."""
        if len(text) >= LONGEST_HEADING or self.unlike.search(text):
            return None
        folded = fold(text).translate(self.simple)
        plain = self.columns.get(folded) or self.columns.get(_NUMBERED.sub("", folded))
        if plain or len(folded) > LONGEST_DRESSED:
            return plain
        found = self.dressed.fullmatch(folded)
        if not found:
            return None
        key, rank = self.columns[found["core"]]
        return key, rank + DRESSED

    def is_alias(self, text: str) -> bool:
        """Whether a heading is a plain alias, without any other words."""
        found = self.column(text)
        return found is not None and found[1] < DRESSED

    def label(self, text: str) -> str | None:
        """The label that a whole cell names, with or without a colon behind it."""
        return self.labels.get(fold(text).translate(self.simple)) if len(text) < LONGEST_HEADING else None

    def labels_in(self, text: str) -> list[Spoken]:
        """Every `label: value` in a text, in order. A label without a colon counts only where it begins the text, and
        one without anything between only before a value that is plainly of its kind (单位名称重庆某某公司)."""
        plain = visible(text)
        said = plain.translate(self.simple)
        found = list(self.speech.finditer(said)) or list(self.opening.finditer(said))
        if not found:
            return self._glued(plain, said)
        ends = [match.start() for match in found[1:]] + [len(plain)]
        return [
            Spoken(self._key(match), value_in(plain[match.end() : end])) for match, end in zip(found, ends, strict=True)
        ]

    def _key(self, match: re.Match[str]) -> str:
        return self.spoken[squeeze(match["name"]).casefold()]

    def _glued(self, plain: str, said: str) -> list[Spoken]:
        found = self.glued.fullmatch(said)
        if not found or self.label(said):
            return []
        key, value = self._key(found), plain[found.start("value") :].strip()
        fits = self.names_unit(value) if key == "unit" else of_kind(key, value)
        return [Spoken(key, value)] if fits else []

    def names_unit(self, text: str) -> bool:
        """Whether a text can be nothing but the name of a unit, by its end; a part of a unit is none."""
        short = fold(text)
        if short in self.labels or self.organisers.search(short):
            return False
        return SHORTEST_UNIT <= len(short) <= LONGEST_UNIT and short.endswith(self.units) and not self.is_part(text)

    def unit_of_group(self, text: str) -> str | None:
        """The unit that a line of its own names (一、重庆某医院（12人）), `None` for any other line."""
        unit = group_in(visible(text))
        return unit if unit and self.names_unit(unit) else None

    def opens_group(self, text: str) -> bool:
        """Whether a line of its own names a unit, or a part of one (门诊部); a name of a person may look like the
        latter (王小组), and is none when it begins with a surname."""
        name = group_in(visible(text))
        if not name or self.names_unit(name):
            return name is not None
        return self.is_part(name) and len(fold(name)) > 1 and not (len(fold(name)) < 4 and fold(name)[0] in SURNAMES)

    def unit_in_title(self, text: str) -> str | None:
        """The unit that a title begins with (重庆某医院2020年学员报名名单), where one does."""
        short = self._short(text)
        ends = [found.start() for found in (self.titles.search(short), _ABOUT.search(short)) if found]
        name = squeeze(text)[: min(ends, default=0)]
        return name if self.names_unit(name) else None

    def is_part(self, text: str) -> bool:
        """Whether a text names a part of a unit (内科, 教务处)."""
        short = fold(text)
        return len(short) <= LONGEST_PART and short.endswith(self.departments)

    def is_title(self, text: str) -> bool:
        """Whether a text holds words of this form's title."""
        return self.titles.search(self._short(text)) is not None

    def other_form(self, text: str) -> str | None:
        """The text itself, when it holds the title or an own heading of another form."""
        return text.strip() if len(text) <= 80 and self.others.search(self._short(text)) else None

    def begins_total(self, text: str) -> bool:
        return self._short(text).startswith(self.totals)

    def begins_subtotal(self, text: str) -> bool:
        return self._short(text).startswith(self.subtotals) if self.subtotals else False

    def begins_note(self, text: str) -> bool:
        return self._short(text).startswith(self.notes)

    def is_example(self, text: str) -> bool:
        """Whether a text marks a sample row. A word of one character must stand alone."""
        short = squeeze(text)
        return any(word == short or (len(word) > 1 and word in short) for word in self.examples)

    def count_in(self, text: str) -> int | None:
        """The number of people that a text claims."""
        found = self.counts.search(self._short(text))
        return next(int(group) for group in found.groups() if group) if found else None

    def remark(self, text: str) -> RemarkWord | None:
        """The first remark word that decides, `None` for a remark that is only carried along."""
        return self.sayings.remark(self._short(text))

    def excludes(self, text: str) -> bool:
        """Whether a name or line says that the people there are not to be registered."""
        return self.sayings.excludes(text.translate(self.simple))

    def of_above(self, text: str) -> bool:
        """Whether a line says something against people above it without naming them."""
        return self.sayings.of_above(text.translate(self.simple))

    def question(self, heading: str) -> Question | None:
        """What a column asks about each person, where its heading asks."""
        return self.sayings.question(heading.translate(self.simple))

    def _short(self, text: str) -> str:
        return squeeze(text).translate(self.simple)


def year_in(text: str) -> int | None:
    """The last year (20xx年) that a title names."""
    found = _YEAR.findall(squeeze(text))
    return int(found[-1]) if found else None


def lexicon_of(form: Form) -> Lexicon:
    """The form compiled. Raises `ValueError` where one alias stands for two columns or two labels."""
    said = speech(form)
    return Lexicon(
        columns=_unique(
            (fold(alias), (key, rank))
            for key, named in form.columns.items()
            for rank, alias in enumerate(named.aliases)
        ),
        dressed=dressed(form),
        labels=_unique((fold(alias), key) for key, named in form.labels.items() for alias in named.aliases),
        speech=said.with_colon,
        opening=said.opening,
        glued=said.glued,
        spoken={squeeze(alias).casefold(): key for key, named in form.labels.items() for alias in named.aliases},
        titles=one_of(map(squeeze, form.titles)),
        others=one_of(squeeze(word) for words in form.other_titles.values() for word in words),
        totals=_squeezed(form.totals),
        subtotals=_squeezed(form.subtotals),
        notes=_squeezed(form.notes),
        examples=_squeezed(form.examples),
        counts=re.compile("|".join(re.escape(squeeze(p)).replace(r"\{n\}", r"(\d{1,6})") for p in form.count_pattern)),
        sayings=sayings_of(form),
        list_words=_squeezed(form.list_words),
        other_words=_squeezed(form.other_words),
        problems=form.problems,
        unlike=one_of(form.unlike),
        units=tuple(map(fold, form.units)),
        departments=tuple(map(fold, form.departments)),
        organisers=one_of(map(fold, form.organisers)),
        simple=str.maketrans({pair[0]: pair[1] for pair in form.variants}),
    )


def _unique(pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    out: dict[K, V] = {}
    for key, value in pairs:
        if out.setdefault(key, value) != value:
            raise ValueError(f"an alias stands twice in the form: {key}")
    return out


def _squeezed(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(squeeze(word) for word in words))
