"""Runs the real `mailbot process` over a story: one storage, one run a mail, each at its own arrival."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.stories.tree import Told

TIMEOUT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of the program: its output lines as JSON objects, and what it said on stderr."""

    lines: tuple[dict[str, Any], ...]
    stdout: str
    stderr: str


def process(story: Told, number: int, home: Path, *, reveal: bool = True) -> Ran:
    """One mail of the story through the program, in `home`/storage with letters in `home`/out.

    Raises `RuntimeError` with the program's own words when it does not end well."""
    mail = story.mails[number]
    command = [sys.executable, "-m", "mailbot", "process", str(story.folder / mail["file"])]
    command += ["--storage", str(home / "storage"), "--out", str(home / "out"), "--at", mail["at"].isoformat()]
    command += ["--automation", "clean", "--json", "-", *(["--reveal"] if reveal else [])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{story.name}: mailbot process ended with {done.returncode}\n{done.stderr}")
    lines = tuple(json.loads(line) for line in done.stdout.splitlines() if line.strip())
    return Ran(lines, done.stdout, done.stderr)


def whole(story: Told, home: Path) -> list[Ran]:
    """All mails of the story in order."""
    return [process(story, number, home) for number in range(len(story.mails))]
