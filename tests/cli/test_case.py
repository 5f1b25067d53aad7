"""Cases from the shell: lists, one case, masks and logged looks, verdicts with all their consequences."""

import json
from pathlib import Path

import pytest

from mailbot.cli.exits import ExitCode
from mailbot.ledger import heaps
from tests.cli.conftest import ALIKE, MIXED
from tests.cli.mails import FIRST_ROW, LATER, SENDER, UNIT, mail, people, workbook
from tests.cli.shell import Ran, mailbot

ONE, TWO, THREE = "2020-000001", "2020-000002", "2020-000003"


def decide(storage: Path, case: str, *more: str, reason: str = "已电话核实", stdin: str = "") -> Ran:
    return mailbot(
        "case", "decide", case, *more, "--by", "王审核", "--reason", reason, "--storage", storage, stdin=stdin
    )


def shown(storage: Path, case: str) -> dict[str, object]:
    found = mailbot("case", "show", case, "--json", "--storage", storage).json
    assert isinstance(found, dict)
    return found


def states(storage: Path, case: str) -> list[str]:
    people = shown(storage, case)["people"]
    assert isinstance(people, list)
    return [row["state"] for row in people]


def test_the_list_names_every_case_with_unit_state_and_due_date(filled: Path) -> None:
    ran = mailbot("case", "list", "--storage", filled / "storage")
    assert ran.code == 0
    assert all(text in ran.out for text in (ONE, TWO, THREE, UNIT, "待审核", "2020-09-24"))


def test_the_list_by_state_and_as_json(filled: Path) -> None:
    ran = mailbot("case", "list", "--state", "held", "--json", "--storage", filled / "storage")
    assert [case["id"] for case in ran.json] == [ONE, TWO, THREE]
    assert mailbot("case", "list", "--state", "declined", "--json", "--storage", filled / "storage").json == []
    assert ran.json[1]["items"] == {"held": 3, "awaiting_sender": 1}


