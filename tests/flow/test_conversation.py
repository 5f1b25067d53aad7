"""Lists that follow a list: which way they are meant, the newest counts, and what finds its case by itself."""

from __future__ import annotations

import pytest

from mailbot.domain.decisions import Verdict
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from tests.flow.office import Office, roster
from tests.flow.talk import CASE, Overtaken, asked, bad, reply, says
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import people
from tools.stories.post import PROOF_BOX

A, B, C, D, E = people(1790, 5)
SAY_NOTHING = "请查收。"


def states(office: Office, case: str = CASE) -> list[str]:
    return office.states(case)


# ---- which way a list is meant ----


def undecided(office: Office) -> str:
    """A list that may correct or add, asked about; the Message-ID of the letter that asks."""
    question = asked(office, A, bad(B))
    reply(office, question, A, D, text=SAY_NOTHING)
    office.drain()
    assert office.letters()[0].template is not None
    return str(office.post.letters[-1].message["Message-ID"])


@pytest.mark.parametrize("word", ["补充", "您好，是补充，谢谢！", "补充新的人员"])
def test_the_answer_addition_adds_and_leaves_the_open_row(office: Office, word: str) -> None:
    choice = undecided(office)
    result = says(office, word, choice)
    assert [(case.case_id, case.version) for case in result.cases] == [(CASE, 2)]
    office.drain()
    assert states(office) == ["fulfilled", "awaiting_sender", "fulfilled"]
    assert office.accounts(D) == [True]
    assert "新增1人" in office.post.letters[-1].text


def test_only_new_people_for_the_same_order_are_asked_about_too(office: Office) -> None:
    question = asked(office, A, bad(B))
    result = reply(office, question, D, text=SAY_NOTHING)
    assert [finding.code for finding in result.findings] == ["mail.correction_or_addition"]
    office.drain()
    assert office.accounts(D) == [False]


def test_only_new_people_for_the_same_order_join_the_case_where_nothing_waits(office: Office) -> None:
    letter = asked(office, A, B)
    result = reply(office, letter, D, text="补充一人。")
    assert [(case.case_id, case.version) for case in result.cases] == [(CASE, 2)]
    office.drain()
    assert states(office) == ["fulfilled"] * 3
    assert "新增1人" in office.post.letters[-1].text
    assert "其余2行不变" in office.post.letters[-1].text


def test_new_people_for_another_order_are_a_case_of_their_own(office: Office) -> None:
    letter = asked(office, A, B)
    result = reply(office, letter, D, text=SAY_NOTHING, header={"order_no": "2020091655667788"})
    assert [case.version for case in result.cases] == [1]
    assert result.cases[0].case_id != CASE


@pytest.mark.parametrize("word", ["更正", "是更正。", "老师好，属于更正"])
def test_the_answer_correction_puts_the_new_row_in_the_place_of_the_open_one(office: Office, word: str) -> None:
    choice = undecided(office)
    says(office, word, choice)
    office.drain()
    assert states(office) == ["fulfilled", "fulfilled"]
    assert office.case(CASE).result.items[1].values["name"] == D.name
    assert office.accounts(B, D) == [False, True]
    assert "已更正，其余1行不变" in office.post.letters[-1].text


def test_a_correction_of_several_that_nobody_can_pair_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B), bad(C))
    moved = Row(D, serial=9)
    reply(office, question, A, A, A, moved, E, text=SAY_NOTHING)
    office.drain()
    choice = str(office.post.letters[-1].message["Message-ID"])
    result = says(office, "更正", choice)
    assert result.state is MailState.SET_ASIDE
    assert "无法一一对应" in result.findings[-1].message
    office.drain()
    assert office.accounts(D, E) == [False, False]


@pytest.mark.parametrize(
    "mail", [{"auth": "fail"}, {"auth": "none"}, {"address": "other@qq.com"}, {"address": units.BUREAU.address}]
)
def test_only_the_sender_can_answer(office: Office, mail: dict[str, str]) -> None:
    choice = undecided(office)
    result = says(office, "补充", choice, **mail)
    assert (result.state, result.cases) == (MailState.SET_ASIDE, ())
    office.drain()
    assert office.accounts(D) == [False]


