"""Step 4: what identifies a mail, and what must be looked up about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.domain.kinds import SenderView, Wants
from mailbot.domain.mail import Mail, StoredMail
from mailbot.domain.outcome import Lookups, Wanted
from mailbot.domain.ports import Hasher
from mailbot.domain.sender import address_key
from mailbot.steps.classify import Request

_SEPARATOR = "\x1f"


def content_hash(mail: Mail, hasher: Hasher) -> str:
    """Keyed hash of what a copy shares with its original whatever way it came: senders, date, subject, text and parts.

    Received lines and flags differ between two copies of one mail, so the raw bytes do not serve.
    """
    parts = (f"{part.member or ''}:{part.sha256}" for part in mail.parts)
    return hasher.search(_SEPARATOR.join([*mail.from_values, mail.date or "", mail.subject, mail.text, *parts]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a mail with what must be looked up for it, and its fingerprint."""

    request: Request
    wants: Wants
    fingerprint: str


def asked(requests: Iterable[Request], sender: SenderView, hasher: Hasher) -> tuple[Asked, ...]:
    """The requests of a mail as the ledger is asked about them, each read once."""
    read = ((request, request.kind.wants(request.record, hasher)) for request in requests)
    return tuple(Asked(request, wants, fingerprint(wants, sender, hasher)) for request, wants in read)


def fingerprint(want: Wants, sender: SenderView, hasher: Hasher) -> str:
    """Hash of a record's content together with who sent it and how surely: a stranger who sends a unit's roster first
    must not turn the unit's own mail into a repetition of his.

    A colleague who forwards the roster from the unit's own domain is the same sender, where our server vouches for it.
    """
    address = sender.address or ""
    who = sender.key if sender.key and sender.verified else address_key(address)
    return hasher.search(_SEPARATOR.join([want.fingerprint, who, str(sender.verified)]))


def wanted(
    mail: StoredMail,
    view: Mail,
    sender: SenderView,
    requests: Sequence[Asked],
    hasher: Hasher,
    told_since: datetime | None = None,
) -> Wanted:
    """Everything the ledger is asked about one mail, in one question; `told_since` where it asks of the hotlines."""
    pictures = dict(pair for one in requests for pair in one.wants.shown)
    return Wanted(
        mail_id=mail.id,
        sha256=mail.sha256,
        message_id=view.message_id,
        content=content_hash(view, hasher),
        reply_ids=(*view.in_reply_to, *view.references),
        sender=sender.address,
        fingerprints=tuple(one.fingerprint for one in requests),
        people=_union(one.wants.people for one in requests),
        phones=_union(one.wants.phones for one in requests),
        orders=_union(one.wants.orders for one in requests),
        units=_union((*one.wants.units, *_shown_unit(one, sender)) for one in requests),
        pictures=tuple(pictures),
        looks=tuple(pictures.values()),
        told_since=told_since,
    )


def _shown_unit(one: Asked, sender: SenderView) -> tuple[str, ...]:
    """The key of the unit that the sender's display name may be: whoever shows another unit's name is looked at."""
    key = one.request.kind.unit_key({"unit": sender.name}) if sender.name else None
    return () if key is None else (key,)


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for group in groups for value in group))


def sort_out(requests: Sequence[Asked], lookups: Lookups) -> tuple[list[Asked], tuple[str, ...]]:
    """The requests that are new, and the cases of those that came before word for word."""
    fresh = [one for one in requests if one.fingerprint not in lookups.same_content]
    known = (lookups.same_content.get(one.fingerprint) for one in requests)
    return fresh, tuple(dict.fromkeys(case for case in known if case is not None))
