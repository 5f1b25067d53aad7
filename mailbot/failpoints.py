"""Named places where a crash test may kill the process; nothing at all unless switched on.

`MAILBOT_FAILPOINTS=log=FILE` writes every place that is passed as a line `name ordinal` to FILE. With
`;die=NAME#ORDINAL` behind it the process kills itself (SIGKILL) at that place. Ordinals count from 1 per name and
process, those of the name `*` over all places. Read once, at import: without the variable `failpoint` is a function
that does nothing.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

VARIABLE: Final = "MAILBOT_FAILPOINTS"


class Recorder:
    """Counts the places that are passed, into a file that survives the process, and dies at the named one."""

    def __init__(self, log: Path, die: str | None = None) -> None:
        self._log = log
        self._die = die
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        with self._lock:
            self._counts.update((name, "*"))
            ordinal = self._counts[name]
            self._write(f"{name} {ordinal}\n")
            if self._die in (f"{name}#{ordinal}", f"*#{self._counts['*']}"):
                os.kill(os.getpid(), signal.SIGKILL)

    def _write(self, line: str) -> None:
        """One write with O_APPEND, so that lines of several processes never mix."""
        handle = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


def recorder(setting: str) -> Recorder:
    """The recorder that a setting asks for. Raises `ValueError` for one that names no log or an unknown word."""
    words = dict(word.partition("=")[::2] for word in setting.split(";"))
    unknown = set(words) - {"log", "die"}
    if unknown or not words.get("log"):
        raise ValueError(f"{VARIABLE}: log=FILE[;die=NAME#ORDINAL], not {setting!r}")
    return Recorder(Path(words["log"]), words.get("die"))


def _nothing(_name: str) -> None:
    """What a failpoint is in production."""


failpoint: Final[Callable[[str], None]] = recorder(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else _nothing
