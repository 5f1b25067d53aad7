"""The morning digest: counts, lines, warnings; masked and bounded."""

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from mailbot.data import templates_dir
from mailbot.domain.letters import Composed
from mailbot.domain.ports import PortError
from mailbot.outbound.digest import Digest, DueCase, OddMail, OpenBatch, compose_digest
from tests.outbound.letters import DUE, SENDER, ZONE, id_number, phone, text

MORNING = datetime(2020, 7, 9, 8, 30, tzinfo=ZONE)
CASE = DueCase("2020-000012", "重庆市某某中学", 3, DUE, "备注写有“已缴费”")
MAIL = OddMail(17, MORNING, "hr@unit.example", "公需科目", "mail.unreadable")
EMPTY = Digest(to="staff@cqhrsp.com", letter_id="<digest.20200709@cqhrsp.com>", at=MORNING)


def digest(made: Digest, templates: Path | None = None) -> Composed:
    return compose_digest(made, sender=SENDER, templates=templates or templates_dir(), zone="Asia/Shanghai")


def test_an_empty_morning_says_so_in_one_line() -> None:
    letter = digest(EMPTY)
    assert letter.subject == "今日待办：逾期0，今日到期0，待审核0，未能处理0（2020年7月9日）"
    assert "已逾期 0 件，今日到期 0 件，待审核 0 件" in text(letter)
    assert "·" not in text(letter)


def test_cases_and_mails_are_listed_under_their_heads() -> None:
    said = text(digest(replace(EMPTY, due_today=[CASE], held=[CASE, CASE], set_aside=[MAIL], ignored=[MAIL])))
    assert "今日到期：\n· 2020-000012 重庆市某某中学 3行 2020年7月10日前：备注写有“已缴费”\n" in said
    assert said.count("· 2020-000012") == 3
    assert "未能处理的来信：\n· 17号 07-09 08:30 hr@unit.example 公需科目：mail.unreadable\n" in said
    assert "只存档未答复的来信：" in said
    assert "已逾期：" not in said


def test_cases_that_would_expire_come_before_everything_else() -> None:
    letter = digest(replace(EMPTY, expiring=[CASE], closes=date(2020, 12, 31), overdue=[CASE, CASE]))
    assert letter.subject.startswith("今日待办：将过学习截止日1，逾期2，")
    said = text(letter)
    assert "按时限办理将晚于2020年12月31日学习截止日，请最先办理：1 件\n· 2020-000012 重庆市某某中学 3行" in said
    assert said.index("最先办理") < said.index("已逾期：")
    assert "最先办理" not in text(digest(replace(EMPTY, closes=date(2020, 12, 31))))


def test_batches_that_wait_at_the_platform_are_listed_with_what_is_overdue() -> None:
    batches = [OpenBatch("0001", "待注册", 43, 3, DUE), OpenBatch("0002", "待开通", 2, 0, None)]
    said = text(digest(replace(EMPTY, batches=batches)))
    assert "· 0001 待注册 43行 2020年7月10日前，已逾期3行\n· 0002 待开通 2行\n" in said
    many = text(digest(replace(EMPTY, batches=batches * 100)))
    assert "其余160批从略" in many


def test_it_is_a_notice_that_no_robot_answers() -> None:
    mail = message_from_bytes(digest(EMPTY).raw, policy=policy.SMTP)
    assert mail["To"] == "staff@cqhrsp.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_warnings_and_mode_come_first() -> None:
    said = text(digest(replace(EMPTY, mode="演练", warnings=["邮箱 2020gxkm 已有2小时未能收取"])))
    assert said.index("演练") < said.index("注意：邮箱 2020gxkm") < said.index("今日到期")


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (date(2020, 8, 1), True),
        (date(2020, 9, 7), True),
        (date(2020, 9, 8), False),
        (date(2026, 12, 31), False),
        (None, False),
    ],
)
def test_a_calendar_that_runs_out_is_told_in_time(until: date | None, told: bool) -> None:
    assert ("工作日历只到" in text(digest(replace(EMPTY, calendar_until=until)))) is told


def test_nobodys_number_stands_in_it() -> None:
    secret = f"{id_number(3)} {phone(3)}"
    mail = OddMail(1, MORNING, f"{phone(3)}@163.com", f"名单 {secret}\r\nBcc: x@y.example", secret)
    letter = digest(replace(EMPTY, set_aside=[mail], held=[replace(CASE, unit=secret, why=secret)], warnings=[secret]))
    for number in (id_number(3), phone(3)):
        assert number not in text(letter)
    assert message_from_bytes(letter.raw, policy=policy.SMTP)["Bcc"] is None


def test_a_thousand_lines_are_cut() -> None:
    said = text(digest(replace(EMPTY, ignored=[MAIL] * 1000, held=[CASE] * 1000)))
    assert "其余960封从略" in said
    assert "其余960件从略" in said
    assert len(said) < 12_000


def test_a_mail_without_sender_or_subject_is_still_a_line() -> None:
    said = text(digest(replace(EMPTY, set_aside=[OddMail(9, MORNING, None, "", "mail.too_big")])))
    assert "· 9号 07-09 08:30 （无发件人） （无主题）：mail.too_big" in said


def test_times_are_the_offices() -> None:
    midnight = datetime.fromisoformat("2020-07-08T17:00:00+00:00")
    assert "2020年7月9日" in digest(replace(EMPTY, at=midnight)).subject


def test_the_same_morning_gives_the_same_bytes() -> None:
    made = replace(EMPTY, held=[CASE])
    assert digest(made).raw == digest(made).raw


def test_a_broken_template_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "emails" / "staff").mkdir(parents=True)
    (tmp_path / "emails" / "staff" / "digest.txt").write_text("{{ digest.nothing }}", "utf-8")
    with pytest.raises(PortError, match="template"):
        digest(EMPTY, tmp_path)
