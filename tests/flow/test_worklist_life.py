"""A roster's whole way over a platform without an API: nobody is told 已注册 before somebody said that it is so."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mailbot.clock import FixedClock
from mailbot.domain.decisions import Automation, Verdict
from mailbot.domain.effects import EffectState
from mailbot.duties import platform_duties
from mailbot.engine.once import collect
from mailbot.ledger.lines import EffectLine
from mailbot.morning import digest
from mailbot.platform.registry import PlatformSettings
from mailbot.platform.worklist import Worklist
from tests.flow.conftest import Make
from tests.flow.office import NOW, Office, roster
from tests.flow.test_morning import text_of
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import Person, people
from tools.stories.post import when

A, B, C, D = people(870, 4)
E = EffectState
CASE = "2020-000001"
DUE = when("2020-09-18 17:30")


@pytest.fixture
def office(make: Make, tmp_path: Path) -> Office:
    """A live office with a worklist."""
    return make(platform=Worklist(PlatformSettings(tmp_path, FixedClock(NOW), "初始密码为000000")))


def listed(office: Office) -> Worklist:
    platform = office.parts.platform
    assert isinstance(platform, Worklist)
    return platform


def error_file(tmp_path: Path, *lines: tuple[str, str]) -> Path:
    path = tmp_path / "错误文件.csv"
    path.write_text("用户名,错误信息\n" + "".join(f"{who},{what}\n" for who, what in lines), "utf-8")
    return path


def letters(office: Office) -> list[str]:
    return [letter.text for letter in office.post.letters]


def book(message: EmailMessage, name: str) -> list[list[object]]:
    [part] = [part for part in message.iter_attachments() if str(part.get_filename()).startswith(name)]
    sheet = load_workbook(BytesIO(part.get_content())).worksheets[-1]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def effects_of(office: Office, *people: Person) -> list[EffectLine]:
    by_phone = {line.person.phone: line for line in office.effects()}
    return [by_phone[person.phone] for person in people]


def test_from_the_roster_to_the_closing_letter(office: Office, tmp_path: Path) -> None:
    office.process(roster(A, B, C, D, unit=units.PRIMARY))
    office.drain()
    [receipt] = letters(office)
    assert "待注册：4人，收到邮件后2个工作日内（2020年9月18日前）完成" in receipt
    assert "已注册" not in receipt
    assert office.drain(later=timedelta(hours=5)) == 0

    listed(office).feed_errors(error_file(tmp_path, (C.phone, "手机号已被使用"), (D.phone, "系统开小差")), "李平台")
    office.drain()
    assert {name: line.state for name, line in zip("ABCD", effects_of(office, A, B, C, D), strict=True)} == {
        "A": E.PENDING,
        "B": E.PENDING,
        "C": E.CONFLICT,
        "D": E.UNCERTAIN,
    }
    assert len(letters(office)) == 1, "the rest is not confirmed by silence"

    assert listed(office).confirm("李平台", batch="0001", reason="平台页面已核对") == 2
    office.drain()
    _, closing = letters(office)
    assert "已注册账号：2人，第6至7行（序号1至2）" in closing
    assert "账号注册成功后的第二天（2020年9月17日）起" in closing
    assert "一经分配不能收回" in closing
    assert "修改密码" in closing
    for person in (A, B, C, D):
        assert person.phone not in closing
        assert person.id_number not in closing
    fates = book(office.post.letters[-1].message, "激活码分配")
    assert [row[5] for row in fates[1:]] == ["已注册账号", "已注册账号", "待审核", "待审核"]


def test_a_part_is_told_when_the_day_has_come_and_the_rest_when_it_is_done(office: Office) -> None:
    office.process(roster(A, B, C))
    office.drain()
    worklist = listed(office)
    worklist.confirm("李平台", keys=worklist.keys_at("0001", [2, 3]))
    office.drain(later=timedelta(hours=1))
    assert len(letters(office)) == 1
    office.clock.set(DUE + timedelta(minutes=1))
    assert office.ledger.interims.plan(office.clock.now()) == 1
    office.drain()
    between = letters(office)[-1]
    assert "已注册账号：2人，第6至7行（序号1至2）" in between
    assert "待注册：1人，尽快完成，完成后另行回信：第8行（序号3）" in between
    assert "（2020年9月17日）起" in between
    [duty] = platform_duties(worklist, office.ledger, office.parts.rulebook.campaign, office.clock.now())
    assert (duty.overdue, duty.due_at, duty.wait and duty.wait.case_id) == (True, DUE, CASE)
    worklist.confirm("李平台", batch="0001")
    office.drain()
    assert "已注册账号：3人，第6至8行（序号1至3）" in letters(office)[-1]
    assert len(letters(office)) == 3
    assert office.case(CASE).state.value == "fulfilled"


def test_the_same_answers_told_again_change_nothing(office: Office, tmp_path: Path) -> None:
    office.process(roster(A, B))
    office.drain()
    worklist, file = listed(office), error_file(tmp_path, (A.phone, "该用户已被分配过激活码"))
    worklist.feed_errors(file, "李平台", batch="0001")
    worklist.confirm("李平台", batch="0001")
    office.drain()
    before = (office.states(CASE), len(letters(office)), [line.evidence for line in office.effects()])
    worklist.feed_errors(file, "王审核", batch="0001")
    assert worklist.confirm("王审核", batch="0001") == 0
    collect(office.ledger.steps, worklist, office.clock.now())
    office.drain()
    assert (office.states(CASE), len(letters(office)), [line.evidence for line in office.effects()]) == before
    assert {line.state for line in office.effects()} == {E.ALREADY, E.DONE}


def test_what_the_platform_refused_a_person_lists_again_and_confirms(office: Office, tmp_path: Path) -> None:
    office.process(roster(A))
    office.drain()
    worklist = listed(office)
    worklist.feed_errors(error_file(tmp_path, (A.phone, "系统开小差")), "李平台")
    office.drain()
    office.drain()
    item = next(item for item in office.case(CASE).result.items if item.state.value == "held" and item.number)
    codes = {finding.code for finding in item.findings}
    office.decide(CASE, {item.number: Verdict.APPROVE}, waived=sorted(codes), reason="平台已能导入")
    office.drain(later=timedelta(minutes=10))
    assert [batch.counts for batch in worklist.batches()] == [{"unknown": 1}, {"pending": 1}]
    worklist.confirm("李平台", batch="0002")
    office.drain()
    assert "已注册账号：1人" in letters(office)[-1]


def test_the_morning_names_what_waits_at_the_platform_and_what_is_overdue(office: Office) -> None:
    office.process(roster(A, B))
    office.drain()
    assert "· 0001 待注册 2行 2020年9月18日前\r\n" in text_of(office, NOW + timedelta(hours=20))
    assert "· 0001 待注册 2行 2020年9月18日前，已逾期2行" in text_of(office, DUE + timedelta(days=3))
    listed(office).confirm("李平台", batch="0001")
    office.drain()
    assert "0001" not in text_of(office, DUE + timedelta(days=3))


def test_a_list_that_cannot_be_read_costs_the_digest_one_line(office: Office) -> None:
    office.process(roster(A))
    office.drain()
    listed(office).close()
    said = text_of(office)
    assert "注意：平台待办清单无法读取" in said


@pytest.mark.parametrize("level", [Automation.CONFIRM, Automation.CLEAN])
def test_cases_that_would_expire_come_first_in_the_last_days(make: Make, level: Automation) -> None:
    office = make(automation=level)
    office.clock.set(when("2020-12-29 09:30"))
    office.process(roster(Row(A, remark="已缴费"), at="2020-12-22 09:00"), at=when("2020-12-22 09:00"))
    office.process(
        roster(Row(B, remark="已缴费"), unit=units.HOSPITAL, at="2020-12-29 09:00"), at=when("2020-12-29 09:00")
    )
    said = text_of(office, when("2020-12-29 10:00"))
    urgent, rest = said.split("已逾期：")
    assert "按时限办理将晚于2020年12月31日学习截止日，请最先办理：1 件" in urgent
    assert units.HOSPITAL.name in urgent
    assert units.PRIMARY.name in rest
    assert "将过学习截止日1，逾期1" in str(
        digest(office.parts, "staff@cqhrsp.com", "<d@x>", when("2020-12-29 10:00")).subject
    )
    assert "学习截止日" not in text_of(office, when("2020-12-14 10:00"))
