"""Text from bytes as Chinese mail labels them: gb2312 that is GB18030, GBK that is UTF-8, labels that say nothing.

Only what no reading explains is replaced (U+FFFD), and the caller is told, so that the loss is never silent.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_GB_FAMILY: Final = re.compile(
    r"(?:x-|cs)?(?:cn-)?(?:gb(?:[-_]?(?:k|2312|18030|13000)(?:[-_.:]?(?:80|1980|2000|2005|2022|raw|0))?)?"
    r"|(?:cp|ms|windows|ibm|x)?[-_]?936|euc[-_]?cn|gb2312[-_]charset|chinese(?:[-_]?(?:simplified|gb2312|prc))?"
    r"|zh[-_]?(?:cn|hans)|iso-ir-58|simplified[-_ ]chinese)$"
)
_SAYS_NOTHING: Final = frozenset(("ascii", "iso8859-1", "cp1252"))
_TEXT_CODEC: Final = re.compile(r"(?:utf|gb|hz|big5|cp|iso|koi8|shift|euc|ascii|johab|tis|mac)")
_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_NOT_ASCII: Final = ("hz", "utf-7", "utf-16", "utf-32", "iso2022")
"""Codecs in which bytes below 128 may be other characters than those of ASCII."""
_HZ: Final = re.compile(rb"~\{(?:[!-}][!-~])+~\}")
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text; `mended`: another charset than the declared one was right; `lossy`: characters had to be replaced."""

    text: str
    mended: bool = False
    lossy: bool = False


def codec_of(label: str | None) -> str | None:
    """The codec for a charset label as mail spells it; the whole GB family is gb18030. `None`: unknown or no text."""
    name = (label or "").strip().strip("\"'").lower()
    if not name:
        return None
    if _GB_FAMILY.match(name):
        return "gb18030"
    try:
        found = codecs.lookup(name.replace("hz-gb-2312", "hz")).name
    except (LookupError, ValueError):
        return None
    return found if _TEXT_CODEC.match(found) and found != "utf-8-sig" else "utf-8" if found == "utf-8-sig" else None


def decode(data: bytes, label: str | None = None, *, html: bool = False) -> Decoded:
    """The text of `data`: byte order mark, declared charset, HTML's own, UTF-8, GB18030, each strictly; then the label
    that says nothing (Latin-1); then with replacements. Text called GB that is good UTF-8 with Chinese is UTF-8."""
    declared = codec_of(label)
    if data.isascii() and not str(declared).startswith(_NOT_ASCII):
        return _of_ascii(data)
    for codec in _candidates(data, declared, html=html):
        text = _strict(data, codec)
        if text is not None and not (declared == codec == "gb18030" and _is_utf8(data)):
            return Decoded(text, mended=declared is not None and codec != declared and declared not in _SAYS_NOTHING)
    mixed = None if str(declared).startswith(_NOT_ASCII) else _line_by_line(data)
    return mixed or Decoded(data.decode(_closest(data, declared), "replace"), mended=True, lossy=True)


def _of_ascii(data: bytes) -> Decoded:
    """Text of seven bits, which may be Chinese all the same: HZ (RFC 1843) that nobody declared."""
    text = _strict(data, "hz") if _HZ.search(data) else None
    return Decoded(data.decode("ascii", "replace")) if text is None else Decoded(text, mended=True)


def _line_by_line(data: bytes) -> Decoded | None:
    """A text in two charsets, as when a gateway writes its notice below: each line in the one that reads it. `None`
    where some line is in neither, or is UTF-8 that was damaged, which GB18030 would read as other characters."""
    if b"\n" not in data.strip():
        return None
    lines = [_line(line) for line in data.split(b"\n")]
    read = [line for line in lines if line is not None]
    return Decoded("\n".join(read), mended=True) if len(read) == len(lines) else None


def _line(line: bytes) -> str | None:
    text = _strict(line, "utf-8")
    if text is not None:
        return text
    near = line.decode("utf-8", "replace")
    if near.count("\ufffd") * 2 < len(_CHINESE.findall(near)):
        return None
    return _strict(line, "gb18030")


def _candidates(data: bytes, declared: str | None, *, html: bool) -> Iterator[str]:
    if data.startswith(codecs.BOM_UTF8):
        yield "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield "utf-16"
    if declared is not None and declared not in _SAYS_NOTHING:
        yield declared
        if declared == "big5":
            yield "cp950"
        if declared == "utf-8" and _is_cut_utf8(data):
            return
    meta = _META.search(data[:4096]) if html else None
    inside = codec_of(meta.group(1).decode("ascii", "replace")) if meta else None
    if inside is not None and inside not in _SAYS_NOTHING:
        yield inside
    yield from ("utf-8", "gb18030")
    if declared in _SAYS_NOTHING:
        yield "cp1252"


def _closest(data: bytes, declared: str | None) -> str:
    """The codec that loses least: a cut or damaged text is still mostly of its own charset."""
    if declared == "utf-8" and _is_cut_utf8(data):
        return declared
    named = declared if declared and declared not in _SAYS_NOTHING else "utf-8"
    tried = dict.fromkeys((named, "utf-8", "gb18030"))
    return min(tried, key=lambda codec: data.decode(codec, "replace").count("\ufffd"))


def _strict(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except (UnicodeError, LookupError):
        return None
    return None if _SURROGATE.search(text) else text


def _is_cut_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 but for a last character that is cut short: a title cut by bytes, not a text in GBK."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(data: bytes) -> bool:
    text = _strict(data, "utf-8")
    return text is not None and _CHINESE.search(text) is not None
