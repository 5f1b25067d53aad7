"""The ledger's answers to what the flow asks about one mail: copies, threads, people, orders, bindings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, func, select

from mailbot.domain.effects import EffectState, Verb
from mailbot.domain.outcome import Json, Lookups, PriorPerson, Wanted
from mailbot.ledger.codec import chunks
from mailbot.ledger.tables.case import case_mails, case_orders, cases
from mailbot.ledger.tables.journal import bindings
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letters


def look_up(conn: Connection, wanted: Wanted) -> Lookups:
    """All answers, from one state of the ledger."""
    orders = _orders(conn, wanted.orders)
    return Lookups(
        twin=_twin(conn, wanted),
        same_id=_same_id(conn, wanted),
        threads=_threads(conn, wanted),
        same_content=_same_content(conn, wanted),
        people=_prior(conn, "id_hash", wanted.people),
        phones=_prior(conn, "phone_hash", wanted.phones),
        orders=orders,
        order_units=_units(conn, (case_id for case_ids in orders.values() for case_id in case_ids)),
        bindings=_bindings(conn, wanted.sender),
    )


def _twin(conn: Connection, wanted: Wanted) -> int | None:
    """The first mail with the same bytes that came before, or with the same Message-ID and content that was read
    before. Of two equal mails the earlier is never the copy of the later, in whatever order they are read."""
    same_bytes = and_(mails.c.sha256 == wanted.sha256, mails.c.id < wanted.mail_id)
    found = conn.execute(select(func.min(mails.c.id)).where(same_bytes)).scalar()
    if found is None and wanted.message_id is not None and wanted.content is not None:
        same_mail = and_(mails.c.message_id == wanted.message_id, mails.c.content == wanted.content)
        others = and_(mails.c.id != wanted.mail_id, mails.c.duplicate_of.is_(None))
        found = conn.execute(select(func.min(mails.c.id)).where(same_mail, others)).scalar()
    return None if found is None else int(found)


def _same_id(conn: Connection, wanted: Wanted) -> int | None:
    if wanted.message_id is None:
        return None
    same = and_(mails.c.message_id == wanted.message_id, mails.c.id != wanted.mail_id)
    found = conn.execute(select(func.min(mails.c.id)).where(same)).scalar()
    return None if found is None else int(found)


def _threads(conn: Connection, wanted: Wanted) -> tuple[str, ...]:
    """The cases of our letters that the mail answers, and of the same sender's own mails that it continues."""
    case_ids: set[str] = set()
    for some in chunks(dict.fromkeys(wanted.reply_ids)):
        ours = select(letter_cases.c.case_id).join(letters, letters.c.key == letter_cases.c.letter_key)
        case_ids.update(conn.execute(ours.where(letters.c.message_id.in_(some))).scalars())
        if wanted.sender is not None:
            theirs = select(case_mails.c.case_id).join(mails, mails.c.id == case_mails.c.mail_id)
            own = and_(mails.c.message_id.in_(some), mails.c.sender == wanted.sender, mails.c.id != wanted.mail_id)
            case_ids.update(conn.execute(theirs.where(own)).scalars())
    return tuple(sorted(case_ids))


def _same_content(conn: Connection, wanted: Wanted) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in chunks(dict.fromkeys(wanted.fingerprints)):
        query = select(cases.c.fingerprint, cases.c.id).where(cases.c.fingerprint.in_(some))
        for fingerprint, case_id in conn.execute(query.order_by(cases.c.opened_at, cases.c.id)):
            found.setdefault(str(fingerprint), str(case_id))
    return found


def _prior(conn: Connection, by: str, hashes: Sequence[str]) -> dict[str, PriorPerson]:
    """Who asked first for the account of these people, by the named column; a cancelled wish holds nothing."""
    found: dict[str, PriorPerson] = {}
    columns = (effect_items.c.case_id, effect_items.c.number, effects.c.id_hash, effects.c.phone_hash)
    for some in chunks(dict.fromkeys(hashes)):
        query = (
            select(*columns, effects.c.key, effects.c.state)
            .join(effect_items, effect_items.c.effect_key == effects.c.key)
            .where(
                effects.c[by].in_(some),
                effects.c.verb == Verb.OPEN_ACCOUNT.value,
                effects.c.state != EffectState.CANCELLED.value,
            )
            .order_by(effects.c.planned_at, effect_items.c.case_id, effect_items.c.number)
        )
        for row in conn.execute(query).mappings():
            hashed = (row["id_hash"], row["phone_hash"])
            found.setdefault(row[by], PriorPerson(row["case_id"], row["number"], *hashed, row["key"], row["state"]))
    return found


def _orders(conn: Connection, hashes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for some in chunks(dict.fromkeys(hashes)):
        query = select(case_orders.c.order_hash, case_orders.c.case_id).where(case_orders.c.order_hash.in_(some))
        for order, case_id in conn.execute(query.order_by(case_orders.c.case_id)):
            found[order] = (*found.get(order, ()), case_id)
    return found


def _units(conn: Connection, case_ids: Iterable[str]) -> dict[str, Json]:
    """Which unit each of these cases names, out of its header."""
    found: dict[str, Json] = {}
    for some in chunks(dict.fromkeys(case_ids)):
        for case_id, header in conn.execute(select(cases.c.id, cases.c.header).where(cases.c.id.in_(some))):
            found[str(case_id)] = {"unit": header.get("unit"), "tax_id": header.get("tax_id")}
    return found


def sender_keys(address: str) -> tuple[str, ...]:
    """The keys a sender can be bound by: the full address, or its domain (with or without the @)."""
    folded = address.casefold()
    domain = folded.rpartition("@")[2]
    return (folded, f"@{domain}", domain)


def _bindings(conn: Connection, sender: str | None) -> tuple[str, ...]:
    if not sender:
        return ()
    confirmed = select(bindings.c.unit_key).where(bindings.c.sender_key.in_(sender_keys(sender)))
    return tuple(sorted(set(conn.execute(confirmed).scalars())))


def domains(conn: Connection) -> frozenset[str]:
    """The domains that are bound to a unit."""
    keys = conn.execute(select(bindings.c.sender_key).where(bindings.c.sender_key.startswith("@"))).scalars()
    return frozenset(str(key)[1:] for key in keys)
