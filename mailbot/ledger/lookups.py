"""The ledger's answers to what the flow asks about one mail: copies, threads, people, orders, bindings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, String, bindparam, cast, distinct, func, or_, select

from mailbot.domain.effects import EffectState, Verb
from mailbot.domain.outcome import Json, Lookups, PriorPerson, Wanted
from mailbot.domain.states import GONE, ItemState
from mailbot.ledger.conversation import own_cases, told_since
from mailbot.ledger.orders import listed
from mailbot.ledger.payments import registered, uses_of
from mailbot.ledger.pictures import pictures
from mailbot.ledger.statement import Row, Statement, among, one_of
from mailbot.ledger.tables.case import Role, case_mails, case_orders, cases, items
from mailbot.ledger.tables.journal import bindings
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letters
from mailbot.ledger.tables.reach import case_units

_OTHER = mails.c.id != bindparam("mail_id")
_SAME_ID = mails.c.message_id == bindparam("message_id")
_EQUALS = Statement(
    select(
        select(func.min(mails.c.id))
        .where(mails.c.sha256 == bindparam("sha256"), mails.c.id < bindparam("mail_id"))
        .scalar_subquery(),
        select(func.min(mails.c.id))
        .where(_SAME_ID, mails.c.content == bindparam("content"), _OTHER, mails.c.duplicate_of.is_(None))
        .scalar_subquery(),
        select(func.min(mails.c.id)).where(_SAME_ID, _OTHER).scalar_subquery(),
    )
)
"""The first mail with the same bytes that came before; the first other one with the same Message-ID and content; the
first other one with the same Message-ID. What the mail does not have (NULL) equals nothing."""
_OURS = Statement(
    select(letter_cases.c.case_id)
    .join(letters, letters.c.key == letter_cases.c.letter_key)
    .where(one_of(letters.c.message_id, "ids"))
)
_THEIRS = Statement(
    select(case_mails.c.case_id)
    .join(mails, mails.c.id == case_mails.c.mail_id)
    .where(one_of(mails.c.message_id, "ids"), func.lower(mails.c.sender) == bindparam("sender"), _OTHER)
)
_SAME_CONTENT = Statement(
    select(cases.c.fingerprint, cases.c.id)
    .where(one_of(cases.c.fingerprint, "hashes"))
    .order_by(cases.c.opened_at, cases.c.id)
)
_ORDERS = Statement(
    select(case_orders.c.order_hash, case_orders.c.case_id)
    .where(one_of(case_orders.c.order_hash, "hashes"))
    .order_by(case_orders.c.case_id)
)


def _asked(by: str) -> Statement:
    """Wishes for accounts by a column of hashes, the first one first; a cancelled wish holds nothing."""
    person = (effect_items.c.case_id, effect_items.c.number, effects.c.id_hash, effects.c.phone_hash)
    return Statement(
        select(effects.c[by], *person, effects.c.key, effects.c.state)
        .join(effect_items, effect_items.c.effect_key == effects.c.key)
        .where(
            one_of(effects.c[by], "hashes"),
            effects.c.verb == Verb.OPEN_ACCOUNT.value,
            effects.c.state != EffectState.CANCELLED.value,
        )
        .order_by(effects.c.planned_at, effect_items.c.case_id, effect_items.c.number)
    )


_GONE = tuple(sorted(state.value for state in GONE))
_WENT_ON = (ItemState.APPROVED.value, ItemState.FULFILLED.value)
_TAKEN = (
    select(func.count(distinct(func.coalesce(items.c.identity, cast(items.c.number, String)))))
    .where(items.c.case_id == cases.c.id, items.c.number > 0, ~among(items.c.state, _GONE))
    .scalar_subquery()
)
"""The people of a case whom its order pays for: each once, and rows that wait for a number count too."""
_ACTED = select(items.c.number).where(items.c.case_id == case_mails.c.case_id, among(items.c.state, _WENT_ON)).exists()
_OPENER = (
    select(func.min(mails.c.sender))
    .join(case_mails, case_mails.c.mail_id == mails.c.id)
    .where(case_mails.c.case_id == cases.c.id, case_mails.c.role == Role.OPENS.value, _ACTED)
    .scalar_subquery()
)
"""Who opened a case of which something was done. Whoever only sent one speaks for no unit: a stranger who is first must
not keep the unit waiting."""
_USES = Statement(select(cases.c.id, cases.c.header, _TAKEN, _OPENER).where(one_of(cases.c.id, "ids")))
_OPENED = Statement(
    select(case_units.c.unit_key, _OPENER)
    .join(cases, cases.c.id == case_units.c.case_id)
    .where(one_of(case_units.c.unit_key, "units"))
    .order_by(case_units.c.unit_key, case_units.c.case_id)
    .limit(bindparam("most"))
)
OPENERS: Final = 200
"""Cases of a unit that are looked at, the first ones: a flood under its name comes behind them."""
_BY_ID, _BY_PHONE = _asked("id_hash"), _asked("phone_hash")
_BOUND = Statement(
    select(bindings.c.sender_key, bindings.c.unit_key).where(
        or_(one_of(bindings.c.sender_key, "keys"), one_of(bindings.c.unit_key, "units"))
    )
)
_DOMAINS = Statement(select(bindings.c.sender_key).where(bindings.c.sender_key.startswith("@")))


def look_up(conn: Connection, wanted: Wanted) -> Lookups:
    """All answers, from one state of the ledger."""
    orders = _orders(conn, wanted.orders)
    twin, same_id = _equals(conn, wanted)
    mine, theirs = _bindings(conn, wanted)
    lists = listed(conn, wanted.orders)
    register = registered(conn, wanted.orders)
    return Lookups(
        twin=twin,
        same_id=same_id,
        threads=_threads(conn, wanted),
        same_content=_same_content(conn, wanted),
        people=_prior(conn, _BY_ID, wanted.people),
        phones=_prior(conn, _BY_PHONE, wanted.phones),
        orders=orders,
        order_units=_uses(conn, (case_id for case_ids in orders.values() for case_id in case_ids)),
        bindings=mine,
        unit_senders=theirs,
        unit_openers=_openers(conn, wanted.units),
        listed=lists.orders,
        orders_as_of=lists.as_of,
        pictures=pictures(conn, wanted.pictures, wanted.looks),
        order_uses=uses_of(conn, wanted.orders),
        payments=register.payments,
        payments_as_of=register.as_of,
        told=_told(conn, wanted),
        own=own_cases(conn, wanted.sender),
    )


def _told(conn: Connection, wanted: Wanted) -> tuple[str, ...]:
    if wanted.told_since is None or not wanted.sender:
        return ()
    return told_since(conn, wanted.sender, wanted.mail_id, wanted.told_since)


def _equals(conn: Connection, wanted: Wanted) -> tuple[int | None, int | None]:
    """The mail that this one is a copy of, and another one with its Message-ID. Of two equal mails the earlier is never
    the copy of the later, in whatever order they are read."""
    asked = {
        "sha256": wanted.sha256,
        "mail_id": wanted.mail_id,
        "message_id": wanted.message_id,
        "content": wanted.content,
    }
    [(same_bytes, same_mail, same_id)] = _EQUALS.rows(conn, asked)
    return (same_mail if same_bytes is None else same_bytes), same_id


def _threads(conn: Connection, wanted: Wanted) -> tuple[str, ...]:
    """The cases of our letters that the mail answers, and of the same sender's own mails that it continues."""
    if not wanted.reply_ids:
        return ()
    case_ids = set(_OURS.scalars(conn, {"ids": wanted.reply_ids}))
    if wanted.sender is not None:
        own = {"ids": wanted.reply_ids, "sender": wanted.sender.lower(), "mail_id": wanted.mail_id}
        case_ids.update(_THEIRS.scalars(conn, own))
    return tuple(sorted(case_ids))


