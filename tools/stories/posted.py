"""Stories 610 to 629: how a roster comes through the post: wrapped, in pieces, as a mere link, or beyond the limits."""

from __future__ import annotations

import binascii
from dataclasses import replace
from typing import Final

from tools.hard.outlook import winmail
from tools.stories import units
from tools.stories.clients import COREMAIL, NETEASE, OUTLOOK, QQ
from tools.stories.containers import AT, LOOSE, book, good, roster, sent, unread
from tools.stories.model import Arrived, Truth, story
from tools.stories.post import PROOF_BOX, ROSTER_BOX, Draft, File, post
from tools.stories.submit import arrive
from tools.stories.units import Unit

TNEF: Final = "application/ms-tnef"
ASKED: Final = Truth(("done",), (), 1, codes=("mail.cloud_link",))
"""No case is made; the sender is asked for a normal attachment."""
QQ_BLOCK: Final = (
    "<div>老师您好，名单见附件。</div><div><div>从QQ邮箱发来的超大附件</div><div>"
    "<div>2020年公需科目名单.xlsx (1.2M, 2020年10月18日 09:30 到期)</div>"
    '<div><a href="https://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&amp;k=4d3f&amp;code=7a1c">进入下载页面</a></div></div></div>'
)
NETEASE_BLOCK: Final = (
    '<div>名单请查收</div><table><tr><td><a href="https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&amp;file=k2">'
    "报名名单.xlsx</a></td><td>来自网易邮箱的云附件</td></tr></table>"
)
SIGNATURE: Final = (
    '<div>您好，名单见附件。</div><div id="mail_signature">云岭医院人事科<br>学习资料：'
    '<a href="https://pan.baidu.com/s/1bXq7">百度网盘</a></div>'
)


def linked(unit: Unit, text: str, page: str = "", **more: object) -> Draft:
    """A mail of the unit without any file."""
    draft = Draft(unit.address, f"{unit.name}报名名单", text, AT, name=unit.contact, page=page)
    return replace(draft, **more)  # type: ignore[arg-type]  # fields of Draft by name, from a story


@story("610-winmail")
def _() -> Arrived:
    """Outlook wraps the roster in winmail.dat: it is read like any attachment."""
    sheet = roster(units.HOSPITAL, 2600, 4)
    wrapped = winmail(("报名名单.xlsx", book(sheet)))
    return sent(units.HOSPITAL, [File("winmail.dat", wrapped, TNEF)], good(sheet), client=OUTLOOK)


@story("611-winmail-cut-off")
def _() -> Arrived:
    """A wrapping that lost its end: nobody in it is known, and the sender is asked for the file itself."""
    wrapped = winmail(("报名名单.xlsx", book(roster(units.PRIMARY, 2610, 3))))[:-900]
    case = unread("file.unreadable", "ask", "awaiting_sender")
    return sent(units.PRIMARY, [File("winmail.dat", wrapped, TNEF)], case, client=OUTLOOK)


@story("612-uuencode")
def _() -> Arrived:
    """An old program writes the workbook into the text by uuencode: it is read like any attachment."""
    sheet = roster(units.COLLEGE, 2620, 3)
    data = book(sheet)
    lines = "".join(binascii.b2a_uu(data[at : at + 45]).decode() for at in range(0, len(data), 45))
    text = f"您好，报名名单如下。\n\nbegin 644 mingdan.xlsx\n{lines}`\nend\n"
    draft = linked(units.COLLEGE, text, client=replace(COREMAIL, html=False))
    return arrive(draft, Truth(("done",), (good(sheet),), 1, units.COLLEGE.address))


@story("613-another-boundary-than-declared")
def _() -> Arrived:
    """A gateway renamed the boundary in the header alone: the parts are found all the same."""
    sheet = roster(units.PRIMARY, 2630, 3)
    mail = sent(units.PRIMARY, [File("名单.xlsx", book(sheet))], good(sheet), client=replace(NETEASE, html=False))
    head, _, body = mail.raw.partition(b"\r\n\r\n")
    return replace(mail, raw=head.replace(b'boundary="', b'boundary="gw.') + b"\r\n\r\n" + body)


@story("614-large-attachment-of-qq")
def _() -> Arrived:
    """A link to QQ's large attachments is never followed: the sender is asked for a normal attachment."""
    link = "https://mail.qq.com/cgi-bin/ftnExs_download?k=4d3f"
    text = f"老师您好，名单见附件。\n\n从QQ邮箱发来的超大附件\n2020年公需科目名单.xlsx\n进入下载页面：{link}"
    return arrive(linked(units.PRIMARY, text, QQ_BLOCK, client=QQ), ASKED)


@story("615-cloud-attachment-of-netease")
def _() -> Arrived:
    """The same of NetEase, whose link stands in the HTML alone."""
    return arrive(linked(units.HOSPITAL, "名单请查收", NETEASE_BLOCK, client=NETEASE), ASKED)


@story("616-cloud-disk-in-the-other-mailbox")
def _() -> Arrived:
    """A cloud disk, in the mailbox for payments: asked as well, and no blank roster goes with the letter."""
    text = "缴费凭证太大，放在网盘：https://pan.baidu.com/s/1a2B3c 提取码：k9x2，请下载。"
    return arrive(linked(units.COLLEGE, text, client=COREMAIL, to=(PROOF_BOX,), delivered_to=PROOF_BOX), ASKED)


