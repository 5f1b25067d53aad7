"""`mailbot platform batches|worklist|result|confirm`: what waits at the platform, and what people say came of it.

Silence is not success: a row counts as registered when the error file's answer or a named person says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mailbot.assembly import open_platform
from mailbot.cli.options import ByOption, JsonOption
from mailbot.cli.output import as_json, line, moment, table
from mailbot.cli.place import ConfigOption, Ruled, place_of, ruled
from mailbot.desk import Refused
from mailbot.domain.masking import mask_name, mask_phone
from mailbot.domain.ports import PortError, RowResult
from mailbot.duties import Duty, platform_duties
from mailbot.engine.once import collect
from mailbot.platform.feeding import Fed
from mailbot.platform.worklist import LIST_WORDS, Worklist
from mailbot.platform.worklist_book import list_book, write_whole

_WORDS = {
    "pending": "待平台确认",
    "done": "已办理",
    "already": "平台上已有",
    "conflict": "资料冲突",
    "rejected": "平台拒绝",
    "unknown": "待审核人员判断",
}
_TITLES = ("批次", "行", "事项", "登记编号", "单位", "姓名", "手机号码", "到期", "提示")
_ROWS = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
RowOption = Annotated[
    list[str] | None, typer.Option("--row", help="a row of the import workbook, or some as 5-9; again for more")
]


class Rest(StrEnum):
    """What a person may say of the rows that nobody named."""

    DONE = "done"


def register(group: typer.Typer) -> None:
    """Add the verbs to the platform's group."""
    group.command("batches", help="Every batch, its workbook, how its rows stand, and what is overdue.")(batches)
    group.command("worklist", help="Every row that waits for the platform, the most urgent first; --out as xlsx.")(
        worklist
    )
    group.command("result", help="Say what became of a batch: the platform's error file, single rows, or the rest.")(
        result
    )
    group.command("confirm", help="Confirm single rows as done, by effect key, or by batch and row.")(confirm)


def batches(*, json: JsonOption = False, config: ConfigOption = None) -> None:
    """List batches."""
    with ruled(place_of(config, None)) as office:
        platform = worklist_of(office)
        found, duties = platform.batches(), duties_of(office, platform)
        zone = office.place.zone
    due = {duty.row.batch: duty.due_at for duty in reversed(duties) if duty.due_at}
    late = Counter(duty.row.batch for duty in duties if duty.overdue)
    if json:
        as_json(
            [
                {"batch": b.name, "verb": b.verb, "made_at": b.made_at, "file": str(b.file), "rows": b.counts}
                | {"due_at": due[b.name].isoformat() if b.name in due else None, "overdue": late[b.name]}
                for b in found
            ]
        )
        return
    rows = []
    for b in found:
        counts = "，".join(f"{_WORDS[state]} {count}" for state, count in b.counts.items())
        overdue = f"逾期 {late[b.name]}" if late[b.name] else ""
        rows.append(
            (b.name, LIST_WORDS[b.verb], counts, moment(due.get(b.name), zone), overdue, b.made_at, str(b.file))
        )
    table(("批次", "事项", "各行", "最早到期", "逾期", "生成", "导入表"), rows)


