"""Look-ups of a conversation: the cases that a sender's letters are about, and the list that a letter asks about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from mailbot.domain.effects import LetterKind
from mailbot.domain.intents import ASKS_WHICH
from mailbot.domain.outcome import Json
from mailbot.domain.topics import HELP
from mailbot.ledger.codec import clean
from mailbot.ledger.statement import Statement, among
from mailbot.ledger.tables.case import cases
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import letter_cases, letters

OWN_CASES: Final = 20
"""The latest cases of a sender that are named."""
ANSWERED: Final = (LetterKind.RECEIPT.value, LetterKind.RESULT.value, LetterKind.NOTICE.value)
"""The letters that go to whom a case belongs. What only answers a question may go to a colleague."""
_ABOUT = (
    select(letter_cases.c.case_id)
    .join(letters, letters.c.key == letter_cases.c.letter_key)
    .where(letters.c.lane == bindparam("lane"), among(letters.c.kind, ANSWERED))
)
_OWN: Final = Statement(
    select(cases.c.id, cases.c.header)
    .where(cases.c.id.in_(_ABOUT))
    .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
    .limit(OWN_CASES)
)
_ASKED: Final = Statement(
    select(mails.c.sha256, mails.c.findings, letters.c.message_id, mails.c.message_id)
    .join(letters, letters.c.mail_id == mails.c.id)
    .where(letters.c.lane == bindparam("lane"), letters.c.kind == LetterKind.ANSWER.value)
    .order_by(mails.c.id.desc())
    .limit(OWN_CASES)
)

_TOLD: Final = Statement(
    select(mails.c.findings)
    .join(letters, letters.c.mail_id == mails.c.id)
    .where(letters.c.lane == bindparam("lane"), letters.c.kind == LetterKind.ANSWER.value)
    .where(mails.c.id < bindparam("before"), mails.c.ended_at >= bindparam("since", type_=mails.c.ended_at.type))
    .order_by(mails.c.id.desc())
    .limit(OWN_CASES)
)


def told_since(conn: Connection, sender: str, mail_id: int, since: datetime) -> tuple[str, ...]:
    """The codes of what earlier mails of an address were told of the hotlines since then."""
    found = _TOLD.rows(conn, {"lane": clean(sender).casefold(), "before": mail_id, "since": since})
    codes = {str(finding.get("code")) for (findings,) in found for finding in findings or ()}
    return tuple(sorted(code for code in codes if code.startswith(HELP)))


def own_cases(conn: Connection, sender: str | None) -> dict[str, Json]:
    """The latest cases whose letters go to an address, newest first, with the unit that each names."""
    if not sender:
        return {}
    found = _OWN.rows(conn, {"lane": clean(sender).casefold()})
    return {str(case): {"unit": header.get("unit"), "tax_id": header.get("tax_id")} for case, header in found}


def left_open(conn: Connection, reply_ids: Sequence[str], sender: str) -> str | None:
    """The digest of the mail of this sender whose list a letter asks about: by the Message-ID of that letter or of the
    mail itself, else the only one there is."""
    asked = [
        (str(sha256), {letter, mail})
        for sha256, findings, letter, mail in _ASKED.rows(conn, {"lane": clean(sender).casefold()})
        if any(finding.get("code") == ASKS_WHICH for finding in findings or ())
    ]
    meant = [sha256 for sha256, ids in asked if ids.intersection(reply_ids)]
    only = {sha256 for sha256, _ in asked} if not meant else set()
    return meant[0] if meant else only.pop() if len(only) == 1 else None
