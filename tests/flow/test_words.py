"""Words that follow a list: withdrawals, questions how far it is, and what only a person can answer."""

from __future__ import annotations

import pytest

from mailbot.domain.decisions import Verdict
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from tests.flow.office import Office, roster
from tests.flow.talk import CASE, asked, bad, reply, says
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import people

A, B, C, D, E = people(1790, 5)
SAY_NOTHING = "请查收。"


def states(office: Office, case: str = CASE) -> list[str]:
    return office.states(case)


# ---- withdrawals ----


def test_a_withdrawal_stops_what_is_not_done(office: Office) -> None:
    question = asked(office, A, bad(B))
    result = says(office, "您好，我单位申请撤回报名名单，谢谢。", question)
    assert [finding.code for finding in result.findings] == ["mail.withdrawal"]
    assert [(case.case_id, case.version) for case in result.cases] == [(CASE, 2)]
    office.drain()
    assert states(office) == ["held", "fulfilled", "held"]
    assert office.accounts(A) == [True], "nothing is undone by a machine"
    text = office.post.letters[-1].text
    assert "已收到撤回请求" in text
    assert "尚未办理的1人（第7行（序号2））已停止办理" in text


def test_a_withdrawal_reaches_what_is_approved_and_has_not_begun(office: Office) -> None:
    office.process(roster(A, B))
    says(office, "名单发错了，请先不要办理。")
    office.drain()
    assert states(office) == ["held", "held", "held"]
    assert office.accounts(A, B) == [False, False]
    assert {effect.state for effect in office.effects()} == {EffectState.CANCELLED}


def test_a_withdrawal_of_named_people_stops_only_them(office: Office) -> None:
    office.process(roster(A, B, C))
    says(office, f"{B.name}已离职，不报了。\n\n{A.name}")
    office.drain()
    assert states(office) == ["held", "fulfilled", "held", "fulfilled"]


@pytest.mark.parametrize("text", ["除{name}以外都不报了", "{name}等人的名单作废", "我们不报了。\n{name}"])
def test_a_name_beside_more_than_him_stops_all(office: Office, text: str) -> None:
    office.process(roster(A, B))
    says(office, text.format(name=B.name))
    office.drain()
    assert states(office) == ["held", "held", "held"]


def test_a_withdrawn_case_stays_with_the_person_whatever_list_follows(office: Office) -> None:
    question = asked(office, A, bad(B))
    says(office, "请撤回名单", question)
    reply(office, question, A, B, at="2020-09-16 13:00", text=SAY_NOTHING)
    office.drain()
    assert states(office) == ["held", "fulfilled", "held"]
    assert office.accounts(B) == [False]
    office.decide(CASE, {0: Verdict.CLOSE})
    office.decide(CASE, {2: Verdict.APPROVE})
    office.drain()
    assert office.accounts(B) == [True]


def test_no_later_letter_asks_about_who_was_taken_back(office: Office) -> None:
    """Until a person sends the row back to its sender all the same."""
    question = asked(office, A, bad(B), bad(C))
    says(office, f"{B.name}已离职，不报了。", question)
    office.drain()
    reply(office, question, C, at="2020-09-16 13:00", text=SAY_NOTHING)
    office.drain()
    text = office.post.letters[-1].text
    assert "第8行（序号3）已更正" in text
    assert "请更正以下" not in text
    office.decide(CASE, {2: Verdict.ASK}, reason="请单位核对后再报")
    office.drain()
    text = office.post.letters[-1].text
    assert "· 第7行（序号2）" in text.partition("请更正以下1行")[2]


@pytest.mark.parametrize("mail", [{"auth": "none"}, {"address": "other@qq.com"}])
def test_a_strangers_withdrawal_stops_nothing(office: Office, mail: dict[str, str]) -> None:
    office.process(roster(A, B))
    letter = "<nothing@here.example>"
    result = says(office, "请撤回我单位的名单 登记编号2020-000001", letter, **mail)
    assert [case.kind for case in result.cases] == ["enquiry"]
    office.drain()
    assert states(office) == ["fulfilled", "fulfilled"]
    assert states(office, "2020-000002") == ["held"]


def test_a_withdrawal_that_may_mean_several_cases_is_for_a_person(office: Office) -> None:
    asked(office, bad(A))
    other = roster(bad(B), unit=units.BUREAU, at="2020-09-16 09:30", address=units.PRIMARY.address)
    office.process(other)
    office.drain()
    result = says(office, "名单作废，不报了。")
    assert [case.kind for case in result.cases] == ["enquiry"]
    assert office.states(CASE) == ["awaiting_sender"]


