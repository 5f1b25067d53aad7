"""Whole mails in the manner of the clients used in China: what a person would see in them is what we read."""

import base64
from dataclasses import dataclass

import pytest

from mailbot.domain.limits import MailLimits
from mailbot.mime.parse import parse
from tests.mime.mails import FILE


@dataclass(frozen=True)
class Story:
    """A mail and what a person sees in it."""

    raw: bytes
    subject: str
    sender: str
    text: str
    names: tuple[str, ...]
    quoted: str = ""


def b64(text: str, charset: str) -> bytes:
    return base64.encodebytes(text.encode(charset)).replace(b"\n", b"\r\n")


FILE64 = base64.encodebytes(FILE).replace(b"\n", b"\r\n")
GB = "gb18030"

QQ = Story(
    raw=b"\r\n".join(
        [
            b'From: "=?gb18030?B?' + base64.b64encode("人事科老师".encode(GB)) + b'?=" <10001@qq.example>',
            b'To: "=?gb18030?B?MjAyMGd4a20=?=" <2020gxkm@cqhrsp.com>',
            b"Subject: =?gb18030?B?" + base64.b64encode("重庆某公司报名名单".encode(GB)[:9]) + b"?=",
            b" =?gb18030?B?" + base64.b64encode("重庆某公司报名名单".encode(GB)[9:]) + b"?=",
            b"Mime-Version: 1.0",
            b'Content-Type: multipart/mixed; boundary="----=_NextPart_5F05"',
            b"X-QQ-MIME: TCMime 1.0 by Tencent",
            b"",
            b"This is a multi-part message in MIME format.",
            b"",
            b"------=_NextPart_5F05",
            b'Content-Type: multipart/alternative; boundary="----=_NextPart_5F06"',
            b"",
            b"------=_NextPart_5F06",
            b'Content-Type: text/plain; charset="gb18030"',
            b"Content-Transfer-Encoding: base64",
            b"",
            b64(
                '您好，名单见附件。\r\n\r\n\r\n------------------ 原始邮件 ------------------\r\n发件人: "2020gxkm"', GB
            ),
            b"------=_NextPart_5F06",
            b'Content-Type: text/html; charset="gb18030"',
            b"Content-Transfer-Encoding: base64",
            b"",
            b64("<div>您好，名单见附件。</div>", GB),
            b"------=_NextPart_5F06--",
            b"------=_NextPart_5F05",
            b'Content-Type: application/octet-stream; charset="gb18030"; name="=?gb18030?B?'
            + base64.b64encode("名单.xlsx".encode(GB))
            + b'?="',
            b'Content-Disposition: attachment; filename="=?gb18030?B?'
            + base64.b64encode("名单.xlsx".encode(GB))
            + b'?="',
            b"Content-Transfer-Encoding: base64",
            b"",
            FILE64,
            b"------=_NextPart_5F05--",
            b"",
        ]
    ),
    subject="重庆某公司报名名单",
    sender='"人事科老师" <10001@qq.example>',
    text="您好，名单见附件。",
    names=("名单.xlsx",),
    quoted='------------------ 原始邮件 ------------------\n发件人: "2020gxkm"',
)

NETEASE = Story(
    raw=b"\r\n".join(
        [
            b"From: =?GBK?B?" + base64.b64encode("甲".encode("gbk")) + b"?= <a@163.example>",
            b"To: 2020gxkm@cqhrsp.com",
            b"Subject: =?GBK?Q?=C3=FB=B5=A5?=",
            b'Content-Type: multipart/mixed; boundary="----=_Part_1"',
            b"",
            b"------=_Part_1",
            b"Content-Type: text/html; charset=GBK",
            b"Content-Transfer-Encoding: base64",
            b"",
            b64("<div style='line-height:1.7'><div>老师好：</div><div>&nbsp; 名单已附。</div></div><br>", "gbk"),
            b"------=_Part_1",
            b"Content-Type: application/vnd.ms-excel; name*0*=GBK''%C3%FB%B5%A5%28; name*1*=1%29.xlsx",
            b"Content-Transfer-Encoding: base64",
            b"Content-Disposition: attachment; filename*0*=GBK''%C3%FB%B5%A5%28; filename*1*=1%29.xlsx",
            b"",
            FILE64,
            b"------=_Part_1--",
        ]
    ),
    subject="名单",
    sender="甲 <a@163.example>",
    text="老师好：\n\u00a0 名单已附。",
    names=("名单(1).xlsx",),
)

COREMAIL = Story(
    raw=b"\r\n".join(
        [
            "From: 渝中区某局 <a@gov.example>".encode("gbk"),
            b"To: <2020gxkm@cqhrsp.com>",
            "Subject: 关于报送名单的函".encode("gbk"),
            b"Content-Type: multipart/mixed; boundary=x",
            b"",
            b"--x",
            b"Content-Type: text/plain; charset=gb2312",
            b"Content-Transfer-Encoding: 8bit",
            b"",
            "朱镕同志等见附件。".encode(GB),
            b"--x",
            b"Content-Type: application/octet-stream",
            b"Content-Transfer-Encoding: base64",
            'Content-Disposition: attachment; filename="公需科目名单.xlsx"'.encode("gbk"),
            b"",
            FILE64,
            b"--x--",
        ]
    ),
    subject="关于报送名单的函",
    sender="渝中区某局 <a@gov.example>",
    text="朱镕同志等见附件。",
    names=("公需科目名单.xlsx",),
)

