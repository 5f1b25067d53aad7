"""Pages of the shell on plain values: what a replay, a changed date, a case or a refused list is told as, and how much
of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from mailbot.cli.case_page import print_case
from mailbot.cli.differences import CaseChange, Codes, MailChange, RowChange, Why
from mailbot.cli.lines import case_out, finding_out
from mailbot.cli.list_preview import SHOWN, a_day, show_changes
from mailbot.cli.replay_page import change_json, print_changes, print_summary, summary_json
from mailbot.cli.words import STATES
from mailbot.cli.worklist import rows_of
from mailbot.domain.decisions import RowStatus
from mailbot.domain.effects import EffectState
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import StoredCase
from mailbot.ledger.history import Judged
from tests.cli.test_differences import mail
from tests.ledger.world import DUE, NOW, ZONE, S, case, item, key_of

Print = pytest.CaptureFixture[str]
SAME = Codes(frozenset(), frozenset())
GONE = Codes(frozenset({"phone.missing"}), frozenset({"row.remark", "id.length"}))
HELD = Judged(S.HELD, RowStatus.HOLD, GONE.now)
ASKED = Judged(S.AWAITING_SENDER, RowStatus.ASK, GONE.was)
PLACE = {"sheet": "名单13812345678", "row": 6, "serial": "3"}


def changed(*cases: CaseChange, why: Why = Why.RULES, state: MailState = MailState.DONE) -> MailChange:
    return MailChange(mail(), state, (), SAME, cases, why, ())


def of_rows(*rows: RowChange, was: str | None = "partial", now: str | None = "partial", version: int = 1) -> CaseChange:
    return CaseChange("2020-000001", version, was, now, SAME, rows)


def page(capsys: Print, *changes: MailChange, limit: int = 100) -> str:
    print_changes(changes, limit)
    return capsys.readouterr().out


def test_what_is_the_same_is_not_told(capsys: Print) -> None:
    assert page(capsys, changed()) == ""


def test_a_row_is_told_by_sheet_row_and_serial_with_what_came_and_went(capsys: Print) -> None:
    told = page(capsys, changed(of_rows(RowChange(1, PLACE, ASKED, HELD))))
    for words in (
        "“名单138****5678”第6行（序号3）",
        f"须更正，{STATES[S.AWAITING_SENDER]}",
        f"待审核，{STATES[S.HELD]}",
        "+id.length +row.remark -phone.missing",
    ):
        assert words in told, words
    assert "13812345678" not in told


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (RowChange(0, {}, HELD, ASKED), "整件事项（第 0 项）"),
        (RowChange(7, {"row": None}, HELD, ASKED), "第 7 项"),
        (RowChange(7, {"row": 9, "sheet": None, "serial": None}, HELD, ASKED), "第9行"),
        (RowChange(7, {"row": 9}, None, ASKED), "未列出"),
    ],
)
def test_other_places_have_their_own_words(capsys: Print, row: RowChange, words: str) -> None:
    assert words in page(capsys, changed(of_rows(row)))


def test_a_case_that_came_is_told_against_none_and_a_later_version_by_its_number(capsys: Print) -> None:
    told = page(capsys, changed(of_rows(was=None, now="accept", version=2), why=Why.LOOKUPS))
    for words in ("2020-000001（第 2 版）", "整件", "未立案", "可全部办理", "当时未立案，按今天的资料核对"):
        assert words in told, words


def test_a_finding_that_only_weighs_otherwise_is_named_all_the_same(capsys: Print) -> None:
    held = replace(ASKED, state=S.HELD, status=RowStatus.HOLD)
    told = page(capsys, changed(of_rows(RowChange(1, PLACE, ASKED, held))))
    assert "phone.missing" in told
    assert "+phone.missing" not in told


def test_a_long_page_is_cut_and_says_so(capsys: Print) -> None:
    rows = tuple(RowChange(n, {"row": n + 5}, ASKED, HELD) for n in range(1, 8))
    told = page(capsys, changed(of_rows(*rows)), limit=3)
    assert "另有 4 处，用 --limit 或 --json 列出。" in told
    assert "第8行" in told
    assert "第9行" not in told
    assert "另有" not in page(capsys, changed(of_rows(*rows)), limit=7)


def test_the_counts_are_those_of_what_differs(capsys: Print) -> None:
    one = changed(of_rows(RowChange(1, PLACE, ASKED, HELD), RowChange(2, PLACE, None, HELD), now="hold"))
    two = changed(of_rows(was=None, now="accept"), why=Why.PROGRAM, state=MailState.SET_ASIDE)
    noted = replace(changed(), notes=("资料已清除",))
    found = summary_json([one, two, noted], unread=2, waiting=[7, 8, 9], rulebook="r" * 64)
    assert (found["mails"], found["same"], found["differ"], found["unread"], found["waiting"]) == (5, 1, 2, 2, 3)
    assert found["why"] == {"program": 1, "rules": 1}
    assert found["outcomes"] == {"None>accept": 1, "partial>hold": 1}
    assert found["states"] == {"awaiting_sender>held": 1, "none>held": 1}
    assert found["added"] == {"id.length": 2, "row.remark": 2}
    assert found["removed"] == {"phone.missing": 1}
    print_summary(found)
    told = capsys.readouterr().out
    for words in ("重算 5 封：相同 1 封，不同 2 封，无法重算 2 封；规则版本 rrrrrrrrrrrr。", "另有 3 封尚未处理过",
                  "结论：未立案 → 可全部办理，1 件", "结论：部分可办理 → 须人工审核，1 件",
                  "各项：未列出 → 待审核，1 项", "问题：-phone.missing，1 处", "说明：资料已清除，1 封"):  # fmt: skip
        assert words in told, words


def test_json_tells_codes_states_and_places_and_never_a_number() -> None:
    told: dict[str, Any] = change_json(changed(of_rows(RowChange(1, PLACE, ASKED, None))), ZONE)
    assert "13812345678" not in str(told)
    assert (told["same"], told["why"]) == (False, "rules")
    [one] = told["cases"]
    [row] = one["rows"]
    assert (row["row"], row["was"], row["now"]) == (6, {"status": "ask", "state": "awaiting_sender"}, None)
    assert change_json(changed(), ZONE)["why"] is None


def document(**more: Any) -> dict[str, Any]:
    keys = ("mail_findings", "findings", "people", "payments", "years", "items", "effects", "letters", "versions")
    empty: dict[str, list[object]] = {key: [] for key in (*keys, "events")}
    head = {"id": "2020-000001", "version": 1, "seen": 3, "kind": "roster", "state": "held", "outcome": "hold",
            "due_at": None, "header": {}, "fields": {}, "source": {}, "mails": [1], "unreached": None}  # fmt: skip
    return {**head, **empty, **more}


def dated(*dates: dict[str, object], was: bool = False, now: bool = False) -> dict[str, Any]:
    detail = {"dates": list(dates), "was_provisional": was, "provisional": now}
    return {"at": "2020-09-23", "kind": "case.redated", "actor": "mailbot", "detail": detail}


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (dated({"items": "1-3", "from": "2020-09-24", "to": "2020-09-25"}), ["第 1-3 项由 2020-09-24 改为 2020-09-25"]),
        (dated({"items": "2", "from": None, "to": "2020-09-25"}), ["第 2 项由 未定 改为 2020-09-25"]),
        (dated(was=True, now=False), ["期限变更：不再是暂定（2020-09-23）"]),
        (dated(was=False, now=True), ["期限变更：改为暂定（2020-09-23）"]),
    ],
)
def test_a_date_that_changed_by_itself_is_told_with_both(
    capsys: Print, event: dict[str, Any], words: list[str]
) -> None:
    print_case(document(events=[event]))
    told = capsys.readouterr().out
    assert all(word in told for word in words)


@pytest.mark.parametrize(
    "event", [dated(was=True, now=True), {**dated(), "detail": None}, {**dated(), "kind": "case.decided"}]
)
def test_other_events_tell_no_change_of_a_date(capsys: Print, event: dict[str, Any]) -> None:
    print_case(document(events=[event]))
    told = capsys.readouterr().out
    assert "期限变更" not in told
    assert ("（明细已清除）" in told) == (event["detail"] is None)


def test_a_hostile_header_moves_no_terminal(capsys: Print) -> None:
    bad = "甲\x1b[2J乙\u202e丙"
    person = {"name": bad, "id_number": "500*************34", "phone": "138****5678"}
    effect = {"verb": "open_account", "person": person, "year": None, "state": "planned"}
    event = {"at": "2020-09-23", "kind": "case.decided", "actor": "王审核", "detail": {"reason": bad}}
    print_case(document(header={"unit": bad, "order_no": ["D1", "D2"]}, effects=[effect], events=[event]))
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "D1、D2" in told


@pytest.mark.parametrize(
    ("state", "claim", "told"),
    [
        (EffectState.DOING, True, "planned"),
        (EffectState.DONE, True, "done"),
        (EffectState.DONE, False, "already"),
        (EffectState.PENDING, False, "pending"),
        (EffectState.UNCERTAIN, True, "uncertain"),
    ],
)
def test_an_effect_is_told_as_this_case_met_it(state: EffectState, claim: bool, told: str) -> None:
    one = StoredCase(case(claim=claim), S.APPROVED, {key_of(1): state.value}, {}, (1,))
    assert [effect.state for effect in case_out(one, [], ZONE).effects] == [told]


def test_a_case_is_due_while_it_runs_and_as_it_was_when_it_was_decided() -> None:
    running = StoredCase(case(), S.APPROVED, {key_of(1): "planned"}, {}, (1,))
    assert case_out(running, [], ZONE).due_at == DUE.astimezone(ZONE).isoformat()
    done = replace(case(), due_at=None, items=(replace(item(1), state=S.FULFILLED, due_at=DUE),))
    assert case_out(replace(running, result=done), [], ZONE).due_at == DUE.astimezone(ZONE).isoformat()
    waits = replace(case(), due_at=None, items=(replace(item(1), state=S.AWAITING_SENDER, due_at=DUE),))
    assert case_out(replace(running, result=waits), [], ZONE).due_at is None


@pytest.mark.parametrize(
    ("by", "told"),
    [(["auto", "auto"], "auto"), (["auto", "王审核"], None), ([None, "auto"], None), ([None, None], None)],
)
def test_who_decided_a_case_is_told_where_all_items_agree(by: list[str | None], told: str | None) -> None:
    rows = tuple(replace(item(n), decided_by=who) for n, who in enumerate(by, start=1))
    one = StoredCase(replace(case(), items=rows), S.APPROVED, {key_of(1): "planned"}, {}, (1,))
    assert case_out(one, [], ZONE).decided_by == told


def test_facts_of_a_finding_become_json() -> None:
    facts = {"campaign.years": (2016, 2017), "mail.arrived": NOW.date(), "row.remark": None, "fee": 33.0, "ok": True}
    found = finding_out(Finding("x.y", Severity.NOTE, "说明", facts=facts)).facts
    assert found == {
        "campaign.years": [2016, 2017],
        "mail.arrived": "2020-07-15",
        "row.remark": None,
        "fee": 33.0,
        "ok": True,
    }


def test_many_changes_are_counted_behind_the_first(capsys: Print) -> None:
    show_changes([f"D{n} 的单位" for n in range(SHOWN + 5)])
    told = capsys.readouterr().out.splitlines()
    assert (len(told), told[-1]) == (SHOWN + 1, "  …… 另有 5 项更改")
    show_changes([f"D{n}" for n in range(SHOWN)])
    assert "另有" not in capsys.readouterr().out


@pytest.mark.parametrize("text", ["2020-02-30", "20.9.2020", "today", "", "2020-09-01T10:00"])
def test_what_is_no_day_is_a_wrong_word(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no day"):
        a_day(text)


@pytest.mark.parametrize(
    ("words", "rows"),
    [(["5"], [5]), (["5-7", "2"], [5, 6, 7, 2]), ([" 3-3 "], [3]), (["2-4", "3-5"], [2, 3, 4, 5])],
)
def test_rows_by_number_and_range_each_once(words: list[str], rows: list[int]) -> None:
    assert rows_of(words) == rows


@pytest.mark.parametrize(
    "word", ["", "0x5", "7-5", "-5", "5-", "五", "1-2-3", "1.5", "3 - 3", "1-99999999999999999999"]
)
def test_what_is_no_row_is_refused(word: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no row"):
        rows_of([word])


@given(st.text(alphabet="0123456789- ,", max_size=8))
def test_any_word_is_rows_or_refused(word: str) -> None:
    try:
        found = rows_of([word])
    except typer.BadParameter:
        return
    assert found == sorted(set(found))
