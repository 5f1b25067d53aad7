"""Reads the pictures of a mail: decoded in one child, read by another process, kept, and never read twice (`Sight`).

What comes back from a reader is not believed: it is held against the schema, and what it says of itself is replaced.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import metadata
from pathlib import Path
from time import monotonic
from typing import Final, Protocol

from pydantic import ValidationError

from mailbot.domain.document import Opened
from mailbot.domain.limits import OcrLimits
from mailbot.domain.ports import Clock, PortError
from mailbot.domain.scan import SEEN_FIELDS, Box, PictureRef, Plate, Scan, SeenField, SeenLine
from mailbot.sandbox.readers import Stopped

TARGET: Final = "mailbot.ocr.worker:read"
WARM_UP: Final = "mailbot.ocr.worker:warm_up"
DEVELOP: Final = "mailbot.sight_develop:develop"
DEVELOP_WARM_UP: Final = "mailbot.sight_develop:warm_up"
_LIBRARIES: Final = ("rapidocr", "onnxruntime", "pytesseract")
_FARTHEST: Final = 100_000.0
"""No box lies farther out than this many pixels."""


class Kept(Protocol):
    """A reading as it is kept, and how often its reader was stopped at it."""

    @property
    def scan(self) -> Scan: ...
    @property
    def tries(self) -> int: ...


class Memory(Protocol):
    """Where readings are kept (`ledger.scans`)."""

    def known(self, sha256s: Sequence[str], engine: str | None) -> Mapping[str, Kept]: ...
    def keep(self, scan: Scan, tries: int, now: datetime) -> None: ...


class Room(Protocol):
    """Who decodes a picture (`sandbox.darkroom`)."""

    def develop(self, raw: bytes, wanted: PictureRef) -> Plate: ...


class Pool(Protocol):
    """Who reads a plain picture (`sandbox.readers`)."""

    @property
    def count(self) -> int: ...
    def read(self, picture: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """The port `Sight`: pictures that show nothing (`decoration`) have no scan, all others have one.

    A mail that keeps the readers for longer than its time is put off with what was read of it kept: the next turn goes
    on from there.
    """

    memory: Memory
    room: Room
    pool: Pool
    clock: Clock
    limits: OcrLimits
    engine: str
    elapsed: Callable[[], float] = monotonic

    def through(self, room: Room) -> Sight:
        """The same readers behind another darkroom."""
        return replace(self, room=room)

    def look(self, raw: bytes, opened: Opened) -> Opened:
        """The mail with what its pictures show. Raises `PortError` (retry): no reader can be had, or its time is up."""
        wanted = shown(opened.pictures)
        known = self.memory.known([ref.sha256 for ref in wanted], self.engine)
        due = {ref.sha256: ref for ref in wanted if self._is_due(known.get(ref.sha256))}
        read = self._read_all(raw, list(due.values()), known) if due else {}
        scans = {**{sha256: one.scan for sha256, one in known.items()}, **read}
        return opened.model_copy(update={"scans": tuple(placed(scans[ref.sha256], ref) for ref in wanted)})

    def _is_due(self, kept: Kept | None) -> bool:
        """Whether a picture is to be read: it never was, or its reader was stopped and may be tried again."""
        return kept is None or (kept.scan.fault == "stopped" and kept.tries < self.limits.tries)

    def _read_all(self, raw: bytes, due: Sequence[PictureRef], known: Mapping[str, Kept]) -> dict[str, Scan]:
        end = self.elapsed() + self.limits.mail_seconds

        def one(ref: PictureRef) -> Scan | None:
            if ref is not due[0] and self.elapsed() > end:
                return None
            before = known.get(ref.sha256)
            scan = self._read(raw, ref)
            self.memory.keep(scan, (before.tries if before else 0) + (scan.fault == "stopped"), self.clock.now())
            return scan

        with ThreadPoolExecutor(max_workers=min(self.pool.count, len(due)), thread_name_prefix="sight") as threads:
            scans = [scan for scan in threads.map(one, due) if scan is not None]
        if len(scans) < len(due):
            text = f"{len(due) - len(scans)} of its pictures are read in a later turn"
            raise PortError(text, retry=True)
        return {scan.sha256: scan for scan in scans}

    def _read(self, raw: bytes, ref: PictureRef) -> Scan:
        """One picture: decoded, read, judged. A fault is one of this picture alone."""
        plate = self.room.develop(raw, ref)
        nothing = Scan(number=ref.number, index=ref.index, page=ref.page, sha256=ref.sha256, engine=self.engine)
        if plate.fault is not None:
            return nothing.model_copy(update={"fault": plate.fault, "detail": plate.detail})
        try:
            found = checked(self.pool.read(plate.data))
        except Stopped as stopped:
            return nothing.model_copy(update={"fault": "stopped", "detail": str(stopped)[:200]})
        if found is None:
            return nothing.model_copy(update={"fault": "stopped", "detail": "an answer that is no reading"})
        return placed(found.model_copy(update={"sha256": ref.sha256, "engine": self.engine}), ref)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The port `Sight` for a mail that is judged again: what was read then, by whoever read it last, and nothing is
    read anew. A picture of which nothing is kept is one at which the reader was stopped."""

    memory: Memory

    def look(self, raw: bytes, opened: Opened) -> Opened:
        """The mail with what is kept of its pictures."""
        del raw
        wanted = shown(opened.pictures)
        known = self.memory.known([ref.sha256 for ref in wanted], None)
        return opened.model_copy(update={"scans": tuple(_remembered(known, ref) for ref in wanted)})


def _remembered(known: Mapping[str, Kept], ref: PictureRef) -> Scan:
    if ref.sha256 in known:
        return placed(known[ref.sha256].scan, ref)
    detail = "nothing is kept of this picture"
    return Scan(number=ref.number, index=ref.index, page=ref.page, sha256=ref.sha256, fault="stopped", detail=detail)


def shown(pictures: Iterable[PictureRef]) -> list[PictureRef]:
    """The pictures that may show something."""
    return [ref for ref in pictures if not ref.decoration]


def placed(scan: Scan, ref: PictureRef) -> Scan:
    """A reading at the place in the mail where its picture stands."""
    return scan.model_copy(update={"number": ref.number, "index": ref.index, "page": ref.page})


def checked(answer: bytes) -> Scan | None:
    """A reader's answer as a reading; `None` for what is none: another shape, a place that is nowhere, a field that
    nobody knows, a confidence that is no share."""
    try:
        scan = Scan.model_validate_json(answer, strict=True)
    except ValidationError:
        return None
    fields = [field for group in scan.groups for field in group.fields]
    evidence: list[SeenLine | SeenField] = [*scan.lines, *fields]
    sure = [share for one in evidence for share in (one.confidence, *(by.confidence for by in one.readings))]
    whole = (
        all(_is_place(one.box) for one in evidence)
        and all(0.0 <= share <= 1.0 for share in sure)
        and all(field.name in SEEN_FIELDS for field in fields)
        and math.isfinite(scan.text_height)
    )
    return scan if whole else None


def _is_place(box: Box) -> bool:
    left, top, right, bottom = box
    return all(abs(edge) <= _FARTHEST for edge in box) and left <= right and top <= bottom


def engine_of(ocr: Path) -> str:
    """Who reads, as readings are kept by: our own reading code and the libraries under it. `ocr` is the folder of that
    code: any change of it makes older readings count no more."""
    digest = hashlib.sha256()
    for file in sorted(ocr.rglob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    names = [f"{name} {version}" for name in _LIBRARIES if (version := _version(name))]
    return " ".join((f"ocr {digest.hexdigest()[:12]}", *names))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
