"""Names of attachments, and files where nobody expects them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from tools.hard.model import Hard, shelf
from tools.hard.pen import Entity, boundary, file, letter, multi, part, picture, stuff, text, word

_NAME: Final = "2020年公需科目报名名单（喆）.xlsx"
_WORDS: Final = "名单见附件。"
_FROM: Final = "渝北某公司 <yb@unit.example>"
_DATA: Final = stuff("named", 900)


def _mail(name: str, mailer: str, entity: Entity, shown: str, data: bytes = _DATA, marks: tuple[str, ...] = ()) -> Hard:
    body = multi("mixed", boundary(mailer, name), text(_WORDS, "gb18030", "gb2312"), entity)
    sender = word("渝北某公司", "gb18030", label="gb2312") + b" <yb@unit.example>"
    raw = letter(mailer, sender, word("报名", "gbk"), body, seed=name)
    return Hard(name, raw, "报名", "yb@unit.example", (_WORDS,), ((shown, data),), marks=marks)


def _extended(text_: str, charset: str) -> bytes:
    return quote(text_.encode(charset), safe="").encode()


@shelf
def names() -> Iterator[Hard]:
    """How a name is written."""
    gbk, utf = _NAME.encode("gb18030"), _NAME.encode()
    yield _mail("name-words-in-quotes", "qq", file(_DATA, b'filename="' + word(_NAME, "gb18030") + b'"'), _NAME)
    yield _mail("name-words-without-quotes", "erp", file(_DATA, b"filename=" + word(_NAME, "gbk", label="GBK")), _NAME)
    two = b"=?gb2312?B?" + word(_NAME, "gb18030")[12:32] + b"?=\r\n =?gb2312?B?" + word(_NAME, "gb18030")[32:]
    yield _mail("name-in-two-words", "foxmail", file(_DATA, b'filename="' + two + b'"'), _NAME)
    utf8 = b"filename*=UTF-8''" + _extended(_NAME, "utf-8")
    yield _mail("name-extended-utf8", "outlook", file(_DATA, utf8), _NAME)
    yield _mail("name-extended-gbk", "netease", file(_DATA, b"filename*=GBK''" + _extended(_NAME, "gbk")), _NAME)
    split = _extended(_NAME, "gb18030")
    three = (
        b"filename*0*=gb2312''"
        + split[:31]
        + b";\r\n\tfilename*1*="
        + split[31:70]
        + b";\r\n\tfilename*2*="
        + split[70:]
    )
    yield _mail("name-extended-in-three", "phone", file(_DATA, three), _NAME)
    order = b"filename*1*=" + split[30:] + b";\r\n filename*0*=gb18030''" + split[:30]
    yield _mail("name-extended-out-of-order", "erp", file(_DATA, order), _NAME)
    both = b"filename=\"list.xlsx\"; filename*=UTF-8''" + _extended(_NAME, "utf-8")
    yield _mail("name-plain-and-extended", "aliyun", file(_DATA, both), _NAME)
    yield _mail("name-raw-gbk", "coremail", file(_DATA, b'filename="' + gbk + b'"'), _NAME)
    yield _mail("name-raw-utf8", "exmail", file(_DATA, b'filename="' + utf + b'"'), _NAME)
    yield _mail("name-raw-gbk-without-quotes", "erp", file(_DATA, b"filename=" + gbk), _NAME)
    slash = "乗云公司名单乗".encode("gbk")
    yield _mail(
        "name-gbk-ends-in-a-backslash-byte", "coremail", file(_DATA, b'filename="' + slash + b'"'), "乗云公司名单乗"
    )
    only = part(b'application/vnd.ms-excel;\r\n\tname="' + word(_NAME, "gb18030") + b'"', _DATA)
    yield _mail("name-only-in-the-type", "notes", only, _NAME)
    lost = part(
        b'application/octet-stream; name="' + word(_NAME, "utf-8") + b'"', _DATA, b"base64",
        b'Content-Disposition: attachment; filename="2020??????????.xlsx"',
    )  # fmt: skip
    yield _mail("name-lost-in-the-disposition", "notes", lost, _NAME)
    yield _mail("name-as-in-a-web-address", "erp", file(_DATA, b'filename="' + _extended(_NAME, "utf-8") + b'"'), _NAME)
    path = file(_DATA, b'filename="C:\\Users\\hr\\' + gbk + b'"')
    yield _mail("name-with-a-windows-path", "erp", path, _NAME)
    yield _mail("name-leads-elsewhere", "erp", file(_DATA, b'filename="../../etc/cron.d/list.xlsx"'), "list.xlsx")
    broken = b'filename="' + word("名单\r\n.xlsx", "utf-8") + b'"'
    yield _mail("name-with-a-line-break", "erp", file(_DATA, broken), "名单 .xlsx")
    quotes = b'filename="a "b" list.xlsx"'
    yield _mail("name-with-quotes-inside", "erp", file(_DATA, quotes), 'a "b" list.xlsx')
    turned = "list\u202exslx.exe".encode()
    yield _mail("name-turned-round", "erp", file(_DATA, b'filename="' + turned + b'"'), "listxslx.exe")
    dots = b"filename*0=list;\r\n filename*1=-2020;\r\n filename*2=.xlsx"
    yield _mail("name-continued-without-charset", "notes", file(_DATA, dots), "list-2020.xlsx")


@shelf
def places() -> Iterator[Hard]:
    """Where a file lies, and what it is called."""
    data, shot = stuff("placed", 1000), picture(800, 600)
    unnamed = part(b"application/octet-stream", data)
    yield _mail("file-without-name", "erp", unnamed, "附件1.zip", data)
    pasted = part(b"image/png", shot, b"base64", b"Content-ID: <image001.png@01D65A9C.77AB>")
    yield _mail("picture-without-name", "outlook", pasted, "附件1.png", shot)
    inline = part(b"image/png", shot, b"base64", b"Content-Disposition: inline")
    yield _mail("picture-inline-without-name", "phone", inline, "附件1.png", shot)
    as_text = part(b'text/plain; name="a.xlsx"', data)
    yield _mail("excel-called-text", "erp", as_text, "a.xlsx", data)
    inlined = part(
        b'application/vnd.ms-excel; name="b.xls"', data, b"base64", b'Content-Disposition: inline; filename="b.xls"'
    )
    yield _mail("excel-inline", "phone", inlined, "b.xls", data)
    hidden = part(b"text/plain; charset=us-ascii", data)
    yield _mail("excel-unnamed-called-text", "erp", hidden, "附件1.zip", data)
    inner = multi("alternative", boundary("notes", "alt"), text(_WORDS, "utf-8"), file(data, b"filename=c.xlsx"))
    raw = letter("notes", b"n@unit.example", word("报名", "utf-8"), inner)
    yield Hard("excel-in-an-alternative", raw, "报名", "n@unit.example", (_WORDS,), (("c.xlsx", data),))
    whole = part(b'application/vnd.ms-excel; name="' + word("名单.xls", "gbk") + b'"', data)
    raw = letter("erp", b"e@unit.example", word("报名", "utf-8"), whole)
    yield Hard("excel-is-the-whole-mail", raw, "报名", "e@unit.example", (), (("名单.xls", data),))
    bare = part(b"application/octet-stream", data)
    raw = letter("erp", b"e@unit.example", word("报名二", "utf-8"), bare)
    yield Hard("excel-is-the-whole-mail-unnamed", raw, "报名二", "e@unit.example", (), (("附件1.zip", data),))
    logo = part(b'image/png; name="logo.png"', picture(120, 40, 400), b"base64", b"Content-ID: <logo@unit>")
    related = multi(
        "related",
        boundary("outlook", "rel"),
        text("<p>名单见附件。<img src=cid:logo@unit></p>", "utf-8", kind="html"),
        logo,
    )
    outer = multi("mixed", boundary("outlook", "out"), related, file(data, b"filename=d.xlsx"))
    raw = letter("outlook", b"o@unit.example", word("报名", "utf-8"), outer)
    files = (("logo.png", picture(120, 40, 400)), ("d.xlsx", data))
    yield Hard("logo-and-file", raw, "报名", "o@unit.example", (_WORDS,), files)
    empty = file(b"", b"filename=empty.xlsx")
    yield _mail("file-empty", "qq", empty, "empty.xlsx", b"")
