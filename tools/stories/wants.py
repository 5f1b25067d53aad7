"""Stories 520 to 549: what a mail wants. Nothing real is filed in silence, nothing idle is answered, and what the
hotlines answer is answered once a day."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from tools.stories import units
from tools.stories.books import xlsx
from tools.stories.broken import picture
from tools.stories.cells import rows
from tools.stories.clients import APPLE, COREMAIL, FOXMAIL, NETEASE, OUTLOOK, QQ
from tools.stories.model import Arrived, CaseTruth, Truth, story
from tools.stories.people import people
from tools.stories.post import PROOF_BOX, ROSTER_BOX, Draft, File, when
from tools.stories.replies import after, done, reply, told, two_wrong
from tools.stories.sheets import Sheet, lay
from tools.stories.submit import Submission, arrive, known_header

submission = partial(Submission, at="2020-09-14 10:12")
AT: Final = when("2020-09-16 14:20")
BASE: Final = Draft("wang_min@163.com", "", "", AT, client=NETEASE)
FILED: Final = Truth(("ignored",), (), 0)
ASIDE: Final = Truth(("set_aside",), (), None)
HELPED: Final = Truth(("done",), (), 1, BASE.address)
ENQUIRY: Final = CaseTruth("hold", "held", opened=0)
ASKING: Final = CaseTruth("ask", "held", opened=0)


def words(subject: str, text: str, **more: object) -> Draft:
    """A mail of words alone."""
    return replace(BASE, subject=subject, text=text, **more)  # type: ignore[arg-type]  # fields of Draft by name


@story("520-phishing")
def _() -> Arrived:
    """A notice that the reader's mailbox will be closed, with a link: no letter."""
    text = (
        "尊敬的用户：\n系统检测到您的邮箱账户异常，将于24小时内停用，请点击以下链接完成升级：http://mail-up.example/v"
    )
    return arrive(words("邮箱升级通知", text, address="admin@mail-up.example", auth="none"), FILED)


@story("521-invoices-for-sale")
def _() -> Arrived:
    """代开发票 from an address that our own server vouches for: no letter all the same."""
    text = "领导您好：我公司可代开各类增值税发票，税点优惠，先验后付。联系电话：13900000000（微信同号）张经理"
    return arrive(words("代开发票", text, address="zhang@fapiao.example"), FILED)


@story("522-an-offer-with-a-roster")
def _() -> Arrived:
    """An advert that brings a roster is a roster, and a person looks at what its stranger wants."""
    sheet = Sheet(units.PRIMARY, rows(people(3000, 2)))
    text = "专业代学公需科目，全程挂机，包过，量大从优，名单见附件，联系微信cq2020。"
    wanted = Submission((sheet,), "hold", "held", None, at="2020-09-16 10:00", text=text, mail={"auth": "none"})
    return replace(wanted.arrived(), truth=replace(wanted.arrived().truth, letters=None))


@story("523-a-roster-with-thanks")
def _() -> Arrived:
    """A roster whose mail says 收到，谢谢 is a roster."""
    wanted = submission((Sheet(units.LIBRARY, rows(people(3010, 3))),), "accept", "fulfilled", text="收到，谢谢！")
    return wanted.arrived()


@story("524-somebody-asks-whether-it-is-true")
def _() -> Arrived:
    """Who asks about an advert is none: a person reads it."""
    text = "收到一条短信，自称是你们中心的，说可以代刷学时、包拿证，加微信就行，是真的吗？"
    return arrive(words("咨询", text), replace(ASIDE, letters=1))


@story("525-please-find-attached-without-a-file")
def _() -> Arrived:
    """请查收，谢谢 without the file is no word of thanks: a person reads it, and the clerk hears that it came."""
    return arrive(words("公需科目报名名单", "请查收，谢谢！"), replace(ASIDE, letters=1))


@story("526-password-asked-twice")
def _() -> tuple[Arrived, ...]:
    """A question about a password gets the hotline; the same day again it goes to a person; the next day it is
    answered again."""
    first = words("密码", "老师您好，我忘记密码了，登录不上平台，怎么办？")
    second = replace(first, text="还是登录不了，密码怎么找回？", at=when("2020-09-16 16:00"))
    third = replace(first, text="请问登录密码忘了怎么办？", at=when("2020-09-17 09:00"))
    return arrive(first, HELPED), arrive(second, replace(ASIDE, codes=("mail.help_again",))), arrive(third, HELPED)


