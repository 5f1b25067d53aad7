"""Whether the moment of a payment can be: not before its order, not before its year, not after the mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.casetypes.payment_proof.clean import day_of
from mailbot.casetypes.payment_proof.values import Payment
from mailbot.domain.kinds import Situation

_SKEW: Final = timedelta(days=1)
"""Clocks of telephones abroad may be a day ahead."""


def time_fault(payment: Payment, situation: Situation) -> str | None:
    """Why the time cannot be right, in Chinese; `None` where nothing speaks against it."""
    today = situation.received_at.astimezone(ZoneInfo(situation.campaign.office.zone)).date()
    for side in filter(None, (payment.shown, payment.claimed)):
        paid, created = side.get("paid_at"), side.get("created_at")
        day = day_of(paid)
        if day is None or paid is None:
            continue
        if day > today + _SKEW:
            return "付款时间晚于来信"
        if created and paid[: len(created)] < created[: len(paid)]:
            return "付款时间早于下单时间"
        if payment.year is not None and day.year < payment.year:
            return "付款时间早于缴费年度"
    return None
