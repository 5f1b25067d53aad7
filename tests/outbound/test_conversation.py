"""Letters of a conversation: what a mail changed, which way a list is meant, how far a case is; and enquiries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.domain.effects import LetterKind
from mailbot.domain.intents import ASKS_STATUS, ASKS_WHICH
from mailbot.domain.letters import CaseView, Delta, FindingView, RowView
from mailbot.domain.states import ItemState
from mailbot.outbound.delta import delta_text
from mailbot.outbound.standing import Section, section
from tests.outbound.letters import asked, case, closed, done, finding, held, id_number, pending, phone, write

S = ItemState
WHICH = finding(ASKS_WHICH, "ask", "来信名单中有2人不在原名单内，请来信人说明是更正还是补充。")
HOW_FAR = finding(ASKS_STATUS, "note", "来信询问办理进度。")


def numbered(*rows: RowView) -> tuple[RowView, ...]:
    return tuple(replace(row, number=number) for number, row in enumerate(rows, start=1))


def changed(delta: Delta, *rows: RowView, trusted: bool = True) -> str:
    return write(case(*numbered(*rows), version=2, delta=delta), trusted=trusted)


def test_the_letter_names_the_corrected_rows_and_counts_the_others() -> None:
    text = changed(Delta(corrected=(1, 3), unchanged=2), done(1), done(2), done(3), asked(4))
    assert "本次来信已并入该登记：第6行（序号1）、第8行（序号3）已更正，其余2行不变。" in text


def test_every_kind_of_change_is_told_in_one_sentence() -> None:
    delta = Delta(corrected=(1,), added=(2,), closed=(3,), settled=(4,), unchanged=1)
    text = changed(delta, done(1), done(2), closed(3), done(4), done(5))
    assert "第6行（序号1）已更正，新增1人（第7行（序号2）），未列入最新名单的1人不再办理（第8行（序号3））" in text
    assert "第9行（序号4）此前已办理，更改的内容由审核人员核对，其余1行不变。" in text


def test_a_mail_that_says_nothing_new_is_told_so() -> None:
    assert "来信内容与此前登记的相同，2行不变。" in changed(Delta(unchanged=2), done(1), done(2))


def test_a_withdrawal_is_told_with_what_stopped() -> None:
    text = changed(Delta(withdrawn=(2,), unchanged=1, withdrawal=True), done(1), held(2))
    assert "已收到撤回请求。尚未办理的1人（第7行（序号2））已停止办理，由工作人员核对后回复" in text
    nothing = changed(Delta(unchanged=1, withdrawal=True), done(1))
    assert "已收到撤回请求。由工作人员核对后回复；此前已办理的不作变动。" in nothing


def test_nothing_is_asked_about_people_who_were_just_taken_back() -> None:
    """Else one letter says of a row that it has stopped and that it is to be corrected."""
    taken = finding("mail.withdrawal", "hold", "来信要求撤回或不再办理。")
    stopped = replace(asked(2), state=ItemState.HELD)
    stopped = replace(stopped, findings=(*stopped.findings, taken))
    text = changed(Delta(withdrawn=(2,), unchanged=1, withdrawal=True), done(1), stopped, asked(3))
    assert "尚未办理的1人（第7行（序号2））已停止办理" in text
    assert "请更正以下1行" in text
    assert "· 第8行（序号3）" in text
    assert "· 第7行（序号2）欧***：" not in text


def test_where_no_other_row_is_left_none_is_counted() -> None:
    text = changed(Delta(settled=(1,), unchanged=0), done(1))
    assert "本次来信已并入该登记：第6行（序号1）此前已办理，更改的内容由审核人员核对。" in text


def test_nothing_is_told_of_a_change_to_who_is_not_verified() -> None:
    text = changed(Delta(corrected=(1,), unchanged=0), done(1), trusted=False)
    assert "已更正" not in text


def test_a_letter_that_answers_no_change_tells_of_none() -> None:
    assert "本次来信" not in write(case(*numbered(done(1)), version=2))
    assert delta_text(case(done(1)), lambda rows: "") is None


def test_rows_that_are_gone_from_the_case_are_not_counted() -> None:
    told = delta_text(case(*numbered(done(1)), delta=Delta(corrected=(1, 9))), lambda rows: f"{len(rows)} rows")
    assert told is not None
    assert (told.corrected.count, told.corrected.where, told.only_unchanged) == (1, "1 rows", False)


def answer(about: FindingView, *cases: CaseView) -> str:
    return write(*cases, kind=LetterKind.ANSWER, about=(about,))


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ((WHICH,), Section.CHOICE),
        ((HOW_FAR,), Section.STATUS),
        ((), Section.SAME),
        ((finding("mail.latest", "note", ""),), Section.SAME),
    ],
)
def test_an_answer_answers_what_its_mail_asks(about: tuple[FindingView, ...], expected: Section) -> None:
    assert section(LetterKind.ANSWER, case(done(1)), about) is expected
    assert section(LetterKind.RESULT, case(done(1)), about) is Section.ACCEPT


def test_the_sender_is_asked_for_one_of_two_words() -> None:
    text = answer(WHICH, case(*numbered(done(1), asked(2))))
    assert "来信名单中有2人不在原名单内，请来信人说明是更正还是补充。" in text
    assert "· 更正：" in text
    assert "· 补充：" in text
    assert "这份新名单暂不办理" in text


def test_the_state_is_told_with_what_is_still_to_do_and_no_whole_number() -> None:
    rows = numbered(done(1), asked(2), pending(3), held(4))
    text = answer(HOW_FAR, case(*rows, usable_from=None))
    assert "已注册1人；待注册1人；待更正1人；待审核1人；共4人。" in text
    assert "请更正以下1行" in text
    assert "2020年7月10日前办理完毕" in text
    assert not any(number in text for number in (id_number(2), phone(2)))


def test_several_cases_are_told_in_one_answer() -> None:
    text = answer(HOW_FAR, case(done(1)), case(asked(1), id="2020-000013"))
    assert text.index("2020-000012") < text.index("2020-000013")


ENQUIRY = {"kind": "enquiry", "header": {"topics": ["投诉举报"]}, "attachment": None}


@pytest.mark.parametrize(
    ("kind", "state", "reason", "says"),
    [
        (LetterKind.RECEIPT, S.HELD, None, "来信由工作人员办理，收到邮件后3个工作日内（2020年7月10日前）回复。"),
        (LetterKind.RESULT, S.AWAITING_SENDER, "请写明单位名称", "请补充说明：请写明单位名称"),
        (LetterKind.RESULT, S.AWAITING_SENDER, None, "请补充说明来信所涉及的单位、登记编号或人员。"),
        (LetterKind.RESULT, S.CLOSED, "已电话答复。", "已电话答复。"),
        (LetterKind.RESULT, S.FULFILLED, None, "已办理完毕"),
        (LetterKind.RESULT, S.DECLINED, "不在受理范围", "理由：不在受理范围；如有异议或补充材料，可回复本邮件。"),
        (LetterKind.NOTICE, S.HELD, "请知悉。", "请知悉。"),
        (LetterKind.ANSWER, S.HELD, None, "此前已收到内容相同的来信"),
    ],
)
def test_an_enquiry_is_answered_in_its_own_words(
    kind: LetterKind, state: ItemState, reason: str | None, says: str
) -> None:
    text = write(case(**ENQUIRY, state=state, reason=reason), kind=kind)  # type: ignore[arg-type]  # fields by name
    assert says in text
    assert "登记编号 2020-000012" in text
    assert "名单" not in text


@pytest.mark.parametrize(("state", "says"), [(S.HELD, "正由工作人员办理"), (S.CLOSED, "已办理完毕")])
def test_how_far_an_enquiry_is(state: ItemState, says: str) -> None:
    assert says in (answer(HOW_FAR, case(**ENQUIRY, state=state)))  # type: ignore[arg-type]  # fields by name
