"""Corrections told in words: `第3行张三身份证号应为…`. Taken only when every clause of the text is understood.

A text that says more than that (another question, a name too many, a number that belongs nowhere) is not read here at
all: a person reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.domain.intents import TOPICS, Intent, Plain, Words, courteous, sentences, without
from mailbot.domain.records import Amendment

_FIELDS: Final = ("name", "id_number", "phone")
_LABELS: Final = ("order_no", "tax_id")
_WHO: Final = (
    r"(?:(?:原?名单|表格|附件|表)?[中里的]*第?(?P<row>\d{1,5})行)?[,的]?"
    r"(?:\(?序号[为是:]?(?P<serial>\d{1,5})的?\)?)?[,的:]?"
    r"(?P<name>(?!更正|修改|改正|信息|正确|应为|有误)[\u3400-\u9fff·]{2,10}?)?(?:同志|老师)?[,的:]?"
)
_WRONG: Final = r"(?:有误|错误|填?写?错了?|不对)?[,:]?"
_BREAK: Final = re.compile(r"(有误|错误|错了?|不对)[,、]")
"""身份证号填错了，应为…: the comma parts nothing."""
_IS: Final = r"(?:现|请)?(?:应该?|正确的?(?:号码)?|更正|修改|更改|改)?(?:应该?|更正|修改|更改|改)?(?:是|为|成|:)[:]?"
_GIVEN: Final = (
    r"(?:(?:现|特此|再)?(?:补充|补报|补上|补交|补填|补|附)(?:说明|一下|如下|上)?:?(?:我[单位校院局]{1,2})?的?)?"
)
"""补充：订单号 …: what the header lacked."""
_SIGNED: Final = re.compile(r"(?!\D*[改应为是更换成])[\u3400-\u9fff]{0,10}(?:电话|手机号?码?|联系方式)?:?[\d()-]{7,15}")
"""The line of a signature that gives a telephone number."""
_NUMBER: Final = r"[0-9Xx-]{7,24}"
_ORDER: Final = r"[0-9A-Za-z_-]{6,40}"
_NAME: Final = r"[\u3400-\u9fff·]{2,20}"
_ANNOUNCED: Final = r"(?:的?信息)?(?:有误)?[,:]?(?:现|请)?(?:更正|修改|改正)?(?:如下)?[:]?"
_A_NAME: Final = re.compile(_NAME)
_FILLERS: Final = re.compile(r"(?:现|特此|已|经|核实|核对|如下|说明|我单位|本单位|我校|我院|情况|其中|的|:)*")
_LONG_NUMBER: Final = re.compile(r"\d{5,}")
MOST: Final = 50
"""Corrections one text may hold; who has more sends a list."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    row: re.Pattern[str]
    header: re.Pattern[str]
    who: re.Pattern[str]
    fields: dict[str, str]


def told(text: str, lexicon: Lexicon, words: Words) -> tuple[Amendment, ...]:
    """The corrections that a text holds; none where any part of it is not understood."""
    if not words:
        return ()
    grammar = _grammar(lexicon)
    found: list[Amendment] = []
    for sentence in sentences(text):
        read = _sentence(sentence, grammar, words)
        if read is None:
            return ()
        found.extend(read)
    return tuple(found) if len(found) <= MOST else ()


def _sentence(sentence: str, grammar: _Grammar, words: Words) -> list[Amendment] | None:
    """The corrections of one sentence, `None` where it says something else too."""
    if _as_greeting(sentence, grammar, words):
        return []
    found: list[Amendment] = []
    who = _Who()
    plain = without(sentence, words.get(Plain.COURTESY, ()))
    for clause in filter(None, re.split(r"[,、]", _BREAK.sub(r"\1", plain))):
        said = clause.strip(":~-")
        amendment = _clause(said, grammar, who)
        if amendment is not None:
            found.append(amendment)
        elif not who.heard(said, grammar) and not _says_nothing(said, words):
            return None
    return None if who.announced or who.dropped else found


