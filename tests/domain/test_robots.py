"""Robots get no letter; a person's mail is never taken for a robot's."""

import time

import pytest

from mailbot.domain.mail import Mail, Part
from mailbot.domain.robots import deserves_a_person, is_returned, robot_reason

OWN = ("2020gxkm@cqhrsp.com", "cqgxkm@cqhrsp.com")
HOPS = 50
ROSTER = Part(number=1, name="报名名单.xlsx", sha256="0" * 64, size=9000, type="application/zip")
LOGO = Part(number=1, name="logo.png", sha256="1" * 64, size=900, type="image/png", inline=True)


def reason(
    subject: str = "公需科目报名名单",
    text: str = "您好，附件是我单位报名名单。",
    from_value: str = "张三 <hr@unit-a.cn>",
    parts: tuple[Part, ...] = (ROSTER,),
    **headers: str,
) -> str | None:
    return robot_reason(
        Mail(subject=subject, text=text, from_values=(from_value,), parts=parts, headers=kept(**headers)), OWN, HOPS
    )


def kept(**headers: str) -> dict[str, tuple[str, ...]]:
    return {name.replace("_", "-"): (value,) for name, value in headers.items()}


def test_an_ordinary_mail_is_a_persons() -> None:
    assert reason() is None
    assert reason(auto_submitted="no", return_path="<hr@unit-a.cn>", precedence="normal", x_mailer="Foxmail") is None
    assert reason(x_auto_response_suppress="None", content_type="multipart/mixed; boundary=report") is None
    assert robot_reason(Mail(), OWN, HOPS) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"content_type": 'multipart/report; report-type=delivery-status; boundary="x"'}, "bounce"),
        ({"content_type": "multipart/report; report-type=disposition-notification"}, "receipt"),
        ({"x_failed_recipients": "a@b.cn"}, "bounce"),
        ({"return_path": "<>"}, "bounce"),
        ({"return_path": ""}, "bounce"),
        ({"return_path": "< >"}, "bounce"),
        ({"auto_submitted": "auto-replied"}, "auto_submitted"),
        ({"auto_submitted": "auto-generated; x=y"}, "auto_submitted"),
        ({"auto_submitted": "Auto-Replied (vacation)"}, "auto_submitted"),
        ({"x_autoreply": "yes"}, "auto_reply"),
        ({"x_autorespond": "1"}, "auto_reply"),
        ({"x_loop": "2020gxkm@cqhrsp.com"}, "loop"),
        ({"x_mailbot_case": "2020-000001"}, "loop"),
        ({"x_auto_response_suppress": "All"}, "suppress"),
        ({"x_auto_response_suppress": "DR, OOF, AutoReply"}, "suppress"),
        ({"precedence": "bulk"}, "precedence"),
        ({"precedence": "LIST"}, "precedence"),
        ({"list_id": "<all.unit-a.cn>"}, "list"),
        ({"list_unsubscribe": "<mailto:x@y.cn>"}, "list"),
    ],
)
def test_marks_in_the_headers(headers: dict[str, str], expected: str) -> None:
    mail = Mail(from_values=("张三 <hr@unit-a.cn>",), parts=(ROSTER,), headers=kept(**headers))
    assert robot_reason(mail, OWN, HOPS) == expected


@pytest.mark.parametrize(
    ("from_value", "expected"),
    [
        ("2020gxkm@cqhrsp.com", "own_address"),
        ("公需科目 <2020GXKM@CQHRSP.COM>", "own_address"),
        ("<2020gxkm+case-17@cqhrsp.com>", "own_address"),
        ("MAILER-DAEMON@unit-a.cn", "bounce"),
        ("Mail Delivery System <MAILER-DAEMON>", "bounce"),
        ("Mail Delivery Subsystem <x@google.cn>", "bounce"),
        ("postmaster@unit-a.cn", "mail_system"),
        ("Postmaster <post-master@unit-a.cn>", "mail_system"),
        ("bounce-123=a=b.cn@mailer.cn", "bounce"),
        ("noreply@unit-a.cn", "no_reply"),
        ("OA <no-reply@unit-a.cn>", "no_reply"),
        ("oa.no_reply@unit-a.cn", "no_reply"),
        ("do-not-reply@unit-a.cn", "no_reply"),
    ],
)
def test_senders_that_are_machines(from_value: str, expected: str) -> None:
    assert reason(from_value=from_value) == expected