@story("527-two-questions-for-the-hotlines")
def _() -> Arrived:
    """Invoice and certificate in one mail: one letter with both answers."""
    return arrive(words("两个问题", "1.电子发票在哪里开？\n2.合格证怎么打印？谢谢！"), HELPED)


@story("528-a-password-and-a-roster-not-done")
def _() -> Arrived:
    """A question about a password that may be about a roster of ours: the hotline is told, and a person reads it."""
    text = "我们单位的名单上周就发了，学员说登录不了，密码不对，怎么回事？"
    return arrive(words("登录不了", text), Truth(("set_aside",), (), 1, BASE.address))


@story("529-a-course-asked-without-verification")
def _() -> Arrived:
    """A server that says nothing of a sender keeps nobody from the hotlines; one that says forged does."""
    return arrive(words("课程", "课程视频打不开，一直黑屏，怎么解决？", auth="none"), HELPED)


@story("530-a-forged-question")
def _() -> Arrived:
    """A question in somebody else's name gets no letter."""
    truth = Truth(("set_aside",), (), 0)
    return arrive(words("发票", "请问电子发票在哪里下载？", auth="fail"), truth)


@story("531-personal-data")
def _() -> Arrived:
    """Who asks to have their data erased has a case, for a person."""
    text = "依据个人信息保护法，请删除贵中心保存的我的个人信息，并书面答复。"
    return told(words("个人信息", text), ENQUIRY, codes=("mail.personal_data",))


@story("532-an-objection")
def _() -> tuple[Arrived, ...]:
    """An objection in the thread of a case: a case for a person that is linked to it."""
    first = two_wrong(people(3020, 4), units.WATER)
    return first.arrived(), told(reply(first, "我单位对审核结果有异议，申请复核。"), ENQUIRY, codes=("mail.review",))


@story("533-old-words-in-the-quote")
def _() -> tuple[Arrived, ...]:
    """作废 and an old order stand in the quote: the mail asks how far it is, and nothing is withdrawn."""
    first = two_wrong(people(3030, 4), units.SURVEY, client=FOXMAIL)
    text = (
        "老师，请问名单办好了吗？\n\n\n发件人： 市人服中心\n发送时间： 2020-09-14 10:30\n收件人： renshi\n"
        "主题： 回复：名单\n此前名单作废，不报了，请撤回。旧订单 2020070200000001"
    )
    return first.arrived(), told(reply(first, text), first.truth())


@story("534-only-the-order-number-without-a-thread")
def _() -> tuple[Arrived, ...]:
    """补充：订单号 in a mail of its own joins the one case of its sender that waits for it (mail case 36)."""
    staff = people(3040, 3)
    sheet = Sheet(units.CLINIC, done(staff), header={"order_no": None})
    first = submission((sheet,), "partial", "awaiting_sender", ("header.order_missing",), header={"order_no": None})
    draft = replace(reply(first, f"补充：订单号 {units.CLINIC.order_no}", subject="补充订单号"), answers=None)
    header = first.truth().header | {"order_no": units.CLINIC.order_no}
    truth = after(first, done(staff), "accept", "fulfilled", codes=(), header=header, opened=3)
    return first.arrived(), told(draft, truth)


@story("535-rosters-of-three-units")
def _() -> Arrived:
    """A district sends the rosters of three units in one mail: three cases, one letter (mail case 39)."""
    owners = (units.CLINIC, units.KINDERGARTEN, units.PRIMARY)
    sheets = [Sheet(unit, rows(people(3050 + 5 * n, 3)), name=f"单位{n}") for n, unit in enumerate(owners)]
    base = submission((sheets[0],), "accept", "fulfilled", client=OUTLOOK).draft()
    cases = tuple(
        CaseTruth("accept", "fulfilled", ((lay(sheet), sheet.rows),), known_header(sheet), opened=3, sheet=sheet.name)
        for sheet in sheets
    )
    files = tuple(File(f"名单{n}.xlsx", xlsx([lay(sheet)])) for n, sheet in enumerate(sheets))
    return arrive(replace(base, files=files), Truth(("done",), cases, 1, base.address))


