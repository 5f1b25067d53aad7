"""The steps of a Markdown page: fenced blocks that an HTML comment in front of them marks as something to do.

<!-- append: FILE -->               the block's text at the end of the file
<!-- write: FILE -->                the file, whole
<!-- insert: FILE after: PLACE -->  behind the one place where that text stands (`A … B`: the first B after A)
<!-- change: FILE -->               a diff of whole lines: each `-` line stands there once and becomes its `+` line
<!-- run -->                        the block as a shell script
<!-- prints -->                     every line of the block stands in what the script before it printed
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_STEP = re.compile(
    r"^<!-- (?P<verb>[a-z]+)(?:: (?P<what>.+?))? -->\n```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One marked block."""

    verb: str
    what: str
    text: str


def sections(page: str) -> dict[str, list[Step]]:
    """The steps of every section (a heading of the second level) that has any."""
    parts = _HEADING.split(page)
    found = dict(zip(parts[1::2], map(steps, parts[2::2]), strict=True))
    return {title: some for title, some in found.items() if some}


def steps(text: str) -> list[Step]:
    """The marked blocks in order."""
    return [Step(found["verb"], found["what"] or "", found["text"]) for found in _STEP.finditer(text)]


def edit(folder: Path, step: Step) -> None:
    """Carry out a step that changes a file. Raises `ValueError` where the page no longer fits the tree."""
    name, _, place = step.what.partition(" after: ")
    path = folder / name
    if step.verb == "write":
        path.write_text(step.text, "utf-8")
        return
    old = path.read_text("utf-8")
    if step.verb == "append":
        new = old + step.text
    elif step.verb == "insert":
        at = _behind(old, place)
        new = old[:at] + step.text.removesuffix("\n") + old[at:]
    elif step.verb == "change":
        new = _changed(old, step.text)
    else:
        raise ValueError(f"no step is called {step.verb}")
    path.write_text(new, "utf-8")


def _behind(text: str, place: str) -> int:
    at = 0
    for part in place.split(" … "):
        found = text.find(part, at)
        if found < 0:
            raise ValueError(f"{part!r} stands nowhere")
        at = found + len(part)
    if " … " not in place and text.count(place) != 1:
        raise ValueError(f"{place!r} stands {text.count(place)} times")
    return at


def _changed(text: str, diff: str) -> str:
    lines = text.splitlines(keepends=True)
    told = diff.splitlines()
    for before, after in zip(told[::2], told[1::2], strict=True):
        if before[:1] != "-" or after[:1] != "+":
            raise ValueError(f"not a pair of lines: {before!r}, {after!r}")
        if lines.count(before[1:] + "\n") != 1:
            raise ValueError(f"{before[1:]!r} stands {lines.count(before[1:] + chr(10))} times")
        lines[lines.index(before[1:] + "\n")] = after[1:] + "\n"
    return "".join(lines)
