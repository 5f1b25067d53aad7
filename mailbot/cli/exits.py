"""Exit codes, so that systemd and scripts can tell a fault of the set-up from an outage."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a verb ends with. 2 is typer's own, for words it does not know."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG = 3
    RULES = 4
    NOT_READY = 5
    UNAVAILABLE = 6
    REFUSED = 7
    LOCKED = 8
