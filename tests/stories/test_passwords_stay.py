"""The passwords that a mail names: in what was said there, and nowhere else, neither letters nor logs nor ledger."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.stories.leaks import letter, texts_of
from tests.stories.test_stories import play
from tools.stories.tree import Told, read

STORIES = {told.name[:3]: told for told in read()}


def stored(storage: Path) -> str:
    """Everything that the databases hold as text."""
    out: list[str] = []
    for path in storage.iterdir():
        if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3":
            with sqlite3.connect(path) as base:
                out.extend(base.iterdump())
    assert out
    return "\n".join(out)


@pytest.mark.usefixtures("one_zygote")
@pytest.mark.parametrize(
    ("story", "password", "told"),
    [
        (STORIES["828"], "jlxx@2020", "text"),
        (STORIES["829"], "密码8888", None),
        (STORIES["830"], "２０２００９", "subject"),
    ],
    ids=["in the text", "in a file's name", "in the subject"],
)
def test_a_password_is_repeated_nowhere(
    story: Told, password: str, told: str | None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (line,) = play(story, [0], tmp_path, reveal=True)
    assert line["cases"][0]["outcome"] == "accept"
    letters = [*(tmp_path / "out").rglob("*.eml")]
    assert letters
    for path in letters:
        assert not [text for text in texts_of(letter(path)) if password in text]
    assert password not in "".join(capfd.readouterr())
    said = line["mail"].pop(told) if told else ""
    assert (password in said) is (told is not None)
    line["mail"].pop("quoted", None)
    assert password not in str(line)
    ledger = stored(tmp_path / "storage")
    assert ledger.count(password) <= ledger.count(said) if said else password not in ledger
