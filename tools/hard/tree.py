"""The collection on disk: tests/fixtures/hard/NNN-name.eml, and truth.toml with what stands in each."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.hard.model import Hard
from tools.stories.tomls import dump

HOME: Final = Path(__file__).parents[2] / "tests" / "fixtures" / "hard"
TRUTH: Final = "truth.toml"
_HEAD: Final = "# Written by `python -m tools.hard build` from the declared truth of tools/hard.\n\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """One mail as it lies there; `files` are names and SHA-256."""

    name: str
    raw: bytes
    subject: str
    sender: str
    words: tuple[str, ...]
    never: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    marks: tuple[str, ...]


def kept(hard: Hard, name: str = "") -> Kept:
    """A mail just written, as it would be read back."""
    files = tuple((shown, hashlib.sha256(data).hexdigest()) for shown, data in hard.files)
    return Kept(name or hard.name, hard.raw, hard.subject, hard.sender, hard.words, hard.never, files, hard.marks)


def write(mails: Sequence[Hard], home: Path = HOME) -> None:
    """Writes all of them anew; what is no longer told goes."""
    home.mkdir(parents=True, exist_ok=True)
    for old in home.glob("*.eml"):
        old.unlink()
    truth = []
    for number, hard in enumerate(mails, start=1):
        name = f"{number:03d}-{hard.name}"
        (home / f"{name}.eml").write_bytes(hard.raw)
        one = kept(hard, name)
        truth.append({
            "name": one.name, "subject": one.subject, "sender": one.sender, "words": list(one.words),
            "never": list(one.never), "marks": list(one.marks),
            "files": [{"name": shown, "sha256": digest} for shown, digest in one.files],
        })  # fmt: skip
    (home / TRUTH).write_text(_HEAD + dump({"mail": truth}), encoding="utf-8")


def read(home: Path = HOME) -> list[Kept]:
    """The collection as it lies on disk."""
    tree = tomllib.loads((home / TRUTH).read_text(encoding="utf-8"))
    return [
        Kept(
            one["name"],
            (home / f"{one['name']}.eml").read_bytes(),
            one["subject"],
            one["sender"],
            tuple(one["words"]),
            tuple(one["never"]),
            tuple((file["name"], file["sha256"]) for file in one["files"]),
            tuple(one["marks"]),
        )
        for one in tree["mail"]
    ]