@pytest.mark.parametrize(
    "from_value",
    [
        "piano.reply@unit-a.cn",
        "postmasterson@unit-a.cn",
        "gxkm@cqhrsp.com",
        "12020gxkm@cqhrsp.com",
        "张三",
        "",
        "+@x.cn",
    ],
)
def test_senders_that_are_people(from_value: str) -> None:
    assert reason(from_value=from_value) is None


@pytest.mark.parametrize("most", [1, 30, HOPS])
def test_more_hops_than_the_limit_are_a_loop(most: int) -> None:
    hops = tuple(f"from a by b; {number}" for number in range(most + 1))
    assert robot_reason(Mail(headers={"received": hops}), OWN, most) == "loop"
    assert robot_reason(Mail(headers={"received": hops[:most]}), OWN, most) is None


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("自动回复: 公需科目报名名单", "auto_reply"),
        ("自动回复：已收到", "auto_reply"),
        ("自动答复: 报名", "auto_reply"),
        ("【自动回复】", "auto_reply"),
        ("假期自动回复：x", "auto_reply"),
        ("来自张三的自动回复", "auto_reply"),
        ("自动回复", "auto_reply"),
        ("Automatic reply: 已收到", "auto_reply"),
        ("Auto-Reply: x", "auto_reply"),
        ("AutoReply", "auto_reply"),
        ("Out of Office: x", "auto_reply"),
        ("系统退信/Systems bounce", "bounce_like"),
        ("来自qq.com的退信", "bounce_like"),
        ("系统退信", "bounce_like"),
        ("系统退信：邮件无法送达", "bounce_like"),
        ("Undeliverable: x", "bounce_like"),
        ("Undelivered Mail Returned to Sender", "bounce_like"),
        ("Returned mail: see transcript for details", "bounce_like"),
        ("Delivery Status Notification (Failure)", "bounce_like"),
        ("failure notice", "bounce_like"),
        ("Mail delivery failed: returning message to sender", "bounce_like"),
        ("不在办公室: 报名", "auto_reply"),
        ("自動回覆：已收到", "auto_reply"),
        ("Read: 报名名单", "receipt"),
        ("已读: 报名名单", "receipt"),
    ],
)
def test_subjects_of_robots(subject: str, expected: str | None) -> None:
    assert reason(subject=subject, parts=()) == expected


@pytest.mark.parametrize(
    "subject",
    [
        "假期前报名名单",
        "假期",
        "关于假期公需科目学习的报名",
        "自动回复系统培训人员名单",
        "自动回复功能设置问题咨询",
        "没有收到自动回复，请核实",
        "回复：自动回复: 报名名单",
        "退信后重发：报名名单",
        "上次被退信，重新发送报名名单",
        "休假人员补报名单",
        "Auto company roster",
        "Out of 20 people, 3 corrected",
        "Returned mailing list of unit",
        "已读通知，现报名单",
        "",
    ],
)
def test_subjects_of_people(subject: str) -> None:
    assert reason(subject=subject) is None


@pytest.mark.parametrize(
    "text",
    [
        "这是来自QQ邮箱的假期自动回复邮件。\n您好，我最近正在休假中，无法亲自回复您的邮件。",
        "这是来自QQ邮箱的自动回复邮件。",
        "\n 这是一封来自网易邮箱的自动回复邮件",
        "您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。",
        "此邮件为系统自动发送，请勿回复",
        "This is an automatic reply.",
        "自动回复：您的邮件已收到。",
        "I am out of the office until Monday.",
        "您好！您的邮件我已经收到了，我会尽快认真的阅读并与回复的。",
        "您好，我已经收到您的邮件。我将在阅读后，尽快给您回复。",
        "您好，您发给我的信件已经收到。我会尽快给您回复。",
        "您的来信我已收到，我将会尽快回复您，祝工作顺利！",
    ],
)
def test_texts_of_robots(text: str) -> None:
    assert reason(subject="Re: 报名名单", text=text, parts=()) == "auto_reply"
    assert reason(subject="Re: 报名名单", text=text, parts=(LOGO,)) == "auto_reply"


@pytest.mark.parametrize("subject", ["系统退信", "邮件无法投递 重发报名名单", "自动回复：报名名单", "已读：名单"])
def test_words_alone_never_file_away_a_roster(subject: str) -> None:
    assert reason(subject=subject) is None
    assert reason(subject=subject, text="这是来自QQ邮箱的自动回复邮件。") is None


