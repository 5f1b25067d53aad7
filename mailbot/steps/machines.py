"""What machines write: filed without a letter; a delivery notice is traced to the letter of ours that it speaks of."""

from __future__ import annotations

from dataclasses import replace

from mailbot.domain.bounces import DELAYED, DELIVERED, FORGED, Returned, why
from mailbot.domain.document import BODY, Opened
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.mail import Fate, MailState, Notice, StoredMail
from mailbot.domain.outcome import MailResult
from mailbot.domain.ports import FlowLedger
from mailbot.steps import mailrules

LETTER_RETURNED = "mail.letter_returned"


def filed(base: MailResult, mail: StoredMail, opened: Opened, reason: str, ledger: FlowLedger) -> MailResult:
    """The end of a mail that a machine wrote, or a copy: no case, no letter."""
    notice = opened.mail.notice
    if notice is not None and reason not in (mailrules.COPY, mailrules.BEFORE_START):
        return _noticed(base, mail, opened, reason, notice, ledger)
    tables = any(document.sheets for document in opened.documents if document.number != BODY)
    return mailrules.filed(base, opened.mail, reason, tables=tables)


def _noticed(
    base: MailResult, mail: StoredMail, opened: Opened, reason: str, notice: Notice, ledger: FlowLedger
) -> MailResult:
    """A notice: of a letter that is still on its way, of one that came back, in our name but not ours, or of none."""
    ended = replace(base, state=MailState.IGNORED, marks=(*base.marks, reason))
    if notice.fate is not Fate.FAILED:
        return replace(ended, marks=(*ended.marks, DELAYED if notice.fate is Fate.DELAYED else DELIVERED))
    traced = ledger.trace(notice, mail.arrival.received_at)
    if traced.letter is not None:
        return replace(ended, findings=(*base.findings, _back(traced.letter)), returned=traced.letter)
    if traced.forged:
        return replace(ended, findings=(*base.findings, _forged()))
    return mailrules.filed(base, opened.mail, reason)


def _back(letter: Returned) -> Finding:
    surely = "退回" if letter.sure else "可能退回"
    message = f"发给{letter.to}的信件被{surely}：{why(letter.status, letter.said)}。"
    facts = {"letter": letter.letter, "cases": list(letter.cases), "sure": letter.sure}
    return Finding(LETTER_RETURNED, Severity.NOTE, message, facts=facts)


def _forged() -> Finding:
    """Nothing follows from it; the morning's page shows it among the mails that got no answer."""
    return Finding(FORGED, Severity.NOTE, "退信所附的信件编号不是本系统发出的，可能是伪造的退信，未作任何登记。")
