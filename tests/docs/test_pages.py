"""The pages tell the truth: links lead somewhere, verbs exist, figures are today's, and no path of a machine stands
anywhere."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from mailbot import __version__
from mailbot.cli.app import app
from tests.docs.pages import sections
from tools.stories import demo_mails

TOP = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")
TOLD = (*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "docs/flow.md", "docs/operating.md")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```\w*\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
VERB = re.compile(r"(?<![\w./-])mailbot((?: [a-z][a-z-]*)+)")
MACHINE = "|".join(["/" + "work/", "/" + "home/[a-z]", "/" + "root/", "shared/" + "reference", "tool " + "library"])


def tracked(pattern: str) -> list[Path]:
    """The files of the repository, those not yet added too."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", pattern]
    listed = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    return [TOP / name for name in sorted(listed.stdout.splitlines()) if (TOP / name).is_file()]


PAGES = tracked("*.md")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken(page: Path) -> Iterator[str]:
    """The links of a page to files and headings of the repository that are not there."""
    for link in LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if TOP not in target.parents or not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_links_lead_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = TOP / "docs" / "flow.md"
    assert TOP / "README.md" in PAGES
    other = tmp_path / "page.md"
    other.write_text("[a](b.md) [c](https://example.org) ![d](#none)", "utf-8")
    assert list(broken(other)) == ["b.md", "#none"]
    assert "one-mails-way-through-the-house" in anchors(page)


def verbs(text: str) -> Iterator[list[str]]:
    """The words behind `mailbot` in code, as far as they may be verbs."""
    for block, inline in CODE.findall(text):
        for found in VERB.findall(block or inline):
            yield found.split()


def unknown_verb(words: list[str]) -> str | None:
    """The first word that the program does not know where it wants a verb; `None` where all is well."""
    command: object = typer.main.get_command(app)
    for word in words:
        if not isinstance(command, TyperGroup):
            return None
        found = command.commands.get(word)
        if found is None:
            return word
        command = found
    return None


@pytest.mark.parametrize("page", [page for page in PAGES if page.relative_to(TOP).parts[0] != "tests"],
                         ids=lambda page: str(page.relative_to(TOP)))  # fmt: skip
def test_every_verb_that_a_page_names_exists(page: Path) -> None:
    assert [words for words in verbs(page.read_text("utf-8")) if unknown_verb(words)] == []


def test_a_verb_that_does_not_exist_is_found() -> None:
    found = list(
        verbs("`mailbot fly`, `mailbot case shwo X`, `mailbot mode live`, mailbot sings\n```sh\nmailbot run\n```")
    )
    assert found == [["fly"], ["case", "shwo"], ["mode", "live"], ["run"]]
    assert [unknown_verb(words) for words in found] == ["fly", "shwo", None, None]


@pytest.mark.parametrize("name", TOLD)
def test_the_pages_name_options_that_exist(name: str) -> None:
    known = set(re.findall(r"--[a-z-]+", " ".join(_options(typer.main.get_command(app)))))
    lines = [line for block, inline in CODE.findall((TOP / name).read_text("utf-8"))
             for line in (block or inline).replace("\\\n", " ").splitlines() if re.match(r"\s*mailbot ", line)]  # fmt: skip
    named = {option for line in lines for option in re.findall(r"(?<!\w)--[a-z-]+", line.partition("#")[0])}
    assert named - known - {"--help"} == set()


def _options(command: object) -> Iterator[str]:
    if not isinstance(command, TyperCommand | TyperGroup):
        return
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, TyperGroup):
        for below in command.commands.values():
            yield from _options(below)


@pytest.mark.parametrize("name", READMES)
def test_the_readmes_count_the_demos_mails(name: str) -> None:
    text = (TOP / name).read_text("utf-8")
    assert re.findall(r"(\d+) (?:invented mails|封虚构来信)", text) == [str(len(demo_mails()))]


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_one_screen_with_both_commands_and_the_picture(name: str) -> None:
    text = (TOP / name).read_text("utf-8")
    assert len(text.splitlines()) <= 70
    assert {"make demo", "make test"} <= set(re.findall(r"^(make \w+)", text, re.MULTILINE))
    assert "(docs/images/demo.svg)" in text
    assert [other for other in READMES if f"]({other})" in text] == [other for other in READMES if other != name]


def test_both_readmes_give_the_same_commands() -> None:
    told = []
    for name in READMES:
        blocks = re.findall(r"^```sh\n(.*?)^```", (TOP / name).read_text("utf-8"), re.MULTILINE | re.DOTALL)
        told.append([line.partition("#")[0].strip() for block in blocks for line in block.splitlines()])
    assert told[0] == told[1]
    assert len(told[0]) == 6


def test_make_has_every_target_that_a_page_names() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {found for page in PAGES for block, inline in CODE.findall(page.read_text("utf-8"))
             for found in re.findall(r"^make ([a-z][a-z-]+)", block or inline, re.MULTILINE)}  # fmt: skip
    assert {"demo", "test"} <= named <= targets


def test_decisions_are_numbered_and_say_their_name() -> None:
    pages = sorted((TOP / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        head = page.read_text("utf-8").partition("\n")[0]
        assert re.match(rf"# 0*{int(page.name[:4])}[.:] ", head), page.name


def test_a_decision_tells_context_decision_why_and_price() -> None:
    for page in sorted((TOP / "docs" / "decisions").glob("*.md"))[2:]:
        text = page.read_text("utf-8")
        parts = [part for part in ("Context", "Decision", "Why", "Price") if f"**{part}.**" in text]
        assert {"Context", "Decision", "Price"} <= set(parts), page.name
        assert len(text.splitlines()) <= 30, page.name


def test_the_changelog_keeps_its_form() -> None:
    text = (TOP / "CHANGELOG.md").read_text("utf-8")
    assert text.startswith("# Changelog\n")
    releases = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    assert releases[0] == "Unreleased" or releases[0] == __version__
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Known limits"}


def test_the_package_shows_the_readme() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["readme"] == "README.md"


def test_the_flow_is_one_page_and_names_what_is_there() -> None:
    text = (TOP / "docs" / "flow.md").read_text("utf-8")
    assert len(text.splitlines()) <= 60
    for name in re.findall(r"`([a-z_/]+(?:\.py|/))`", text):
        place = TOP / name if name.startswith(("mailbot/", "storage/")) else TOP / "mailbot" / name
        assert place.exists() or name.startswith("storage/"), name


def test_every_file_that_contributing_names_is_there() -> None:
    text = (TOP / "CONTRIBUTING.md").read_text("utf-8")
    written = {step.what for steps in sections(text).values() for step in steps if step.verb == "write"}
    for name in re.findall(r"`((?:mailbot|rules|tests|tools|docs|templates)/[\w./*-]*\w)`", text):
        if name not in {*written, "rules/campaigns/2021.toml", "tests/readers/test_sylk.py"} and "*" not in name:
            assert (TOP / name).exists(), name


def test_no_file_names_a_path_of_a_machine() -> None:
    command = ["git", "grep", "-InE", MACHINE, "--", ".", ":!tests/docs/test_pages.py"]
    found = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert found.stdout == ""
    assert found.returncode == 1