OUTLOOK = Story(
    raw=b"\r\n".join(
        [
            b"From: =?utf-8?B?" + base64.b64encode("乙, 人事".encode()) + b"?= <b@unit.example>",
            b"To: '2020gxkm' <2020gxkm@cqhrsp.com>",
            b"Subject: =?utf-8?B?" + base64.b64encode("答复: 名单".encode()) + b"?=",
            b'Content-Type: multipart/related; boundary="r"; type="text/html"',
            b"",
            b"--r",
            b'Content-Type: text/html; charset="utf-8"',
            b"Content-Transfer-Encoding: quoted-printable",
            b"",
            b"<html><head><style>p=7B=7D</style></head><body><p>=E5=B7=B2=E6=94=B9=E6=AD=A3</p>",
            b"<div>=E5=8F=91=E4=BB=B6=E4=BA=BA: 2020gxkm<br>=E5=8F=91=E9=80=81=E6=97=B6=E9=97=B4: 2020</div></body></html>",
            b"--r",
            b"Content-Type: image/png; name=image001.png",
            b"Content-ID: <image001.png@01D>",
            b"Content-Transfer-Encoding: base64",
            b"",
            base64.b64encode(b"\x89PNG\r\n\x1a\n123"),
            b"--r--",
        ]
    ),
    subject="答复: 名单",
    sender='"乙, 人事" <b@unit.example>',
    text="已改正",
    names=("image001.png",),
    quoted="发件人: 2020gxkm\n发送时间: 2020",
)

PHONE = Story(
    raw=b"\r\n".join(
        [
            b"From: c@icloud.example",
            b"Subject: =?utf-8?Q?=E5=90=8D=E5=8D=95?=",
            b"Content-Type: multipart/mixed; boundary=Apple-Mail-1",
            b"",
            b"--Apple-Mail-1",
            b"Content-Type: text/html; charset=utf-8",
            b"",
            "<html><body dir=auto>见附件<div></div></body></html>".encode(),
            b"--Apple-Mail-1",
            b'Content-Type: application/vnd.ms-excel; name="=?utf-8?B?5ZCN5Y2VLnhsc3g=?="; x-apple-part-url=1',
            b"Content-Disposition: inline; filename*=utf-8''%E5%90%8D%E5%8D%95.xlsx",
            b"Content-Transfer-Encoding: base64",
            b"",
            FILE64,
            b"--Apple-Mail-1",
            b"Content-Type: text/html; charset=utf-8",
            b"",
            "<html><body dir=auto>发自我的iPhone</body></html>".encode(),
            b"--Apple-Mail-1--",
        ]
    ),
    subject="名单",
    sender="c@icloud.example",
    text="见附件\n\n发自我的iPhone",
    names=("名单.xlsx",),
)

STORIES = {"qq": QQ, "netease": NETEASE, "coremail": COREMAIL, "outlook": OUTLOOK, "phone": PHONE}


@pytest.mark.parametrize("name", STORIES)
def test_a_mail_reads_as_a_person_sees_it(name: str, limits: MailLimits) -> None:
    story = STORIES[name]
    parsed = parse(story.raw, limits)
    assert parsed.mail.subject == story.subject
    assert parsed.mail.from_values == (story.sender,)
    assert parsed.mail.text == story.text
    assert parsed.mail.quoted == story.quoted
    assert tuple(part.name for part in parsed.mail.parts) == story.names
    assert all(part.data in (FILE, b"\x89PNG\r\n\x1a\n123") for part in parsed.parts)
    assert not [mark for mark in parsed.mail.marks if mark.startswith("mail.")]


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b"\r\n", b"From x Wed Jul  8 10:00:00 2020\r\n", b"junk line\r\n"])
def test_what_a_gateway_wrote_in_front_changes_nothing(name: str, prefix: bytes, limits: MailLimits) -> None:
    clean, soiled = parse(STORIES[name].raw, limits), parse(prefix + STORIES[name].raw, limits)
    assert soiled.parts == clean.parts
    assert (soiled.mail.subject, soiled.mail.text) == (clean.mail.subject, clean.mail.text)
    assert soiled.mail.marks


@pytest.mark.parametrize("name", STORIES)
def test_bare_line_feeds_change_nothing(name: str, limits: MailLimits) -> None:
    clean, soiled = parse(STORIES[name].raw, limits), parse(STORIES[name].raw.replace(b"\r\n", b"\n"), limits)
    assert soiled.parts == clean.parts
    assert soiled.mail.text == clean.mail.text
