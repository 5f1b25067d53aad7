"""The worklist: rows are written once, wait until somebody answers for them, and survive a death at any place."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mailbot.domain.effects import Person
from mailbot.domain.lists import ListHead
from mailbot.domain.ports import PortError, Presence, RowResult, Wish
from mailbot.platform.known import Account, Group
from mailbot.platform.worklist import Worklist
from tests.platform.people import NOON, person, settings, wish

HEAD = ListHead("accounts.xlsx", "0" * 64, date(2020, 7, 1))


@pytest.fixture
def worklist(tmp_path: Path) -> Worklist:
    return Worklist(settings(tmp_path, batch_size="3"))


def folder(tmp_path: Path) -> Path:
    return tmp_path / "worklist"


def listed(tmp_path: Path, verb: str = "待注册") -> list[str]:
    """The phones in all import workbooks of a verb."""
    phones: list[str] = []
    for path in sorted(folder(tmp_path).glob(f"{verb}-*.xlsx")):
        phones += [str(row[0]) for row in load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)]
    return phones


def answers(worklist: Worklist) -> dict[str, RowResult]:
    return {answer.key: answer.result for answer in worklist.collect()}


def test_wishes_become_pending_rows_in_workbooks_of_limited_size(worklist: Worklist, tmp_path: Path) -> None:
    said = worklist.ensure_accounts([wish(n) for n in range(7)])
    assert {answer.result for answer in said} == {RowResult.PENDING}
    assert listed(tmp_path) == [person(n).phone for n in range(7)]
    assert [len(b.counts) and b.counts["pending"] for b in worklist.batches()] == [3, 3, 1]
    assert said[3].detail == "batch 0002 row 2"


def test_a_second_call_writes_nothing_twice(worklist: Worklist, tmp_path: Path) -> None:
    first = worklist.ensure_accounts([wish(1), wish(2)])
    files = {path: path.read_bytes() for path in folder(tmp_path).glob("*.xlsx")}
    assert worklist.ensure_accounts([wish(1), wish(2)]) == first
    assert {path: path.read_bytes() for path in folder(tmp_path).glob("*.xlsx")} == files


def test_a_workbook_once_written_is_never_changed(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1)])
    before = (folder(tmp_path) / "待注册-0001.xlsx").read_bytes()
    worklist.ensure_accounts([wish(2)])
    assert (folder(tmp_path) / "待注册-0001.xlsx").read_bytes() == before
    assert listed(tmp_path) == [person(1).phone, person(2).phone]


def test_silence_is_not_success(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1)])
    assert worklist.collect() == []
    assert worklist.collect() == []


def test_it_knows_nobody(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1)])
    worklist.confirm("王芳", batch="0001")
    assert [found.presence for found in worklist.find([person(1), person(2)])] == [Presence.UNKNOWN] * 2


def test_a_person_confirms_a_batch_and_only_that(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(n) for n in range(4)])
    assert worklist.confirm("王芳", batch="0001") == 3
    assert answers(worklist) == {f"account:{n}": RowResult.DONE for n in range(3)}


def test_a_person_confirms_single_rows_by_key(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1), wish(2)])
    assert worklist.confirm("王芳", keys=["account:2", "account:2"]) == 1
    assert answers(worklist) == {"account:2": RowResult.DONE}


def test_an_answer_says_who_gave_it_and_where_the_row_stands(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1)])
    worklist.confirm("王芳", batch="1")
    assert worklist.collect()[0].detail == "batch 0001 row 2; confirmed by 王芳"


@pytest.mark.parametrize("batch", ["0009", "abc", "", "-1", "１", "9" * 30])
def test_an_unknown_batch_confirms_nothing(worklist: Worklist, batch: str) -> None:
    worklist.ensure_accounts([wish(1)])
    with pytest.raises(PortError, match="no batch"):
        worklist.confirm("王芳", batch=batch)
    assert worklist.collect() == []


def test_one_unknown_key_confirms_nothing(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1)])
    with pytest.raises(PortError, match="account:8"):
        worklist.confirm("王芳", keys=["account:1", "account:8"])
    assert worklist.collect() == []


def test_nobody_confirms_without_a_name(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1)])
    with pytest.raises(PortError, match="named person"):
        worklist.confirm(" ", batch="0001")


def test_a_row_keeps_its_first_answer(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1)])
    assert worklist.mark("王芳", ["account:1"], RowResult.REJECTED, "号码停用") == 1
    assert worklist.confirm("李强", batch="0001") == 0
    assert answers(worklist) == {"account:1": RowResult.REJECTED}


@pytest.mark.parametrize("result", [RowResult.PENDING, RowResult.RETRY])
def test_what_is_no_end_cannot_be_marked(worklist: Worklist, result: RowResult) -> None:
    worklist.ensure_accounts([wish(1)])
    with pytest.raises(PortError, match="no end"):
        worklist.mark("王芳", ["account:1"], result, "")


def test_answers_are_told_once_to_a_process_that_goes_on(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1), wish(2)])
    worklist.confirm("王芳", keys=["account:1"])
    assert list(answers(worklist)) == ["account:1"]
    worklist.confirm("王芳", keys=["account:2"])
    assert list(answers(worklist)) == ["account:2"]
    assert worklist.collect() == []


def test_answers_lost_before_the_next_call_are_told_again(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1)])
    worklist.confirm("王芳", batch="0001")
    assert list(answers(worklist)) == ["account:1"]
    worklist.close()
    again = Worklist(settings(tmp_path))
    assert list(answers(again)) == ["account:1"]
    assert again.collect() == []
    again.close()
    assert Worklist(settings(tmp_path)).collect() == []


def test_the_same_person_under_another_key_joins_the_row(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1)])
    assert worklist.ensure_accounts([wish(1, key="b")])[0].result is RowResult.PENDING
    assert listed(tmp_path) == [person(1).phone]
    worklist.confirm("王芳", batch="0001")
    assert answers(worklist) == {"account:1": RowResult.DONE, "b": RowResult.DONE}
    assert worklist.ensure_accounts([wish(1, key="c")])[0].result is RowResult.ALREADY


@pytest.mark.parametrize("shared", ["phone", "id_number", "both_but_name"])
def test_a_phone_or_id_number_asked_for_otherwise_conflicts(worklist: Worklist, tmp_path: Path, shared: str) -> None:
    worklist.ensure_accounts([wish(1)])
    one, two = person(1), person(2)
    other = Person(
        "周大明",
        two.id_number if shared == "phone" else one.id_number,
        two.phone if shared == "id_number" else one.phone,
    )
    assert worklist.ensure_accounts([Wish("b", other)])[0].result is RowResult.CONFLICT
    assert listed(tmp_path) == [one.phone]


def test_changed_values_under_the_same_key_conflict_while_the_row_lives(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1)])
    changed = Person("周大明", person(1).id_number, person(1).phone)
    assert worklist.ensure_accounts([Wish("account:1", changed)])[0].result is RowResult.CONFLICT


def test_two_of_one_call_cannot_take_the_same_phone(worklist: Worklist, tmp_path: Path) -> None:
    other = Wish("b", Person("周大明", person(2).id_number, person(1).phone))
    said = worklist.ensure_accounts([wish(1), other])
    assert [answer.result for answer in said] == [RowResult.PENDING, RowResult.CONFLICT]
    assert listed(tmp_path) == [person(1).phone]


def test_a_rejection_is_told_again_until_it_arrived_and_then_may_be_tried_anew(
    worklist: Worklist, tmp_path: Path
) -> None:
    worklist.ensure_accounts([wish(1)])
    worklist.mark("王芳", ["account:1"], RowResult.REJECTED, "平台拒收")
    assert worklist.ensure_accounts([wish(1)])[0].result is RowResult.REJECTED
    worklist.collect()
    worklist.collect()
    assert worklist.ensure_accounts([wish(1)])[0].result is RowResult.PENDING
    assert Counter(listed(tmp_path)) == {person(1).phone: 2}


def test_a_row_that_ended_nobody_knows_how_is_not_asked_for_by_another(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1)])
    worklist.mark("王芳", ["account:1"], RowResult.UNKNOWN, "系统繁忙")
    worklist.collect()
    worklist.collect()
    assert worklist.ensure_accounts([wish(1, key="b")])[0].result is RowResult.UNKNOWN
    assert listed(tmp_path) == [person(1).phone]


def test_a_person_s_reason_stands_in_the_answer(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(1)])
    worklist.confirm("王芳", batch="0001", reason="平台页面已逐一核对")
    assert worklist.collect()[0].detail == "batch 0001 row 2; confirmed by 王芳: 平台页面已逐一核对"


def test_what_waits_is_listed_with_the_rows_of_its_workbook(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(n) for n in range(4)])
    worklist.ensure_accounts([wish(0, key="b")])
    worklist.grant([wish(9, key="g", year=2018)])
    worklist.confirm("王芳", keys=["account:1"])
    assert [(w.batch, w.row, w.verb, w.phone, w.year, w.keys) for w in worklist.waiting()] == [
        ("0001", 2, "open_account", person(0).phone, None, ("account:0", "b")),
        ("0001", 4, "open_account", person(2).phone, None, ("account:2",)),
        ("0002", 2, "open_account", person(3).phone, None, ("account:3",)),
        ("0003", 2, "grant", person(9).phone, 2018, ("g",)),
    ]
    assert worklist.keys_at("0001", [4]) == ["account:2"]


def test_a_grant_has_its_year_in_the_workbook_and_its_own_list(worklist: Worklist, tmp_path: Path) -> None:
    worklist.grant([wish(1, key="g", year=2018)])
    rows = list(load_workbook(folder(tmp_path) / "待开通-0001.xlsx").worksheets[0].iter_rows(values_only=True))
    assert rows[0][4] == "年度"
    assert rows[1][4] == "2018"
    assert (folder(tmp_path) / "待开通清单.xlsx").exists()


def test_what_was_taken_back_can_be_granted_again(worklist: Worklist) -> None:
    worklist.grant([wish(1, key="g", year=2018)])
    worklist.confirm("王芳", keys=["g"])
    worklist.collect()
    worklist.revoke([wish(1, key="r", year=2018)])
    assert worklist.grant([wish(1, key="g2", year=2018)])[0].result is RowResult.ALREADY
    worklist.confirm("王芳", keys=["r"])
    worklist.collect()
    assert worklist.grant([wish(1, key="g3", year=2018)])[0].result is RowResult.PENDING


def test_the_overview_lists_who_waits_and_shrinks(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1), wish(2)])

    def rows() -> int:
        book = load_workbook(folder(tmp_path) / "待注册清单.xlsx")
        return len(list(book.worksheets[0].iter_rows(min_row=2)))

    assert rows() == 2
    worklist.confirm("王芳", keys=["account:1"])
    assert rows() == 1


def test_a_workbook_that_could_not_be_written_is_written_by_the_next_call(worklist: Worklist, tmp_path: Path) -> None:
    obstacle = folder(tmp_path) / ".待注册-0001.xlsx.part"
    obstacle.mkdir()
    with pytest.raises(PortError) as fault:
        worklist.ensure_accounts([wish(1)])
    assert fault.value.retry is True
    obstacle.rmdir()
    assert worklist.ensure_accounts([wish(1)])[0].result is RowResult.PENDING
    assert listed(tmp_path) == [person(1).phone]


@pytest.mark.parametrize("size", ["0", "-1", "many", "99999999", ""])
def test_a_batch_size_that_is_no_size_is_refused(tmp_path: Path, size: str) -> None:
    with pytest.raises(PortError, match="batch_size"):
        Worklist(settings(tmp_path, batch_size=size))


def test_no_answer_or_fault_shows_a_whole_number(worklist: Worklist, tmp_path: Path) -> None:
    said = worklist.ensure_accounts([wish(1), Wish("b", Person("周", person(2).id_number, person(1).phone))])
    worklist.confirm("王芳", batch="0001")
    text = str([answer.detail for answer in said]) + str([answer.detail for answer in worklist.collect()])
    assert person(1).phone not in text
    assert person(1).id_number not in text


LIFE = """
import sys
from pathlib import Path
from mailbot.platform.feeding import Fed
from mailbot.platform.known import Account, Group
from mailbot.platform.worklist import Worklist
from tests.platform.people import settings, wish
worklist = Worklist(settings(Path(sys.argv[1]), batch_size="2"))
print([a.result.value for a in worklist.ensure_accounts([wish(n) for n in range(5)])])
"""
PLACES = ["worklist.intended#1", "worklist.before_rename#1", "worklist.before_rename#3", "worklist.written#2"]


@pytest.mark.parametrize("place", PLACES)
def test_a_death_at_any_place_neither_loses_nor_doubles_a_row(tmp_path: Path, place: str) -> None:
    log = tmp_path / "places.log"
    command = [sys.executable, "-c", LIFE, str(tmp_path)]
    environment = os.environ | {"MAILBOT_FAILPOINTS": f"log={log};die={place}"}
    dead = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=30)
    assert dead.returncode == -signal.SIGKILL, dead.stderr.decode()
    alive = subprocess.run(command, capture_output=True, check=True, timeout=30)
    assert alive.stdout.decode().strip() == str(["pending"] * 5)
    assert listed(tmp_path) == [person(n).phone for n in range(5)]


def test_a_row_of_a_workbook_names_the_wish_it_serves(worklist: Worklist) -> None:
    worklist.ensure_accounts([wish(n) for n in range(4)])
    assert worklist.keys_at("0001", [2, 4]) == ["account:0", "account:2"]
    assert worklist.keys_at("0002", [2]) == ["account:3"]
    for batch, row in (("0001", 1), ("0001", 5), ("0002", 3), ("0009", 2)):
        with pytest.raises(PortError):
            worklist.keys_at(batch, [row])


def test_a_year_for_somebody_whom_a_list_names_waits_as_any_other(worklist: Worklist) -> None:
    one = person(1)
    worklist.known.take(HEAD, [Account(one.id_number, one.phone, one.name)], {Group.ACCOUNT}, "张工", NOON)
    assert [answer.result for answer in worklist.grant([wish(1, key="g", year=2018)])] == [RowResult.PENDING]


def test_a_year_for_a_phone_that_a_list_says_is_anothers_conflicts(worklist: Worklist) -> None:
    other = person(2)
    worklist.known.take(HEAD, [Account(other.id_number, person(1).phone, other.name)], {Group.ACCOUNT}, "张工", NOON)
    assert [answer.result for answer in worklist.grant([wish(1, key="g", year=2018)])] == [RowResult.CONFLICT]
    assert worklist.batches() == []
