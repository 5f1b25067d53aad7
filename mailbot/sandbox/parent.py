"""The parent's side: opens mails in children, one at a time, and believes nothing that comes out of them."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Final, Self

from pydantic import ValidationError

from mailbot.domain.document import BODY, FaultKind, Opened
from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.sandbox.frames import BadFrame, FrameReader
from mailbot.sandbox.link import Link, LinkLost

_CHUNK: Final = 1 << 20
_CRASHES: Final = (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How one child ended: an opened mail, or the part it was at and why it stopped."""

    opened: Opened | None
    part: int = 0
    kind: FaultKind = FaultKind.BOMB
    why: str = ""


class Sandbox:
    """An `Opener` (domain.ports): each mail in a fresh child of one zygote. May be shared by threads, which then wait
    for one another.

    `target` is the dotted name (`package.module:function`) of what the children run, see `child.Target`. `warm_up`
    names a function of the limits that the zygote runs once on input of its own: what it loads lazily is then loaded
    for all.
    """

    def __init__(self, limits: Limits, target: str, warm_up: str | None = None) -> None:
        self._limits = limits
        self._most_parts = limits.mail.attachments + limits.container.members
        self._link = Link(limits, target, warm_up)
        self._lock = threading.Lock()
        try:
            self._link.start()
        except LinkLost as fault:
            self._link.stop()
            raise PortError(f"no zygote for {target}: {fault}", retry=False) from fault

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the zygote and whatever it runs."""
        with self._lock:
            self._link.stop()

    def open(self, raw: bytes) -> Opened:
        """One mail opened. A part that kills its reader stands as a document with a fault, and the others are read.

        Raises `PortError`: no retry where the mail itself could not be read, retry where no child could be had.
        """
        with self._lock:
            return self._open(raw)

    def _open(self, raw: bytes) -> Opened:
        child = self._limits.child
        end = monotonic() + child.total_seconds
        skip: dict[int, FaultKind] = {}
        attempt = _Attempt(None)
        for number in range(1, child.tries + 1):
            attempt = self._surely(raw, skip, max(1.0, end - monotonic()))
            if attempt.opened is not None:
                return attempt.opened
            if attempt.part == 0 or attempt.part in skip:
                break
            skip[attempt.part] = attempt.kind
            if number + 1 == child.tries or end - monotonic() < child.part_seconds:
                rest = range(attempt.part + 1, self._most_parts + 1)
                skip.update({part: attempt.kind for part in rest if part not in skip})
        raise PortError(f"the mail could not be opened: {attempt.why}", retry=False)

    def _surely(self, raw: bytes, skip: dict[int, FaultKind], seconds: float) -> _Attempt:
        """One attempt; where the zygote is gone, a new one is started and asked once more."""
        try:
            return self._attempt(raw, skip, seconds)
        except LinkLost:
            self._link.stop()
        try:
            self._link.start()
            return self._attempt(raw, skip, seconds)
        except LinkLost as fault:
            self._link.stop()
            raise PortError(f"no child process for reading: {fault}", retry=True) from fault

    def _attempt(self, raw: bytes, skip: dict[int, FaultKind], seconds: float) -> _Attempt:
        """Raises `LinkLost`."""
        pid, pipe = self._link.fork(raw, skip)
        frames = FrameReader(self._limits.child.result_bytes)
        try:
            why = self._collect(pipe, frames, seconds)
        finally:
            os.close(pipe)
            status = self._link.end(pid)
        if frames.result is not None and not why:
            return _validated(frames.result, frames.part)
        crashed = status < 0 and -status in _CRASHES
        kind = FaultKind.UNREADABLE if crashed or (frames.error and frames.error != "MemoryError") else FaultKind.BOMB
        return _Attempt(None, frames.part, kind, why or frames.error or f"the child ended with {status}")

    def _collect(self, pipe: int, frames: FrameReader, seconds: float) -> str:
        """Takes frames up to the result or the end of the pipe; why the child must be stopped, or nothing.

        `seconds` are left for the whole mail: one part may use half of them, so that a further try has its time.
        """
        child = self._limits.child
        end = monotonic() + min(child.wall_seconds, seconds)
        part, part_end = 0, end
        while True:
            left = min(end, part_end) - monotonic()
            if left <= 0 or not self._link.readable(pipe, left):
                return f"out of time at part {frames.part}"
            data = os.read(pipe, _CHUNK)
            if not data:
                return ""
            try:
                frames.feed(data)
            except BadFrame as fault:
                return str(fault)
            if frames.result is not None:
                return ""  # not the end of the pipe: a grandchild may hold it
            if frames.part != part:
                part, part_end = frames.part, monotonic() + min(child.part_seconds, seconds / 2)


def _validated(result: bytes, part: int) -> _Attempt:
    """The child's word against the schema; documents must be of this mail's body or parts."""
    try:
        opened = Opened.model_validate_json(result, strict=True)
    except ValidationError as fault:
        return _Attempt(None, part, FaultKind.UNREADABLE, f"{fault.error_count()} errors in the child's result")
    numbers = [document.number for document in opened.documents]
    if len(set(numbers)) < len(numbers) or not set(numbers) <= {BODY, *(found.number for found in opened.mail.parts)}:
        return _Attempt(None, part, FaultKind.UNREADABLE, "documents that belong to no part")
    return _Attempt(opened)
