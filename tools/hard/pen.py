"""Writes mails byte by byte, as the programs in use do and the standards do not always allow."""

from __future__ import annotations

import base64
import hashlib
import quopri
from dataclasses import dataclass
from typing import Final

LINE: Final = 76


@dataclass(frozen=True, slots=True)
class Entity:
    """Header lines, each whole, and the body beneath."""

    head: tuple[bytes, ...]
    body: bytes

    def raw(self) -> bytes:
        return b"".join(line + b"\r\n" for line in self.head) + b"\r\n" + self.body


MAILERS: Final[dict[str, tuple[bytes, ...]]] = {
    "qq": (
        b"X-QQ-mid: webmail511t1594692733t4410",
        b"X-QQ-SSF: 00000000000000F0000000000000000",
        b"X-Mailer: QQMail 2.x",
    ),
    "netease": (
        b"X-Mailer: Coremail Webmail Server Version XT5.0.11 build 20200706(3a0b1c22) Copyright (c) 2002-2020",
        b"X-CM-CTRLDATA: 1n2hZmZvb3Rlcl9odG09MTIzOjU2",
    ),
    "foxmail": (b"X-Priority: 3", b"X-GUID: 5A1B2C3D-7E8F-4A6B-9C0D-1E2F3A4B5C6D", b"X-Mailer: Foxmail 7.2.15.80[cn]"),
    "outlook": (
        b"X-Mailer: Microsoft Outlook 16.0",
        b"Thread-Index: AdZZ8lYbXk1aTq2vQ7mB0n0Kc3Rk4w==",
        b"Content-Language: zh-cn",
    ),
    "coremail": (b"X-Mailer: Coremail Webmail Server Version 5.0.6", b"X-CM-SenderInfo: xuhqw0xjyq0ovw6wthxl"),
    "aliyun": (
        b"X-Mailer: [Alimail-Mailagent revision 12][W4_6116105][DEFAULT][Chrome]",
        b"X-Alimail-AntiSpam: AC=CONTINUE",
    ),
    "phone": (b"X-Mailer: iPhone Mail (17F80)", b"X-Apple-Base-Url: x-msg://3/"),
    "notes": (b"X-Mailer: Lotus Notes Release 8.5.3 September 15, 2011", b"X-KeepSent: 1F2E3D4C:5B6A7988-482585A0"),
    "erp": (b"X-Mailer: JMail 4.4 by Dimac", b"X-MSMail-Priority: Normal"),
    "exmail": (b"X-QQ-mid: bizesmtp26t1594692733tbz8k", b"X-QQ-Originating-IP: 10.0.4.9", b"X-QQ-FEAT: hA0cXvK3R1c="),
}
"""Marks of the programs and servers that clerks write with."""
_BOUNDARIES: Final = {
    "qq": "----=_NextPart_{h:.8}_{h:.8}_4E0C9A30", "netease": "----=_Part_{d}_1187326045.1594692733112",
    "foxmail": "----=_001_NextPart{d}_=----", "outlook": "----=_NextPart_000_0031_01D65A9C.{h:.8}",
    "coremail": "=_{h:.24}", "aliyun": "----=ALIBOUNDARY_{d}_4f7e1940_5f0bf2a1_{h:.6}",
    "phone": "Apple-Mail-{h:.8}-77C1-4B0E-9D21-{h:.12}", "notes": "=_mixed 000E5B{h:.4}482585A0_=",
    "erp": "NextMimePart", "exmail": "----=_NextPart_5F0B{h:.4}_{h:.8}_5B6C7D8E",
}  # fmt: skip


def boundary(mailer: str, seed: str) -> str:
    """A boundary as that program writes it."""
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return _BOUNDARIES[mailer].format(
        h=digest.upper() if mailer in ("outlook", "phone") else digest, d=int(digest[:10], 16)
    )


def word(text: str, charset: str, how: str = "B", label: str | None = None) -> bytes:
    """An encoded-word (RFC 2047), of whatever length."""
    data = text.encode(charset)
    coded = base64.b64encode(data) if how == "B" else b"".join(b"=%02X" % byte for byte in data)
    return f"=?{label or charset}?{how}?".encode() + coded + b"?="


