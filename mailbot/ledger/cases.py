"""Writing a case: its row under its row version, the frozen version, orders and items. In bulk, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, insert, select, update

from mailbot.domain.decisions import Decision, Verdict
from mailbot.domain.outcome import CaseResult, ItemResult, StaleCase
from mailbot.domain.records import order_key, orders_named
from mailbot.domain.states import ItemState
from mailbot.ledger.codec import Columns, clean, clock_out, findings_out
from mailbot.ledger.db import Unit
from mailbot.ledger.moves import Moves, advance
from mailbot.ledger.payments import write_uses
from mailbot.ledger.pictures import write_pictures
from mailbot.ledger.statement import Statement, one_of
from mailbot.ledger.tables.case import case_orders, case_versions, cases, items
from mailbot.ledger.tables.reach import case_units


@dataclass(frozen=True, slots=True)
class Pass:
    """What brings a case to a commit: the mail of a pass of the flow, or the decision of a person."""

    at: datetime
    mail_id: int | None = None
    decision: Decision | None = None

    def by_person(self, number: int) -> bool:
        """Whether a person decided this item."""
        return self.decision is not None and number in self.decision.verdicts


@dataclass(frozen=True, slots=True)
class Written:
    """What a write of a case changed."""

    moves: Moves
    anew: bool
    """Whether the case is new or its content is a new version."""
    fresh: bool
    """Whether the case stood nowhere before."""


def write_case(unit: Unit, case: CaseResult, by: Pass) -> Written:
    """Write a case and its items. Raises `StaleCase` when it is not the one that was seen, `IllegalMove` for a state
    that an item may not take, `ValueError` for a new case without items; a later version may change none."""
    fresh = case.seen is None
    if fresh and not case.items:
        raise ValueError(f"case {case.case_id} has no item")
    anew = _insert_case(unit, case, by) if fresh else _update_case(unit, case, by)
    if anew:
        _ADD_VERSION.run(unit.conn, _version(case, by))
        _write_orders(unit, case, fresh=fresh)
        _write_units(unit, case, fresh=fresh)
        write_pictures(unit, case, fresh=fresh)
    moves = _write_items(unit, case, by, fresh=fresh, anew=anew)
    if anew:
        write_uses(unit, case, fresh=fresh)
    _MOVE_ITEM.run_all(
        unit.conn,
        [{"b_case_id": case.case_id, "b_number": n, "place": dict(place)} for n, place in case.places.items()],
    )
    return Written(moves, anew, fresh)


_STANDS = Statement(select(cases.c.id).where(cases.c.id == bindparam("id")))
_ADD_CASE, _ADD_VERSION, _ADD_ORDERS, _ADD_ITEMS = (
    Statement(insert(table)) for table in (cases, case_versions, case_orders, items)
)
_ADD_UNITS = Statement(insert(case_units))
_KNOWN_UNITS = Statement(select(case_units.c.unit_key).where(case_units.c.case_id == bindparam("case_id")))
_KNOWN_ORDERS = Statement(select(case_orders.c.order_hash).where(case_orders.c.case_id == bindparam("case_id")))


def _insert_case(unit: Unit, case: CaseResult, by: Pass) -> bool:
    if _STANDS.first(unit.conn, {"id": case.case_id}) is not None:
        raise StaleCase(f"case {case.case_id} stands already")
    new = {
        "id": case.case_id,
        "kind": case.kind,
        "row_version": 1,
        "state": ItemState.RECEIVED.value,
        "waits": False,
        "results": 0,
        "opened_at": by.at,
    }
    _ADD_CASE.run(unit.conn, {**_columns(case, by), **new})
    return True


def _update_case(unit: Unit, case: CaseResult, by: Pass) -> bool:
    current = select(cases.c.version, cases.c.row_version).where(cases.c.id == case.case_id).with_for_update()
    row = unit.conn.execute(current).one_or_none()
    if row is None or row[1] != case.seen or case.version < row[0]:
        raise StaleCase(f"case {case.case_id} changed since it was read")
    if by.decision is not None and by.decision.seen_version != case.seen:
        raise StaleCase(f"case {case.case_id} changed since it was decided on")
    values = _columns(case, by) | {"row_version": row[1] + 1}
    if by.decision is not None and _gives_reason(case, by.decision):
        values["reason"] = clean(by.decision.reason)
    unit.conn.execute(update(cases).where(cases.c.id == case.case_id).values(values))
    return bool(case.version > row[0])


def _gives_reason(case: CaseResult, decision: Decision) -> bool:
    """Whether the reason of a decision is for the sender: it asks or declines, or closes what is left of a case of
    which nothing was declined for another reason."""
    said = set(decision.verdicts.values())
    closes = Verdict.CLOSE in said and all(item.state in _WITHOUT_REFUSAL for item in case.items)
    return bool(said & {Verdict.ASK, Verdict.DECLINE}) or closes


_WITHOUT_REFUSAL = frozenset({ItemState.CLOSED, ItemState.FULFILLED})


def _columns(case: CaseResult, by: Pass) -> Columns:
    return {
        "version": case.version,
        "outcome": case.outcome.word,
        "source": dict(case.source),
        "header": dict(case.header),
        "findings": findings_out(case.findings),
        "due_at": case.due_at,
        "provisional": case.provisional,
        "rulebook": case.rulebook,
        "fingerprint": case.fingerprint,
        "changed_at": by.at,
    }


def _version(case: CaseResult, by: Pass) -> Columns:
    return {
        "case_id": case.case_id,
        "version": case.version,
        "mail_id": by.mail_id,
        "at": by.at,
        "outcome": case.outcome.word,
        "rulebook": case.rulebook,
        "source": dict(case.source),
        "header": dict(case.header),
        "findings": findings_out(case.findings),
        "context": dict(case.context),
    }


def _write_orders(unit: Unit, case: CaseResult, *, fresh: bool) -> None:
    hashes = {unit.terms.hasher.search(order_key(order)) for order in orders_named(case.header)}
    if not fresh:
        hashes -= set(_KNOWN_ORDERS.scalars(unit.conn, {"case_id": case.case_id}))
    _ADD_ORDERS.run_all(unit.conn, [{"order_hash": order, "case_id": case.case_id} for order in sorted(hashes)])


def _write_units(unit: Unit, case: CaseResult, *, fresh: bool) -> None:
    keys = set(case.units)
    if keys and not fresh:
        keys -= set(_KNOWN_UNITS.scalars(unit.conn, {"case_id": case.case_id}))
    _ADD_UNITS.run_all(unit.conn, [{"unit_key": key, "case_id": case.case_id} for key in sorted(keys)])


def _write_items(unit: Unit, case: CaseResult, by: Pass, *, fresh: bool, anew: bool) -> Moves:
    """Insert the new items, update those that differ; what the result does not name stays as it is. The case's own
    matter (item 0) belongs to a version: that of a new one is received anew, whatever became of the one before."""
    stored = {} if fresh else _stored(unit, case.case_id)
    moves: dict[int, tuple[ItemState, ItemState]] = {}
    new: list[Columns] = []
    changed: list[Columns] = []
    for item in case.items:
        before = stored.get(item.number)
        old = None if before is None or (anew and item.number == 0) else ItemState(before["state"])
        state = advance(old, item.state, by_person=by.by_person(item.number), anew=anew)
        if old is not state:
            moves[item.number] = (ItemState.RECEIVED if old is None else old, state)
        row = _row(case.case_id, item, state)
        if before is None:
            new.append({**row, "waiting_since": by.at if state is ItemState.AWAITING_SENDER else None})
        elif anew or _differs(before, item):
            changed.append(_prefixed(row, _waiting(before, state, by.at, anew=anew)))
    _ADD_ITEMS.run_all(unit.conn, new)
    _UPDATE_ITEM.run_all(unit.conn, changed)
    return moves


def _stored(unit: Unit, case_id: str) -> dict[int, RowMapping]:
    columns = (items.c.number, items.c.state, items.c.proposed, items.c.decided_by, items.c.due_at)
    query = select(*columns, items.c.waiting_since).where(items.c.case_id == case_id)
    return {row["number"]: row for row in unit.conn.execute(query).mappings()}


def _differs(before: RowMapping, item: ItemResult) -> bool:
    """Within one version only the decision can change, never what was read."""
    now = (item.state.value, item.proposed, item.decided_by, item.due_at)
    return now != (before["state"], before["proposed"], before["decided_by"], before["due_at"])


def _waiting(before: RowMapping, state: ItemState, at: datetime, *, anew: bool) -> datetime | None:
    """Since when the item waits for its sender. A new version ended the wait before, and begins another one."""
    if state is not ItemState.AWAITING_SENDER:
        return None
    return at if anew else before["waiting_since"] or at


def _row(case_id: str, item: ItemResult, state: ItemState) -> Columns:
    return {
        "case_id": case_id,
        "number": item.number,
        "kind": item.kind,
        "identity": item.identity,
        "place": dict(item.place),
        "data": dict(item.values),
        "status": item.status.value,
        "state": state.value,
        "findings": findings_out(item.findings),
        "proposed": item.proposed,
        "decided_by": item.decided_by,
        "due_at": item.due_at,
        "clock": clock_out(item.clock),
    }


_CHANGES = ("identity", "place", "data", "status", "state", "findings", "proposed", "decided_by", "due_at", "clock")
_UPDATE_ITEM = Statement(
    update(items)
    .where(items.c.case_id == bindparam("b_case_id"), items.c.number == bindparam("b_number"))
    .values({name: bindparam(f"b_{name}", type_=items.c[name].type) for name in (*_CHANGES, "waiting_since")})
)


_MOVE_ITEM = Statement(
    update(items)
    .where(items.c.case_id == bindparam("b_case_id"), items.c.number == bindparam("b_number"))
    .values(place=bindparam("place", type_=items.c.place.type))
)


def _prefixed(row: Columns, waiting_since: datetime | None) -> Columns:
    """A row for `_UPDATE_ITEM`: bound names must differ from the columns'."""
    row = {**row, "waiting_since": waiting_since}
    return {f"b_{name}": row[name] for name in ("case_id", "number", *_CHANGES, "waiting_since")}


_SET_STATES = Statement(
    update(items)
    .where(items.c.case_id == bindparam("b_case_id"), one_of(items.c.number, "b_numbers"))
    .values(state=bindparam("state"), decided_by=bindparam("decided_by"))
)


def set_states(unit: Unit, case_id: str, moves: Moves, deciders: Mapping[int, str | None]) -> None:
    """Write moves that the end of an effect brought; an item that a person must look at is decided by nobody yet."""
    alike: dict[tuple[str, str | None], list[int]] = {}
    for number, (_, state) in moves.items():
        alike.setdefault((state.value, deciders.get(number)), []).append(number)
    for (word, decider), numbers in alike.items():
        values = {"b_case_id": case_id, "b_numbers": numbers, "state": word, "decided_by": decider}
        _SET_STATES.run(unit.conn, values)
