"""The staff's queue, in which whoever floods it has one row: nobody's thousand mails hide another's one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from mailbot.domain.mail import MailState
from mailbot.domain.states import ItemState
from mailbot.ledger.db import Database
from mailbot.ledger.lines import CaseLine, MailLine
from mailbot.ledger.queries import LIMIT, case_lines, mail_lines
from mailbot.ledger.tables.case import Role, case_mails, cases
from mailbot.ledger.tables.mail import mails

FEW: Final = 10
"""Rows that one sender may have: a county's bureau sends the lists of some schools, and each of them is looked at."""


@dataclass(frozen=True, slots=True)
class Heaps:
    """Lists in which a sender with more than `FEW` rows has one, which says how many there are behind it. The sender is
    the lane of the queue of mails: the address in From."""

    db: Database

    def cases(
        self, states: Sequence[ItemState], *, due_by: datetime | None = None, limit: int = LIMIT
    ) -> list[CaseLine]:
        """Cases in these states, those due first; with `due_by` only those due until then."""
        order = (cases.c.due_at.is_(None), cases.c.due_at, cases.c.id)
        with self.db.read() as conn:
            found = _first(conn, _of_cases(states, due_by, order), limit)
            lines = case_lines(conn, select(cases).where(cases.c.id.in_(list(found))).order_by(*order))
        return [replace(line, sender=found[line.id][0], more=found[line.id][1]) for line in lines]

    def mails(
        self, states: Sequence[MailState], *, since: datetime | None = None, limit: int = LIMIT
    ) -> list[MailLine]:
        """Mails in these states, the latest first; with `since` only those that arrived since then."""
        order = (mails.c.id.desc(),)
        with self.db.read() as conn:
            found = _first(conn, _of_mails(states, since, order), limit)
            lines = mail_lines(conn, select(mails).where(mails.c.id.in_(list(found))).order_by(*order))
        return [replace(line, more=found[line.id][1]) for line in lines]

    def of_sender(self, address: str, states: Sequence[ItemState] = (), *, limit: int = LIMIT) -> list[CaseLine]:
        """The cases that one sender opened, those due first."""
        opened = select(case_mails.c.case_id).join(mails, mails.c.id == case_mails.c.mail_id)
        opened = opened.where(case_mails.c.role == Role.OPENS.value, mails.c.lane == address.casefold())
        query = select(cases).where(cases.c.id.in_(opened), *_in_states(cases.c.state, states))
        ordered = query.order_by(cases.c.due_at.is_(None), cases.c.due_at, cases.c.id).limit(limit)
        with self.db.read() as conn:
            return [replace(line, sender=address) for line in case_lines(conn, ordered)]


def _in_states(column: ColumnElement[Any], states: Sequence[ItemState | MailState]) -> list[ColumnElement[bool]]:
    return [column.in_([state.value for state in states])] if states else []


def _of_cases(states: Sequence[ItemState], due_by: datetime | None, order: Sequence[Any]) -> Select[Any]:
    opened = (case_mails.c.case_id == cases.c.id) & (case_mails.c.role == Role.OPENS.value)
    query = _ranked(cases.c.id, order).join(case_mails, opened, isouter=True)
    query = query.join(mails, mails.c.id == case_mails.c.mail_id, isouter=True).where(
        *_in_states(cases.c.state, states)
    )
    return query if due_by is None else query.where(cases.c.due_at <= due_by)


def _of_mails(states: Sequence[MailState], since: datetime | None, order: Sequence[Any]) -> Select[Any]:
    query = _ranked(mails.c.id, order).where(*_in_states(mails.c.state, states))
    return query if since is None else query.where(mails.c.received_at >= since)


def _ranked(key: ColumnElement[Any], order: Sequence[Any]) -> Select[Any]:
    """Every row with its sender, its place among the rows of that sender, how many those are, and its place in all."""
    return select(
        key.label("key"),
        mails.c.lane.label("lane"),
        func.row_number().over(partition_by=mails.c.lane, order_by=order).label("place"),
        func.count().over(partition_by=mails.c.lane).label("total"),
        func.row_number().over(order_by=order).label("turn"),
    ).select_from(key.table)


def _first(conn: Connection, ranked: Select[Any], limit: int) -> Mapping[Any, tuple[str, int]]:
    """The rows to show, by their key: the sender, and how many more stand behind this one."""
    rows = ranked.subquery()
    shown = (rows.c.total <= FEW) | (rows.c.place == 1)
    query = select(rows.c.key, rows.c.lane, rows.c.total).where(shown).order_by(rows.c.turn).limit(limit)
    return {key: (lane or "", total - 1 if total > FEW else 0) for key, lane, total in conn.execute(query)}
