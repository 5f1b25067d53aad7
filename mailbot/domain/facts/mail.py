"""The facts about a mail as a whole: what the limits noticed, when it came in, and whether anybody can use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailbot.domain.campaign import Campaign
from mailbot.domain.evidence import UNKNOWN, Unknown
from mailbot.domain.facts.campaign import campaign_facts
from mailbot.domain.facts.vocabulary import Fact, FactValue, Vocabulary
from mailbot.domain.idle import Idle
from mailbot.domain.intents import NOTHING, Intent, Said
from mailbot.domain.links import CloudLinks, holds_cloud_link
from mailbot.domain.mail import Mail
from mailbot.domain.topics import NO_QUESTION, Question, Topic

_WORDS: Final = "来信正文的说法（forms/enquiry.toml）"

MAIL: Final = Vocabulary(
    "mail",
    "来信",
    (
        Fact("mail.too_big", "bool", "邮件超过大小上限", "收信时的字节数与限额 mail.bytes"),
        Fact("mail.too_deep", "bool", "邮件嵌套过深", "解析时与限额 mail.depth"),
        Fact("mail.too_many_parts", "bool", "邮件部分过多", "解析时与限额 mail.parts"),
        Fact("mail.too_many_attachments", "bool", "附件过多", "解析时与限额 mail.attachments"),
        Fact("mail.too_many_addresses", "bool", "收件人过多", "解析时与限额 mail.addresses"),
        Fact("mail.forward_too_deep", "bool", "转发层数过多", "解析时与限额 mail.forward_depth"),
        Fact("mail.headers_cut", "bool", "邮件头过长", "解析时与限额 mail.headers、mail.header_bytes"),
        Fact("mail.text_cut", "bool", "正文过长", "解析时与限额 mail.text_characters"),
        Fact("mail.unreadable", "bool", "邮件无法解析", "解析邮件的子进程"),
        Fact("mail.cloud_link", "bool", "只给了文件的链接", "正文中的链接与 links.toml"),
        Fact("mail.to_rosters", "bool", "寄往报名名单邮箱", "收件人与本年度事实文件的 kinds.roster.mailbox"),
        Fact("mail.claimed", "bool", "有可以办理的内容", "各类来信按内容认领的结果"),
        Fact("mail.parts", "int", "附件数", "解析后的附件，含压缩包内的文件"),
        Fact("archive.ignored", "texts", "压缩包内未读取的文件", "解开压缩包时", "text"),
        Fact("archive.ignored_count", "int", "压缩包内未读取的文件数", "解开压缩包时"),
        Fact("mail.with_list", "bool", "有名单或其他表格", "附件与正文中读出的表格"),
        Fact("mail.withdrawal", "bool", "要求撤回或不再办理", _WORDS),
        Fact("mail.latest", "bool", "声明以最新一份为准", _WORDS),
        Fact("mail.asks_status", "bool", "询问办理进度", _WORDS),
        Fact("mail.complaint", "bool", "投诉或举报", _WORDS),
        Fact("mail.review", "bool", "要求复核或提出异议", _WORDS),
        Fact("mail.contact_changed", "bool", "更换联系人", _WORDS),
        Fact("mail.phone_changed", "bool", "更换手机号码", _WORDS),
        Fact("mail.of_rows", "bool", "正文说到某一行有误", _WORDS),
        Fact("mail.personal", "bool", "要求查询、更正或删除个人信息", _WORDS),
        Fact("mail.case_question", "bool", "询问某件登记的事", "来信所写的登记编号与正文的问句"),
        Fact("mail.thanks", "bool", "只是致谢或告知收到", _WORDS),
        Fact("mail.advert", "bool", "像广告", _WORDS),
        Fact("mail.phishing", "bool", "像钓鱼邮件", _WORDS),
        Fact("mail.known", "bool", "发件人与本单位有往来", "已登记的名单、确认过的单位、所回复的信件"),
        Fact("mail.asks_password", "bool", "询问登录或密码", _WORDS),
        Fact("mail.asks_invoice", "bool", "询问发票", _WORDS),
        Fact("mail.asks_course", "bool", "询问课程学习", _WORDS),
        Fact("mail.asks_certificate", "bool", "询问证书", _WORDS),
        Fact("mail.only_help", "bool", "只问热线答复的事", _WORDS),
        Fact("mail.same_id_of", "int", "邮件编号相同而内容不同的那封来信", "已登记的来信"),
        Fact("mail.right_mailbox", "text", "这类来信应寄往的邮箱（寄错时）", "本年度事实文件的 kinds.*.mailbox"),
        Fact("campaign.hotlines.policy", "text", "政策咨询电话", "本年度事实文件"),
        Fact("campaign.hotlines.platform", "text", "平台问题电话", "本年度事实文件"),
        Fact("campaign.hotlines.qq_group", "text", "咨询QQ群", "本年度事实文件"),
        Fact("mail.arrived", "date", "收到日期", "邮件服务器的收信时间，按单位所在时区"),
        Fact("campaign.study_closes", "date", "学习截止日", "本年度事实文件"),
    ),
)
_SAID: Final = {
    "mail.withdrawal": Intent.WITHDRAWAL,
    "mail.latest": Intent.LATEST,
    "mail.asks_status": Intent.STATUS,
    "mail.complaint": Intent.COMPLAINT,
    "mail.review": Intent.REVIEW,
    "mail.contact_changed": Intent.CONTACT,
    "mail.phone_changed": Intent.PHONE,
    "mail.personal": Intent.PERSONAL,
}
MARKED: Final = (
    "mail.too_big",
    "mail.too_deep",
    "mail.forward_too_deep",
    "mail.too_many_parts",
    "mail.too_many_attachments",
    "mail.too_many_addresses",
    "mail.headers_cut",
    "mail.text_cut",
    "mail.unreadable",
)
"""Facts that come from a mark of the same name on the mail."""


NO_LINKS: Final = CloudLinks()


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a mail besides its own words: what it asks of the hotlines, why nobody needs to read it, whether
    its sender is known here, another mail with its Message-ID (`None`: there is none), the mailbox where it belongs if
    not here, and what tells a link to a file."""

    question: Question = NO_QUESTION
    idle: Idle | None = None
    known: bool | Unknown = UNKNOWN
    same_id_of: int | Unknown | None = UNKNOWN
    right_mailbox: str | None = None
    links: CloudLinks = NO_LINKS


