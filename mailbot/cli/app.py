"""The program: all verbs under one name, and what becomes of a failure that was foreseen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mailbot import __version__
from mailbot.assembly import StorageInUse
from mailbot.cli import (
    alarm,
    audit,
    case,
    check,
    demo,
    drafts,
    explain,
    health,
    letter,
    mail,
    orders,
    payments,
    platform,
    process,
    read,
    replay,
    rules,
    run,
    sender,
    setup,
    switches,
)
from mailbot.cli.exits import ExitCode
from mailbot.cli.logs import quiet
from mailbot.cli.output import line
from mailbot.cli.place import NothingThere
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


VERBS = (
    setup,
    check,
    run,
    switches,
    process,
    case,
    mail,
    letter,
    drafts,
    orders,
    payments,
    platform,
    explain,
    replay,
    read,
    rules,
    audit,
    health,
    alarm,
    demo,
    sender,
)
for group in VERBS:
    group.register(app)


def main() -> None:
    """Run one verb. A foreseen failure is one line on stderr and its exit code; anything else is a fault of ours."""
    quiet()
    try:
        app()
    except tuple(kind for kind, _ in FORESEEN) as fault:
        code, text = _told(fault)
        if text:
            sys.stderr.write(f"mailbot: {text}\n")
        sys.exit(code)


STALE = "本件在您查看之后已有变化，未写入任何内容。请重新查看后再办理。"
FORESEEN: tuple[tuple[type[Exception], ExitCode], ...] = (
    (ConfigError, ExitCode.CONFIG),
    (RulebookError, ExitCode.RULES),
    (StorageInUse, ExitCode.LOCKED),
    (NothingThere, ExitCode.NOT_READY),
    (PortError, ExitCode.UNAVAILABLE),
    (StaleCase, ExitCode.REFUSED),
    (Refused, ExitCode.REFUSED),
    (BrokenPipeError, ExitCode.OK),
)
"""The first class that fits names the exit code: subclasses stand before their parents."""


def _told(fault: Exception) -> tuple[ExitCode, str]:
    code = next(code for kind, code in FORESEEN if isinstance(fault, kind))
    match fault:
        case RulebookError():
            return code, problems_text(fault)
        case StaleCase():
            return code, STALE
        case BrokenPipeError():
            return code, ""
    return code, str(fault)