def test_an_answer_that_says_both_is_for_a_person(office: Office) -> None:
    choice = undecided(office)
    assert says(office, "第一个是更正，另一个是补充", choice).state is MailState.SET_ASIDE


def test_an_answer_whose_thread_was_lost_is_that_to_the_only_question(office: Office) -> None:
    undecided(office)
    assert says(office, "补充", None, subject="补充").cases[0].version == 2


def test_an_answer_without_a_thread_to_one_of_two_questions_is_for_a_person(office: Office) -> None:
    choice = undecided(office)
    reply(office, choice, A, E, at="2020-09-16 11:30", text=SAY_NOTHING)
    office.drain()
    assert says(office, "补充", None, subject="补充").state is MailState.SET_ASIDE
    says(office, "补充", choice, at="2020-09-16 12:00")
    office.drain()
    assert office.accounts(D, E) == [True, False], "the list that the answered letter asks about"


def test_a_bare_word_that_answers_no_question_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B))
    assert says(office, "补充", question).state is MailState.SET_ASIDE


def test_the_same_answer_twice_does_nothing_twice(office: Office) -> None:
    choice = undecided(office)
    for at in ("2020-09-16 11:00", "2020-09-16 11:20"):
        says(office, "补充", choice, at=at)
        office.drain()
    assert states(office) == ["fulfilled", "awaiting_sender", "fulfilled"]
    assert {effect.attempts for effect in office.effects()} == {1}


def test_who_says_it_at_once_is_not_asked(office: Office) -> None:
    question = asked(office, A, bad(B))
    reply(office, question, A, D, text="补充一人，请查收。")
    office.drain()
    assert states(office) == ["fulfilled", "awaiting_sender", "fulfilled"]


# ---- the newest list counts ----


def test_the_newest_list_closes_what_was_not_done_and_keeps_what_was(office: Office) -> None:
    question = asked(office, A, bad(B), C)
    result = reply(office, question, A, D, text="以最新为准，上一封作废。")
    assert result.cases[0].version == 2
    office.drain()
    assert states(office) == ["held", "fulfilled", "closed", "fulfilled", "fulfilled"]
    [matter] = [item for item in office.case(CASE).result.items if item.number == 0]
    assert [finding.code for finding in matter.findings] == ["mail.latest_counts"]
    assert office.accounts(A, B, C, D) == [True, False, True, True]
    text = office.post.letters[-1].text
    assert "未列入最新名单的1人不再办理" in text
    assert "新增1人" in text


def test_the_newest_list_of_other_people_in_a_new_mail_stands_for_the_open_one(office: Office) -> None:
    asked(office, bad(A), bad(B))
    result = office.process(roster(C, D, at="2020-09-17 09:00", text="昨天的名单有误，以此为准，之前的作废。"))
    assert result.cases[0].case_id == CASE
    office.drain()
    assert states(office) == ["closed", "closed", "fulfilled", "fulfilled"]


def test_the_newest_list_stops_an_effect_that_has_not_started(office: Office) -> None:
    office.process(roster(A, B))
    reply(office, "<none@nowhere.example>", B, text="以最新为准，上一封作废。")
    office.drain()
    assert states(office) == ["held", "held", "fulfilled"]
    assert office.accounts(A, B) == [False, True]
    assert [effect.state for effect in office.effects(EffectState.CANCELLED)] == [EffectState.CANCELLED]


def test_words_about_the_newest_list_void_nothing_where_nothing_stands(office: Office) -> None:
    [case] = office.process(roster(A, text="以此为准。")).cases
    assert (case.case_id, case.version) == (CASE, 1)
    office.drain()
    assert states(office) == ["fulfilled"]


# ---- the same list, and lists that point to nothing ----


def test_a_corrected_list_in_a_new_mail_finds_its_case_by_sender_and_content(office: Office) -> None:
    asked(office, A, bad(B), C)
    result = office.process(roster(A, B, C, at="2020-09-17 09:00", subject="更正后的名单", text=SAY_NOTHING))
    assert [(case.case_id, case.version) for case in result.cases] == [(CASE, 2)]
    office.drain()
    assert states(office) == ["fulfilled"] * 3
    assert "第7行（序号2）已更正，其余2行不变" in office.post.letters[-1].text


