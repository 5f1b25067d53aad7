"""What people look at: lists and counts for the shell, the console and the digest. Reading only, whole values.

Whoever shows a value masks it. Lists are bounded by `limit` and served by an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Select, Table, func, select

from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.domain.states import ItemState
from mailbot.ledger.codec import chunks
from mailbot.ledger.db import Database
from mailbot.ledger.lines import (
    CaseLine,
    Counts,
    EffectLine,
    EventLine,
    LetterLine,
    MailLine,
    case_line,
    effect_line,
    event_line,
    letter_line,
    mail_line,
)
from mailbot.ledger.settings import mode, paused
from mailbot.ledger.settle import RUNNING
from mailbot.ledger.tables.case import case_mails, cases, items
from mailbot.ledger.tables.journal import event_details, events
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import effects, letter_cases, letters
from mailbot.ledger.versions import VersionLine, versions_of

LIMIT = 500
LARGEST = 2**63
"""No row has a number as large: SQLite's are of 64 bits with a sign."""


@dataclass(frozen=True, slots=True)
class Queries:
    """The readers' side of the ledger."""

    db: Database

    def cases(
        self, states: Sequence[ItemState] = (), *, due_by: datetime | None = None, limit: int = LIMIT
    ) -> list[CaseLine]:
        """Cases by state (all without one), those due first; with `due_by` only those due until then."""
        query = select(cases)
        if states:
            query = query.where(cases.c.state.in_([state.value for state in states]))
        if due_by is not None:
            query = query.where(cases.c.due_at <= due_by)
        with self.db.read() as conn:
            ordered = query.order_by(cases.c.due_at.is_(None), cases.c.due_at, cases.c.id)
            return case_lines(conn, ordered.limit(limit))

    def due(self, until: datetime, *, limit: int = LIMIT) -> list[CaseLine]:
        """Cases whose clock runs and that are due until then."""
        return self.cases([ItemState(state) for state in RUNNING], due_by=until, limit=limit)

    def mails(self, states: Sequence[MailState] = (), *, limit: int = LIMIT) -> list[MailLine]:
        """Mails by state (all without one), the latest first."""
        query = select(mails)
        if states:
            query = query.where(mails.c.state.in_([state.value for state in states]))
        with self.db.read() as conn:
            return mail_lines(conn, query.order_by(mails.c.id.desc()).limit(limit))

    def mail(self, mail_id: int) -> MailLine:
        """One mail. Raises `LookupError` for one that does not exist."""
        with self.db.read() as conn:
            found = mail_lines(conn, select(mails).where(mails.c.id == mail_id)) if mail_id < LARGEST else []
        if not found:
            raise LookupError(f"there is no mail {mail_id}")
        return found[0]

    def arrived(self, since: datetime | None, last: int | None) -> list[MailLine]:
        """The mails that arrived since then (all without it), the last so many of them, in the order of their rows."""
        query = select(mails.c.id)
        if since is not None:
            query = query.where(mails.c.received_at >= since)
        ids = query.order_by(mails.c.id.desc()).limit(last)
        with self.db.read() as conn:
            return mail_lines(conn, select(mails).where(mails.c.id.in_(ids)).order_by(mails.c.id))

    def mails_with(self, sha256: str) -> list[MailLine]:
        """Every mail with exactly these bytes, the first one first: what `process` prints again."""
        with self.db.read() as conn:
            return mail_lines(conn, select(mails).where(mails.c.sha256 == sha256).order_by(mails.c.id))

    def effects(
        self, states: Sequence[EffectState], *, draft: bool | None = None, limit: int = LIMIT
    ) -> list[EffectLine]:
        """Effects in these states, oldest first; with `draft` only (no) drafts."""
        query = select(effects).where(effects.c.state.in_([state.value for state in states]))
        if draft is not None:
            query = query.where(effects.c.draft.is_(draft))
        with self.db.read() as conn:
            rows = conn.execute(query.order_by(effects.c.not_before).limit(limit)).mappings()
            return [effect_line(row) for row in rows]

    def letters(
        self, states: Sequence[EffectState], *, draft: bool | None = None, limit: int = LIMIT
    ) -> list[LetterLine]:
        """Letters in these states, oldest first; with `draft` only (no) drafts."""
        query = select(letters).where(letters.c.state.in_([state.value for state in states]))
        if draft is not None:
            query = query.where(letters.c.draft.is_(draft))
        with self.db.read() as conn:
            return _letter_lines(conn, query.order_by(letters.c.planned_at, letters.c.key).limit(limit))

    def versions(self, case_id: str) -> list[VersionLine]:
        """The frozen versions of a case, the first one first."""
        with self.db.read() as conn:
            return versions_of(conn, case_id)

    def letter(self, key: str) -> LetterLine:
        """One letter. Raises `LookupError` for one that does not exist."""
        with self.db.read() as conn:
            found = _letter_lines(conn, select(letters).where(letters.c.key == key))
        if not found:
            raise LookupError(f"there is no letter {key}")
        return found[0]

    def letters_of_case(self, case_id: str) -> list[LetterLine]:
        """The letters that tell of a case, oldest first."""
        joined = select(letters).join(letter_cases, letter_cases.c.letter_key == letters.c.key)
        query = joined.where(letter_cases.c.case_id == case_id).order_by(letters.c.planned_at, letters.c.key)
        with self.db.read() as conn:
            return _letter_lines(conn, query)

    def letters_of_mail(self, mail_id: int) -> list[LetterLine]:
        """The letters that answer a mail, oldest first."""
        query = select(letters).where(letters.c.mail_id == mail_id).order_by(letters.c.planned_at, letters.c.key)
        with self.db.read() as conn:
            return _letter_lines(conn, query)

    def events_of(self, *, case_id: str | None = None, mail_id: int | None = None) -> list[EventLine]:
        """What happened to a case or a mail, in order."""
        joined = events.outerjoin(event_details, event_details.c.event_id == events.c.id)
        query = select(events, event_details.c.detail).select_from(joined).order_by(events.c.id)
        query = query.where(events.c.case_id == case_id) if case_id else query.where(events.c.mail_id == mail_id)
        with self.db.read() as conn:
            return [event_line(row) for row in conn.execute(query).mappings()]

    def last_event_at(self) -> datetime | None:
        """When anything happened last, `None` where nothing ever did."""
        with self.db.read() as conn:
            return conn.execute(select(events.c.at).order_by(events.c.id.desc()).limit(1)).scalar_one_or_none()

    def counts(self) -> Counts:
        """How much of everything stands where."""
        with self.db.read() as conn:
            waiting = select(func.min(mails.c.received_at)).where(mails.c.state == MailState.STORED.value)
            return Counts(
                mode=mode(conn),
                paused=paused(conn),
                mails=_count(conn, mails.c.state),
                cases=_count(conn, cases.c.state),
                effects=_count(conn, effects.c.state),
                letters=_count(conn, letters.c.state),
                effect_drafts=_drafts(conn, effects),
                letter_drafts=_drafts(conn, letters),
                oldest_waiting=conn.execute(waiting).scalar(),
            )


