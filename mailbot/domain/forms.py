"""A form as data: the names its columns and labels go by, out of
rules/forms/*.toml. A renamed column is one alias there."""

from __future__ import annotations

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


class Form(Record):
    """One form. `titles` are words of its title line; `other_titles` name other forms (kind ->
    words) so that the wrong form is told apart; `totals` and `notes` begin rows that are no
    people (`subtotals` count a part of them only); `examples` mark sample rows. `before` and
    `behind` are words that a required column's heading may carry around its alias."""

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
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    source: str = Field(min_length=1)
