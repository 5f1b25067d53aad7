"""The roster kind: the answers that `domain.kinds.CaseKind` asks for, each from its own file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mailbot.casetypes.roster.claim import claims, picture_document
from mailbot.casetypes.roster.elsewhere import with_strays
from mailbot.casetypes.roster.extract import cell_name, extract
from mailbot.casetypes.roster.follow import following, told_record
from mailbot.casetypes.roster.hints import with_hints
from mailbot.casetypes.roster.items import (
    claims_of,
    effect_of,
    header_json,
    items_of,
    person_of,
    unit_key,
    wants_of,
)
from mailbot.casetypes.roster.lexicon import lexicon_of
from mailbot.casetypes.roster.rosterfacts import roster_subject
from mailbot.casetypes.roster.rowfacts import row_subjects
from mailbot.domain.campaign import Campaign
from mailbot.domain.document import BODY, Opened
from mailbot.domain.effects import Person, PlannedEffect
from mailbot.domain.evidence import Where
from mailbot.domain.facts.roster import ROSTER
from mailbot.domain.facts.row import ROW
from mailbot.domain.facts.vocabulary import Vocabulary
from mailbot.domain.forms import Form
from mailbot.domain.intents import Words
from mailbot.domain.kinds import Following, Item, Manner, Situation, Subject, Wants
from mailbot.domain.outcome import CaseResult, Claim, Json
from mailbot.domain.ports import Hasher
from mailbot.domain.records import RosterRecord, RosterRow, Source


class RosterKind:
    """Rosters by the words of one form (notice, annex 1), and corrections of them by what letters say (`words`). Raises
    `ValueError` for a form that contradicts itself."""

    name: Final = "roster"
    yields: Final = False
    vocabularies: Final[tuple[Vocabulary, ...]] = (ROSTER, ROW)

    def __init__(self, form: Form, words: Words | None = None) -> None:
        self._lexicon = lexicon_of(form)
        self._words: Mapping[str, tuple[str, ...]] = words or {}

    def claims(self, opened: Opened) -> frozenset[int]:
        """The numbers of the parts that are rosters, or that only people can tell to be none."""
        if self._told(opened):
            return frozenset({BODY})
        return claims(opened, self._lexicon)

    def extract(self, opened: Opened, parts: frozenset[int]) -> tuple[RosterRecord, ...]:
        """One record a roster: a unit's sheets together, every unit for itself."""
        if told := self._told(opened):
            return (told,)
        read = {document.number: document for document in opened.documents}
        mine = [document for number, document in read.items() if number in parts]
        pictures = (part for part in opened.mail.parts if part.number in parts and part.number not in read)
        records = extract([*mine, *map(picture_document, pictures)], self._lexicon)
        beside = with_strays(records, None if BODY in parts else read.get(BODY))
        return with_hints(beside, mine, opened.mail, self._lexicon)

    def source(self, record: RosterRecord) -> Source:
        """Where the record was read from."""
        return record.source

    def header(self, record: RosterRecord) -> Json:
        """The header as the process contract prints it."""
        return header_json(record)

    def wants(self, record: RosterRecord, hasher: Hasher) -> Wants:
        """Hashes of people, phones and orders to look up, and of the whole content."""
        return wants_of(record, hasher)

    def people(self, record: RosterRecord) -> tuple[Person, ...]:
        """Everybody whose three values are known, each once."""
        return tuple(dict.fromkeys(filter(None, map(person_of, record.rows))))

    def subjects(self, record: RosterRecord, situation: Situation) -> Iterator[Subject]:
        """The roster as a whole, then its rows."""
        yield roster_subject(record, situation, self._lexicon)
        yield from row_subjects(record, situation, self._lexicon)

    def where(self, record: RosterRecord, number: int, field: str | None) -> Where:
        """The cell of a row's field; for number 0 that of a label, else the attachment."""
        source = record.source
        if number == 0:
            found = record.header.where.get(field) if field else None
            return found or Where(source.attachment, source.member, source.sheet, field=field)
        row = record.rows[number - 1]
        line, column = row.cells.get(field or "", (row.row, None if row.cells else _column(record, row, field)))
        cell = cell_name(line, column) if column else None
        place = (row.sheet, line, column, cell, row.panel, row.page)
        return Where(source.attachment, source.member, *place, field=field)

    def items(self, record: RosterRecord, hasher: Hasher) -> tuple[Item, ...]:
        """One item a row."""
        return items_of(record, hasher, self._lexicon)

    def effect(self, item: Item, campaign: Campaign, hasher: Hasher) -> PlannedEffect | None:  # noqa: ARG002 - protocol
        """The account that approving an item asks for."""
        return effect_of(item, campaign)

    def claim_keys(self, item: Item, campaign: Campaign, hasher: Hasher) -> tuple[Claim, ...]:
        """One account a person, one person a phone."""
        return claims_of(item, campaign, hasher)

    def unit_key(self, header: Json) -> str | None:
        """The tax number, else the unit's folded name."""
        return unit_key(header)

    def names(self, record: RosterRecord) -> str | None:
        """The case number hidden in our own workbook of rows to correct."""
        return record.of_case

    def following(
        self, record: RosterRecord, case: CaseResult, manner: Manner, hasher: Hasher
    ) -> Following[RosterRecord]:
        """A corrected roster, or what corrects it, against the case."""
        return following(record, case, manner, hasher, self._lexicon)

    def _told(self, opened: Opened) -> RosterRecord | None:
        return told_record(opened, self._lexicon, self._words)


def _column(record: RosterRecord, row: RosterRow, field: str | None) -> int | None:
    return record.columns[row.table - 1].get(field) if field else None
