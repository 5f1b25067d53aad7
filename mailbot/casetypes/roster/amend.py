"""Amendments of single rows (our own workbook filled in, a sentence in the mail) put into the list they speak of.

Nothing is guessed: what cannot be placed on exactly one row of the case, or contradicts itself, is a doubt, and then
nothing of the mail is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from mailbot.casetypes.roster.completed import known_header
from mailbot.casetypes.roster.fields import ANY_DAY, plain_values, read_fields
from mailbot.casetypes.roster.folding import fold, squeeze, text_of
from mailbot.casetypes.roster.header import header_of, heading_of
from mailbot.casetypes.roster.items import items_of
from mailbot.casetypes.roster.labels import LabelHit
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.raws import from_text_table, row_of
from mailbot.casetypes.roster.versions import same_values
from mailbot.domain.document import Cell
from mailbot.domain.kinds import Change, Following, Match, Merged
from mailbot.domain.outcome import CaseResult, ItemResult, Json
from mailbot.domain.ports import Hasher
from mailbot.domain.records import Amendment, RosterHeader, RosterRecord, RosterRow, Source
from mailbot.domain.states import GONE

_MASK: Final = "*"
Changes = dict[int, dict[str, Cell]]
"""By item number: the new cells by field."""


def amended(record: RosterRecord, case: CaseResult, hasher: Hasher, lexicon: Lexicon) -> Following[RosterRecord]:
    """The case's list with what the record amends in it."""
    old = [item for item in case.items if item.number > 0 and item.state not in GONE]
    changes, doubt = _placed(record.amendments, old)
    header = {key: cell for one in record.amendments if one.of_header for key, cell in one.values.items()}
    rows = tuple(_row(item, changes.get(item.number, {})) for item in old)
    whole = replace(
        record,
        source=_source(case.source),
        header=_header(case.header, header),
        rows=rows,
        columns=({},),
        text_table=any(from_text_table(item) for item in old),
        correction=False,
        amendments=(),
    )
    matches = tuple(
        Match(item, before.number, Change.UNCHANGED if same_values(item.values, before.values) else Change.CORRECTED)
        for item, before in zip(items_of(whole, hasher, lexicon), old, strict=True)
    )
    if not record.amendments:
        doubt = "发回的更正表没有填写任何内容，请联系来信人。"
    return Following(whole, Merged(matches, (), unclear=False), frozenset(header), doubt)


def _placed(amendments: Sequence[Amendment], old: Sequence[ItemResult]) -> tuple[Changes, str | None]:
    """Every amendment of a row on its item, and a doubt where one has no item of its own."""
    changes: Changes = {}
    for one in amendments:
        if one.of_header:
            continue
        named = [item for item in old if _names(one, item)]
        found = [item for item in named if item.place.get("sheet") == one.sheet] if len(named) > 1 else named
        if len(found) != 1:
            return {}, f"来信更正的{_called(one)}在原名单中{'不止一行' if named else '找不到'}，请人工核对。"
        cells = changes.setdefault(found[0].number, {})
        if any(key in cells and text_of(cells[key]) != text_of(cell) for key, cell in one.values.items()):
            return {}, f"来信对{_called(one)}的更正前后不一，请人工核对。"
        cells.update(one.values)
    return changes, None


def _names(one: Amendment, item: ItemResult) -> bool:
    """Whether everything by which an amendment names its row is the item's own."""
    place, values = item.place, item.values
    if one.item is not None:
        return one.item == item.number and (one.name is None or _is_name(one.name, values))
    return (
        (one.row is None or place.get("row") == one.row)
        and (one.panel is None or place.get("panel") == one.panel)
        and (one.serial is None or _serial(one.serial) == _serial(place.get("serial")))
        and (one.name is None or _is_name(one.name, values))
    )


def _serial(value: object) -> str:
    return squeeze(str(value or "")).removesuffix(".0")


def _is_name(said: str, values: Json) -> bool:
    """Whether a name, or the masked one that we showed (张*), is the row's; where no name can be known, a masked one
    tells nothing against it."""
    known = values.get("name")
    if not isinstance(known, str):
        return _MASK in said
    if _MASK in said:
        return squeeze(said).startswith(squeeze(known)[:1]) or said.startswith(_MASK)
    return fold(said) == fold(known)


def _called(one: Amendment) -> str:
    row = f"第{one.row}行" if one.row else ""
    serial = f"（序号{one.serial}）" if one.serial else ""
    return row + serial or "人员"


def _row(item: ItemResult, cells: Mapping[str, Cell]) -> RosterRow:
    """The item's row with new cells, read as any cell is."""
    row = row_of(item)
    if not cells:
        return row
    raw = (
        cells.get("name", row.raw_name),
        cells.get("id_number", row.raw_id),
        cells.get("phone", row.raw_phone),
    )
    values = plain_values(*raw)
    if values is None:
        fields = read_fields(*raw, ANY_DAY)
        name, number, mobile = fields.name.value, fields.id_number.value, fields.phone.value
    else:
        name, number, mobile = values
    return replace(row, raw_name=raw[0], raw_id=raw[1], raw_phone=raw[2], name=name, id_number=number, phone=mobile)


def _header(known: Json, cells: Mapping[str, Cell]) -> RosterHeader:
    """The case's header with new values."""
    header = known_header(known)
    if not cells:
        return header
    hits = [LabelHit(key, cell, 0, 0) for key, cell in cells.items()]
    new = header_of(heading_of(hits, None))
    return replace(
        header,
        unit=new.unit if "unit" in cells else header.unit,
        tax_id=new.tax_id if "tax_id" in cells else header.tax_id,
        order_no=new.order_no if "order_no" in cells else header.order_no,
        raw=new.raw,
    )


def _source(stored: Json) -> Source:
    """Where the list was read from that is amended."""
    member, sheet = stored.get("member"), stored.get("sheet")
    block, number = stored.get("block"), stored.get("number")
    attachment = stored.get("attachment")
    return Source(
        None if attachment is None else str(attachment),
        None if member is None else str(member),
        None if sheet is None else str(sheet),
        block if isinstance(block, int) else 1,
        number if isinstance(number, int) else 1,
    )
