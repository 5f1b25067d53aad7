"""Random mails by seed: any charset with any label, header style, name style, transfer encoding and fault of structure.

Made apart from the collection, so that what only fits the collection shows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from tools.hard.model import Hard
from tools.hard.outlook import winmail
from tools.hard.pen import MAILERS, Entity, boundary, cut_word, file, letter, multi, part, stuff, text, word

_HAN: Final = "重庆市渝北区某学校设备厂公需科目报名名单更正补充请查收谢谢老师您好附件人员三十二位已经核对无误电话随后"
_RARE: Final = "喆镕堃翀玥"
_SIGNS: Final = "（）—、“”2020年第3批ABC-_ "
_LABELS: Final[dict[str, tuple[str, ...]]] = {
    "gbk": (
        "gb2312",
        "GBK",
        "gb18030",
        "x-gbk",
        "cp936",
        "GB_2312-80",
        "iso-8859-1",
        "us-ascii",
        "x-none",
        "utf-8",
        "gb2312-80",
    ),
    "utf-8": ("utf-8", "UTF8", "utf_8", "gb2312", "us-ascii", "GBK", "unknown-8bit", "iso-8859-1", "utf-8"),
}
"""By what bytes are, the names under which they come."""


class _Dice(random.Random):
    """Choices of one seed."""

    def words(self, least: int, most: int) -> str:
        signs = [
            self.choice(_HAN if self.random() < 0.85 else _RARE if self.random() < 0.5 else _SIGNS) for _ in range(most)
        ]
        return "".join(signs[: self.randint(least, most)]).strip() or "名单"

    def line(self, least: int, most: int) -> str:
        """Words that neither begin nor end with a blank, and hold no two in a row."""
        return "名" + " ".join(self.words(least, most).split()) + "单"


def spun(seed: int) -> Hard:
    """The mail of a seed and its truth."""
    dice = _Dice(seed)
    subject, words = dice.line(3, 30), dice.line(8, 120)
    mailer = dice.choice(sorted(MAILERS))
    files = [
        (dice.line(1, 20) + dice.choice((".xlsx", ".xls", ".et", ".zip")), stuff(f"{seed}-{n}", dice.randint(60, 3000)))
        for n in range(dice.choice((0, 1, 1, 1, 2, 3)))
    ]
    content, files = _content(dice, seed, mailer, words, files)
    name = word(dice.line(1, 12), *_coded(dice)[:2])
    sender = (
        dice.choice(
            (
                name + b" <s%d@unit.example>",
                b'"' + name + b'" <s%d@unit.example>',
                b"s%d@unit.example",
                b"<s%d@unit.example>",
            )
        )
        % seed
    )
    raw = letter(mailer, sender, _header(dice, subject), content, seed=str(seed))
    hard = Hard(f"seed-{seed}", raw, subject, f"s{seed}@unit.example", (words,), tuple(files))
    return dice.choice(_FAULTS)(hard)


def _coded(dice: _Dice) -> tuple[str, str, str]:
    """A charset, B or Q, and a label that may be wrong."""
    charset = dice.choice(("gbk", "utf-8"))
    return charset, dice.choice("BBBQ"), dice.choice(_LABELS[charset])


def _header(dice: _Dice, value: str) -> bytes:
    charset, how, label = _coded(dice)
    data = value.encode(charset)
    cut = dice.randint(1, len(data) - 1)
    return dice.choice((
        lambda: word(value, charset, how, label),
        lambda: cut_word(data, label, cut, dice.choice((b"\r\n ", b" ", b"\r\n\t"))),
        lambda: word(value, charset, "B", label).replace(b"==?=", b"?="),
        lambda: data,
    ))()  # fmt: skip


def _named(dice: _Dice, name: str, data: bytes) -> Entity:
    charset, how, label = _coded(dice)
    label = label if dice.random() < 0.5 else charset
    plain, extended = word(name, charset, how, label), quote(name.encode(charset), safe="").encode()
    cut = dice.randint(1, len(extended) - 1)
    raw = name.encode(charset)
    names: tuple[bytes, ...] = dice.choice((
        (b'filename="' + plain + b'"',),
        (b"filename=" + plain,),
        (b"filename*=" + charset.encode() + b"''" + extended,),
        (b"filename*0*=" + charset.encode() + b"''" + extended[:cut], b"\r\n filename*1*=" + extended[cut:]),
        (b'filename="' + raw + b'"',),
        (b'filename="' + cut_word(raw, label, max(1, len(raw) // 2)) + b'"',),
        (b'filename="' + plain + b'"', b"filename*=" + charset.encode() + b"''" + extended),
    ))  # fmt: skip
    spelt = dice.choice((b"base64", b"BASE64", b"Base64;", b"base64 "))
    if dice.random() < 0.2:
        return part(
            b"application/octet-stream; name" + names[0].removeprefix(b"filename")
            if names[0].startswith(b"filename=")
            else b'x/y; name="' + raw + b'"',
            data,
        )
    entity = file(data, *names)
    return Entity((entity.head[0], b"Content-Transfer-Encoding: " + spelt, entity.head[2]), entity.body)


def _content(
    dice: _Dice, seed: int, mailer: str, words: str, files: list[tuple[str, bytes]]
) -> tuple[Entity, list[tuple[str, bytes]]]:
    charset, _, label = _coded(dice)
    how = dice.choice((b"base64", b"8bit", b"quoted-printable"))
    plain = text(words, charset, label, how)
    page = text(f"<html><body><div>{words}</div></body></html>", charset, label, how, "html")
    body = dice.choice((plain, page, multi("alternative", boundary(mailer, f"alt{seed}"), plain, page)))
    if not files:
        return body, files
    if dice.random() < 0.12:
        return multi("mixed", boundary(mailer, f"t{seed}"), body, part(b"application/ms-tnef", winmail(*files))), files
    entities = [_named(dice, name, data) for name, data in files]
    if dice.random() < 0.12:
        inner = letter("erp", b"inner@elsewhere.example", b"inner", multi("mixed", f"i{seed}", *entities))
        entities = [Entity((b"Content-Type: message/rfc822",), inner)]
    return multi("mixed", boundary(mailer, f"m{seed}"), body, *entities, end=dice.random() < 0.9), files


def _same(hard: Hard) -> Hard:
    return hard


def _with(change: Callable[[bytes], bytes]) -> Callable[[Hard], Hard]:
    return lambda hard: replace(hard, raw=change(hard.raw))


_FAULTS: Final[tuple[Callable[[Hard], Hard], ...]] = (
    _same,
    _same,
    _with(lambda raw: b"\xef\xbb\xbf" + raw),
    _with(lambda raw: b"\r\n" + raw),
    _with(lambda raw: b"From x@unit.example Tue Jul 14 10:12:13 2020\r\n" + raw),
    _with(lambda raw: raw.replace(b"\r\nTo: ", b"\r\nno header at all\r\nTo: ", 1)),
    _with(lambda raw: raw.replace(b"\r\n", b"\n")),
    _with(lambda raw: raw.replace(b"\r\n", b"\r\r\n")),
    _with(lambda raw: raw.replace(b"MIME-Version: 1.0", b"MIME-Version: 1.0\0", 1)),
    _with(lambda raw: raw.replace(b"multipart/mixed;\r\n\tboundary=", b"multipart/mixed;\r\n\tbound=", 1)),
    _with(lambda raw: raw.replace(b"Content-Type:", b"CONTENT-TYPE :")),
)
