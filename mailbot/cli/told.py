"""Ledger lines as JSON and as short Chinese texts, masked by the veil they are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from mailbot.cli.lines import finding_out
from mailbot.cli.output import moment
from mailbot.cli.veil import Veil
from mailbot.domain.findings import Finding
from mailbot.ledger.lines import CaseLine, EffectLine, EventLine, LetterLine, MailLine
from mailbot.rulebook.texts import SEVERITY_WORDS

Out = dict[str, object]


def finding_texts(findings: Sequence[Finding], veil: Veil) -> list[str]:
    """A line a finding: its code, its weight, its sentence."""
    return [veil.text(f"{f.code}（{SEVERITY_WORDS[f.severity]}）{f.message}") for f in findings]


def findings_json(findings: Sequence[Finding], veil: Veil) -> object:
    """Findings as the process contract prints them."""
    return veil.value([finding_out(finding).model_dump(mode="json") for finding in findings])


def event_rows(events: Iterable[EventLine], zone: ZoneInfo, veil: Veil) -> list[Out]:
    """Events in order; a purged detail is `None`."""
    return [
        {
            "id": event.id,
            "at": event.at.astimezone(zone).isoformat(timespec="seconds"),
            "actor": event.actor,
            "kind": event.kind,
            "about": event.about,
            "detail": veil.value(event.detail),
        }
        for event in events
    ]


def case_json(case: CaseLine, zone: ZoneInfo, veil: Veil) -> Out:
    """One case of a list."""
    return {
        "id": case.id,
        "kind": case.kind,
        "state": case.state.value,
        "outcome": case.outcome,
        "version": case.version,
        "due_at": case.due_at.astimezone(zone).isoformat() if case.due_at else None,
        "provisional": case.provisional,
        "header": veil.value(dict(case.header)),
        "items": dict(case.items),
        "sender": case.sender,
        "more": case.more,
    }


def mail_json(mail: MailLine, zone: ZoneInfo, veil: Veil) -> Out:
    """One mail of a list."""
    return {
        "id": mail.id,
        "account": mail.account,
        "address": mail.address,
        "sha256": mail.sha256,
        "size": mail.size,
        "received_at": mail.received_at.astimezone(zone).isoformat(),
        "state": mail.state.value,
        "attempts": mail.attempts,
        "last_error": None if mail.last_error is None else veil.text(mail.last_error),
        "from": mail.sender,
        "subject": None if mail.subject is None else veil.text(mail.subject),
        "marks": list(mail.marks),
        "findings": findings_json(mail.findings, veil),
        "cases": [{"id": case, "role": role} for case, role in mail.cases],
        "duplicate_of": mail.duplicate_of,
    }


def letter_json(letter: LetterLine, zone: ZoneInfo) -> Out:
    """One letter of a list."""
    return {
        "key": letter.key,
        "kind": letter.kind,
        "to": letter.to,
        "state": letter.state.value,
        "draft": letter.draft,
        "attempts": letter.attempts,
        "message_id": letter.message_id,
        "subject": letter.subject,
        "template": letter.template,
        "detail": letter.detail,
        "mail": letter.mail_id,
        "cases": list(letter.cases),
        "planned_at": moment(letter.planned_at, zone),
        "ended_at": moment(letter.ended_at, zone) or None,
    }


def effect_json(effect: EffectLine, zone: ZoneInfo, veil: Veil) -> Out:
    """One effect of a list."""
    person = {"name": effect.person.name, "id_number": effect.person.id_number, "phone": effect.person.phone}
    return {
        "key": effect.key,
        "verb": effect.verb,
        "state": effect.state.value,
        "draft": effect.draft,
        "attempts": effect.attempts,
        "person": veil.value(person),
        "year": effect.year,
        "evidence": veil.value(effect.evidence),
        "planned_at": moment(effect.planned_at, zone),
        "ended_at": moment(effect.ended_at, zone) or None,
    }
