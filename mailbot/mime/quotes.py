"""Which lines of a mail are its sender's own and which are history that the mail program quoted.

By the separators of the clients used in China. Where the quoted lines bear marks (`>`), what stands between and below
them is the sender's again, an answer point by point; without marks everything behind a separator is history.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

MARK: Final = "> "
"""What a quoted line begins with."""
SEPARATOR: Final = "-----原始邮件-----"
"""A line that begins a quote without marks, for pages whose program says so by a class or id."""

_SPACES: Final = re.compile("[ \t\u00a0\u3000\u200b\ufeff\u2028]+|&nbsp;")
_TITLES: Final = (
    r"(?:回复的?|转发的?|被转发的)?(?:原始|原)?邮件(?:原件|原文|信息|内容)?|原始(?:信件|信息|消息)|转发的?(?:信息|消息)|邮件转发"
    r"|原始郵件|原始訊息|轉寄的?郵件"
    r"|Original(?: [Mm]essage)?|ORIGINAL MESSAGE|Replied [Mm]essage|Reply to [Mm]essage"
    r"|Forwarded [Mm]essage|Forwarded by .{1,80}|Begin forwarded message"
)
_RULE_WORDS: Final = re.compile(rf"[-—–_=*~· ]*[-—–_=~]{{2,}} ?(?:{_TITLES}) ?[:：]?[-—–_=*~· ]*$")
_RULE_WITHIN: Final = re.compile(
    rf"(?<=[^-—–_=*~·\s])[ \t\u00a0]*([-—–_=]{{2,}}[ \u00a0]?(?:{_TITLES})[ \u00a0]?[-—–_=]{{2,}})"
)
_WROTE_WITHIN: Final = re.compile(
    r"(?<=[^\s>])[ \t\u00a0]+"
    r"((?:在|于) ?\d{4} ?[-年/]\d{1,2} ?[-月/]\d{1,2}日?[ ，,]{0,2}[^\n]{0,120}?写道 ?[:：])(?=[ \t])"
)
"""Separators in the middle of a line, where a program ran the lines of a mail together."""

_WROTE: Final = r"(?:写道|写到|寫道|写|wrote|writes|schrieb) ?[:：]?"
_DAY: Final = r"(?:19|20)?\d{2,4} ?[-年/.] ?\d{1,2} ?[-月/.] ?\d{1,2}"
_ADDRESS: Final = r"(?:<[^<>]{3,120}>|[\w.+-]{1,64}@[\w.-]{3,120}|\[mailto:[^\]]{3,120}\]|\*{3}@\*{3}\.\*{3})"
_ATTRIBUTIONS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:在|于|於) ?[\"“]?{_DAY}.{{0,260}}?{_WROTE}$",
        rf"(?:在|于|於) ?.{{1,200}}{_ADDRESS}.{{0,100}}?{_WROTE}$",
        rf"(?:On|At|Am|Le) .{{3,280}} ?{_WROTE}$",
        rf"(?:星期|周|週).{{0,12}}{_DAY}.{{0,200}}?{_WROTE}$",
        rf"{_DAY}.{{0,200}}?{_WROTE}$",
        rf"[^，。！？；]{{1,80}}{_ADDRESS}.{{0,100}}?{_WROTE}$",
        rf"[^，。！？；:：]{{1,40}}? ?(?:在|于|於) ?{_DAY}.{{0,60}}?{_WROTE}$",
    )
)
_OPENS: Final = re.compile(r"(?:在|于|於|On\b|At\b)")
_WRITES: Final = re.compile(_WROTE + "$", re.IGNORECASE)
_TOLD: Final = re.compile("[的曾]|贵(?:中心|单位|方)|我们|你们|您")
"""Words of a sentence that a person writes about a letter, and no mail program."""
_DATED: Final = re.compile(r"\d{4} ?[-年/.]|@|, ?\d{4}|\d{1,2}[:：]\d{2}")

_FIELD: Final = re.compile(r"[|*_ ]{0,4}(?:发 ?件 ?人|发 ?信 ?人|寄件者|寄件人|From)[ *_|]{0,4}[:：|]", re.IGNORECASE)
_RARE_FIELD: Final = re.compile(r"[|*_ ]{0,4}(?:由|从|從|来自|差出人)[ *_]{0,3}[:：]")
_FIELD_MATE: Final = re.compile(
    r"[|*_ ]{0,4}(?:发送时间|发送日期|发件时间|发件日期|发信时间|傳送時間|日 ?期|时 ?间|收 ?件 ?[人者]|收 ?信 ?人"
    r"|抄 ?送|副本|主 ?[题題旨]|标 ?题|Date|Sent|To|Cc|Subject|Time)[ *_|]{0,4}[:：|]",
    re.IGNORECASE,
)
_ADDRESSED: Final = re.compile(r"\*{0,2}(?:收 ?件 ?人|To) ?\*{0,2}(?: ?[:：]| ).*@", re.IGNORECASE)
_SUBJECT: Final = re.compile(r"\*{0,2}(?:主 ?题|标题|Subject) ?\*{0,2}(?: ?[:：]| |$)", re.IGNORECASE)
"""The head of a memo (Notes and its kin) names no sender: whom it went to, and its subject, often in a table."""
_LONG_RULE: Final = re.compile(r"[-_—–=*]{5,}$")
_OPENERS: Final = re.compile(
    r"(?:Begin forwarded message|以下是转发的邮件|开始转发的邮件|下面是被转发邮件的内容|下面是转发的邮件) ?[:：]?$",
    re.IGNORECASE,
)
_MATES_WITHIN: Final = 6
_GAP: Final = 8
"""Empty lines that may stand between a separator and the first marked line."""
_WRAPPED: Final = 66
"""Columns from which a marked line may have been broken in two by a program that left the second half unmarked."""
_LINE_READ: Final = 400


def split_quote(text: str) -> tuple[str, str]:
    """(fresh text, quoted text), each in its own order."""
    lines = _WROTE_WITHIN.sub(r"\n\1\n", _RULE_WITHIN.sub(r"\n\1\n", text)).split("\n")
    flags = quoted_lines(lines)
    fresh = "\n".join(line for line, quoted in zip(lines, flags, strict=True) if not quoted)
    return fresh.strip(), "\n".join(line for line, quoted in zip(lines, flags, strict=True) if quoted).strip()


def quote_at(lines: Sequence[str]) -> int:
    """The number of the line that begins the quote, from 0; how many lines there are, where nothing is quoted."""
    flags = quoted_lines(lines)
    return flags.index(True) if True in flags else len(flags)


def quoted_lines(lines: Sequence[str]) -> list[bool]:
    """For every line whether it is quoted history."""
    folded = [_SPACES.sub(" ", line[:_LINE_READ]).strip() for line in lines]
    flags = [False] * len(lines)
    last_mark = max((number for number, line in enumerate(folded) if _is_marked(line)), default=-1)
    at = 0
    while at < len(lines):
        size = _separator(folded, at)
        if size and not _marked_next(folded, at + size):
            return flags[:at] + [True] * (len(lines) - at)
        for number in range(at, at + max(size, 1)):
            flags[number] = size > 0 or _is_marked(folded[number]) or _goes_on(folded, flags, number, last_mark)
        at += max(size, 1)
    return flags


def attributes(line: str) -> bool:
    """Whether a line ends like the one above a quote: `… 写道：`."""
    return _WRITES.search(_SPACES.sub(" ", line[-_LINE_READ:]).strip()) is not None


def _is_marked(line: str) -> bool:
    return line.startswith((">", "＞"))


def _marked_next(lines: Sequence[str], at: int) -> bool:
    """Whether the next line that holds anything bears a mark."""
    following = next((line for line in lines[at : at + _GAP] if line), "")
    return _is_marked(following)


def _goes_on(lines: Sequence[str], flags: Sequence[bool], at: int, last_mark: int) -> bool:
    """Whether an unmarked line right below a quoted one belongs to it: the second half of a line that was broken, or
    the tail of a quote of which a program marked the beginning only. An answer below a mark stands between marks or
    behind an empty line."""
    if at == 0 or not lines[at] or not flags[at - 1] or not lines[at - 1]:
        return False
    return at > last_mark or _width(lines[at - 1]) >= _WRAPPED


def _width(line: str) -> int:
    """Columns of a line: a Han character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def _separator(lines: Sequence[str], at: int) -> int:
    """How many lines the separator takes that begins here; 0 for none."""
    line = lines[at]
    if not line:
        return 0
    if _is_marked(line):
        return _attribution([line.lstrip("> ＞") for line in lines[at : at + 3]])
    if _RULE_WORDS.match(line) or _OPENERS.match(line):
        return 1
    if _FIELD.match(line):
        return int(_mates(lines, at) > 0)
    if _RARE_FIELD.match(line):
        return int(_mates(lines, at) > 1)
    if _ADDRESSED.match(line):
        return int(any(_SUBJECT.match(near) for near in lines[at + 1 : at + 1 + _MATES_WITHIN]))
    if _LONG_RULE.match(line):
        following = next((n for n in range(at + 1, min(at + 4, len(lines))) if lines[n]), None)
        return int(
            following is not None and _FIELD.match(lines[following]) is not None and _mates(lines, following) > 0
        )
    return _attribution(lines[at : at + 3])


def _mates(lines: Sequence[str], at: int) -> int:
    """How many other fields of a mail's head stand below a 发件人 line, which else is the label of a form."""
    window = [line for line in lines[at + 1 : at + 1 + _MATES_WITHIN] if line]
    return sum(_FIELD_MATE.match(line) is not None for line in window)


def _attribution(lines: Sequence[str]) -> int:
    """How many of the lines are `在 2020年7月8日，张三 写道：`, on one line or broken into two or three; 0 for none."""
    for length in range(1, len(lines) + 1):
        joined = " ".join(lines[:length])
        if not lines[length - 1] or len(joined) > _LINE_READ:
            return 0
        if attributes(joined):
            last = lines[length - 1]
            alone = length > 1 and _OPENS.match(last) is not None and _attributed(last)  # below a signature
            return length if _attributed(joined) and not alone else 0
        if length == 1 and not (_DATED.search(joined) or _OPENS.match(joined)):
            return 0
    return 0


def _attributed(line: str) -> bool:
    told = _TOLD.search(re.sub(_ADDRESS + r'|[“"][^“”"]*[”"]', "", line)) is not None
    return not told and _DATED.search(line) is not None and any(one.match(line) for one in _ATTRIBUTIONS)
