"""What a row keeps beside its clean values, so that it can be judged again when its sender amends one cell of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from mailbot.domain.document import Cell, Special
from mailbot.domain.outcome import ItemResult, Json
from mailbot.domain.records import Elsewhere, RosterRow

RAW: Final = "raw"
"""The key of the kept cells among an item's values; missing where the values say it all."""


def raws_of(row: RosterRow, *, text_table: bool) -> dict[str, object]:
    """The cells that are not what would be registered, and the marks of the row; empty for nearly every row."""
    kept: dict[str, object] = {}
    for key, cell, value in (
        ("name", row.raw_name, row.name),
        ("id_number", row.raw_id, row.id_number),
        ("phone", row.raw_phone, row.phone),
        ("sex", row.raw_sex, None),
        ("birth", row.raw_birth, None),
    ):
        if cell != value and not (type(cell) is int and str(cell) == value):
            kept[key] = _stored(cell)
    if row.hidden:
        kept["hidden"] = True
    if row.elsewhere is not Elsewhere.NO:
        kept["elsewhere"] = row.elsewhere.value
    if text_table and kept:
        kept["text_table"] = True
    return kept


def from_text_table(item: ItemResult) -> bool:
    """Whether the row was read from a table without cell types."""
    return bool(_kept(item.values).get("text_table"))


def row_of(item: ItemResult) -> RosterRow:
    """The row as it was read. Its columns are no longer known."""
    place, values, kept = item.place, item.values, _kept(item.values)
    name, number, phone = (_text(values.get(key)) for key in ("name", "id_number", "phone"))
    return RosterRow(
        row=_number(place.get("row"), item.number),
        panel=_number(place.get("panel"), 1),
        serial=_text(place.get("serial")),
        hidden=bool(kept.get("hidden")),
        raw_name=_cell(kept.get("name", name)),
        raw_id=_cell(kept.get("id_number", number)),
        raw_phone=_cell(kept.get("phone", phone)),
        raw_remark=_text(values.get("remark")),
        name=name,
        id_number=number,
        phone=phone,
        remark=_text(values.get("remark")),
        raw_sex=_cell(kept.get("sex")),
        raw_birth=_cell(kept.get("birth")),
        sheet=_text(place.get("sheet")),
        elsewhere=Elsewhere(str(kept.get("elsewhere", Elsewhere.NO.value))),
    )


def _kept(values: Json) -> Mapping[str, object]:
    kept = values.get(RAW)
    return kept if isinstance(kept, Mapping) else {}


def _stored(cell: Cell) -> object:
    if isinstance(cell, Special):
        return {"kind": cell.kind, "text": cell.text}
    return str(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell


def _cell(stored: object) -> Cell:
    if isinstance(stored, Mapping):
        return Special.model_validate(dict(stored))
    return stored if isinstance(stored, str | int | float | bool) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) else default
