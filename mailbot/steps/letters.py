"""Step 8, the letters: at most one letter a mail and pass, to the one verified-in-form address that wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.domain.effects import LetterKind, PlannedLetter, answer_key
from mailbot.domain.kinds import SenderView
from mailbot.domain.links import CLOUD_LINK
from mailbot.domain.mail import MailState, StoredMail
from mailbot.domain.outcome import CaseResult, MailResult
from mailbot.domain.states import ItemState


def answer(
    mail: StoredMail, sender: SenderView, cases: Sequence[CaseResult], *, asynchronous: bool, bound: bool
) -> tuple[PlannedLetter, ...]:
    """The letter that answers a mail with its cases, after the effects it would tell of; none where no single plain
    address wrote. A receipt where the sender only has to wait, else a result, which no cap ever drops."""
    if sender.address is None or sender.ambiguous or not cases:
        return ()
    states = {item.state for case in cases for item in case.items}
    waits = ItemState.HELD in states or (asynchronous and ItemState.APPROVED in states)
    kind = LetterKind.RECEIPT if waits and ItemState.AWAITING_SENDER not in states else LetterKind.RESULT
    return (
        PlannedLetter(
            key=answer_key(mail.id),
            to=sender.address,
            kind=kind,
            case_ids=tuple(case.case_id for case in cases),
            follows=tuple(dict.fromkeys(effect.key for case in cases for effect in case.effects)),
            mail_id=mail.id,
            trusted=sender.verified is True,
            bound=bound,
        ),
    )


def again(mail: StoredMail, sender: SenderView, case_ids: tuple[str, ...]) -> tuple[PlannedLetter, ...]:
    """The letter that says a roster was received before and nothing was done twice; capped like every repeated
    answer."""
    return told(mail, sender, case_ids, trusted=False)


def received(result: MailResult, mail: StoredMail, sender: SenderView) -> MailResult:
    """The mail that waits for a person, with the letter that says it arrived; capped like every repeated answer. Only
    to a verified address: whoever advertises learns nothing, and nobody hears of a mail that is not theirs."""
    if sender.address is None or sender.ambiguous or sender.lookalike or not sender.verified:
        return result
    letter = PlannedLetter(answer_key(mail.id), sender.address, LetterKind.ANSWER, (), mail_id=mail.id)
    return replace(result, letters=(letter,))


def may_help(sender: SenderView) -> bool:
    """Whether the hotlines may be told to an address: one plain one, that our own server does not call forged."""
    return not (sender.address is None or sender.ambiguous or sender.lookalike or sender.verified is False)


def helped(result: MailResult, mail: StoredMail, sender: SenderView) -> MailResult:
    """The mail with the letter that tells the hotlines: nothing in it is anybody's, so that an address of which our
    server says nothing may have it too."""
    if not may_help(sender):
        return result
    letter = PlannedLetter(answer_key(mail.id), str(sender.address), LetterKind.ANSWER, (), mail_id=mail.id)
    return replace(result, letters=(letter,))


def asked_to_attach(result: MailResult, mail: StoredMail, sender: SenderView) -> MailResult:
    """The mail that only points at a file, with the letter that asks for it as an attachment. Whom no letter may reach,
    a person writes to; so too where no rule says that it is to be asked for."""
    asked = received(result, mail, sender)
    wanted = any(finding.code == CLOUD_LINK for finding in result.findings)
    return asked if asked.letters and wanted else replace(result, state=MailState.SET_ASIDE)


def told(
    mail: StoredMail, sender: SenderView, case_ids: tuple[str, ...], *, trusted: bool, bound: bool = False
) -> tuple[PlannedLetter, ...]:
    """An answer about cases that the mail changes nothing of: how far they are, or which way a list is meant."""
    if sender.address is None or sender.ambiguous or not case_ids:
        return ()
    return (
        PlannedLetter(
            key=answer_key(mail.id),
            to=sender.address,
            kind=LetterKind.ANSWER,
            case_ids=case_ids,
            mail_id=mail.id,
            trusted=trusted,
            bound=bound,
        ),
    )
