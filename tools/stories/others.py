"""Stories 400 to 419: mails that are no roster. What nobody understands reaches a person; robots get no answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.stories import units
from tools.stories.broken import picture, word_form, zipped
from tools.stories.cells import rows
from tools.stories.clients import APPLE, COREMAIL, FOXMAIL, NETEASE, QQ
from tools.stories.model import Arrived, CaseTruth, Truth, story
from tools.stories.people import people, person
from tools.stories.post import PROOF_BOX, ROSTER_BOX, Draft, File, when
from tools.stories.raw import report
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission, arrive

ASIDE: Final = Truth(("set_aside",), (), 0)
RECEIVED: Final = Truth(("set_aside",), (), 1)
"""Set aside, and the sender is told that the mail arrived."""
IGNORED: Final = Truth(("ignored",), (), 0)
HELPED: Final = Truth(("done",), (), 1)
"""Answered with the hotlines; nobody of the office needs to see it."""
AT: Final = when("2020-09-16 14:20")
BASE: Final = Draft("someone@qq.com", "", "", AT)


@story("400-thanks-only")
def _() -> Arrived:
    """A word of thanks and nothing else: filed, no answer."""
    thanks = replace(BASE, address="jialanxx@qq.com", subject="回复：已收到", text="收到，谢谢！")
    return arrive(thanks, IGNORED)


@story("401-question")
def _() -> Arrived:
    """A question about invoices is answered with the hotline of the platform."""
    text = "老师您好，我们单位团购了激活码，但是发票抬头写错了，请问怎么修改？谢谢。"
    return arrive(
        replace(BASE, address="yunlingyy_rsk@163.com", subject="咨询发票问题", text=text, client=NETEASE), HELPED
    )


@story("402-bounce")
def _() -> Arrived:
    """A report that one of our letters could not be delivered is recorded, not answered."""
    return Arrived(report("delivery-status", AT), AT, IGNORED)


@story("403-auto-reply-with-marks")
def _() -> Arrived:
    """An out-of-office note with Auto-Submitted is recorded, not answered."""
    extra = (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"))
    text = "您好！我正在休假，9月28日返回，邮件将在返回后处理。"
    draft = replace(BASE, address="hr@beilu-college.edu.cn", subject="自动回复: 公需科目", text=text, extra=extra)
    return arrive(replace(draft, client=COREMAIL), IGNORED)


@story("404-auto-reply-of-qq")
def _() -> Arrived:
    """QQ marks its automatic answers by nothing but their text."""
    text = "这是来自QQ邮箱的假期自动回复邮件。\n\n您好，我最近正在休假中，无法亲自回复您的邮件。我会尽快给您回复。"
    return arrive(replace(BASE, address="cq98zx@qq.com", subject="自动回复:已收到您的报名名单", text=text), IGNORED)


@story("405-mailing-list")
def _() -> Arrived:
    """A newsletter with list headers is recorded, not answered."""
    off = ("List-Unsubscribe", "<https://training.example/off>")
    extra = (("List-Id", "<news.training.example>"), off, ("Precedence", "bulk"))
    draft = replace(BASE, address="news@training.example", subject="继续教育资讯第38期", text="本期要闻……", extra=extra)
    return arrive(draft, IGNORED)


@story("406-our-own-letter-back")
def _() -> Arrived:
    """A mail from our own address came back to us: recorded, never answered."""
    extra = (("Auto-Submitted", "auto-replied"),)
    text = "已收到，登记编号 2020-000017。"
    draft = replace(BASE, address=ROSTER_BOX, subject="回复：公需科目名单", text=text, extra=extra, client=FOXMAIL)
    return arrive(draft, IGNORED)


@story("407-our-letter-forwarded-by-a-person")
def _() -> Arrived:
    """A clerk forwards our letter with a question: a case for a person."""
    text = (
        "请问这个登记编号是什么意思？\n\n------------------ 原始邮件 ------------------\n"
        f'发件人: "市人服中心" <{ROSTER_BOX}>;\n发送时间: 2020年9月15日(星期二) 上午10:02\n'
        '收件人: "谭丽华"<shiliuwan_yey@126.com>;\n主题: 回复：公需科目名单\n\n已收到，登记编号 2020-000017。'
    )
    draft = replace(BASE, address="shiliuwan_yey@126.com", subject="Fw: 回复：公需科目名单", text=text, client=NETEASE)
    return arrive(draft, Truth(("done",), (CaseTruth("ask", "held", opened=0),), 1, draft.address))


@story("408-advertising")
def _() -> Arrived:
    """Unmarked advertising gets no answer by itself."""
    text = "代开各类培训证书，职称评审包过，量大从优，联系微信cqzc2020。"
    return arrive(
        replace(BASE, address="boss@cheap-cert.example", subject="职称证书办理", text=text, auth="none"), IGNORED
    )


@story("409-empty-mail")
def _() -> Arrived:
    """No subject, no text, no file: a person sees it."""
    return arrive(BASE, ASIDE)


@story("410-picture-only")
def _() -> Arrived:
    """A photo of a roster: a person sees it, and the sender is asked for the Excel file."""
    files = (File("IMG_20200916_142001.png", picture(), "image/png"),)
    case = CaseTruth("hold", "held", codes=("file.ocr_only",), opened=0)
    draft = replace(BASE, address="yunchuang@icloud.com", subject="名单", files=files, client=APPLE)
    return arrive(draft, Truth(("done",), (case,), 1))


@story("411-proof-form-to-the-roster-mailbox")
def _() -> Arrived:
    """The form for payment proofs, in Word: no roster, and no letter that calls it one."""
    truth = Truth(("done",), (CaseTruth("hold", "held", codes=None),), 1)
    one = person(760)
    lines = (
        ("姓名", one.name, "手机号码", one.phone),
        ("身份证号码", one.id_number),
        ("缴费年度", "订单编号", "付款人", "缴费时间", "缴费平台"),
        ("2018", "2018100922001418450012345678", one.name, "2018-10-09", "原公需科目网"),
    )
    declared = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    files = (File("缴费凭证表.docx", word_form(lines, "2016-2019年公需科目缴费凭证"), declared),)
    return arrive(replace(BASE, address="fengyu88@163.com", subject="缴费凭证", files=files, client=NETEASE), truth)


@story("412-zip-with-a-roster")
def _() -> Arrived:
    """A roster inside a zip whose member names are GBK: nothing of it gets lost."""
    wanted = Submission((Sheet(units.SURVEY, rows(people(762, 3))),), "accept", "fulfilled")
    files = (File("名单.zip", zipped({"单.xlsx": wanted.attachment().data}), "application/zip"),)
    draft = replace(BASE, address=units.SURVEY.address, subject="报名名单（压缩包）", files=files, client=FOXMAIL)
    return arrive(draft, Truth(("done",), (wanted.truth(),), 1, draft.address))


@story("413-read-receipt")
def _() -> Arrived:
    """A read receipt of one of our letters is recorded, not answered."""
    return Arrived(report("disposition-notification", AT), AT, IGNORED)


@story("414-commitment-to-the-proof-mailbox")
def _() -> Arrived:
    """A commitment letter as plain text in the other mailbox: a person sees it."""
    text = "缴费承诺书\n本人已于2018年缴费报名参加公需科目学习，因手机更换，无法提供缴费凭证，特此承诺。"
    draft = replace(
        BASE, address="liu_cn@sina.com", subject="缴费承诺书", text=text, to=(PROOF_BOX,), delivered_to=PROOF_BOX
    )
    return arrive(replace(draft, client=QQ), RECEIVED)
