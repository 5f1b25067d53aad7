"""`mailbot process`: stored mails through the whole flow, without a network (the process contract)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, TextIO

import typer

from mailbot.assembly import SiteFacts, assembled, locked, open_rules
from mailbot.cli.options import automation_of, moment_of
from mailbot.cli.rehearsal import Rehearsal, rehearsal_secrets, rehearsal_site
from mailbot.clock import FixedClock, ShiftedClock, SystemClock
from mailbot.outbound.courier import FileCourier
from mailbot.platform.ledger import ASSUME


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(help="Stored .eml files through the whole flow: no network, letters into files.")(process)


def process(  # noqa: PLR0913 - a verb's options are its arguments
    paths: Annotated[list[Path], typer.Argument(help=".eml files, or folders of them")],
    storage: Annotated[Path, typer.Option(help="the state folder, new or standing")],
    out: Annotated[Path, typer.Option(help="where letters are written as .eml")],
    json: Annotated[str, typer.Option(help="where the lines go: a file, or - for stdout")],
    at: Annotated[str | None, typer.Option(help="ISO 8601: the run's clock and every mail's arrival")] = None,
    config: Annotated[Path | None, typer.Option(help="a site's settings: addresses, campaign, rules")] = None,
    automation: Annotated[list[str] | None, typer.Option(help="a level, or kind=level; again for more")] = None,
    *,
    reveal: Annotated[bool, typer.Option(help="print ID numbers and phones whole")] = False,
    caps: Annotated[bool, typer.Option(help="apply the caps on letters per sender")] = False,
    assume_registered: Annotated[bool, typer.Option(help="people the ledger does not know pass as registered")] = False,
) -> None:
    """Take every mail in, judge it, deliver its effects to the embedded platform, write its letters; a line a mail."""
    files = list(mail_files(paths))
    moment = moment_of(at)
    site = rehearsal_site(config, storage, automation_of(automation), caps=caps)
    if assume_registered:
        site = replace(site, platform_options={**site.platform_options, ASSUME: "yes"})
    with ExitStack() as stack:
        lines = stack.enter_context(_opened(json))
        stack.enter_context(locked(storage))
        _writable(out)
        run = stack.enter_context(rehearsal(site, moment, out, reveal=reveal))
        for file in files:
            lines.write(run.take(file) + "\n")
            lines.flush()


@contextmanager
def rehearsal(site: SiteFacts, at: datetime | None, out: Path, *, reveal: bool) -> Iterator[Rehearsal]:
    """A site that rehearses on stored mails, its clock standing at `at` (running from now without it)."""
    rules = open_rules(site)
    clock = FixedClock(at) if at else ShiftedClock(SystemClock().now())
    with assembled(site, rules, rehearsal_secrets(site.storage), clock, FileCourier(out)) as parts:
        yield Rehearsal(parts, clock, at, reveal)


def mail_files(paths: list[Path]) -> Iterator[Path]:
    """The files named, and the .eml files of folders by name. Raises `typer.BadParameter` for what is neither."""
    for path in paths:
        if path.is_dir():
            found = (file for file in path.rglob("*") if file.suffix.lower() == ".eml" and file.is_file())
            yield from sorted(found)
        elif path.is_file():
            yield path
        else:
            raise typer.BadParameter(f"{path}: no such file or folder")


def _writable(out: Path) -> None:
    """Raises `typer.BadParameter` for a folder that takes no letters: it would be known only after the decisions."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=out):
            return
    except OSError as fault:
        raise typer.BadParameter(f"{out}: letters cannot be written there: {fault.strerror}") from fault


@contextmanager
def _opened(target: str) -> Iterator[TextIO]:
    if target == "-":
        yield sys.stdout
        return
    path = Path(target)
    try:
        path.touch()
    except OSError as fault:
        raise typer.BadParameter(f"{target} cannot be written: {fault.strerror}") from fault
    with path.open("w", encoding="utf-8") as file:
        yield file
