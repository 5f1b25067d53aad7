"""Step 4: what identifies a mail, and what must be looked up about it."""

from __future__ import annotations

from collections.abc import Iterable

from mailbot.domain.kinds import SenderView, Wants
from mailbot.domain.mail import Mail, StoredMail
from mailbot.domain.outcome import Wanted
from mailbot.domain.ports import Hasher

_SEPARATOR = "\x1f"


def content_hash(mail: Mail, hasher: Hasher) -> str:
    """Keyed hash of what a copy shares with its original whatever way it came: senders, date, subject, text and parts.

    Received lines and flags differ between two copies of one mail, so the raw bytes do not serve.
    """
    parts = (f"{part.member or ''}:{part.sha256}" for part in mail.parts)
    return hasher.search(_SEPARATOR.join([*mail.from_values, mail.date or "", mail.subject, mail.text, *parts]))


def fingerprint(want: Wants, sender: SenderView, hasher: Hasher) -> str:
    """Hash of a record's content together with who sent it and how surely: a stranger who sends a unit's roster first
    must not turn the unit's own mail into a repetition of his."""
    return hasher.search(_SEPARATOR.join([want.fingerprint, (sender.address or "").casefold(), str(sender.verified)]))


def wanted(mail: StoredMail, view: Mail, sender: SenderView, wants: Iterable[Wants], hasher: Hasher) -> Wanted:
    """Everything the ledger is asked about one mail, in one question."""
    asked = tuple(wants)
    return Wanted(
        mail_id=mail.id,
        sha256=mail.sha256,
        message_id=view.message_id,
        content=content_hash(view, hasher),
        reply_ids=(*view.in_reply_to, *view.references),
        sender=sender.address,
        fingerprints=tuple(fingerprint(want, sender, hasher) for want in asked),
        people=_union(want.people for want in asked),
        phones=_union(want.phones for want in asked),
        orders=_union(want.orders for want in asked),
    )


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for group in groups for value in group))