def _same_content(conn: Connection, wanted: Wanted) -> dict[str, str]:
    found: dict[str, str] = {}
    for fingerprint, case_id in _asked_for(conn, _SAME_CONTENT, wanted.fingerprints):
        found.setdefault(fingerprint, case_id)
    return found


def _prior(conn: Connection, asked: Statement, hashes: Sequence[str]) -> dict[str, PriorPerson]:
    """By hash: who asked first for the account of this person."""
    found: dict[str, PriorPerson] = {}
    for by, *prior in _asked_for(conn, asked, hashes):
        found.setdefault(by, PriorPerson(*prior))
    return found


def _orders(conn: Connection, hashes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for order, case_id in _asked_for(conn, _ORDERS, hashes):
        found[order] = (*found.get(order, ()), case_id)
    return found


def _asked_for(conn: Connection, asked: Statement, hashes: Sequence[str]) -> list[Row]:
    """The rows for these hashes; where there are none, nothing needs to be asked."""
    return asked.rows(conn, {"hashes": hashes}) if hashes else []


def _uses(conn: Connection, case_ids: Iterable[str]) -> dict[str, Json]:
    """Which unit each of these cases names, how many of its people count, and who opened it."""
    ids = tuple(dict.fromkeys(case_ids))
    found: dict[str, Json] = {}
    for case_id, header, rows, sender in _USES.rows(conn, {"ids": ids}) if ids else ():
        unit = {"unit": header.get("unit"), "tax_id": header.get("tax_id")}
        found[case_id] = {**unit, "rows": rows, "sender": sender}
    return found


def sender_keys(address: str) -> tuple[str, ...]:
    """The keys a sender can be bound by: the full address, or its domain (with or without the @)."""
    folded = address.casefold()
    domain = folded.rpartition("@")[2]
    return (folded, f"@{domain}", domain)


def _bindings(conn: Connection, wanted: Wanted) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The units that this sender is confirmed for, and by unit of the mail the senders who are."""
    keys = sender_keys(wanted.sender) if wanted.sender else ()
    if not (keys or wanted.units):
        return (), {}
    mine: set[str] = set()
    theirs: dict[str, tuple[str, ...]] = {}
    for sender, unit in sorted(_BOUND.rows(conn, {"keys": keys, "units": wanted.units})):
        if sender in keys:
            mine.add(unit)
        if unit in wanted.units:
            theirs[unit] = (*theirs.get(unit, ()), sender)
    return tuple(sorted(mine)), theirs


def _openers(conn: Connection, units: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By unit: who opened a case of it of which something was done, each once."""
    found: dict[str, dict[str, None]] = {}
    for unit, sender in _OPENED.rows(conn, {"units": units, "most": OPENERS}) if units else ():
        if sender:
            found.setdefault(unit, {})[sender] = None
    return {unit: tuple(senders) for unit, senders in found.items()}


def domains(conn: Connection) -> frozenset[str]:
    """The domains that are bound to a unit."""
    return frozenset(key[1:] for key in _DOMAINS.scalars(conn))
