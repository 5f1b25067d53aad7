"""The lists of one document before they are put together, and which of them only repeat a part of another: a sheet of
names and ID numbers for checking, an address list, the contacts of the units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.casetypes.roster.blocks import Block
from mailbot.casetypes.roster.fields import ANY_DAY, read_fields
from mailbot.casetypes.roster.folding import blank
from mailbot.casetypes.roster.rows import Raw
from mailbot.domain.document import Sheet

Values = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One block and the sheet it stands in."""

    sheet: Sheet
    block: Block
    number: int
    """The block's number within its sheet, from 1."""


def extracts(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that lack a column and tell nothing that a whole list of the document does not tell: every person
    stands there with the same values, or they are a list of contacts that only content made one."""
    whole = [piece for piece in pieces if not _lacks(piece, "id_number") and not _lacks(piece, "phone")]
    if not whole or len(whole) == len(pieces):
        return []
    known = [_values(raw) for piece in whole for raw in piece.block.people]
    by_key = {value: values for values in known for value in values[1:] if value}
    return [piece for piece in pieces if piece not in whole and (_contacts(piece) or _repeats(piece, by_key))]


def _lacks(piece: Piece, key: str) -> bool:
    return all(key not in columns for columns in piece.block.columns)


def _contacts(piece: Piece) -> bool:
    return piece.block.inferred and _lacks(piece, "id_number")


def _repeats(piece: Piece, by_key: dict[str, Values]) -> bool:
    return all(blank(raw.remark) and _told(_values(raw), by_key) for raw in piece.block.people)


def _told(values: Values, by_key: dict[str, Values]) -> bool:
    """Whether the person of the same number bears the same name, and no value differs."""
    person = next((by_key[value] for value in values[1:] if value in by_key), None)
    return person is not None and all(mine in (None, theirs) for mine, theirs in zip(values, person, strict=True))


def _values(raw: Raw) -> Values:
    fields = read_fields(raw.name, raw.id_number, raw.phone, ANY_DAY)
    return fields.name.value, fields.id_number.value, fields.phone.value
