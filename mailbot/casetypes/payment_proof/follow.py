"""What a later mail is to a proof sent before: what was missing, or a correction, by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mailbot.casetypes.payment_proof.clean import valid_id, valid_phone
from mailbot.casetypes.payment_proof.header import stored_record
from mailbot.casetypes.payment_proof.items import id_hash, items_of
from mailbot.casetypes.payment_proof.match import matched
from mailbot.casetypes.payment_proof.seen import numbers_of, united
from mailbot.casetypes.payment_proof.values import Payment, Pictures, ProofRecord, Said, Side
from mailbot.domain.kinds import Change, Following, Item, Match, Merged
from mailbot.domain.outcome import CaseResult, ItemResult
from mailbot.domain.ports import Hasher

_COMPARED: Final = ("name", "id_number", "phone", "year", "order_id")
DOUBT: Final = "来信补充的内容与原有缴费记录无法逐项对应，请人工核对。"


def following(record: ProofRecord, case: CaseResult, hasher: Hasher) -> Following[ProofRecord]:
    """The record as it continues a case. Another person's is none of its; a year that is gone is a doubt."""
    try:
        before = stored_record(case.header)
    except ValueError:
        return Following(record, _new(record, hasher), doubt=DOUBT)
    if _other_person(record, before, hasher):
        return Following(record, _new(record, hasher))
    whole = merged(before, record)
    old = [item for item in case.items if item.number > 0]
    matches = _matches(items_of(whole, hasher), old)
    missing = {item.number for item in old} - {match.number for match in matches}
    doubt = DOUBT if missing else None
    return Following(whole, Merged(matches, tuple(sorted(missing)), unclear=False), doubt=doubt)


def _new(record: ProofRecord, hasher: Hasher) -> Merged:
    matches = (Match(item, item.number, Change.ADDED) for item in items_of(record, hasher))
    return Merged(tuple(matches), (), unclear=False)


def _other_person(one: ProofRecord, other: ProofRecord, hasher: Hasher) -> bool:
    """Whether both name a person, and not the same one."""
    mine, theirs = id_hash(one, hasher), id_hash(other, hasher)
    if mine and theirs:
        return mine != theirs
    names = {record.known("name") for record in (one, other)} - {None}
    return len(names) > 1


def merged(before: ProofRecord, record: ProofRecord) -> ProofRecord:
    """What the case knows with what the mail adds. A newer value of a person takes the place of one that could not be
    registered; beside a good one it stands as a contradiction."""
    person = dict(before.person)
    for name, said in record.person.items():
        person[name] = _said(name, person.get(name), said)
    claimed = _claims(before.payments, record.payments)
    new = [payment.shown for payment in record.payments if payment.shown]
    old = [payment.shown for payment in before.payments if payment.shown and not _is_sent_anew(payment.shown, new)]
    payments, left_out = matched(claimed, united((*old, *new)))
    return replace(
        record,
        person=person,
        payments=payments,
        pictures=_pictures(before, record),
        files=tuple(dict.fromkeys((*before.files, *record.files))),
        unassigned=before.unassigned + record.unassigned,
        left_out=max(before.left_out, record.left_out, left_out),
    )


def _said(name: str, before: Said | None, now: Said) -> Said:
    if before is None or before.best is None:
        return now
    text = before.best.text
    good = {"id_number": valid_id, "phone": valid_phone}.get(name, str)(text) is not None
    return before.with_(now) if good else now


def _claims(before: Sequence[Payment], record: Sequence[Payment]) -> list[Payment]:
    """All that is claimed: what the mail says of one claim only fills that one's gaps, or repeats it; what contradicts
    every one is a claim of its own."""
    out = [replace(payment, shown=None, again=False) for payment in before if payment.claimed]
    for payment in (one for one in record if one.claimed):
        same = [place for place, one in enumerate(out) if _agrees(one.claimed, payment.claimed)]
        if len(same) == 1:
            out[same[0]] = _filled(out[same[0]], payment)
        else:
            out.append(replace(payment, shown=None, again=False))
    return out


def _agrees(one: Side | None, other: Side | None) -> bool:
    """Whether no value of two sides speaks against the other's. Two claims that name years name the same."""
    if one is None or other is None:
        return False
    return all(one.values[name].text == value.text for name, value in other.values.items() if name in one.values)


def _filled(old: Payment, new: Payment) -> Payment:
    if old.claimed is None or new.claimed is None:
        return old
    values = {**new.claimed.values, **old.claimed.values}
    side = replace(old.claimed, values=values, lost=old.claimed.lost and "order_id" not in values)
    return replace(old, claimed=side)


def _is_sent_anew(old: Side, new: Sequence[Side]) -> bool:
    """Whether a newer picture shows an order whole, of which the old one did not show the number."""
    return not numbers_of(old) and any(numbers_of(one) and _agrees(old, one) for one in new)


def _pictures(before: ProofRecord, record: ProofRecord) -> Pictures:
    """Those of both. A picture that could not be read was asked for anew: proofs that can be read take its place."""
    old, new = before.pictures, record.pictures
    if new.proofs and old.broken:
        gone = min(new.proofs, old.broken)
        old = replace(old, total=old.total - gone, broken=old.broken - gone)
    return old.with_(new)


def _matches(items: Sequence[Item], old: Sequence[ItemResult]) -> tuple[Match, ...]:
    """The items of the whole record with the case's: by order number and year, by year, by order number, and what is
    left alone on both sides."""
    free = list(old)
    found: dict[int, ItemResult] = {}
    for keys in (("year", "order_id"), ("year",), ("order_id",)):
        for item in items:
            same = [one for one in free if all(one.values.get(key) == item.values.get(key) for key in keys)]
            known = all(item.values.get(key) is not None for key in keys)
            if item.number not in found and known and same:
                found[item.number] = same[0]
                free.remove(same[0])
    left = [item for item in items if item.number not in found]
    for item, one in zip(left, [one for one in free if one.values.get("year") is None], strict=False):
        found[item.number] = one
    last = max((one.number for one in old), default=0)
    out: list[Match] = []
    for item in items:
        before = found.get(item.number)
        last += before is None
        out.append(Match(item, before.number if before else last, _change(item, before)))
    return tuple(out)


def _change(item: Item, before: ItemResult | None) -> Change:
    if before is None:
        return Change.ADDED
    same = all(item.values.get(key) == before.values.get(key) for key in _COMPARED)
    return Change.UNCHANGED if same else Change.CORRECTED