def cut_word(data: bytes, label: str, at: int, between: bytes = b"\r\n ") -> bytes:
    """Bytes in two encoded-words, cut anywhere."""
    pieces = (base64.b64encode(piece) for piece in (data[:at], data[at:]))
    return between.join(f"=?{label}?B?".encode() + piece + b"?=" for piece in pieces)


def lines64(data: bytes, length: int = LINE) -> bytes:
    """Base64 in lines."""
    text = base64.b64encode(data)
    return b"\r\n".join(text[at : at + length] for at in range(0, len(text), length)) + b"\r\n"


def part(kind: bytes, data: bytes, how: bytes = b"base64", *more: bytes) -> Entity:
    """A leaf; `how` is the transfer encoding that it names and has, `more` are further header lines."""
    name = how.strip(b'"; ').lower()
    body = {b"base64": lines64, b"quoted-printable": _printable}.get(name, bytes)(data)
    head = (b"Content-Type: " + kind,) if kind else ()
    coding = (b"Content-Transfer-Encoding: " + how,) if how else ()
    return Entity((*head, *coding, *more), body)


def _printable(data: bytes) -> bytes:
    """Quoted-printable in soft lines, every line end of the data in letters."""
    coded = (
        quopri.encodestring(data, quotetabs=True).replace(b"=\n", b"\0").replace(b"\r", b"=0D").replace(b"\n", b"=0A")
    )
    return coded.replace(b"\0", b"=\r\n")


def text(words: str, charset: str, label: str | None = None, how: bytes = b"base64", kind: str = "plain") -> Entity:
    """A text part; `label` is the charset that it claims."""
    return part(f"text/{kind}; charset={label or charset}".encode(), words.replace("\n", "\r\n").encode(charset), how)


def file(data: bytes, *names: bytes, kind: bytes = b"application/octet-stream", how: bytes = b"base64") -> Entity:
    """An attachment; `names` are its parameters in Content-Disposition, written as they are."""
    return part(kind, data, how, b"; ".join((b"Content-Disposition: attachment", *names)))


def multi(kind: str, mark: str, *parts: Entity, opening: bytes = b"", end: bool = True) -> Entity:
    """A multipart."""
    line = b"--" + mark.encode()
    body = opening + b"".join(line + b"\r\n" + one.raw() + b"\r\n" for one in parts)
    return Entity(
        (f'Content-Type: multipart/{kind};\r\n\tboundary="{mark}"'.encode(),), body + (line + b"--\r\n" if end else b"")
    )


def letter(mailer: str, sender: bytes, subject: bytes, content: Entity, *more: bytes, seed: str = "") -> bytes:
    """A whole mail of that program. `sender` and `subject` are written as they are."""
    digest = hashlib.sha256(sender + subject + seed.encode()).hexdigest()
    head = (
        b"Received: from unit.example (unknown [10.4.7.21]) by mx.cqhrsp.com with ESMTP id " + digest[:12].encode(),
        b"Date: Tue, 14 Jul 2020 10:12:13 +0800",
        b"From: " + sender,
        b"To: 2020gxkm@cqhrsp.com",
        b"Subject: " + subject,
        f"Message-ID: <{digest[:24]}@unit.example>".encode(),
        *MAILERS[mailer],
        *more,
        b"MIME-Version: 1.0",
    )
    return Entity((*head, *content.head), content.body).raw()


def stuff(seed: str, size: int = 700, head: bytes = b"PK\x03\x04\x14\x00") -> bytes:
    """Bytes of an attachment, always the same for a seed; they begin like a zip."""
    out = head
    while len(out) < size:
        out += hashlib.sha256(f"{seed}{len(out)}".encode()).digest()
    return out[:size]


def picture(width: int, height: int, size: int = 900) -> bytes:
    """The head of a PNG that is drawn so large, and rubbish behind it."""
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return stuff(f"{width}x{height}", size, head)
