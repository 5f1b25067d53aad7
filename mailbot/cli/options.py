"""Option values that several verbs share, read strictly."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mailbot.domain.decisions import Automation

KINDS = ("roster", "payment_proof", "commitment", "enquiry")
OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
MOST = 1_000_000
"""Lines that a list may be asked for; the database counts no further than 63 bits."""


def named(value: str) -> str:
    """A name or reason that says something. Raises `typer.BadParameter`."""
    if not value.strip():
        raise typer.BadParameter("it must not be empty")
    return value.strip()


ByOption = Annotated[str, typer.Option("--by", help="your name, which is recorded", callback=named)]
ReasonOption = Annotated[str, typer.Option("--reason", help="why, which is recorded", callback=named)]
JsonOption = Annotated[bool, typer.Option("--json", help="print JSON")]
YesOption = Annotated[bool, typer.Option("--yes", help="do not ask for confirmation")]
LimitOption = Annotated[int, typer.Option("--limit", help="at most so many lines", min=1, max=MOST)]


def moment_of(text: str | None) -> datetime | None:
    """An ISO 8601 time; a naive one is the office's. Raises `typer.BadParameter`."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time, like 2020-09-01T10:00:00+08:00") from None
    return read if read.tzinfo else read.replace(tzinfo=OFFICE_ZONE)


def automation_of(words: list[str] | None) -> dict[str, Automation]:
    """Levels by kind: `clean` for all kinds, `roster=trusted` for one. Raises `typer.BadParameter`."""
    levels: dict[str, Automation] = {}
    for word in words or []:
        kind, _, level = word.rpartition("=")
        if kind and kind not in KINDS:
            raise typer.BadParameter(f"no kind {kind!r}: known are {', '.join(KINDS)}")
        try:
            levels.update(dict.fromkeys([kind] if kind else KINDS, Automation(level)))
        except ValueError:
            raise typer.BadParameter(f"no level {level!r}: known are {', '.join(Automation)}") from None
    return levels
