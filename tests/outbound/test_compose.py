"""Letters: every section says what is so, to whom it may be said, in clean bytes that depend on the view alone."""

from dataclasses import replace
from datetime import datetime

import pytest

from mailbot.domain.effects import LetterKind
from mailbot.domain.letters import FindingView
from mailbot.domain.ports import Composer
from tests.outbound import letters
from tests.outbound.letters import (
    ARRIVAL,
    CHECKSUM,
    NO_ORDER,
    NO_PHONE,
    REMARK,
    REUSED,
    SPACE,
    already,
    asked,
    case,
    closed,
    composer,
    conflict,
    declined,
    done,
    everything,
    finding,
    held,
    parsed,
    pending,
    text,
    view,
    write,
)


def test_the_composer_keeps_the_protocol() -> None:
    keeper: Composer = composer()
    assert keeper.compose(view(case(done(1)))).template == "roster/accept"


def test_a_letter_has_exactly_these_headers() -> None:
    mail = parsed(composer().compose(view(case(pending(1)))))
    assert [(name, str(value)) for name, value in mail.items()] == [
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("MIME-Version", "1.0"),
        ("Content-Transfer-Encoding", "base64"),
        ("From", "2020gxkm@cqhrsp.com"),
        ("To", "hr@unit.example"),
        ("Subject", "回复：2020年公需科目报名名单"),
        ("Date", "Wed, 08 Jul 2020 10:30:00 +0800"),
        ("Message-ID", "<l.12.1.0a1b@cqhrsp.com>"),
        ("In-Reply-To", "<m1@unit.example>"),
        ("References", "<m0@unit.example> <m1@unit.example>"),
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Mailbot-Case", "2020-000012"),
    ]


def test_a_notice_is_generated_and_names_its_case_where_no_mail_is_answered() -> None:
    letter = composer().compose(view(case(held(1)), kind=LetterKind.NOTICE, subject="", message_id=None, references=()))
    mail = parsed(letter)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "关于登记编号 2020-000012 的通知"
    assert mail["In-Reply-To"] is None
    assert mail["References"] is None


def test_the_frame_has_greeting_number_office_and_hotlines() -> None:
    said = write(case(done(1)))
    for words in (
        "您好：",
        "登记编号 2020-000012",
        "重庆市人力资源开发服务中心",
        "400-023-9229",
        "400-618-7500",
        "1136638281",
    ):
        assert words in said


def test_an_accepted_roster_says_registered_and_what_comes_next() -> None:
    said = write(case(done(1), done(2)))
    for words in (
        "已注册账号：2人，第6至7行（序号1至2）", "导入人员", "添加人员", "2020年7月10日", "个人信息 → 消费足迹 → 我的激活码 → 赠送", "不能收回", "文本格式", POLICY, "登录", "修改密码",
    ):  # fmt: skip
        assert words in said
    assert "待注册" not in said


POLICY = letters.POLICY


def test_the_passwords_wording_comes_from_the_platform() -> None:
    said = text(composer(password_policy="初始密码由平台以短信发送").compose(view(case(done(1)))))
    assert "初始密码由平台以短信发送" in said
    assert "000000" not in said
    assert "六个零" not in said


def test_a_pending_roster_is_not_said_to_be_registered() -> None:
    said = write(case(pending(1), pending(2)), kind=LetterKind.RECEIPT)
    assert "待注册：2人，收到邮件后2个工作日内（2020年7月10日前）完成，完成后另行回信：第6至7行（序号1至2）" in said
    assert "已注册" not in said
    assert "激活码" not in said


@pytest.mark.parametrize(
    ("changes", "promise"),
    [
        ({}, "收到邮件后2个工作日内（2020年7月10日前）"),
        ({"provisional": True}, "收到邮件后2个工作日内完成"),
        ({"due_at": None}, "收到邮件后2个工作日内完成"),
        ({"due_at": ARRIVAL}, "尽快完成"),
    ],
)
def test_a_day_is_promised_only_where_it_is_known_and_ahead(changes: dict[str, object], promise: str) -> None:
    assert promise in write(replace(case(pending(1)), **changes))  # type: ignore[arg-type]  # keywords of many types


def test_the_promised_day_is_the_offices_day() -> None:
    late = datetime.fromisoformat("2020-07-10T23:30:00+00:00")
    assert "2020年7月11日前" in write(case(pending(1), due_at=late))


def test_what_to_correct_is_named_by_row_and_serial_all_at_once() -> None:
    said = write(case(asked(4, CHECKSUM, NO_PHONE), asked(7), findings=(NO_ORDER,)))
    assert "· 缴费订单号未填写\n" in said
    assert "· 第9行（序号4）欧***：身份证号码校验位不符，请核对；缺少手机号码\n" in said
    assert "第12行（序号7）" in said
    assert "尚不能办理注册" in said
    assert "已注册" not in said


