"""What one pass of the flow hands to the ledger at commit 2, and what the ledger answers to its look-ups.

Everything here is a plain value: the ledger stores it in one transaction or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from mailbot.domain.bounces import Returned
from mailbot.domain.decisions import Outcome, RowStatus
from mailbot.domain.effects import PlannedEffect, PlannedLetter
from mailbot.domain.findings import Finding
from mailbot.domain.mail import MailState
from mailbot.domain.states import ItemState
from mailbot.domain.workdays import ItemClock

Json = Mapping[str, object]
"""A JSON-ready mapping: str, int, float, bool, None, lists and mappings of them."""


LISTED: Final = "listed"
"""The key in an item's place for the day (ISO 8601) of the mail whose list it stands in; absent: the first list."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item as decided. `number` counts within the case from 1 and never changes; number 0 is the case's own matter
    (its header, file or sheet). `identity` is the search hash of the person. `values` hold what may be purged."""

    number: int
    kind: str
    identity: str | None
    place: Json
    values: Json
    status: RowStatus
    state: ItemState
    findings: tuple[Finding, ...] = ()
    proposed: bool = False
    decided_by: str | None = None
    due_at: datetime | None = None
    clock: ItemClock | None = None
    """Since when its time limit runs, and its waits; `None`: since the case arrived, and it never waited."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A uniqueness claim, written in commit 2 under a UNIQUE key: an account key, an order per person and year."""

    key: str
    item: int


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case after a pass. `seen` is the ledger's row version the pass was computed from (`None`: a new case).

    `version` counts the case's contents (a correction is the next one); `context` is what was looked up, frozen;
    `rulebook` is the hash of the rules that judged it.
    """

    case_id: str
    kind: str
    version: int
    seen: int | None
    outcome: Outcome
    source: Json
    header: Json
    items: tuple[ItemResult, ...]
    findings: tuple[Finding, ...]
    effects: tuple[PlannedEffect, ...]
    claims: tuple[Claim, ...]
    due_at: datetime | None
    provisional: bool
    rulebook: str
    context: Json = field(default_factory=dict)
    fingerprint: str | None = None
    places: Mapping[int, Json] = field(default_factory=dict)
    """Where items that this version names and does not decide anew stand in its list."""
    bind: tuple[str, str] | None = None
    """(sender key, unit key) that a person's verdict confirms with this commit."""
    units: tuple[str, ...] = ()
    """The keys by which the unit of its record may be bound, of a case that a mail brought."""
    pictures: tuple[tuple[str, str], ...] = ()
    """The pictures that a mail brought to it: pixel hash and perceptual hash (empty where there is none)."""


@dataclass(frozen=True, slots=True)
class MailResult:
    """One mail after a pass: its end state, its cases and letters, and the summary that `process` prints.

    `duplicate_of` is the id of the earlier twin; `follows` the cases that this mail joins.
    """

    mail_id: int
    state: MailState
    at: datetime
    message_id: str | None
    sender: str | None
    subject: str
    findings: tuple[Finding, ...] = ()
    marks: tuple[str, ...] = ()
    summary: Json = field(default_factory=dict)
    cases: tuple[CaseResult, ...] = ()
    letters: tuple[PlannedLetter, ...] = ()
    duplicate_of: int | None = None
    follows: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """The Message-IDs of the thread that the mail stands in, oldest first (RFC 5322, 3.6.4), for the answer."""
    content: str | None = None
    """Hash of the canonical content (sender, date, subject, text, parts), for telling a copy from a new mail."""
    returned: Returned | None = None
    """The letter of ours that this mail says came back."""


class ClaimTaken(Exception):
    """A uniqueness claim of commit 2 is held by another case: gather again. `keys` are those taken."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(f"{len(keys)} claims are taken")
        self.keys = keys


class StaleCase(Exception):
    """The case changed since it was read: nothing was written."""


class LostMail(Exception):
    """The mail was claimed again by another since: the result is to be thrown away, nothing was written."""


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as the ledger holds it, for the desk. `result` is its content with `seen` as the row version to hand back;
    its `effects` are all that were ever planned for it, `claims` those it holds. `waiting_since` tells when an item
    began to wait for its sender. `to`, `mail_id`, `trusted` and `bound` are those of its last letter."""

    result: CaseResult
    state: ItemState
    effect_states: Mapping[str, str]
    waiting_since: Mapping[int, datetime]
    mail_ids: tuple[int, ...]
    to: str | None = None
    mail_id: int | None = None
    trusted: bool = False
    bound: bool = False
    arrived_at: datetime | None = None
    """When the mail arrived that opened the case."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the flow asks the ledger about one mail; every hash is keyed (`ports.Hasher`)."""

    mail_id: int
    sha256: str
    message_id: str | None
    content: str | None = None
    reply_ids: tuple[str, ...] = ()
    sender: str | None = None
    fingerprints: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """The unit keys of the mail's records: who is confirmed for them is asked."""
    pictures: tuple[str, ...] = ()
    """The pixel hashes of its pictures (`Scan.pixels`), as they are."""
    looks: tuple[str, ...] = ()
    """Their perceptual hashes (`Scan.looks`), one a picture in the same order; empty where there is none."""
    told_since: datetime | None = None
    """Set where the mail asks what a hotline answers: what its sender was told of that since then is asked."""


