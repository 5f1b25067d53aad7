"""`mailbot explain CASE|MAIL`: every rule's answer, hits and misses, derived again from the stored bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final

import typer

from mailbot.assembly import Parts
from mailbot.cli.case_decide import the_case
from mailbot.cli.derive import Told, of_case, of_mail
from mailbot.cli.mail import the_mail
from mailbot.cli.output import line
from mailbot.cli.place import ConfigOption, StorageOption, place_of, whole
from mailbot.desk import Refused
from mailbot.rulebook.evaluate import Answer
from mailbot.rulebook.texts import trace_text

_NUMBER: Final = re.compile("[0-9]{1,18}")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(help="Why: every rule's answer about a case or a mail, hits and misses, with the facts used.")(explain)


def explain(
    about: Annotated[str, typer.Argument(metavar="CASE|MAIL", help="a case's number, or a mail's")],
    row: Annotated[int | None, typer.Option("--row", help="only this row of the sheet")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="also all misses of rows that no rule hit")] = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """Derive again and print. Nothing is changed."""
    with whole(place_of(config, storage)) as parts:
        is_mail = _NUMBER.fullmatch(about) is not None
        found = of_mail(parts, the_mail(parts.ledger, int(about))) if is_mail else _of_case(parts, about)
        told = list(found)
    if row is not None:
        told = [one for one in told if one.row == row]
        if not told:
            raise Refused(f"没有第 {row} 行。")
    for one in told:
        _print(one, short=not (everything or row is not None))


def _of_case(parts: Parts, case_id: str) -> Iterator[Told]:
    return of_case(parts, the_case(parts.ledger, case_id))


def _print(one: Told, *, short: bool) -> None:
    line(f"== {one.title}")
    for note in one.notes:
        line(note)
    hits = [trace for trace in one.traces if trace.severity is not None]
    if short and one.row is not None and not hits:
        unknown = sum(trace.answer is Answer.UNKNOWN for trace in one.traces)
        line(f"{len(one.traces)} 条规则均未命中（未知 {unknown} 条）；--row {one.row} 或 --all 列出每条")
    elif one.traces:
        line(trace_text(one.traces))
