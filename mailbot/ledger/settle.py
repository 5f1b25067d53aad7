"""What the ends of effects make of items and cases: fulfilled, or a matter for a person; the case's fold; and the
result that a sender who was told to wait is owed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, func, insert, select, update

from mailbot.domain.effects import TRUE_OF_THE_WORLD, EffectState, LetterKind, PlannedLetter
from mailbot.domain.states import RUNNING as RUNNING_STATES
from mailbot.domain.states import CaseState, ItemState, fold, move
from mailbot.ledger.cases import set_states
from mailbot.ledger.conversation import ANSWERED
from mailbot.ledger.db import Unit
from mailbot.ledger.moves import Moves
from mailbot.ledger.outbox import OVER_CAP, plan_letter
from mailbot.ledger.statement import Row, Statement, among, one_of
from mailbot.ledger.tables.case import Role, case_mails, cases, items
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letters

_S = ItemState
RUNNING = tuple(sorted(state.value for state in RUNNING_STATES))
"""The words of the states in which an item's clock runs."""
_FAILED = frozenset(
    {EffectState.CONFLICT, EffectState.REJECTED, EffectState.UNCERTAIN, EffectState.CANCELLED},
)
_OF_CASE = items.c.case_id == bindparam("case_id")
_LINK = (effect_items.c.case_id == items.c.case_id) & (effect_items.c.number == items.c.number)
_ENDS = Statement(
    select(items.c.number, items.c.decided_by, effects.c.state)
    .select_from(items.outerjoin(effect_items, _LINK).outerjoin(effects, effects.c.key == effect_items.c.effect_key))
    .where(_OF_CASE, one_of(items.c.number, "numbers"), items.c.state == _S.APPROVED.value)
)
_STATES = select(*(exists().where(_OF_CASE, items.c.state == state.value).label(state.value) for state in _S))
_EARLIEST = select(func.min(items.c.due_at)).where(_OF_CASE, among(items.c.state, RUNNING)).scalar_subquery()
_PRESENT, _PRESENT_AND_EARLIEST = Statement(_STATES), Statement(_STATES.add_columns(_EARLIEST))
_THIS = update(cases).where(cases.c.id == bindparam("b_id"))
_CASE, _CASE_MOVED = Statement(_THIS), Statement(_THIS.values(row_version=cases.c.row_version + 1))
_TOLD = Statement(select(cases.c.waits, cases.c.results).where(cases.c.id == bindparam("case_id")))
_ABOUT = letter_cases.c.case_id == bindparam("case_id")
_TO_COME = Statement(
    select(letters.c.key)
    .join(letter_cases, letter_cases.c.letter_key == letters.c.key)
    .where(_ABOUT, letters.c.state == EffectState.PLANNED.value, letters.c.sha256.is_(None))
)
_OF_CASE_LETTERS = select(letter_cases.c.letter_key).where(letter_cases.c.case_id == bindparam("b_case"))
_HASTEN = Statement(
    update(letters)
    .where(letters.c.key.in_(_OF_CASE_LETTERS), letters.c.state == EffectState.PLANNED.value)
    .where(letters.c.sha256.is_(None), letters.c.detail == OVER_CAP)
    .values(not_before=bindparam("b_at", type_=letters.c.planned_at.type))
)
_LAST = Statement(
    select(letters.c.recipient, letters.c.mail_id, letters.c.trusted, letters.c.bound)
    .join(letter_cases, letter_cases.c.letter_key == letters.c.key)
    .where(_ABOUT, among(letters.c.kind, ANSWERED))
    .order_by(letters.c.planned_at.desc(), letters.c.key.desc())
    .limit(1)
)
_OWE = Statement(
    update(cases)
    .where(cases.c.id.in_(select(letter_cases.c.case_id).where(letter_cases.c.letter_key == bindparam("b_key"))))
    .values(waits=exists().where(items.c.case_id == cases.c.id, among(items.c.state, RUNNING)))
)
_SAID = Statement(select(case_mails.c.case_id, case_mails.c.role).where(case_mails.c.mail_id == bindparam("mail_id")))
_ADD_MAILS = Statement(insert(case_mails))


def settle_items(unit: Unit, case_id: str, numbers: Iterable[int]) -> Moves:
    """Move the approved ones among these items on: fulfilled when all their effects are true of the world, held when
    one ended otherwise. The moves are written; the case is not folded yet."""
    moves: dict[int, tuple[ItemState, ItemState]] = {}
    deciders: dict[int, str | None] = {}
    states, decided = _effects_of(unit, case_id, list(numbers))
    for number, ends in states.items():
        to = _verdict(ends)
        if to is not None:
            moves[number] = (_S.APPROVED, move(_S.APPROVED, to, by_person=False))
            deciders[number] = decided[number] if to is _S.FULFILLED else None
    if moves:
        set_states(unit, case_id, moves, deciders)
    return moves