@dataclass(frozen=True, slots=True)
class PriorPerson:
    """Who holds an account claim in this house: the case and item, the hash of the
    phone asked for, and the effect's state."""

    case_id: str
    item: int
    id_hash: str
    phone_hash: str
    effect_key: str
    effect_state: str


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """What a dated list of the platform's orders says of one of them; `None` where the list does not tell. `codes` is
    how many activation codes it bought."""

    unit: str | None
    tax_id: str | None
    codes: int | None
    paid: bool | None
    as_of: date


@dataclass(frozen=True, slots=True)
class PictureUse:
    """An earlier case that a picture was used in. `distance` is 0 for the very same pixels, else the number of bits in
    which the perceptual hashes differ, at least 1. `orders` are the hashes of the order numbers of the items of that
    picture's case, `people` those of the ID numbers."""

    case_id: str
    distance: int
    orders: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderUse:
    """An order number that an earlier case names for a make-up year. `person` is the hash of the ID number, `year` the
    year it was used for, `state` the item's."""

    case_id: str
    person: str | None
    year: int | None
    state: str


@dataclass(frozen=True, slots=True)
class RegisteredPayment:
    """What the imported register of the old platforms' payments says of one order; `None` where it does not tell.
    `person` is the hash of the payer's or learner's ID number, `name_hash` that of the name."""

    person: str | None
    name_hash: str | None
    year: int | None
    amount: str | None
    status: str | None
    paid_on: date | None
    as_of: date


@dataclass(frozen=True, slots=True)
class Lookups:
    """The ledger's frozen answers. `twin` is an earlier mail with the same bytes or the same Message-ID and canonical
    content; `same_id` an earlier mail with this Message-ID whatever its content; `threads` maps answered letters to
    cases; `same_content` maps fingerprints to cases of an earlier identical roster; `bindings` are the unit keys
    that a person confirmed for this sender (or its domain)."""

    twin: int | None = None
    same_id: int | None = None
    threads: tuple[str, ...] = ()
    same_content: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, PriorPerson] = field(default_factory=dict)
    phones: Mapping[str, PriorPerson] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order_units: Mapping[str, Json] = field(default_factory=dict)
    """By case id, for every case of `orders`: `{unit, tax_id}` of its header, `rows` (people of it that are neither
    declined nor closed) and `sender` (who opened it, once something of it was done). A case missing here is unknown."""
    bindings: tuple[str, ...] = ()
    unit_senders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By unit key: the senders (addresses, or `@domain`) that a person confirmed for it, whoever wrote this mail."""
    listed: Mapping[str, ListedOrder] = field(default_factory=dict)
    """By order hash: what the imported lists say of it."""
    orders_as_of: date | None = None
    """The day of the newest list of orders; `None` where none was ever imported, and nothing is known."""
    unit_openers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By unit key: who opened cases of that unit of which something was done."""
    pictures: Mapping[str, tuple[PictureUse, ...]] = field(default_factory=dict)
    """By pixel hash: where the same picture, or one that looks alike, was used before."""
    order_uses: Mapping[str, tuple[OrderUse, ...]] = field(default_factory=dict)
    """By order hash: the make-up years that earlier cases used it for."""
    payments: Mapping[str, RegisteredPayment] = field(default_factory=dict)
    """By order hash: what the register of the old platforms' payments says of it."""
    payments_as_of: date | None = None
    """The day of the newest such register; `None` where none was ever imported, and nothing is known."""
    told: tuple[str, ...] = ()
    """The codes of the hotline answers that this sender's earlier mails got since `Wanted.told_since`."""
    own: Mapping[str, Json] = field(default_factory=dict)
    """The latest cases whose letters go to this sender, newest first, with `{unit, tax_id}` of the header of each."""
