"""The morning digest: gathered from the ledger once a working day, at the hour of the settings, and sent as a
letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from mailbot.assembly import Parts
from mailbot.config import Settings
from mailbot.domain.effects import EffectState
from mailbot.domain.letters import Composed
from mailbot.domain.mail import MailState
from mailbot.domain.ports import PortError
from mailbot.domain.states import OPEN, RUNNING, ItemState
from mailbot.domain.workdays import Uncovered
from mailbot.duties import Duty, expiring, platform_duties
from mailbot.ledger.bounces import Unreached
from mailbot.ledger.lines import CaseLine, MailLine
from mailbot.ledger.settings import Mode
from mailbot.outbound.digest import Digest, DueCase, LostCase, OddMail, OpenBatch, compose_digest
from mailbot.platform.worklist import LIST_WORDS
from mailbot.status_file import read_status
from mailbot.stopped import needs_a_person, stop_words
from mailbot.vitals import box_alarm

DAY = timedelta(days=1)
LONGEST_BREAK = 15
"""No holidays are longer, so a gap in the calendar files cannot make the look back endless."""
MANY = 50_000
"""Open cases looked through in the last weeks of study: those due last are the ones that would expire."""
_RUNNING = sorted(RUNNING)
NAMED = 10
"""How many cases a sentence names."""
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
    heaps, mode = parts.ledger.heaps, parts.ledger.switches.mode()
    due = heaps.cases(_RUNNING, due_by=end)
    duties, faults = _duties(parts, now)
    since = _last_morning(parts, now)
    words = Digest(
        to=to,
        letter_id=letter_id,
        at=now,
        expiring=[_case(case) for case in _expiring(parts, now)],
        closes=parts.rulebook.campaign.study_closes.value,
        overdue=[_case(case) for case in due if case.due_at and case.due_at < now],
        due_today=[_case(case) for case in due if case.due_at and case.due_at >= now],
        held=[_case(case) for case in heaps.cases([ItemState.HELD])],
        set_aside=[_mail(mail) for mail in heaps.mails([MailState.SET_ASIDE])],
        ignored=[_mail(mail) for mail in heaps.mails([MailState.IGNORED], since=since)],
        batches=_batches(duties),
        unreached=[_lost(case) for case in parts.ledger.reach.unreached(now)],
        calendar_until=parts.rulebook.calendar.covered_until(now.astimezone(zone).date()),
        mode="" if mode is Mode.LIVE else mode.value,
        warnings=[
            *faults,
            *_mailboxes(parts, now),
            *_stopped(parts, now),
            *_undelivered(parts, now),
            *_redated(parts, since),
            *map(str, parts.rules.health.problems),
        ],
    )
    site = parts.site
    return compose_digest(words, sender=site.sender, templates=site.templates, zone=zone.key)


def _last_morning(parts: Parts, now: datetime) -> datetime:
    """The same hour of the working day before: ignored mails are shown once, also those that came over a holiday."""
    mornings = (now - DAY * number for number in range(1, LONGEST_BREAK))
    return next((morning for morning in mornings if _works(parts, morning)), now - DAY * LONGEST_BREAK)


def _expiring(parts: Parts, now: datetime) -> list[CaseLine]:
    """The open cases that would come too late for the last day of study, whoever they wait for; none before the
    campaign's day of warning, when nobody has to be looked through."""
    campaign = parts.rulebook.campaign
    if now.astimezone(parts.zone).date() < campaign.warn_from.value:
        return []
    return [case for case in parts.ledger.queries.cases(sorted(OPEN), limit=MANY) if expiring(case, campaign, now)]


def _duties(parts: Parts, now: datetime) -> tuple[list[Duty], list[str]]:
    """What waits at the platform; where its list cannot be read, the digest says so and goes out all the same."""
    try:
        return platform_duties(parts.platform, parts.ledger, parts.rulebook.campaign, now), []
    except PortError as fault:
        return [], [f"平台待办清单无法读取：{fault}"]


def _batches(duties: Iterable[Duty]) -> list[OpenBatch]:
    """What waits at the platform by batch, the most urgent first."""
    rows: dict[str, list[Duty]] = {}
    for duty in duties:
        rows.setdefault(duty.row.batch, []).append(duty)
    return [
        OpenBatch(
            name,
            LIST_WORDS[of_batch[0].row.verb],
            len(of_batch),
            sum(duty.overdue for duty in of_batch),
            min((duty.due_at for duty in of_batch if duty.due_at), default=None),
        )
        for name, of_batch in rows.items()
    ]


def _mailboxes(parts: Parts, now: datetime) -> Iterator[str]:
    """Mailboxes that bring nothing in until a person acts, or have not for long; as the daemon last said."""
    told = read_status(parts.site.storage)
    return filter(None, (box_alarm(box, parts.zone, now) for box in (told.mailboxes if told else ())))


def _stopped(parts: Parts, now: datetime) -> Iterator[str]:
    """What keeps letters from leaving until a person acts."""
    return (stop_words(stop, parts.zone) for stop in parts.ledger.stops.active(now) if needs_a_person(stop))


def _undelivered(parts: Parts, now: datetime) -> Iterator[str]:
    """The letters that stay with staff: refused, or of an end that nobody will learn."""
    stuck = [
        letter.key
        for letter in parts.ledger.queries.letters([EffectState.UNCERTAIN, EffectState.REJECTED])
        if letter.not_before is None and (letter.started_at or letter.planned_at) >= now - UNDELIVERED_FOR
    ]
    if stuck:
        yield f"{len(stuck)}封信未能确认送达，请用 mailbot letter show 核实：{'、'.join(stuck)}"


def _redated(parts: Parts, since: datetime) -> Iterator[str]:
    """The cases whose dates changed since the last morning, though nobody decided on them."""
    found = parts.ledger.dates.changed_since(since)
    if found:
        yield f"{len(found)}件期限因日历更改而变更，请用 mailbot case show 查看：{'、'.join(found[:NAMED])}" + (
            "等" if len(found) > NAMED else ""
        )


def _works(parts: Parts, now: datetime) -> bool:
    """Whether the office works today; on a day that no calendar covers the digest goes out, and says so."""
    try:
        return parts.rulebook.calendar.is_working_day(now.astimezone(parts.zone).date())
    except Uncovered:
        return True


def _case(case: CaseLine) -> DueCase:
    unit = case.header.get("unit")
    waiting = sum(case.items.get(state, 0) for state in (ItemState.HELD, ItemState.RECEIVED, ItemState.APPROVED))
    return DueCase(case.id, None if unit is None else str(unit), waiting, case.due_at, case.outcome, case.more)


def _lost(case: Unreached) -> LostCase:
    return LostCase(
        case.case_id, case.unit, case.to, case.why if case.sure else f"可能{case.why}", case.contact, case.phone
    )


def _mail(mail: MailLine) -> OddMail:
    why = mail.findings[0].message if mail.findings else mail.last_error or "、".join(mail.marks)
    return OddMail(mail.id, mail.received_at, mail.sender, mail.subject or "", why, mail.more)
