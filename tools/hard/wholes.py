"""The structure of mails: lines before them, boundaries, mails in mails, wrappings, numbers beyond limits."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Final

from tools.hard.model import Hard, shelf
from tools.hard.outlook import winmail
from tools.hard.pen import Entity, boundary, file, letter, multi, part, stuff, text, word

_WORDS: Final = "本单位名单见附件，请查收。"
_DATA: Final = stuff("whole", 1500)
_FILE: Final = ("名单.xlsx", _DATA)
_FROM: Final = b"hr@unit.example"
_SUBJECT: Final = word("公需科目名单", "gb18030", label="gb2312")


def _file(data: bytes = _DATA, name: str = "名单.xlsx") -> Entity:
    return file(data, b'filename="' + word(name, "gbk", label="GBK") + b'"')


def _text(words: str = _WORDS) -> Entity:
    return text(words, "gb18030", "gb2312")


def _hard(name: str, raw: bytes, *files: tuple[str, bytes], words: str = _WORDS, marks: tuple[str, ...] = ()) -> Hard:
    return Hard(name, raw, "公需科目名单", "hr@unit.example", (words,) if words else (), files, marks=marks)


def _whole(mailer: str, seed: str, opening: bytes = b"", *, end: bool = True) -> bytes:
    content = multi("mixed", boundary(mailer, seed), _text(), _file(), opening=opening, end=end)
    return letter(mailer, _FROM, _SUBJECT, content, seed=seed)


@shelf
def before() -> Iterator[Hard]:
    """What stands before the headers or among them, and line ends."""
    raw = _whole("coremail", "before")
    yield _hard("bom-first", b"\xef\xbb\xbf" + raw, _FILE, marks=("repair.leading_lines",))
    yield _hard("blank-lines-first", b"\r\n\r\n" + raw, _FILE, marks=("repair.leading_lines",))
    yield _hard("mbox-line-first", b"From hr@unit.example Tue Jul 14 10:12:13 2020\r\n" + raw, _FILE)
    junk = b"\r\nthis line is none of a header\r\nTo: "
    yield _hard("junk-among-the-headers", raw.replace(b"\r\nTo: ", junk, 1), _FILE, marks=("repair.header_lines",))
    scanned = b"\r\n[External mail, be careful]\r\nSubject: "
    yield _hard("gateway-line-among-the-headers", raw.replace(b"\r\nSubject: ", scanned, 1), _FILE)
    odd = b"\r\n: no name\r\n\xa1\xa1\xa1\xa1\r\nSubject: "
    yield _hard("header-without-a-name", raw.replace(b"\r\nSubject: ", odd, 1), _FILE)
    nul = raw.replace(b"MIME-Version: 1.0", b"MIME-Version: 1.0\0")
    yield _hard("nul-in-a-header", nul, _FILE)
    yield _hard("bare-line-feeds", raw.replace(b"\r\n", b"\n"), _FILE)
    yield _hard("bare-carriage-returns", raw.replace(b"\r\n", b"\r"), _FILE, marks=("repair.line_ends",))
    yield _hard("doubled-carriage-returns", raw.replace(b"\r\n", b"\r\r\n"), _FILE, marks=("repair.line_ends",))
    spaced = raw.replace(b"Content-Type: multipart", b"Content-Type : multipart", 1)
    yield _hard("blank-before-the-colon", spaced, _FILE)
    small = raw.replace(b"Content-Type:", b"content-type:").replace(b"Subject:", b"SUBJECT:")
    yield _hard("header-names-in-other-cases", small, _FILE)


@shelf
def boundaries() -> Iterator[Hard]:
    """Boundaries."""
    yield _hard("no-closing-boundary", _whole("erp", "open", end=False), _FILE)
    yield _hard(
        "text-before-the-first-part",
        _whole("netease", "pre", b"This is a multi-part message in MIME format.\r\n\r\n"),
        _FILE,
    )
    raw = _whole("erp", "other")
    wrong = raw.replace(b'boundary="NextMimePart"', b'boundary="NextMimePart_2"')
    yield _hard("another-boundary-than-declared", wrong, _FILE, marks=("repair.boundary",))
    none = raw.replace(b';\r\n\tboundary="NextMimePart"', b"")
    yield _hard("no-boundary-declared", none, _FILE, marks=("repair.boundary",))
    silent = raw.replace(b'Content-Type: multipart/mixed;\r\n\tboundary="NextMimePart"\r\n', b"")
    yield _hard("parts-that-nobody-declared", silent, _FILE, marks=("repair.boundary",))
    blank = _whole("notes", "ws").replace(b"_=\r\nContent-Type: app", b"_= \t\r\nContent-Type: app")
    yield _hard("blanks-behind-a-boundary", blank, _FILE)
    early = raw.replace(
        b"--NextMimePart\r\nContent-Type: application",
        b"--NextMimePart--\r\n\r\n--NextMimePart\r\nContent-Type: application",
    )
    yield _hard("closed-too-early", early, _FILE, marks=("repair.boundary",))
    extended = raw.replace(b'boundary="NextMimePart"', b"boundary*=us-ascii''NextMimePart")
    yield _hard("boundary-extended", extended, _FILE)
    inner = multi("mixed", "same", _text(), _file())
    raw = letter("erp", _FROM, _SUBJECT, multi("mixed", "same", inner))
    yield _hard("one-boundary-for-two-levels", raw, _FILE)
    prefix = multi(
        "mixed", "b1", multi("alternative", "b1_2", _text(), text("<p>x</p>", "utf-8", kind="html")), _file()
    )
    yield _hard("a-boundary-that-begins-another", letter("erp", _FROM, _SUBJECT, prefix), _FILE)
    junk = _file()
    soiled = Entity((junk.head[0], b"X-Scanned by gateway", *junk.head[1:]), junk.body)
    raw = letter("erp", _FROM, _SUBJECT, multi("mixed", "junk", _text(), soiled))
    yield _hard("junk-among-a-part's-headers", raw, _FILE, marks=("repair.part_headers",))


def _forward(inner: bytes, name: str = "", how: bytes = b"7bit", kind: bytes = b"message/rfc822") -> Entity:
    body = base64.encodebytes(inner).replace(b"\n", b"\r\n") if how == b"base64" else inner
    named = (b'Content-Disposition: attachment; filename="' + name.encode() + b'"',) if name else ()
    return Entity((b"Content-Type: " + kind, b"Content-Transfer-Encoding: " + how, *named), body)


@shelf
def mails_in_mails() -> Iterator[Hard]:
    """Forwards: who wrote the inner mail asks for nothing, what it brings does."""
    inner = letter(
        "qq", b"other@elsewhere.example", word("内层", "gbk"), multi("mixed", "in", _text("里面的话"), _file())
    )

    def mail(name: str, *entities: Entity) -> Hard:
        raw = letter(
            "outlook", _FROM, _SUBJECT, multi("mixed", f"out-{name}", _text("请见转发。"), *entities), seed=name
        )
        return Hard(name, raw, "公需科目名单", "hr@unit.example", ("请见转发。",), (_FILE,), ("里面的话",))

    yield mail("forward-as-a-part", _forward(inner))
    yield mail("forward-in-base64", _forward(inner, "old.eml", b"base64"))
    yield mail("eml-as-a-file", _forward(inner, "old.eml", b"base64", b"application/octet-stream"))
    yield mail("eml-in-seven-bits", _forward(inner, "old.eml", b"7bit", b"application/octet-stream"))
    twice = letter("foxmail", b"b@elsewhere.example", b"middle", multi("mixed", "mid", _forward(inner)))
    yield mail("forward-of-a-forward", _forward(twice))
    deep = inner
    for level in range(3):
        deep = letter("erp", b"c@elsewhere.example", b"level %d" % level, multi("mixed", f"lv{level}", _forward(deep)))
    yield mail("forward-of-four", _forward(deep))
    digest = multi("digest", "dig", Entity((), inner))
    yield mail("digest", digest)


@shelf
def wrappings() -> Iterator[Hard]:
    """TNEF and uuencode."""
    wrapped = winmail(_FILE)
    both = (_text(), part(b'application/ms-tnef; name="winmail.dat"', wrapped))
    yield _hard("winmail", letter("outlook", _FROM, _SUBJECT, multi("mixed", "t1", *both)), _FILE)
    other = part(
        b"application/octet-stream", wrapped, b"base64", b"Content-Disposition: attachment; filename=noname.dat"
    )
    yield _hard(
        "winmail-under-another-name", letter("outlook", _FROM, _SUBJECT, multi("mixed", "t2", _text(), other)), _FILE
    )
    short = part(b"application/ms-tnef", winmail(("名单.xls", _DATA), ("说明.docx", stuff("doc")), long_names=False))
    files = (("名单.xls", _DATA), ("说明.docx", stuff("doc")))
    yield _hard(
        "winmail-with-short-names", letter("outlook", _FROM, _SUBJECT, multi("mixed", "t3", _text(), short)), *files
    )
    alone = part(b"application/ms-tnef", winmail(_FILE, body=_WORDS))
    yield _hard("winmail-is-the-whole-mail", letter("outlook", _FROM, _SUBJECT, alone), _FILE)
    paged = part(b"application/ms-tnef", winmail(_FILE, page=f"<p>{_WORDS}</p>"))
    yield _hard("winmail-with-html", letter("outlook", _FROM, _SUBJECT, paged), _FILE)
    cut = part(b'application/ms-tnef; name="winmail.dat"', wrapped[:-400])
    yield _hard(
        "winmail-cut-off",
        letter("outlook", _FROM, _SUBJECT, multi("mixed", "t4", _text(), cut)),
        marks=("repair.tnef",),
    )
    lines = b"".join(binascii.b2a_uu(_DATA[at : at + 45]) for at in range(0, len(_DATA), 45)).replace(b"\n", b"\r\n")
    plain = _WORDS.encode("gbk") + b"\r\n\r\nbegin 644 " + "名单.xlsx".encode("gbk") + b"\r\n" + lines + b"`\r\nend\r\n"
    uu = Entity((b"Content-Type: text/plain; charset=gb2312",), plain)
    yield _hard("uuencode-in-the-text", letter("erp", _FROM, _SUBJECT, uu), _FILE, marks=("repair.uuencoded",))
    bare = Entity(
        (), b"list.xls follows\r\nbegin 600 list.xls\r\n" + lines.replace(b"`", b" ") + b" \r\nend\r\nbye\r\n"
    )
    yield _hard(
        "uuencode-with-blanks", letter("erp", _FROM, _SUBJECT, bare), ("list.xls", _DATA), words="list.xls follows"
    )
    coded = Entity(
        (b"Content-Type: application/octet-stream; name=l.xls", b"Content-Transfer-Encoding: x-uuencode"),
        b"begin 644 l.xls\r\n" + lines + b"`\r\nend\r\n",
    )
    yield _hard(
        "uuencode-as-the-encoding",
        letter("erp", _FROM, _SUBJECT, multi("mixed", "u", _text(), coded)),
        ("l.xls", _DATA),
    )
    second = base64.encodebytes(_DATA).replace(b"\n", b"\r\n")
    base = Entity((), b"see below\r\nbegin-base64 644 list.xlsx\r\n" + second + b"====\r\n")
    yield _hard("uuencode-in-base64", letter("erp", _FROM, _SUBJECT, base), ("list.xlsx", _DATA), words="see below")
    prose = text("We begin 644 days after.\nbegin 644 new list\nas agreed", "us-ascii", how=b"7bit")
    yield _hard("words-that-look-like-uuencode", letter("erp", _FROM, _SUBJECT, prose), words="begin 644 new list")


@shelf
def beyond() -> Iterator[Hard]:
    """More than any honest mail has: read as far as the limits go, and said so."""
    many = multi("mixed", "many", _text(), *[file(b"x%d" % n, b"filename=f%d.txt" % n) for n in range(60)])
    files = tuple((f"f{n}.txt", b"x%d" % n) for n in range(50))
    yield _hard("sixty-attachments", letter("erp", _FROM, _SUBJECT, many), *files, marks=("mail.too_many_attachments",))
    long = b"X-Long: " + b"a" * 990
    heavy = letter("erp", _FROM, _SUBJECT, multi("mixed", "hh", _text(), _file()), *[long] * 200)
    yield _hard("two-hundred-kilobytes-of-headers", heavy, _FILE, marks=("mail.headers_cut",))
    people = b"Cc: " + b",\r\n ".join(b"u%d@b.example" % n for n in range(1_500))
    crowd = letter("erp", _FROM, _SUBJECT, multi("mixed", "cc", _text(), _file()), people)
    yield _hard("fifteen-hundred-recipients", crowd, _FILE, marks=("mail.too_many_addresses",))
    parts = multi("mixed", "p", _text(), *[Entity((), b"x")] * 1_200)
    yield _hard("twelve-hundred-parts", letter("erp", _FROM, _SUBJECT, parts), marks=("mail.too_many_parts",))
    inner = _text()
    for level in range(105):
        inner = multi("mixed", f"d{level}", inner)
    yield _hard("a-hundred-and-five-levels", letter("erp", _FROM, _SUBJECT, inner), words="", marks=("mail.too_deep",))
