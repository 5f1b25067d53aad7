"""What a mail is to those before it, and what it wants: numbered cases of the field, over the whole house."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.domain.mail import MailState
from mailbot.domain.outcome import MailResult
from tests.flow.office import Office, roster
from tests.flow.talk import CASE, asked, bad, reply, says
from tools.stories import units
from tools.stories.books import xlsx
from tools.stories.cells import rows
from tools.stories.people import people
from tools.stories.post import PROOF_BOX, ROSTER_BOX, File, when
from tools.stories.sheets import Sheet, lay

A, B, C, D, E = people(1810, 5)
ORDER = units.PRIMARY.order_no


def codes(result: MailResult) -> list[str]:
    return [finding.code for finding in result.findings]


def without_order(office: Office) -> str:
    """A roster that lacks its order number, asked about; the Message-ID of our letter."""
    office.process(roster(A, B, header={"order_no": None}))
    office.drain()
    return str(office.post.letters[-1].message["Message-ID"])


def test_case_14_one_mail_to_both_mailboxes_and_again_after_five_minutes_is_one_case(office: Office) -> None:
    both = roster(A, B, to=(ROSTER_BOX, PROOF_BOX))
    first = office.process(both)
    copy = office.process(replace(both, delivered_to=PROOF_BOX), address=PROOF_BOX)
    again = office.process(replace(both, at=when("2020-09-16 09:05"), subject="再发一次"))
    office.drain()
    assert [len(one.cases) for one in (first, copy, again)] == [1, 0, 0]
    assert (copy.state, copy.duplicate_of) == (MailState.IGNORED, 1)
    assert again.follows == (CASE,)
    assert len(office.effects()) == 2


def test_case_15_the_same_message_id_with_other_content_is_another_mail_and_says_so(office: Office) -> None:
    office.process(roster(A, message_id="<1@unit.example>"))
    other = office.process(roster(B, message_id="<1@unit.example>", at="2020-09-16 09:30", subject="第二批"))
    assert len(other.cases) == 1
    assert (codes(other), other.duplicate_of) == (["mail.same_message_id"], None)
    assert "mail.same_message_id" in other.marks
    assert "第1号来信" in other.findings[0].message
    shown = office.ledger.queries.mail(2)
    assert "mail.same_message_id" in shown.marks, "staff see it"


@pytest.mark.parametrize(
    "text", [f"补充：订单号 {ORDER}", f"老师好，补充订单号：{ORDER}，谢谢！", f"缴费订单号为{ORDER}。"]
)
@pytest.mark.parametrize("threaded", [True, False])
def test_case_36_only_the_missing_order_number_joins_the_open_case(office: Office, text: str, threaded: bool) -> None:
    letter = without_order(office)
    result = says(office, text, letter if threaded else None, subject="补充订单号")
    assert [(case.case_id, case.version, case.header["order_no"]) for case in result.cases] == [(CASE, 2, ORDER)]
    office.drain()
    assert office.accounts(A, B) == [True, True]


def test_case_36_where_two_cases_lack_it_or_none_does_a_person_looks(office: Office) -> None:
    without_order(office)
    office.process(roster(C, unit=units.BUREAU, header={"order_no": None}, address=units.PRIMARY.address))
    office.drain()
    unclear = says(office, f"补充：订单号 {ORDER}", None, subject="补充")
    assert all(case.case_id not in (CASE, "2020-000002") for case in unclear.cases)
    stranger = says(office, f"补充：订单号 {ORDER}", None, address="somebody@163.com")
    assert all(case.case_id != CASE for case in stranger.cases)
    assert office.case(CASE).result.version == 1


OLD = "第7行 旧号码 13800000001，订单号：2020070200000001。名单作废，不报了，请撤回。"
QUOTES = {
    "qq": f'------------------ 原始邮件 ------------------\n发件人: "x"<x@cqhrsp.com>;\n发送时间: 2020年9月15日\n主题: 名单\n\n{OLD}',
    "netease": f'在 2020-09-15 10:00:00，"x" <x@cqhrsp.com> 写道：\n>{OLD}',
    "coremail": f"-----原始邮件-----\n发件人:x@cqhrsp.com\n发送时间:2020-09-15 10:00:00\n收件人: y\n\n{OLD}",
    "outlook": f"发件人: x <x@cqhrsp.com>\n发送时间: 2020年9月15日 10:00\n收件人: y\n主题: 名单\n\n{OLD}",
    "apple": f"> 在 2020年9月15日，上午10:00，x <x@cqhrsp.com> 写道：\n> \n> {OLD}",
    "gmail": f"x <x@cqhrsp.com> 于2020年9月15日周二 上午10:00写道：\n\n> {OLD}",
}  # fmt: skip


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_case_37_old_numbers_and_words_in_the_quote_are_not_new(office: Office, quote: str) -> None:
    letter = without_order(office)
    result = says(office, f"订单号：{ORDER}\n\n{quote}", letter)
    assert [(case.version, case.header["order_no"]) for case in result.cases] == [(2, ORDER)]
    assert codes(result) == []
    office.drain()
    assert office.accounts(A, B) == [True, True], "nothing is withdrawn"


def test_case_38_a_roster_in_the_wrong_mailbox_is_handled_and_told(office: Office) -> None:
    result = office.process(roster(A, to=(PROOF_BOX,), delivered_to=PROOF_BOX), address=PROOF_BOX)
    assert codes(result) == ["mail.other_mailbox"]
    office.drain()
    assert office.accounts(A) == [True]
    assert f"此类来信的专用邮箱是{ROSTER_BOX}" in office.post.letters[-1].text


def test_case_39_rosters_of_three_units_in_one_mail_are_three_cases_and_one_letter(office: Office) -> None:
    owners = (units.PRIMARY, units.BUREAU, units.CLINIC)
    sheets = [
        Sheet(unit, rows((one,)), name=f"表{n}") for n, (unit, one) in enumerate(zip(owners, (A, B, C), strict=True))
    ]
    files = tuple(File(f"名单{n}.xlsx", xlsx([lay(sheet)])) for n, sheet in enumerate(sheets))
    result = office.process(replace(roster(A), files=files))
    assert [case.header["unit"] for case in result.cases] == [unit.name for unit in owners]
    office.drain()
    assert office.accounts(A, B, C) == [True, True, True]
    assert len(office.post.letters) == 1


def test_case_40_the_list_that_counts_replaces_the_one_before_and_both_are_kept(office: Office) -> None:
    question = asked(office, A, bad(B))
    result = reply(office, question, A, C, text="以此为准，上一封作废。")
    assert [(case.case_id, case.version) for case in result.cases] == [(CASE, 2)]
    office.drain()
    assert office.accounts(A, B, C) == [True, False, True]
    assert [line.version for line in office.ledger.queries.versions(CASE)] == [1, 2]


def test_case_43_a_read_receipt_that_is_wanted_is_never_sent_and_one_that_comes_is_filed(office: Office) -> None:
    office.process(roster(A, extra=(("Disposition-Notification-To", units.PRIMARY.address),)))
    office.drain()
    [letter] = office.post.letters
    assert letter.message.get_content_type() != "multipart/report"
    assert letter.message["Disposition-Notification-To"] is None
    receipt = says(office, "您的邮件已于2020年9月16日阅读。", subject="已读：回复：名单")
    assert (receipt.state, receipt.letters) == (MailState.IGNORED, ())


def test_case_43_thanks_for_our_letter_end_the_exchange(office: Office) -> None:
    question = asked(office, A, bad(B))
    thanks = says(office, "收到，谢谢老师！", question)
    assert (thanks.state, thanks.letters, codes(thanks)) == (MailState.IGNORED, (), ["mail.thanks"])
    assert thanks.follows == (CASE,)
    assert office.states(CASE) == ["fulfilled", "awaiting_sender"]


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("代开发票", "可代开各类增值税发票，税点优惠，联系电话13900000000", "mail.advertising"),
        ("邮箱升级", "尊敬的用户：您的邮箱将于今日停用，请点击链接升级 http://x.example", "mail.phishing"),
    ],
)
def test_case_48_advertising_and_phishing_get_no_letter_and_no_case(
    office: Office, subject: str, text: str, code: str
) -> None:
    result = says(office, text, subject=subject, address="boss@x.example")
    assert (result.state, result.letters, result.cases) == (MailState.IGNORED, (), ())
    assert codes(result) == [code]
    office.drain()
    assert office.post.letters == []


def test_a_question_for_the_hotlines_is_answered_once_a_day(office: Office) -> None:
    ask = {"subject": "咨询", "address": "wang@163.com"}
    first = says(office, "忘记密码了，登录不了，怎么办？", **ask)
    office.drain()
    assert (first.state, office.letters()[-1].template) == (MailState.DONE, "mail/help")
    assert "400-618-7500" in office.post.letters[-1].text
    again = says(office, "密码怎么找回？", at="2020-09-16 15:00", **ask)
    assert (again.state, codes(again)) == (MailState.SET_ASIDE, ["mail.help_again"])
    other = says(office, "请问发票在哪里开？", at="2020-09-16 15:10", **ask)
    assert other.state is MailState.DONE


def test_an_objection_names_its_case_and_is_linked_to_it(office: Office) -> None:
    asked(office, A, bad(B))
    result = says(office, f"对登记编号{CASE}的结果有异议，申请复核。", subject="复核")
    assert [case.kind for case in result.cases] == ["enquiry"]
    assert result.follows == (CASE,)
    stranger = says(office, f"对登记编号{CASE}的结果有异议，申请复核。", address="x@163.com", subject="申请")
    assert stranger.follows == ()
