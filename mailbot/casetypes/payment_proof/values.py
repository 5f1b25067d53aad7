"""What a payment proof says, before any rule has judged it: what the applicant claims and what pictures show stand
apart, every value with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from mailbot.domain.evidence import NOWHERE, Where
from mailbot.domain.records import Source

Origin = Literal["typed", "seen"]
PERSON_FIELDS: Final = ("name", "id_number", "phone", "user_name")
PAYMENT_FIELDS: Final = (
    "year", "order_id", "merchant_order_id", "payer", "paid_at", "created_at", "amount", "refund", "status",
    "platform", "course",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `sure`: somebody typed it, or it was read from a picture without any doubt."""

    text: str
    place: Where = NOWHERE
    origin: Origin = "typed"
    confidence: float = 1.0
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """All that is said of one field of the person, typed values first."""

    values: tuple[Value, ...] = ()

    @property
    def best(self) -> Value | None:
        """The value to go by: what was typed, else what was seen."""
        return next((value for value in self.values if value.origin == "typed"), next(iter(self.values), None))

    @property
    def differs(self) -> bool:
        """Whether two values stand there that are not the same."""
        return len({value.text for value in self.values}) > 1

    @property
    def verified(self) -> bool:
        """Whether typed and seen are the same, or what was seen alone is beyond doubt."""
        seen = [value for value in self.values if value.origin == "seen"]
        typed = len(seen) < len(self.values)
        return bool(seen) and not self.differs and (typed or all(value.sure for value in seen))

    def with_(self, more: Said) -> Said:
        """This and more, each value once from each origin."""
        kept = {(value.origin, value.text): value for value in (*more.values, *self.values)}
        return Said(tuple(sorted(kept.values(), key=lambda value: (value.origin == "seen", value.text))))


NOBODY: Final[Mapping[str, Said]] = {}


@dataclass(frozen=True, slots=True)
class Side:
    """One payment as the applicant claims it or as a picture shows it.

    `cut`: the order number is not whole on the picture. `unreadable` are fields whose place is there and of which
    nobody can tell what stands in them, or that two pictures show unlike. `lost`: a sheet kept the order number as a
    number and its last digits are gone. `listed`: it is one line of a page with several orders.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    place: Where = NOWHERE
    cut: bool = False
    unreadable: frozenset[str] = frozenset()
    lost: bool = False
    listed: bool = False

    def get(self, name: str) -> str | None:
        value = self.values.get(name)
        return value.text if value else None

    def sure(self, name: str) -> bool:
        value = self.values.get(name)
        return value is not None and value.sure


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment for one year: what is claimed and what is shown. `together`: its row names several years. `again`:
    another payment for the same year stands before it."""

    claimed: Side | None = None
    shown: Side | None = None
    together: bool = False
    again: bool = False

    def told(self, name: str) -> Value | None:
        """What is claimed, else what is shown."""
        sides = (side for side in (self.claimed, self.shown) if side)
        return next((side.values[name] for side in sides if name in side.values), None)

    @property
    def year(self) -> int | None:
        value = self.told("year")
        return int(value.text) if value else None

    @property
    def place(self) -> Where:
        side = self.claimed or self.shown
        return side.place if side else NOWHERE


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures that came: how many, how many nobody has looked at, how many could not be read, how many show a
    proof, something else, or an identity card; and their hashes (`Scan.pixels`, `Scan.looks`)."""

    total: int = 0
    unread: int = 0
    broken: int = 0
    proofs: int = 0
    others: int = 0
    cards: int = 0
    shown: tuple[tuple[str, str], ...] = ()

    def with_(self, more: Pictures) -> Pictures:
        """Both together."""
        return Pictures(
            self.total + more.total,
            self.unread + more.unread,
            self.broken + more.broken,
            self.proofs + more.proofs,
            self.others + more.others,
            self.cards + more.cards,
            tuple(dict.fromkeys((*self.shown, *more.shown))),
        )


@dataclass(frozen=True, slots=True)
class ProofRecord:
    """One person's proof. `files` are files of the mail that nobody could read; `unassigned` counts orders on pictures
    that cannot be given to one of several people of the mail; `left_out` orders of a page that were not asked for.
    `digest` tells it from every other mail's where it holds no values."""

    source: Source
    person: Mapping[str, Said] = field(default_factory=dict)
    payments: tuple[Payment, ...] = ()
    pictures: Pictures = Pictures()
    files: tuple[str, ...] = ()
    unassigned: int = 0
    left_out: int = 0
    digest: str = ""

    def known(self, name: str) -> str | None:
        """The value of a person's field to go by."""
        said = self.person.get(name)
        best = said.best if said else None
        return best.text if best else None
