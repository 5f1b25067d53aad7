"""`mailbot demo` runs the source tree's demonstration, and says so where there is none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import typer

from mailbot.cli import demo
from mailbot.domain.ports import PortError


def test_it_starts_the_demonstration_of_this_tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[tuple[list[str], Path]] = []

    def run(words: list[str], *, cwd: Path, check: bool) -> subprocess.CompletedProcess[bytes]:
        assert check is False
        started.append((words, cwd))
        return subprocess.CompletedProcess(words, 3)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(typer.Exit) as ended:
        demo.demo(tmp_path / "shown")
    assert ended.value.exit_code == 3
    [(words, cwd)] = started
    assert words[1:] == ["-m", "tools.demo", str(tmp_path / "shown")]
    assert (cwd / "tools" / "demo" / "__main__.py").is_file()


def test_an_installed_package_names_the_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "TREE", tmp_path)
    with pytest.raises(PortError, match="make demo") as refused:
        demo.demo(tmp_path / "shown")
    assert refused.value.retry is False
    assert not (tmp_path / "shown").exists()
