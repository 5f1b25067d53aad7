"""The plain lines of lists: one case, mail, effect, letter or event as people look at it, with whole values: whoever
shows one masks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from mailbot.domain.effects import EffectState, Person
from mailbot.domain.findings import Finding
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import Json
from mailbot.domain.states import ItemState
from mailbot.ledger.codec import findings_in, person_in
from mailbot.ledger.settings import Mode


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list; `items` counts its items by state."""

    id: str
    kind: str
    state: ItemState
    outcome: str
    version: int
    due_at: datetime | None
    provisional: bool
    header: Json
    opened_at: datetime
    items: Mapping[str, int]
    sender: str | None = None
    more: int = 0
    """How many more cases of this sender stand behind this row, where a list shows only one of them."""


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail in a list. `summary` is its readable side as the flow left it, `None` before; `cases` those it belongs
    to, by role."""

    id: int
    account: str
    mailbox: str
    address: str
    sha256: str
    size: int
    received_at: datetime
    state: MailState
    attempts: int
    retry_at: datetime | None
    last_error: str | None
    sender: str | None
    subject: str | None
    marks: Sequence[str]
    findings: Sequence[Finding]
    summary: Json | None
    duplicate_of: int | None
    cases: Sequence[tuple[str, str]]
    more: int = 0
    """How many more mails of this sender stand behind this row, where a list shows only one of them."""


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One effect in a list."""

    key: str
    verb: str
    state: EffectState
    draft: bool
    attempts: int
    not_before: datetime
    person: Person
    year: int | None
    evidence: str | None
    planned_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter in a list; `sha256` names its exact bytes once it is rendered."""

    key: str
    kind: str
    to: str
    state: EffectState
    draft: bool
    attempts: int
    message_id: str
    subject: str | None
    template: str | None
    sha256: str | None
    detail: str | None
    mail_id: int | None
    not_before: datetime | None
    planned_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cases: Sequence[str]


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event; `detail` is `None` where it was purged."""

    id: int
    at: datetime
    actor: str
    kind: str
    about: str | None
    detail: Json | None
    case_id: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The ledger at a glance: how many mails, cases, effects and letters stand in each state."""

    mode: Mode
    paused: bool
    mails: dict[str, int]
    cases: dict[str, int]
    effects: dict[str, int]
    letters: dict[str, int]
    effect_drafts: int
    letter_drafts: int
    oldest_waiting: datetime | None


def case_line(row: RowMapping, by_state: Mapping[str, int]) -> CaseLine:
    """A row of `cases` with the count of its items."""
    return CaseLine(
        id=row["id"],
        kind=row["kind"],
        state=ItemState(row["state"]),
        outcome=row["outcome"],
        version=row["version"],
        due_at=row["due_at"],
        provisional=row["provisional"],
        header=row["header"],
        opened_at=row["opened_at"],
        items=by_state,
    )


def mail_line(row: RowMapping, of_cases: Sequence[tuple[str, str]]) -> MailLine:
    """A row of `mails` with the cases it belongs to."""
    return MailLine(
        id=row["id"],
        account=row["account"],
        mailbox=row["mailbox"],
        address=row["address"],
        sha256=row["sha256"],
        size=row["size"],
        received_at=row["received_at"],
        state=MailState(row["state"]),
        attempts=row["attempts"],
        retry_at=row["retry_at"],
        last_error=row["last_error"],
        sender=row["sender"],
        subject=row["subject"],
        marks=tuple(row["marks"] or ()),
        findings=findings_in(row["findings"]),
        summary=row["summary"],
        duplicate_of=row["duplicate_of"],
        cases=tuple(of_cases),
    )


def effect_line(row: RowMapping) -> EffectLine:
    """A row of `effects`."""
    return EffectLine(
        key=row["key"],
        verb=row["verb"],
        state=EffectState(row["state"]),
        draft=row["draft"],
        attempts=row["attempts"],
        not_before=row["not_before"],
        person=person_in(row["person"]),
        year=row["year"],
        evidence=row["evidence"],
        planned_at=row["planned_at"],
        ended_at=row["ended_at"],
    )


def letter_line(row: RowMapping, of_cases: Sequence[str]) -> LetterLine:
    """A row of `letters` with its sections."""
    return LetterLine(
        key=row["key"],
        kind=row["kind"],
        to=row["recipient"],
        state=EffectState(row["state"]),
        draft=row["draft"],
        attempts=row["attempts"],
        message_id=row["message_id"],
        subject=row["subject"],
        template=row["template"],
        sha256=row["sha256"],
        detail=row["detail"],
        mail_id=row["mail_id"],
        not_before=row["not_before"],
        planned_at=row["planned_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        cases=tuple(of_cases),
    )


def event_line(row: RowMapping) -> EventLine:
    """A row of `events` with its detail."""
    detail = None if row["detail"] is None else json.loads(row["detail"])
    return EventLine(row["id"], row["at"], row["actor"], row["kind"], row["about"], detail, row["case_id"])