def test_rows_of_several_sheets_and_panels_are_told_apart() -> None:
    first = asked(1)
    second = replace(asked(2), sheet="第二批", panel=2)
    said = write(case(first, second))
    assert "“Sheet1”第6行（序号1）" in said
    assert "“第二批”第7行第2栏（序号2）" in said


def test_repairs_are_listed_once_with_their_rows() -> None:
    said = write(case(done(1, SPACE), done(2, SPACE), done(3)))
    assert "· 第6行（序号1）、第7行（序号2）：姓名中间的空格已去除\n" in said


def test_a_row_that_a_person_looks_at_is_told_without_the_doubt() -> None:
    said = write(case(done(1), held(2, REMARK), findings=(REUSED,)))
    assert "待审核：1人，由审核人员审核" in said
    assert "已缴费" not in said
    assert "订单号" not in said


def test_a_held_roster_is_a_receipt_that_says_a_person_looks() -> None:
    said = write(case(held(1), held(2)), kind=LetterKind.RECEIPT)
    assert "已收到报名名单" in said
    assert "待审核：2人，由审核人员审核，收到邮件后2个工作日内（2020年7月10日前）回复" in said


def test_a_case_held_without_rows_is_in_review() -> None:
    assert "名单由审核人员审核" in write(case())


def test_a_refusal_gives_the_persons_reason_and_the_way_to_object() -> None:
    said = write(case(declined(1), reason="该学员不属于培训对象"))
    assert "经审核，以下1人暂不符合注册条件，理由：该学员不属于培训对象；如有异议或补充材料，可回复本邮件" in said


def test_a_person_asks_in_their_own_words() -> None:
    said = write(case(asked(1, SPACE), reason="请说明该学员的工作单位"))
    assert "说明：请说明该学员的工作单位" in said
    assert "请直接回复本邮件" in said


def test_the_same_roster_again_says_that_nothing_was_done_twice() -> None:
    said = write(case(done(1), asked(2), held(3)), kind=LetterKind.ANSWER, trusted=False, bound=False)
    assert "没有重复办理" in said
    assert "已注册1人；待更正1人；待审核1人；共3人" in said


def test_a_mail_without_a_case_is_received() -> None:
    letter = composer().compose(view())
    assert letter.template == "mail/received"
    assert "已收到您的邮件，登记编号 2020-000012，将由工作人员查看后回复。" in text(letter)
    assert "并保留登记编号" in text(letter)
    nameless = composer().compose(replace(view(), mail_id=None))
    assert "已收到您的邮件，将由工作人员查看后回复。" in text(nameless)
    assert "登记编号" not in text(nameless)


def test_what_the_hotlines_answer_is_said_in_the_words_of_the_rules() -> None:
    notes = (
        FindingView("mail.help_invoice", "note", "电子发票：请拨打400-618-7500。"),
        FindingView("mail.help_course", "note", "课程学习：请拨打400-023-9229。"),
        FindingView("mail.question", "note", "来信询问办理进度。"),
    )
    letter = composer().compose(view(kind=LetterKind.ANSWER, about=notes))
    assert letter.template == "mail/help"
    said = text(letter)
    assert said.index("电子发票：请拨打400-618-7500。") < said.index("课程学习：请拨打400-023-9229。")
    assert "来信询问办理进度" not in said, "other notes are for staff"
    held = (*notes, FindingView("mail.unclaimed", "hold", "转人工审核。"))
    waits = composer().compose(view(kind=LetterKind.ANSWER, about=held))
    assert waits.template == "mail/received"
    assert "将由工作人员查看后回复" in text(waits)
    assert "电子发票：请拨打400-618-7500。" in text(waits)
    assert "转人工审核" not in text(waits)


def test_a_roster_in_the_wrong_mailbox_is_told_beside_its_result() -> None:
    wrong = (FindingView("mail.other_mailbox", "note", "此类来信的专用邮箱是2020gxkm@cqhrsp.com。"),)
    letter = composer().compose(view(case(done(1)), about=wrong))
    assert letter.template.startswith("roster/")
    assert "此类来信的专用邮箱是2020gxkm@cqhrsp.com。" in text(letter)