def _verdict(ends: Sequence[EffectState]) -> ItemState | None:
    if any(end in _FAILED for end in ends):
        return _S.HELD
    return _S.FULFILLED if all(end in TRUE_OF_THE_WORLD for end in ends) else None


def _effects_of(
    unit: Unit, case_id: str, numbers: Sequence[int]
) -> tuple[Mapping[int, list[EffectState]], Mapping[int, str | None]]:
    """The states of all effects of these items, as far as they are approved, and who decided them."""
    states: dict[int, list[EffectState]] = {}
    decided: dict[int, str | None] = {}
    for number, decider, state in _ENDS.rows(unit.conn, {"case_id": case_id, "numbers": numbers}):
        decided[number] = decider
        ends = states.setdefault(number, [])
        if state is not None:
            ends.append(EffectState(state))
    return states, decided


def present_states(unit: Unit, case_id: str) -> frozenset[ItemState]:
    """Which states the items of a case are in: one index probe a state, however many items there are."""
    return _found(_PRESENT.rows(unit.conn, {"case_id": case_id})[0])


def _found(row: Row) -> frozenset[ItemState]:
    """The states that a row of `_PRESENT` says are there; behind them the earliest time limit may stand."""
    return frozenset(state for state, found in zip(_S, row, strict=False) if found)


def fold_case(unit: Unit, case_id: str, at: datetime, *, due: bool, moved: bool = False) -> CaseState:
    """Write the case's state from its items, and with `due` its time limit: the earliest among its running items.
    With `moved` the row version rises: whoever decides on the case must see it anew."""
    [row] = (_PRESENT_AND_EARLIEST if due else _PRESENT).rows(unit.conn, {"case_id": case_id})
    state = fold(_found(row))
    values: dict[str, object] = {"b_id": case_id, "state": state.value, "changed_at": at}
    if due:
        values["due_at"] = row[len(_S)]
    (_CASE_MOVED if moved else _CASE).run(unit.conn, values)
    return state


def tell_result(unit: Unit, case_id: str, follows: Iterable[str], at: datetime) -> None:
    """Plan the result letter of a case whose sender was told to wait, once no item of it is approved any more. Where a
    letter about the case is still to be rendered, that one will tell it, and waits for no cap any more."""
    [row] = _TOLD.rows(unit.conn, {"case_id": case_id})
    present = present_states(unit, case_id)
    if _S.APPROVED in present:
        return
    if not row[0] or letter_to_come(unit, case_id):
        _HASTEN.run(unit.conn, {"b_case": case_id, "b_at": at})
        return
    values = {"results": row[1] + 1, "waits": bool(present & {_S.RECEIVED, _S.HELD})}
    _CASE.run(unit.conn, {"b_id": case_id, **values})
    last = last_letter(unit, case_id)
    if last is None:
        unit.note("case.result_untold", at, case_id=case_id)
        return
    recipient, mail_id, trusted, bound = last
    key = f"result:{case_id}:{row[1] + 1}"
    told = PlannedLetter(key, recipient, LetterKind.RESULT, (case_id,), tuple(follows), mail_id, trusted, bound)
    plan_letter(unit, told, at)


def letter_to_come(unit: Unit, case_id: str) -> bool:
    """Whether a letter about the case is still to be rendered: that one will tell what is true by then."""
    return _TO_COME.first(unit.conn, {"case_id": case_id}) is not None


def last_letter(unit: Unit, case_id: str) -> tuple[str, int | None, bool, bool] | None:
    """Address, mail, trust and binding of the case's last letter, `None` where there never was one."""
    row = _LAST.first(unit.conn, {"case_id": case_id})
    return None if row is None else (row[0], row[1], row[2], row[3])


def owe(unit: Unit, letter_key: str) -> None:
    """A letter was rendered, or never will be: where a case of it has an open end, its sender is owed more."""
    _OWE.run(unit.conn, {"b_key": letter_key})


def add_mail(unit: Unit, mail_id: int, roles: Collection[tuple[str, Role]]) -> None:
    """Say how a mail belongs to cases; what an earlier pass of it said stays."""
    if not roles:
        return
    known = {(str(case_id), Role(role)) for case_id, role in _SAID.rows(unit.conn, {"mail_id": mail_id})}
    rows = [{"case_id": case_id, "mail_id": mail_id, "role": role.value} for case_id, role in set(roles) - known]
    _ADD_MAILS.run_all(unit.conn, rows)
