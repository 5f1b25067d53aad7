"""Replay from the shell: the same rules give the same decisions, others show exactly what they change, nothing is written."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailbot import assembly
from mailbot.assembly import locked
from mailbot.cli import replay
from mailbot.cli.exits import ExitCode
from mailbot.data import rules_dir
from mailbot.ledger.ledger import BLOBS, FILE
from tests.cli.conftest import MIXED
from tests.cli.mails import AT, FIRST_ROW, LATER, Who, mail, people, workbook
from tests.cli.shell import Ran, mailbot
from tests.flow.office import InProcess

ONE, TWO = "2020-000001", "2020-000002"
ASKED_ROW, HELD_ROW = FIRST_ROW + 2, FIRST_ROW + 3
A, B = people(2, seed=41)


def lines(ran: Ran) -> list[dict[str, Any]]:
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def replayed(storage: Path, *arguments: str | Path) -> tuple[dict[int, dict[str, Any]], dict[str, Any]]:
    """Every mail by its number, and the counts."""
    *mails, last = lines(mailbot("replay", "--storage", storage, "--json", *arguments))
    return {one["mail"]: one for one in mails}, last["summary"]


def process(storage: Path, *raws: bytes, at: str = AT, automation: str = "clean") -> None:
    """Mails through the whole flow, one after the other."""
    home = storage.parent
    for number, raw in enumerate(raws):
        file = home / f"{at[11:16].replace(':', '')}-{number}.eml"
        file.write_bytes(raw)
        ran = mailbot("process", file, "--storage", storage, "--out", home / "out", "--json", home / "l.jsonl",
                      "--at", at, "--automation", automation)  # fmt: skip
        assert ran.code == 0, ran.err


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Mails are opened in this process: a child for every run would take longer than the test."""
    with monkeypatch.context() as patch:
        patch.setattr(assembly, "Sandbox", InProcess)
        patch.setattr(replay, "Sandbox", InProcess)
        yield patch


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules, to change."""
    return Path(shutil.copytree(rules_dir(), tmp_path / "rules"))


def weigh(rules: Path, code: str, then: str, key: str = "then") -> None:
    """Give a rule another severity (of its yes, or of its unknown), whatever its file."""
    for file in rules.glob("*.toml"):
        text = file.read_text("utf-8")
        found = re.search(rf'(?ms)^code *= "{re.escape(code)}".*?^{key} *= "(\w+)"', text)
        if found:
            file.write_text(text[: found.start(1)] + then + text[found.end(1) :], "utf-8")
            return
    raise AssertionError(f"no rule {code}")


def content(storage: Path) -> dict[str, Any]:
    """Everything that a storage folder holds: every row of every table, every other file."""
    with closing(sqlite3.connect(f"file:{storage / FILE}?mode=ro", uri=True)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        held: dict[str, Any] = {
            name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"')))  # noqa: S608 - names out of the schema itself
            for name in tables
        }
    beside = (f"{FILE}-wal", f"{FILE}-shm")
    files = (path for path in storage.rglob("*") if path.is_file() and path.name not in (FILE, *beside))
    return held | {str(path.relative_to(storage)): path.read_bytes() for path in files}


def test_the_same_rules_come_to_the_same_decisions(storage: Path) -> None:
    found, counts = replayed(storage)
    assert sorted(found) == [1, 2, 3, 4]
    assert all(one["same"] for one in found.values())
    assert (counts["mails"], counts["same"], counts["differ"], counts["unread"]) == (4, 4, 0, 0)
    assert found[4]["notes"] == ["当时没有立案，按今天的资料核对"]
    assert [found[number]["notes"] for number in (1, 2, 3)] == [[], [], []]


def test_mails_are_opened_in_a_child_like_any_other(storage: Path, in_process: pytest.MonkeyPatch) -> None:
    in_process.undo()
    assert replayed(storage)[1]["same"] == 4


def test_nothing_is_written_and_no_letter_and_no_platform_row(storage: Path, rules: Path) -> None:
    weigh(rules, "phone.missing", "hold")
    weigh(rules, "mail.unclaimed", "note")
    before = content(storage)
    assert len(before["mails"]) == 4
    replayed(storage, "--rules", rules)
    mailbot("replay", "--storage", storage)
    assert content(storage) == before


def test_another_severity_changes_that_row_and_nothing_else(storage: Path, rules: Path) -> None:
    weigh(rules, "phone.missing", "hold")
    found, counts = replayed(storage, "--rules", rules)
    assert [number for number, one in found.items() if not one["same"]] == [2]
    [case] = found[2]["cases"]
    assert (case["id"], case["was"], case["now"]) == (TWO, "partial", "partial")
    [row] = case["rows"]
    assert (row["row"], row["added"], row["removed"]) == (ASKED_ROW, [], [])
    assert row["was"] == {"status": "ask", "state": "awaiting_sender"}
    assert row["now"] == {"status": "hold", "state": "held"}
    assert (counts["differ"], counts["states"], counts["why"]) == (1, {"awaiting_sender>held": 1}, {"rules": 1})


def test_a_rule_that_is_gone_and_one_that_is_new_are_told_by_their_codes(storage: Path, rules: Path) -> None:
    rows = rules / "roster_row.toml"
    text = rows.read_text("utf-8").replace('"row.remark"', '"row.remark_new"')
    rows.write_text(text, "utf-8")
    ran = mailbot("rules", "check", "--rules", rules)
    if ran.code:
        pytest.fail(ran.out)
    found, counts = replayed(storage, "--rules", rules)
    [row] = found[2]["cases"][0]["rows"]
    assert (row["row"], row["added"], row["removed"]) == (HELD_ROW, ["row.remark_new"], ["row.remark"])
    assert (counts["added"], counts["removed"]) == ({"row.remark_new": 1}, {"row.remark": 1})


def test_the_table_names_places_and_shows_no_number(storage: Path, rules: Path) -> None:
    weigh(rules, "phone.missing", "hold")
    ran = mailbot("replay", "--storage", storage, "--rules", rules)
    assert ran.code == 0, ran.err
    row = next(line for line in ran.out.splitlines() if TWO in line)
    assert f"第{ASKED_ROW}行" in row
    assert "phone.missing" in row
    assert "规则与判定时不同" in row
    assert "重算 4 封：相同 3 封，不同 1 封，无法重算 0 封" in ran.out
    for who in MIXED:
        assert who.id_number not in ran.out
        assert not who.phone or who.phone not in ran.out


def test_a_long_table_is_cut_and_says_so(storage: Path, rules: Path) -> None:
    weigh(rules, "phone.missing", "hold")
    weigh(rules, "row.remark", "ask")
    ran = mailbot("replay", "--storage", storage, "--rules", rules, "--limit", "1")
    assert re.search(r"另有 \d+ 处", ran.out)


def test_progress_goes_to_stderr(storage: Path) -> None:
    ran = mailbot("replay", "--storage", storage, "--json")
    assert "已重算 4/4" in ran.err
    assert "已重算" not in ran.out


def test_what_came_later_does_not_show_in_a_mail_that_was_judged_before(tmp_path: Path) -> None:
    """The same people again from another unit, then a decision by a person: the first mail stays what it was."""
    storage = tmp_path / "storage"
    process(storage, mail(workbook([A, B]), number=1))
    other = mail(workbook([A, replace(B, phone="13900007777")], unit="重庆市另一单位", order="2020070297223044"),
                 number=2, sender="hr@other-test.cn")  # fmt: skip
    process(storage, other, at=LATER)
    found, counts = replayed(storage)
    assert counts["same"] == counts["mails"] == 2, found


def test_what_a_person_decided_since_does_not_count(storage: Path) -> None:
    decided = mailbot("case", "decide", ONE, "--storage", storage, "--all", "--approve", "--by", "张工", "--reason",
                      "已核对", "--yes")  # fmt: skip
    assert decided.code == 0, decided.err
    assert replayed(storage)[1]["same"] == 4


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """A roster with a row without a phone, and the sender's answer with that row whole: two versions of one case."""
    storage = tmp_path / "site" / "storage"
    storage.parent.mkdir()
    process(storage, mail(workbook([A, replace(B, phone="")]), number=1))
    with closing(sqlite3.connect(storage / FILE)) as db:
        [(letter,)] = db.execute("SELECT message_id FROM letters")
    process(storage, mail(workbook([A, B]), number=2, answers=letter), at=LATER)
    return storage


