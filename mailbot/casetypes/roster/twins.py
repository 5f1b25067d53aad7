"""Rows of one roster against each other: exact duplicates, one ID number for several people, one phone for several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mailbot.casetypes.roster.fields import ANY_DAY, read_id
from mailbot.casetypes.roster.folding import fold, text_of
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.domain.records import RosterRow


@dataclass(frozen=True, slots=True)
class Twins:
    """Row numbers (from 1) of the record. A duplicate is a later row that says the same as an earlier one; its twin
    keeps the account. Rows in conflict share a number and differ in what it stands for."""

    duplicates: frozenset[int]
    id_conflicts: frozenset[int]
    phone_conflicts: frozenset[int]


def twins_of(rows: Sequence[RosterRow], lexicon: Lexicon) -> Twins:
    """The twins of a record's rows."""
    by_id = _groups(rows, _id_text)
    by_phone = _groups(rows, lambda row: row.phone)
    duplicates = set[int]()
    conflicts = set[int]()
    for numbers in by_id:
        said = defaultdict[tuple[str, str, str], list[int]](list)
        for number in numbers:
            said[_says(rows[number - 1], lexicon)].append(number)
        if len(said) > 1:
            conflicts.update(numbers)
        else:
            duplicates.update(numbers[1:])
    shared = {n for numbers in by_phone if len({_who(rows[n - 1]) for n in numbers}) > 1 for n in numbers}
    return Twins(frozenset(duplicates), frozenset(conflicts), frozenset(shared))


def _groups(rows: Sequence[RosterRow], key: Callable[[RosterRow], str | None]) -> list[list[int]]:
    """The numbers of rows that share a key, for keys that several share; rows without one share nothing."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows, start=1):
        value = key(row)
        if value:
            found.setdefault(value, []).append(number)
    return [numbers for numbers in found.values() if len(numbers) > 1]


def _id_text(row: RosterRow) -> str | None:
    """The ID number; one that cannot be registered counts too, when it has an ID number's length at least."""
    if row.id_number:
        return row.id_number
    text = text_of(row.raw_id)
    return read_id(row.raw_id, ANY_DAY).text if isinstance(row.raw_id, str) and len(text) >= 15 else None


def _says(row: RosterRow, lexicon: Lexicon) -> tuple[str, str, str]:
    """What a row says of the person; a remark counts only when it decides."""
    word = lexicon.remark(row.remark) if row.remark else None
    return (
        row.name or fold(text_of(row.raw_name)),
        row.phone or fold(text_of(row.raw_phone)),
        word.word if word else "",
    )


def _who(row: RosterRow) -> str:
    return row.id_number or fold(text_of(row.raw_id)) or row.name or fold(text_of(row.raw_name))
