"""Names of people: repair of what typing adds, and faults that make a name one nobody should be registered under.

Real names are wider than a list: one Han character or fifteen, any extension block (䶮, 𠀀), the zero 〇, a middle dot
between the parts of a transcribed name, Latin letters of foreigners, other scripts of the country. What is rare is not
wrong. The notice asks for names without spaces inside (annex 1).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise
from typing import Final

from mailbot.domain.chars import PLAIN_SPACES, Normalised, clean, is_han, narrow, says_nothing


class NameFault(StrEnum):
    """What is wrong with a name, named like the rule codes. Several may hold of one name."""

    MISSING = "missing"
    LOST_CHAR = "lost_char"
    ILLEGAL_CHAR = "illegal_char"
    LATIN_IN_HAN = "latin_in_han"
    REMARK = "remark"
    PRIVATE_USE_CHAR = "private_use_char"


class Script(StrEnum):
    """What a name is written in. `MIXED` is more than one of them, `OTHER` any one script besides Han and Latin."""

    HAN = "han"
    LATIN = "latin"
    OTHER = "other"
    MIXED = "mixed"
    NONE = "none"


DOT: Final = "·"
_DOTS: Final = frozenset(".•‧・･⋅∙●。．﹒｡ㆍ᛫⸱▪\u0387\u2024")
_BREAK: Final = re.compile(r"[\r\n\v\f\x85\u2028\u2029]")
LONGEST: Final = 60
"""Characters of the longest names there are, of foreigners and of several parts."""
LONGEST_PART: Final = 15
"""Han characters of the longest part between two dots."""
_PLAIN: Final = re.compile("[\u4e00-\u9fff]{2,4}")
_LOST: Final = frozenset("?？\ufffd□■▯▢◻◼☐〓*＊")
_GARBLED: Final = re.compile("锟斤拷|烫烫烫|&#[0-9]{1,7};|[\ud800-\udfff]")
_REMARK_WORD: Final = re.compile(
    "离职|退休|辞职|调离|调走|停职|去世|产假|病假|不参加|已缴|已报名|已注册|重复|作废|先生|女士|老师|主任|经理|科长|处长|校长|同志"
)
_HELD_BESIDE: Final = (
    "初中|高中|中专|大专|专科|本科|研究生|硕士|博士|学士|初级|中级|高级|工程师|教师|讲师|教授|医师|护士|护师"
    "|会计师|经济师|党员|群众"
)
_NO_NAME: Final = re.compile(
    f"(?:..+)?(?:{_HELD_BESIDE})|中技|技校|大学|小学|正高级?|副高级?|员级|助理级?|无职称|助教|药师|会计|政工师|技师|干部|工人|职工|员工"
    "|学员|男|女|[汉回满藏彝壮苗]族|土家族|少数民族|(?:共青)?团员|在职|在编|在岗|聘用|合同制?|临聘|编外|同上|上同|同前"
)
"""What the columns beside the name hold (学历, 职称, 民族, 政治面貌), alone or written on behind a name."""
_UNIT_PART: Final = re.compile("[\u4e00-\u9fff]{1,5}[科组室部处]")
LONGEST_WITH_SURNAME: Final = 4
"""Characters of the longest text that ends like a part of a unit and is still taken for a person's name."""
SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤冉牟蒲代文常安易乔施章鲁岳齐庞樊兰殷洪翟倪温季俞路葛庄申柴聂耿焦关柳游喻蓝骆欧阎霍柯包左司令"
)
"""The commonest surnames: a short text that begins with one may be a person's name."""
_BRACKET: Final = re.compile(r"[(（\[【〔{《<].*", re.DOTALL)
_LATIN_SIGNS: Final = frozenset(" -'’.")
_TIBETAN_POINTS: Final = frozenset("\u0f0b\u0f0c")
_COMPOUND_SURNAMES: Final = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空"
        "闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五淳于单于"
        "完颜纳兰富察叶赫那拉耶律贺兰歐陽司馬東方獨孤南宮諸葛尉遲長孫鮮于軒轅葉赫",
    )
)
"""Surnames of two characters, for telling 欧阳 娜娜 (one person) from 张三 李四 (perhaps two)."""


def normalise(raw: str) -> Normalised:
    """The name without what typing and pasting add: see the changes for what was repaired.

    A space or line break goes only where one person's name stays: 张 三, 欧阳 娜娜, not 张三 李四.
    """
    if _PLAIN.fullmatch(raw):
        return Normalised(raw)
    cleaned = clean(raw)
    unified = "".join(map(_unified, cleaned.text))
    narrowed = "".join(new if new.isalnum() else old for new, old in zip(narrow(unified).text, unified, strict=True))
    dotted = _dotted(narrowed)
    joined = _joined(dotted)
    changes = set(cleaned.changes)
    if unified != cleaned.text:
        changes.add("invisible_char")
    if narrowed != unified:
        changes.add("fullwidth")
    if dotted != narrowed:
        changes.add("dot_variant")
    return Normalised(joined, frozenset(changes | _space_changes(raw, dotted, joined)))