NOTHING_AROUND: Final = Around()


def mail_facts(
    mail: Mail,
    *,
    arrived: date,
    claimed: bool,
    campaign: Campaign,
    left_out: Sequence[str] = (),
    said: Said = NOTHING,
    with_list: bool = False,
    around: Around = NOTHING_AROUND,
) -> list[FactValue]:
    """The facts of one mail. `arrived` is the day of arrival in the office's zone, `claimed` whether any kind of case
    found something of its own in it, `left_out` the members of archives that nobody read, `said` what its words ask
    for, `with_list` whether it holds a table, `around` what else is known."""
    return MAIL.row(
        {
            **{name: name in mail.marks for name in MARKED},
            "mail.cloud_link": holds_cloud_link(mail, around.links),
            "mail.to_rosters": _to_rosters(mail, campaign),
            "mail.claimed": claimed,
            "mail.parts": len(mail.parts),
            "archive.ignored": tuple(left_out),
            "archive.ignored_count": len(left_out),
            **{name: intent in said.intents for name, intent in _SAID.items()},
            "mail.of_rows": said.of_rows,
            "mail.with_list": with_list,
            "mail.case_question": Intent.QUESTION in said.topics and not around.question.only,
            **{f"mail.{kind}": around.idle is kind for kind in Idle},
            **{f"mail.asks_{topic}": topic in around.question.topics for topic in Topic},
            "mail.only_help": around.question.only,
            "mail.known": around.known,
            "mail.same_id_of": around.same_id_of,
            "mail.right_mailbox": around.right_mailbox,
            "mail.arrived": arrived,
            **campaign_facts(campaign, MAIL),
        }
    )


def _to_rosters(mail: Mail, campaign: Campaign) -> bool:
    """Whether a mail went to the mailbox that the notice names for rosters."""
    policy = campaign.kinds.get("roster")
    if policy is None or policy.mailbox is None:
        return False
    own = policy.mailbox.casefold()
    return any(own in address.casefold() for address in (*mail.to, *mail.cc, *mail.header("delivered-to")))
