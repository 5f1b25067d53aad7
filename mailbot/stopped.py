"""What keeps letters from leaving, in the words that staff read, and which of it a person must end: for the shell, the
digest, `health` and alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.ledger.stops import Stop
from mailbot.ledger.tables.stops import Scope

PASSING: Final = 3
"""Rests in a row that are none of a person's business: servers are restarted, and ask for a slower pace."""
_WORDS: Final[Mapping[Scope, str]] = {
    Scope.PAUSE: "发信已由{actor}暂停",
    Scope.LINE: "发信服务器连不上或要求缓发，全部信件暂缓",
    Scope.LOGIN: "发信登录被拒，全部信件停发，请核对密码或授权码（mailbot check）",
    Scope.BRAKE: "一小时内发信过多，全部信件停发，请查明后恢复（mailbot resume letters）",
    Scope.MAILBOX: "答复信箱 {subject} 的信件一小时内过多，停发，请查明后恢复（mailbot resume letters）",
    Scope.TEMPLATE: "信件模板 {subject} 被对方当作垃圾邮件，停发，请修改后恢复（mailbot resume letters --template）",
    Scope.CASE: "登记编号 {subject} 的信件须有人放行",
}


def stop_words(stop: Stop, zone: ZoneInfo) -> str:
    """One stop in one sentence, with its end and its reason."""
    words = _WORDS[stop.scope].format(actor=stop.actor, subject=stop.subject)
    until = f"，{stop.until.astimezone(zone):%m-%d %H:%M} 再试" if stop.until else ""
    return f"{words}{until}：{stop.reason}" if stop.reason else f"{words}{until}"


def needs_a_person(stop: Stop) -> bool:
    """Whether letters stay where they are until somebody acts."""
    if stop.scope is Scope.LINE:
        return stop.count > PASSING
    return stop.scope in (Scope.LOGIN, Scope.BRAKE, Scope.MAILBOX, Scope.TEMPLATE)
