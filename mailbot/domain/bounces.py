"""What a delivery notice comes to: the letter of ours that it speaks of, and why that did not arrive, in Chinese.

A notice is believed where it shows a Message-ID of ours, which only somebody who had the letter can know. One that
shows an id in our name which we never gave is forged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mailbot.domain.mail import Notice

FORGED: Final = "mail.bounce_forged"
"""The finding of a notice that shows an id in our name which is not ours."""
DELAYED: Final = "delayed"
DELIVERED: Final = "delivered"
"""The marks of notices about a letter that is still on its way, or arrived."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The letter that came back. `sure`: the notice showed its Message-ID; else it is the newest one to the address
    that the notice names. `cases` are those it told of."""

    letter: str
    to: str
    cases: tuple[str, ...]
    sure: bool
    status: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """What a notice was traced to: a letter of ours, none, or none though it shows an id in our name."""

    letter: Returned | None
    forged: bool = False


_WHY: Final = (
    (
        (
            r"^5\.1\.[01236]$|^5\.2\.1$"
            r"|user (?:unknown|not found|doesn|does not)|no such (?:user|recipient)|mailbox not found"
            r"|unknown (?:user|recipient)|invalid (?:recipient|user|mailbox)|not a valid mailbox"
            r"|(?:用户|收件人|地址|邮箱)不存在|未开通|不是有效"
        ),
        "收件地址不存在或已停用",
    ),
    (r"^[45]\.2\.2$|over ?quota|mailbox (?:is )?full|quota exceeded|空间不足|邮箱已满|容量", "对方邮箱已满"),
    (
        r"^5\.1\.8$|^[45]\.4\.4$|host (?:or domain name )?not found|no (?:mx|route)|domain.{0,20}not (?:exist|found)",
        "找不到对方的邮件服务器",
    ),
    (r"^[45]\.[23]\.[34]$|too (?:large|big)|size (?:limit|exceed)|信件过大|超过.{0,6}大小", "信件超过对方的大小限制"),
    (r"^[45]\.7\.|spam|blacklist|black ?list|reject(?:ed)? by|policy|refused|垃圾邮件|拒收|拒绝", "被对方服务器拒收"),
    (r"^[45]\.4\.|timed? ?out|connection|超时|无法(?:与|连接)", "对方服务器长时间连接不上"),
)
UNKNOWN_WHY: Final = "对方服务器退回"
_COMPILED: Final = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in _WHY)


def why(status: str | None, said: str) -> str:
    """Why a letter came back, in a few words: by the status code (RFC 3463), else by the server's own words."""
    for told in (status or "", said):
        found = next((words for pattern, words in _COMPILED if told and pattern.search(told)), None)
        if found:
            return found
    return UNKNOWN_WHY


def in_our_name(notice: Notice, domain: str) -> bool:
    """Whether the notice shows a Message-ID under our domain."""
    end = f"@{domain.casefold()}>"
    return any(one.casefold().endswith(end) for one in notice.returned)
