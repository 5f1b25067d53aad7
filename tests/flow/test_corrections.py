"""Our workbook of rows to correct comes back, or the clerk tells in words what is right: a machine places it, or nobody."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from mailbot.domain.decisions import Automation, Verdict
from mailbot.domain.mail import MailState
from tests.flow.conftest import Make
from tests.flow.office import Office, roster
from tests.flow.talk import CASE, SHOWN, asked, bad, book_of, filled, reply, returned, says
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import people, wrong_check

A, B, C, D, E = people(1780, 5)
BOTH_WRONG = Row(B, id_number=wrong_check(B.id_number), phone="023-67890123")


def test_the_filled_row_alone_goes_on(office: Office) -> None:
    question = asked(office, A, bad(B), bad(C))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    result = office.process(returned(book, answers=question))
    [case] = result.cases
    assert (case.case_id, case.version, result.state) == (CASE, 2, MailState.DONE)
    office.drain()
    assert office.states(CASE) == ["fulfilled", "fulfilled", "awaiting_sender"]
    assert office.accounts(A, B, C) == [True, True, False]
    letter = office.post.letters[-1]
    assert "第7行（序号2）已更正，其余2行不变" in letter.text
    assert "请更正以下1行" in letter.text
    rows = list(load_workbook(BytesIO(book_of(letter))).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["8"], "only what is still wrong comes back"


def test_the_case_is_found_by_the_hidden_number_alone(office: Office) -> None:
    asked(office, A, bad(B))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    assert office.process(replace(returned(book), subject="更正表")).cases[0].case_id == CASE
    office.drain()
    assert office.accounts(B) == [True]


@pytest.mark.parametrize(
    "mail", [{"auth": "fail"}, {"auth": "none"}, {"address": "other@qq.com"}, {"address": units.BUREAU.address}]
)
def test_the_number_alone_is_never_trusted(office: Office, mail: dict[str, str]) -> None:
    question = asked(office, A, bad(B))
    before = office.case(CASE).result
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    [case] = office.process(returned(book, answers=question, **mail)).cases
    assert (case.case_id, case.outcome.word) == ("2020-000002", "hold")
    assert "file.correction" in [finding.code for finding in case.findings]
    office.drain()
    assert office.accounts(B) == [False]
    assert office.case(CASE).result.items == before.items
    assert A.name not in office.post.letters[-1].text


def test_a_filled_cell_is_read_like_any_cell(office: Office) -> None:
    question = asked(office, A, BOTH_WRONG)
    typed = f"{B.id_number[:6]} {B.id_number[6:14]} {B.id_number[14:]}"
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": typed, "phone": f"+86 {B.phone}"}})
    [case] = office.process(returned(book, answers=question)).cases
    codes = {finding.code for item in case.items for finding in item.findings if finding.severity.word == "fix"}
    assert codes == {"id.separator", "phone.country_code"}
    office.drain()
    assert office.accounts(B) == [True]


def test_a_row_of_which_half_is_filled_keeps_its_other_fault(office: Office) -> None:
    question = asked(office, A, BOTH_WRONG)
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    office.process(returned(book, answers=question))
    office.drain()
    [_, row] = office.case(CASE).result.items
    assert row.state.value == "awaiting_sender"
    assert [finding.code for finding in row.findings] == ["phone.landline"], "as it was first told, not as missing"
    assert row.values["id_number"] == B.id_number
    last = filled(book_of(office.post.letters[-1]), {2: {"phone": B.phone}})
    office.process(returned(last, at="2020-09-16 14:00"))
    office.drain()
    assert office.states(CASE) == ["fulfilled", "fulfilled"]
    assert office.case(CASE).result.version == 3


def test_a_wrong_correction_is_asked_about_again(office: Office) -> None:
    question = asked(office, A, bad(B))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": wrong_check(C.id_number)}})
    office.process(returned(book, answers=question))
    office.drain()
    assert office.states(CASE) == ["fulfilled", "awaiting_sender"]
    assert "请更正以下1行" in office.post.letters[-1].text


def test_a_masked_value_is_never_taken_for_one(office: Office) -> None:
    question = asked(office, A, bad(B))
    book = filled(
        book_of(office.post.letters[-1]), {2: {"id_number": f"{B.id_number[:3]}{'*' * 13}{B.id_number[-2:]}"}}
    )
    office.process(returned(book, answers=question))
    office.drain()
    assert office.states(CASE) == ["fulfilled", "awaiting_sender"]
    assert office.accounts(B) == [False]


def test_what_is_typed_over_the_masked_value_counts(office: Office) -> None:
    question = asked(office, A, bad(B))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}}, SHOWN)
    office.process(returned(book, answers=question))
    office.drain()
    assert office.accounts(B) == [True]


def test_a_workbook_that_came_back_empty_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B))
    result = office.process(returned(book_of(office.post.letters[-1]), answers=question))
    assert result.state is MailState.SET_ASIDE
    assert result.follows == (CASE,)
    assert "没有填写" in result.findings[-1].message


def test_a_workbook_whose_rows_were_moved_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B), bad(C))
    book = filled(
        book_of(office.post.letters[-1]),
        {2: {"id_number": B.id_number, "place": "Sheet1!1!99", "row": "99"}},
        {"id_number": 8, "place": 10, "row": 1},
    )
    result = office.process(returned(book, answers=question))
    assert result.state is MailState.SET_ASIDE
    assert "找不到" in result.findings[-1].message
    office.drain()
    assert office.accounts(B) == [False]


def test_a_row_that_was_swapped_with_another_is_noticed_by_its_name(office: Office) -> None:
    question = asked(office, A, bad(B), bad(C))
    assert B.name[0] != C.name[0]
    book = filled(
        book_of(office.post.letters[-1]),
        {2: {"id_number": B.id_number, "name": f"{C.name[0]}**"}},
        {"id_number": 8, "name": 3},
    )
    assert office.process(returned(book, answers=question)).state is MailState.SET_ASIDE


def test_without_the_hidden_column_row_and_serial_tell(office: Office) -> None:
    question = asked(office, A, bad(B))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    workbook = load_workbook(BytesIO(book))
    workbook.worksheets[0].delete_cols(10)
    del workbook.defined_names["mailbot_case"]
    target = BytesIO()
    workbook.save(target)
    office.process(returned(target.getvalue(), answers=question))
    office.drain()
    assert office.accounts(B) == [True]


def test_somebody_typed_below_the_rows_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B))
    new = {"name": D.name, "id_number": D.id_number, "phone": D.phone}
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}, 3: new})
    result = office.process(returned(book, answers=question))
    assert result.state is MailState.SET_ASIDE
    office.drain()
    assert office.accounts(B, D) == [False, False], "nothing of a workbook that is not understood whole"


def test_a_correction_that_ends_a_clash_lets_both_rows_go(office: Office) -> None:
    shared = replace(C, phone=B.phone)
    question = asked(office, A, B, shared)
    assert office.states(CASE) == ["fulfilled", "awaiting_sender", "awaiting_sender"]
    book = filled(book_of(office.post.letters[-1]), {3: {"phone": C.phone}})
    office.process(returned(book, answers=question))
    office.drain()
    assert office.accounts(B, C) == [True, True]


def test_what_stands_against_the_case_is_not_settled_by_a_corrected_row(office: Office) -> None:
    question = asked(office, A, bad(B), header={"order_no": None})
    assert office.states(CASE)[0] == "awaiting_sender"
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    office.process(returned(book, answers=question))
    office.drain()
    assert office.states(CASE) == ["awaiting_sender", "fulfilled", "fulfilled"]
    assert "header.order_missing" in [finding.code for finding in office.case(CASE).result.findings]


def test_a_row_that_a_person_declined_is_not_opened_again(office: Office) -> None:
    question = asked(office, A, bad(B), bad(C))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    hold = replace(A, phone=D.phone)
    reply(office, question, hold, bad(B), bad(C))
    office.decide(CASE, {0: Verdict.CLOSE})
    result = office.process(returned(book, answers=question, at="2020-09-16 12:00"))
    assert result.cases[0].version == 3
    office.drain()
    assert office.states(CASE)[1:3] == ["fulfilled", "fulfilled"]


def test_a_correction_under_confirm_waits_for_the_person(make: Make) -> None:
    office = make(automation=Automation.CONFIRM)
    question = asked(office, A, bad(B))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    office.process(returned(book, answers=question))
    office.drain()
    assert office.states(CASE) == ["held", "held"]
    assert all(item.proposed for item in office.case(CASE).result.items)


def test_the_same_workbook_again_changes_nothing(office: Office) -> None:
    question = asked(office, A, bad(B))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    for at in ("2020-09-16 11:00", "2020-09-16 11:30"):
        office.process(returned(book, answers=question, at=at))
        office.drain()
    assert office.states(CASE) == ["fulfilled", "fulfilled"]
    assert [effect.attempts for effect in office.effects()] == [1, 1]
    assert "来信内容与此前登记的相同" in office.post.letters[-1].text


def test_the_workbook_and_the_whole_list_in_one_mail_are_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B), C)
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    both = returned(book, answers=question)
    result = office.process(replace(both, files=(*both.files, *roster(A, B, C).files)))
    assert result.state is MailState.SET_ASIDE
    assert "都涉及同一件登记" in result.findings[-1].message
    office.drain()
    assert office.states(CASE) == ["fulfilled", "awaiting_sender", "fulfilled"]


def test_the_first_list_again_after_a_correction_undoes_nothing(office: Office) -> None:
    question = asked(office, A, bad(B))
    book = filled(book_of(office.post.letters[-1]), {2: {"id_number": B.id_number}})
    office.process(returned(book, answers=question))
    office.drain()
    again = office.process(roster(A, bad(B), at="2020-09-17 09:00"))
    assert (again.cases, again.follows) == ((), (CASE,))
    office.drain()
    assert office.states(CASE) == ["fulfilled", "fulfilled"]


@pytest.mark.parametrize(
    "text",
    [
        "您好，第7行{name}身份证号码应为{id}，谢谢！",
        "序号2的身份证号更正为：{id}",
        "{name}的身份证号有误，应为{id}。\n\n长江路小学 王老师",
        "第7行信息更正如下：身份证号码：{id}",
    ],
)
def test_an_exact_sentence_is_done_by_machine(office: Office, text: str) -> None:
    question = asked(office, A, bad(B))
    result = says(office, text.format(name=B.name, id=B.id_number), question)
    assert result.cases[0].version == 2
    office.drain()
    assert office.accounts(B) == [True]
    assert "第7行（序号2）已更正，其余1行不变" in office.post.letters[-1].text


@pytest.mark.parametrize(
    "text",
    [
        "第7行{name}身份证号码应为{id}，另外请把第6行删除。",
        "第7行{other}身份证号码应为{id}",
        "第99行身份证号码应为{id}",
        "{name}的身份证好像应该是{id}吧，麻烦核实一下",
        "第7行身份证号码应为{id}，第7行身份证号码应为{second}",
    ],
)
def test_a_sentence_that_is_not_exact_is_for_a_person(office: Office, text: str) -> None:
    question = asked(office, A, bad(B))
    words = {"name": B.name, "id": B.id_number, "other": A.name, "second": C.id_number}
    result = says(office, text.format(**words), question)
    assert result.state is MailState.SET_ASIDE
    assert result.follows == (CASE,)
    office.drain()
    assert office.states(CASE) == ["fulfilled", "awaiting_sender"]


def test_a_sentence_from_somebody_else_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B))
    result = says(office, f"第7行身份证号码应为{B.id_number}", question, address="other@qq.com")
    assert result.cases[0].outcome.word == "hold"
    office.drain()
    assert office.accounts(B) == [False]


def test_a_sentence_about_what_is_done_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B))
    says(office, f"第6行手机号码改为{D.phone}", question)
    office.drain()
    assert office.states(CASE) == ["held", "fulfilled", "awaiting_sender"]
    assert [effect.attempts for effect in office.effects()] == [1]


def test_an_order_number_told_in_words_completes_the_header(office: Office) -> None:
    question = asked(office, A, header={"order_no": None})
    assert office.states(CASE) == ["awaiting_sender", "fulfilled"]
    says(office, f"订单号：{units.PRIMARY.order_no}", question)
    office.drain()
    assert office.states(CASE) == ["closed", "fulfilled"]
    assert office.case(CASE).result.header["order_no"] == units.PRIMARY.order_no


def test_a_list_whose_mail_says_more_about_a_row_is_for_a_person(office: Office) -> None:
    [case] = office.process(roster(A, B, text="名单见附件。第7行的手机号改成13900000000。")).cases
    assert case.outcome.word == "hold"
    office.drain()
    assert office.accounts(A, B) == [False, False]


def test_a_list_that_comes_back_with_other_rows_names_all_by_the_new_ones(office: Office) -> None:
    question = asked(office, A, bad(B))
    reply(office, question, D, E, A, B, text="更正并补充，请以此为准。")
    office.drain()
    text = office.post.letters[-1].text
    assert "原名单" not in text
    assert "第9行（序号4）已更正，新增2人（第6至7行（序号1至2））" in text
    assert office.accounts(A, B, D, E) == [True] * 4
    places = [item.place["row"] for item in office.case(CASE).result.items if item.number]
    assert places == [8, 9, 6, 7]


def test_our_workbook_finds_its_rows_after_the_list_has_moved(office: Office) -> None:
    """The clerk fills in the workbook of the first letter when a second list has come already."""
    question = asked(office, A, bad(B), bad(C))
    book = book_of(office.post.letters[-1])
    reply(office, question, D, A, bad(B), bad(C), text="补充一人，请以此为准。")
    office.drain()
    right = filled(book, {2: {"id_number": B.id_number}, 3: {"id_number": C.id_number}})
    office.process(returned(right, answers=question, at="2020-09-16 15:00"))
    office.drain()
    assert office.accounts(A, B, C, D) == [True] * 4


def test_people_added_by_a_short_list_are_named_by_that_list(office: Office) -> None:
    question = asked(office, A, bad(B))
    reply(office, question, D, bad(E), text="补充两人。")
    office.drain()
    text = office.post.letters[-1].text
    assert "新增2人（9月16日名单第6至7行（序号1至2））" in text
    assert "· 原名单第7行（序号2）" in text
    assert "· 9月16日名单第7行（序号2）" in text
