"""The platform's list of people: who has an account there, who bought or was assigned a code, which years are done."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mailbot.domain import identity, phone
from mailbot.domain.chars import says_nothing
from mailbot.domain.lists import ListHead
from mailbot.domain.masking import mask_id
from mailbot.platform.known import FIELDS, Account, Group, groups_of
from mailbot.platform.list_file import LOST_REASON, BadRow, ListForm, ListTable, day_of, quoted, read_form, read_list
from mailbot.platform.table_file import LOST, Markup, cell_at

FORM: Final = Path(__file__).with_name("account_file.toml")
_YEARS: Final = re.compile(r"20\d\d")
_PLAIN_YEAR: Final = re.compile(r"(20\d\d)\s*年?度?(?:\.0)?")
_LABELS: Final = {
    "phone": "手机号码",
    "name": "姓名",
    "user_name": "用户名",
    "bought": "自行购买",
    "assigned": "已分配激活码",
    "completed": "已完成年度",
}
_WHY: Final = {
    identity.IdFault.MISSING: "没有身份证号码",
    identity.IdFault.MASKED: "身份证号码被遮盖",
    identity.IdFault.CHECKSUM: "身份证号码校验位不符",
    identity.IdFault.FIFTEEN_DIGIT: "身份证号码是15位旧号",
}


class _Bad(Exception):
    """A cell that cannot be used; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class AccountFile:
    """What a file told: its people, each once, the groups of values that it tells, and the rows that were refused."""

    head: ListHead
    dated_by: str
    table: ListTable
    accounts: tuple[Account, ...]
    groups: frozenset[Group]
    bad: tuple[BadRow, ...]
    repeated: tuple[int, ...]


def account_form() -> ListForm:
    """The words of a list of people."""
    return read_form(FORM)


def read_accounts(
    path: Path,
    today: date,
    as_of: date | None = None,
    *,
    undated: date | None = None,
    year: int | None = None,
    others: Sequence[ListForm] = (),
    markup: Markup | None = None,
) -> AccountFile:
    """The people of a list. A phone or name that is missing, masked or malformed stays unknown; `today` bounds birth
    dates. `undated` is the day of a list that tells none (else `today`), `year` is meant where a code or a study state
    names none (else `today`'s). Raises `PortError` (no retry) for a file that is none."""
    table = read_list(path, account_form(), others, markup)
    day, dated_by, bad = day_of(table, as_of, undated or today)
    without = {row.line for row in bad}
    read: list[tuple[int, Account]] = []
    for line, row in table.rows:
        if line in without:
            continue
        try:
            read.append((line, _Reader(table, row, year or today.year).account(today)))
        except _Bad as fault:
            bad.append(BadRow(line, str(fault)))
    kept, contrary, repeated = _settled(read)
    columns = [*table.columns, *(["study"] if table.years else [])]
    head = ListHead(table.name, table.sha256, day)
    refused = tuple(sorted([*bad, *contrary], key=lambda row: row.line))
    return AccountFile(head, dated_by, table, kept, groups_of(columns), refused, repeated)


def differing(one: Account, other: Account) -> str:
    """What two entries of one person say differently, in Chinese."""
    return "、".join(label for name, label in _LABELS.items() if getattr(one, name) != getattr(other, name))


