"""Where the fresh text ends and the quoted history begins, by the separators of the clients used in China."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_SPACES: Final = re.compile("[ \t\u00a0\u3000\u200b]+|&nbsp;")
_RULE_WORDS: Final = re.compile(
    r"[-—_=* ]*[-—_]{2,} ?(?:原始邮件|原邮件|邮件原件|邮件原文|回复的原邮件|转发的原邮件|"
    r"回复的邮件|转发的邮件|转发邮件信息|转发邮件|原始信件|"
    r"Original(?: Message)?|Forwarded [Mm]essage|Forwarded by .{1,80}|Begin forwarded message) ?:?[-—_=* ]*$"
)
_WROTE: Final = re.compile(r".{0,300}(?:写道|写到|寫道|wrote|writes) ?[:：]?$")
_DATE_OR_ADDRESS: Final = re.compile(r"\d{4} ?[-年/.]|@|, ?\d{4}|\d{1,2}:\d{2}")
_FIELD: Final = re.compile(r"\*{0,2}(?:发件人|寄件者|From|发 件 人) ?\*{0,2} ?[:：]", re.IGNORECASE)
_FIELD_MATE: Final = re.compile(
    r"\*{0,2}(?:发送时间|发送日期|发件时间|日期|时间|收件人|抄送|主题|主 题|标题|Date|Sent|To|Cc|Subject)"
    r" ?\*{0,2} ?[:：]",
    re.IGNORECASE,
)
_ADDRESSED: Final = re.compile(r"\*{0,2}(?:收件人|收 件 人|To) ?\*{0,2}(?: ?[:：]| ).*@", re.IGNORECASE)
_SUBJECT: Final = re.compile(r"\*{0,2}(?:主题|主 题|标题|Subject) ?\*{0,2}(?: ?[:：]| |$)", re.IGNORECASE)
"""The head of a memo (Notes and its kin) names no sender: whom it went to, and its subject, often in a table."""
_LONG_RULE: Final = re.compile(r"[-_—=]{10,}$")
_OPENERS: Final = re.compile(
    r"(?:Begin forwarded message|以下是转发的邮件|开始转发的邮件|下面是被转发邮件的内容) ?[:：]?$"
)
_MATES_WITHIN: Final = 6


def split_quote(text: str) -> tuple[str, str]:
    """(fresh text, quoted text): cut at the earliest separator; lines marked with > belong to the quote."""
    lines = text.split("\n")
    at = quote_at(lines)
    fresh = "\n".join(lines[:at]).strip()
    return fresh, "\n".join(lines[at:]).strip()


def quote_at(lines: Sequence[str]) -> int:
    """The number of the line that begins the quote, from 0; how many lines there are, where nothing is quoted."""
    folded = [_SPACES.sub(" ", line[:400]).strip() for line in lines]
    return next((n for n in range(len(lines)) if _begins_quote(folded, n)), len(lines))


def _begins_quote(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if not line:
        return False
    if line.startswith(">") or _RULE_WORDS.match(line) or _OPENERS.match(line):
        return True
    if _FIELD.match(line):
        return _has_mates(lines, at)
    if _ADDRESSED.match(line):
        return any(_SUBJECT.match(near) for near in lines[at + 1 : at + 1 + _MATES_WITHIN])
    if _LONG_RULE.match(line):
        following = next((n for n in range(at + 1, min(at + 4, len(lines))) if lines[n]), None)
        return following is not None and _FIELD.match(lines[following]) is not None and _has_mates(lines, following)
    return _is_attribution(lines, at)


def _has_mates(lines: Sequence[str], at: int) -> bool:
    """Whether a 发件人 line heads a block of mail fields, and is not the form's own label."""
    window = [line for line in lines[at + 1 : at + 1 + _MATES_WITHIN] if line]
    return any(_FIELD_MATE.match(line) for line in window)


def _is_attribution(lines: Sequence[str], at: int) -> bool:
    """`在 2020年7月8日，张三 写道：`, on one line or broken into two or three."""
    for length in (1, 2, 3):
        joined = " ".join(lines[at : at + length])
        if _WROTE.match(joined):
            return _DATE_OR_ADDRESS.search(joined) is not None and (length == 1 or _opens_attribution(lines[at]))
        if not _opens_attribution(lines[at]):
            return False
    return False


def _opens_attribution(line: str) -> bool:
    return re.match(r"(?:在|于|On |At |\"?.{1,40}<[^>]{3,80}>|.{1,60} 于 ?\d{4})", line) is not None
