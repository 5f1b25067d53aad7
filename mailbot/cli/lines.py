"""From stored cases to the objects of the process contract, whole; `veil.py` masks what is printed."""

from __future__ import annotations

from datetime import tzinfo

from mailbot import contract
from mailbot.cli.proof_lines import NOT_PEOPLE, fields_out, findings_of, header_out, payments_out, year_out
from mailbot.domain.effects import EffectState, PlannedEffect, Verb
from mailbot.domain.findings import Finding
from mailbot.domain.outcome import ItemResult, StoredCase
from mailbot.domain.payments import PAYMENT_YEAR
from mailbot.domain.states import ItemState

DECIDED = frozenset({ItemState.FULFILLED, ItemState.DECLINED})
"""States that keep showing the time limit they were decided under; one that waits for its sender has none."""


def finding_out(finding: Finding) -> contract.FindingOut:
    """A finding as the contract prints it."""
    return contract.FindingOut.model_validate(
        {
            "code": finding.code,
            "severity": finding.severity.word,
            "message": finding.message,
            "where": finding.where.as_dict(),
            "facts": {key: _plain(value) for key, value in finding.facts.items()},
        }
    )


def case_out(stored: StoredCase, follows: list[str], zone: tzinfo) -> contract.CaseOut:
    """A case as it stands now."""
    case = stored.result
    rows = [item for item in case.items if item.number]
    years = [item for item in rows if item.kind == PAYMENT_YEAR]
    due = case.due_at or min(
        (item.due_at for item in case.items if item.due_at and item.state in DECIDED), default=None
    )
    deciders = {item.decided_by for item in case.items}
    return contract.CaseOut.model_validate(
        {
            "id": case.case_id,
            "kind": case.kind,
            "state": stored.state.value,
            "due_at": due.astimezone(zone).isoformat() if due else None,
            "version": case.version,
            "follows": follows,
            "decided_by": deciders.pop() if len(deciders) == 1 else None,
            "outcome": case.outcome.word,
            "proposed": any(item.proposed for item in case.items),
            "source": {key: case.source.get(key) for key in ("attachment", "member", "sheet", "block")},
            "header": header_out(case.header),
            "people": [_person(item) for item in rows if item.kind not in NOT_PEOPLE],
            "fields": fields_out(case.header),
            "payments": payments_out(case.header),
            "years": [year_out(item) for item in years],
            "findings": [finding_out(finding) for finding in (*case.findings, *findings_of(years))],
            "effects": [_effect(effect, stored, rows) for effect in case.effects],
        }
    )


def _person(item: ItemResult) -> dict[str, object]:
    place, values = item.place, item.values
    return {
        "row": place.get("row"),
        "serial": place.get("serial"),
        "panel": place.get("panel", 1),
        "sheet": place.get("sheet"),
        "member": place.get("member"),
        "name": values.get("name"),
        "id_number": values.get("id_number"),
        "phone": values.get("phone"),
        "remark": values.get("remark"),
        "status": item.status.value,
        "state": item.state.value,
        "proposed": item.proposed,
        "findings": [finding_out(finding) for finding in item.findings],
    }


def _effect(effect: PlannedEffect, stored: StoredCase, rows: list[ItemResult]) -> dict[str, object]:
    state = stored.effect_states.get(effect.key, EffectState.PLANNED)
    row = next((item.place.get("row") for item in rows if item.number in effect.items), None)
    return {
        "verb": Verb(effect.verb).value,
        "key": effect.key,
        "person": {
            "name": effect.person.name,
            "id_number": effect.person.id_number,
            "phone": effect.person.phone,
        },
        "year": effect.year,
        "row": row,
        "state": _state_out(effect, stored, str(state)),
    }


def _state_out(effect: PlannedEffect, stored: StoredCase, state: str) -> str:
    """An intent whose end is not known yet is still planned; what an earlier case changed, this one found so."""
    if state == EffectState.DOING:
        return EffectState.PLANNED.value
    own = {claim.item for claim in stored.result.claims}
    return EffectState.ALREADY.value if state == EffectState.DONE and own.isdisjoint(effect.items) else state


def _plain(value: object) -> object:
    """A fact's value as JSON has it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else str(value)
