"""One child at a time, out of one zygote: started, watched, ended. Nothing that comes out of it is believed here."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import ChildLimits, Limits
from mailbot.domain.ports import PortError
from mailbot.sandbox.frames import BadFrame, FrameReader
from mailbot.sandbox.link import Link, LinkLost

_CHUNK: Final = 1 << 20
_CRASHES: Final = (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)


@dataclass(frozen=True, slots=True)
class Ended:
    """How one child ended: its result as it came, or the part it was at and why it stopped."""

    result: bytes | None
    part: int = 0
    kind: FaultKind = FaultKind.BOMB
    why: str = ""


class Children:
    """The children of one zygote. Not thread-safe: the caller holds a lock."""

    def __init__(self, limits: Limits, target: str, warm_up: str | None = None) -> None:
        self._child: ChildLimits = limits.child
        self._target = target
        self._link = Link(limits, target, warm_up)

    def start(self) -> None:
        """Starts the zygote. Raises `PortError` (no retry) where that cannot be."""
        try:
            self._link.start()
        except LinkLost as fault:
            self._link.stop()
            raise PortError(f"no zygote for {self._target}: {fault}", retry=False) from fault

    def stop(self) -> None:
        """Ends the zygote and whatever it runs. Harmless when it is gone."""
        self._link.stop()

    def run(self, raw: bytes, skip: Mapping[int, FaultKind], seconds: float) -> Ended:
        """One attempt; where the zygote is gone, a new one is started and asked once more. Raises `PortError` (retry)
        where no child can be had."""
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

    def _attempt(self, raw: bytes, skip: Mapping[int, FaultKind], seconds: float) -> Ended:
        """Raises `LinkLost`."""
        pid, pipe = self._link.fork(raw, skip)
        frames = FrameReader(self._child.result_bytes)
        try:
            why = self._collect(pipe, frames, seconds)
        finally:
            os.close(pipe)
            status = self._link.end(pid)
        if frames.result is not None and not why:
            return Ended(frames.result, frames.part)
        crashed = status < 0 and -status in _CRASHES
        kind = FaultKind.UNREADABLE if crashed or (frames.error and frames.error != "MemoryError") else FaultKind.BOMB
        return Ended(None, frames.part, kind, why or frames.error or f"the child ended with {status}")

    def _collect(self, pipe: int, frames: FrameReader, seconds: float) -> str:
        """Takes frames up to the result or the end of the pipe; why the child must be stopped, or nothing.

        `seconds` are left for the whole mail: one part may use half of them, so that a further try has its time.
        """
        child = self._child
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