def test_what_a_bounce_returns_is_no_roster() -> None:
    returned = Part(number=1, name="原邮件.eml", sha256="2" * 64, size=9, type="message/rfc822")
    inside = Part(number=2, name="待更正.xlsx", member="原邮件.eml", sha256="3" * 64, size=9, type="application/zip")
    assert reason(subject="系统退信", parts=(returned, inside)) == "bounce_like"


BACK = "很抱歉，您的邮件被退回，以下是该邮件的相关信息：\n收件人：hr@unit-a.cn\n退信原因：550 User unknown"


def test_a_subject_that_clerks_write_too_needs_the_words_of_a_server() -> None:
    for subject in ("退信：报名名单", "退信", "未送达", "Warning"):
        assert reason(subject=subject, text=BACK, parts=()) == "bounce_like"
        assert reason(subject=subject, text="老师您好，名单发不出去怎么办？", parts=()) is None


def test_a_person_reads_what_only_words_call_a_bounce() -> None:
    mail = Mail(subject="系统退信", text=BACK, from_values=("张三 <hr@unit-a.cn>",))
    assert robot_reason(mail, OWN, HOPS) == "bounce_like"
    assert deserves_a_person(mail, "bounce_like") is True


@pytest.mark.parametrize(
    ("from_value", "headers", "subject", "expected"),
    [
        ("MAILER-DAEMON@mx.unit-a.cn", {}, "x", True),
        ("系统退信 <x@163.com>", {}, "x", True),
        ("postmaster@163.com", {}, "系统退信", True),
        ("hr@unit-a.cn", {"content_type": "multipart/report; report-type=delivery-status"}, "x", True),
        ("hr@unit-a.cn", {"content_type": 'multipart/report; boundary="b"'}, "x", True),
        ("hr@unit-a.cn", {"x_failed_recipients": "a@b.cn"}, "x", True),
        ("hr@unit-a.cn", {"content_type": "multipart/report; report-type=disposition-notification"}, "x", False),
        ("hr@unit-a.cn", {"content_type": "multipart/report; report-type=feedback-report"}, "x", False),
        ("hr@unit-a.cn", {"return_path": "<>", "auto_submitted": "auto-replied"}, "自动回复：x", False),
        ("hr@unit-a.cn", {}, "报名名单", False),
    ],
)
def test_what_a_mail_server_returned(from_value: str, headers: dict[str, str], subject: str, expected: bool) -> None:
    assert is_returned(Mail(subject=subject, from_values=(from_value,), headers=kept(**headers))) is expected


def test_an_answer_of_absence_with_an_empty_path_is_no_bounce() -> None:
    mail = Mail(from_values=("hr@unit-a.cn",), headers=kept(return_path="<>", auto_submitted="auto-replied (vacation)"))
    assert robot_reason(mail, OWN, HOPS) == "auto_submitted"


def test_a_loop_mark_of_others_is_a_weak_one() -> None:
    assert reason(x_loop="forward@unit-a.cn") == "looped"
    assert reason(x_loop="<2020GXKM+x@cqhrsp.com>") == "loop"


def test_texts_of_people() -> None:
    assert reason(text="您好，上次收到“这是来自QQ邮箱的自动回复邮件”，不知是否收到名单，现重发。") is None
    assert reason(text="我最近正在休假中，无法亲自回复您的邮件，名单见附件。") is None


@pytest.mark.parametrize(
    ("mail_parts", "why", "expected"),
    [
        ((ROSTER,), "list", True),
        ((ROSTER,), "no_reply", True),
        ((LOGO,), "list", False),
        ((), "suppress", False),
        ((ROSTER,), "bounce", False),
        ((ROSTER,), "own_address", False),
        ((ROSTER,), "mail_system", True),
        ((ROSTER,), "looped", True),
        ((ROSTER,), "auto_submitted", False),
    ],
)
def test_a_weak_mark_with_a_file_deserves_a_person(mail_parts: tuple[Part, ...], why: str, expected: bool) -> None:
    assert deserves_a_person(Mail(parts=mail_parts), why) is expected


