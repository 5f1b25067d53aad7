"""A list that staff hand in, shown before it is taken in: what was recognised, the first rows masked, what would change
and what was refused. Shared by `orders import` and `platform import`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Protocol

import typer

from mailbot.cli.output import line, plain, table
from mailbot.cli.place import Place, place_of
from mailbot.cli.rehearsal import rehearsal_secrets
from mailbot.desk import Refused
from mailbot.domain.content import media_type
from mailbot.domain.document import Special
from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.platform.list_file import BadRow, ListTable
from mailbot.platform.table_file import MAX_ROWS, Markup
from mailbot.readers.base import ReadFault
from mailbot.readers.find import claimant

SAMPLE_ROWS = 3
SHOWN = 20
"""Rows of one list that the terminal shows; the rest is counted."""


def a_day(text: str | None) -> date | None:
    """A day as 2020-09-01. Raises `typer.BadParameter`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day, like 2020-09-01") from None


AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="the day the list speaks of; else its own date column or title, else today"),
]
PreviewOption = Annotated[bool, typer.Option("--preview", help="show what would be taken in, and end")]
ByOption = Annotated[str, typer.Option("--by", help="your name, which is recorded")]


def markup_of(limits: Limits) -> Markup:
    """Reads the tables of an HTML page or an XML workbook, by the readers of mails."""
    wide = limits.model_copy(
        update={"sheet": limits.sheet.model_copy(update={"rows": MAX_ROWS, "full_rows": MAX_ROWS})}
    )

    def read(raw: bytes) -> Iterable[Iterable[Iterable[object]]]:
        reader = claimant(media_type(raw))
        try:
            sheets = () if reader is None else reader.read(raw, wide).sheets
        except ReadFault as fault:
            raise PortError(f"the file cannot be read: {fault.detail}", retry=False) from fault
        for sheet in sheets:
            yield ((cell.text if isinstance(cell, Special) else cell for cell in row) for row in sheet.rows)

    return read


def undated(today: date, newest: date | None) -> date:
    """The day of a list that tells none: it is handed in now, so it is not older than any that came in before. (The
    clock of a rehearsal may stand years before its first list.)"""
    return today if newest is None else max(today, newest)


def list_place(config: Path | None, storage: Path | None) -> Place:
    """The place that a list is for; the folder of a rehearsal may be new. Raises as `place_of` does."""
    if storage is not None:
        rehearsal_secrets(storage)
    return place_of(config, storage)


def day_checked(place: Place, day: date) -> None:
    """A site's list speaks of no day to come. Raises `Refused`."""
    today = place.clock.now().astimezone(place.zone).date()
    if place.settings is not None and day > today:
        raise Refused(f"清单的截至日期 {day} 还没有到（今天是 {today}），请用 --as-of 写明。")


def show_head(read: ListTable, as_of: date, dated_by: str) -> None:
    """What the file was taken for, column by column."""
    sheet = f"（工作表“{read.sheet}”）" if read.sheet else ""
    line(f"{plain(read.name)}{sheet}：{read.form.title}，截至 {as_of}（依据：{dated_by}），{len(read.rows)} 行")
    labels = {number: read.form.columns[key].label for key, number in read.columns.items()}
    labels |= {number: f"{year} 年度学习状态" for year, number in read.years.items()}
    rows = [
        (str(number + 1), plain(heading), labels.get(number, "不认识，未使用"))
        for number, heading in enumerate(read.headings)
        if heading
    ]
    table(("列", "表头", "识别为"), rows)
    if read.missing:
        line(f"清单没有这些栏，视为未知：{'、'.join(read.missing)}")


def show_sample(titles: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """The first rows, masked by the caller."""
    if rows:
        table(titles, rows[:SAMPLE_ROWS], title="前几行（已遮盖）")


class Counted(Protocol):
    """A list against what is known, in numbers."""

    @property
    def new(self) -> int: ...
    @property
    def changed(self) -> Sequence[object]: ...
    @property
    def same(self) -> int: ...
    @property
    def older(self) -> int: ...


def show_counts(read: ListTable, found: Counted, bad: Sequence[BadRow], repeated: int) -> None:
    """What would change, and every refused row with its reason."""
    counts = (("新", found.new), ("更改", len(found.changed)), ("不变", found.same), ("已有更新的清单", found.older))
    told = "，".join(f"{label} {number}" for label, number in counts)
    line(f"{told}；重复 {repeated} 行，拒收 {len(bad)} 行。")
    for row in bad[:SHOWN]:
        line(f"  {plain(read.name)} 第 {row.line} 行：{plain(row.why)}，未记入")
    if len(bad) > SHOWN:
        line(f"  …… 另有 {len(bad) - SHOWN} 行")


def show_changes(changes: Sequence[str]) -> None:
    """What is said otherwise than before."""
    for change in changes[:SHOWN]:
        line(f"  更改：{plain(change)}")
    if len(changes) > SHOWN:
        line(f"  …… 另有 {len(changes) - SHOWN} 项更改")


def agreed(place: Place, *, entries: int, yes: bool, preview: bool) -> bool:
    """Whether the list is to be taken in: by `--yes`, or as the person at the terminal says. A rehearsal, which touches
    nobody, takes it in without asking where nobody can be asked. Raises `Refused`."""
    if not entries:
        raise Refused("没有可以记入的行，未写入。")
    if preview:
        line("只是预览，未写入。")
        return False
    if yes:
        return True
    if sys.stdin.isatty():
        return typer.confirm("写入以上内容？")
    if place.settings is None:
        return True
    raise Refused("未写入。核对以上预览后，加 --yes 再运行。")
