"""Letters about payment proofs: one for every outcome, in the words of the office, and nothing that has not happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from mailbot.data import templates_dir
from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.letters import CaseView, FindingView, RowView
from mailbot.domain.ports import PortError
from mailbot.domain.states import ItemState
from mailbot.outbound.proof_text import years
from tests.outbound.letters import ZONE, campaign, case, composer, finding, id_number, parsed, phone, text, view
from tools.make_forms import commitment_form, payment_form

S, E = ItemState, EffectState
BLANK, PROMISE = "2016-2019年公需科目缴费凭证表（空白表）.docx", "缴费承诺书（空白表）.docx"
ORDER = "2018060522001412345678901234"
HEADER: dict[str, Any] = {
    "fields": {
        "name": {"value": "欧阳建国", "source": "typed", "verified": True},
        "id_number": {"value": id_number(1), "source": "seen", "verified": True},
        "phone": {"value": phone(1), "source": "typed", "verified": True},
        "user_name": {"value": None},
    },
    "payments": [
        {"year": 2018, "order_id": ORDER, "payer": "张三", "paid_at": "2018-06-05 12:33", "platform": "支付宝",
         "amount": "33.00", "source": "typed"},
        {"year": 2018, "order_id": ORDER, "payer": "张三", "paid_at": "2018-06-05 12:33", "platform": "支付宝",
         "amount": "33.00", "source": "seen"},
    ],
}  # fmt: skip
MISSING = finding("proof.missing", "ask", "没有收到2018年度的缴费凭证。")
BLURRED = finding("proof.unreadable", "ask", "订单截图看不清，请重新发送。")
NOT_THERE = finding("person.not_registered", "ask", "平台上没有查到您的账号。")
REUSED = finding("proof.image_reused", "ask", "同一张图片已在另一件中使用。")


def year(number: int, state: ItemState, effect: EffectState | None, *findings: FindingView, of: int = 2018,
         by_person: bool = False) -> RowView:  # fmt: skip
    return RowView(
        number, None, None, 1, "欧阳建国", id_number(1), phone(1), "ok", state, effect, findings, number,
        year=of, by_person=by_person,
    )  # fmt: skip


def proof(*rows: RowView, findings: tuple[FindingView, ...] = (), **changes: object) -> CaseView:
    return case(
        *rows, findings=findings, **({"kind": "payment_proof", "header": HEADER, "usable_from": None} | changes)
    )


def write(*cases: CaseView, **changes: object) -> str:
    return text(composer().compose(view(*cases, **({"bound": False} | changes))))


def test_a_granted_year_is_told_with_what_to_do_next_and_the_closing_day() -> None:
    told = write(proof(year(1, S.FULFILLED, E.DONE)))
    for words in (
        "已收到缴费凭证，登记编号 2020-000012",
        "系统已核对，已开通2018年度补学权限。",
        "重庆市专技人员继续教育公需科目网络学习服务平台",
        "培训证书（合格证）",
        "学习截止日期为2020年12月31日",
    ):
        assert words in told, words
    assert "审核" not in told
    assert "学时" in told
    assert "30学时" not in told


def test_what_a_person_decided_is_told_as_reviewed_and_no_other() -> None:
    told = write(
        proof(
            year(1, S.FULFILLED, E.DONE, of=2016, by_person=True),
            year(2, S.FULFILLED, E.DONE, of=2017, by_person=True),
            year(3, S.FULFILLED, E.DONE, of=2018, by_person=True),
            year(4, S.FULFILLED, E.DONE, of=2019),
        )
    )
    assert "经审核，已开通2016至2018年度补学权限。" in told
    assert "系统已核对，已开通2019年度补学权限。" in told


def test_what_was_read_is_shown_masked_so_that_it_can_be_mended() -> None:
    told = write(proof(year(1, S.HELD, None)))
    for words in (
        "姓名：欧***",
        f"身份证号码：{id_number(1)[:3]}",
        f"订单编号 {ORDER}",
        "付款人 张*",
        "33.00元",
        "支付宝",
    ):
        assert words in told, words
    assert told.count(ORDER) == 1
    for whole in (id_number(1), phone(1), "欧阳建国", "张三"):
        assert whole not in told


def test_what_was_written_and_what_was_seen_stand_apart_where_they_differ() -> None:
    first, second = HEADER["payments"]
    differs = {**HEADER, "payments": [{**first, "order_id": "T20180605"}, second]}
    told = write(proof(year(1, S.HELD, None), header=differs))
    assert "· 填写：2018年度，订单编号 T20180605" in told
    assert f"· 图片：2018年度，订单编号 {ORDER}" in told


def test_a_sender_who_is_not_verified_is_shown_nothing_of_it() -> None:
    blamed = finding("payment.typed_differs", "ask", "填写的订单编号与图片不同。", "order_id")
    told = write(proof(year(1, S.AWAITING_SENDER, None, blamed)), trusted=False)
    for words in (ORDER, "欧", "支付宝", "与图片不同"):
        assert words not in told
    assert "订单编号需要补充或更正" in told


def test_a_proof_in_review_names_no_day() -> None:
    told = write(proof(year(1, S.HELD, None)), kind=LetterKind.RECEIPT)
    assert "待审核：2018年度，一般在3个工作日内完成审核" in told
    assert "7月10日" not in told


def test_a_year_that_waits_for_the_platform_is_not_told_as_granted() -> None:
    told = write(proof(year(1, S.APPROVED, E.PENDING)), kind=LetterKind.RECEIPT)
    assert "系统已核对，待开通2018年度补学权限，开通后另行回信。" in told
    assert "已开通" not in told
    assert "接下来" not in told


def test_years_that_go_wait_and_come_back_stand_in_one_letter() -> None:
    told = write(
        proof(
            year(1, S.FULFILLED, E.DONE, of=2016),
            year(2, S.AWAITING_SENDER, None, MISSING, of=2018),
            year(3, S.HELD, None, of=2019),
            year(4, S.DECLINED, None, of=2017),
            reason="订单为其他课程",
        )
    )
    for words in (
        "已开通2016年度补学权限",
        "· 没有收到2018年度的缴费凭证",
        "待审核：2019年度",
        "经审核，2017年度暂不符合免费补学条件，理由：订单为其他课程；如有异议或补充材料，可回复本邮件",
    ):
        assert words in told, words


def test_the_same_question_about_several_years_is_asked_once() -> None:
    asked = finding("payment.unpaid", "ask", "订单尚未支付成功。", "status")
    told = write(proof(*(year(n, S.AWAITING_SENDER, None, asked, of=2015 + n) for n in (1, 2))))
    assert "· 2016、2017年度：订单尚未支付成功\n" in told
    assert told.count("尚未支付成功") == 1


def test_a_picture_that_cannot_be_read_is_asked_for_anew_with_how_to_take_it() -> None:
    told = write(proof(year(1, S.AWAITING_SENDER, None, BLURRED)))
    assert "1. 在手机上打开该笔订单的详情页，直接截屏" in told
    assert "2. 以原图作为邮件附件发送" in told
    assert "承诺书" not in told


def test_who_is_not_registered_is_told_where_and_need_not_send_again() -> None:
    told = write(proof(year(1, S.AWAITING_SENDER, None), findings=(NOT_THERE,)))
    assert "注册本人账号" in told
    assert "已发送的凭证不必重新发送" in told
    assert "2018年度本身无需更正，待上述内容补齐后办理" in told


@pytest.mark.parametrize("code", ["proof.missing", "payment.proof_missing"])
def test_the_letter_of_commitment_is_told_of_only_after_proof_was_asked_for_once(code: str) -> None:
    asked = proof(year(1, S.AWAITING_SENDER, None, replace(MISSING, code=code)))
    first, second = composer().compose(view(asked)), composer().compose(view(replace(asked, asked_before=True)))
    assert "承诺书" not in text(first)
    assert "《2016-2019年公需科目缴费凭证表》" in text(first)
    assert first.attachments == (BLANK,)
    told = text(second)
    assert told.index("签名之前请知悉") < told.index("将纳入本人诚信档案管理")
    assert second.attachments == (BLANK, PROMISE)


@pytest.mark.parametrize("one", [BLURRED, NOT_THERE])
def test_nobody_is_pointed_to_it_who_has_a_proof(one: FindingView) -> None:
    told = write(proof(year(1, S.AWAITING_SENDER, None, one), asked_before=True))
    assert "承诺书" not in told


def test_what_makes_staff_doubt_is_never_told() -> None:
    told = write(proof(year(1, S.HELD, None, REUSED)))
    assert "另一件" not in told
    assert "请补充材料" not in told


def test_no_account_at_the_platform_waits_and_is_not_told_as_done() -> None:
    told = write(proof(year(1, S.HELD, E.CONFLICT)))
    assert "待审核：2018年度" in told
    assert "已开通" not in told


def test_a_year_that_was_open_already_reads_as_done_unless_the_sender_is_bound() -> None:
    one = proof(year(1, S.FULFILLED, E.ALREADY))
    assert "已开通2018年度补学权限" in write(one)
    assert "此前已开通、无需重复办理：2018年度" in write(one, bound=True)


def test_a_refusal_has_its_reason_and_how_to_object() -> None:
    told = write(proof(year(1, S.DECLINED, None), reason="付款人与本人不符"))
    assert "经审核，2018年度暂不符合免费补学条件，理由：付款人与本人不符；如有异议或补充材料，可回复本邮件" in told


def test_after_the_last_day_nothing_is_promised() -> None:
    late = datetime(2021, 1, 4, 10, 0, tzinfo=ZONE)
    told = write(proof(year(1, S.FULFILLED, E.DONE)), at=late)
    assert "请在此之前完成学习" not in told
    assert "已于2020年12月31日截止" in told


def test_in_december_the_last_day_is_told_once_and_to_the_learner() -> None:
    told = write(proof(year(1, S.FULFILLED, E.DONE)), at=datetime(2020, 12, 20, 10, 0, tzinfo=ZONE))
    assert told.count("2020年12月31日") == 1
    assert "请提醒学员" not in told


@pytest.mark.parametrize("kind", [LetterKind.ANSWER, LetterKind.NOTICE])
def test_a_question_is_answered_with_where_every_year_stands(kind: LetterKind) -> None:
    rows = (year(1, S.FULFILLED, E.DONE, of=2016), year(2, S.HELD, None, of=2017), year(3, S.DECLINED, None, of=2018))
    told = write(proof(*rows), kind=kind)
    assert "目前情况：已开通2016年度补学权限；待审核2017年度；经审核暂不符合免费补学条件2018年度。" in told


def test_a_proof_never_gets_a_workbook_or_the_blank_roster() -> None:
    asked = finding("file.unreadable", "ask", "附件打不开。")
    letter = composer().compose(view(proof(year(1, S.AWAITING_SENDER, None, asked), findings=(asked,))))
    assert letter.attachments == ()
    assert "报名名单" not in text(letter).replace("2020年公需科目报名名单", "")


@pytest.mark.parametrize(
    ("asked", "words"),
    [([2018], "2018年度"), ([2016, 2018], "2016、2018年度"), ([2019, 2016, 2017, 2018], "2016至2019年度"), ([], "")],
)
def test_years_are_told_in_few_words(asked: list[int], words: str) -> None:
    assert years([year(n, S.HELD, None, of=of) for n, of in enumerate(asked, start=1)]) == words


def test_a_year_that_nobody_wrote_is_said_to_be_so() -> None:
    rows = [year(1, S.HELD, None), replace(year(2, S.HELD, None), year=None)]
    assert years(rows) == "2018年度、未写明的年度"


def test_hostile_values_move_no_line() -> None:
    bad = {
        "fields": {"name": {"value": "甲\n\n乙\u202e"}},
        "payments": [{"order_id": id_number(3), "platform": "x\r\ny"}, 7],
    }
    told = write(proof(year(1, S.HELD, None), header=bad))
    assert id_number(3) not in told
    assert "\u202e" not in told
    for odd in ({"fields": 3, "payments": None}, {"fields": {"name": "x"}, "payments": "abc"}):
        assert "以下为从来信中读取的内容" not in write(proof(year(1, S.HELD, None), header=odd))


def test_every_section_that_the_campaign_names_is_there() -> None:
    named = campaign().kinds["payment_proof"].letters
    assert {name.stem for name in (templates_dir() / "emails" / "payment_proof").glob("*.txt")} == set(named)


def test_the_forms_are_what_the_tool_makes_and_hold_the_notices_words() -> None:
    folder = templates_dir() / "forms"
    for name, made in (("payment_proof", payment_form()), ("commitment", commitment_form())):
        ours, fresh = Document(str(folder / f"{name}.docx")), Document(BytesIO(made))
        assert [one.text for one in ours.paragraphs] == [one.text for one in fresh.paragraphs]
    table = Document(str(folder / "payment_proof.docx")).tables[0]
    words = {cell.text for row in table.rows for cell in row.cells}
    assert {"姓名", "手机号码", "身份证号码", "缴费年度", "订单编号", "付款人", "缴费时间", "缴费平台"} <= words


def test_a_form_goes_out_as_what_it_is() -> None:
    [part] = parsed(composer().compose(view(proof(year(1, S.AWAITING_SENDER, None, MISSING))))).iter_attachments()
    assert part.get_content_type().endswith("wordprocessingml.document")
    assert part.get_content().startswith(b"PK")


def test_a_missing_form_stops_the_letter(tmp_path: Path) -> None:
    (tmp_path / "emails").symlink_to(templates_dir() / "emails")
    from_nowhere = composer(templates=tmp_path)
    with pytest.raises(PortError, match=r"payment_proof\.docx"):
        from_nowhere.compose(view(proof(year(1, S.AWAITING_SENDER, None, MISSING))))
