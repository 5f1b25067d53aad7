"""Domains that imitate a known one: swapped digits, letters of other scripts, one slip, another ending.

A hit makes a person look and accuses nobody: honest domains lie close together too. Names in closed registries are
handed out to their owners only, and those of large mail providers say nothing of a unit: which these are is data.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from contextlib import suppress
from typing import Final

from pydantic import Field

from mailbot.domain.mail import Record


class SenderDomains(Record):
    """What an office knows of domains (rules/senders.toml). `providers` are public mailboxes: a sender there is known
    by the whole address, never by the domain. Names under a `closed` suffix are handed out to their owners only."""

    providers: frozenset[str]
    closed: tuple[str, ...]
    source: str = Field(min_length=1)


_SECOND_LEVEL: Final = frozenset({"com", "net", "org", "gov", "edu", "ac", "mil", "co", "cq"})
_CYRILLIC: Final = dict(zip("авсԁеһіјкӏмнопрԛгѕтиѵԝху", "abcdehljklmhonpqrstuvwxy", strict=True))
_GREEK: Final = dict(zip("αβεηικνορτυχωγ", "abenlkvoptuxwy", strict=True))
_SAME_LOOK: Final = str.maketrans(
    {**_CYRILLIC, **_GREEK, "0": "o", "1": "l", "i": "l", "5": "s", "ı": "l", "ɑ": "a", "ɡ": "g", "-": ""}
)
_SHORTEST: Final = 5
"""Names shorter than this lie one slip apart by chance (cqu, cqnu): only a same look counts."""


def imitated(domain: str, known: Collection[str], domains: SenderDomains) -> str | None:
    """The known domain that this one imitates; `None` where it is known itself, or imitates none."""
    domain = domain.lower()
    if domain in domains.providers or any(domain == own or domain.endswith("." + own) for own in known):
        return None
    shown = ".".join(map(_shown, domain.split(".")))
    candidates = sorted({own.lower() for own in known} | domains.providers)
    return next((own for own in candidates if _imitates(shown, own, domains)), None)


def _shown(label: str) -> str:
    """A label as a mail program shows it (RFC 3492)."""
    if label.startswith("xn--"):
        with suppress(UnicodeError):
            return label[4:].encode("ascii").decode("punycode")
    return label


def _imitates(shown: str, own: str, domains: SenderDomains) -> bool:
    if _skeleton(shown) == _skeleton(own) or shown.startswith(own + ".") or own.replace(".", "-") in shown:
        return True
    name, target = _name(shown), _name(own)
    if own in domains.providers or len(target) < _SHORTEST or shown.endswith(domains.closed):
        return False
    same = _skeleton(target)
    return _one_slip(name, target) or _one_slip(_skeleton(name), same) or same in map(_skeleton, shown.split("."))


def _skeleton(domain: str) -> str:
    """What the eye sees of a domain: two with the same skeleton look alike."""
    letters = unicodedata.normalize("NFKD", domain.lower())
    bare = "".join(char for char in letters if unicodedata.category(char) != "Mn")
    return bare.translate(_SAME_LOOK).replace("rn", "m").replace("vv", "w")


def _name(domain: str) -> str:
    """The label that its owner chose: `cqhrsp` of mail.cqhrsp.com.cn."""
    labels = domain.split(".")
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL:
        return labels[-3]
    return labels[-2] if len(labels) > 1 else domain


def _one_slip(left: str, right: str) -> bool:
    """Whether at most one letter was added, left out or changed, or two neighbours swapped."""
    if abs(len(left) - len(right)) > 1:
        return False
    short, long = sorted((left, right), key=len)
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) != len(long):
        return short[at:] == long[at + 1 :]
    swapped = long[:at] + long[at : at + 2][::-1] + long[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or short == swapped
