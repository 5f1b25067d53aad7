"""The good mails that are spoilt, and who stands in them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tools.stories.tree import EXPECTED, FOLDER, Told, read

LARGEST: Final = 400_000
"""Bytes of a mail that is worth spoiling: in a larger one a spoilt byte says no more, and costs more."""
SLOW: Final = ("bomb", "without-end", "password", "locked")
"""In the name of a story that is about limits of time, or tries passwords: each costs seconds."""

Triple = tuple[str | None, str | None, str | None]
Json = Mapping[str, object]


@dataclass(frozen=True)
class Good:
    """The last mail of a story, and those `before` it. `people` are all who stand in the story by name, ID number and
    phone, whatever becomes of them."""

    story: str
    raw: bytes
    before: tuple[bytes, ...]
    people: frozenset[Triple]


@cache
def pool(folder: Path = FOLDER) -> tuple[Good, ...]:
    """What every story ends with, and the hard mails beside them, in which nobody asks for an account."""
    hard = sorted((folder.parent / "hard").glob("*.eml"))
    return (*_mails(read(folder)), *(Good(path.stem, path.read_bytes(), (), frozenset()) for path in hard))


def _mails(stories: Sequence[Told]) -> Iterator[Good]:
    for story in stories:
        *before, raw = [(story.folder / str(mail["file"])).read_bytes() for mail in story.mails]
        if len(raw) <= LARGEST and not any(word in story.name for word in SLOW):
            yield Good(story.name, raw, tuple(before), frozenset(_people(story)))


def _people(story: Told) -> Iterator[Triple]:
    for mail in story.mails:
        for case in (case for truth in mail["truth"] for case in truth.get("cases", ())):
            yield from (_triple(line["known"]) for line in case["people"])
    path = story.folder / EXPECTED
    lines = tomllib.loads(path.read_text(encoding="utf-8"))["line"] if path.exists() else ()
    yield from (_triple(person) for line in lines for case in line["case"] for person in case["people"])


def _triple(person: Mapping[str, str]) -> Triple:
    return person.get("name"), person.get("id_number"), person.get("phone")
