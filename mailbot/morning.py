"""The morning digest: gathered from the ledger once a working day, at the hour of the settings, and sent as a
letter."""

from __future__ import annotations

from datetime import datetime, timedelta

from mailbot.assembly import Parts
from mailbot.config import Settings
from mailbot.domain.letters import Composed
from mailbot.domain.mail import MailState
from mailbot.domain.states import ItemState
from mailbot.domain.workdays import Uncovered
from mailbot.ledger.lines import CaseLine, MailLine
from mailbot.ledger.settings import Mode
from mailbot.outbound.digest import Digest, DueCase, OddMail, compose_digest

IGNORED_FOR = timedelta(days=1)
"""Ignored mails are shown the morning after they came, and not again."""


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
    since = now - IGNORED_FOR
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
        warnings=[str(problem) for problem in parts.rules.health.problems],
    )
    site = parts.site
    return compose_digest(words, sender=site.sender, templates=site.templates, zone=zone.key)


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
