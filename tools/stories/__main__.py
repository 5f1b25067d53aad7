"""The builder at the command line; see the package."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.stories.check import differences
from tools.stories.golden import golden
from tools.stories.run import whole
from tools.stories.shelf import all_stories
from tools.stories.tomls import dump
from tools.stories.tree import EXPECTED, Told, read, write

HEAD = "# Written by `python -m tools.stories expect` from the program's own output: read the diff, then commit.\n\n"


def build() -> int:
    """Writes the fixture mails; says what changed."""
    changed = write(all_stories())
    print("\n".join(changed) if changed else "nothing changed")
    return 0


def expect(only: str) -> int:
    """Rewrites the golden files of the stories whose name begins with `only`. 1 where a declared truth is not met."""
    stories = [story for story in read() if story.name.startswith(only)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return 1 if sum(pool.map(_expect_one, stories)) else 0


def _expect_one(story: Told) -> int:
    with tempfile.TemporaryDirectory(prefix="story-") as home:
        try:
            lines = whole(story, Path(home))
        except RuntimeError as broken:
            print(broken)
            return 1
    (story.folder / EXPECTED).write_text(HEAD + dump({"line": [golden(line) for line in lines]}), encoding="utf-8")
    found = [
        f"mail {number}: {what}"
        for number, (mail, line) in enumerate(zip(story.mails, lines, strict=True), start=1)
        for what in differences(mail["truth"][0], line)
    ]
    print(f"{'DIFFERS' if found else 'holds  '} {story.name}", *found, sep="\n    ")
    return len(found)


def show() -> int:
    """The stories and what each proves."""
    for story in read():
        print(f"{story.name:<50} {story.proves}")
    return 0


def main() -> int:
    """Runs one verb."""
    parser = argparse.ArgumentParser(prog="python -m tools.stories")
    parser.add_argument("verb", choices=("build", "expect", "list"))
    parser.add_argument("--only", default="", metavar="NNN", help="the beginning of a story's name")
    given = parser.parse_args()
    if given.verb == "expect":
        return expect(given.only)
    return build() if given.verb == "build" else show()


if __name__ == "__main__":
    sys.exit(main())
