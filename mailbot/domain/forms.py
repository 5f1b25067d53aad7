"""A form as data: the names its columns and labels go by, out of
rules/forms/*.toml. A renamed column is one alias there."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailbot.domain.mail import Record


class Named(Record):
    """One column or label: its Chinese name in letters and every alias it was seen under (compared after folding
    spaces, punctuation, brackets with their content, and width)."""

    label: str
    aliases: tuple[str, ...] = Field(min_length=1)
    required: bool = False


class RemarkWord(Record):
    """A remark that decides: when the cell holds `word`, a person looks. `label` says why, in Chinese."""

    word: str
    label: str


class Question(Record):
    """A column that asks about each person (是否参加). It is told by a whole heading of `headings`, or by one of
    `words` in a heading that asks (是否…, …与否); without either every such heading is meant. An answer of `fine` says
    nothing against the person; nor does an empty cell, unless `marks` is set and somebody else's answer is a fine one
    (those who come are ticked). Any other answer decides, for the reason of `label`; without a label none does. With
    `year` the answer is a year, and any but the newest of the list decides."""

    headings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    fine: tuple[str, ...] = ()
    marks: bool = False
    year: bool = False
    label: str | None = None


class Form(Record):
    """One form. `titles` are words of its title line; `other_titles` name other forms (kind ->
    words) so that the wrong form is told apart; `totals` and `notes` begin rows that are no
    people (`subtotals` count a part of them only); `examples` mark sample rows. `before` and
    `behind` are words that a required column's heading may carry around its alias; a heading with
    a word of `unlike` (脱敏) is no column at all. `units` and `departments` are what the names of
    units and of their parts end in, `organisers` the names of the office, which sends no list. `variants` are
    pairs of characters, each a traditional one and the simple one that the aliases are written with."""

    kind: str
    titles: tuple[str, ...]
    columns: dict[str, Named]
    labels: dict[str, Named]
    other_titles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    totals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    subtotals: tuple[str, ...] = ()
    count_pattern: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    remarks: tuple[RemarkWord, ...] = ()
    questions: tuple[Question, ...] = ()
    """The first that fits a heading counts."""
    excluding: tuple[str, ...] = ()
    """Words in the name of a file or sheet, or in a line of its own, by which the people there are not to be
    registered. `including` are words that turn such a line into its opposite, or into an instruction (不含, 请)."""
    including: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    organisers: tuple[str, ...] = ()
    variants: tuple[Annotated[str, Field(min_length=2, max_length=2)], ...] = ()
    list_words: tuple[str, ...] = ()
    """Words in a subject, text or file name by which a mail says that it brings a list; `other_words` say that it is
    about something else."""
    other_words: tuple[str, ...] = ()
    problems: dict[str, str] = Field(default_factory=dict)
    """What is said of a part that cannot be read: by media type, else by the kind of fault."""
    says: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """What a letter's own words may mean (`domain.intents`), and the phrases that say so."""
    source: str = Field(min_length=1)