def test_versions_of_a_case_are_judged_each_on_what_stood_before_it(followed: Path) -> None:
    shown = mailbot("case", "show", ONE, "--storage", followed, "--json").json
    assert (shown["version"], [row["state"] for row in shown["people"]]) == (2, ["fulfilled", "fulfilled"])
    found, counts = replayed(followed)
    assert counts["same"] == counts["mails"] == 2, found


def test_only_the_version_that_a_rule_touches_differs(followed: Path, rules: Path) -> None:
    weigh(rules, "phone.missing", "hold")
    found, _ = replayed(followed, "--rules", rules)
    [case] = found[1]["cases"]
    assert (case["version"], [row["row"] for row in case["rows"]]) == (1, [FIRST_ROW + 1])
    assert found[2]["same"], "the second version lies on what really stood then"


def test_a_follow_up_alone_is_judged_on_its_case_too(followed: Path) -> None:
    found, counts = replayed(followed, "--last", "1")
    assert sorted(found) == [2]
    assert counts["same"] == 1, found


def test_since_counts_by_arrival_and_last_by_number(followed: Path) -> None:
    assert sorted(replayed(followed, "--since", "2020-09-22T10:30:00+08:00")[0]) == [2]
    assert sorted(replayed(followed, "--since", "2020-09-22")[0]) == [1, 2]
    assert replayed(followed, "--since", "2020-09-23")[1]["mails"] == 0
    assert sorted(replayed(followed, "--last", "1")[0]) == [2]
    assert mailbot("replay", "--storage", followed, "--since", "yesterday").code == ExitCode.USAGE
    assert mailbot("replay", "--storage", followed, "--last", "0").code == ExitCode.USAGE


