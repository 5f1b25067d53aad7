"""CONTRIBUTING.md as a new user follows it: every recipe, step by step, on a copy of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import Step, edit, sections, steps

TOP = Path(__file__).resolve().parents[2]
PAGE = (TOP / "CONTRIBUTING.md").read_text("utf-8")
RECIPES = sections(PAGE)
COPIED = ("mailbot", "rules", "templates", "tools", "tests/stories", "tests/conftest.py", "pyproject.toml")
STORIES = ("010-official-form-43-rows", "014-numbered-empty-rows")
TRIED = {"Add a rule", "Add a column name", "Add a campaign", "Add a reader", "Add a fixture mail (a story)"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The tree as a contributor has it, without what no recipe needs."""
    mails = Path("tests", "fixtures", "mails")
    for name in (*COPIED, *(str(mails / story) for story in STORIES)):
        source, target = TOP / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return tmp_path


def run(script: str, folder: Path) -> str:
    """What a shell script prints, run in the folder with the programs of this Python and the code of the copy."""
    programs = Path(sys.executable).parent
    environ = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(folder), "COLUMNS": "200"}
    environ |= {"TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def follow(recipe: list[Step], folder: Path) -> None:
    """Carry out the steps. Fails where a script does, or where one does not print what the page says."""
    printed = ""
    for step in recipe:
        if step.verb == "run":
            printed = run(step.text, folder)
        elif step.verb == "prints":
            assert [line for line in step.text.splitlines() if line not in printed] == [], printed
        else:
            edit(folder, step)


def test_every_recipe_that_can_be_tried_is_tried() -> None:
    assert set(RECIPES) == TRIED
    for title, recipe in RECIPES.items():
        assert [step.verb for step in recipe][-2:] == ["run", "prints"], title


@pytest.mark.timeout(240)
@pytest.mark.parametrize("title", sorted(RECIPES))
def test_recipe(title: str, clone: Path) -> None:
    follow(RECIPES[title], clone)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("title", "left_out"), [("Add a rule", "append"), ("Add a column name", "insert"), ("Add a reader", "insert")]
)
def test_a_recipe_without_its_edit_shows_nothing_of_it(title: str, left_out: str, clone: Path) -> None:
    with pytest.raises(AssertionError):
        follow([step for step in RECIPES[title] if step.verb != left_out], clone)


@pytest.mark.timeout(240)
def test_a_rule_with_a_mistyped_fact_is_refused_with_its_place(clone: Path) -> None:
    rule = next(step for step in RECIPES["Add a rule"] if step.verb == "append")
    edit(clone, Step(rule.verb, rule.what, rule.text.replace('when = "roster.people', 'when = "roster.peeple')))
    with pytest.raises(AssertionError, match=r"roster\.toml:\d+.*roster\.people"):
        run("mailbot rules check", clone)


@pytest.mark.timeout(240)
def test_the_new_reader_keeps_the_house_rules(clone: Path) -> None:
    for step in RECIPES["Add a reader"]:
        if step.verb in {"insert", "write"}:
            edit(clone, step)
    run("ruff check mailbot/readers/sylk.py mailbot/domain/content.py", clone)
    run("ruff format --check mailbot/readers/sylk.py", clone)
    run("mypy --strict mailbot/readers/sylk.py", clone)


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("a\n", Step("append", "f", "\nb\n"), "a\n\nb\n"),
        ("a\n", Step("write", "f", "b\n"), "b\n"),
        ("x = [1]\ny = [2]\n", Step("insert", "f after: y = [", "3, \n"), "x = [1]\ny = [3, 2]\n"),
        ("[a]\nl=[1]\n[b]\nl=[2]\n", Step("insert", "f after: [b] … l=[", "3, \n"), "[a]\nl=[1]\n[b]\nl=[3, 2]\n"),
        ("a\nb\nc\n", Step("change", "f", "-b\n+d\n"), "a\nd\nc\n"),
    ],
)
def test_an_edit(before: str, step: Step, after: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_text(before, "utf-8")
    edit(tmp_path, step)
    assert (tmp_path / "f").read_text("utf-8") == after


@pytest.mark.parametrize(
    "step",
    [
        Step("insert", "f after: z", "1\n"),
        Step("insert", "f after: a", "1\n"),
        Step("change", "f", "-z\n+y\n"),
        Step("change", "f", "-a\n+y\n"),
        Step("change", "f", "+y\n-a\n"),
        Step("move", "f", ""),
    ],
)
def test_an_edit_that_fits_no_longer(step: Step, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("a\na\n", "utf-8")
    with pytest.raises(ValueError, match=r"stands|pair|called"):
        edit(tmp_path, step)


def test_only_marked_blocks_are_steps() -> None:
    page = "## One\n```sh\nrm\n```\n## Two\n<!-- run -->\n```sh\necho 1\n```\n<!-- write: a b -->\n```text\nx\n```\n"
    assert sections(page) == {"Two": [Step("run", "", "echo 1\n"), Step("write", "a b", "x\n")]}
    assert steps("<!-- run -->\ntext\n") == []
