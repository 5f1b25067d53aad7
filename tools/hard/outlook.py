"""Writes winmail.dat (TNEF, [MS-OXTNEF]) as Outlook does: attributes with a checksum, attachments with long names."""

from __future__ import annotations

import struct
from typing import Final

_SIGNATURE: Final = struct.pack("<IH", 0x223E9F78, 0x11)
_MESSAGE, _ATTACHMENT = 1, 2
_VERSION, _CODEPAGE, _BODY, _PROPERTIES = 0x89006, 0x69007, 0x2800C, 0x69003
_RENDERING, _TITLE, _DATA, _ATTACHED = 0x69002, 0x18010, 0x6800F, 0x69005
_LONG_NAME, _UNICODE, _BODY_HTML, _BINARY = 0x3707, 0x1F, 0x1013, 0x102


def winmail(
    *files: tuple[str, bytes], body: str = "", page: str = "", long_names: bool = True, codepage: int = 936
) -> bytes:
    """The wrapping of some files, the text, and the text as HTML."""
    out = _SIGNATURE + _attribute(_MESSAGE, _VERSION, struct.pack("<I", 0x10000))
    out += _attribute(_MESSAGE, _CODEPAGE, struct.pack("<II", codepage, 0))
    if body:
        out += _attribute(_MESSAGE, _BODY, body.encode("gbk") + b"\0")
    if page:
        out += _attribute(_MESSAGE, _PROPERTIES, _properties((_BINARY, _BODY_HTML, page.encode("gbk"))))
    for name, data in files:
        out += _attribute(_ATTACHMENT, _RENDERING, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 32, 32, 0))
        out += _attribute(_ATTACHMENT, _TITLE, name.encode("gbk") + b"\0")
        out += _attribute(_ATTACHMENT, _DATA, data)
        if long_names:
            whole = _properties((_UNICODE, _LONG_NAME, (name + "\0").encode("utf-16-le")))
            out += _attribute(_ATTACHMENT, _ATTACHED, whole)
    return out


def _attribute(level: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _properties(*properties: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(properties))
    for kind, name, value in properties:
        out += struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return out