def test_two_rosters_in_one_mail_share_one_letter() -> None:
    other = case(asked(1), id="2020-000012-2")
    letter = composer().compose(view(case(done(1)), other))
    assert letter.template == "roster/accept+roster/ask"
    assert "登记编号 2020-000012。" in text(letter)
    assert "登记编号 2020-000012-2。" in text(letter)
    assert letter.attachments == ("激活码分配-2020-000012.xlsx", "请更正-2020-000012-2.xlsx")
    assert parsed(letter)["X-Mailbot-Case"] == "2020-000012 2020-000012-2"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2020-12-14T23:59:00+08:00", None),
        ("2020-12-15T00:00:00+08:00", "学习截止日期为2020年12月31日"),
        ("2020-12-14T16:30:00+00:00", "学习截止日期为2020年12月31日"),
        ("2020-12-31T20:00:00+08:00", "学习截止日期为2020年12月31日"),
        ("2021-01-01T00:00:00+08:00", "学习已于2020年12月31日截止"),
    ],
)
def test_the_end_of_study_is_told_from_the_day_of_warning_on(at: str, said: str | None) -> None:
    letter = write(case(done(1)), at=datetime.fromisoformat(at))
    assert (said in letter) if said else ("截止" not in letter)


def test_what_the_platform_knew_before_is_told_to_a_bound_sender_only() -> None:
    made = case(done(1), already(2))
    assert "此前已有账号，不必重新注册：1人" in write(made)
    for trusted in (True, False):
        said = write(made, trusted=trusted, bound=False)
        assert "已注册账号：2人" in said
        assert "不必重新注册" not in said


def test_a_conflict_at_the_platform_is_told_to_a_bound_sender_and_waits_for_the_others() -> None:
    made = case(done(1), conflict(2))
    assert "其他资料与名单不一致：1人，由审核人员核对，收到邮件后2个工作日内（2020年7月10日前）回复" in write(made)
    assert "待审核：1人" not in write(made)
    for trusted in (True, False):
        said = write(made, trusted=trusted, bound=False)
        assert "待审核：1人" in said
        assert "不一致" not in said


def test_who_had_an_account_before_is_to_be_looked_up_and_not_imported() -> None:
    assert "用户名不一定是手机号码，请用“添加人员”" in write(case(done(1), already(2)))
    assert "不一定" not in write(case(done(1)))


def test_binding_without_verification_tells_nothing_more() -> None:
    assert "不必重新注册" not in write(case(done(1), already(2)), trusted=False, bound=True)


def test_an_unverified_sender_sees_rows_and_columns_but_no_word_of_the_roster() -> None:
    made = case(done(1, SPACE), asked(2, CHECKSUM, NO_PHONE), held(3))
    letter = composer().compose(view(made, trusted=False, bound=False))
    said = text(letter)
    assert "· 第7行（序号2）：身份证号码、手机号码需要更正\n" in said
    words = "".join(everything(letter))
    for secret in ("欧", "某某中学", "报名名单.xlsx", "校验位", "空格"):
        assert secret not in words.replace("2020年公需科目报名名单", "")


def test_a_long_list_is_cut_and_the_workbook_has_it_all() -> None:
    letter = composer().compose(view(case(*(asked(n) for n in range(1, 101)))))
    assert text(letter).count("（序号") == 30
    assert "其余70行从略" in text(letter)
    (book,) = parsed(letter).iter_attachments()
    assert letters.sheets(book.get_content())[0].max_row == 101


def test_a_very_large_roster_still_makes_a_small_letter() -> None:
    many = tuple(done(n, SPACE) for n in range(1, 5001))
    letter = composer().compose(view(case(*many)))
    assert len(text(letter)) < 3_000
    assert len(letter.raw) < 300_000


def test_the_blank_form_comes_with_a_letter_that_asks_for_the_file() -> None:
    made = case(findings=(finding("file.password_needed", "ask", "文件有密码，请去掉密码后重新发送。"),))
    letter = composer().compose(view(made))
    assert letter.attachments == ("报名名单（空白表）.xlsx",)
    assert "附件为空白的《报名名单》" in text(letter)
    assert "文件有密码" in text(letter)


def test_no_workbook_goes_with_an_answer_to_the_same_roster_or_a_notice() -> None:
    for kind in (LetterKind.ANSWER, LetterKind.NOTICE):
        assert composer().compose(view(case(asked(1)), kind=kind)).attachments == ()


def test_the_same_view_gives_the_same_bytes() -> None:
    made = view(case(done(1, SPACE), asked(2), held(3)))
    assert composer().compose(made).raw == composer().compose(made).raw


def test_letters_are_courteous_and_use_the_words_of_the_notice() -> None:
    made = [
        case(done(1)), case(done(1, SPACE)), case(pending(1)), case(asked(1), findings=(NO_ORDER,)), case(held(1)),
        case(done(1), asked(2), held(3), declined(4), closed(5)), case(declined(1)), case(closed(1)), case(done(1), declined(2)),
    ]  # fmt: skip
    for kind in LetterKind:
        said = "".join(write(one, kind=kind) for one in made)
        for wrong in ("！", "!", "登陆", "受理", "花名册", "核查", "开通账号", "发放", "退回", "伪造", "不予"):
            assert wrong not in said, (kind, wrong)
        assert "  " not in said.replace("\n  ", "\n")
