"""The morning digest: gathered from the ledger once a working day, at the hour of the settings, and sent as a
letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from mailbot.assembly import Parts
from mailbot.config import Settings
from mailbot.domain.effects import EffectState
from mailbot.domain.letters import Composed
from mailbot.domain.mail import MailState
from mailbot.domain.states import ItemState
from mailbot.domain.workdays import Uncovered
from mailbot.ledger.lines import CaseLine, MailLine
from mailbot.ledger.settings import Mode
from mailbot.outbound.digest import Digest, DueCase, OddMail, compose_digest

DAY = timedelta(days=1)
LONGEST_BREAK = 15
"""No holidays are longer, so a gap in the calendar files cannot make the look back endless."""
UNDELIVERED_FOR = timedelta(days=7)
"""How long a letter that stays with staff is spoken of every morning."""


def plan_digest(parts: Parts, settings: Settings) -> bool:
    """Plan today's digest where its hour has come and none was planned yet; whether it was. None on a day off, and none
    while the site rehearses: nothing leaves then, and `mailbot digest` shows it."""
    now = parts.clock.now()
    local = now.astimezone(parts.zone)
    switches = parts.ledger.switches
    if local.time() < settings.staff.digest_at or switches.mode() is Mode.REHEARSAL or not _works(parts, now):
        return False
    to, key = settings.staff.digest_to, f"digest:{local.date()}"
    return parts.ledger.notices.plan(key, to, lambda letter_id: digest(parts, to, letter_id, now), now)


def digest(parts: Parts, to: str, letter_id: str, now: datetime) -> Composed:
    """The digest as a letter."""
    zone = parts.zone
    end = now.astimezone(zone).replace(hour=23, minute=59, second=59)
    queries, mode = parts.ledger.queries, parts.ledger.switches.mode()
    due = queries.due(end)
    since = _last_morning(parts, now)
    words = Digest(
        to=to,
        letter_id=letter_id,
        at=now,
        overdue=[_case(case) for case in due if case.due_at and case.due_at < now],
        due_today=[_case(case) for case in due if case.due_at and case.due_at >= now],
        held=[_case(case) for case in queries.cases([ItemState.HELD])],
        set_aside=[_mail(mail) for mail in queries.mails([MailState.SET_ASIDE])],
        ignored=[_mail(mail) for mail in queries.mails([MailState.IGNORED]) if mail.received_at >= since],
        calendar_until=parts.rulebook.calendar.covered_until(now.astimezone(zone).date()),
        mode="" if mode is Mode.LIVE else mode.value,
        warnings=[*_undelivered(parts, now), *map(str, parts.rules.health.problems)],
    )
    site = parts.site
    return compose_digest(words, sender=site.sender, templates=site.templates, zone=zone.key)


def _last_morning(parts: Parts, now: datetime) -> datetime:
    """The same hour of the working day before: ignored mails are shown once, also those that came over a holiday."""
    mornings = (now - DAY * number for number in range(1, LONGEST_BREAK))
    return next((morning for morning in mornings if _works(parts, morning)), now - DAY * LONGEST_BREAK)


def _undelivered(parts: Parts, now: datetime) -> Iterator[str]:
    """The letters that stay with staff: refused, or of an end that nobody will learn."""
    stuck = [
        letter.key
        for letter in parts.ledger.queries.letters([EffectState.UNCERTAIN, EffectState.REJECTED])
        if letter.not_before is None and (letter.started_at or letter.planned_at) >= now - UNDELIVERED_FOR
    ]
    if stuck:
        yield f"{len(stuck)}封信未能确认送达，请用 mailbot letter show 核实：{'、'.join(stuck)}"


def _works(parts: Parts, now: datetime) -> bool:
    """Whether the office works today; on a day that no calendar covers the digest goes out, and says so."""
    try:
        return parts.rulebook.calendar.is_working_day(now.astimezone(parts.zone).date())
    except Uncovered:
        return True


def _case(case: CaseLine) -> DueCase:
    unit = case.header.get("unit")
    waiting = sum(case.items.get(state, 0) for state in (ItemState.HELD, ItemState.RECEIVED, ItemState.APPROVED))
    return DueCase(case.id, None if unit is None else str(unit), waiting, case.due_at, case.outcome)


def _mail(mail: MailLine) -> OddMail:
    why = mail.findings[0].message if mail.findings else mail.last_error or "、".join(mail.marks)
    return OddMail(mail.id, mail.received_at, mail.sender, mail.subject or "", why)