def test_a_mail_whose_bytes_are_gone_is_named_and_the_others_go_on(storage: Path) -> None:
    with closing(sqlite3.connect(storage / FILE)) as db:
        [(sha256,)] = db.execute("SELECT sha256 FROM mails WHERE id = 2")
    (storage / BLOBS / sha256[:2] / sha256).unlink()
    found, counts = replayed(storage)
    assert "missing" in found[2]["error"]
    assert (counts["same"], counts["unread"]) == (3, 1)
    page = mailbot("replay", "--storage", storage).out
    assert re.search(r"邮件 2（2020-09-22 10:00）无法重算：blob \w+ is missing", page)


def test_a_damaged_blob_is_named(storage: Path) -> None:
    with closing(sqlite3.connect(storage / FILE)) as db:
        [(sha256,)] = db.execute("SELECT sha256 FROM mails WHERE id = 1")
    (storage / BLOBS / sha256[:2] / sha256).write_bytes(b"something else")
    assert "damaged" in replayed(storage)[0][1]["error"]


def test_bad_rules_are_told_with_file_and_line(storage: Path, rules: Path, tmp_path: Path) -> None:
    weigh(rules, "phone.missing", "hodl")
    ran = mailbot("replay", "--storage", storage, "--rules", rules)
    assert ran.code == ExitCode.RULES
    assert re.search(r"roster_row\.toml:\d+", ran.err)
    assert mailbot("replay", "--storage", storage, "--rules", tmp_path / "none").code == ExitCode.USAGE


def test_a_place_without_a_ledger_is_one_line(tmp_path: Path) -> None:
    ran = mailbot("replay", "--storage", tmp_path)
    assert (ran.code, ran.err.count("\n")) == (ExitCode.UNAVAILABLE, 1)


def test_it_works_beside_somebody_who_works_there(storage: Path) -> None:
    with locked(storage), _writing(storage):
        assert replayed(storage)[1]["same"] == 4