def test_a_flood_is_one_row_as_json_too(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = mailbot("case", "list", "--json", "--storage", filled / "storage").json
    assert {case["more"] for case in whole} == {0}
    monkeypatch.setattr(heaps, "FEW", 0)
    heaped = mailbot("case", "list", "--json", "--storage", filled / "storage").json
    assert len(heaped) == len({case["sender"] for case in whole})
    assert len(heaped) + sum(case["more"] for case in heaped) == len(whole)


@pytest.mark.parametrize(
    ("at", "due", "count"),
    [
        ("2020-09-23T09:00:00+08:00", "today", 0),
        ("2020-09-24T09:00:00+08:00", "today", 3),
        ("2020-09-24T09:00:00+08:00", "overdue", 0),
        ("2020-09-25T09:00:00+08:00", "overdue", 3),
    ],
)
def test_the_list_of_what_is_due(filled: Path, at: str, due: str, count: int) -> None:
    ran = mailbot("case", "list", "--due", due, "--at", at, "--json", "--storage", filled / "storage")
    assert len(ran.json) == count


def test_one_case_shows_rows_findings_letters_versions_and_events(filled: Path) -> None:
    ran = mailbot("case", "show", TWO, "--storage", filled / "storage")
    assert ran.code == 0
    for text in (UNIT, MIXED[0].name, "phone.missing", "row.remark", "mail:2:1", SENDER, "第 1 版", "case.decided"):
        assert text in ran.out


def test_whole_numbers_are_shown_only_in_a_look_that_is_recorded_first(storage: Path) -> None:
    who = ALIKE[0]
    hidden = mailbot("case", "show", ONE, "--storage", storage)
    hidden_json = mailbot("case", "show", ONE, "--json", "--storage", storage)
    for ran in (hidden, hidden_json):
        assert who.id_number not in ran.out
        assert who.phone not in ran.out
        assert who.phone[:3] + "****" + who.phone[-4:] in ran.out
    open_ = mailbot("case", "show", ONE, "--reveal", "--by", "王审核", "--reason", "核对证件", "--storage", storage)
    assert who.id_number in open_.out
    assert who.phone in open_.out
    events = shown(storage, ONE)["events"]
    assert isinstance(events, list)
    looks = [event for event in events if event["kind"] == "values.revealed"]
    assert [(look["actor"], look["detail"]) for look in looks] == [("王审核", {"reason": "核对证件"})]


def test_a_look_without_a_name_or_reason_is_refused_and_leaves_no_trace(storage: Path) -> None:
    ran = mailbot("case", "show", ONE, "--reveal", "--by", "王审核", "--storage", storage)
    assert ran.code == ExitCode.REFUSED
    assert "姓名和理由" in ran.err
    assert ALIKE[0].phone not in ran.out
    assert "values.revealed" not in json.dumps(shown(storage, ONE))


@pytest.mark.parametrize("verb", [("show",), ("decide", "--all", "--approve", "--by", "王", "--reason", "x")])
def test_a_case_that_is_not_there_is_one_chinese_line(storage: Path, verb: tuple[str, ...]) -> None:
    ran = mailbot("case", verb[0], "2020-999999", *verb[1:], "--storage", storage)
    assert ran.code == ExitCode.REFUSED
    assert ran.err == "mailbot: 没有登记编号 2020-999999。\n"


def test_the_consequences_are_shown_and_a_no_writes_nothing(storage: Path) -> None:
    before = shown(storage, ONE)
    ran = decide(storage, ONE, "--proposed", "--approve", "--bind", stdin="n\n")
    assert ran.code == 0
    for who in ALIKE:
        assert who.name in ran.out
        assert who.id_number not in ran.out
    assert ran.out.count("办理事项：注册账号") == 3
    assert f"办结后把结果告知 {SENDER}" in ran.out
    assert "确认发件人：@yunling-test.cn" in ran.out
    assert "未写入任何内容" in ran.out
    assert shown(storage, ONE) == before


def test_approving_registers_binds_and_is_an_event_with_name_and_reason(storage: Path) -> None:
    ran = decide(storage, ONE, "--proposed", "--approve", "--bind", "--yes")
    assert ran.code == 0, ran.err
    assert states(storage, ONE) == ["approved"] * 3
    effects = shown(storage, ONE)["effects"]
    assert isinstance(effects, list)
    assert [effect["state"] for effect in effects] == ["planned"] * 3
    events = shown(storage, ONE)["events"]
    assert isinstance(events, list)
    [decided] = [event for event in events if event["actor"] == "王审核" and event["kind"] == "case.decided"]
    assert decided["detail"]["reason"] == "已电话核实"


def test_a_bound_sender_of_the_same_domain_goes_by_itself_afterwards(storage: Path, tmp_path: Path) -> None:
    assert decide(storage, ONE, "--proposed", "--approve", "--bind", "--yes").code == 0
    colleague = mail(workbook(people(2, seed=7), order="2020070297220000"), sender="other@yunling-test.cn", number=70)
    (tmp_path / "70.eml").write_bytes(colleague)
    ran = mailbot("process", tmp_path / "70.eml", "--storage", storage, "--out", tmp_path / "out",
                  "--at", LATER, "--json", "-")  # fmt: skip
    [case] = json.loads(ran.out)["cases"]
    assert case["state"] == "fulfilled"
    assert [effect["state"] for effect in case["effects"]] == ["done", "done"]
    assert states(storage, ONE) == ["fulfilled"] * 3


def test_rows_are_named_by_sheet_row_and_items_by_number(storage: Path) -> None:
    assert decide(storage, ONE, "--row", str(FIRST_ROW + 1), "--approve", "--yes").code == 0
    assert states(storage, ONE) == ["held", "approved", "held"]
    assert decide(storage, ONE, "--item", "3", "--close", "--yes").code == 0
    assert states(storage, ONE) == ["held", "approved", "closed"]
    wrong = decide(storage, ONE, "--row", "99", "--approve", "--yes")
    assert (wrong.code, wrong.err) == (ExitCode.REFUSED, "mailbot: 本件没有第 99 行。\n")
    sheet = decide(storage, ONE, "--row", str(FIRST_ROW), "--sheet", "别的", "--approve", "--yes")
    assert "工作表“别的”" in sheet.err
    assert "本件没有第 9 项" in decide(storage, ONE, "--item", "9", "--approve", "--yes").err


def test_a_standing_problem_must_be_waived_by_its_code_and_with_a_reason(storage: Path) -> None:
    held_row = str(FIRST_ROW + 3)
    refused = decide(storage, TWO, "--row", held_row, "--approve", "--yes")
    assert refused.code == ExitCode.REFUSED
    assert "row.remark" in refused.err
    assert "须注明理由" in decide(storage, TWO, "--row", held_row, "--approve", "--waive", "row.remark", "--yes").err
    other = decide(storage, TWO, "--row", held_row, "--approve", "--waive", "id.checksum=无碍", "--yes")
    assert "没有 id.checksum 这个问题" in other.err
    assert states(storage, TWO)[3] == "held"
    given = decide(storage, TWO, "--row", held_row, "--approve", "--waive", "row.remark=单位证明仍在职", "--yes")
    assert given.code == 0, given.err
    assert states(storage, TWO)[3] == "approved"
    assert "单位证明仍在职" in json.dumps(shown(storage, TWO)["events"], ensure_ascii=False)


def test_a_row_without_its_values_cannot_be_approved_by_anybody(storage: Path) -> None:
    ran = decide(storage, TWO, "--row", str(FIRST_ROW + 2), "--approve", "--waive", "phone.missing=本人同意", "--yes")
    assert ran.code == ExitCode.REFUSED
    assert states(storage, TWO)[2] == "awaiting_sender"


def test_declining_and_asking_write_a_letter_with_the_reason_at_once(storage: Path) -> None:
    ran = decide(storage, ONE, "--row", str(FIRST_ROW), "--decline", "--yes", reason="不属于专业技术人员")
    assert f"信件：随即发给 {SENDER}" in ran.out
    [planned] = [one for one in mailbot("letter", "list", "--json", "--storage", storage).json if one["cases"] == [ONE]]
    text = mailbot("letter", "show", planned["key"], "--storage", storage).out
    assert "不属于专业技术人员" in text
    assert "尚未成文" in text
    assert states(storage, ONE)[0] == "declined"
    again = decide(storage, ONE, "--row", str(FIRST_ROW), "--reopen", "--yes")
    assert again.code == 0, again.err
    assert states(storage, ONE)[0] == "received"


def test_a_case_that_changed_since_it_was_seen_is_refused(storage: Path) -> None:
    seen = str(shown(storage, ONE)["seen"])
    assert decide(storage, ONE, "--row", str(FIRST_ROW), "--close", "--seen", seen, "--yes").code == 0
    ran = decide(storage, ONE, "--row", str(FIRST_ROW + 1), "--close", "--seen", seen, "--yes")
    assert ran.code == ExitCode.REFUSED
    assert "已有变化" in ran.err
    assert states(storage, ONE)[1] == "held"


def test_everything_a_verdict_fits_and_the_case_s_own_matter(storage: Path) -> None:
    refused = decide(storage, THREE, "--all", "--approve", "--yes")
    assert "sender.unverified" in refused.err
    given = decide(storage, THREE, "--all", "--approve", "--waive", "sender.unverified=电话确认", "--yes")
    assert given.code == 0, given.err
    assert set(states(storage, THREE)) == {"approved"}
    assert "本件没有可以" in decide(storage, THREE, "--all", "--decline", "--yes").err


def test_the_verdict_and_what_it_is_about_must_be_named(storage: Path) -> None:
    assert decide(storage, ONE, "--row", "6").code == ExitCode.USAGE
    assert decide(storage, ONE, "--row", "6", "--approve", "--close").code == ExitCode.USAGE
    assert decide(storage, ONE, "--approve").code == ExitCode.USAGE
    blank = mailbot("case", "decide", ONE, "--all", "--close", "--by", " ", "--reason", "x", "--storage", storage)
    assert blank.code == ExitCode.USAGE


def test_without_an_answer_nothing_is_decided(storage: Path) -> None:
    ran = decide(storage, ONE, "--all", "--close")
    assert ran.code == ExitCode.FAILED
    assert states(storage, ONE) == ["held"] * 3