def case_lines(conn: Connection, query: Select[*tuple[object, ...]]) -> list[CaseLine]:
    """The rows of `cases` that a query finds, as lines."""
    found = conn.execute(query).mappings().all()
    by_state = _items_by_state(conn, [row["id"] for row in found])
    return [case_line(row, by_state.get(row["id"], {})) for row in found]


def _items_by_state(conn: Connection, case_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for some in chunks(case_ids):
        query = select(items.c.case_id, items.c.state, func.count()).where(items.c.case_id.in_(some))
        for case_id, state, count in conn.execute(query.group_by(items.c.case_id, items.c.state)):
            counted.setdefault(case_id, {})[state] = count
    return counted


def mail_lines(conn: Connection, query: Select[*tuple[object, ...]]) -> list[MailLine]:
    """The rows of `mails` that a query finds, as lines."""
    rows = conn.execute(query).mappings().all()
    roles: dict[int, list[tuple[str, str]]] = {}
    for some in chunks(row["id"] for row in rows):
        joined = select(case_mails.c.mail_id, case_mails.c.case_id, case_mails.c.role)
        ordered = joined.where(case_mails.c.mail_id.in_(some)).order_by(case_mails.c.case_id)
        for mail_id, case_id, role in conn.execute(ordered):
            roles.setdefault(mail_id, []).append((case_id, role))
    return [mail_line(row, roles.get(row["id"], [])) for row in rows]


def _letter_lines(conn: Connection, query: Select[*tuple[object, ...]]) -> list[LetterLine]:
    rows = conn.execute(query).mappings().all()
    sections: dict[str, list[str]] = {}
    for some in chunks(row["key"] for row in rows):
        joined = select(letter_cases.c.letter_key, letter_cases.c.case_id).where(letter_cases.c.letter_key.in_(some))
        for key, case_id in conn.execute(joined.order_by(letter_cases.c.position)):
            sections.setdefault(key, []).append(case_id)
    return [letter_line(row, sections.get(row["key"], [])) for row in rows]


def _count(conn: Connection, column: Column[str]) -> dict[str, int]:
    rows = conn.execute(select(column, func.count()).group_by(column))
    return {str(word): int(count) for word, count in rows}


def _drafts(conn: Connection, table: Table) -> int:
    waiting = (table.c.state == EffectState.PLANNED.value, table.c.draft.is_(True))
    return int(conn.execute(select(func.count()).select_from(table).where(*waiting)).scalar_one())
