"""What passes between parent, zygote and child: small frames on the child's pipe, single packets on the control
socket."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from pydantic import Field

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Record

HEADER: Final = struct.Struct("!cI")
PID: Final = struct.Struct("!I")
STATUS: Final = struct.Struct("!i")
PACKET: Final = 65_536
"""The largest packet on the control socket, bytes."""
READY: Final = b"ready"
REAP: Final = b"reap"


class FrameKind(Enum):
    """A frame of the child: which part it reads next, the result, or the name of the error that ended it."""

    PROGRESS = b"P"
    RESULT = b"R"
    ERROR = b"E"


class Hello(Record):
    """What the zygote is told once: the function its children run, what warms it up, and the limits they run under."""

    target: str
    warm_up: str | None = None
    limits: Limits


class Job(Record):
    """What the zygote is told for each mail, beside the two descriptors."""

    skip: Mapping[int, FaultKind] = Field(default_factory=dict)


class BadFrame(Exception):
    """The child sent what is no frame, or more than it may."""


@dataclass(slots=True)
class FrameReader:
    """Takes the child's bytes as they come. Nothing in them is believed: kinds and sizes are checked first."""

    most: int
    result: bytes | None = None
    error: str | None = None
    part: int = 0
    _held: bytearray = field(default_factory=bytearray)
    _seen: int = 0

    def feed(self, data: bytes) -> None:
        """Raises `BadFrame`."""
        self._seen += len(data)
        if self._seen > self.most:
            raise BadFrame(f"more than {self.most} bytes")
        self._held += data
        while len(self._held) >= HEADER.size:
            letter, size = HEADER.unpack_from(self._held)
            if size > self.most:
                raise BadFrame(f"a frame of {size} bytes")
            if len(self._held) < HEADER.size + size:
                return
            body = bytes(self._held[HEADER.size : HEADER.size + size])
            del self._held[: HEADER.size + size]
            self._take(letter, body)

    def _take(self, letter: bytes, body: bytes) -> None:
        if self.result is not None:
            raise BadFrame("a frame behind the result")
        if letter == FrameKind.PROGRESS.value and body.isdigit() and len(body) < 7 and int(body) > self.part:
            self.part = int(body)  # only ever forward: a child cannot put its end down to an earlier part
        elif letter == FrameKind.RESULT.value:
            self.result = body
        elif letter == FrameKind.ERROR.value:
            self.error = body[:200].decode("ascii", "replace")
        else:
            raise BadFrame("no frame")


def frame(kind: FrameKind, body: bytes) -> bytes:
    """One frame as bytes."""
    return HEADER.pack(kind.value, len(body)) + body
