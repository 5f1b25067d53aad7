"""A payment proof for the ledger's tests: one year an item, made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.domain.decisions import Outcome, RowStatus
from mailbot.domain.effects import PlannedEffect, Verb
from mailbot.domain.outcome import CaseResult, Claim, ItemResult
from mailbot.domain.payments import PAYMENT_YEAR
from mailbot.domain.states import ItemState
from tests.ledger.world import DUE, HASHER, S, person

SHOWN = {"year": 2018, "order_id": "T0000001", "amount": "33.00", "status": "paid", "source": "seen"}


def grant_key(who: int, year: int) -> str:
    """The key of the effect that grants a person a year."""
    return f"grant:{HASHER.search(person(who).id_number)[:16]}:{year}"


def year_item(number: int, year: int, order: str | None, who: int = 1, state: ItemState = S.APPROVED) -> ItemResult:
    """One make-up year as decided."""
    about = person(who)
    said = {"name": about.name, "id_number": about.id_number, "phone": about.phone, "year": year, "order_id": order}
    held = {S.HELD: RowStatus.HOLD, S.AWAITING_SENDER: RowStatus.ASK}
    return ItemResult(
        number=number,
        kind=PAYMENT_YEAR,
        identity=HASHER.search(about.id_number),
        place={"row": number},
        values=said,
        status=held.get(state, RowStatus.OK),
        state=state,
        decided_by="auto" if state is S.APPROVED else None,
        due_at=DUE if state in (S.HELD, S.APPROVED) else None,
    )


def proof(
    case_id: str = "2020-000001",
    years: Sequence[int] = (2018,),
    *,
    who: int = 1,
    order: str | None = "T0000001",
    state: ItemState = S.APPROVED,
) -> CaseResult:
    """A proof of one person, all years on one order; what is approved is to be granted."""
    rows = tuple(year_item(n, year, order, who, state) for n, year in enumerate(years, start=1))
    going = [(row.number, year) for row, year in zip(rows, years, strict=True) if row.state is S.APPROVED]
    about = person(who)
    fields = {
        name: {"value": value, "source": "typed", "verified": True, "confidence": None, "page": None, "box": None}
        for name, value in (("name", about.name), ("id_number", about.id_number), ("phone", about.phone))
    }
    return CaseResult(
        case_id=case_id,
        kind="payment_proof",
        version=1,
        seen=None,
        outcome=Outcome.ACCEPT if going else Outcome.HOLD,
        source={"attachment": "凭证.docx", "member": None, "sheet": None, "block": 1},
        header={"fields": fields, "payments": [{**SHOWN, "year": year, "order_id": order} for year in years]},
        items=rows,
        findings=(),
        effects=tuple(PlannedEffect(grant_key(who, y), Verb.GRANT, about, (n,), y) for n, y in going),
        claims=tuple(Claim(grant_key(who, y), n) for n, y in going),
        due_at=DUE,
        provisional=False,
        rulebook="0" * 64,
    )
