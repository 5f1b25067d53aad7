"""Planning: effects with their keys, the claims that must hold across cases, and letters with what they follow.

An effect that stands under its key already is linked, never doubled. What is planned while the site rehearses waits as
a draft for a person.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update

from mailbot.domain.effects import EffectState, PlannedEffect, PlannedLetter
from mailbot.domain.outcome import CaseResult, Claim, ClaimTaken
from mailbot.domain.ports import Hasher
from mailbot.domain.states import ItemState
from mailbot.ledger.codec import Columns, chunks, clean, person_out
from mailbot.ledger.db import Unit
from mailbot.ledger.settings import Mode, mode
from mailbot.ledger.statement import Statement, one_of
from mailbot.ledger.stops import holds_case
from mailbot.ledger.tables.case import claims, items
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letter_follows, letters

_FOR_A_PERSON = (EffectState.CONFLICT, EffectState.REJECTED, EffectState.UNCERTAIN)
TOKEN_DIGITS = 24
"""Hex digits of the signature in a Message-ID: 96 bits, and a header that fits on one line."""
PLANNED = EffectState.PLANNED.value
OVER_CAP = "over the cap"
"""What is said of a letter that waits because its address got enough of them."""
_OWNERS = Statement(select(claims.c.key, claims.c.case_id).where(one_of(claims.c.key, "keys")))
_EFFECTS = Statement(select(effects.c.key, effects.c.state).where(one_of(effects.c.key, "keys")))
_LINKS = Statement(
    select(effect_items.c.effect_key, effect_items.c.number).where(
        one_of(effect_items.c.effect_key, "keys"), effect_items.c.case_id == bindparam("case_id")
    )
)
_LETTER = Statement(select(letters.c.key).where(letters.c.key == bindparam("key")))
_ADD_CLAIMS, _ADD_EFFECTS, _ADD_LINKS, _ADD_LETTER, _ADD_SECTIONS, _ADD_FOLLOWS = (
    Statement(insert(table)) for table in (claims, effects, effect_items, letters, letter_cases, letter_follows)
)


def take_claims(unit: Unit, case_id: str, wanted: Sequence[Claim]) -> None:
    """Write the claims of a case. Raises `ClaimTaken` with every key that another case holds."""
    keys = {claim.key: claim.item for claim in wanted}
    owners: dict[str, str] = dict(_OWNERS.rows(unit.conn, {"keys": list(keys)}))
    taken = tuple(key for key, owner in owners.items() if owner != case_id)
    if taken:
        raise ClaimTaken(taken)
    rows = [{"key": key, "case_id": case_id, "number": item} for key, item in keys.items() if key not in owners]
    _ADD_CLAIMS.run_all(unit.conn, rows)


def plan_effects(unit: Unit, case: CaseResult, at: datetime, *, by_person: bool) -> set[str]:
    """Plan the effects of a case and link them to its items; the keys that stood already. One that was cancelled is
    wanted again; one that ended with a person is tried again only because a person says so."""
    wanted = {effect.key: effect for effect in case.effects}
    if not wanted:
        return set()
    known = _states(unit, wanted)
    draft = mode(unit.conn) is Mode.REHEARSAL
    new = [_effect_row(unit, effect, at, draft=draft) for key, effect in wanted.items() if key not in known]
    _ADD_EFFECTS.run_all(unit.conn, new)
    revivable = {EffectState.CANCELLED, *(_FOR_A_PERSON if by_person else ())}
    for key in (key for key, state in known.items() if state in revivable):
        again = {"state": PLANNED, "draft": draft, "not_before": at + unit.terms.undo, "ended_at": None}
        again["person"] = person_out(wanted[key].person)
        unit.conn.execute(update(effects).where(effects.c.key == key).values(again))
    _link(unit, case, known)
    return set(known)


def _states(unit: Unit, keys: Iterable[str]) -> dict[str, EffectState]:
    return {key: EffectState(state) for key, state in _EFFECTS.rows(unit.conn, {"keys": list(keys)})}


def _effect_row(unit: Unit, effect: PlannedEffect, at: datetime, *, draft: bool) -> Columns:
    search = unit.terms.hasher.search
    return {
        "key": effect.key,
        "verb": effect.verb.value,
        "state": PLANNED,
        "draft": draft,
        "not_before": at + unit.terms.undo,
        "attempts": 0,
        "person": person_out(effect.person),
        "year": effect.year,
        "id_hash": search(effect.person.id_number),
        "phone_hash": search(effect.person.phone),
        "planned_at": at,
    }


def _link(unit: Unit, case: CaseResult, known: Collection[str]) -> None:
    links = {(effect.key, number) for effect in case.effects for number in effect.items}
    if known:
        links.difference_update(_LINKS.rows(unit.conn, {"keys": list(known), "case_id": case.case_id}))
    rows = [{"effect_key": key, "case_id": case.case_id, "number": number} for key, number in sorted(links)]
    _ADD_LINKS.run_all(unit.conn, rows)


def withdraw(unit: Unit, case_id: str, numbers: Iterable[int], at: datetime) -> None:
    """Items that are approved no longer: an effect of theirs that serves no approved item does not start any more.
    Where an attempt was made its end is uncertain, for a person."""
    linked = effect_items.c.effect_key == effects.c.key
    serves = select(items.c.number).where(
        linked,
        items.c.case_id == effect_items.c.case_id,
        items.c.number == effect_items.c.number,
        items.c.state == ItemState.APPROVED.value,
    )
    for some in chunks(numbers):
        of_these = select(effect_items.c.effect_key).where(
            effect_items.c.case_id == case_id, effect_items.c.number.in_(some)
        )
        idle = (effects.c.key.in_(of_these), effects.c.state == PLANNED, ~serves.exists())
        query = select(effects.c.key, effects.c.attempts).where(*idle)
        found = unit.conn.execute(query).all()
        cancel_effects(unit, [str(key) for key, attempts in found if attempts == 0], "no longer approved", at)
        tried = [str(key) for key, attempts in found if attempts > 0]
        _end(unit, tried, EffectState.UNCERTAIN, "no longer approved, after an attempt of unknown end", at)


def cancel_effects(unit: Unit, keys: Sequence[str], why: str, at: datetime) -> None:
    """Cancel effects that have not started, and let go of the claims of the items they served."""
    _end(unit, keys, EffectState.CANCELLED, why, at)
    for some in chunks(keys):
        served = select(effect_items.c.case_id, effect_items.c.number).where(effect_items.c.effect_key.in_(some))
        for case_id, number in unit.conn.execute(served).all():
            gone = delete(claims).where(claims.c.case_id == case_id, claims.c.number == number)
            unit.conn.execute(gone)


def _end(unit: Unit, keys: Sequence[str], state: EffectState, why: str, at: datetime) -> None:
    values = {"state": state.value, "evidence": why, "ended_at": at}
    for some in chunks(keys):
        unit.conn.execute(update(effects).where(effects.c.key.in_(some)).values(values))


def message_id(hasher: Hasher, domain: str, key: str) -> str:
    """The Message-ID of a letter, the same for ever: `<token.name@domain>`. The token signs the name, so that an answer
    or a bounce tells ours from a forged one without a look-up (RFC 5322, 3.6.4)."""
    name = hashlib.sha256(key.encode()).hexdigest()[:24]
    return f"<{hasher.token(name)[:TOKEN_DIGITS]}.{name}@{domain}>"


def plan_letter(unit: Unit, letter: PlannedLetter, at: datetime, *, by_person: bool = False) -> bool:
    """Plan a letter; false where one stands under its key. One that no person wanted is a draft where the letters of
    its case wait for a person. Raises `ValueError` for one that follows an effect nobody planned: it would claim what
    never happens."""
    if _LETTER.first(unit.conn, {"key": letter.key}) is not None:
        return False
    draft = mode(unit.conn) is not Mode.LIVE or (not by_person and holds_case(unit.conn, letter.case_ids))
    _ADD_LETTER.run(unit.conn, _letter_row(unit, letter, at, draft=draft))
    sections = [
        {"letter_key": letter.key, "case_id": case_id, "position": position}
        for position, case_id in enumerate(dict.fromkeys(letter.case_ids), start=1)
    ]
    _ADD_SECTIONS.run_all(unit.conn, sections)
    follows: list[Columns] = [{"letter_key": letter.key, "effect_key": key} for key in sorted(set(letter.follows))]
    if follows:
        _follow(unit, letter.key, follows)
    unit.note("letter.planned", at, mail_id=letter.mail_id, about=letter.key, kind=letter.kind.value)
    return True


def mark_bound(unit: Unit, case_id: str, sender_key: str) -> None:
    """A person confirmed the sender of a case: the letters about it that go to this address or domain may say so."""
    key = sender_key.casefold()
    about = select(letter_cases.c.letter_key).where(letter_cases.c.case_id == case_id)
    theirs = or_(letters.c.lane == key, letters.c.lane.endswith(f"@{key.removeprefix('@')}", autoescape=True))
    unit.conn.execute(update(letters).where(letters.c.key.in_(about), theirs).values(bound=True))


def _follow(unit: Unit, key: str, follows: Sequence[Columns]) -> None:
    try:
        _ADD_FOLLOWS.run_all(unit.conn, follows)
    except sqlite3.IntegrityError as fault:
        raise ValueError(f"letter {key} follows an effect that is not planned") from fault


def _letter_row(unit: Unit, letter: PlannedLetter, at: datetime, *, draft: bool) -> Columns:
    return {
        "key": letter.key,
        "kind": letter.kind.value,
        "recipient": clean(letter.to),
        "lane": clean(letter.to).casefold(),
        "mail_id": letter.mail_id,
        "message_id": message_id(unit.terms.hasher, unit.terms.domain, letter.key),
        "trusted": letter.trusted,
        "bound": letter.bound,
        "state": PLANNED,
        "draft": draft,
        "not_before": at,
        "attempts": 0,
        "unknowns": 0,
        "counted": False,
        "planned_at": at,
    }
