"""The running daemon's word on its mailboxes, in one small file of the storage folder, for `health` and the digest.

The ledger knows what was stored, and nobody but the process at work knows that a password is refused. The file is
replaced whole, holds no word of any mail, and is only as true as its time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from mailbot.intake.status import Condition, Status

FILE: Final = "status.json"
FRESH: Final = timedelta(minutes=5)
"""A daemon writes every half minute; an older word is no word."""
SILENT: Final = timedelta(hours=1)
"""A mailbox that gave nothing for longer has no passing trouble: polls come every minute."""
_ERROR_CHARACTERS: Final = 300


class BoxStatus(BaseModel):
    """One mailbox as the process at work sees it; the fields of `intake.status.Status` that people need."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    condition: Condition
    last_ok: AwareDatetime | None = None
    last_error: Annotated[str, Field(max_length=_ERROR_CHARACTERS)] | None = None
    last_error_at: AwareDatetime | None = None
    failures: int = 0
    unsettled: int = 0
    ahead: int = 0
    ahead_since: AwareDatetime | None = None

    @property
    def alarm(self) -> bool:
        """Whether a person must act before mail comes in again."""
        return self.condition is Condition.REFUSED


class SiteStatus(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: AwareDatetime
    mailboxes: tuple[BoxStatus, ...] = ()

    def fresh(self, now: datetime) -> bool:
        """Whether it is young enough to be believed."""
        return abs(now - self.at) <= FRESH


def write_status(storage: Path, boxes: Iterable[Status], now: datetime) -> None:
    """Replace the file. Raises `OSError` where the folder cannot be written."""
    told = SiteStatus(at=now, mailboxes=tuple(_told(box) for box in boxes))
    temporary = storage / f".{FILE}.part"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(told.model_dump_json())
    temporary.replace(storage / FILE)


def read_status(storage: Path) -> SiteStatus | None:
    """What the file says, `None` where there is none or it cannot be understood."""
    try:
        return SiteStatus.model_validate(json.loads((storage / FILE).read_text("utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


def _told(box: Status) -> BoxStatus:
    return BoxStatus(
        name=box.name,
        condition=box.condition,
        last_ok=box.last_ok,
        last_error=None if box.last_error is None else box.last_error[:_ERROR_CHARACTERS],
        last_error_at=box.last_error_at,
        failures=box.failures,
        unsettled=box.unsettled,
        ahead=box.ahead,
        ahead_since=box.ahead_since,
    )
