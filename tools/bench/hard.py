"""The figure `parse`: the product's reading of a mail's bytes against mail-parser's own on the same mails."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import mailparser
from mailparser.exceptions import MailParserError

from mailbot.domain.limits import MailLimits
from mailbot.mime.parse import parse
from tools.bench.figure import Figure
from tools.bench.usage import seconds
from tools.hard.tree import HOME

STORIES = HOME.parent / "mails"
BOUND = 1.5
ROUNDS = 5
_FAULTS = (MailParserError, ValueError, LookupError, TypeError, AttributeError)


def mails(homes: Sequence[Path] = (STORIES, HOME)) -> list[bytes]:
    """Every fixture mail and every hard one."""
    return [path.read_bytes() for home in homes for path in sorted(home.rglob("*.eml"))]


def measure(limits: MailLimits, rounds: int = ROUNDS) -> list[Figure]:
    """Processor milliseconds a mail; both sides in turn, mail by mail the same number of times."""
    raws = mails()
    logging.getLogger("mailparser").setLevel(logging.CRITICAL)
    ours, alone = _reader(lambda raw: parse(raw, limits)), _reader(mailparser.parse_from_bytes)
    for read in (ours, alone):
        _all(read, raws)
    product = base = 0.0
    for _ in range(rounds):
        product += seconds(lambda: _all(ours, raws))
        base += seconds(lambda: _all(alone, raws))
    each = 1000 / (rounds * len(raws))
    note = f"{len(raws)} mails: the stories and the hard collection, {rounds} times; repair, tree, text, quote, links"
    return [Figure("a mail's bytes to what it says, ms", product * each, "mail-parser alone", base * each, BOUND, note)]


def _all(read: Callable[[bytes], object], raws: Sequence[bytes]) -> None:
    for raw in raws:
        read(raw)


def _reader(read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """A reader that may stumble over a hard mail; the time until then counts."""

    def tolerant(raw: bytes) -> None:
        with contextlib.suppress(*_FAULTS):
            read(raw)

    return tolerant
