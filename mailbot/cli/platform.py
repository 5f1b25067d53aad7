"""`mailbot platform batches|result|import`: what the worklist asks of people and what they say came of it, and what a
rehearsal is told of the platform."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailbot.assembly import open_platform, open_rules
from mailbot.cli.options import OFFICE_ZONE, ByOption, JsonOption
from mailbot.cli.output import as_json, line, table
from mailbot.cli.place import ConfigOption, Ruled, place_of, ruled
from mailbot.cli.rehearsal import rehearsal_secrets
from mailbot.desk import Refused
from mailbot.domain.ports import PortError, RowResult
from mailbot.engine.once import collect
from mailbot.platform.account_file import read_accounts
from mailbot.platform.ledger import EmbeddedLedger
from mailbot.platform.worklist import Fed, Worklist

_WORDS = {
    "pending": "待平台确认",
    "done": "已办理",
    "already": "平台上已有",
    "conflict": "资料冲突",
    "rejected": "平台拒绝",
    "unknown": "待审核人员判断",
}
_VERBS = {"open_account": "待注册", "grant": "待开通", "revoke": "待收回"}


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="The platform: import workbooks out, its answers in.")
    group.command("batches", help="Every batch, its workbook, and how its rows stand.")(batches)
    group.command("result", help="Say what became of a batch: an error file, single rows, or all done.")(result)
    group.command("import", help="Tell a rehearsal who is registered: the platform's export, xlsx or csv.")(
        take_accounts
    )
    app.add_typer(group, name="platform")


def batches(*, json: JsonOption = False, config: ConfigOption = None) -> None:
    """List batches."""
    with ruled(place_of(config, None)) as office:
        found = _worklist(office).batches()
    if json:
        as_json(
            [
                {"batch": b.name, "verb": b.verb, "made_at": b.made_at, "file": str(b.file), "rows": b.counts}
                for b in found
            ]
        )
        return
    rows = [
        (b.name, _VERBS[b.verb], "，".join(f"{_WORDS[s]} {n}" for s, n in b.counts.items()), b.made_at, str(b.file))
        for b in found
    ]
    table(("批次", "事项", "各行", "生成", "导入表"), rows)


def result(
    batch: Annotated[str, typer.Argument(help="the batch, like 0001")],
    *,
    by: ByOption,
    file: Annotated[Path | None, typer.Option("--file", help="the platform's error file, xlsx or csv")] = None,
    row: Annotated[list[int] | None, typer.Option("--row", help="a row of the import workbook; again for more")] = None,
    outcome: Annotated[RowResult, typer.Option("--as", help="how those rows ended")] = RowResult.DONE,
    detail: Annotated[str, typer.Option("--detail", help="what the platform said of those rows")] = "",
    all_done: Annotated[bool, typer.Option("--all-done", help="every row that still waits came true")] = False,
    config: ConfigOption = None,
) -> None:
    """Take the platform's word in: first the file, then the rows, then the rest. Letters follow by themselves."""
    if not (file or row or all_done):
        raise typer.BadParameter("say what came: --file, --row or --all-done")
    with ruled(place_of(config, None)) as office:
        worklist = _worklist(office)
        try:
            if file is not None:
                _say_fed(worklist.feed_errors(file, by, batch=batch))
            if row:
                said = detail or f"marked by {by}"
                done = worklist.mark(by, worklist.keys_at(batch, row), outcome, said)
                line(f"已登记 {done} 行：{_WORDS[outcome.value]}")
            if all_done:
                line(f"已确认 {worklist.confirm(by, batch=batch)} 行已办理")
        except PortError as fault:
            raise Refused(f"批次 {batch} 未能登记：{fault}") from None
        _take_in(office, worklist)


def take_accounts(
    file: Annotated[
        Path, typer.Argument(help="the export: a column of ID numbers; phones and names where it has them")
    ],
    *,
    storage: Annotated[Path, typer.Option("--storage", help="the state folder of a rehearsal, new or standing")],
) -> None:
    """Take an export in. What is known already is never overwritten; a worklist cannot be told, it knows nobody."""
    rehearsal_secrets(storage)
    place = place_of(None, storage)
    platform = open_platform(place.facts, open_rules(place.facts).current, place.clock)
    if not isinstance(platform, EmbeddedLedger):
        raise Refused(f"平台适配器 {platform.caps.name} 不接受账号名单。")
    told = read_accounts(file, place.clock.now().astimezone(OFFICE_ZONE).date())
    learned = platform.learn(told.accounts, told_by=file.name)
    line(f"新记 {learned.new} 人，原已知 {learned.known} 人，与已知资料不一致 {learned.conflicts} 人（未改动）。")
    if told.unclear:
        line(f"第 {'、'.join(map(str, told.unclear))} 行没有正确的身份证号码，未记入。")


def _take_in(office: Ruled, worklist: Worklist) -> None:
    """The answers into the ledger; what the first call told is settled by the second."""
    steps, now = office.ledger.steps, office.place.clock.now()
    taken = collect(steps, worklist, now)
    collect(steps, worklist, now)
    line(f"已计入 {taken} 项结果，应发的信件已拟写。")


def _worklist(office: Ruled) -> Worklist:
    place = office.place
    platform = open_platform(place.facts, office.rulebook, place.clock)
    if not isinstance(platform, Worklist):
        raise Refused(f"本站的平台适配器是 {platform.caps.name}，没有待办批次。")
    return platform


def _say_fed(fed: Fed) -> None:
    line(f"错误文件已读入：{fed.answered} 行有结果")
    for lines, words in (
        (fed.strange, "平台提示语不认识，转人工审核"),
        (fed.unmatched, "找不到对应的待办行"),
        (fed.contrary, "对应的行此前已有结果，未改动"),
    ):
        if lines:
            line(f"  第 {'、'.join(map(str, lines))} 行：{words}")