def test_a_list_whose_mail_takes_somebody_back_waits_for_a_person(office: Office) -> None:
    [case] = office.process(roster(A, B, text=f"名单见附件，其中{B.name}不报了。")).cases
    assert case.outcome.word == "hold"
    office.drain()
    assert office.accounts(A, B) == [False, False]


# ---- how far a case is ----


def test_the_sender_is_told_how_far_the_case_is(office: Office) -> None:
    question = asked(office, A, bad(B))
    result = says(office, "您好，请问我单位的名单办到哪一步了？谢谢！\n\n长江路小学 王老师 023-67890123", question)
    assert (result.state, result.cases, result.follows) == (MailState.DONE, (), (CASE,))
    office.drain()
    [letter] = [letter for letter in office.letters() if letter.template == "roster/status"]
    text = office.post.letters[-1].text
    assert "已注册1人；待更正1人；共2人" in text
    assert "第7行（序号2）" in text
    assert B.id_number not in text
    assert letter.message_id


def test_a_question_without_a_thread_is_told_of_the_senders_own_cases(office: Office) -> None:
    asked(office, A, bad(B))
    result = says(office, "注册好了吗？", subject="请问")
    assert result.follows == (CASE,)


def test_a_question_by_the_case_number_is_told_to_the_sender_only(office: Office) -> None:
    asked(office, A, bad(B))
    stranger = says(office, "登记编号2020-000001办到哪一步了？", address="other@qq.com", subject="请问")
    assert [case.kind for case in stranger.cases] == ["enquiry"]
    office.drain()
    assert "已注册" not in office.post.letters[-1].text
    assert office.post.letters[-1].to == "other@qq.com"
    own = says(office, "登记编号2020-000001办到哪一步了？", subject="请问", at="2020-09-16 11:10")
    assert (own.cases, own.follows) == ((), (CASE,))


@pytest.mark.parametrize("mail", [{"auth": "fail"}, {"auth": "none"}])
def test_an_unverified_question_is_answered_by_a_neutral_line(office: Office, mail: dict[str, str]) -> None:
    question = asked(office, A, bad(B))
    says(office, "办到哪一步了？", question, **mail)
    office.drain()
    text = office.post.letters[-1].text
    assert "来信由工作人员办理" in text
    assert "已注册" not in text


@pytest.mark.parametrize(
    "text",
    [
        "办到哪一步了？另外发票什么时候能开？",
        f"{A.name}注册好了吗？她的手机号改成{C.phone}了。",
        "为什么还没办好？我要投诉。",
        "办到哪一步了？密码是多少？",
    ],
)
def test_a_question_that_asks_more_is_for_a_person(office: Office, text: str) -> None:
    question = asked(office, A, bad(B))
    result = says(office, text, question)
    assert [case.kind for case in result.cases] == ["enquiry"]
    assert result.follows == (CASE,)
    office.drain()
    assert office.states("2020-000002") == ["held"]


def test_a_question_does_not_take_the_case_from_its_sender(office: Office) -> None:
    """A colleague forwards the list and hears that it came; the result still goes to whom the case belongs."""
    office.process(roster(Row(A, remark="已缴费"), unit=units.BUREAU))
    office.drain()
    colleague = f"boss@{units.BUREAU.address.partition('@')[2]}"
    again = office.process(
        roster(
            Row(A, remark="已缴费"), unit=units.BUREAU, at="2020-09-16 09:40", address=colleague, subject="转发：名单"
        )
    )
    assert (again.cases, again.follows) == ((), (CASE,))
    office.drain()
    assert office.post.letters[-1].to == colleague
    assert office.case(CASE).to == units.BUREAU.address


def test_an_answer_in_the_enquirys_own_thread_reaches_it(office: Office) -> None:
    result = says(office, "我要投诉，一直没人接电话。", subject="投诉")
    [case] = result.cases
    assert (case.kind, case.outcome.word) == ("enquiry", "hold")
    office.drain()
    assert office.letters()[0].template == "enquiry/hold"
    office.decide(case.case_id, {0: Verdict.CLOSE}, reason="已电话答复，感谢来信。")
    office.drain()
    assert "已电话答复，感谢来信" in office.post.letters[-1].text
    follow = says(office, "投诉办到哪一步了？", office.post.letters[-1].message["Message-ID"], at="2020-09-16 12:00")
    assert [case.kind for case in follow.cases] == ["enquiry"]
    assert follow.follows == (result.cases[0].case_id,)


def test_a_changed_contact_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B))
    result = says(office, "您好，我单位联系人变更为李老师，电话023-67891234。", question)
    [case] = result.cases
    assert case.header == {"topics": ["更换联系人"]}
    assert result.follows == (CASE,)