@contextmanager
def _writing(storage: Path) -> Iterator[None]:
    """A write that is under way all the time."""
    with closing(sqlite3.connect(storage / FILE, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE mails SET state = 'set_aside'")
        yield
        db.execute("ROLLBACK")


def test_each_case_keeps_the_level_it_was_judged_at(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    process(storage, mail(workbook([A]), number=1), automation="clean")
    process(storage, mail(workbook([B], order="2020070297223044"), number=2), at=LATER, automation="confirm")
    assert replayed(storage)[1]["same"] == 2
    found, counts = replayed(storage, "--automation", "clean")
    assert [number for number, one in found.items() if not one["same"]] == [2]
    assert counts["states"] == {"held>approved": 1}
    assert mailbot("replay", "--storage", storage, "--automation", "wild").code == ExitCode.USAGE


def test_rules_that_name_another_level_are_taken_at_their_word(storage: Path, rules: Path) -> None:
    campaign = rules / "campaigns" / "2020.toml"
    text, count = re.subn(r'(?m)^(automation *= *)"trusted"', r'\1"clean"', campaign.read_text("utf-8"), count=1)
    assert count == 1
    campaign.write_text(text, "utf-8")
    _, counts = replayed(storage, "--rules", rules)
    assert counts["states"].get("held>approved", 0) >= 3, "the rows of the first case go by themselves"


def test_rules_that_let_a_mail_without_a_case_through_leave_it_to_a_person(storage: Path, rules: Path) -> None:
    """No weight of a rule makes a mail that nobody understood end in silence."""
    weigh(rules, "mail.unclaimed", "note")
    found, counts = replayed(storage, "--rules", rules)
    one = found[4]
    assert (one["was"]["state"], one["now"]["state"], one["why"]) == ("set_aside", "set_aside", None)
    assert "set_aside>done" not in counts["states"]


def test_a_mail_that_waits_for_another_try_is_only_counted(storage: Path) -> None:
    ran = mailbot("mail", "retry", "4", "--by", "张工", "--storage", storage)
    assert ran.code == 0, ran.err
    found, counts = replayed(storage)
    assert (sorted(found), counts["waiting"]) == ([1, 2, 3], 1)
    assert "另有 1 封尚未处理过" in mailbot("replay", "--storage", storage).out


def test_a_mail_that_broke_the_program_is_named_with_the_reason(storage: Path) -> None:
    with closing(sqlite3.connect(storage / FILE)) as db:
        db.execute("UPDATE mails SET summary = NULL, last_error = 'given up: KeyError in x.py:7' WHERE id = 4")
        db.commit()
    found, counts = replayed(storage)
    assert "KeyError in x.py:7" in found[4]["error"]
    assert (counts["unread"], counts["same"]) == (1, 3)


def test_where_the_details_were_purged_the_rest_is_compared(storage: Path, rules: Path) -> None:
    with closing(sqlite3.connect(storage / FILE)) as db:
        db.execute("DELETE FROM event_details")
        db.commit()
    found, counts = replayed(storage)
    assert counts["same"] == 4
    assert any("逐行的核对结果已清除" in note for note in found[2]["notes"])
    weigh(rules, "phone.missing", "note")
    assert replayed(storage, "--rules", rules)[1]["differ"] <= 1


def test_a_roster_of_an_unverified_sender_is_judged_as_his(storage: Path, rules: Path) -> None:
    weigh(rules, "sender.unverified", "pass", "unknown")
    found, _ = replayed(storage, "--rules", rules)
    assert [number for number, one in found.items() if not one["same"]] == [3]
    [case] = found[3]["cases"]
    assert (case["was"], case["removed"]) == ("hold", ["sender.unverified"])
    assert case["now"] == "accept"


def test_people_are_told_of_only_by_their_place(storage: Path, rules: Path) -> None:
    weigh(rules, "phone.missing", "hold")
    out = mailbot("replay", "--storage", storage, "--rules", rules, "--json").out
    who: Who
    for who in MIXED:
        assert who.name not in out
        assert who.id_number not in out


def test_a_whole_conversation_is_judged_again_turn_by_turn(followed: Path) -> None:
    """A question, an addition, a withdrawal: each on the case as it stood, though the case has moved on since."""

    def letters() -> str:
        with closing(sqlite3.connect(followed / FILE)) as db:
            return str(db.execute("SELECT message_id FROM letters ORDER BY planned_at DESC, key DESC").fetchone()[0])

    (third,) = people(1, seed=42)
    process(followed, mail(None, subject="咨询进度", text="请问我们的名单办到哪一步了？", number=3, answers=letters()),
            at="2020-09-22T12:00:00+08:00")  # fmt: skip
    process(followed, mail(workbook([A, B, third]), text="补充一人。", number=4, answers=letters()),
            at="2020-09-22T13:00:00+08:00")  # fmt: skip
    process(followed, mail(workbook([A, B, replace(third, remark="已离职")]), text="请以此为准。", number=5, answers=letters()),
            at="2020-09-22T14:00:00+08:00")  # fmt: skip
    process(followed, mail(None, subject="撤回", text="上次的名单作废，请撤回。", number=6, answers=letters()),
            at="2020-09-22T15:00:00+08:00")  # fmt: skip
    versions = mailbot("case", "show", ONE, "--storage", followed, "--json").json["versions"]
    assert len(versions) >= 3
    found, counts = replayed(followed)
    assert counts["same"] == counts["mails"] == 6, [one for one in found.values() if not one["same"]]
