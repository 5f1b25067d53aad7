"""Passwords of files, as clerks tell them: `密码：123456`, `解压密码是abc`, 密码「8888」, in the text, the subject or
the name of the file. They open that mail's own files and are shown nowhere.

Only what stands behind a word for password counts: a lone token may be anything, and a description (手机后四位) is
none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

MASK: Final = "****"

_LABEL: Final = re.compile(
    r"密[ \t\u3000]?码|口令|解压码|(?<![a-z])(?:pass ?words?|passwd|passcode|pwd|pw)(?![a-z])", re.IGNORECASE
)
_LINK: Final = r"(?:[ \t\u3000:：=＝→_—]|为|是|就|都|均|统一|设置?|如下|见下|is\b){0,12}"
_REMARK: Final = r"(?:[（(【][^\n（）()【】]{1,20}[）)】])"
_OPEN, _CLOSE = "\"“‘'「『【《（(<[", "\"”’'」』】》）)>]"
_QUOTED: Final = rf"[{re.escape(_OPEN)}](?P<quoted>[^\n{re.escape(_CLOSE)}]{{1,40}})[{re.escape(_CLOSE)}]"
_BARE: Final = "(?P<bare>[!-~\uff03\uff04\uff06\uff0a\uff0b\uff0d\uff10-\uff19\uff20-\uff3a\uff3f-\uff5a]{1,64})"
_VALUE: Final = rf"[ \t\u3000]*(?:\r?\n\s*)?(?:{_QUOTED}|{_BARE})"
_SHAPES: Final = tuple(
    re.compile(shape + _VALUE, re.IGNORECASE)
    for shape in (_LINK, _LINK + _REMARK + _LINK, r"[^\n：:“”\"]{0,12}[：:]")  # 密码统一为单位简称：abc
)
_TAIL: Final = "\"'.,;:!?)]}>、"
_END: Final = re.compile(r"[,;()<>\[\]{}\"']")
_ENDINGS: Final = re.compile(r"(?:\.(?:xls[xmb]?|et|ods|csv|txt|docx?|pdf|zip|rar|7z|tar|t?gz|eml))+$", re.IGNORECASE)


def find_passwords(texts: Iterable[str], most: int) -> tuple[str, ...]:
    """What the texts call a password, in order, each once, at most so many: written in full width also as plain
    digits and letters, and with a mark of punctuation behind it also without."""
    found: dict[str, None] = {}
    for text in texts:
        for start, end in _spans(text):
            for value in _readings(text[start:end]):
                found.setdefault(value)
                if len(found) >= most:
                    return tuple(found)
    return tuple(found)


def veil_passwords(text: str) -> str:
    """The text with a mask in place of whatever it calls a password."""
    out, at = [], 0
    for start, end in sorted(_spans(text)):
        if start >= at:
            out += [text[at:start], MASK]
        at = max(at, end)
    return "".join((*out, text[at:])) if out else text


def in_name(name: str) -> str:
    """A file's name as a text to look for a password in: without its endings, which are none."""
    return _ENDINGS.sub("", name)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the values stand: the nearest reading first, then those behind a remark in brackets or a colon."""
    for label in _LABEL.finditer(text):
        seen: set[tuple[int, int]] = set()
        for shape in _SHAPES:
            hit = shape.match(text, label.end())
            if hit is not None and (span := hit.span(hit.lastgroup or 0)) not in seen and _tells(text[slice(*span)]):
                seen.add(span)
                yield span


def _tells(value: str) -> bool:
    return any(char.isalnum() for char in value)


def _readings(value: str) -> Iterator[str]:
    """The ways to read a value."""
    plain = unicodedata.normalize("NFKC", value.strip())
    yield plain
    for shorter in (plain.rstrip(_TAIL), _END.split(plain, maxsplit=1)[0], plain.lstrip("-")):
        if shorter and shorter != plain:
            yield shorter
    if value != plain:
        yield value
