"""Derives again, from the stored bytes and the frozen look-ups, what the rules of today say of a mail and its cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from mailbot.assembly import Parts
from mailbot.cli.output import moment
from mailbot.cli.proof_page import readings
from mailbot.cli.veil import Veil
from mailbot.domain.document import Opened
from mailbot.domain.kinds import Situation, Subject
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import Json, StoredCase
from mailbot.ledger.lines import MailLine
from mailbot.ledger.tables.case import Role
from mailbot.ledger.versions import VersionLine
from mailbot.rulebook import RuleTrace
from mailbot.steps import mailrules
from mailbot.steps.classify import Ambiguous, Request, classify
from mailbot.steps.context import situation_of

_GONE: Final = "按现行程序在原件中找不到本件所依据的部分。"
_PARTLY: Final = "本版由来信对此前登记的更正、补充或撤回而来，来信本身不是整份名单，不单独推导。"
_LATER: Final = "本版并入此前的登记：以下按来信本身推导，来信没有写明的单位、订单号等以此前登记的为准。"
_OF_PICTURES: Final = frozenset({"payment_proof", "commitment"})


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules say of one subject. `row` is its sheet row, where it is one; `notes` are said before."""

    title: str
    traces: Sequence[RuleTrace] = ()
    row: int | None = None
    notes: tuple[str, ...] = ()


def of_mail(parts: Parts, mail: MailLine) -> Iterator[Told]:
    """The mail's own rules, then those of each case that it opened."""
    title = f"邮件 {mail.id}，{moment(mail.received_at, parts.zone)}"
    marks = (f"标记：{'、'.join(mail.marks)}",) if mail.marks else ()
    if mail.state is MailState.IGNORED:
        marks = (*marks, "本邮件只存档，未立案：不经规则判定。")
    opened = _opened(parts, mail)
    try:
        requests = classify(opened, parts.house.kinds(parts.rulebook))
    except Ambiguous as clash:
        yield Told(title, notes=(*marks, f"附件 {clash.part} 同时符合两类来信：{'、'.join(clash.kinds)}"))
        return
    seen = mailrules.Seen(mail.received_at, mail.address, [request.kind.name for request in requests])
    facts = mailrules.facts_of(parts.rulebook, opened, mailrules.heard(opened.mail, parts.rulebook), seen)
    yield Told(title, parts.rulebook.explain("mail", facts), notes=marks)
    for case_id, role in mail.cases:
        if role == Role.OPENS:
            yield from of_case(parts, parts.ledger.cases.load_case(case_id))


def of_case(parts: Parts, stored: StoredCase) -> Iterator[Told]:
    """The case's own rules first, then its rows in order."""
    case = stored.result
    version = parts.ledger.queries.versions(case.case_id)[-1]
    if version.mail_id is None:
        yield Told(case.case_id, notes=("本版不是由邮件产生的，无法重新推导。",))
        return
    mail = parts.ledger.queries.mail(version.mail_id)
    opened = _opened(parts, mail)
    request = _request(parts, opened, version)
    if request is None:
        yield Told(case.case_id, notes=(_PARTLY if version.version > 1 else _GONE, *_rules_note(parts, version)))
        return
    campaign = parts.rulebook.campaigns.get(str(version.context.get("campaign")), parts.rulebook.campaign)
    situation = situation_of(version.context, campaign, parts.hasher)
    rows = {item.number: item.place for item in request.kind.items(request.record, parts.hasher)}
    notes: tuple[str, ...] = (*_rules_note(parts, version), lists_note(situation), *_readings(case.kind, opened))
    for subject in request.kind.subjects(request.record, situation):
        place = rows.get(subject.number, {}) if subject.number else {}
        traces = parts.rulebook.explain(subject.about, subject.facts)
        yield Told(_title(case.case_id, subject, place), traces, _row(place), notes)
        notes = ()


def _readings(kind: str, opened: Opened) -> tuple[str, ...]:
    """What was read of the mail's pictures, where the case rests on them; masked."""
    return tuple(readings(opened.scans, Veil(reveal=False))) if kind in _OF_PICTURES else ()


def _opened(parts: Parts, mail: MailLine) -> Opened:
    return parts.house.opener.open(parts.ledger.cases.raw(mail.sha256))


def _request(parts: Parts, opened: Opened, version: VersionLine) -> Request | None:
    """The request of the mail that the version was read from."""
    try:
        requests = classify(opened, parts.house.kinds(parts.rulebook))
    except Ambiguous:
        return None
    wanted = dict(version.source)
    return next((r for r in requests if _as_stored(asdict(r.kind.source(r.record))) == wanted), None)


def _as_stored(source: Json) -> Json:
    """As a JSON column gives it back."""
    stored: Json = json.loads(json.dumps(source))
    return stored


def _rules_note(parts: Parts, version: VersionLine) -> tuple[str, ...]:
    now, then = parts.rulebook.hash, version.rulebook
    if now == then:
        return (f"规则版本 {now[:12]}，与判定时相同。",)
    return (f"判定时的规则版本为 {then[:12]}，现行为 {now[:12]}：以下按现行规则推导，可能与当时不同。",)


def lists_note(situation: Situation) -> str:
    """Of which days the lists were that the case was judged by."""
    orders = situation.lookups.orders_as_of
    accounts = {day for found in situation.registrations.values() if (day := found.as_of) is not None}
    people = "没有本件人员的资料" if not accounts else f"截至 {'、'.join(map(str, sorted(accounts)))}"
    return f"判定时的订单清单：{'没有' if orders is None else f'截至 {orders}'}；平台人员清单：{people}。"


def _title(case_id: str, subject: Subject, place: Json) -> str:
    if subject.number == 0:
        return f"{case_id} 整件（{subject.about}）"
    serial = f"（序号{place['serial']}）" if place.get("serial") else ""
    sheet = f"“{place['sheet']}”" if place.get("sheet") else ""
    return f"{case_id} {sheet}第{place.get('row')}行{serial}"


def _row(place: Json) -> int | None:
    row = place.get("row")
    return row if isinstance(row, int) else None
