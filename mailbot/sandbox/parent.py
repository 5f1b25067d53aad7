"""The parent's side: opens mails in children, one at a time, and believes nothing that comes out of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from mailbot.domain.document import BODY, FaultKind, Opened
from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.sandbox.children import Children


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
        self._children = Children(limits, target, warm_up)
        self._lock = threading.Lock()
        self._children.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the zygote and whatever it runs."""
        with self._lock:
            self._children.stop()

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
            ended = self._children.run(raw, skip, max(1.0, end - monotonic()))
            attempt = _Attempt(None, ended.part, ended.kind, ended.why)
            if ended.result is not None:
                attempt = _validated(ended.result, ended.part)
            if attempt.opened is not None:
                return attempt.opened
            if attempt.part == 0 or attempt.part in skip:
                break
            skip[attempt.part] = attempt.kind
            if number + 1 == child.tries or end - monotonic() < child.part_seconds:
                rest = range(attempt.part + 1, self._most_parts + 1)
                skip.update({part: attempt.kind for part in rest if part not in skip})
        raise PortError(f"the mail could not be opened: {attempt.why}", retry=False)


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
