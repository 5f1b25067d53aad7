"""How the clients of the office's senders write: encoded words, file names, boundaries, Message-IDs, marks."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import quote

FileName = Literal["words", "words_and_extended", "extended", "continued", "raw", "name_only"]
LINE: Final = 76


@dataclass(frozen=True, slots=True)
class Client:
    """One client's habits. `boundary` and `message_id` are patterns over `{hex}` (32 hexadecimal digits), `{stamp}`
    (date and time) and `{domain}`."""

    charset: str
    file_name: FileName
    boundary: str
    message_id: str
    marks: tuple[tuple[str, str], ...] = ()
    html: bool = True
    raw_charset: str = "gb18030"
    one_long_word: bool = False


QQ: Final = Client(
    charset="gb18030",
    file_name="words",
    boundary="----=_NextPart_{hex:.8}_{hex:.8}_{hex:.8}",
    message_id="<tencent_{hex}@qq.com>",
    marks=(("X-QQ-mid", "webmail701t{stamp}"), ("X-Mailer", "QQMail 2.x"), ("X-Originating-IP", "10.21.4.9")),
    one_long_word=True,
)
NETEASE: Final = Client(
    charset="GBK",
    file_name="words",
    boundary="----=_Part_118274_{hex:.10}.1594692733112",
    message_id="<{hex:.8}.4c71.174a{hex:.7}.Coremail.user@163.com>",
    marks=(("X-Mailer", "Coremail Webmail Server Version XT5.0.10 build 20190724(ac680a23) Copyright (c) 2002-2020"),),
)
FOXMAIL: Final = Client(
    charset="GB2312",
    file_name="words",
    boundary="----=_001_NextPart{hex:.12}_=----",
    message_id="<{stamp}{hex:.6}@{domain}>",
    marks=(("X-Mailer", "Foxmail 7.2.18.95[cn]"), ("X-Priority", "3"), ("X-GUID", "{hex}")),
)
OUTLOOK: Final = Client(
    charset="gb2312",
    file_name="words",
    boundary="----=_NextPart_000_0011_01D65A02.{hex:.8}",
    message_id="<000c01d65a02${hex:.8}$8f2b@{domain}>",
    marks=(
        ("X-Mailer", "Microsoft Outlook 16.0"),
        ("Content-Language", "zh-cn"),
        ("Thread-Index", "AdZaAi{hex:.16}=="),
    ),
)
COREMAIL: Final = Client(
    charset="UTF-8",
    file_name="words_and_extended",
    boundary="----=_Part_7731_{hex:.10}.1600050000000",
    message_id="<{hex:.8}.9a1.174{hex:.8}.Coremail.user@{domain}>",
    marks=(("X-Mailer", "Coremail Webmail Server Version 10.8 build 20180917 cmedu"), ("X-CM-TRANSID", "{hex:.20}")),
)
APPLE: Final = Client(
    charset="utf-8",
    file_name="continued",
    boundary="Apple-Mail=_{hex:.8}-{hex:.4}-{hex:.4}",
    message_id="<{hex:.8}-{hex:.4}-4C1F-A0E2-{hex:.12}@{domain}>",
    marks=(("X-Mailer", "Apple Mail (2.3608.80.23.2.2)"), ("X-Universally-Unique-Identifier", "{hex}")),
    html=False,
)
WPS: Final = Client(
    charset="gbk",
    file_name="raw",
    boundary="----WPSMailBoundary{hex:.16}",
    message_id="<{hex:.24}@wps.cn>",
    marks=(("X-Mailer", "WPS Office Mail 11.1.0.9828"),),
    html=False,
)
OLD_GATEWAY: Final = Client(
    charset="gb2312",
    file_name="name_only",
    boundary="=====001_Dragon{hex:.10}_=====",
    message_id="<{stamp}.{hex:.6}@{domain}>",
    marks=(("X-mailer", "FoxMail 4.2 [cn]"),),
    html=False,
)


def fill(pattern: str, seed: str, when: datetime, domain: str) -> str:
    """A client's pattern with its numbers: the same seed gives the same text."""
    digest = hashlib.sha256(f"{pattern}{seed}".encode()).hexdigest()[:32]
    return pattern.format(hex=digest, stamp=f"{when:%Y%m%d%H%M%S}", domain=domain)


def words(text: str, charset: str, *, long: bool = False) -> str:
    """RFC 2047 encoded words in base64; one over-long word where the client writes so, else words of 75 at most."""
    if text.isascii():
        return text
    codec = "gb18030" if charset.lower().startswith("gb") else "utf-8"
    chunks, chunk = [], ""
    for char in text:
        if not long and len((chunk + char).encode(codec)) > 36:
            chunks.append(chunk)
            chunk = ""
        chunk += char
    coded = [base64.b64encode(part.encode(codec)).decode() for part in (*chunks, chunk)]
    return "\r\n ".join(f"=?{charset}?B?{part}?=" for part in coded)


def file_name_parameters(name: str, client: Client) -> tuple[bytes, bytes]:
    """The `name` and `filename` parameters of an attachment's Content-Type and Content-Disposition, as bytes."""
    word = words(name, client.charset, long=True)
    if client.file_name == "raw":
        raw = name.encode(client.raw_charset)
        return b'; name="' + raw + b'"', b'; filename="' + raw + b'"'
    if client.file_name == "extended":
        return b"", f"; filename*={_extended(name, client)}".encode()
    if client.file_name == "continued":
        return b"", _continued(name, client)
    in_type = f';\r\n\tname="{word}"'.encode()
    if client.file_name == "name_only":
        return in_type, b""
    plain = f';\r\n\tfilename="{word}"'
    both = f"; filename*={_extended(name, client)}" if client.file_name == "words_and_extended" else ""
    return in_type, (plain + both).encode()


def _extended(name: str, client: Client) -> str:
    codec = "gbk" if client.charset.lower().startswith("gb") else "utf-8"
    return f"{codec}''{quote(name.encode(codec, 'replace'), safe='')}"


def _continued(name: str, client: Client) -> bytes:
    """RFC 2231, 3: cut into numbered sections, anywhere, also inside a character."""
    octets = re.findall(r"%..|.", _extended(name, client))
    sections = ["".join(octets[at : at + 18]) for at in range(0, len(octets), 18)]
    return "".join(f";\r\n\tfilename*{number}*={section}" for number, section in enumerate(sections)).encode()
