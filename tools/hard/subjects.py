"""Subjects and senders: encoded words of every make, raw bytes, lines that are none."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Final

from tools.hard.model import Hard, shelf
from tools.hard.pen import cut_word, letter, text, word

_RARE: Final = "关于朱镕、陶喆、䶮、𠀀等人报名的函"
_PLAIN: Final = "重庆某某设计院有限公司公需科目报名名单"
_WORDS: Final = "名单随后寄到。"
SENDER: Final = "rsk@unit.example"


def _mail(name: str, mailer: str, raw: bytes, subject: str, *more: bytes, marks: tuple[str, ...] = ()) -> Hard:
    sender = word("人事科", "gb18030", label="GB2312") + b" <rsk@unit.example>"
    content = text(_WORDS, "gb18030", "gb2312")
    return Hard(name, letter(mailer, sender, raw, content, *more), subject, SENDER, (_WORDS,), marks=marks)


@shelf
def subjects() -> Iterator[Hard]:
    """Subject lines."""
    gbk, utf = _PLAIN.encode("gb18030"), _PLAIN.encode()
    yield _mail("subject-gb2312-with-rare-han", "foxmail", word(_RARE, "gb18030", label="gb2312"), _RARE)
    yield _mail("subject-gbk-quoted-printable", "netease", word("报名名单(第2批)", "gbk", "Q"), "报名名单(第2批)")
    yield _mail("subject-cut-inside-a-han", "qq", cut_word(gbk, "gb18030", 9), _PLAIN)
    yield _mail("subject-cut-inside-utf8", "aliyun", cut_word(utf, "UTF-8", 10), _PLAIN)
    yield _mail("subject-cut-on-one-line", "exmail", cut_word(gbk, "GBK", 5, b" "), _PLAIN)
    yield _mail("subject-words-without-space", "erp", cut_word(gbk, "gb2312", 8, b""), _PLAIN)
    bare = word("补报三人名单", "gb18030", label="gb2312").replace(b"=?=", b"?=").replace(b"==?=", b"?=")
    yield _mail("subject-without-padding", "erp", bare, "补报三人名单")
    letters = base64.b64encode(gbk)
    halves = b"=?gb2312?B?" + letters[:18] + b"?=\r\n =?gb2312?B?" + letters[18:] + b"?="
    yield _mail("subject-base64-cut-in-a-group", "erp", halves, _PLAIN)
    spaced = word("增补名单", "gbk").replace(b"?B?", b"?B? ").replace(b"?=", b" ?=")
    yield _mail("subject-spaces-inside-the-word", "notes", spaced, "增补名单")
    unknown = word("报名名单更正", "gbk", label="x-unknown")
    yield _mail("subject-unknown-charset", "erp", unknown, "报名名单更正")
    yield _mail("subject-x-gbk", "coremail", word("报名名单", "gbk", label="x-gbk"), "报名名单")
    yield _mail("subject-cp936", "notes", word("名单：喆", "gbk", label="cp936"), "名单：喆")
    yield _mail("subject-gb2312-80", "notes", word("名单一份", "gbk", label="GB_2312-80"), "名单一份")
    yield _mail("subject-gbk-called-utf8", "erp", word(_PLAIN, "gbk", label="UTF-8"), _PLAIN)
    yield _mail("subject-utf8-called-gb2312", "erp", word(_PLAIN, "utf-8", label="gb2312"), _PLAIN)
    yield _mail("subject-raw-gbk", "coremail", gbk, _PLAIN)
    yield _mail("subject-raw-gb18030-four-bytes", "coremail", _RARE.encode("gb18030"), _RARE)
    yield _mail("subject-raw-utf8", "exmail", utf, _PLAIN)
    yield _mail("subject-hz", "notes", word("名单已附", "hz", label="HZ-GB-2312"), "名单已附")
    yield _mail("subject-utf7", "erp", word("报名名单", "utf-7", label="UTF-7"), "报名名单")
    yield _mail("subject-word-with-language", "outlook", b"=?utf-8*zh-cn?B?5oql5ZCN?=", "报名")
    mixed = b"Re: " + word("名单", "gbk") + b" (2) " + word("更正", "utf-8")
    yield _mail("subject-words-of-two-charsets", "foxmail", mixed, "Re: 名单 (2) 更正")
    question = b"=?UTF-8?Q?=E6=94=B6=E5=88=B0=E4=BA=86=E5=90=97?=2E?="
    yield _mail("subject-word-ends-early", "phone", question, "收到了吗2E?=")
    yield _mail("subject-question-mark-in-q", "phone", b"=?UTF-8?Q?=E5=90=97?ok?=", "吗?ok")
    inject = word("名单\r\nBcc: victim@unit.example", "utf-8")
    yield _mail("subject-with-a-line-break", "erp", inject, "名单 Bcc: victim@unit.example")
    folded = b"=?gb2312?B?" + letters[:20] + b"\r\n\t" + letters[20:] + b"?="
    yield _mail("subject-word-folded-in-the-middle", "erp", folded, _PLAIN)
    yield _mail(
        "subject-twice", "erp", b"first list", "first list", b"Subject: second", marks=("repair.repeated_header",)
    )
    yield _mail("subject-with-nul", "erp", b"list\0 2020", "list 2020", marks=("repair.header_lines",))
    yield _mail("subject-empty", "phone", b"", "")
    tab = b"\r\n\t" + word("空一行再写的主题", "utf-8")
    yield _mail("subject-begins-on-the-next-line", "outlook", tab, "空一行再写的主题")


@shelf
def senders() -> Iterator[Hard]:
    """From lines."""

    def mail(name: str, raw: bytes, sender: str) -> Hard:
        return Hard(name, letter("qq", raw, b"list", text(_WORDS, "utf-8")), "list", sender, (_WORDS,))

    yield mail("sender-without-brackets", b"wang.hr@unit.example", "wang.hr@unit.example")
    yield mail("sender-name-in-quotes", b'"' + word("王老师", "gb18030") + b'" <w@unit.example>', "w@unit.example")
    yield mail("sender-name-raw-gbk", "渝中区某局 <j@gov.example>".encode("gbk"), "j@gov.example")
    comma = word("李, 人事部", "utf-8") + b" <l@unit.example>"
    yield mail("sender-comma-in-the-encoded-name", comma, "l@unit.example")
    yield mail("sender-comment-behind", b"z@unit.example (Zhang San)", "z@unit.example")
    yield mail("sender-empty", b"", "")
    yield mail("sender-empty-brackets", b"<>", "")
    yield mail("sender-no-space-before-brackets", word("张三", "gbk") + b"<zs@unit.example>", "zs@unit.example")
    yield mail("sender-idn-domain", "hr@重庆某公司.example".encode(), "hr@重庆某公司.example")
    yield mail("sender-idn-ascii", b"hr@xn--fiqs8s.example", "hr@xn--fiqs8s.example")
    yield mail("sender-local-part-in-han", "人事 <人事@unit.example>".encode(), "人事@unit.example")
    folded = word("重庆市某某区人力资源和社会保障局", "utf-8") + b"\r\n <rsj@gov.example>"
    yield mail("sender-on-two-lines", folded, "rsj@gov.example")
    posing = word("real@unit.example>, <x", "utf-8") + b" <evil@evil.example>"
    yield mail("sender-name-poses-as-an-address", posing, "evil@evil.example")