class _Reader:
    """One row of the list."""

    def __init__(self, table: ListTable, row: Sequence[str], year: int) -> None:
        self._table, self._row = table, row
        self._year = self._row_year(year)

    def account(self, today: date) -> Account:
        """The person of the row. Raises `_Bad`."""
        bought, assigned = self._codes()
        mobile = phone.normalise(self._cell("phone")).text
        return Account(
            id_number=self._number(today),
            phone=mobile if phone.is_mobile(mobile) else None,
            name=self._word("name"),
            user_name=self._word("user_name"),
            bought=bought,
            assigned=assigned,
            completed=self._completed(),
        )

    def _cell(self, column: str) -> str:
        return self._table.cell(self._row, column)

    def _number(self, today: date) -> str:
        cell = self._cell("id_number")
        number = identity.normalise(cell).text
        if cell == LOST or identity.lost_digits(cell, from_text_table=self._table.text):
            raise _Bad(f"身份证号码{LOST_REASON}")
        fault = identity.inspect(number, today)
        if fault is not None:
            raise _Bad(_WHY.get(fault, "身份证号码不正确"))
        return number

    def _word(self, column: str) -> str | None:
        """A name as it is registered; one that is masked or missing is not known."""
        cell = self._cell(column)
        return None if cell == LOST or "*" in cell or says_nothing(cell) else cell

    def _row_year(self, default: int) -> int:
        cell = self._cell("year")
        if says_nothing(cell):
            return default
        found = _PLAIN_YEAR.fullmatch(cell)
        if found is None:
            raise _Bad(f"年度{quoted(cell)}不是一个年度")
        return int(found[1])

    def _codes(self) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
        bought, assigned = self._yearly("bought"), self._yearly("assigned")
        cell = self._cell("code")
        if "code" not in self._table.columns:
            return bought, assigned
        meaning = "none" if says_nothing(cell) else self._meaning("code", cell)
        mine = {"bought": (self._year,)}.get(meaning, ())
        given = {"assigned": (self._year,)}.get(meaning, ())
        return _union(bought, mine), _union(assigned, given)

    def _completed(self) -> tuple[int, ...] | None:
        done = _union(self._yearly("completed"), self._yearly("study"))
        for year, place in self._table.years.items():
            done = _union(done, self._done(cell_at(self._row, place), year))
        return done

    def _done(self, cell: str, year: int) -> tuple[int, ...]:
        said = not says_nothing(cell) and self._meaning("study", cell) == "yes"
        return (year,) if said else ()

    def _yearly(self, column: str) -> tuple[int, ...] | None:
        """The years of a cell: those it names, or the row's where it says yes; `None` where there is no such column."""
        if column not in self._table.columns:
            return None
        cell = self._cell(column)
        if says_nothing(cell):
            return ()
        named = _YEARS.findall(cell)
        if named and not _YEARS.sub("", cell).strip("年度、,;/ 和及"):
            return tuple(sorted({int(year) for year in named}))
        return (self._year,) if self._meaning(column, cell) == "yes" else ()

    def _meaning(self, column: str, cell: str) -> str:
        meaning = self._table.form.meaning(column, cell)
        if meaning is None:
            raise _Bad(f"不认识的{self._table.form.columns[column].label}{quoted(cell)}")
        return meaning


def _union(one: tuple[int, ...] | None, other: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return one if other is None else tuple(sorted({*(one or ()), *other}))


def _settled(read: Sequence[tuple[int, Account]]) -> tuple[tuple[Account, ...], list[BadRow], tuple[int, ...]]:
    """Each person once, with the years of all rows. Rows that contradict each other are refused, all of them: one
    number with several names or phones, one phone with several numbers."""
    by_id: dict[str, list[tuple[int, Account]]] = defaultdict(list)
    for line, account in read:
        by_id[account.id_number].append((line, account))
    shared = _shared_phones(read)
    kept: list[Account] = []
    bad: list[BadRow] = []
    repeated: list[int] = []
    for same in by_id.values():
        why = _contrary(same, shared)
        if why:
            bad.extend(BadRow(line, why) for line, _ in same)
            continue
        kept.append(_together(same))
        repeated.extend(line for line, again in same[1:] if again == same[0][1])
    return tuple(kept), bad, tuple(repeated)


def _shared_phones(read: Sequence[tuple[int, Account]]) -> dict[str, list[int]]:
    """The lines of each phone that several people have."""
    lines: dict[str, list[int]] = defaultdict(list)
    holders: dict[str, set[str]] = defaultdict(set)
    for line, account in read:
        if account.phone:
            lines[account.phone].append(line)
            holders[account.phone].add(account.id_number)
    return {number: lines[number] for number, people in holders.items() if len(people) > 1}


def _contrary(same: Sequence[tuple[int, Account]], shared: Mapping[str, Sequence[int]]) -> str:
    """Why a person's rows cannot be used, empty where they can."""
    told = {name: {getattr(account, name) for _, account in same} - {None} for name in FIELDS[Group.ACCOUNT]}
    several = "、".join(_LABELS[name] for name, values in told.items() if len(values) > 1)
    if several:
        rows = "、".join(str(line) for line, _ in same)
        return f"第 {rows} 行是同一身份证号码（{mask_id(same[0][1].id_number)}），而{several}不同"
    lines = next((shared[one.phone] for _, one in same if one.phone is not None and one.phone in shared), [])
    return f"第 {'、'.join(map(str, lines[:10]))} 行是同一手机号码，而身份证号码不同" if lines else ""


def _together(same: Sequence[tuple[int, Account]]) -> Account:
    account = same[0][1]
    for _, other in same[1:]:
        account = replace(
            account,
            phone=account.phone or other.phone,
            name=account.name or other.name,
            user_name=account.user_name or other.user_name,
            bought=_union(account.bought, other.bought),
            assigned=_union(account.assigned, other.assigned),
            completed=_union(account.completed, other.completed),
        )
    return account
