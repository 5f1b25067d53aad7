"""`mailbot case decide`: a verdict from the shell, shown with all its consequences before it is given."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from mailbot.cli.options import ByOption, ReasonOption, YesOption
from mailbot.cli.output import line
from mailbot.cli.pick import Picked, numbers_of, one_verdict, waivers_of
from mailbot.cli.place import AtOption, ConfigOption, Ruled, StorageOption, place_of, ruled
from mailbot.cli.preview import Trial, binding_of, consequences
from mailbot.desk import Refused
from mailbot.domain.decisions import Decision
from mailbot.domain.outcome import StaleCase, StoredCase
from mailbot.ledger.ledger import Ledger


def case_decide(  # noqa: PLR0913 - a verb's options are its arguments
    case_id: Annotated[str, typer.Argument(metavar="ID", help="the case's number")],
    *,
    by: ByOption,
    reason: ReasonOption,
    row: Annotated[list[int] | None, typer.Option("--row", help="a row of the sheet; again for more")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="the sheet, where several have that row")] = None,
    item: Annotated[list[int] | None, typer.Option("--item", help="an item by its number in the case")] = None,
    waive: Annotated[
        list[str] | None, typer.Option("--waive", metavar="CODE=reason", help="let a finding pass")
    ] = None,
    second: Annotated[
        str | None, typer.Option("--second", help="the second reader, where the campaign wants one")
    ] = None,
    seen: Annotated[int | None, typer.Option("--seen", help="refuse if the case is not as you saw it (查看号)")] = None,
    everything: Annotated[bool, typer.Option("--all", help="every item this verdict fits")] = False,
    proposed: Annotated[bool, typer.Option("--proposed", help="every row that the check proposes")] = False,
    own: Annotated[bool, typer.Option("--case", help="the case's own matter: header, file, sheet")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="verdict: approve")] = False,
    ask: Annotated[bool, typer.Option("--ask", help="verdict: the sender must correct; the reason is told")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="verdict: decline; the reason is told")] = False,
    close: Annotated[bool, typer.Option("--close", help="verdict: close, nothing is done")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="verdict: look at it again")] = False,
    bind: Annotated[bool, typer.Option("--bind", help="confirm this sender for this unit from now on")] = False,
    yes: YesOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
    at: AtOption = None,
) -> None:
    """Decide. Nothing is written before the consequences were shown and confirmed."""
    verdict = one_verdict(approve=approve, ask=ask, decline=decline, close=close, reopen=reopen)
    picked = Picked(tuple(row or ()), sheet, tuple(item or ()), everything, proposed, own)
    with ruled(place_of(config, storage, at)) as office:
        stored = the_case(office.ledger, case_id)
        case = stored.result
        numbers = numbers_of(case, picked, verdict)
        waived = waivers_of(waive or [], case, numbers)
        version = case.seen if seen is None else seen
        decision = Decision(by, reason, case_id, version or 0, dict.fromkeys(numbers, verdict), waived, second)
        _give(office, stored, decision, bind=bind, yes=yes)


def the_case(ledger: Ledger, case_id: str) -> StoredCase:
    """One case. Raises `Refused` for one that does not exist."""
    try:
        return ledger.cases.load_case(case_id)
    except LookupError:
        raise Refused(f"没有登记编号 {case_id}。") from None


def _give(office: Ruled, stored: StoredCase, decision: Decision, *, bind: bool, yes: bool) -> None:
    now = office.place.clock.now()
    binding = binding_of(office, stored) if bind else None
    trial = Trial(stored)
    rehearsed = replace(office.desk(), ledger=trial)
    outcome = rehearsed.verdict(decision, now, bind=binding)
    for text in consequences(office, stored, outcome, trial.letters, decision):
        line(text)
    if not yes and not typer.confirm("确认办理？", default=False):
        line("未办理，未写入任何内容。")
        return
    if decision.seen_version != stored.result.seen:
        raise StaleCase(decision.case_id)
    office.desk().verdict(decision, now, bind=binding)
    line(f"已记录：{decision.actor}，{len(decision.verdicts)} 项。")
