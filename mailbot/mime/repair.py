"""Byte repair before any parser: what stands before the headers, line ends, lines that are no header, endless headers.

The standard parser ends the headers at the first line that is no header, and every attachment is lost with them.
"""

from __future__ import annotations

import re
from typing import Final

from mailbot.domain.limits import MailLimits
from mailbot.mime.marks import Mark, Marks

_LEADING: Final = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?"
    rb"(?:[ \t]*\r?\n)*(?:>?From [^\r\n]*(?:\r\n|\n|\r))?(?:[ \t]*\r?\n)*"
)
_END: Final = re.compile(rb"\r?\n\r?\n")
_LONE_CR: Final = re.compile(rb"\r(?!\n)")
FIELD: Final = re.compile(rb"([!-9;-~]+)[ \t]*:")
"""A header line's name (RFC 5322, 2.2), and the blanks that some put before its colon."""
_SOUND: Final = re.compile(rb"[!-9;-~]+:")
_STRUCTURE: Final = re.compile(
    rb"(?im)^(?:content-[a-z-]+|mime-version|from|to|subject|date|message-id|received|reply-to|x-[!-9;-~]+)[ \t]*:"
)
_KEPT_FIRST: Final = frozenset(
    b"content-type content-transfer-encoding content-disposition mime-version from subject date message-id to "
    b"in-reply-to auto-submitted return-path authentication-results precedence".split()
)


def repair(raw: bytes, limits: MailLimits, marks: Marks) -> bytes:
    """Bytes whose header block a strict reader takes whole. The caller keeps the raw bytes untouched elsewhere."""
    leading = _LEADING.match(raw)
    if leading and leading.end():
        raw = raw[leading.end() :]
        marks.add(Mark.LEADING_LINES)
    raw = _line_ends(raw, limits, marks)
    end = _END.search(raw)
    head, rest = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    if _sound(head, limits):
        return raw
    if b"\0" in head:
        marks.add(Mark.HEADER_LINES)
    head, spilt = _headers_only(head.replace(b"\0", b""), marks)
    return _within(head, limits, marks) + b"\r\n\r\n" + (spilt + b"\r\n\r\n" if spilt else b"") + rest


def _line_ends(raw: bytes, limits: MailLimits, marks: Marks) -> bytes:
    """CR CR LF (a gateway's fault, read as an empty line) and bare CR (old programs) become plain line ends."""
    head = raw[: limits.header_bytes]
    if b"\r\r\n" in head:
        marks.add(Mark.LINE_ENDS)
        return raw.replace(b"\r\r\n", b"\r\n")
    first = head.find(b"\r")
    if first >= 0 and b"\n" not in head[: first + 2]:
        marks.add(Mark.LINE_ENDS)
        return _LONE_CR.sub(b"\r\n", raw)
    return raw


def _sound(head: bytes, limits: MailLimits) -> bool:
    if len(head) > limits.header_bytes or b"\0" in head or head.count(b"\n") > limits.headers:
        return False
    return all(line[:1] in b" \t" or _SOUND.match(line) for line in head.split(b"\n"))


def _headers_only(head: bytes, marks: Marks) -> tuple[bytes, bytes]:
    """The header lines, and the text behind them where the empty line between header and body is missing."""
    lines = head.splitlines()
    kept: list[bytes] = []
    for at, line in enumerate(lines):
        named = FIELD.match(line)
        if named or (kept and line[:1] in b" \t"):
            kept.append(named[1] + line[named.end() - 1 :] if named else line)
            continue
        marks.add(Mark.HEADER_LINES)
        if not _STRUCTURE.search(b"\n".join(lines[at : at + 200])):
            return b"\r\n".join(kept), b"\r\n".join(lines[at:])
    return b"\r\n".join(kept), b""


def _within(head: bytes, limits: MailLimits, marks: Marks) -> bytes:
    """The header block within its limits: what the mail is judged by first, then the others in order."""
    fields = re.split(rb"\r\n(?![ \t])", head)
    if len(head) <= limits.header_bytes and len(fields) <= limits.headers:
        return head
    marks.add(Mark.HEADERS_CUT)
    order = sorted(range(len(fields)), key=lambda n: fields[n].split(b":", 1)[0].strip().lower() not in _KEPT_FIRST)
    room, chosen = limits.header_bytes, {}
    for n in order[: limits.headers]:
        field = fields[n][: min(room, limits.header_bytes // 4)]
        if field == fields[n] or n in order[:50]:
            chosen[n] = field.rstrip()
            room -= len(field)
    return b"\r\n".join(chosen[n] for n in sorted(chosen) if chosen[n])
