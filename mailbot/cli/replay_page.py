"""What a replay found, as a table with counts for a terminal and as JSON: codes, states and places, never a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from mailbot.cli.differences import CaseChange, Codes, MailChange, RowChange, Why
from mailbot.cli.output import line, table
from mailbot.cli.veil import Veil
from mailbot.cli.words import MAILS, OUTCOMES, STATES, STATUS
from mailbot.ledger.history import Judged

Out = dict[str, object]
WHYS: Final = {
    Why.RULES: "规则与判定时不同",
    Why.PROGRAM: "规则相同，程序的读法与判定时不同",
    Why.LOOKUPS: "当时未立案，按今天的资料核对",
}
_TITLES: Final = ("邮件", "登记编号", "处", "原来", "现在", "问题", "原因")
_VEIL: Final = Veil(reveal=False)


def print_changes(changes: Sequence[MailChange], limit: int) -> None:
    """Everything that differs, a line a place, as far as `limit` goes."""
    rows = [row for change in changes if not change.same for row in _lines(change)]
    if rows:
        table(_TITLES, rows[:limit])
    if len(rows) > limit:
        line(f"另有 {len(rows) - limit} 处，用 --limit 或 --json 列出。")


def _lines(change: MailChange) -> Iterator[tuple[str, ...]]:
    number, why = str(change.mail.id), WHYS[change.why]
    if change.of_mail:
        yield number, "", "来信", MAILS[change.mail.state], MAILS[change.now], _codes(change.codes), why
    for case in change.cases:
        name = case.case_id + (f"（第 {case.version} 版）" if case.version > 1 else "")
        if case.was != case.now or case.codes.was != case.codes.now:
            yield number, name, "整件", _outcome(case.was), _outcome(case.now), _codes(case.codes), why
        for row in case.rows:
            yield number, name, _place(row), _judged(row.was), _judged(row.now), _codes(row.codes), why


def _outcome(word: str | None) -> str:
    return "未立案" if word is None else OUTCOMES[word]


def _judged(judged: Judged | None) -> str:
    return "未列出" if judged is None else f"{STATUS[judged.status]}，{STATES[judged.state]}"


def _codes(codes: Codes) -> str:
    """What came and what went; where nothing did, what stands: it weighs otherwise now."""
    changed = [*(f"+{code}" for code in codes.added), *(f"-{code}" for code in codes.removed)]
    return " ".join(changed or sorted(codes.now))


def _place(row: RowChange) -> str:
    if row.number == 0:
        return "整件事项（第 0 项）"
    place = row.place
    if place.get("row") is None:
        return f"第 {row.number} 项"
    sheet = f"“{_VEIL.text(str(place['sheet']))}”" if place.get("sheet") else ""
    serial = f"（序号{_VEIL.text(str(place['serial']))}）" if place.get("serial") else ""
    return f"{sheet}第{place['row']}行{serial}"


def change_json(change: MailChange, zone: ZoneInfo) -> Out:
    """One mail, the same or not."""
    mail = change.mail
    return {
        "mail": mail.id,
        "received_at": mail.received_at.astimezone(zone).isoformat(timespec="seconds"),
        "same": change.same,
        "why": None if change.same else change.why.value,
        "was": {"state": mail.state.value, "marks": list(mail.marks)},
        "now": {"state": change.now.value, "marks": list(change.marks)},
        "added": list(change.codes.added),
        "removed": list(change.codes.removed),
        "cases": [_case_json(case) for case in change.cases],
        "notes": list(change.notes),
    }


def _case_json(case: CaseChange) -> Out:
    return {
        "id": case.case_id,
        "version": case.version,
        "was": case.was,
        "now": case.now,
        "added": list(case.codes.added),
        "removed": list(case.codes.removed),
        "rows": [_row_json(row) for row in case.rows],
    }


def _row_json(row: RowChange) -> Out:
    sides = {"was": _side(row.was), "now": _side(row.now)}
    place = {key: _VEIL.value(row.place.get(key), key) for key in ("sheet", "row", "serial")}
    return {"number": row.number, **place, **sides, "added": list(row.codes.added), "removed": list(row.codes.removed)}


def _side(judged: Judged | None) -> Out | None:
    return None if judged is None else {"status": judged.status.value, "state": judged.state.value}


def summary_json(changes: Sequence[MailChange], unread: int, waiting: Iterable[int], rulebook: str) -> Out:
    """The counts of a replay."""
    differ = [change for change in changes if not change.same]
    return {
        "mails": len(changes) + unread,
        "same": len(changes) - len(differ),
        "differ": len(differ),
        "unread": unread,
        "waiting": len(list(waiting)),
        "rulebook": rulebook,
        "why": _counted(change.why.value for change in differ),
        "added": _counted(code for codes in _all_codes(differ) for code in codes.added),
        "removed": _counted(code for codes in _all_codes(differ) for code in codes.removed),
        "outcomes": _counted(f"{case.was}>{case.now}" for case in _cases(differ) if case.was != case.now),
        "states": _counted(way for case in _cases(differ) for row in case.rows for way in _way(row)),
        "notes": _counted(note for change in changes for note in change.notes),
    }


def _counted(words: Iterable[str]) -> dict[str, int]:
    """The most frequent first, alike ones by name."""
    return dict(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))


def _cases(changes: Iterable[MailChange]) -> Iterator[CaseChange]:
    return (case for change in changes for case in change.cases)


def _all_codes(changes: Iterable[MailChange]) -> Iterator[Codes]:
    for change in changes:
        yield change.codes
        for case in change.cases:
            yield case.codes
            yield from (row.codes for row in case.rows)


def _way(row: RowChange) -> Iterator[str]:
    was, now = (side.state.value if side else "none" for side in (row.was, row.now))
    if was != now:
        yield f"{was}>{now}"


def print_summary(summary: Mapping[str, Any]) -> None:
    """The counts in words."""
    line(
        f"重算 {summary['mails']} 封：相同 {summary['same']} 封，不同 {summary['differ']} 封，"
        f"无法重算 {summary['unread']} 封；规则版本 {summary['rulebook'][:12]}。"
    )
    if summary["waiting"]:
        line(f"另有 {summary['waiting']} 封尚未处理过，未比较。")
    for word, count in summary["why"].items():
        line(f"原因：{WHYS[Why(word)]}，{count} 封")
    for way, count in summary["outcomes"].items():
        was, now = (_outcome(None if word == "None" else word) for word in way.split(">"))
        line(f"结论：{was} → {now}，{count} 件")
    for way, count in summary["states"].items():
        was, now = (STATES.get(word, "未列出") for word in way.split(">"))
        line(f"各项：{was} → {now}，{count} 项")
    for sign, codes in (("+", summary["added"]), ("-", summary["removed"])):
        for code, count in codes.items():
            line(f"问题：{sign}{code}，{count} 处")
    for note, count in summary["notes"].items():
        line(f"说明：{note}，{count} 封")
