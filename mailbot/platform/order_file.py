"""The platform's list of orders: order number, unit, tax number, how many codes, whether paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mailbot.domain import identity, taxid
from mailbot.domain.chars import says_nothing
from mailbot.domain.lists import ListHead, Order
from mailbot.platform.list_file import LOST_REASON, BadRow, ListForm, ListTable, day_of, quoted, read_form, read_list
from mailbot.platform.table_file import LOST, Markup

FORM: Final = Path(__file__).with_name("order_file.toml")
_ORDER: Final = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_-]{4,}[0-9A-Za-z]")
_COUNT: Final = re.compile(r"(\d{1,7})(?:\.0+)?\s*[个人份]?")
_LABELS: Final = {"unit": "单位", "tax_id": "纳税人识别号", "codes": "激活码数量", "paid": "缴费状态"}
_VALUES: Final = tuple(_LABELS)


class _Bad(Exception):
    """A cell that cannot be used; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class OrderFile:
    """What a file told: its orders, each with its line, the rows that were refused, and rows that say again what an
    earlier one said. `dated_by` is whence its day is known."""

    head: ListHead
    dated_by: str
    table: ListTable
    orders: tuple[Order, ...]
    bad: tuple[BadRow, ...]
    repeated: tuple[int, ...]


def order_form() -> ListForm:
    """The words of a list of orders."""
    return read_form(FORM)


def read_orders(
    path: Path,
    undated: date,
    as_of: date | None = None,
    *,
    others: Sequence[ListForm] = (),
    markup: Markup | None = None,
) -> OrderFile:
    """The orders of a list, of the day `as_of`, else the one it tells, else `undated`. Raises `PortError` (no retry)
    for a file that is none."""
    table = read_list(path, order_form(), others, markup)
    day, dated_by, bad = day_of(table, as_of, undated)
    without = {row.line for row in bad}
    read: list[tuple[int, Order]] = []
    for line, row in table.rows:
        if line in without:
            continue
        try:
            read.append((line, _order(table, row)))
        except _Bad as fault:
            bad.append(BadRow(line, str(fault)))
    kept, contrary, repeated = _settled(read)
    bad = sorted([*bad, *contrary], key=lambda row: row.line)
    head = ListHead(table.name, table.sha256, day)
    return OrderFile(head, dated_by, table, kept, tuple(bad), repeated)


def differing(one: Order, other: Order) -> str:
    """What two entries of one order say differently, in Chinese."""
    return "、".join(_LABELS[name] for name in _VALUES if getattr(one, name) != getattr(other, name))


def _order(table: ListTable, row: Sequence[str]) -> Order:
    return Order(
        order_no=_number(table.cell(row, "order_no"), text=table.text),
        unit=_said(table.cell(row, "unit")),
        tax_id=_tax(table.cell(row, "tax_id"), text=table.text),
        codes=_count(table.cell(row, "codes")),
        paid=_paid(table, row),
    )


def _number(cell: str, *, text: bool) -> str:
    if cell == LOST or identity.lost_digits(cell, from_text_table=text):
        raise _Bad(f"订单号{LOST_REASON}")
    number = "".join(cell.split())
    if not number:
        raise _Bad("没有订单号")
    if _ORDER.fullmatch(number) is None:
        raise _Bad(f"{quoted(cell)}不是一个订单号")
    return number


def _said(cell: str) -> str | None:
    return None if cell == LOST or says_nothing(cell) else cell


def _tax(cell: str, *, text: bool) -> str | None:
    if cell == LOST or identity.lost_digits(cell, from_text_table=text):
        raise _Bad(f"纳税人识别号{LOST_REASON}")
    number = taxid.normalise(cell).text
    if says_nothing(number):
        return None
    if taxid.inspect(number) is taxid.TaxFault.FORMAT:
        raise _Bad(f"{quoted(cell)}不是15位或18位的纳税人识别号")
    return number


def _count(cell: str) -> int | None:
    if says_nothing(cell):
        return None
    found = _COUNT.fullmatch(cell)
    if found is None:
        raise _Bad(f"激活码数量{quoted(cell)}不是个数" if cell != LOST else f"激活码数量{LOST_REASON}")
    return int(found[1])


def _paid(table: ListTable, row: Sequence[str]) -> bool | None:
    cell = table.cell(row, "paid")
    if says_nothing(cell):
        return None
    meaning = table.form.meaning("paid", cell)
    if meaning is None:
        raise _Bad(f"不认识的缴费状态{quoted(cell)}")
    return meaning == "yes"


def _settled(read: Sequence[tuple[int, Order]]) -> tuple[tuple[Order, ...], list[BadRow], tuple[int, ...]]:
    """Each order once, put together of all its rows. Rows that contradict each other are refused, all of them."""
    by_key: dict[str, list[tuple[int, Order]]] = {}
    for line, order in read:
        by_key.setdefault(order.key, []).append((line, order))
    kept: list[Order] = []
    bad: list[BadRow] = []
    repeated: list[int] = []
    for same in by_key.values():
        told = {name: {getattr(order, name) for _, order in same} - {None} for name in _VALUES}
        contrary = "、".join(_LABELS[name] for name, values in told.items() if len(values) > 1)
        if contrary:
            lines = "、".join(str(line) for line, _ in same)
            bad.extend(BadRow(line, f"第 {lines} 行是同一订单号，而{contrary}不同") for line, _ in same)
            continue
        values = {name: next(iter(found)) for name, found in told.items() if found}
        kept.append(replace(same[0][1], **values))
        repeated.extend(line for line, _ in same[1:])
    return tuple(kept), bad, tuple(repeated)
