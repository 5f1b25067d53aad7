"""Stories 560 to 589: who wrote and who only says so, machines without a mark, people whom a gateway marked, letters
that came back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from tools.stories import units
from tools.stories.cells import rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK
from tools.stories.model import Arrived, Truth, story
from tools.stories.others import IGNORED
from tools.stories.people import people
from tools.stories.post import ROSTER_BOX, Draft, when
from tools.stories.returned import Back, back, report_back
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission, arrive
from tools.stories.units import unit

ASIDE: Final = Truth(("set_aside",), (), 0)
"""For a person; a machine may have sent it, so nobody is answered."""
SEEN: Final = Truth(("set_aside",), (), None)
AT: Final = when("2020-09-17 10:05")
FIRST: Final = "2020-09-15 10:12"
submission = partial(Submission, at=FIRST)
later = partial(Submission, at="2020-09-17 15:40")

ARCHIVE = unit(71, "重庆市彭水县城建档案馆", "dag@pengshui-archive.cn")
STATION = unit(72, "重庆两路口水文站", "shuiwen_zhan@126.com")
LAB = unit(73, "重庆青杠检测技术有限公司", "hr@qinggang-test.cn", kind="91")
GALLERY = unit(74, "南川区金佛美术馆", "jinfo_msg@163.com")


@story("560-the-offices-name-before-a-strange-address")
def _() -> Arrived:
    """The display name is the office's own, the address somebody's: a person looks, nobody is registered."""
    mail: dict[str, object] = {"name": "重庆市人力资源开发服务中心"}
    return submission(
        (Sheet(ARCHIVE, rows(people(9_600, 2))),), "hold", "held", ("sender.posing",), mail=mail
    ).arrived()


@story("561-another-units-name-before-ones-address")
def _() -> tuple[Arrived, ...]:
    """A unit was served; then another address shows that unit's name and sends a list of its own: a person looks."""
    first = submission((Sheet(ARCHIVE, rows(people(9_604, 2))),), "accept", "fulfilled")
    mail: dict[str, object] = {"name": ARCHIVE.name}
    posing = later((Sheet(STATION, rows(people(9_608, 2))),), "hold", "held", ("sender.posing",), mail=mail)
    return first.arrived(), posing.arrived()


@story("562-answers-asked-to-a-mailbox-elsewhere")
def _() -> Arrived:
    """A Reply-To at a public provider behind a company's address: a person looks, and only the sender is answered."""
    mail: dict[str, object] = {"extra": (("Reply-To", "qinggang_baoming@163.com"),)}
    codes = ("sender.reply_elsewhere",)
    return submission((Sheet(LAB, rows(people(9_612, 2))),), "hold", "held", codes, client=OUTLOOK, mail=mail).arrived()


@story("563-answers-asked-to-a-colleague")
def _() -> Arrived:
    """A Reply-To in the unit's own domain is the same sender: the list goes on, and its sender is answered."""
    mail: dict[str, object] = {"extra": (("Reply-To", f"baoming@{LAB.domain}"),)}
    wanted = submission((Sheet(LAB, rows(people(9_616, 2))),), "accept", "fulfilled", client=OUTLOOK, mail=mail)
    return wanted.arrived()


@story("564-another-address-for-the-same-tax-number")
def _() -> tuple[Arrived, ...]:
    """The same tax number on another order from an address that nobody knows: a person looks, at every level."""
    first = submission((Sheet(LAB, rows(people(9_620, 2))),), "accept", "fulfilled")
    again = replace(LAB, order_no="D2020091677123", address="qinggang2020@outlook.com")
    codes = ("sender.other_address",)
    return first.arrived(), later((Sheet(again, rows(people(9_624, 2))),), "hold", "held", codes).arrived()


@story("565-two-from-headers-one-of-a-known-unit")
def _() -> Arrived:
    """Two From headers, the second of a known unit: nobody can say who wrote, and nobody is answered."""
    froms = (f"someone@{LAB.domain}", GALLERY.address)
    wanted = submission(
        (Sheet(GALLERY, rows(people(9_628, 2))),),
        "hold",
        "held",
        ("sender.ambiguous",),
        at_least=True,
        letters=0,
        mail={"froms": froms, "auth": "none"},
    )
    return wanted.arrived()


@story("566-a-roster-that-a-gateway-marked-as-a-list")
def _() -> Arrived:
    """The unit's mail gateway adds List-Unsubscribe to whatever leaves: a person reads the roster, it is not lost."""
    extra = (("List-Unsubscribe", "<mailto:off@gateway.example>"),)
    return arrive(submission((Sheet(LAB, rows(people(9_632, 2))),), None, None, mail={"extra": extra}).draft(), ASIDE)


