"""`mailbot case list|show`: the cases, what stands in them, and what happened to them. `decide` is in its own file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol

import typer

from mailbot.assembly import open_rules
from mailbot.cli import case_decide
from mailbot.cli.case_page import case_document, print_case
from mailbot.cli.options import JsonOption, LimitOption
from mailbot.cli.output import as_json, line, moment, table
from mailbot.cli.place import AtOption, ConfigOption, Place, StorageOption, books, place_of
from mailbot.cli.told import case_json
from mailbot.cli.veil import Veil
from mailbot.cli.words import KINDS, OUTCOMES, STATES
from mailbot.desk import Refused
from mailbot.domain.campaign import Campaign
from mailbot.domain.states import ENDS, RUNNING, ItemState
from mailbot.duties import expiring
from mailbot.ledger.lines import CaseLine
from mailbot.rulebook import RulebookError

MANY = 50_000
"""Cases looked through for those that would expire: they are the last by their time limit."""


class When(StrEnum):
    """Which time limits a list is about."""

    TODAY = "today"
    OVERDUE = "overdue"
    EXPIRING = "expiring"


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="Cases: list, show, decide.")
    group.command("list", help="Cases, those due first.")(case_list)
    group.command("show", help="One case whole: rows, findings, effects, letters, versions, events.")(case_show)
    group.command("decide", help="Give a verdict on items of a case, under your name and with a reason.")(
        case_decide.case_decide
    )
    app.add_typer(group, name="case")


def case_list(
    state: Annotated[list[ItemState] | None, typer.Option("--state", help="only these; again for more")] = None,
    due: Annotated[
        When | None,
        typer.Option("--due", help="only those due today (overdue ones too), overdue, or expiring with the year"),
    ] = None,
    sender: Annotated[str, typer.Option("--sender", help="all cases that this address opened, each a row")] = "",
    limit: LimitOption = 200,
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
    at: AtOption = None,
) -> None:
    """List cases, masked. A sender of very many has one row, with their number (as JSON: `more` cases behind it)."""
    place, veil = place_of(config, storage, at), Veil(reveal=False)
    campaign = _campaign(place)
    with books(place) as ledger:
        if sender:
            found = ledger.heaps.of_sender(sender, state or (), limit=limit)
        else:
            lines = ledger.queries.cases if due is When.EXPIRING else ledger.heaps.cases
            found = _found(lines, place, state, due, MANY if due is When.EXPIRING else limit)
        unreached = {one.case_id for one in ledger.reach.unreached(place.clock.now())}
    lost = {case.id for case in found if _lost(case, campaign, place)}
    if due is When.EXPIRING:
        found = [case for case in found if case.id in lost][:limit]
    found = sorted(found, key=lambda case: case.id not in lost)
    if json:
        as_json(
            [
                case_json(case, place.zone, veil) | {"expires": case.id in lost, "unreached": case.id in unreached}
                for case in found
            ]
        )
        return
    titles = ("登记编号", "类型", "单位", "状态", "核对结果", "到期", "各项")
    table(titles, [_row(case, place, veil, lost, unreached) for case in found])
    if len(found) == limit:
        line(f"只列出前 {limit} 件，用 --limit 列出更多。")


def case_show(
    case_id: Annotated[str, typer.Argument(metavar="ID", help="the case's number, like 2020-000001")],
    *,
    reveal: Annotated[bool, typer.Option("--reveal", help="show ID numbers and phones whole; it is recorded")] = False,
    by: Annotated[str, typer.Option("--by", help="your name, needed with --reveal")] = "",
    reason: Annotated[str, typer.Option("--reason", help="why, needed with --reveal")] = "",
    json: JsonOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """Show one case. A look at whole values is an event of the case, written before they are shown."""
    place = place_of(config, storage)
    if reveal and not (by.strip() and reason.strip()):
        raise Refused("查看完整号码须写明姓名和理由：--reveal --by 姓名 --reason 理由")
    with books(place) as ledger:
        stored = the_case(ledger, case_id)
        if reveal:
            ledger.by_hand.revealed(by.strip(), reason.strip(), place.clock.now(), case_id=case_id)
        document = case_document(ledger, stored, place.zone, Veil(reveal=reveal))
    if json:
        as_json(document)
    else:
        print_case(document)


the_case = case_decide.the_case


class _Lines(Protocol):
    """A list of cases: each a row, or a sender of very many in one."""

    def __call__(
        self, states: Sequence[ItemState], *, due_by: datetime | None = None, limit: int = 200
    ) -> list[CaseLine]: ...


def _found(lines: _Lines, place: Place, states: list[ItemState] | None, due: When | None, limit: int) -> list[CaseLine]:
    if due in (None, When.EXPIRING):
        return lines(states or (), limit=limit)
    now = place.clock.now()
    until = now if due is When.OVERDUE else _tonight(now, place)
    running = sorted(RUNNING & set(states or RUNNING))
    return lines(running, due_by=until, limit=limit) if running else []


def _tonight(now: datetime, place: Place) -> datetime:
    return now.astimezone(place.zone).replace(hour=23, minute=59, second=59, microsecond=999_999)


def _campaign(place: Place) -> Campaign | None:
    """The campaign in force; the list does without it while the rules are broken."""
    try:
        return open_rules(place.facts).current.campaign
    except RulebookError:
        return None


def _lost(case: CaseLine, campaign: Campaign | None, place: Place) -> bool:
    """Whether an open case would come too late for the last day of study."""
    return campaign is not None and case.state not in ENDS and expiring(case, campaign, place.clock.now())


def _row(case: CaseLine, place: Place, veil: Veil, lost: set[str], unreached: set[str]) -> tuple[str, ...]:
    items = "，".join(f"{STATES[ItemState(state)]} {count}" for state, count in case.items.items())
    due = moment(case.due_at, place.zone) + ("（暂定）" if case.due_at and case.provisional else "")
    due += "（将过学习截止日）" if case.id in lost else ""
    unit = veil.text(str(case.header.get("unit") or ""))
    items += f"；{case.sender} 另有 {case.more} 件（--sender 列出）" if case.more else ""
    state = STATES[case.state] + ("（联系不上）" if case.id in unreached else "")
    return (case.id, KINDS.get(case.kind, case.kind), unit, state, OUTCOMES[case.outcome], due, items)