@dataclass(slots=True)
class _Who:
    """The row that clauses speak of. `announced`: it was named, and nothing is said of it yet; `dropped`: another one
    was named before anything was said, so that nobody knows what was meant."""

    row: dict[str, str] = field(default_factory=dict)
    announced: bool = False
    dropped: bool = False

    def name(self, row: dict[str, str], *, announced: bool) -> None:
        self.dropped = self.dropped or self.announced
        self.row, self.announced = row, announced

    def heard(self, clause: str, grammar: _Grammar) -> bool:
        """Whether a clause only names the row, or the person of the row just named."""
        announced = grammar.who.fullmatch(clause)
        if announced and (announced["row"] or announced["serial"]):
            self.name(_who(announced), announced=True)
        elif self.announced and "name" not in self.row and _A_NAME.fullmatch(clause):
            self.row = {**self.row, "name": clause}
        else:
            return False
        return True


def _clause(clause: str, grammar: _Grammar, who: _Who) -> Amendment | None:
    """The correction in one clause. A row that was named goes on to be meant."""
    if header := grammar.header.fullmatch(clause):
        return Amendment({grammar.fields[header["label"].casefold()]: header["value"]})
    if row := grammar.row.fullmatch(clause):
        if named := _who(row):
            who.name(named, announced=False)
        who.announced = False
        values = {grammar.fields[row["field"].casefold()]: row["value"]}
        return _amendment(values, who.row) if _tells(row, who.row) and _fits(row, grammar) else None
    return None


def _amendment(values: dict[str, str], who: dict[str, str]) -> Amendment:
    row = who.get("row")
    return Amendment(dict(values), int(row) if row else None, who.get("serial"), who.get("name"))


def _who(found: re.Match[str]) -> dict[str, str]:
    return {key: found[key] for key in ("row", "serial", "name") if found[key]}


def _tells(found: re.Match[str], who: dict[str, str]) -> bool:
    """Whether a clause says of a row that something is otherwise: `张三手机：…` by itself may be anything."""
    return bool(who.get("row") or who.get("serial") or (who and found["verb"] not in (":", "是", "为")))


def _fits(found: re.Match[str], grammar: _Grammar) -> bool:
    """Whether the value is of the field's kind."""
    digits = found["value"][0].isdigit()
    return digits is (grammar.fields[found["field"].casefold()] != "name")


def _as_greeting(text: str, grammar: _Grammar, words: Words) -> bool:
    """Whether nothing in a text asks or corrects anything; the word 更正 alone does not."""
    if _SIGNED.fullmatch(text):
        return True
    if _LONG_NUMBER.search(text) and not courteous(text, words):
        return False
    rest = without(text, (*words.get(Intent.CORRECTION, ()), *words.get(Plain.COURTESY, ())))
    if any(phrase in text for topic in TOPICS for phrase in words.get(topic, ())):
        return False
    return not grammar.row.search(rest) and (courteous(rest, words) or not rest)


def _says_nothing(clause: str, words: Words) -> bool:
    """Whether a clause beside corrections adds nothing to them."""
    phrases = (*words.get(Intent.CORRECTION, ()), *words.get(Plain.COURTESY, ()))
    return _FILLERS.fullmatch(without(clause, phrases)) is not None


def _grammar(lexicon: Lexicon) -> _Grammar:
    columns = {alias: key for alias, (key, _) in lexicon.columns.items() if key in _FIELDS}
    labels = {alias: key for alias, key in lexicon.labels.items() if key in _LABELS}
    field, label = (_any(sorted(names, key=len, reverse=True)) for names in (columns, labels))
    value = f"(?:{_NUMBER}|{_NAME})"
    ignore = re.IGNORECASE
    return _Grammar(
        re.compile(f"{_WHO}{_ANNOUNCED}(?P<field>{field}){_WRONG}(?P<verb>{_IS})(?P<value>{value})", ignore),
        re.compile(f"{_GIVEN}(?P<label>{label})(?:{_WRONG}{_IS})?(?P<value>{_ORDER})", ignore),
        re.compile(_WHO + _ANNOUNCED, ignore),
        columns | labels,
    )


def _any(names: list[str]) -> str:
    return "|".join(map(re.escape, names))
