"""Runs the real `mailbot process` over a story: one storage, one run a mail, each at its own arrival."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tools.stories.tree import Told

TIMEOUT_SECONDS: Final = 60
LINES: Final = "lines.jsonl"


def arguments(story: Told, numbers: Sequence[int], home: Path, *, reveal: bool) -> list[str]:
    """The command line for these mails of the story, at the arrival of the first of them."""
    mails = [story.mails[number] for number in numbers]
    out = ["process", *(str(story.folder / mail["file"]) for mail in mails)]
    out += ["--storage", str(home / "storage"), "--out", str(home / "out"), "--at", mails[0]["at"].isoformat()]
    return [*out, "--automation", "clean", "--json", str(home / LINES), *(["--reveal"] if reveal else [])]


def imports(story: Told, number: int, home: Path) -> list[list[str]]:
    """The command lines that take in the lists before a mail."""
    storage = ["--storage", str(home / "storage"), "--yes"]
    return [
        [one["verb"], "import", str(story.folder / one["file"]), "--as-of", one["as_of"], *storage]
        for one in story.mails[number].get("lists", ())
    ]


def lines(home: Path) -> list[dict[str, Any]]:
    """What the last run wrote."""
    return [json.loads(line) for line in (home / LINES).read_text(encoding="utf-8").splitlines()]


def whole(story: Told, home: Path) -> list[dict[str, Any]]:
    """The line of every mail of the story, in order, each from a process of its own.

    Raises `RuntimeError` with the program's own words when it does not end well."""
    out = []
    for number in range(len(story.mails)):
        for words in (*imports(story, number, home), arguments(story, [number], home, reveal=True)):
            command = [sys.executable, "-m", "mailbot", *words]
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
            if done.returncode:
                raise RuntimeError(f"{story.name}: mailbot {words[0]} ended with {done.returncode}\n{done.stderr}")
        out += lines(home)
    return out
