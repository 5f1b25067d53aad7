"""The facts about a mail as a whole: what the limits noticed, when it came in, and whether anybody can use it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from mailbot.domain.campaign import Campaign
from mailbot.domain.facts.campaign import campaign_facts
from mailbot.domain.facts.vocabulary import Fact, FactValue, Vocabulary
from mailbot.domain.intents import NOTHING, Intent, Said
from mailbot.domain.mail import Mail

_WORDS: Final = "来信正文的说法（forms/enquiry.toml）"

MAIL: Final = Vocabulary(
    "mail",
    "来信",
    (
        Fact("mail.too_big", "bool", "邮件超过大小上限", "收信时的字节数与限额 mail.bytes"),
        Fact("mail.too_deep", "bool", "邮件嵌套过深", "解析时与限额 mail.depth"),
        Fact("mail.too_many_parts", "bool", "邮件部分或附件过多", "解析时与限额 mail.parts、mail.attachments"),
        Fact("mail.unreadable", "bool", "邮件无法解析", "解析邮件的子进程"),
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
}
MARKED: Final = ("mail.too_big", "mail.too_deep", "mail.too_many_parts", "mail.unreadable")
"""Facts that come from a mark of the same name on the mail."""


def mail_facts(
    mail: Mail,
    *,
    arrived: date,
    claimed: bool,
    campaign: Campaign,
    left_out: Sequence[str] = (),
    said: Said = NOTHING,
    with_list: bool = False,
) -> list[FactValue]:
    """The facts of one mail. `arrived` is the day of arrival in the office's zone, `claimed` whether any kind of case
    found something of its own in it, `left_out` the members of archives that nobody read, `said` what its words ask
    for, `with_list` whether it holds a table."""
    return MAIL.row(
        {
            **{name: name in mail.marks for name in MARKED},
            "mail.claimed": claimed,
            "mail.parts": len(mail.parts),
            "archive.ignored": tuple(left_out),
            "archive.ignored_count": len(left_out),
            **{name: intent in said.intents for name, intent in _SAID.items()},
            "mail.of_rows": said.of_rows,
            "mail.with_list": with_list,
            "mail.arrived": arrived,
            **campaign_facts(campaign, MAIL),
        }
    )