@story("617-large-attachment-of-an-office")
def _() -> Arrived:
    """A Coremail server of an office has its own address: the words beside the link tell what it is."""
    text = "您好，名单见附件。\n超大附件下载：https://mail.beilu-college.edu.cn/coremail/download?id=77f2（有效期至2020-10-18）"
    return arrive(linked(units.COLLEGE, text, client=COREMAIL), ASKED)


@story("618-cloud-link-of-a-stranger")
def _() -> Arrived:
    """A link from an address that nobody vouches for: no letter, a person looks."""
    text = "资料见 https://pan.baidu.com/s/1Zz9 提取码 8h2k"
    return arrive(linked(units.PRIMARY, text, client=QQ, auth="fail"), Truth(("set_aside",), (), 0))


@story("619-cloud-disk-in-a-signature")
def _() -> Arrived:
    """A disk in the signature says nothing of a roster that is attached."""
    sheet = roster(units.HOSPITAL, 2640, 3)
    return sent(units.HOSPITAL, [File("名单.xlsx", book(sheet))], good(sheet), client=NETEASE, page=SIGNATURE)


@story("620-cloud-link-beside-a-roster")
def _() -> Arrived:
    """A roster with a link beside it goes ahead; staff are told that the link was not opened."""
    sheet = roster(units.COLLEGE, 2650, 3)
    page = '<div>名单见附件，盖章扫描件在<a href="https://share.weiyun.com/9xK2">微云</a></div>'
    return sent(units.COLLEGE, [File("名单.xlsx", book(sheet))], good(sheet), client=QQ, page=page)


@story("621-sixty-attachments")
def _() -> Arrived:
    """More attachments than are read: set aside whole, nothing of it is done."""
    sheet = roster(units.PRIMARY, 2660, 2)
    files = [File(f"{number}.xlsx", book(sheet)) for number in range(2)]
    files += [File(f"{number}.txt", b"x%d" % number, LOOSE) for number in range(60)]
    mail = sent(units.PRIMARY, files, client=QQ)
    return replace(mail, truth=Truth(("set_aside",), (), 1, codes=("mail.too_many_attachments",)))


@story("622-headers-beyond-the-limit")
def _() -> Arrived:
    """Two hundred kilobytes of headers: set aside, for nobody can say what was cut off."""
    sheet = roster(units.HOSPITAL, 2670, 2)
    mail = sent(units.HOSPITAL, [File("名单.xlsx", book(sheet))], client=NETEASE)
    long = b"".join(b"X-Padding-%d: %s\r\n" % (number, b"a" * 900) for number in range(220))
    return replace(
        mail,
        raw=mail.raw.replace(b"MIME-Version:", long + b"MIME-Version:", 1),
        truth=Truth(("set_aside",), (), 1, codes=("mail.headers_cut",)),
    )


@story("623-logo-and-dot-beside-thanks")
def _() -> Arrived:
    """Thanks with the logo of the signature are thanks."""
    dot = b"GIF89a\x01\0\x01\0\x80\0\0" + bytes(20)
    raw = post(
        linked(
            units.PRIMARY,
            "已收到，谢谢老师！",
            client=QQ,
            subject="回复：已收到",
            files=(File("logo.gif", dot, "image/gif"),),
        )
    )
    raw = raw.replace(b"Content-Disposition: attachment", b"Content-ID: <logo@x>\r\nContent-Disposition: inline")
    return Arrived(raw, AT, Truth(("ignored",), (), 0), ROSTER_BOX)


def enveloped(unit: Unit, body: bytes, code: str) -> Arrived:
    """A mail of the unit with a body of our own, set aside whole for the reason named."""
    mail = sent(unit, [], client=QQ)
    head = mail.raw.partition(b"MIME-Version:")[0] + b"MIME-Version: 1.0\r\n"
    return replace(mail, raw=head + body, truth=Truth(("set_aside",), (), 1, codes=(code,)))


@story("624-more-parts-than-are-read")
def _() -> Arrived:
    """Eleven hundred parts: nobody can say what stands behind the last one that was read."""
    parts = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\n%d\r\n" % number for number in range(1_100))
    body = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts + b"--b--\r\n"
    return enveloped(units.PRIMARY, body, "mail.too_many_parts")


@story("625-more-addresses-than-are-read")
def _() -> Arrived:
    """A mail to eleven hundred people is none of an office's business before a person has seen it."""
    named = b",\r\n ".join(b"c%d@many.example.cn" % number for number in range(1_100))
    body = b"Cc: " + named + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n名单见附件\r\n".encode()
    return enveloped(units.HOSPITAL, body, "mail.too_many_addresses")


@story("626-more-words-than-are-kept")
def _() -> Arrived:
    """A text longer than a hundred pages is cut for the pages, and a person reads the whole."""
    line = b"We would like to report the following matter in all its length and breadth, line by line.\r\n"
    return enveloped(units.CLINIC, b"Content-Type: text/plain\r\n\r\n" + line * 2_400, "mail.text_cut")


@story("627-forwarded-seven-times-over")
def _() -> Arrived:
    """Mail in mail in mail, deeper than is opened: what lies at the bottom is for a person."""
    inner = b"Content-Type: text/plain\r\n\r\nat the bottom\r\n"
    for number in range(7):
        about = b"From: f%d@far.example.cn\r\nSubject: Fw\r\nMIME-Version: 1.0\r\n" % number
        head = b'Content-Type: multipart/mixed; boundary="f%d"\r\n\r\n--f%d\r\n' % (number, number)
        inner = head + b"Content-Type: message/rfc822\r\n\r\n" + about + inner + b"\r\n--f%d--\r\n" % number
    return enveloped(units.LIBRARY, inner, "mail.forward_too_deep")
