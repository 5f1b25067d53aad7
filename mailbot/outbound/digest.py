"""The morning digest to the staff: what is due, what waits for a person, what nobody answered. Masked as any letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from jinja2 import TemplateError

from mailbot.domain.letters import Composed
from mailbot.domain.ports import PortError
from mailbot.outbound.compose import environment, tidy
from mailbot.outbound.message import Envelope, build
from mailbot.outbound.plain import clean
from mailbot.outbound.wording import day, harmless

LINES_SHOWN: Final = 40
CALENDAR_DAYS: Final = 60
"""How many days before the calendar ends the digest speaks of it."""
_TEMPLATE: Final = "staff/digest"
_WORD_CHARACTERS: Final = 60
R = TypeVar("R")
L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case that waits: `rows` of it wait, `why` is a rule's sentence or a code; so many `more` of its sender's stand
    behind it."""

    id: str
    unit: str | None
    rows: int
    due_at: datetime | None
    why: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class LostCase:
    """A case whose sender our letters do not reach: where the last one went, why it came back, whom to call."""

    id: str
    unit: str | None
    to: str
    why: str
    contact: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class OddMail:
    """A mail without a case: set aside (`why` it could not be dealt with) or ignored (`why` it is no person's); so many
    `more` of its sender's stand behind it."""

    number: int
    received_at: datetime
    sender: str | None
    subject: str
    why: str
    more: int = 0


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that people have to carry to the platform: how many of its rows wait and are overdue, and until when."""

    name: str
    what: str
    waiting: int
    overdue: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What the morning shows. `expiring` are cases that would come too late for the last day of study, which `closes`
    names; `calendar_until` is the last day whose kind is known; `warnings` are sentences of health (Chinese); `mode` is
    shown unless the site is live."""

    to: str
    letter_id: str
    at: datetime
    expiring: Sequence[DueCase] = ()
    closes: date | None = None
    overdue: Sequence[DueCase] = ()
    due_today: Sequence[DueCase] = ()
    held: Sequence[DueCase] = ()
    set_aside: Sequence[OddMail] = ()
    ignored: Sequence[OddMail] = ()
    batches: Sequence[OpenBatch] = ()
    unreached: Sequence[LostCase] = ()
    calendar_until: date | None = None
    mode: str = ""
    warnings: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class _Shown(Generic[L]):
    count: int
    lines: tuple[L, ...]
    more: int


@dataclass(frozen=True, slots=True)
class _CaseLine:
    id: str
    unit: str
    rows: int
    due: str
    why: str
    more: int


@dataclass(frozen=True, slots=True)
class _LostLine:
    id: str
    unit: str
    to: str
    why: str
    whom: str


@dataclass(frozen=True, slots=True)
class _MailLine:
    number: int
    arrived: str
    sender: str
    subject: str
    why: str
    more: int


@dataclass(frozen=True, slots=True)
class _BatchLine:
    name: str
    what: str
    waiting: int
    overdue: int
    due: str


def compose_digest(digest: Digest, *, sender: str, templates: Path, zone: str) -> Composed:
    """The digest as a letter. `zone` is the office's zone, `templates` the folder that holds `emails/`.

    Raises `PortError` (no retry) for a broken template or an address that is not plain.
    """
    local = ZoneInfo(zone)
    words = {
        "day": day(digest.at.astimezone(local).date()),
        "mode": clean(digest.mode),
        "warnings": [harmless(warning) for warning in digest.warnings],
        "closes": day(digest.closes) if digest.closes else "",
        "expiring": _shown(digest.expiring, lambda case: _case_line(case, local)),
        "batches": _shown(digest.batches, lambda batch: _batch_line(batch, local)),
        "overdue": _shown(digest.overdue, lambda case: _case_line(case, local)),
        "due_today": _shown(digest.due_today, lambda case: _case_line(case, local)),
        "unreached": _shown(digest.unreached, _lost_line),
        "held": _shown(digest.held, lambda case: _case_line(case, local)),
        "set_aside": _shown(digest.set_aside, lambda mail: _mail_line(mail, local)),
        "ignored": _shown(digest.ignored, lambda mail: _mail_line(mail, local)),
        "calendar": _calendar(digest, local),
    }
    try:
        text = tidy(environment(templates).get_template(f"{_TEMPLATE}.txt").render(digest=words)) + "\n"
    except TemplateError as fault:
        raise PortError(f"the digest's template cannot be rendered: {fault!r}", retry=False) from fault
    lost = f"将过学习截止日{len(digest.expiring)}，" if digest.expiring else ""
    subject = (
        f"今日待办：{lost}逾期{_count(digest.overdue)}，今日到期{_count(digest.due_today)}，"
        f"待审核{_count(digest.held)}，未能处理{_count(digest.set_aside)}（{words['day']}）"
    )
    envelope = Envelope(sender, digest.to, subject, digest.letter_id, digest.at, "auto-generated")
    return Composed(_TEMPLATE, subject, build(envelope, text, ()))


def _shown(rows: Sequence[R], line: Callable[[R], L]) -> _Shown[L]:
    lines = tuple(line(row) for row in rows[:LINES_SHOWN])
    return _Shown(_count(rows), lines, len(rows) - len(lines))


def _count(rows: Sequence[R]) -> int:
    """How many these are, with those that stand behind the row of their sender."""
    return len(rows) + sum(row.more for row in rows if isinstance(row, DueCase | OddMail))


def _case_line(case: DueCase, zone: ZoneInfo) -> _CaseLine:
    due = day(case.due_at.astimezone(zone).date()) if case.due_at else ""
    unit = harmless(case.unit or "", _WORD_CHARACTERS)
    return _CaseLine(clean(case.id, 40), unit, case.rows, due, harmless(case.why, _WORD_CHARACTERS), case.more)


def _batch_line(batch: OpenBatch, zone: ZoneInfo) -> _BatchLine:
    due = day(batch.due_at.astimezone(zone).date()) if batch.due_at else ""
    return _BatchLine(clean(batch.name, 40), clean(batch.what, 20), batch.waiting, batch.overdue, due)


def _mail_line(mail: OddMail, zone: ZoneInfo) -> _MailLine:
    arrived = mail.received_at.astimezone(zone).strftime("%m-%d %H:%M")
    sender = harmless(mail.sender or "（无发件人）", _WORD_CHARACTERS)
    subject = harmless(mail.subject, _WORD_CHARACTERS) or "（无主题）"
    return _MailLine(mail.number, arrived, sender, subject, harmless(mail.why, _WORD_CHARACTERS), mail.more)


def _lost_line(case: LostCase) -> _LostLine:
    whom = " ".join(part for part in (case.contact, case.phone) if part)
    unit = harmless(case.unit or "", _WORD_CHARACTERS)
    return _LostLine(case.id, unit, clean(case.to), clean(case.why), harmless(whom, _WORD_CHARACTERS))


def _calendar(digest: Digest, zone: ZoneInfo) -> str:
    """The day the calendar ends, once that is near."""
    until = digest.calendar_until
    near = until is not None and until <= digest.at.astimezone(zone).date() + timedelta(days=CALENDAR_DAYS)
    return day(until) if until is not None and near else ""
