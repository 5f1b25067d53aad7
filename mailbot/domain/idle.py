"""Mails that want nothing of the office: a word of thanks, advertising, phishing. They are filed without a letter.

A real request must never pass for one of them. So each is told only by what it says itself, whole or twice over, and
one word of somebody who wants something (请问, 我单位, 附件, 是真的吗) leaves the mail to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from typing import Final

from mailbot.domain.identity import IN_TEXT
from mailbot.domain.intents import answers
from mailbot.domain.mail import Mail
from mailbot.domain.names import SURNAMES
from mailbot.domain.phrases import Words, said_of, says, without

_LONGEST_THANKS: Final = 120
_PIECE: Final = re.compile(r"[\n。,;!?、~.:()…\"'“”‘’《》\-—_*|\s]+")
_SENTENCE: Final = re.compile(r"(?<=[\n。!?;])")
_ASKS: Final = re.compile(
    r"[?吗么呢]|怎[么样]|如何|是否|能否|可否|多少|哪|请问|我们?[想要需希]|本?人[想要需]|希望|申请|麻烦|帮[我忙]"
)
_SHOWN: Final = 24
"""Characters of the longest line of a signature."""
_LIST: Final = 2
"""So many names below thanks may be people to register: nobody signs so."""
_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,3}(?:老师|主任|经理|科长|女士|先生|敬上)?")
_CALLED: Final = re.compile(r"(?:联系电话|办公电话|电话|座机|传真|tel|fax):?[\d()-]{7,16}")
_DAY: Final = re.compile(r"(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?")
_REQUEST: Final = re.compile(
    "[吗呢么吧不没还有要请能可再尽快急何时什怎谁哪几多少是否也都就才把被给让催问办改错加减删退差缺漏补换报等]"
)
"""Characters of which a signature holds none, and a request hardly none."""


class Idle(StrEnum):
    """Why a mail needs nobody."""

    THANKS = "thanks"
    ADVERT = "advert"
    PHISHING = "phishing"


def idle(mail: Mail, words: Words, ours: Collection[str], endings: Collection[str]) -> Idle | None:
    """Why a mail needs nobody, by its own words; `None` for one that a person may be waiting with. `ours` are words
    that stand in every letter of ours, `endings` what the names of units end in."""
    if any(not part.inline for part in mail.files):
        return None
    if is_thanks(mail, words, ours, endings):
        return Idle.THANKS
    spoken = _spoken(mail, ours)
    if says("".join(spoken), words.get("wants", ())):
        return None
    if is_phishing(spoken, words):
        return Idle.PHISHING
    return Idle.ADVERT if is_advert(spoken, words) else None


def is_thanks(mail: Mail, words: Words, ours: Collection[str], endings: Collection[str]) -> bool:
    """Whether a mail says thanks or that ours arrived, and not a word more: a salutation and a signature besides.

    What it quotes must be ours: people in a forwarded list, or somebody else's words, are more than thanks.
    """
    text = _folded(mail.text)
    if mail.files or len(text) > _LONGEST_THANKS or IN_TEXT.search(mail.quoted):
        return False
    if mail.quoted and not any(word in mail.quoted for word in ours):
        return False
    if not answers(mail.subject) and not _only_courteous(_folded(mail.subject), words):
        return False
    shown = _folded(" ".join(mail.from_values)).lower()
    said, signed = False, 0
    for line in filter(None, map(str.strip, text.split("\n"))):
        if _only_courteous(line, words):
            said = said or bool(said_of((line,), words.get("thanks", ())))
        elif not (said and _is_signature(line, shown, endings, words)):
            return False
        else:
            signed += _names_in(line, shown)
    return said and signed < _LIST


def is_advert(spoken: tuple[str, ...], words: Words) -> bool:
    """Whether sentences offer something for sale: two offers, or one and a way to reach the seller. A sentence that
    asks or wishes offers nothing."""
    offers = said_of((one for one in spoken if not _ASKS.search(one)), words.get("advert", ()))
    return len(offers) > 1 or (bool(offers) and bool(said_of(spoken, words.get("advert_reach", ()))))


def is_phishing(spoken: tuple[str, ...], words: Words) -> bool:
    """Whether sentences tell the reader that something of his own is in danger or to be had, and where to click."""
    told = said_of((one for one in spoken if not _ASKS.search(one)), words.get("phishing", ()))
    reader = said_of(spoken, words.get("phishing_reader", ()))
    return bool(told and reader and said_of(spoken, words.get("phishing_lure", ())))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:4000]).replace("\u200b", "").replace("\ufeff", "").lower()


def _spoken(mail: Mail, ours: Collection[str]) -> tuple[str, ...]:
    """The sentences of subject and text without spaces, their question marks kept; our own names and addresses say
    nothing of an advertiser."""
    text = "\n".join(("" if answers(mail.subject) else mail.subject, mail.text))
    folded = without(_folded(text), tuple(word.lower() for word in ours))
    return tuple(filter(None, ("".join(one.split()) for one in _SENTENCE.split(folded))))


def _only_courteous(line: str, words: Words) -> bool:
    """Whether nothing is left of a line without thanks, salutations and signs."""
    known = (*words.get("thanks", ()), *words.get("greeting", ()))
    return all(not without(piece, known) for piece in _PIECE.split("".join(line.split())))


def _is_signature(line: str, shown: str, endings: Collection[str], words: Words) -> bool:
    """Whether a line is a name, a unit, a telephone number under its label, a day, or what a telephone adds."""
    bare = "".join(line.split())
    if says(bare, words.get("signature", ())):
        return True
    rest = _CALLED.sub(" ", line)
    pieces = (without(piece, words.get("greeting", ())) for piece in re.split(r"[\s,|:()]+", rest))
    return len(bare) <= 2 * _SHOWN and all(_is_shown(piece, shown, endings) for piece in pieces if piece)


def _names_in(line: str, shown: str) -> int:
    """How many people besides the sender a line of a signature names."""
    pieces = re.split(r"[\s,、|:()]+", line)
    return sum(bool(_NAME.fullmatch(one)) and one[0] in SURNAMES and one not in shown for one in pieces if one)


def _is_shown(piece: str, shown: str, endings: Collection[str]) -> bool:
    if len(piece) > _SHOWN or _REQUEST.search(piece.replace("有限", "")):
        return False
    if len(piece) > 1 and piece in shown:
        return True
    if _DAY.fullmatch(piece):
        return True
    if _NAME.fullmatch(piece) and piece[0] in SURNAMES:
        return True
    return len(piece) > 3 and piece.endswith(tuple(endings))
