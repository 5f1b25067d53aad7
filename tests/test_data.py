"""The shipped folders are found from the package, wherever a command is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailbot import data

TOP = Path(__file__).resolve().parent.parent


def test_a_source_tree_has_them_at_its_top_level() -> None:
    assert data.rules_dir() == TOP / "rules"
    assert data.templates_dir() == TOP / "templates"


def test_the_current_folder_makes_no_difference(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    program = "from mailbot import data; print(data.rules_dir())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(TOP / "rules")


def test_the_copy_inside_the_package_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "mailbot"
    (package / "_data" / "rules").mkdir(parents=True)
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(data, "_PACKAGE", package)
    assert data.rules_dir() == package / "_data" / "rules"


def test_a_broken_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "_PACKAGE", tmp_path / "mailbot")
    with pytest.raises(FileNotFoundError, match="templates"):
        data.templates_dir()
