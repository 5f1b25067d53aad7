"""A kind of case and a rulebook that do as they are told, so that the steps themselves are what is tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mailbot.casetypes.roster.versions import merge
from mailbot.domain.campaign import Campaign
from mailbot.domain.decisions import Automation
from mailbot.domain.document import Opened
from mailbot.domain.effects import Person, PlannedEffect, Verb
from mailbot.domain.evidence import Where
from mailbot.domain.facts.vocabulary import Facts, Vocabulary
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.kinds import Following, Item, Manner, SenderView, Situation, Subject, Wants
from mailbot.domain.mail import Arrival, MailState, Part, StoredMail
from mailbot.domain.outcome import CaseResult, Claim, Json, Lookups, MailResult
from mailbot.domain.ports import Hasher
from mailbot.domain.records import Source
from mailbot.steps.judge import Frame
from tests.casetypes.support import HASHER, NOW, rulebook

DUE: Final = NOW + timedelta(days=2)
FRAME: Final = Frame("2020-000007", DUE, provisional=False)
VERIFIED: Final = SenderView("hr@unit.example", verified=True, ambiguous=False, lookalike=False, key="@unit.example")
UNVERIFIED: Final = SenderView("hr@unit.example", verified=False, ambiguous=False, lookalike=False)
UNIT: Final = "unit:某单位"


@dataclass(frozen=True)
class Line:
    """One row: who it is about (`None`: cannot be known), and whether approving it causes anything."""

    who: str | None
    inert: bool = False
    causes: bool = True
    phone: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A record of the fake kind."""

    lines: tuple[Line, ...] = ()
    unit: str | None = UNIT
    part: int = 1
    of_case: str | None = None
    rejudged: frozenset[str] | None = None
    doubt: str | None = None


def sheet(*who: str | Line | None, unit: str | None = UNIT) -> Sheet:
    """A record with a row a person."""
    return Sheet(tuple(one if isinstance(one, Line) else Line(one) for one in who), unit)


@dataclass(frozen=True)
class Kind:
    """A kind that claims the parts it is given, and reads one record a part."""

    name: str = "roster"
    mine: frozenset[int] = frozenset()
    records: Mapping[int, tuple[Sheet, ...]] = field(default_factory=dict)
    vocabularies: tuple[Vocabulary, ...] = ()
    yields: bool = False

    def claims(self, opened: Opened) -> frozenset[int]:
        return self.mine

    def extract(self, opened: Opened, parts: frozenset[int]) -> tuple[Sheet, ...]:
        return tuple(one for part in sorted(parts) for one in self.records.get(part, (Sheet(part=part),)))

    def source(self, record: Sheet) -> Source:
        return Source("名单.xlsx", number=record.part)

    def header(self, record: Sheet) -> Json:
        return {"unit": record.unit}

    def wants(self, record: Sheet, hasher: Hasher) -> Wants:
        people = tuple(f"id-{line.who}" for line in record.lines if line.who)
        phones = tuple(line.phone for line in record.lines if line.phone)
        return Wants(people, phones, (f"order-{record.unit}",), "print:" + "|".join(map(str, record.lines)))

    def people(self, record: Sheet) -> tuple[Person, ...]:
        return tuple(Person(line.who, f"id-{line.who}", f"tel-{line.who}") for line in record.lines if line.who)

    def subjects(self, record: Sheet, situation: Situation) -> Iterator[Subject]:
        yield Subject("roster", 0, [0])
        for number in range(1, len(record.lines) + 1):
            yield Subject("row", number, [number])

    def where(self, record: Sheet, number: int, field: str | None) -> Where:
        return Where(attachment="名单.xlsx", row=number, field=field)

    def items(self, record: Sheet, hasher: Hasher) -> tuple[Item, ...]:
        return tuple(self._item(number, line) for number, line in enumerate(record.lines, start=1))

    def _item(self, number: int, line: Line) -> Item:
        values = {"name": line.who, "id_number": line.who and f"id-{line.who}", "phone": line.phone, "go": line.causes}
        identity = line.who and f"hash-{line.who}"
        return Item(number, "person", identity, {"row": number, "panel": 1, "sheet": "S"}, values, line.inert)

    def effect(self, item: Item, campaign: Campaign, hasher: Hasher) -> PlannedEffect | None:
        if item.inert or item.identity is None or not item.values["go"]:
            return None
        person = Person(str(item.values["name"]), str(item.values["id_number"]), str(item.values["phone"]))
        return PlannedEffect(f"open:{item.identity}", Verb.OPEN_ACCOUNT, person, (item.number,))

    def claim_keys(self, item: Item, campaign: Campaign, hasher: Hasher) -> tuple[Claim, ...]:
        return (Claim(f"account:{item.identity}", item.number),)

    def unit_key(self, header: Json) -> str | None:
        unit = header["unit"]
        return None if unit is None else str(unit)

    def names(self, record: Sheet) -> str | None:
        return record.of_case

    def following(self, record: Sheet, case: CaseResult, manner: Manner, hasher: Hasher) -> Following[Sheet]:
        merged = merge(self.items(record, hasher), case.items, manner)
        return Following(record, merged, record.rejudged, record.doubt)


@dataclass(frozen=True)
class Rules:
    """Rules that find what they are told, by item number."""

    found: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)
    hash: str = "rules-1"

    def check(self, about: str, facts: Facts, where: Callable[[str | None], Where]) -> list[Finding]:
        number = facts[0]
        assert isinstance(number, int)
        assert about == ("row" if number else "roster")
        return [
            Finding(one.code, one.severity, one.message, one.stops, where("name")) for one in self.found.get(number, ())
        ]


def finding(severity: Severity, stops: Stops = Stops.ITEM, code: str = "") -> Finding:
    return Finding(code or f"x.{severity.word}", severity, "说明", stops)


def situation(
    automation: Automation = Automation.CLEAN,
    *,
    sender: SenderView = VERIFIED,
    lookups: Lookups | None = None,
    partial: bool = True,
) -> Situation:
    campaign = rulebook().campaign
    policy = campaign.kinds["roster"].model_copy(update={"partial": partial})
    return Situation(
        now=NOW,
        received_at=NOW,
        mailbox="2020gxkm@cqhrsp.com",
        campaign=campaign.model_copy(update={"kinds": {**campaign.kinds, "roster": policy}}),
        automation=automation,
        sender=sender,
        lookups=lookups or Lookups(),
        registrations={},
        hasher=HASHER,
    )


def stored(number: int = 7, at: datetime = NOW) -> StoredMail:
    arrival = Arrival("roster", "INBOX", 1, number, at)
    return StoredMail(number, arrival, "2020gxkm@cqhrsp.com", "ab" * 32, 10, MailState.WORKING, 1, 1)


def base(**more: object) -> MailResult:
    """An unfinished result of mail 7."""
    words = {"state": MailState.DONE, "at": NOW, "message_id": "<1@unit.example>", "sender": VERIFIED.address}
    return MailResult(mail_id=7, subject="名单", **{**words, **more})  # type: ignore[arg-type]  # fields by name


def part(number: int, name: str = "名单.xlsx", *, inline: bool = False, member: str | None = None) -> Part:
    return Part(number=number, name=name, member=member, sha256=f"{number:064x}", size=9, type="x/y", inline=inline)
