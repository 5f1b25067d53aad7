"""The person whom a text names without labels: 我叫…, or a name beside numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from mailbot.casetypes.payment_proof.clean import cleaned
from mailbot.casetypes.payment_proof.values import NOBODY, Said, Value
from mailbot.casetypes.payment_proof.words import Words
from mailbot.domain.chars import visible
from mailbot.domain.evidence import Where
from mailbot.domain.identity import IN_TEXT
from mailbot.domain.names import surnamed

_PHONE: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_BETWEEN: Final = re.compile(r"[\s,。;、:/|()0-9A-Za-z]+")
_LONGEST_NAME: Final = 4


def free_person(text: str, words: Words) -> Mapping[str, Said]:
    """The one person whom a text names without labels: a number, and a name before it or after 我叫; nobody where it
    names several."""
    found = _free_values(text, words)
    return {name: Said((Value(value, Where(field=name)),)) for name, value in found.items()} or NOBODY


def _free_values(text: str, words: Words) -> dict[str, str]:
    ids, phones = ids_in(text), phones_in(text)
    if len(ids) > 1 or len(phones) > 1:
        return {}
    found = {"id_number": ids[0]} if ids else {}
    if phones:
        found["phone"] = phones[0]
    name = _free_name(text, words) if found else None
    return {"name": name, **found} if name else found


def ids_in(text: str) -> tuple[str, ...]:
    """The whole ID numbers in a text, each once."""
    found = (cleaned("id_number", one) for one in IN_TEXT.findall(visible(text)))
    return tuple(dict.fromkeys(one for one in found if one))


def phones_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_PHONE.findall(visible(text))))


def _free_name(text: str, words: Words) -> str | None:
    """A name after 我叫 or 本人, else a word by itself in the line of a number that is one."""
    plain = visible(text)
    called = "|".join(words.phrases("called"))
    said = re.search(rf"(?:{called})\s*[:是]?\s*([\u4e00-\u9fff·]{{2,8}}?)(?=[\s,。;、(]|身份证|手机|电话|$)", plain)
    if called and said and (name := _as_name(said[1])):
        return name
    for line in plain.splitlines():
        if IN_TEXT.search(line) or _PHONE.search(line):
            pieces = _BETWEEN.split(line)
            names = [piece for piece in pieces if _as_name(piece)]
            if len(names) == 1:
                return names[0]
    return None


def _as_name(text: str) -> str | None:
    """A short Han word that begins with a surname, and is a name."""
    if not 2 <= len(text) <= _LONGEST_NAME or surnamed(text) is None:
        return None
    return cleaned("name", text)
