"""What the signatures of a mail say of the domain in its From (DKIM, RFC 6376), frozen with the mail as one mark."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

_PREFIX: Final = "dkim."


class Signed(StrEnum):
    """The end of a check. `none`: no signature speaks for the domain; `fail`: one does, and does not hold; `unknown`:
    it could not be found out, which is never a pass."""

    PASS = "pass"  # noqa: S105 - the word of RFC 8601
    FAIL = "fail"
    NONE = "none"
    UNKNOWN = "unknown"

    @property
    def verified(self) -> bool | None:
        """What it says of the sender: yes, no, or nothing."""
        return {Signed.PASS: True, Signed.FAIL: False}.get(self)

    @property
    def mark(self) -> str:
        """The mark by which it is kept with the mail: whoever judges the mail again does not ask again."""
        return _PREFIX + self.value


def signed_by(marks: Iterable[str]) -> Signed | None:
    """What was found out when the mail was judged; `None` where nothing was asked."""
    found = next((mark.removeprefix(_PREFIX) for mark in marks if mark.startswith(_PREFIX)), None)
    return Signed(found) if found in set(Signed) else None
