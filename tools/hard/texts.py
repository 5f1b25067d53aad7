"""Bodies: charsets under wrong names, HTML alone, transfer encodings, what a gateway adds."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Final

from tools.hard.model import Hard, shelf
from tools.hard.pen import Entity, boundary, file, letter, multi, part, picture, stuff, text, word

_RARE: Final = "朱镕、陶喆、䶮、𠀀四人的材料已附。"
_PLAIN: Final = "您好，我单位公需科目报名名单见附件，请查收。"
_FROM: Final = b"hr@unit.example"


def _mail(name: str, mailer: str, content: Entity, *words: str, marks: tuple[str, ...] = ()) -> Hard:
    raw = letter(mailer, _FROM, word("名单", "utf-8"), content, seed=name)
    return Hard(name, raw, "名单", "hr@unit.example", words, marks=marks)


@shelf
def charsets() -> Iterator[Hard]:
    """What a part calls its charset, and what it is."""
    yield _mail("text-gb2312-with-rare-han", "foxmail", text(_RARE, "gb18030", "gb2312"), _RARE)
    yield _mail("text-gbk-with-four-bytes", "netease", text(_RARE, "gb18030", "GBK"), _RARE)
    for label in ("x-gbk", "cp936", "GB_2312-80", "gb18030-2000", "CHINESE", "euc-cn", "windows-936", "csGB2312"):
        yield _mail(f"text-called-{label.lower()}", "notes", text(_PLAIN, "gbk", label), _PLAIN)
    yield _mail("text-gbk-called-utf8", "erp", text(_PLAIN, "gbk", "utf-8"), _PLAIN, marks=("repair.charset",))
    yield _mail("text-utf8-called-gb2312", "erp", text(_PLAIN, "utf-8", "gb2312"), _PLAIN, marks=("repair.charset",))
    yield _mail("text-gbk-called-latin1", "notes", text(_PLAIN, "gbk", "iso-8859-1", b"8bit"), _PLAIN)
    yield _mail("text-utf8-called-ascii", "erp", text(_PLAIN, "utf-8", "us-ascii", b"7bit"), _PLAIN)
    yield _mail("text-gbk-called-nothing", "erp", part(b"text/plain", _PLAIN.encode("gbk"), b"8bit"), _PLAIN)
    yield _mail("text-without-any-header", "erp", Entity((), _PLAIN.encode("gbk")), _PLAIN)
    yield _mail("text-unknown-charset", "erp", text(_PLAIN, "gbk", "x-user-defined"), _PLAIN)
    yield _mail("text-charset-empty", "erp", part(b'text/plain; charset=""', _PLAIN.encode("gbk")), _PLAIN)
    yield _mail(
        "text-charset-in-odd-quotes", "erp", part(b"text/plain; charset='GB2312'", _PLAIN.encode("gbk")), _PLAIN
    )
    yield _mail("text-hz", "notes", text("名单见附件", "hz", "HZ-GB-2312", b"7bit"), "名单见附件")
    yield _mail(
        "text-hz-called-ascii", "notes", text("名单见附件，请查收", "hz", "us-ascii", b"7bit"), "名单见附件，请查收"
    )
    yield _mail("text-utf7", "erp", text("报名名单见附件", "utf-7", "UTF-7", b"7bit"), "报名名单见附件")
    yield _mail("text-utf16", "erp", text("报名名单", "utf-16", "utf-16"), "报名名单")
    bom = part(b"text/plain; charset=utf-8", b"\xef\xbb\xbf" + _PLAIN.encode())
    yield _mail("text-utf8-with-bom", "outlook", bom, _PLAIN)
    two = (_PLAIN + "\n\n").encode() + "本邮件经某某网关检查，未发现病毒。".encode("gbk")
    mixed = part(b"text/plain; charset=utf-8", two, b"8bit")
    yield _mail("text-notice-in-another-charset", "coremail", mixed, _PLAIN, "未发现病毒")
    damaged = _PLAIN.encode().replace("报".encode(), b"\xe6\x8a", 1) + "\n其余照旧".encode()
    lost = part(b"text/plain; charset=utf-8", damaged, b"8bit")
    yield _mail("text-one-damaged-han", "erp", lost, "我单位公需科目", "其余照旧", marks=("repair.lost_characters",))


@shelf
def pages() -> Iterator[Hard]:
    """HTML."""
    meta = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body><p>{_RARE}</p>'
    )
    only = part(b"text/html", meta.encode("gb18030"))
    yield _mail("html-only-with-meta-charset", "outlook", only, _RARE)
    wrong = part(b"text/html; charset=utf-8", meta.encode("gb18030"), b"quoted-printable")
    yield _mail("html-meta-right-header-wrong", "erp", wrong, _RARE, marks=("repair.charset",))
    stub = text("您的邮箱不支持 HTML。", "utf-8")
    rich = text(
        f"<div>{_PLAIN}<br>{'我单位共三十人，另有两人休产假，其名单下周补报。' * 12}</div>", "utf-8", kind="html"
    )
    both = multi("alternative", boundary("exmail", "stub"), stub, rich)
    yield _mail("html-beside-a-stub", "exmail", both, _PLAIN, "下周补报")
    cells = "".join(f"<tr><td>{n}</td><td>谭建国</td><td>1380000000{n}</td></tr>" for n in range(3))
    table = text(f"<p>名单如下</p><table>{cells}</table>", "utf-8", kind="html")
    yield _mail("html-table-pasted", "netease", table, "名单如下", "谭建国\t13800000001")
    shot = f'<p>截图如下</p><img src="data:image/png;base64,{base64.b64encode(picture(640, 480)).decode()}"><p>谢谢</p>'
    image = text(shot, "utf-8", kind="html")
    hard = _mail("html-picture-in-the-page", "aliyun", image, "截图如下", "谢谢")
    yield Hard(hard.name, hard.raw, hard.subject, hard.sender, hard.words, (("附件1.png", picture(640, 480)),))


@shelf
def encodings() -> Iterator[Hard]:
    """Transfer encodings."""
    data = stuff("coding", 1200)

    def mail(name: str, entity: Entity, *marks: str) -> Hard:
        body = multi("mixed", boundary("erp", name), text(_PLAIN, "gbk", "gb2312"), entity)
        raw = letter("erp", _FROM, word("名单", "utf-8"), body, seed=name)
        return Hard(name, raw, "名单", "hr@unit.example", (_PLAIN,), (("a.xlsx", data),), marks=marks)

    named = b'filename="a.xlsx"'
    for number, how in enumerate((b"BASE64", b"base64;", b"base64 ", b'"base64"', b"Base64 (mime)", b" \tbase64")):
        coded = Entity(
            (b"Content-Type: application/octet-stream", b"Content-Transfer-Encoding: " + how,
             b"Content-Disposition: attachment; " + named),
            file(data, named).body,
        )  # fmt: skip
        yield mail(f"coding-base64-spelt-{number + 1}", coded)
    good = file(data, named)
    tail = b"\r\n_______________________\r\nThis mail was scanned by Gateway 5.1\r\n"
    yield mail("coding-base64-with-a-tail", Entity(good.head, good.body + tail), "repair.transfer_encoding")
    bare = Entity(good.head, good.body.rstrip(b"\r\n").rstrip(b"="))
    yield mail("coding-base64-without-padding", bare)
    long = Entity(good.head, base64.b64encode(data) + b"\r\n")
    yield mail("coding-base64-on-one-line", long)
    pieces = base64.b64encode(data[:1000]) + b"\r\n" + base64.b64encode(data[1000:]) + b"\r\n"
    yield mail("coding-base64-in-pieces", Entity(good.head, pieces), "repair.transfer_encoding")
    nul = Entity(good.head, good.body.replace(b"\r\n", b"\0\r\n", 3))
    yield mail("coding-base64-with-nuls", nul, "repair.transfer_encoding")
    spaced = Entity(good.head, good.body.replace(b"\r\n", b" \r\n\r\n", 2))
    yield mail("coding-base64-with-empty-lines", spaced)
    silent = Entity((b"Content-Type: application/octet-stream", good.head[-1]), good.body)
    yield mail("coding-base64-that-says-nothing", silent, "repair.transfer_encoding")
    printed = Entity(
        (good.head[0], b"Content-Transfer-Encoding: Quoted-Printable", good.head[-1]),
        part(b"", data, b"quoted-printable").body,
    )
    yield mail("coding-file-in-quoted-printable", printed)
