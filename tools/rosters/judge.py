"""The product's verdict over a generated roster, held against its truth.

Two laws above all: no account for a wrong person, and no good person refused. Then: every planted fault is named and
nothing besides, and every case has its unit, its order numbers and its own findings.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.casetypes import kinds
from mailbot.casetypes.roster.kind import RosterKind
from mailbot.domain.decisions import Automation, RowStatus, status_of
from mailbot.domain.document import Opened
from mailbot.domain.effects import Person
from mailbot.domain.facts.mail import MAIL
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.forms import Form
from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.limits import Limits
from mailbot.domain.outcome import Lookups
from mailbot.domain.records import RosterRecord
from mailbot.rulebook.book import Rulebook
from mailbot.rulebook.load import load, read_forms
from tools.roster_people import FIXES, HOLDS
from tools.rosters.model import Case, Roster, Row

ROOT: Final = Path(__file__).resolve().parents[2]
AT: Final = datetime(2020, 9, 14, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
GOOD: Final = (RowStatus.OK, RowStatus.FIXED)
Place = tuple[str | None, int, int]


class _Hasher:
    """SHA-256 without a key, which is all that a verdict without a ledger needs."""

    def search(self, text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    def token(self, text: str) -> str:
        return self.search(text)


_HASHER: Final = _Hasher()


@dataclass(frozen=True)
class Judged:
    """One record: the findings of the case above a note, whether one of them stops it, and by place each row's codes,
    status and account."""

    record: RosterRecord
    codes: frozenset[str]
    stopped: bool
    rows: dict[Place, tuple[frozenset[str], RowStatus, Person | None]]


@cache
def _kind() -> RosterKind:
    return RosterKind(Form.model_validate(tomllib.loads((ROOT / "rules/forms/roster.toml").read_text("utf-8"))))


@cache
def _book() -> Rulebook:
    every = [vocabulary for one in kinds(read_forms(ROOT / "rules")) for vocabulary in one.vocabularies]
    return load(ROOT / "rules", [MAIL, *every], ROOT / "templates", campaign="2020")


def limits() -> Limits:
    """The limits that ship."""
    return _book().limits


def wrong_accounts(roster: Roster, opened: Opened) -> list[str]:
    """The accounts that would be opened without a person and are nobody's of the truth; empty where the first law
    holds, whoever is asked or held."""
    judged = [_judged(record) for record in _kind().extract(opened, _kind().claims(opened))]
    true = {(row.person.name, row.person.id_number, row.person.phone) for row in roster.truth}
    return [
        f"AN ACCOUNT FOR A WRONG PERSON at {place}: {(person.name, person.id_number, person.phone)}"
        for one in judged
        for place, (_codes, status, person) in one.rows.items()
        if not one.stopped and status in GOOD and person and (person.name, person.id_number, person.phone) not in true
    ]


def complaints(roster: Roster, opened: Opened, *, sheets: bool = True) -> list[str]:
    """What is wrong with the verdict over this roster; empty where all is right. `sheets`: whether the format has
    sheets with names."""
    judged = [_judged(record) for record in _kind().extract(opened, _kind().claims(opened))]
    out = list(_wrong_accounts(roster, judged))
    places = {place: one for one in judged for place in one.rows}
    for number, case in enumerate(roster.cases, start=1):
        out += [f"case {number}: {what}" for what in _case(case, places, sheets=sheets)]
    if len(judged) != len(roster.cases):
        out.append(f"{len(judged)} cases, not {len(roster.cases)}")
    known = {_place(row, sheets=sheets) for row in roster.truth}
    return out + [
        f"somebody at {place}" for one in judged for place in one.rows if _told(place, sheets=sheets) not in known
    ]


def _judged(record: RosterRecord) -> Judged:
    context = _situation()
    found: list[Sequence[Finding]] = [
        _book().check(subject.about, subject.facts, partial(_kind().where, record, subject.number))
        for subject in _kind().subjects(record, context)
    ]
    rows: dict[Place, tuple[frozenset[str], RowStatus, Person | None]] = {}
    items = _kind().items(record, _HASHER)
    for row, item, findings in zip(record.rows, items, found[1:], strict=True):
        effect = _kind().effect(item, context.campaign, _HASHER)
        codes = frozenset(finding.code for finding in findings)
        rows[row.sheet, row.row, row.panel] = (codes, status_of(findings), effect.person if effect else None)
    said = [finding for finding in found[0] if finding.severity > Severity.NOTE]
    stopped = any(finding.stops is Stops.CASE for finding in said)
    return Judged(record, frozenset(finding.code for finding in said), stopped, rows)


def _situation() -> Situation:
    return Situation(
        now=AT,
        received_at=AT,
        mailbox="2020gxkm@cqhrsp.com",
        campaign=_book().campaign,
        automation=Automation.CLEAN,
        sender=SenderView("hr@unit.example", verified=True, ambiguous=False, lookalike=False),
        lookups=Lookups(),
        registrations={},
        hasher=_HASHER,
    )


def _wrong_accounts(roster: Roster, judged: Sequence[Judged]) -> Iterator[str]:
    """Every account that would be opened, by itself or when a person confirms the case, is a true person's, once."""
    true = {(row.person.name, row.person.id_number, row.person.phone) for row in roster.truth if row.registers}
    seen = set()
    for one in judged:
        for place, (_codes, status, person) in one.rows.items():
            if status in GOOD and person is not None:
                values = (person.name, person.id_number, person.phone)
                if values not in true or values in seen:
                    yield f"AN ACCOUNT FOR A WRONG PERSON at {place}: {values}"
                seen.add(values)


def _case(case: Case, places: dict[Place, Judged], *, sheets: bool) -> Iterator[str]:
    by_place = {_told(place, sheets=sheets): (one, place) for place, one in places.items()}
    mine = [by_place.get(_place(row, sheets=sheets)) for row in case.rows]
    found = {id(one[0]): one[0] for one in mine if one}
    if len(found) != 1:
        yield f"its people stand in {len(found)} cases"
        return
    (one,) = found.values()
    header = one.record.header
    if (header.unit, header.order_no) != (case.unit, case.orders):
        yield f"header {header.unit} {header.order_no}, not {case.unit} {case.orders}"
    if one.codes != case.codes:
        yield f"findings {sorted(one.codes)}, not {sorted(case.codes)}"
    for row, at in zip(case.rows, mine, strict=True):
        yield from (f"row {row.row}/{row.panel}: {what}" for what in _row(row, at, one))


def _row(row: Row, at: tuple[Judged, Place] | None, one: Judged) -> Iterator[str]:
    if at is None:
        yield "is missing"
        return
    codes, status, person = one.rows[at[1]]
    if row.registers and (status not in GOOD or person is None):
        yield f"A GOOD PERSON REFUSED: {sorted(codes)}"
    if codes != ({row.code} if row.code else set()):
        yield f"{sorted(codes)}, not {row.code}"
    expected = (
        RowStatus.FIXED
        if row.code in FIXES
        else RowStatus.HOLD
        if row.code in (*HOLDS, "row.hidden")
        else RowStatus.ASK
    )
    if row.code and status is not expected:
        yield f"{status}, not {expected}"


def _place(row: Row, *, sheets: bool) -> Place:
    return _told((row.sheet, row.row, row.panel), sheets=sheets)


def _told(place: Place, *, sheets: bool) -> Place:
    return place if sheets else (None, *place[1:])
