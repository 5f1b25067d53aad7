"""The facts about a mail as a whole: what the limits noticed, when it came in, and whether anybody can use it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from mailbot.domain.campaign import Campaign
from mailbot.domain.facts.campaign import campaign_facts
from mailbot.domain.facts.vocabulary import Fact, FactValue, Vocabulary
from mailbot.domain.mail import Mail

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
        Fact("mail.arrived", "date", "收到日期", "邮件服务器的收信时间，按单位所在时区"),
        Fact("campaign.study_closes", "date", "学习截止日", "本年度事实文件"),
    ),
)
MARKED: Final = ("mail.too_big", "mail.too_deep", "mail.too_many_parts", "mail.unreadable")
"""Facts that come from a mark of the same name on the mail."""


def mail_facts(
    mail: Mail, *, arrived: date, claimed: bool, campaign: Campaign, left_out: Sequence[str] = ()
) -> list[FactValue]:
    """The facts of one mail. `arrived` is the day of arrival in the office's zone, `claimed` whether any kind of case
    found something of its own in it, `left_out` the members of archives that nobody read."""
    return MAIL.row(
        {
            **{name: name in mail.marks for name in MARKED},
            "mail.claimed": claimed,
            "mail.parts": len(mail.parts),
            "archive.ignored": tuple(left_out),
            "archive.ignored_count": len(left_out),
            "mail.arrived": arrived,
            **campaign_facts(campaign, MAIL),
        }
    )