def _unified(char: str) -> str:
    """A radical or compatibility ideograph, which looks the same and compares differently, as the character itself."""
    code = ord(char)
    if 0x2F00 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F:
        return unicodedata.normalize("NFKC", char)
    return char


def _dotted(text: str) -> str:
    """Every variant of the middle dot between two Han characters as the middle dot."""
    out = list(text)
    for place, char in enumerate(text):
        if char in _DOTS:
            before, after = text[:place].rstrip(), text[place + 1 :].lstrip()
            if before and after and is_han(before[-1]) and is_han(after[0]):
                out[place] = DOT
    return "".join(out)


def _joined(text: str) -> str:
    parts = text.split()
    if len(parts) < 2:
        return text
    if script(text) is not Script.HAN:
        return " ".join(parts)
    if DOT in text and all(DOT in (left[-1], right[0]) for left, right in pairwise(parts)):
        return "".join(parts)
    return "".join(parts) if _one_person(parts) else " ".join(parts)


def _one_person(parts: list[str]) -> bool:
    """Whether Han pieces are surely one name torn apart: single characters are no names of their own."""
    if sum(map(len, parts)) > 4 or DOT in "".join(parts):
        return False
    return sum(len(part) > 1 for part in parts) < 2 or parts[0] in _COMPOUND_SURNAMES


def _space_changes(raw: str, before: str, after: str) -> set[str]:
    """What went, told apart: line breaks, and spaces between the pieces."""
    changes = set()
    if _BREAK.search(raw.strip(" \t\u3000")) and not _BREAK.search(after):
        changes.add("line_break")
    gaps = re.findall(r"\s+", before)
    if before != after and any(not _BREAK.search(gap) for gap in gaps):
        changes.add("inner_space")
    return changes


def surnamed(text: str) -> str | None:
    """The common or two-character surname that a text begins with."""
    if text[:2] in _COMPOUND_SURNAMES:
        return text[:2]
    return text[:1] if text[:1] in SURNAMES else None


def script(text: str) -> Script:
    """What the letters of a name are written in."""
    found = {_script_of(char) for char in text if is_han(char) or char.isalpha()}
    if len(found) > 1:
        return Script.MIXED
    return found.pop() if found else Script.NONE


def _script_of(char: str) -> Script:
    if is_han(char):
        return Script.HAN
    return Script.LATIN if char < "\u0250" or "\u1e00" <= char <= "\u1eff" else Script.OTHER


def inspect(text: str) -> frozenset[NameFault]:
    """The faults of a normalised name, empty for one that a person can be registered under.

    A name in Latin letters alone is legal: foreigners have no other.
    """
    if says_nothing(text):
        return frozenset({NameFault.MISSING})
    if _too_long(text):
        return frozenset({NameFault.REMARK})
    if _no_name(text):
        return frozenset({NameFault.REMARK})
    if _PLAIN.fullmatch(text) and not _REMARK_WORD.search(text) and not _GARBLED.search(text):
        return frozenset()
    name = _BRACKET.sub("", text).strip(PLAIN_SPACES)
    tests = {
        NameFault.LOST_CHAR: bool(_LOST.intersection(text)) or _GARBLED.search(text) is not None,
        NameFault.PRIVATE_USE_CHAR: any(unicodedata.category(char) == "Co" for char in text),
        NameFault.REMARK: name != text or _REMARK_WORD.search(text) is not None,
        NameFault.LATIN_IN_HAN: script(name) is Script.MIXED,
        NameFault.ILLEGAL_CHAR: _illegal(name),
    }
    return frozenset(fault for fault, holds in tests.items() if holds)


def _no_name(text: str) -> bool:
    """Whether a text is a word of another column, or a part of a unit (语文组, 综合部)."""
    if _NO_NAME.fullmatch(text):
        return True
    return _UNIT_PART.fullmatch(text) is not None and (text[0] not in SURNAMES or len(text) > LONGEST_WITH_SURNAME)


def _too_long(text: str) -> bool:
    """More than any name in the registers: something else was written into the cell, or the cell was cut."""
    return len(text) > LONGEST or any(len(part) > LONGEST_PART and is_han(part[0]) for part in text.split("·") if part)


def _illegal(name: str) -> bool:
    """Whether anything but letters stands in a name, apart from the signs that its script has between letters."""
    signs = {DOT} | (_LATIN_SIGNS if script(name) is Script.LATIN else _TIBETAN_POINTS)
    if not name or name[0] in signs or DOT * 2 in name or name[-1] == DOT:
        return True
    return not all(char in signs or _letter(char) or _told_elsewhere(char) for char in name)


def _letter(char: str) -> bool:
    return is_han(char) or unicodedata.category(char)[0] in "LM"


def _told_elsewhere(char: str) -> bool:
    """Whether another fault speaks of this character already."""
    return char in _LOST or unicodedata.category(char) in {"Co", "Cs"}
