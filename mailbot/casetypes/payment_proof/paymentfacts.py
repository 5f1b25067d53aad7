"""The facts of one payment: claimed against shown, the register of the old platforms, and what came before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mailbot.casetypes.payment_proof.history import history_facts
from mailbot.casetypes.payment_proof.register import Register, register_of
from mailbot.casetypes.payment_proof.seen import numbers_of
from mailbot.casetypes.payment_proof.times import time_fault
from mailbot.casetypes.payment_proof.values import Payment, ProofRecord, Side
from mailbot.casetypes.payment_proof.words import Words, holds
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.campaign import campaign_facts
from mailbot.domain.facts.payment import PAYMENT
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation, Subject

_COMPARED: Final = (("year", "缴费年度"), ("order_id", "订单编号"), ("paid_at", "缴费时间"), ("amount", "金额"))
_NOTHING: Final = Side()


def payment_subjects(record: ProofRecord, situation: Situation, words: Words) -> Iterator[Subject]:
    """One subject a payment, numbered from 1."""
    campaign = campaign_facts(situation.campaign, PAYMENT)
    for number, payment in enumerate(record.payments, start=1):
        register = register_of(payment, record, situation)
        yield Subject(
            "payment",
            number,
            PAYMENT.row(
                {
                    **_year(payment, record, register),
                    **_order(payment, record, register),
                    **_status(payment, register),
                    **_circumstances(payment, record, situation, words),
                    **_compared(payment),
                    "payment.proved": _proved(payment, record),
                    "payment.confirmed": register.confirms,
                    "payment.register_contradicts": register.contradicts,
                    **history_facts(payment, record, situation),
                    **campaign,
                }
            ),
        )


def _proved(payment: Payment, record: ProofRecord) -> FactValue:
    """Whether a picture shows it; unknown while one may that nobody has looked at."""
    if payment.shown is not None:
        return True
    pictures = record.pictures
    return UNKNOWN if pictures.unread or pictures.broken or record.files or record.unassigned else False


def _year(payment: Payment, record: ProofRecord, register: Register) -> dict[str, FactValue]:
    claimed, shown = payment.claimed or _NOTHING, payment.shown or _NOTHING
    same = shown.get("year") is not None and claimed.get("year") == shown.get("year")
    alone = claimed.get("year") is None and shown.sure("year")
    return {
        "payment.year": payment.year,
        "payment.year_known": True if payment.year is not None else _unless_open(payment, record),
        "payment.year_verified": same or alone or register.year,
        "payment.together": payment.together,
        "payment.again": payment.again,
    }


def _unless_open(payment: Payment, record: ProofRecord) -> FactValue:
    """No; unknown while a picture or file may still tell."""
    open_ends = record.pictures.unread or record.files or (payment.shown is None and record.pictures.broken)
    return UNKNOWN if open_ends else False


def _order(payment: Payment, record: ProofRecord, register: Register) -> dict[str, FactValue]:
    claimed, shown = payment.claimed or _NOTHING, payment.shown or _NOTHING
    order = claimed.get("order_id")
    unreadable = "order_id" in shown.unreadable and not numbers_of(shown)
    typed_is_seen = order is not None and order in numbers_of(shown)
    seen_alone = order is None and shown.sure("order_id")
    missing = order is None and not numbers_of(shown) and not (shown.cut or unreadable or claimed.lost)
    return {
        "payment.order_missing": UNKNOWN if missing and _unless_open(payment, record) is UNKNOWN else missing,
        "payment.order_lost": claimed.lost and not numbers_of(shown),
        "payment.order_cut": shown.cut and not numbers_of(shown),
        "payment.unreadable": unreadable and not shown.cut,
        "payment.order_verified": typed_is_seen or seen_alone or register.order,
    }


def _status(payment: Payment, register: Register) -> dict[str, FactValue]:
    """The order's state by the picture; a typed one proves nothing."""
    shown = payment.shown
    if shown is None:
        return {"payment.status": UNKNOWN, "payment.status_verified": register.paid, "payment.refund": UNKNOWN}
    refund = shown.get("refund")
    return {
        "payment.status": shown.get("status"),
        "payment.status_verified": register.paid or shown.sure("status"),
        "payment.refund": "refund" in shown.unreadable or (refund is not None and Decimal(refund) != 0),
    }


def _circumstances(payment: Payment, record: ProofRecord, situation: Situation, words: Words) -> dict[str, FactValue]:
    amount = next(
        (side.get("amount") for side in (payment.shown, payment.claimed) if side and side.get("amount")), None
    )
    fault = time_fault(payment, situation)
    return {
        "payment.amount": UNKNOWN if amount is None else Decimal(amount),
        "payment.time_wrong": fault is not None,
        "payment.time_fault": fault,
        "payment.payer_differs": _payer_differs(payment, record.known("name")),
        "payment.other_course": _other_course(payment, words),
        "payment.site_known": _site_known(payment, words),
    }


def _payer_differs(payment: Payment, name: str | None) -> FactValue:
    """Whether somebody else paid; a masked name (*三) is compared as far as it is told."""
    payers = [side.get("payer") for side in (payment.claimed, payment.shown) if side and side.get("payer")]
    if not payers or name is None:
        return UNKNOWN
    return any(not re.fullmatch(_pattern(payer or ""), name) for payer in payers)


def _pattern(payer: str) -> str:
    return "".join(".*" if char in "*＊●" else re.escape(char) for char in payer.replace(" ", ""))


def _other_course(payment: Payment, words: Words) -> FactValue:
    """By what the picture says was bought; nothing is known of a payment that no picture shows."""
    course = payment.shown.get("course") if payment.shown else None
    if payment.shown is None:
        return False
    if course is None:
        return UNKNOWN
    return holds(course, words.phrases("other_course")) or not holds(course, words.phrases("course"))


def _site_known(payment: Payment, words: Words) -> FactValue:
    """Whether every site that is named is one of the known ones; a way of paying is no site."""
    told = [side.get("platform") for side in (payment.claimed, payment.shown) if side]
    sites = [site for site in told if site and not holds(site, words.phrases("ways"))]
    return all(holds(site, words.phrases("sites")) for site in sites) if sites else UNKNOWN


def _compared(payment: Payment) -> dict[str, FactValue]:
    """What is claimed against what is shown, with both as words for staff."""
    claimed, shown = payment.claimed, payment.shown
    if claimed is None or shown is None:
        return {"payment.typed_differs": False, "payment.typed": None, "payment.shown": None}
    unlike = [(key, label) for key, label in _COMPARED if _differs(key, claimed, shown)]
    return {
        "payment.typed_differs": bool(unlike),
        "payment.typed": "；".join(f"{label} {claimed.get(key)}" for key, label in unlike) or None,
        "payment.shown": "；".join(f"{label} {shown.get(key)}" for key, label in unlike) or None,
    }


def _differs(key: str, claimed: Side, shown: Side) -> bool:
    """Days are compared of moments: people type what they remember of the hour."""
    mine, theirs = claimed.get(key), shown.get(key)
    if mine is None or theirs is None:
        return False
    if key == "order_id":
        return mine not in numbers_of(shown)
    return mine[:10] != theirs[:10] if key == "paid_at" else mine != theirs
