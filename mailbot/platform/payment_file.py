"""A register of the old platforms' payments: order number, learner, year, amount, status, time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from mailbot.domain import identity
from mailbot.domain.chars import says_nothing
from mailbot.domain.lists import ListHead
from mailbot.domain.masking import mask_id
from mailbot.domain.records import order_key
from mailbot.platform.list_file import (
    LOST_REASON,
    BadRow,
    ListForm,
    ListTable,
    day_in,
    day_of,
    quoted,
    read_form,
    read_list,
)
from mailbot.platform.table_file import LOST, Markup

FORM: Final = Path(__file__).with_name("payment_file.toml")
_ORDER: Final = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_-]{4,}[0-9A-Za-z]")
_YEAR: Final = re.compile(r"(20[0-9]{2})\s*年?度?(?:\.0)?")
_MONEY: Final = re.compile(r"[¥￥]?\s*([0-9]{1,7}(?:,[0-9]{3})*(?:\.[0-9]+)?)\s*元?")
_VALUES: Final = ("name", "id_number", "year", "amount", "status", "paid_on")


class _Bad(Exception):
    """A cell that cannot be used; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """One order as a file tells it; `None` is what it does not tell. `amount` is `33.00`."""

    order_no: str
    name: str | None = None
    id_number: str | None = None
    year: int | None = None
    amount: str | None = None
    status: str | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """What a file told: its orders, the rows that were refused, and rows that name an order again. Where such rows say
    different things of an order (several years, several people) that thing is unknown."""

    head: ListHead
    dated_by: str
    table: ListTable
    payments: tuple[PaidOrder, ...]
    bad: tuple[BadRow, ...]
    repeated: tuple[int, ...]


def payment_form() -> ListForm:
    """The words of a register of payments."""
    return read_form(FORM)


def read_payments(
    path: Path,
    today: date,
    undated: date,
    as_of: date | None = None,
    *,
    others: Sequence[ListForm] = (),
    markup: Markup | None = None,
) -> PaymentFile:
    """The orders of a register, of the day `as_of`, else the one it tells, else `undated`; `today` bounds birth dates.
    Raises `PortError` (no retry) for a file that is none."""
    table = read_list(path, payment_form(), others, markup)
    day, dated_by, bad = day_of(table, as_of, undated)
    without = {row.line for row in bad}
    read: list[tuple[int, PaidOrder]] = []
    for line, row in table.rows:
        if line in without:
            continue
        try:
            read.append((line, _payment(table, row, today)))
        except _Bad as fault:
            bad.append(BadRow(line, str(fault)))
    kept, repeated = _settled(read)
    head = ListHead(table.name, table.sha256, day)
    return PaymentFile(head, dated_by, table, kept, tuple(sorted(bad, key=lambda row: row.line)), repeated)


def _payment(table: ListTable, row: Sequence[str], today: date) -> PaidOrder:
    return PaidOrder(
        order_no=_number(table, row),
        name=_said(table.cell(row, "name")),
        id_number=_person(table, row, today),
        year=_year(table.cell(row, "year")),
        amount=_amount(table.cell(row, "amount")),
        status=_status(table, row),
        paid_on=_paid_on(table.cell(row, "paid_on")),
    )


def _number(table: ListTable, row: Sequence[str]) -> str:
    cell = table.cell(row, "order_no")
    if cell == LOST or identity.lost_digits(cell, from_text_table=table.text):
        raise _Bad(f"订单号{LOST_REASON}")
    number = "".join(cell.split())
    if not number:
        raise _Bad("没有订单号")
    if _ORDER.fullmatch(number) is None:
        raise _Bad(f"{quoted(cell)}不是一个订单号")
    return number


def _person(table: ListTable, row: Sequence[str], today: date) -> str | None:
    cell = table.cell(row, "id_number")
    if cell == LOST or identity.lost_digits(cell, from_text_table=table.text):
        raise _Bad(f"身份证号码{LOST_REASON}")
    number = identity.normalise(cell).text
    fault = identity.inspect(number, today)
    if fault in (identity.IdFault.MISSING, identity.IdFault.MASKED):
        return None
    if fault is not None:
        raise _Bad(f"身份证号码“{mask_id(cell)}”不正确")
    return number


def _said(cell: str) -> str | None:
    return None if cell == LOST or says_nothing(cell) or "*" in cell else cell


def _year(cell: str) -> int | None:
    if says_nothing(cell):
        return None
    found = _YEAR.fullmatch(cell)
    if found is None:
        raise _Bad(f"年度{quoted(cell)}不是一个年度")
    return int(found[1])


def _amount(cell: str) -> str | None:
    if says_nothing(cell):
        return None
    found = _MONEY.fullmatch(cell)
    try:
        amount = Decimal(found[1].replace(",", "")) if found else None
    except InvalidOperation:
        amount = None
    if amount is None or amount != amount.quantize(Decimal("0.01")):
        raise _Bad(f"金额{quoted(cell)}不是金额" if cell != LOST else f"金额{LOST_REASON}")
    return f"{amount:.2f}"


def _status(table: ListTable, row: Sequence[str]) -> str | None:
    cell = table.cell(row, "status")
    if says_nothing(cell):
        return None
    meaning = table.form.meaning("status", cell)
    if meaning is None:
        raise _Bad(f"不认识的状态{quoted(cell)}")
    return meaning


def _paid_on(cell: str) -> date | None:
    if says_nothing(cell):
        return None
    found = day_in(cell)
    if found is None:
        raise _Bad(f"缴费时间{quoted(cell)}不是日期")
    return found


def _settled(read: Sequence[tuple[int, PaidOrder]]) -> tuple[tuple[PaidOrder, ...], tuple[int, ...]]:
    """Each order once, put together of all its rows. One order may pay for several years or people: what its rows say
    differently is nothing that the register tells of the order."""
    by_key: dict[str, list[tuple[int, PaidOrder]]] = {}
    for line, payment in read:
        by_key.setdefault(order_key(payment.order_no), []).append((line, payment))
    kept: list[PaidOrder] = []
    repeated: list[int] = []
    for same in by_key.values():
        told = [{getattr(payment, name) for _, payment in same} - {None} for name in _VALUES]
        kept.append(PaidOrder(same[0][1].order_no, *(found.pop() if len(found) == 1 else None for found in told)))
        repeated.extend(line for line, _ in same[1:])
    return tuple(kept), tuple(repeated)
