"""Whether the machine is still the one that ran when the last owner of the ledger worked.

What `Database.note` commits is in the hands of the kernel and outlives a killed process, not a cut of power. After a
start of the machine nothing that only a note could tell is believed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from mailbot.ledger.db import AUTO, Unit
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.journal import settings

BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
"""Another text for every start of the machine (random(4))."""
_NAME: Final = "boot"
_LAST = Statement(select(settings.c.value).where(settings.c.name == bindparam("name")))


def same_boot(unit: Unit, at: datetime, boot: Path = BOOT) -> bool:
    """Whether the machine has run on since the last owner began; from now on this one is the last."""
    now = _read(boot)
    before = _LAST.scalar(unit.conn, {"name": _NAME})
    if now and now == before:
        return True
    unit.conn.execute(delete(settings).where(settings.c.name == _NAME))
    if now:
        unit.conn.execute(insert(settings).values(name=_NAME, value=now, actor=AUTO, at=at))
    return False


def _read(boot: Path) -> str:
    """Empty where the kernel does not say, which is never the same."""
    try:
        return boot.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
