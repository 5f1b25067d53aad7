"""Every story through the real `mailbot process`: the declared truth holds, the golden file holds, and what must hold of
every mail does. `python -m tools.stories expect` rewrites the golden files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mailbot.cli.app import app
from mailbot.cli.logs import quiet
from tests.stories.invariants import mask, wrong_again, wrong_golden, wrong_letters, wrong_truth, wrong_world
from tests.stories.leaks import whole_numbers
from tools.stories.run import LINES, arguments, imports, lines
from tools.stories.tree import Told, read

STORIES = read()
Json = dict[str, Any]


def play(story: Told, numbers: list[int], home: Path, *, reveal: bool) -> list[Json]:
    """The lists of the first of these mails, then the mails."""
    quiet()
    for words in imports(story, numbers[0], home):
        app(words, standalone_mode=False)
    app(arguments(story, numbers, home, reveal=reveal), standalone_mode=False)
    return lines(home)


@pytest.mark.usefixtures("one_zygote")
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_story(story: Told, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    numbers = list(range(len(story.mails)))
    told = [play(story, [number], tmp_path, reveal=True)[0] for number in numbers]
    letters = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*.eml")}
    again = play(story, numbers, tmp_path, reveal=False)
    masked = (tmp_path / LINES).read_text(encoding="utf-8")
    after = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*.eml")}
    stdout, stderr = capfd.readouterr()
    found = [*wrong_truth(story, told), *wrong_golden(story, told), *wrong_world(told)]
    found += [what for line in told for what in wrong_letters(line, tmp_path / "out")]
    found += wrong_again(told, again)
    found += [] if letters == after else ["the second run changed the letters"]
    found += [f"{where} shows {mask(number)}" for where, text in (("output", masked), ("log", stderr), ("stdout", stdout))
              for number in whole_numbers(text)]  # fmt: skip
    assert not found, "\n".join(found)
