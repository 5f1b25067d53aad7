"""Pictures of a mail decoded in children of a zygote of their own, which starts when the first picture comes."""

from __future__ import annotations

import threading

from pydantic import ValidationError

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.domain.scan import PictureRef, Plate
from mailbot.sandbox.children import Children

_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class Darkroom:
    """Each picture in a fresh child. May be shared by threads, which then wait for one another.

    `target` is the dotted name of what the children run: it gets the reference as a line of JSON, and the mail behind
    it, and gives a `Plate`.
    """

    def __init__(self, limits: Limits, target: str, warm_up: str | None = None) -> None:
        bounds = limits.picture
        child = limits.child.model_copy(
            update={
                "memory_bytes": bounds.memory_bytes,
                "cpu_seconds": bounds.seconds,
                "wall_seconds": bounds.seconds,
                "part_seconds": bounds.seconds,
            }
        )
        self._seconds = float(bounds.seconds)
        self._children = Children(limits.model_copy(update={"child": child}), target, warm_up)
        self._lock = threading.Lock()
        self._started = False

    def develop(self, raw: bytes, wanted: PictureRef) -> Plate:
        """One picture as plain bytes, or why not: a child that was stopped at it is a fault of that picture alone.
        Raises `PortError` where no child can be had."""
        with self._lock:
            if not self._started:
                self._children.start()
                self._started = True
            ended = self._children.run(wanted.model_dump_json().encode() + b"\n" + raw, {}, self._seconds * 2)
        if ended.result is not None:
            return _validated(ended.result)
        if ended.kind is FaultKind.UNREADABLE:
            return Plate(fault="unreadable", detail=ended.why[:200])
        return Plate(fault="too_large" if ended.why == "MemoryError" else "stopped", detail=ended.why[:200])

    def close(self) -> None:
        """Ends the zygote and whatever it runs; the next picture starts another."""
        with self._lock:
            self._children.stop()
            self._started = False


def _validated(result: bytes) -> Plate:
    """The child's word against the schema: it gives a plain picture or a fault, and nothing else."""
    try:
        found = Plate.model_validate_json(result)
    except ValidationError as fault:
        return Plate(fault="unreadable", detail=f"{fault.error_count()} errors in the child's result")
    if found.fault is None and not found.data.startswith(_MAGIC):
        return Plate(fault="unreadable", detail="no plain picture")
    return found if found.fault is None else found.model_copy(update={"data": b"", "detail": found.detail[:200]})