NEAR_MISSES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("自动回复系统名单", "老师好，附件是我单位自动回复系统项目组的报名名单。", {}),
    ("自动回复收到，补充名单", "老师好，收到了自动回复，现补充一人。", {}),
    ("回复：自动回复: 报名名单", "您好，刚才的自动回复看到了，请问几时能注册？", {}),
    ("关于系统退信的问题", "老师，我们收到系统退信，请问邮箱是否已满？", {}),
    ("退信", "老师您好，我单位的名单被退信了，请问发到哪个邮箱？", {}),
    ("退信：报名名单", "昨天发的退回来了，请查一下。", {}),
    ("未送达", "上次的没有送达吧？再发一次。", {}),
    ("无法投递", "老师您好，说无法投递，换个邮箱发。", {}),
    ("外出培训人员名单", "附件请查收。", {}),
    ("休假人员名单", "附件请查收。", {}),
    ("Fwd: Undelivered Mail Returned to Sender", "老师，这个是什么意思？", {}),
    ("回复: 已读", "已读，没有意见，请办理。", {}),
    ("已读通知，现报名单", "附件请查收。", {}),
    ("回执：参训人员", "我单位共3人参训。", {}),
    ("这封邮件是自动回复吗", "这封邮件是自动回复吗？请老师看一下。", {}),
    ("报名", "您的邮件已收到，订单号是D20200701001，请办理。", {}),
    ("报名", "我已收到您的邮件，会尽快把身份证号码改好后重新发给您，请稍等。", {}),
    ("报名", "上次收到“我最近正在休假中，无法亲自回复您的邮件”" + "，所以再发一次，请收到后回复一下。" * 20, {}),
    ("报名名单", "您好，名单见附件。", {"precedence": "normal", "auto_submitted": "no"}),
    ("报名名单", "您好，名单见附件。", {"x_auto_response_suppress": "None", "return_path": "<hr@unit-a.cn>"}),
    ("Delivery of our list", "Please find the list attached.", {}),
    ("Read me first: list", "Please register.", {}),
)


@pytest.mark.parametrize(("subject", "text", "headers"), NEAR_MISSES)
def test_near_misses_are_people(subject: str, text: str, headers: dict[str, str]) -> None:
    sender = ("张三 <hr@unit-a.cn>",)
    for parts in ((), (ROSTER,)):
        mail = Mail(subject=subject, text=text, from_values=sender, parts=parts, headers=kept(**headers))
        assert robot_reason(mail, OWN, HOPS) is None


MARKED_BY_GATEWAYS = (
    {"list_unsubscribe": "<mailto:off@gateway.example>"},
    {"list_id": "<all.unit-a.cn>"},
    {"precedence": "bulk"},
    {"x_auto_response_suppress": "All"},
    {"x_loop": "gateway@unit-a.cn"},
)


@pytest.mark.parametrize("headers", MARKED_BY_GATEWAYS)
def test_a_roster_that_a_gateway_marked_reaches_a_person(headers: dict[str, str]) -> None:
    """As a file, as a table or a list in the text, or as an answer to us: never silence."""
    why = robot_reason(Mail(from_values=("hr@unit-a.cn",), headers=kept(**headers)), OWN, HOPS)
    assert why is not None
    sender = ("张三 <hr@unit-a.cn>",)
    assert deserves_a_person(Mail(from_values=sender, parts=(ROSTER,)), why)
    assert deserves_a_person(Mail(from_values=sender, text="张三 500101199001010011 13800000000"), why)
    assert deserves_a_person(Mail(from_values=sender, text="见下表"), why, tables=True)
    assert deserves_a_person(Mail(from_values=sender, text="订单号补充", in_reply_to=("<x@y.cn>",)), why)
    assert not deserves_a_person(Mail(from_values=sender, text="本期要闻"), why)


def test_an_automatic_mail_with_a_table_reaches_a_person() -> None:
    for why in ("auto_submitted", "auto_reply"):
        assert deserves_a_person(Mail(parts=(ROSTER,)), why, tables=True)
        assert not deserves_a_person(Mail(parts=(LOGO,), in_reply_to=("<x@y.cn>",)), why)


@pytest.mark.parametrize("piece", ["自动", "来自", "[", "undeliverable ", "no-reply", "<", "("])
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    long = piece * (100_000 // len(piece))
    started = time.perf_counter()
    reason(subject=long, text=long, from_value=long, auto_submitted="no " + long)
    assert time.perf_counter() - started < 5