def test_the_quoted_case_number_stands_in_for_a_lost_thread(office: Office) -> None:
    asked(office, A, bad(B))
    quoted = f"已更正。\n\n------------------ 原始邮件 ------------------\n登记编号 {CASE}。"
    draft = roster(B, at="2020-09-17 09:00", subject="更正", text=quoted)
    assert office.process(draft).cases[0].case_id == CASE


def test_a_second_batch_with_one_known_person_is_a_case_of_its_own(office: Office) -> None:
    office.process(roster(A, B))
    office.drain()
    result = office.process(roster(A, C, D, E, at="2020-09-17 09:00", text=SAY_NOTHING))
    assert result.cases[0].case_id == "2020-000002"
    office.drain()
    assert {effect.attempts for effect in office.effects()} == {1}


def test_another_unit_of_the_same_sender_is_never_mixed_in(office: Office) -> None:
    asked(office, A, bad(B))
    other = roster(A, B, unit=units.BUREAU, at="2020-09-17 09:00", address=units.PRIMARY.address, text=SAY_NOTHING)
    assert office.process(other).cases[0].case_id == "2020-000002"


def test_the_same_list_to_both_mailboxes_in_two_mails_is_one_case(office: Office) -> None:
    office.process(roster(A, B))
    again = office.process(roster(A, B, at="2020-09-16 09:05", to=(PROOF_BOX,)), address=PROOF_BOX)
    assert (again.cases, again.follows) == ((), (CASE,))
    office.drain()
    assert any("此前已收到同一份报名名单" in letter.text for letter in office.post.letters)
    assert {effect.attempts for effect in office.effects()} == {1}


def test_the_same_list_after_its_end_without_a_registration_is_for_a_person(office: Office) -> None:
    question = asked(office, bad(A))
    says(office, "名单作废", question)
    office.decide(CASE, {0: Verdict.CLOSE, 1: Verdict.CLOSE})
    result = office.process(roster(bad(A), at="2020-09-18 09:00"))
    assert result.state is MailState.SET_ASIDE
    assert "已结束办理" in result.findings[-1].message


def test_a_list_that_is_silent_about_its_header_speaks_for_its_case(office: Office) -> None:
    question = asked(office, A, bad(B))
    header = {"unit": None, "order_no": None, "tax_id": None}
    [case] = reply(office, question, B, header=header, text=SAY_NOTHING).cases
    assert case.case_id == CASE
    assert case.header["unit"] == units.PRIMARY.name
    assert "header.unit_missing" not in [finding.code for finding in case.findings]
    office.drain()
    assert office.accounts(B) == [True]


def test_a_matter_that_was_settled_can_come_up_again(office: Office) -> None:
    question = asked(office, A, header={"order_no": None})
    reply(office, question, A, B, text="补充一人")
    office.drain()
    assert states(office)[0] == "closed"
    reply(office, question, A, B, C, header={"unit": "另一单位", "order_no": None}, at="2020-09-17 09:00", text="补充")
    office.drain()
    assert len(states(office)) == 4


# ---- at the same time ----


def test_two_follow_ups_in_one_poll_are_done_one_after_the_other(office: Office) -> None:
    question = asked(office, A, bad(B), bad(C))
    office.store(roster(B, at="2020-09-16 11:00", answers=question, subject="回复：名单"))
    office.store(roster(C, at="2020-09-16 11:01", answers=question, subject="回复：名单"))
    office.drain()
    assert states(office) == ["fulfilled"] * 3
    assert office.case(CASE).result.version == 3
    assert {effect.attempts for effect in office.effects()} == {1}


def test_a_follow_up_beside_effects_that_are_under_way_waits_for_nothing_and_doubles_nothing(office: Office) -> None:
    office.process(roster(A, bad(B)))
    letter = office.letters()[0].message_id
    reply(office, letter, A, B)
    assert states(office) == ["approved", "approved"]
    office.drain()
    assert states(office) == ["fulfilled", "fulfilled"]
    assert {effect.attempts for effect in office.effects()} == {1}


def test_a_withdrawal_that_another_commit_overtakes_is_read_again(office: Office) -> None:
    question = asked(office, A, bad(B))

    ledger = Overtaken(office, {2: Verdict.CLOSE})
    says(office.with_house(ledger=ledger), "请撤回名单", question)
    assert states(office)[-1] == "closed"
    assert ledger.rounds == 2
