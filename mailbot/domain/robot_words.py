"""The words by which machines are told where they set no mark: of QQ, NetEase, Coremail, Aliyun, Exchange, Foxmail, and
the English ones. Each is anchored at the beginning of a subject or text, or must be the whole of it.
"""

from __future__ import annotations

import re
from typing import Final

_END: Final = r"(?=\s*(?:$|[:：\]】)）\-—,，。!！/]|\s))"
_OPEN: Final = r"[\[【(（<《\s]*"
_AUTO: Final = r"自[动動](?:回[复覆復]|答[复覆復]|应答)"
AUTO_SUBJECT: Final = re.compile(
    _OPEN
    + r"(?:来自.{0,40}的)?(?:(?:假期|休假|外出|出差)的?)?(?:邮件)?(?:系统)?"
    + _AUTO
    + r"(?:邮件|通知)?"
    + _END
    + r"|"
    + _OPEN
    + r"(?:不在办公室|外出)\s*[:：]"
    + r"|[\[(\s]*(?:auto(?:mated|matic)?[- ]?(?:reply|response|answer)|out of (?:the )?office(?: auto[- ]?reply)?|ooo"
    + r"|vacation (?:reply|response|message)|on (?:annual )?leave)\s*(?:$|[:\])-])",
    re.IGNORECASE,
)
BOUNCE_SUBJECT: Final = re.compile(
    _OPEN
    + r"(?:系统退信|退信通知|退信提示|退信提醒|邮件退回通知|邮件被退回|投递失败通知|邮件投递失败|发送失败通知"
    + r"|(?:邮件)?无法投递通知)"
    + _END
    + r"|来自.{0,40}的退信\s*(?:$|[:：])"
    + r"|(?:undeliver(?:able|ed)(?: mail(?: returned to sender)?)?|returned mail|delivery status notification"
    + r"|failure notice|mail delivery (?:failed|failure|subsystem|status)|mail system error"
    + r"|delivery (?:has )?fail(?:ure|ed)|(?:warning|delayed mail): .{0,60}(?:not|delay)|delivery delayed)"
    + r"\s*(?:$|[:(\-])",
    re.IGNORECASE,
)
MAYBE_BOUNCE: Final = re.compile(
    _OPEN + r"(?:退信|(?:邮件)?无法投递|未送达|退回)\s*(?:$|[:：\]】)）])|warning\b|delayed\b", re.IGNORECASE
)
"""Subjects of mail servers that a clerk may write as well."""
BOUNCE_TEXT: Final = re.compile(
    r"退信原因|退回原因|(?:您的|你的|该|此)?(?:邮件|信件)(?:已)?被退回|(?:无法|未能|不能)(?:被)?(?:投递|送达|发送)(?:到|至|给)"
    r"|原邮件信息|message/delivery-status|final-recipient|could not be delivered|couldn.t be delivered"
    r"|not yet been delivered|unable to deliver|undeliverable|did not reach the following|delivery to the following"
    r"|permanent(?:ly)? (?:error|fail)|returned mail|user unknown|mailbox (?:not found|full|unavailable)"
    r"|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])",
    re.IGNORECASE,
)
RECEIPT_SUBJECT: Final = re.compile(
    r"(?:已读|未读|已读回执|阅读回执|读信回执|read|not read|read receipt|return receipt(?: \(displayed\))?"
    r"|disposition notification)\s*[:：]",
    re.IGNORECASE,
)
AUTO_TEXT: Final = re.compile(
    rf"\s*(?:这是(?:一封)?来自.{{0,30}}的(?:假期|休假)?{_AUTO}(?:邮件)?"
    r"|(?:此|本)(?:封)?邮件(?:为|是|由)?(?:一封)?(?:系统|邮件系统)?自动(?:回复|答复|发送|发出|生成)"
    rf"|[\[【]?{_AUTO}[\]】]?\s*[:：]"
    r"|this is an? auto(?:matic(?:ally)?|mated)?[- ]?(?:generated )?(?:reply|response|message|e?-?mail)"
    r"|i(?: am|'m) (?:currently )?(?:out of (?:the )?office|on (?:annual )?leave|away from))",
    re.IGNORECASE,
)
QQ_VACATION: Final = "我最近正在休假中，无法亲自回复您的邮件"
_RECEIVED: Final = (
    r"(?:您的?(?:来信|邮件|来件|信件|来函)(?:我|本人|我们)?(?:已经?|均已)?收到(?:了)?"
    r"|您发(?:给我)?的(?:信件|邮件)(?:我)?(?:已经?)收到(?:了)?|我已经?收到(?:了)?您的(?:邮件|来信|信件))"
)
_SOON: Final = (
    r"(?:我(?:们)?)?(?:会|将|将会)(?:在.{0,8}后)?[,，]?\s*(?:尽快|及时|第一时间)(?:认真的?阅读并)?"
    r"(?:与|给)?(?:您|你)?(?:回复|答复|处理|联系)(?:您|你|的)?"
)
CANNED: Final = re.compile(
    r"(?:(?:尊敬的.{0,8}|您好|你好)[,，!！。.:：\s]*)?"
    + _RECEIVED
    + r"[,，!！。.;；\s]*(?:谢谢[!！。,，\s]*)?"
    + _SOON
    + r"[,，!！。.\s]*(?:谢谢|祝好|祝您?(?:工作|生活)(?:顺利|愉快))?[!！。.~～\s]*",
    re.IGNORECASE,
)
"""The answers that webmail offers for one's absence; a text that is one of them and nothing else."""
