"""The words of the demonstration's table (Chinese): what a mail was, what was decided and why, which letter left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Final

from mailbot.cli.words import LETTERS
from mailbot.domain.effects import EffectState
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.mail import MailState
from mailbot.ledger.lines import LetterLine

OUTCOMES: Final[Mapping[str, str]] = {
    "accept": "全部通过",
    "accept_with_fixes": "代为修正后全部通过",
    "partial": "部分通过",
    "ask": "请更正",
    "hold": "转人工审核",
}
COLOURS: Final[Mapping[str, str]] = {
    "accept": "green",
    "accept_with_fixes": "green",
    "partial": "yellow",
    "ask": "yellow",
    "hold": "magenta",
}
MARKS: Final[Mapping[str, str]] = {
    "bounce": "退信",
    "receipt": "已读回执",
    "auto_submitted": "自动回复",
    "auto_reply": "自动回复",
    "loop": "循环邮件",
    "suppress": "自动邮件",
    "precedence": "群发邮件",
    "list": "群发邮件",
    "own_address": "本单位自己的信",
    "no_reply": "自动邮件",
    "bounce_like": "退信",
    "mail_system": "邮件系统的信",
    "looped": "循环邮件",
    "mail.thanks": "致谢",
    "mail.advertising": "广告",
    "mail.phishing": "诈骗邮件",
    "mail.copy": "重复来信",
    "mail.before_start": "启用前的来信",
}
"""By the mark that ended a mail's way: see `domain.robots` and `steps.mailrules`."""
ENDS: Final[Mapping[MailState, str]] = {
    MailState.STORED: "待处理",
    MailState.WORKING: "处理中",
    MailState.DONE: "已处理",
    MailState.IGNORED: "只存档",
    MailState.SET_ASIDE: "转人工审核",
}
TEMPLATES: Final[Mapping[str, str]] = {
    "accept": "结果信",
    "accept_with_fixes": "结果信",
    "partial": "部分结果信",
    "ask": "请更正",
    "hold": "收到回执",
    "receipt": "收到回执",
    "received": "收到回执",
    "help": "热线答复",
    "attach": "请发附件",
    "more": "稍后一并答复",
    "result": "结果信",
    "same": "告知已收到过",
    "choice": "询问更正还是补充",
    "status": "告知办理情况",
    "notice": "提醒",
    "declined": "不符合条件",
    "closed": "已关闭",
}
CAPPED: Final = "已达回执上限"
_QUOTED: Final = re.compile("“[^”]*”|（[^）]*）")
_ADVICE: Final = ("由审核人员", "请", "转人工", "按“", "只登记")


def mail_word(marks: Iterable[str]) -> str:
    """What a mail without a case was, by its last mark that says so."""
    known = [MARKS[mark] for mark in marks if mark in MARKS]
    return known[-1] if known else "没有名单"


def letter_word(letter: LetterLine) -> str:
    """A letter in one word: what it is once it is sent, else why it was not."""
    if letter.state is EffectState.DONE:
        name = (letter.template or "").rpartition("/")[2]
        return TEMPLATES.get(name, name)
    return CAPPED if letter.detail == "capped" else LETTERS[letter.state]


def reason(findings: Iterable[Finding]) -> str:
    """Why, in a few words: the heaviest findings, the most frequent first, and how many kinds there are."""
    weighty = [finding for finding in findings if finding.severity is not Severity.NOTE]
    if not weighty:
        return ""
    worst = max(finding.severity for finding in weighty)
    told = [brief(text) for text, _ in Counter(f.message for f in weighty if f.severity is worst).most_common()]
    kinds = list(dict.fromkeys(told))
    return kinds[0] + (f"等{len(kinds)}种情形" if len(kinds) > 1 else "")


def brief(message: str) -> str:
    """A finding's sentence without what is quoted in it and without its advice."""
    first = _QUOTED.sub("", message).partition("。")[0].split("，")
    said = [clause for clause in takewhile(lambda clause: not clause.startswith(_ADVICE), first) if clause]
    return "，".join(said) or first[0]
