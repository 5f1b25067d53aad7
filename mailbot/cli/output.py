"""Printing: tables and lines on stdout, JSON where it is asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

PIPE_COLUMNS = 1000
"""Nobody folds lines in a pipe; the table takes what its cells need."""


def line(text: str) -> None:
    """One line on stdout."""
    sys.stdout.write(text + "\n")


def fields(pairs: Iterable[tuple[str, str]]) -> None:
    """Labels and values, a line each; empty values are left out."""
    for label, value in pairs:
        if value:
            line(f"{label}：{plain(value)}")


def as_json(value: object) -> None:
    """One JSON document on stdout."""
    line(json.dumps(value, ensure_ascii=False, indent=2))


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, out: TextIO | None = None, title: str = "") -> None:
    """A table as wide as the terminal, or in a pipe as wide as it likes; texts are printed as they are, never taken for
    markup, and never cut. The first column, which names the row, is not broken."""
    grid = Table(title=title or None, highlight=False)
    for number, heading in enumerate(titles):
        grid.add_column(heading, overflow="fold", no_wrap=number == 0)
    for row in rows:
        grid.add_row(*(plain(cell) for cell in row))
    file = out or sys.stdout
    width = None if file.isatty() else PIPE_COLUMNS
    Console(file=file, markup=False, emoji=False, width=width).print(grid)


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """A time in the office's zone, to the minute."""
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def plain(text: str) -> str:
    """Control and bidi characters made harmless for a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
