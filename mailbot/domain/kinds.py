"""What a kind of case must answer: is this part mine, what does it say, which facts follow, which items and effects.

Kinds are pure. The flow asks them in order, runs the rules over their subjects and builds the decision; a kind never
sees an adapter, the rulebook or another kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import Generic, Protocol, TypeVar

from mailbot.domain.campaign import Campaign
from mailbot.domain.decisions import Automation
from mailbot.domain.document import Opened
from mailbot.domain.effects import Person, PlannedEffect
from mailbot.domain.evidence import Where
from mailbot.domain.facts.vocabulary import Facts, Vocabulary
from mailbot.domain.outcome import CaseResult, Claim, Json, Lookups
from mailbot.domain.ports import Hasher, Registration
from mailbot.domain.records import Source


@dataclass(frozen=True, slots=True)
class SenderView:
    """What is known of who wrote. `verified`: the own MTA's aligned pass (`None`: no trusted result stands there).
    `ambiguous`: not exactly one plain From. `lookalike`: the domain imitates a bound one or our own. `key`: what the
    sender is bound to a unit by, `@domain` or the whole address at a public provider."""

    address: str | None
    verified: bool | None
    ambiguous: bool
    lookalike: bool
    key: str | None = None
    name: str | None = None
    """The display name, as it was written."""
    posing: bool = False
    """The display name is the office's own, in front of another's address."""
    reply_elsewhere: bool = False
    """Answers are asked to another sender's address."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a case is judged by besides its record, frozen. `registrations`
    is keyed by the ID number's search hash."""

    now: datetime
    received_at: datetime
    mailbox: str
    campaign: Campaign
    automation: Automation
    sender: SenderView
    lookups: Lookups
    registrations: Mapping[str, Registration]
    hasher: Hasher


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that rules look at: `number` 0 is the case itself, others are
    its items; `about` names the vocabulary."""

    about: str
    number: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Wants:
    """What must be looked up for a record: keyed hashes of ID numbers, phones and order numbers, and of its content."""

    people: tuple[str, ...]
    phones: tuple[str, ...]
    orders: tuple[str, ...]
    fingerprint: str
    units: tuple[str, ...] = ()
    """The unit keys that the header gives, the surest first (`CaseKind.unit_key`)."""
    pictures: tuple[str, ...] = ()
    """The pixel hashes of its pictures (`Scan.pixels`)."""
    looks: tuple[str, ...] = ()
    """Their perceptual hashes (`Scan.looks`), one a picture in the same order; empty where there is none."""

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """Every picture once, by pixel hash and perceptual hash."""
        return tuple(dict(zip_longest(self.pictures, self.looks[: len(self.pictures)], fillvalue="")).items())


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a record before the decision. `identity` is the person's search hash, `None`
    where it cannot be known. `values` are what would be registered; an `inert` item (an exact
    duplicate) is closed and causes nothing."""

    number: int
    kind: str
    identity: str | None
    place: Json
    values: Json
    inert: bool = False


class Change(StrEnum):
    """What a row of the new list is to the version before."""

    UNCHANGED = "unchanged"
    CORRECTED = "corrected"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Match:
    """One row of the new list: its item number in the case (an old one, or a new one behind all old ones)."""

    item: Item
    number: int
    change: Change


@dataclass(frozen=True, slots=True)
class Merged:
    """The new list in its own order, and the old items that it does not name. `unclear`: some row may be an addition
    or the correction of an item that waits for the sender, who has to be asked; nothing is to be done till then."""

    matches: tuple[Match, ...]
    missing: tuple[int, ...]
    unclear: bool


class Manner(StrEnum):
    """How a list that continues a case is meant, as far as its sender says."""

    UNSAID = "unsaid"
    CORRECTION = "correction"
    ADDITION = "addition"
    LATEST = "latest"
    """The newest list counts, what was sent before is void."""


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Following(Generic[R]):
    """A record as it continues a case: complete with what only the case knows, and who is who.

    `rejudged` are the header fields whose findings are new; `None`: all of them, the record is a list of its own. What
    the sender said of single rows leaves the case's own findings as they are. `doubt` is a Chinese sentence for staff:
    something in the record cannot be placed, and nothing of it is to be done.
    """

    record: R
    merged: Merged
    rejudged: frozenset[str] | None = None
    doubt: str | None = None


class CaseKind(Protocol[R]):
    """One kind of case, in its own module under casetypes."""

    @property
    def name(self) -> str:
        """The kind's name in rules, templates and the ledger."""
        ...

    @property
    def yields(self) -> bool:
        """Whether a part that another kind claims too is that kind's: mine is only what nobody else can use."""
        ...

    @property
    def vocabularies(self) -> tuple[Vocabulary, ...]:
        """The facts that its rules may name, one vocabulary a subject."""
        ...

    def claims(self, opened: Opened) -> frozenset[int]:
        """The numbers of the parts that are mine, told by content; 0 is the mail's own text."""
        ...

    def extract(self, opened: Opened, parts: frozenset[int]) -> tuple[R, ...]:
        """The records those parts hold: one per request."""
        ...

    def source(self, record: R) -> Source:
        """Where the record was read from."""
        ...

    def header(self, record: R) -> Json:
        """The header as the process contract prints it."""
        ...

    def wants(self, record: R, hasher: Hasher) -> Wants: ...

    def people(self, record: R) -> tuple[Person, ...]:
        """The people whose registration the platform is asked about: only those whose values can be known."""
        ...

    def subjects(self, record: R, situation: Situation) -> Iterable[Subject]:
        """The case's own facts first (number 0), then one subject an item, in order."""
        ...

    def where(self, record: R, number: int, field: str | None) -> Where:
        """The place of a field of an item, or of the case for number 0."""
        ...

    def items(self, record: R, hasher: Hasher) -> tuple[Item, ...]: ...

    def effect(self, item: Item, campaign: Campaign, hasher: Hasher) -> PlannedEffect | None:
        """What approving the item causes; `None` where nothing is to be done."""
        ...

    def claim_keys(self, item: Item, campaign: Campaign, hasher: Hasher) -> tuple[Claim, ...]:
        """The uniqueness claims that go with that effect."""
        ...

    def unit_key(self, header: Json) -> str | None:
        """The key a sender is bound to (tax number, else the unit's folded
        name); `None` where the header names none."""
        ...

    def names(self, record: R) -> str | None:
        """The number of the case that the record itself names; it proves nothing about who sent it."""
        ...

    def following(self, record: R, case: CaseResult, manner: Manner, hasher: Hasher) -> Following[R]:
        """A later record against the case that it may continue: who is who, what is new, what is unclear."""
        ...
