"""A server's folders: which one keeps what was sent, and which one the settings mean.

Pure: attributes and names in, a name out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

AUTO: Final = "auto"
"""In the settings' place of a name: the folder that the server itself calls the one of sent mail."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder: its readable name, the mark between its levels (empty: no levels), its attributes in lower case."""

    name: str
    mark: str = "/"
    attributes: frozenset[str] = frozenset()

    @property
    def opens(self) -> bool:
        """Whether it can hold mail (RFC 9051, 7.3.1)."""
        return not self.attributes & {"\\noselect", "\\nonexistent"}

    @property
    def last(self) -> str:
        """The last level of its name."""
        return self.name.rpartition(self.mark)[2] if self.mark else self.name


_SENT: Final = (
    re.compile(r"已发送(邮件)?|已发邮件|已发信件|发件箱?已发送"),
    re.compile(r"sent( (messages|items|mail|e-?mail))?", re.IGNORECASE),
    re.compile(r"寄件備份|寄件备份|已寄出"),
)
"""Usual names: 已发送 (NetEase, Aliyun), Sent Messages (QQ), Sent Items (Exchange), Sent (Dovecot)."""


def sent_among(folders: Sequence[Listing]) -> str | None:
    """The folder of sent mail: by its attribute (RFC 6154, 2), else by a usual name; the shallowest of several."""
    usable = sorted((folder for folder in folders if folder.opens), key=_depth)
    for folder in usable:
        if "\\sent" in folder.attributes:
            return folder.name
    for names in _SENT:
        for folder in usable:
            if names.fullmatch(folder.last.strip()):
                return folder.name
    return None


def named(folders: Sequence[Listing], wanted: str) -> str | None:
    """The folder that the settings mean: of that very name, else the only one whose last level is called so.

    Some servers keep all folders under another: `INBOX.已处理`, `其他文件夹/已处理` (QQ).
    """
    usable = [folder for folder in folders if folder.opens]
    for folder in usable:
        if folder.name == wanted or folder.name.casefold() == wanted.casefold() == "inbox":
            return folder.name
    found = [folder.name for folder in usable if folder.last == wanted]
    return found[0] if len(found) == 1 else None


def _depth(folder: Listing) -> int:
    return folder.name.count(folder.mark) if folder.mark else 0
