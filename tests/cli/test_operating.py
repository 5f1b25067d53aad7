"""docs/operating.md says only what is so: every command names a verb and options that exist, every exit code is one."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from mailbot.cli.app import app
from mailbot.cli.exits import ExitCode

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operating.md").read_text("utf-8")
ROOT = typer.main.get_command(app)


def blocks() -> Iterator[str]:
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        yield from (line for line in block.splitlines() if line.startswith("mailbot "))


def spans() -> Iterator[str]:
    flat = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL).replace("\n", " ")
    yield from (span for span in re.findall(r"`(mailbot [^`]+)`", flat))


COMMANDS = [*blocks(), *spans()]


def verb(words: list[str]) -> tuple[TyperCommand | TyperGroup, list[str]]:
    """The command that the words name, and the words behind it."""
    found: Any = ROOT
    rest = words
    while hasattr(found, "commands") and rest and not rest[0].startswith("-"):
        assert rest[0] in found.commands, f"no verb {rest[0]}"
        found, rest = found.commands[rest[0]], rest[1:]
    assert isinstance(found, TyperCommand | TyperGroup)
    return found, rest


def options(command: TyperCommand | TyperGroup) -> dict[str, bool]:
    """The options of a command, and whether each takes a value."""
    known = {"--help": False}
    for parameter in command.params:
        if parameter.param_type_name == "option":
            flag = bool(getattr(parameter, "is_flag", False))
            known.update(dict.fromkeys([*parameter.opts, *parameter.secondary_opts], not flag))
    return known


@pytest.mark.parametrize("text", COMMANDS)
def test_every_command_of_the_page_exists(text: str) -> None:
    command, rest = verb(shlex.split(text)[1:])
    known = options(command)
    waiting = False
    for word in rest:
        if word.startswith("--"):
            assert word in known, f"{text}: no option {word}"
            waiting = known[word]
        else:
            waiting = False
    assert not waiting or text in spans(), f"{text}: {rest[-1]} lacks its value"


def test_the_page_shows_enough_and_every_verb_of_daily_work() -> None:
    assert len(list(blocks())) >= 25
    shown = " ".join(COMMANDS)
    for words in ("init", "check", "once", "process", "mode", "case list", "case show", "case decide", "mail list", "mail retry",
                  "mail raw", "letter show", "draft release", "platform result", "explain", "rules check", "health",
                  "audit verify", "digest"):  # fmt: skip
        assert f"mailbot {words}" in shown


def test_the_exit_codes_are_all_told() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)}
    assert told == {int(code) for code in ExitCode}


def test_a_command_that_does_not_exist_would_be_found() -> None:
    with pytest.raises(AssertionError):
        verb(["case", "lists"])
    command, _ = verb(["case", "decide"])
    assert "--forced" not in options(command)
    assert options(command)["--waive"]
    assert not options(command)["--yes"]
