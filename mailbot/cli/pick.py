"""From the options of `case decide` to the items that are meant, the verdict and the waivers, read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import typer

from mailbot.cli.words import VERDICTS
from mailbot.desk import Refused, against
from mailbot.domain.decisions import VERDICT_STATE, Verdict
from mailbot.domain.outcome import CaseResult, ItemResult
from mailbot.domain.states import MOVES


@dataclass(frozen=True, slots=True)
class Picked:
    """What the options name: rows of a sheet, items by number, every item, every proposed row, the case's own
    matter."""

    rows: tuple[int, ...] = ()
    sheet: str | None = None
    items: tuple[int, ...] = ()
    everything: bool = False
    proposed: bool = False
    own: bool = False


def one_verdict(**given: bool) -> Verdict:
    """The verdict that was named. Raises `typer.BadParameter` for none, or more than one."""
    named = [Verdict(word) for word, is_named in given.items() if is_named]
    if len(named) != 1:
        raise typer.BadParameter("name exactly one verdict: --approve, --ask, --decline, --close or --reopen")
    return named[0]


def numbers_of(case: CaseResult, picked: Picked, verdict: Verdict) -> tuple[int, ...]:
    """The items that are meant, in order. Raises `Refused` for a row that is not there, or stands there twice."""
    found = {number for row in picked.rows for number in _at(case, row, picked.sheet)}
    found |= set(picked.items)
    found |= {0} if picked.own else set()
    if picked.proposed:
        found |= {item.number for item in case.items if item.proposed}
    if picked.everything:
        found |= {item.number for item in case.items if VERDICT_STATE[verdict] in MOVES[item.state]}
    if not found:
        if picked.everything or picked.proposed:
            raise Refused(f"本件没有可以“{VERDICTS[verdict]}”的项。")
        raise typer.BadParameter("name what is meant: --row, --item, --proposed, --all or --case")
    known = {item.number for item in case.items}
    if missing := sorted(found - known):
        raise Refused("本件没有整件事项（第 0 项）。" if missing[0] == 0 else f"本件没有第 {missing[0]} 项。")
    return tuple(sorted(found))


def _at(case: CaseResult, row: int, sheet: str | None) -> list[int]:
    there = [item for item in case.items if item.place.get("row") == row and sheet in (None, item.place.get("sheet"))]
    if not there:
        raise Refused(f"本件没有第 {row} 行" + (f"（工作表“{sheet}”）" if sheet else "") + "。")
    if len(there) > 1:
        raise Refused(f"第 {row} 行有 {len(there)} 处：{_places(there)}。请加 --sheet，或用 --item 指明。")
    return [there[0].number]


def _places(items: Iterable[ItemResult]) -> str:
    return "、".join(f"“{item.place.get('sheet')}”第 {item.number} 项" for item in items)


def waivers_of(words: Sequence[str], case: CaseResult, numbers: Iterable[int]) -> dict[str, str]:
    """Waived codes with their reasons. Raises `Refused` for a code that stands nowhere in what is decided, and for one
    without a reason."""
    meant = set(numbers)
    standing = {finding.code for finding in against(case)}
    standing |= {finding.code for item in case.items if item.number in meant for finding in item.findings}
    waived: dict[str, str] = {}
    for word in words:
        code, _, reason = (part.strip() for part in word.partition("="))
        if not reason:
            raise Refused(f"放行 {code} 须注明理由：--waive {code}=理由")
        if code not in standing:
            raise Refused(f"所选各项没有 {code} 这个问题；有的是：{'、'.join(sorted(standing)) or '无'}。")
        waived[code] = reason
    return waived