def worklist(
    *,
    out: Annotated[Path | None, typer.Option("--out", help="write the list as an xlsx workbook, masked")] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List the rows that wait, masked."""
    with ruled(place_of(config, None)) as office:
        duties = duties_of(office, worklist_of(office))
        zone = office.place.zone
    if out is not None:
        write_whole(out, list_book("待办", [_TITLES, *(_row(duty, moment(duty.due_at, zone)) for duty in duties)]))
        line(f"{len(duties)} 行写入 {out}")
    elif json:
        as_json([_json(duty) for duty in duties])
    else:
        table(_TITLES, [_row(duty, moment(duty.due_at, zone)) for duty in duties])


def result(  # noqa: PLR0913 - a verb's options are its arguments
    batch: Annotated[str, typer.Argument(help="the batch, like 0001")],
    file: Annotated[Path | None, typer.Argument(help="the platform's error file, a workbook or csv")] = None,
    *,
    by: ByOption,
    row: RowOption = None,
    outcome: Annotated[RowResult, typer.Option("--as", help="how those rows ended")] = RowResult.DONE,
    detail: Annotated[str, typer.Option("--detail", help="what the platform said of those rows")] = "",
    rest: Annotated[Rest | None, typer.Option("--rest", help="what became of every row that still waits")] = None,
    reason: Annotated[str, typer.Option("--reason", help="how you know, needed with --rest")] = "",
    config: ConfigOption = None,
) -> None:
    """Take the platform's word in: first the file, then the rows, then the rest. Letters follow by themselves."""
    if not (file or row or rest):
        raise typer.BadParameter("say what came: FILE, --row or --rest done")
    if rest and not reason.strip():
        raise Refused("确认其余各行须写明依据：--rest done --reason 依据")
    with ruled(place_of(config, None)) as office:
        platform = worklist_of(office)
        try:
            nobody = _fed(platform.feed_errors(file, by, batch=batch)) if file is not None else 0
            if row:
                keys = platform.keys_at(batch, rows_of(row))
                done = platform.mark(by, keys, outcome, detail or f"marked by {by}")
                line(f"已登记 {done} 行：{_WORDS[outcome.value]}")
                _say_before(len(set(keys)) - done)
            if rest and not nobody:
                line(f"已确认 {platform.confirm(by, batch=batch, reason=reason.strip())} 行已办理")
        except PortError as fault:
            raise Refused(f"批次 {batch} 未能登记：{fault}") from None
        _take_in(office, platform)
    if rest and nobody:
        raise Refused(f"其余各行未确认：错误文件有 {nobody} 行不知说的是谁，请查明后用 --row 登记，再确认其余各行。")


def confirm(
    keys: Annotated[list[str] | None, typer.Argument(metavar="KEY…", help="effects, as case show names them")] = None,
    *,
    by: ByOption,
    batch: Annotated[str, typer.Option("--batch", help="the batch that --row counts in")] = "",
    row: RowOption = None,
    reason: Annotated[str, typer.Option("--reason", help="how you know, which is recorded")] = "",
    config: ConfigOption = None,
) -> None:
    """Confirm rows one by one; what was answered before stays as it is."""
    if not (keys or row) or bool(row) != bool(batch):
        raise typer.BadParameter("name effects by KEY, or rows by --batch and --row")
    with ruled(place_of(config, None)) as office:
        platform = worklist_of(office)
        try:
            found = [*(keys or ()), *(platform.keys_at(batch, rows_of(row)) if row else ())]
            done = platform.confirm(by, keys=found, reason=reason.strip())
        except PortError as fault:
            raise Refused(f"未能登记：{fault}") from None
        line(f"已确认 {done} 行已办理")
        _say_before(len(set(found)) - done)
        _take_in(office, platform)


def rows_of(words: Sequence[str]) -> list[int]:
    """Rows by number, `5-9` as all from 5 to 9. Raises `typer.BadParameter`."""
    found: list[int] = []
    for word in words:
        read = _ROWS.fullmatch(word.strip())
        first, last = (int(read[1]), int(read[2] or read[1])) if read else (1, 0)
        if last < first:
            raise typer.BadParameter(f"{word!r} is no row, like 5, and no range, like 5-9")
        found += range(first, last + 1)
    return list(dict.fromkeys(found))


def worklist_of(office: Ruled) -> Worklist:
    """The site's worklist. Raises `Refused` where the platform is another."""
    place = office.place
    platform = open_platform(place.facts, office.rulebook, place.clock)
    if not isinstance(platform, Worklist):
        raise Refused(f"本站的平台适配器是 {platform.caps.name}，没有待办批次。")
    return platform


def duties_of(office: Ruled, platform: Worklist) -> list[Duty]:
    """What waits, the most urgent first."""
    return platform_duties(platform, office.ledger, office.rulebook.campaign, office.place.clock.now())


def _row(duty: Duty, due: str) -> tuple[str, ...]:
    row, wait = duty.row, duty.wait
    verb = LIST_WORDS[row.verb] + (f" {row.year}" if row.year else "")
    hints = [word for word, holds in (("将过学习截止日", duty.expires), ("已逾期", duty.overdue)) if holds]
    case = (wait.case_id, wait.unit or "") if wait else ("", "")
    return (row.batch, str(row.row), verb, *case, mask_name(row.name), mask_phone(row.phone), due, "，".join(hints))


def _json(duty: Duty) -> dict[str, object]:
    row, wait = duty.row, duty.wait
    return {
        "batch": row.batch,
        "row": row.row,
        "verb": row.verb,
        "year": row.year,
        "keys": list(row.keys),
        "case": wait.case_id if wait else None,
        "unit": wait.unit if wait else None,
        "name": mask_name(row.name),
        "phone": mask_phone(row.phone),
        "made_at": row.made_at,
        "due_at": duty.due_at.isoformat() if duty.due_at else None,
        "overdue": duty.overdue,
        "expires": duty.expires,
    }


def _take_in(office: Ruled, platform: Worklist) -> None:
    """The answers into the ledger; what the first call told is settled by the second."""
    steps, now = office.ledger.steps, office.place.clock.now()
    taken = collect(steps, platform, now)
    collect(steps, platform, now)
    line(f"已计入 {taken} 项结果，应发的信件已拟写。")


def _say_before(rows: int) -> None:
    """Name the rows that were answered before."""
    if rows:
        line(f"另有 {rows} 行此前已有结果，未改动")


def _fed(fed: Fed) -> int:
    """Say what an error file came to; how many of its lines speak of nobody who is known."""
    line(f"错误文件已读入：{fed.answered} 行有结果")
    for lines, words in (
        (fed.strange, "平台提示语不认识或前后不一，转人工审核"),
        (fed.unmatched, "找不到对应的待办行"),
        (fed.contrary, "对应的行此前已有不同的结果，未改动"),
        (fed.repeated, "此前已登记，未改动"),
    ):
        if lines:
            line(f"  第 {'、'.join(map(str, lines))} 行：{words}")
    if fed.waiting:
        then = "先查明上述各行，用 --row 登记；其余" if fed.unmatched else ""
        line(
            f"  本批次另有 {fed.waiting} 行没有提到，仍待确认；{then}已在平台办成的，用 --rest done --reason 依据 确认"
        )
    return len(fed.unmatched)
