"""The program: all verbs under one name, and what becomes of a failure that was foreseen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mailbot import __version__
from mailbot.assembly import StorageInUse
from mailbot.cli import process
from mailbot.cli.exits import ExitCode
from mailbot.cli.logs import quiet
from mailbot.cli.output import line
from mailbot.config import ConfigError
from mailbot.desk import Refused
from mailbot.domain.outcome import StaleCase
from mailbot.domain.ports import PortError
from mailbot.rulebook import RulebookError
from mailbot.rulebook.texts import problems_text

app = typer.Typer(
    name="mailbot",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def top(*, version: Annotated[bool, typer.Option("--version", help="print the version and end")] = False) -> None:
    """Runs a public office's mailboxes: rosters in, accounts asked for, letters out, and nothing lost."""
    if version:
        line(f"mailbot {__version__}")
        raise typer.Exit


for group in (process,):
    group.register(app)


def main() -> None:
    """Run one verb. A foreseen failure is one line on stderr and its exit code; anything else is a fault of ours."""
    quiet()
    try:
        app()
    except (ConfigError, RulebookError, PortError, Refused, StaleCase, LookupError, BrokenPipeError) as fault:
        code, text = _told(fault)
        if text:
            sys.stderr.write(f"mailbot: {text}\n")
        sys.exit(code)


def _told(fault: Exception) -> tuple[ExitCode, str]:
    match fault:
        case ConfigError():
            return ExitCode.CONFIG, str(fault)
        case RulebookError():
            return ExitCode.RULES, problems_text(fault)
        case StorageInUse():
            return ExitCode.LOCKED, str(fault)
        case PortError():
            return ExitCode.UNAVAILABLE, str(fault)
        case StaleCase():
            return ExitCode.REFUSED, "本件在您查看之后已有变化，未写入任何内容。请重新查看后再办理。"
        case BrokenPipeError():
            return ExitCode.OK, ""
        case Refused() | LookupError():
            return ExitCode.REFUSED, str(fault.args[0]) if fault.args else str(fault)
    return ExitCode.FAILED, str(fault)