@story("567-a-list-in-the-text-that-a-gateway-marked-as-bulk")
def _() -> Arrived:
    """Two people typed into a mail that a gateway marked as bulk: a person reads it."""
    one, two = people(9_636, 2)
    text = f"老师好，请注册：\n{one.name} {one.id_number} {one.phone}\n{two.name} {two.id_number} {two.phone}\n谢谢！"
    extra = (("Precedence", "bulk"),)
    return arrive(Draft(STATION.address, "报名两人", text, AT, client=NETEASE, extra=extra), ASIDE)


@story("568-a-clerk-whose-mailbox-is-called-postmaster")
def _() -> Arrived:
    """A small unit uses its postmaster's mailbox: its roster is no bounce, a person reads it."""
    small = replace(GALLERY, address="postmaster@jinfo-gallery.example")
    return arrive(submission((Sheet(small, rows(people(9_640, 2))),), None, None).draft(), ASIDE)


@story("569-a-clerk-asks-about-a-bounce")
def _() -> Arrived:
    """A question about a mail that came back is a person's, though its subject says so."""
    text = "老师您好，昨天发的名单被退信了，说邮件无法投递，请问是不是信箱满了？我们应该发到哪里？"
    return arrive(Draft(GALLERY.address, "退信", text, AT, client=NETEASE), SEEN)


@story("570-names-of-an-automatic-answering-system")
def _() -> Arrived:
    """A roster whose subject begins like an automatic answer's is a roster."""
    wanted = submission(
        (Sheet(LAB, rows(people(9_644, 2))),), "accept", "fulfilled", subject="自动回复系统名单（我单位项目组）"
    )
    return wanted.arrived()


@story("571-vacation-with-an-empty-envelope-sender")
def _() -> tuple[Arrived, ...]:
    """The unit's server answers our letter for an absent clerk, with an empty Return-Path: no bounce, no letter."""
    first = submission((Sheet(LAB, rows(people(9_648, 2))),), "accept", "fulfilled")
    extra = (("Auto-Submitted", "auto-replied (vacation)"), ("X-Auto-Response-Suppress", "All"))
    away = Draft(LAB.address, "自动回复: 公需科目名单", "您好，我正在休假。", AT, extra=extra, client=COREMAIL)
    return first.arrived(), arrive(away, IGNORED)


@story("572-canned-answer-of-webmail")
def _() -> Arrived:
    """An automatic answer without any mark, of nothing but the webmail's own sentence."""
    text = "您好，您发给我的信件已经收到。我会尽快给您回复。"
    return arrive(Draft(STATION.address, "Re:回复：公需科目名单", text, AT, client=NETEASE), IGNORED)


@story("573-bounce-in-the-words-of-netease")
def _() -> Arrived:
    """NetEase writes to people, without a report: recorded, not answered, no case."""
    return back(Back("Postmaster@163.com", "系统退信", "gbk", AT))


@story("574-bounce-in-the-words-of-tencent")
def _() -> Arrived:
    """Tencent's words, from a postmaster."""
    return back(Back("postmaster@exmail.qq.com", "系统退信", "gb18030", AT, tencent=True))


@story("575-bounce-of-coremail-in-two-languages")
def _() -> Arrived:
    """Coremail's subject in Chinese and English."""
    return back(Back("postmaster@mail.unit.example", "系统退信/Systems bounce", "utf-8", AT))


@story("576-letter-still-on-its-way")
def _() -> Arrived:
    """A warning that a letter is delayed is recorded, and nothing is marked."""
    return report_back(AT, action="delayed", status="4.4.1")


@story("577-bounce-with-an-id-that-is-not-ours")
def _() -> Arrived:
    """A report that shows a Message-ID under our domain which we never gave: nothing follows from it."""
    return report_back(AT, letter="<000000000000000000000000.111111111111111111111111@cqhrsp.com>")


@story("578-backscatter")
def _() -> Arrived:
    """A report about a mail that somebody else sent in our name: recorded, and that is all."""
    return report_back(AT, letter="<spam.20200916@elsewhere.example>")


@story("579-our-own-address-with-a-tag")
def _() -> Arrived:
    """Our own address, in other letters and with a tag, is ourselves."""
    tagged = ROSTER_BOX.replace("@", "+ceshi@").upper()
    return arrive(Draft(tagged, "公需科目", "测试", AT, client=FOXMAIL), IGNORED)


@story("580-our-domain-with-two-letters-swapped")
def _() -> Arrived:
    """Our own domain with two letters swapped, verified as itself, in the unit's name: a person looks."""
    fake = replace(units.SURVEY, address="renshi@cqhrps.com")
    codes = ("sender.lookalike",)
    return submission((Sheet(fake, rows(people(9_652, 2))),), "hold", "held", codes).arrived()
