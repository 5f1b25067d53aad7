"""Bad rule files are refused legibly: every folder of `bad/` laid over a good rules folder, and what must be said.

`expected.txt` holds the problems, one a line, exactly. A new folder without it fails and prints what it should hold after
review.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mailbot.rulebook import RulebookError, load
from tests.rulebook.world import PAYMENT, ROW, good_folder, templates_folder

BAD = Path(__file__).parent / "bad"
FOLDERS = sorted(path for path in BAD.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_said_as_expected(folder: Path, tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    shutil.copytree(folder, rules_dir, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    with pytest.raises(RulebookError) as caught:
        load(rules_dir, [PAYMENT, ROW], templates_folder(tmp_path, "roster/receipt", "roster/result"))
    expected = folder / "expected.txt"
    assert str(caught.value).splitlines() == (expected.read_text("utf-8").splitlines() if expected.exists() else [])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_problem_has_file_and_line_and_speaks_chinese(folder: Path) -> None:
    lines = (folder / "expected.txt").read_text("utf-8").splitlines()
    assert lines
    for line in lines:
        place, _, sentence = line.partition(" ")
        assert place.partition(":")[0].endswith(".toml")
        assert any("\u4e00" <= char <= "\u9fff" for char in sentence)
