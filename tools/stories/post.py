"""A mail as bytes: what the client wrote, and what the servers on its way put on top."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Final, Literal

from tools.stories.clients import LINE, QQ, Client, file_name_parameters, fill, words

ROSTER_BOX: Final = "2020gxkm@cqhrsp.com"
PROOF_BOX: Final = "cqgxkm@cqhrsp.com"
OUR_HOST: Final = "mx.cqhrsp.com"
CHINA: Final = timezone(timedelta(hours=8))
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Auth = Literal["pass", "none", "fail", "forged", "foreign", "unaligned"]
Header = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class File:
    """One attachment; `declared` is the media type that the client claims."""

    name: str
    data: bytes
    declared: str = XLSX


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail to be written. `at` is its arrival; it was sent twelve seconds before, unless `date` says otherwise."""

    address: str
    subject: str
    text: str
    at: datetime
    files: tuple[File, ...] = ()
    client: Client = QQ
    name: str = ""
    to: tuple[str, ...] = (ROSTER_BOX,)
    auth: Auth = "pass"
    date: str | None = None
    froms: tuple[str, ...] = ()
    answers: str | None = None
    delivered_to: str = ROSTER_BOX
    message_id: str | None = None
    raw_subject: bytes | None = None
    extra: tuple[tuple[str, str], ...] = field(default=())
    bare: bool = False
    page: str = ""
    """The HTML of the text, where it is more than the text's own lines."""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def seed(self) -> str:
        return f"{self.address}|{self.subject}|{self.at.isoformat()}"

    def own_id(self) -> str:
        return self.message_id or fill(self.client.message_id, self.seed, self.at, self.domain)


def when(text: str) -> datetime:
    """A time of the office: `2020-09-14 10:12`."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def post(draft: Draft) -> bytes:
    """The mail as it lies in the mailbox."""
    if draft.bare:
        kind, body = _file_part(draft.files[0], draft.client)
    elif draft.files:
        kind, body = _mixed(draft)
    else:
        kind, body = _text(draft)
    headers = [*_trace(draft), *_written(draft), *kind]
    return b"".join(f"{name}: ".encode() + value + b"\r\n" for name, value in headers) + b"\r\n" + body


def _trace(draft: Draft) -> list[Header]:
    at = format_datetime(draft.at)
    hop = f"from smtp.{draft.domain} (unknown [10.30.7.21]) by {OUR_HOST} with ESMTPS"
    traced = f"{hop} id {fill('{hex:.12}', draft.seed, draft.at, '')} for <{draft.delivered_to}>; {at}"
    out: list[Header] = [("Delivered-To", draft.delivered_to.encode()), ("Return-Path", f"<{draft.address}>".encode())]
    out += [("Authentication-Results", result.encode()) for result in _results(draft)]
    return [*out, ("Received", traced.encode())]


def _results(draft: Draft) -> tuple[str, ...]:
    """What stands in Authentication-Results, topmost first."""
    good = f"spf=pass smtp.mailfrom={draft.address}; dkim=pass header.d={draft.domain}"
    aligned = f"{good}; dmarc=pass (p=NONE) header.from={draft.domain}"
    bad = f"spf=fail smtp.mailfrom={draft.address}; dkim=none; dmarc=fail header.from={draft.domain}"
    other = "spf=pass smtp.mailfrom=bounce@mailer-cloud.example; dkim=pass header.d=mailer-cloud.example"
    return {
        "pass": (f"{OUR_HOST}; {aligned}",),
        "none": (),
        "fail": (f"{OUR_HOST}; {bad}",),
        "forged": (f"{OUR_HOST}; {bad}", f"{OUR_HOST}; {aligned}"),
        "foreign": (f"mx.elsewhere.example; {aligned}",),
        "unaligned": (f"{OUR_HOST}; {other}; dmarc=none header.from={draft.domain}",),
    }[draft.auth]


def _written(draft: Draft) -> list[Header]:
    client = draft.client
    plain = f"{words(draft.name, client.charset)} <{draft.address}>" if draft.name else draft.address
    sent = draft.date or format_datetime(draft.at - timedelta(seconds=12))
    subject = draft.raw_subject or words(draft.subject, client.charset, long=client.one_long_word).encode()
    out: list[Header] = [("From", value.encode()) for value in draft.froms or (plain,)]
    out += [("To", ", ".join(draft.to).encode()), ("Subject", subject), ("Date", sent.encode())]
    out.append(("Message-ID", draft.own_id().encode()))
    if draft.answers:
        out += [("In-Reply-To", draft.answers.encode()), ("References", draft.answers.encode())]
    marks = ((name, fill(value, draft.seed, draft.at, draft.domain)) for name, value in client.marks)
    out += [(name, value.encode()) for name, value in (*marks, *draft.extra)]
    return [*out, ("MIME-Version", b"1.0")]


def _boundary(draft: Draft, level: str) -> str:
    return fill(draft.client.boundary, draft.seed + level, draft.at, draft.domain)


def _mixed(draft: Draft) -> tuple[list[Header], bytes]:
    parts = [_text(draft), *(_file_part(file, draft.client) for file in draft.files)]
    return multipart("mixed", _boundary(draft, "mixed"), parts)


def multipart(kind: str, boundary: str, parts: list[tuple[list[Header], bytes]]) -> tuple[list[Header], bytes]:
    """Headers and body of a multipart of finished parts."""
    mark = f"--{boundary}".encode()
    body = b""
    for headers, content in parts:
        body += mark + b"\r\n" + b"".join(f"{name}: ".encode() + value + b"\r\n" for name, value in headers)
        body += b"\r\n" + content + b"\r\n"
    head = [("Content-Type", f'multipart/{kind};\r\n\tboundary="{boundary}"'.encode())]
    return head, body + mark + b"--\r\n"


def _text(draft: Draft) -> tuple[list[Header], bytes]:
    plain = text_part(draft.text, draft.client.charset)
    if not draft.client.html and not draft.page:
        return plain
    lines = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in draft.text.split("\n"))
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={draft.client.charset}">'
    page = meta + (draft.page or lines)
    rich = text_part(page, draft.client.charset, "html")
    return multipart("alternative", _boundary(draft, "alternative"), [plain, rich])


def text_part(text: str, charset: str, kind: str = "plain") -> tuple[list[Header], bytes]:
    """A text part in base64. What a client calls GB2312 is GB18030 in its bytes, as with real ones."""
    codec = "gb18030" if charset.lower().startswith("gb") else "utf-8"
    headers = [
        ("Content-Type", f'text/{kind};\r\n\tcharset="{charset}"'.encode()),
        ("Content-Transfer-Encoding", b"base64"),
    ]
    return headers, coded(text.replace("\n", "\r\n").encode(codec))


def _file_part(file: File, client: Client) -> tuple[list[Header], bytes]:
    in_type, in_disposition = file_name_parameters(file.name, client)
    headers = [("Content-Type", file.declared.encode() + in_type), ("Content-Transfer-Encoding", b"base64")]
    if client.file_name != "name_only":
        headers.append(("Content-Disposition", b"attachment" + in_disposition))
    return headers, coded(file.data)


def coded(data: bytes) -> bytes:
    """Base64 in lines of 76."""
    text = base64.b64encode(data)
    return b"\r\n".join(text[at : at + LINE] for at in range(0, len(text), LINE)) + b"\r\n"