@story("536-roster-to-the-wrong-mailbox-is-told")
def _() -> Arrived:
    """A roster in the other mailbox is handled, and its clerk is told which one it is (mail case 38)."""
    mail: dict[str, object] = {"to": (PROOF_BOX,), "delivered_to": PROOF_BOX}
    wanted = submission((Sheet(units.POWER, rows(people(3070, 3))),), "accept", "fulfilled", mail=mail)
    return replace(wanted.arrived(), mailbox=PROOF_BOX)


@story("537-roster-to-both-mailboxes")
def _() -> Arrived:
    """A roster addressed to both mailboxes went to no wrong one, in whichever it is read first."""
    mail: dict[str, object] = {"to": (ROSTER_BOX, PROOF_BOX), "delivered_to": PROOF_BOX}
    wanted = submission((Sheet(units.MUSEUM, rows(people(3080, 3))),), "accept", "fulfilled", mail=mail)
    return replace(wanted.arrived(), mailbox=PROOF_BOX)


@story("538-read-receipt-wanted")
def _() -> Arrived:
    """A receipt that a client asks for is never sent; the roster is answered as any other (mail case 43)."""
    extra = (("Disposition-Notification-To", units.DESIGN.address), ("Return-Receipt-To", units.DESIGN.address))
    mail: dict[str, object] = {"extra": extra}
    return submission((Sheet(units.DESIGN, rows(people(3090, 3))),), "accept", "fulfilled", mail=mail).arrived()


@story("539-more-about-an-open-enquiry")
def _() -> tuple[Arrived, ...]:
    """What its sender adds to an open enquiry joins it: one case, which waits for a person."""
    first = words("投诉", "电话一直打不通，我要投诉。", address="liu@163.com")
    more = replace(first, subject="回复：投诉", text="补充说明：上午九点到十点打了五次。", at=when("2020-09-16 17:00"))
    again = told(replace(more, answers=first.own_id()), replace(ENQUIRY, version=2))
    return told(first, ENQUIRY, codes=("mail.complaint",)), again


@story("540-thanks-with-a-signature")
def _() -> Arrived:
    """Thanks under which a unit and a telephone number stand are thanks."""
    text = "邮件已收到，谢谢老师！\n\n赵主任\n江津区某某学校\n联系电话：023-67890123"
    return arrive(words("回复：公需科目名单", text, client=COREMAIL, name="赵主任"), FILED)


@story("541-thanks-with-a-number")
def _() -> Arrived:
    """Thanks and an order number of no case here are more than thanks: a case for a person."""
    draft = words("回复：公需科目名单", "收到，谢谢。\n订单号2020070345834539")
    return told(draft, CaseTruth("hold", "held", codes=("file.correction",), opened=0))


@story("542-a-screenshot-and-a-password")
def _() -> Arrived:
    """A question for the hotlines with a picture: the hotline is told, and a person looks at the picture."""
    files = (File("登录错误.png", picture(), "image/png"),)
    draft = words("登录不了", "登录时密码错误，怎么办？见图。", files=files, client=APPLE)
    return arrive(draft, Truth(("set_aside",), (), 1, draft.address))


@story("543-known-clerk-writes-like-an-advert")
def _() -> tuple[Arrived, ...]:
    """Who has a case here is no advertiser: a person reads what he offers."""
    first = submission((Sheet(units.COLLEGE, rows(people(3100, 3))),), "accept", "fulfilled", client=COREMAIL)
    text = "我院继续教育学院面授班热招，名师授课，优惠价每人200元，欢迎来电023-60000001。"
    offer = replace(reply(first, text, subject="培训招生"), answers=None)
    return first.arrived(), arrive(offer, ASIDE)


@story("544-answered-below-the-quote")
def _() -> tuple[Arrived, ...]:
    """An answer below the quote counts, the quote does not."""
    staff = people(3110, 3)
    sheet = Sheet(units.BUREAU, done(staff), header={"order_no": None})
    first = submission((sheet,), "partial", "awaiting_sender", ("header.order_missing",), header={"order_no": None})
    text = (
        '在 2020-09-14 10:30:00，"市人服中心" <2020gxkm@cqhrsp.com> 写道：\n>请补充缴费订单号。\n'
        f">旧订单 2020070200000001\n\n订单号：{units.BUREAU.order_no}"
    )
    header = first.truth().header | {"order_no": units.BUREAU.order_no}
    truth = after(first, done(staff), "accept", "fulfilled", codes=(), header=header, opened=3)
    return first.arrived(), told(replace(reply(first, text), client=QQ), truth)
