"""Why a login was refused, read from the server's words, and how long to wait before the next one.

No standard text exists: RFC 5530 codes come first, where a server sends them; the rest are words seen at providers.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from mailbot.domain.limits import IntakeLimits

TEMPORARY: Final = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})
"""Response codes that blame the server's moment, not the credentials (RFC 5530, 3)."""


class Cause(StrEnum):
    """`credentials`: user or password are wrong. `code`: this server wants an authorization code, a token, or IMAP
    switched on. `crowded`: too many logins. `moment`: the server's own trouble. `unclear`: one text for all of them."""

    CREDENTIALS = "credentials"
    CODE = "code"
    CROWDED = "crowded"
    MOMENT = "moment"
    UNCLEAR = "unclear"

    @property
    def passes(self) -> bool:
        """Whether it passes by itself, without a person."""
        return self in {Cause.CROWDED, Cause.MOMENT}


_CODE: Final = re.compile(
    r"authori[sz](ed|ation) code|auth ?code|reqcode|app(lication)?[- ]specific|app password|weixin token|web ?login|"
    r"(web|your) browser|basic ?auth|授权码|专用密码|安全密码|"
    r"(service|imap)\W+(access )?(is )?(not (open|enabled|allowed|permitted)|disabled|closed)|illegal\.email|"
    r"(未|没有)(开启|开通|启用)|imap.{0,8}(关闭|禁用)"
)
"""QQ: 'Please using authorized code to login', 'Authorized code is incorrect', 'Please using weixin token'; NetEase's
enterprise mail: ERR.LOGIN.REQCODE, ERR.ILLEGAL.EMAIL; Gmail: 'Application-specific password required'."""
_WRONG: Final = re.compile(
    r"passw(or)?d|passerr|credential|incorrect|wrong|invalid|authenticat\w* fail|abnormal|密码|口令|(账号|用户)不存在"
)
_CROWDED: Final = re.compile(
    r"(frequen\w*|rate) ?limit|too (many|frequent)|frequently|exceed\w* .{0,20}(login|attempt|connection)|"
    r"频繁|频率|(次数|连接).{0,4}(过多|太多|超)"
)
_MOMENT: Final = re.compile(
    r"busy|try (again|later)|temporar|unavailable|internal error|timed? ?out|繁忙|稍后|稍候|暂时"
)


def cause_of(text: str, code: str) -> Cause:
    """What the refusal blames. Where a text blames both us and the moment nobody can tell, so neither is believed."""
    if code in TEMPORARY:
        return Cause.MOMENT
    words = text.casefold()
    wants_code, crowded, moment = (bool(rule.search(words)) for rule in (_CODE, _CROWDED, _MOMENT))
    if crowded or moment:
        if wants_code or _WRONG.search(words):
            return Cause.UNCLEAR
        return Cause.CROWDED if crowded else Cause.MOMENT
    return Cause.CODE if wants_code else Cause.CREDENTIALS


def long_pause(cause: Cause, refusals: int, limits: IntakeLimits, *, wary: bool) -> int | None:
    """Seconds to wait after that many refusals in a row; `None`: as after a lost line. `wary`: this server locks."""
    if cause is Cause.MOMENT:
        return None
    if cause is Cause.CROWDED:
        return limits.wary_retry_seconds
    if wary or cause is Cause.UNCLEAR:
        return limits.wary_retry_seconds if refusals >= limits.wary_attempts else None
    return limits.login_retry_seconds if refusals >= limits.login_attempts else None
