"""Option values that several verbs share, read strictly."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import typer

from mailbot.domain.decisions import Automation

KINDS = ("roster", "payment_proof", "commitment", "enquiry")
OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


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
