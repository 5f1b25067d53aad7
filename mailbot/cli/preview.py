"""What a verdict would come to, told before it is given: the desk is asked with a ledger that writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mailbot.cli.place import Ruled
from mailbot.cli.veil import Veil
from mailbot.cli.words import MODES, STATES, VERBS
from mailbot.desk import Refused
from mailbot.domain.decisions import Decision
from mailbot.domain.effects import PlannedEffect, PlannedLetter
from mailbot.domain.masking import mask_id, mask_phone
from mailbot.domain.outcome import CaseResult, ItemResult, Lookups, StoredCase, Wanted
from mailbot.domain.sender import binding_key
from mailbot.ledger.settings import Mode
from mailbot.ledger.tables.case import Role

SHOWN = 30
"""Rows a preview lists; the rest is counted."""


@dataclass(slots=True)
class Trial:
    """A ledger that holds one case and keeps what would be written."""

    stored: StoredCase
    letters: tuple[PlannedLetter, ...] = field(default=())

    def load_case(self, case_id: str) -> StoredCase:
        """The case, whatever is asked for."""
        if case_id != self.stored.result.case_id:
            raise LookupError(case_id)
        return self.stored

    def lookups(self, wanted: Wanted) -> Lookups:
        """Nothing: what a verdict would claim is not shown."""
        del wanted
        return Lookups()

    def finish_case(
        self, result: CaseResult, letters: Sequence[PlannedLetter], decision: Decision, now: datetime
    ) -> None:
        """Keep the letters; the result comes back to the caller anyway."""
        del result, decision, now
        self.letters = tuple(letters)


def binding_of(office: Ruled, stored: StoredCase) -> tuple[str, str]:
    """The sender and the unit that a confirmation binds: the sender of the mail that opened the case. Raises `Refused`
    where either cannot be known."""
    case = stored.result
    kind = next(kind for kind in office.kinds if kind.name == case.kind)
    unit = kind.unit_key(case.header)
    if unit is None:
        raise Refused("名单上没有单位名称和税号，无法确认发件人属于哪个单位。")
    sender = _opener(office, stored)
    if sender is None:
        raise Refused("来信没有唯一、明确的发件人地址，无法确认。")
    return binding_key(sender, office.rulebook.senders), unit


def _opener(office: Ruled, stored: StoredCase) -> str | None:
    case_id = stored.result.case_id
    for mail_id in stored.mail_ids:
        mail = office.ledger.queries.mail(mail_id)
        if (case_id, Role.OPENS.value) in mail.cases:
            return mail.sender
    return None


def consequences(
    office: Ruled, stored: StoredCase, after: CaseResult, letters: Sequence[PlannedLetter], decision: Decision
) -> Iterator[str]:
    """Line by line: what moves, what is done on the platform, who gets which letter, what is confirmed for good."""
    before = {item.number: item for item in stored.result.items}
    yield f"登记编号 {after.case_id}，{after.header.get('unit') or '（无单位名称）'}，查看号 {decision.seen_version}"
    moved = [item for item in after.items if item.number in decision.verdicts]
    for item in moved[:SHOWN]:
        yield f"  {_name(item)}：{STATES[before[item.number].state]} → {STATES[item.state]}"
    if len(moved) > SHOWN:
        yield f"  另有 {len(moved) - SHOWN} 项同样办理"
    yield from _effects(after.effects)
    yield from _letters(stored, letters, after)
    for code, reason in decision.waived.items():
        yield f"放行：{code}，理由：{reason}"
    if after.bind is not None:
        yield f"确认发件人：{after.bind[0]} 代表单位 {after.bind[1]}，以后其来信可按自动化级别直接办理"
    yield f"办理人：{decision.actor}，理由：{decision.reason}"
    mode = office.ledger.switches.mode()
    if mode is not Mode.LIVE:
        yield f"当前模式 {mode}（{MODES[mode]}）"


def _name(item: ItemResult) -> str:
    if item.number == 0:
        return "整件事项"
    place, values = item.place, item.values
    serial = f"（序号{place['serial']}）" if place.get("serial") else ""
    name = str(values.get("name") or "")
    number = mask_id(str(values.get("id_number") or ""))
    phone = mask_phone(str(values.get("phone") or ""))
    return f"第{place.get('row')}行{serial} {name} {number} {phone}".rstrip()


def _effects(effects: Sequence[PlannedEffect]) -> Iterator[str]:
    veil = Veil(reveal=False)
    if not effects:
        yield "办理事项：无"
    for effect in effects[:SHOWN]:
        year = f"{effect.year} 年度 " if effect.year else ""
        yield f"办理事项：{VERBS[effect.verb]} {year}{veil.person(effect.person)}"
    if len(effects) > SHOWN:
        yield f"办理事项：共 {len(effects)} 项"


def _letters(stored: StoredCase, letters: Sequence[PlannedLetter], after: CaseResult) -> Iterator[str]:
    for letter in letters:
        when = "办结后" if letter.follows else "随即"
        yield f"信件：{when}发给 {letter.to}，内容含您写的理由"
    if letters:
        return
    if stored.to is None:
        yield "信件：无（来信人地址不可用）"
    elif after.effects:
        yield f"信件：办结后把结果告知 {stored.to}"
    else:
        yield "信件：无"
