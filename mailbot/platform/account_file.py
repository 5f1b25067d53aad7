"""The platform's export of its accounts: who is registered there, as far as the file tells."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mailbot.domain import identity, phone
from mailbot.domain.mail import Record
from mailbot.domain.ports import PortError
from mailbot.platform.ledger import Account
from mailbot.platform.table_file import HEADING_ROWS, cell_at, column_of, read_table

_SHIPPED: Final = Path(__file__).with_name("account_file.toml")


class _Headings(Record):
    """What the columns may be called, the preferred name first."""

    id_number: tuple[str, ...]
    phone: tuple[str, ...]
    name: tuple[str, ...]
    user_name: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountFile:
    """What the file told: its accounts, and the lines (from 1) that have something, but no ID number to trust."""

    accounts: tuple[Account, ...]
    unclear: tuple[int, ...]


def read_accounts(path: Path, today: date) -> AccountFile:
    """The accounts of an export. A value that is missing or no well-formed number stays unknown; `today` bounds birth
    dates. Raises `PortError` (no retry) for a file not understood."""
    headings = _Headings.model_validate(tomllib.loads(_SHIPPED.read_text("utf-8")))
    rows = read_table(path)
    top, columns = _columns(path.name, rows, headings)
    accounts: list[Account] = []
    unclear: list[int] = []
    for number, row in enumerate(rows[top:], start=top + 1):
        account = _account({name: cell_at(row, column) for name, column in columns.items()}, today)
        if account is not None:
            accounts.append(account)
        elif any(row):
            unclear.append(number)
    return AccountFile(tuple(accounts), tuple(unclear))


def _columns(name: str, rows: Sequence[Sequence[str]], headings: _Headings) -> tuple[int, dict[str, int | None]]:
    """The number of rows down to the headings, and the column of each value."""
    for number, row in enumerate(rows[:HEADING_ROWS], start=1):
        columns = {key: column_of(row, aliases) for key, aliases in headings}
        if columns["id_number"] is not None:
            return number, columns
    raise PortError(f"{name} has no row with the heading {'/'.join(headings.id_number)}", retry=False)


def _account(values: dict[str, str], today: date) -> Account | None:
    number = identity.normalise(values["id_number"]).text
    if identity.lost_digits(values["id_number"], from_text_table=True) or identity.inspect(number, today) is not None:
        return None
    mobile = phone.normalise(values["phone"]).text
    known = mobile if phone.is_mobile(mobile) else None
    return Account(number, known, values["name"] or None, values["user_name"] or None)
