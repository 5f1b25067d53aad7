"""The words that staff read for states, modes and kinds (Chinese), one a thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mailbot.domain.decisions import RowStatus, Verdict
from mailbot.domain.effects import EffectState, Verb
from mailbot.domain.mail import MailState
from mailbot.ledger.settings import Mode
from mailbot.rulebook.catalogue import STATE_WORDS

__all__ = ["EFFECTS", "KINDS", "LETTERS", "MAILS", "MODES", "OUTCOMES", "STATES", "STATUS", "VERBS", "VERDICTS"]

STATES: Final = STATE_WORDS
OUTCOMES: Final[Mapping[str, str]] = {
    "accept": "可全部办理",
    "accept_with_fixes": "可全部办理（有代为修正）",
    "partial": "部分可办理",
    "ask": "须来信人更正",
    "hold": "须人工审核",
}
STATUS: Final[Mapping[RowStatus, str]] = {
    RowStatus.OK: "无误",
    RowStatus.FIXED: "已代为修正",
    RowStatus.ASK: "须更正",
    RowStatus.HOLD: "待审核",
}
KINDS: Final[Mapping[str, str]] = {
    "roster": "报名名单",
    "payment_proof": "缴费凭证",
    "commitment": "缴费承诺书",
    "enquiry": "咨询",
}
MAILS: Final[Mapping[MailState, str]] = {
    MailState.STORED: "待处理",
    MailState.WORKING: "处理中",
    MailState.DONE: "已处理",
    MailState.IGNORED: "只存档",
    MailState.SET_ASIDE: "未能处理，待审核",
}
EFFECTS: Final[Mapping[EffectState, str]] = {
    EffectState.PLANNED: "待办理",
    EffectState.DOING: "办理中",
    EffectState.DONE: "已办理",
    EffectState.ALREADY: "平台上已有",
    EffectState.PENDING: "待平台确认",
    EffectState.CONFLICT: "与平台资料冲突",
    EffectState.REJECTED: "平台拒绝",
    EffectState.UNCERTAIN: "结果不明",
    EffectState.CANCELLED: "已取消",
}
LETTERS: Final[Mapping[EffectState, str]] = {
    **EFFECTS,
    EffectState.PLANNED: "待发出",
    EffectState.DOING: "发送中",
    EffectState.DONE: "已发出",
    EffectState.REJECTED: "对方服务器拒收",
    EffectState.UNCERTAIN: "发送结果不明",
}
VERBS: Final[Mapping[Verb, str]] = {
    Verb.OPEN_ACCOUNT: "注册账号",
    Verb.GRANT: "开通补学权限",
    Verb.REVOKE: "收回补学权限",
    Verb.WITHDRAW_ACCOUNT: "撤回账号",
    Verb.REGISTER_COMMITMENT: "登记承诺书",
    Verb.WITHDRAW_COMMITMENT: "撤回承诺书",
    Verb.LETTER: "回信",
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.APPROVE: "审核通过",
    Verdict.ASK: "请来信人更正",
    Verdict.DECLINE: "不符合条件",
    Verdict.CLOSE: "关闭",
    Verdict.REOPEN: "重新审核",
}
MODES: Final[Mapping[Mode, str]] = {
    Mode.REHEARSAL: "演练：不办理、不发信，均存为草稿",
    Mode.DRAFTS: "草稿：照常办理，信件须有人放行",
    Mode.LIVE: "正式：照常办理和发信",
}
