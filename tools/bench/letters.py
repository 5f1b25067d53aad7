"""The letters' figure: one kept connection, each letter's stage in the ledger before its dot, against aiosmtplib alone.

Both send the same bytes to the same server in the same run, in turn, piece by piece, so that what else the machine does
falls on both.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import aiosmtplib
from sqlalchemy import update

from mailbot.assembly import open_rules, open_storage
from mailbot.domain.effects import EffectState
from mailbot.domain.ports import SendState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.tables.outbox import letters
from mailbot.outbound.courier import SmtpCourier
from mailbot.outbound.message import Envelope, build
from mailbot.outbound.smtp_door import SmtpSettings
from tools.bench.figure import Figure
from tools.bench.mails import ROSTER_ADDRESS, START
from tools.bench.stage import sink, site_facts

BOUND = 1.25
"""The rate is at least 0.8 of the bare one: a letter takes at most 1.25 of its time."""
TO = "hr@unit.example"
PIECES = 10
WARM = 20
LINES = 40


def measure(count: int) -> list[Figure]:
    """Seconds that pass while `count` letters go out; the time on the wall, for waiting is most of it."""
    made = [_letter(number) for number in range(count)]
    with TemporaryDirectory(prefix="bench-") as name, sink() as port, _ledger(Path(name), count) as ledger:
        product, bare = _Product(port, ledger), _Bare(port)
        for one in (product, bare):
            one.send([(f"warm:{number}", raw) for number, raw in enumerate(made[:WARM])])
        spent = {"product": 0.0, "bare": 0.0}
        size = max(1, count // PIECES)
        for start in range(0, count, size):
            piece = [(f"mail:{number}:1", made[number]) for number in range(start, min(start + size, count))]
            spent["product"] += _seconds(product, piece)
            spent["bare"] += _seconds(bare, piece)
        product.end()
        bare.end()
    rates = {who: count / seconds for who, seconds in spent.items()}
    note = f"letters a second: product {rates['product']:.0f}, bare {rates['bare']:.0f}; rate {_ratio(rates):.2f}"
    what = f"{count} letters on one connection, seconds"
    return [Figure(what, spent["product"], "aiosmtplib.sendmail", spent["bare"], BOUND, note)]


def _ratio(rates: dict[str, float]) -> float:
    return rates["product"] / rates["bare"]


def _seconds(one: _Product | _Bare, piece: Sequence[tuple[str, bytes]]) -> float:
    begun = time.perf_counter()
    one.send(piece)
    return time.perf_counter() - begun


class _Product:
    """The courier as the worker drives it, with the stage noted before every dot."""

    def __init__(self, port: int, ledger: Ledger) -> None:
        self._courier = SmtpCourier(SmtpSettings("127.0.0.1", port, "plain", envelope_sender=ROSTER_ADDRESS))
        self._steps = ledger.steps

    def send(self, piece: Sequence[tuple[str, bytes]]) -> None:
        for key, raw in piece:
            end = self._courier.send(TO, raw, key, lambda key=key: self._steps.handing_over(key, START))  # type: ignore[misc]  # bound at once
            if end.state is not SendState.SENT:
                raise RuntimeError(f"{key}: {end.detail}")

    def end(self) -> None:
        self._courier.close()


class _Bare:
    """aiosmtplib alone, over one kept connection."""

    def __init__(self, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        self._loop.run_until_complete(self._client.connect())

    def send(self, piece: Sequence[tuple[str, bytes]]) -> None:
        async def work() -> None:
            for _, raw in piece:
                await self._client.sendmail(ROSTER_ADDRESS, [TO], raw)

        self._loop.run_until_complete(work())

    def end(self) -> None:
        self._loop.run_until_complete(self._client.quit())
        self._loop.close()


@contextmanager
def _ledger(folder: Path, count: int) -> Iterator[Ledger]:
    """A ledger in which so many letters are being sent: their stage is all that is written."""
    facts, hasher = site_facts(folder / "site")
    ledger = open_storage(replace(facts, caps=False), open_rules(facts), hasher)
    keys = [f"mail:{number}:1" for number in range(count)] + [f"warm:{number}" for number in range(WARM)]
    with ledger.db.write("bench") as unit:
        unit.conn.execute(letters.insert(), [_row(key) for key in keys])
        unit.conn.execute(update(letters).values(state=EffectState.DOING.value))
    try:
        yield ledger
    finally:
        ledger.close()


def _row(key: str) -> dict[str, object]:
    counts = {"attempts": 1, "unknowns": 0, "counted": False, "draft": False, "trusted": True, "bound": False}
    whom = {"recipient": TO, "lane": TO, "message_id": f"<{key}@cqhrsp.com>", "kind": "result"}
    return {"key": key, "state": "planned", "planned_at": START, "not_before": START, **counts, **whom}


def _letter(number: int) -> bytes:
    """A letter of the usual size, built as the composer builds it."""
    text = "\n".join(f"第{line}行：张*，已注册，可于次日起分配激活码。" for line in range(1, LINES + 1))
    envelope = Envelope(
        ROSTER_ADDRESS, TO, f"回复：报名名单 {number}", f"<{number}@cqhrsp.com>", START, auto_submitted="auto-replied"
    )
    return build(envelope, text, ())
