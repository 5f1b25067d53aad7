"""Header values as people read them: encoded-words (RFC 2047) joined by their bytes, raw 8-bit, no control character.

Chinese clients cut encoded-words inside a character, leave out padding, put words into quoted strings and send raw GBK.
"""

from __future__ import annotations

import binascii
import re
from itertools import groupby
from typing import Final

from mailbot.mime.charsets import codec_of, decode

_WORD: Final = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?((?:[^?]|(?<!=)\?(?!=))*)\?=")
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPECIALS: Final = re.compile(r'[()<>@,;:\\"\[\]]')
_SPACES: Final = re.compile(r" {2,}")
_HEX: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/=]")

Piece = tuple[str, bool]
"""A stretch of a header value and whether it came out of encoded-words."""
_Word = tuple[str, bytes, bytes]
"""An encoded-word: its charset, its bytes, and its letters where it is in base64."""


def plain(text: str) -> str:
    """Text on one line: control characters and line breaks are one space, direction marks and surrogates are gone."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", _BIDI.sub("", _CONTROLS.sub(" ", text))).strip()


def decode_value(raw: bytes) -> str:
    """A header value decoded for reading, on one line."""
    if raw.isascii() and b"=?" not in raw:
        return plain(raw.decode("ascii"))
    return plain("".join(text for text, _ in _pieces(raw)))


def decode_addresses(raw: bytes) -> str:
    """An address header decoded without changing its structure: what comes out of an encoded-word and could be read as
    syntax (RFC 5322, 3.2.3 specials) is put in quotes, so that a name can never pose as an address."""
    out: list[str] = []
    quoted = False
    for text, encoded in _pieces(raw):
        if encoded:
            safe = plain(text).replace("\\", "").replace('"', "")
            out.append(f'"{safe}"' if _SPECIALS.search(safe) and not quoted else safe)
        else:
            quoted ^= len(re.findall(r'(?<!\\)"', text)) % 2 == 1
            out.append(text)
    return plain("".join(out))


def split_addresses(value: str, limit: int) -> tuple[str, ...]:
    """The mailboxes of a decoded address list, cut at commas outside quotes, comments and angle brackets."""
    out: list[str] = []
    start, depth, quoted, escaped = 0, 0, False, False
    for at, char in enumerate(value):
        if escaped or char == "\\":
            escaped = not escaped
        elif char == '"':
            quoted = not quoted
        elif not quoted and char in "(<":
            depth += 1
        elif not quoted and char in ")>":
            depth = max(0, depth - 1)
        elif char in ",;" and not quoted and depth == 0:
            out.append(value[start:at].strip())
            start = at + 1
            if len(out) > limit:
                break
    out.append(value[start:].strip())
    return tuple(entry for entry in out if entry)[:limit]


def _pieces(raw: bytes) -> list[Piece]:
    """The value cut into raw text and decoded runs of encoded-words; white space between two words is no text."""
    out: list[Piece] = []
    run: list[_Word] = []
    at = 0
    for match in _WORD.finditer(raw):
        between = raw[at : match.start()]
        if between.strip() or not run:
            out.extend(_joined(run))
            run = []
            out.append((decode(between).text, False))
        run.append(_word(match))
        at = match.end()
    out.extend(_joined(run))
    out.append((decode(raw[at:]).text, False))
    return [piece for piece in out if piece[0]]


def _joined(run: list[_Word]) -> list[Piece]:
    """Neighbouring words of one charset are decoded together: a character may be cut between them."""
    alike = groupby(run, key=lambda word: codec_of(word[0]) or word[0])
    text = "".join(_decoded(list(words)) for _, words in alike)
    return [(text, True)] if text else []


def _decoded(words: list[_Word]) -> str:
    """The text of words of one charset. Where base64 does not come out even, either its padding was left out or the
    base64 itself was cut in two: the text with fewer odd characters is the one that was meant."""
    label = words[0][0]
    found = decode(b"".join(data for _, data, _ in words), label)
    if not any(len(letters) % 4 for _, _, letters in words[:-1]):
        return found.text
    joined = b"".join(letters for _, _, letters in words)
    whole = found if b"=" in joined[:-2] else decode(_from_base64(joined), label)
    if not whole.lossy and any(_is_cut(letters) for _, _, letters in words[:-1]):
        return whole.text
    return min((found, whole), key=lambda one: (one.lossy, _odd(one.text))).text


def _is_cut(letters: bytes) -> bool:
    """Whether base64 goes on in the next word: bits of a byte are left over at its end, which nobody would write."""
    over = (0, 63, 15, 3)[len(letters) % 4]
    return over != 0 and _ALPHABET.find(letters[-1:]) & over != 0


def _odd(text: str) -> int:
    """How many characters hardly anybody writes: those that GB 2312 does not have."""
    return len(text) - len(text.encode("gb2312", "ignore").decode("gb2312"))


def _word(match: re.Match[bytes]) -> _Word:
    label, text = match.group(1).decode("ascii", "replace").split("*")[0], match.group(3)
    if match.group(2) in b"qQ":
        return label, _HEX.sub(lambda m: bytes((int(m.group(1), 16),)), text.replace(b"_", b" ")), b""
    letters = _NOT_BASE64.sub(b"", text)
    return label, _from_base64(letters), letters


def _from_base64(letters: bytes) -> bytes:
    """The bytes of base64 with or without its padding, up to the last whole one."""
    letters = letters.translate(None, b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
