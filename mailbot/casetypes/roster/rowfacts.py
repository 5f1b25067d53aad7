"""The facts of one row, in the order of the vocabulary `row`.

Nearly every row of a real roster is clean, and says so by its values being its cells; only the others are read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.casetypes.roster.fields import LABELS, Fields, Value, read_fields
from mailbot.casetypes.roster.folding import text_of
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.likeness import ids_inside, phones_inside
from mailbot.casetypes.roster.persons import person_facts
from mailbot.casetypes.roster.twins import Twins, twins_of
from mailbot.domain import crosscheck, identity
from mailbot.domain.document import Cell
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.row import ROW
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation, Subject
from mailbot.domain.records import RosterRecord, RosterRow

_AT: Final = ROW.index
_PLAIN_NAME: Final = re.compile("[\u4e00-\u9fff]{2,4}")
_OTHER_NUMBER: Final = "备注里另有号码"
_CLEAN: Final[tuple[FactValue, ...]] = tuple(False if fact.type == "bool" else None for fact in ROW)
"""A row with nothing to be said about it."""

_NUMBER, _SERIAL, _HIDDEN = _AT["row.number"], _AT["row.serial"], _AT["row.hidden"]
_NAME, _NAME_RAW = _AT["name.clean"], _AT["name.raw"]
_ID, _ID_RAW, _CHARACTERS, _AGE = _AT["id.clean"], _AT["id.raw"], _AT["id.characters"], _AT["id.age"]
_PHONE, _PHONE_RAW = _AT["phone.clean"], _AT["phone.raw"]


def row_subjects(record: RosterRecord, situation: Situation, lexicon: Lexicon) -> Iterator[Subject]:
    """One subject a row, numbered from 1. ID numbers are judged on the office's day on which the mail arrived."""
    today = situation.received_at.astimezone(ZoneInfo(situation.campaign.office.zone)).date()
    twins = twins_of(record.rows, lexicon)
    for number, row in enumerate(record.rows, start=1):
        facts = list(_CLEAN)
        facts[_NUMBER], facts[_SERIAL] = row.row, row.serial
        facts[_HIDDEN] = UNKNOWN if record.light else row.hidden
        if _is_clean(row, today):
            _put_clean(facts, row, today)
        else:
            _put_read(facts, row, today, text_table=record.text_table)
        _put_checks(facts, row)
        _put_twins(facts, number, twins)
        if row.remark:
            _put_remark(facts, row, lexicon)
        person_facts(facts, row, situation)
        yield Subject("row", number, facts)


def _is_clean(row: RosterRow, today: date) -> bool:
    """Whether reading this row found nothing to repair and nothing wrong, told without reading it again."""
    number = row.id_number
    return (
        number is not None
        and row.name is not None
        and row.phone is not None
        and row.raw_name == row.name
        and row.raw_id == number
        and (row.raw_phone == row.phone or (type(row.raw_phone) is int and str(row.raw_phone) == row.phone))
        and len(number) == 18
        and number[0] != "9"
        and number[6:14] <= f"{today:%Y%m%d}"
        and _PLAIN_NAME.fullmatch(row.name) is not None
    )


def _put_clean(facts: list[FactValue], row: RosterRow, today: date) -> None:
    number = row.id_number or ""
    facts[_NAME] = facts[_NAME_RAW] = row.name
    facts[_ID] = facts[_ID_RAW] = number
    facts[_PHONE] = facts[_PHONE_RAW] = row.phone
    facts[_CHARACTERS] = len(number)
    facts[_AGE] = identity.age(number, today)


def _put_read(facts: list[FactValue], row: RosterRow, today: date, *, text_table: bool) -> None:
    """Every fault and repair of the three cells."""
    fields = read_fields(row.raw_name, row.raw_id, row.raw_phone, today, text_table=text_table)
    values = {"name": fields.name, "id": fields.id_number, "phone": fields.phone}
    raws: dict[str, Cell] = {"name": row.raw_name, "id": row.raw_id, "phone": row.raw_phone}
    for prefix, value in values.items():
        facts[_AT[f"{prefix}.raw"]] = text_of(raws[prefix]) or None
        facts[_AT[f"{prefix}.clean"]] = value.value
        for word in value.faults | value.changes:
            facts[_AT[f"{prefix}.{word}"]] = True
    facts[_CHARACTERS] = len(fields.id_number.text)
    facts[_AT["row.swapped"]], facts[_AT["row.merged"]] = fields.swapped, fields.merged
    if _is_number(fields.id_number):
        facts[_AGE] = identity.age(fields.id_number.text, today)
    _put_special(facts, fields)


def _is_number(value: Value) -> bool:
    return value.value is not None and not value.faults and len(value.value) == 18


def _put_special(facts: list[FactValue], fields: Fields) -> None:
    values = {"name": fields.name, "id_number": fields.id_number, "phone": fields.phone}
    special = {key: value.special for key, value in values.items() if value.special}
    if special:
        facts[_AT["cell.error"]] = "error" in special.values()
        facts[_AT["cell.no_value"]] = "no_value" in special.values()
        facts[_AT["cell.columns"]] = "、".join(LABELS[key] for key in special)


def _put_checks(facts: list[FactValue], row: RosterRow) -> None:
    """What the number says against the region list and the extra columns. Only a number without a fault is asked."""
    number = facts[_ID]
    if not isinstance(number, str) or facts[_AGE] is None:
        return
    facts[_AT["id.region_unknown"]] = not identity.region_known(number)
    if row.raw_sex is not None:
        facts[_AT["id.sex_mismatch"]] = crosscheck.sex_differs(number, row.raw_sex) is True
    if row.raw_birth is not None:
        facts[_AT["id.birth_mismatch"]] = crosscheck.birth_differs(number, row.raw_birth) is True


def _put_twins(facts: list[FactValue], number: int, twins: Twins) -> None:
    if number in twins.duplicates:
        facts[_AT["row.duplicate"]] = True
    if number in twins.id_conflicts:
        facts[_AT["id.conflict"]] = True
    if number in twins.phone_conflicts:
        facts[_AT["phone.duplicate"]] = True


def _put_remark(facts: list[FactValue], row: RosterRow, lexicon: Lexicon) -> None:
    """A remark decides by a word of the form, or by holding another number than the row's own (新号 139…)."""
    remark = row.remark or ""
    facts[_AT["row.remark"]] = remark
    word = lexicon.remark(remark)
    others = {*phones_inside(remark), *ids_inside(remark)} - {row.phone, row.id_number}
    if word or others:
        facts[_AT["row.remark_decides"]] = True
        facts[_AT["row.remark_reason"]] = word.label if word else _OTHER_NUMBER
