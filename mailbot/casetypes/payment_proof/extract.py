"""The records of a mail: one for each person whose proof it brings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mailbot.casetypes.payment_proof.clean import years
from mailbot.casetypes.payment_proof.free import free_person
from mailbot.casetypes.payment_proof.match import matched
from mailbot.casetypes.payment_proof.seen import (
    FOREIGN,
    numbers_of,
    orders_of,
    person_of,
    pictures_of,
    rows_of,
    united,
)
from mailbot.casetypes.payment_proof.typed import Typed, read_document, read_lines
from mailbot.casetypes.payment_proof.values import Payment, ProofRecord, Said, Side, Value
from mailbot.casetypes.payment_proof.words import Words
from mailbot.domain.chars import visible
from mailbot.domain.document import BODY, Opened
from mailbot.domain.evidence import Where
from mailbot.domain.mail import Mail
from mailbot.domain.records import Source

_NO_DATE: Final = re.compile(
    r"20\d\d\s*[-/.]\s*\d{1,2}(?:\s*[-/.]\s*\d{1,2})?|20\d\d\s*年\s*\d{1,2}\s*月|\d{9,}[Xx]?"
    r"|20\d\d\s*年?度?\s*(?:[-~—–]+|至|到)\s*20\d\d"
)
"""Dates, long numbers and spans, in which a year is none that anybody asks for."""


@dataclass(slots=True)
class _One:
    """One person in work: where it was read first, what is claimed, and the orders that the pictures show."""

    source: Source
    person: dict[str, Said] = field(default_factory=dict)
    claimed: list[Payment] = field(default_factory=list)
    shown: list[Side] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)

    def take(self, person: Mapping[str, Said]) -> None:
        for name, said in person.items():
            self.person[name] = self.person.get(name, Said()).with_(said)


def extract(opened: Opened, parts: frozenset[int], words: Words) -> tuple[ProofRecord, ...]:
    """One record a person, with the pictures of all its parts; orders that could be several people's are given to
    nobody."""
    people = _people(opened, parts, words)
    free = _give(opened, parts, people)
    scans = pictures_of(opened, parts)
    files, digest = _unread(opened, parts), _digest(opened.mail)
    records = []
    for one in people:
        payments, left_out = matched(one.claimed, united(one.shown))
        records.append(ProofRecord(one.source, one.person, payments, scans, files, len(free), left_out, digest))
    return tuple(records)


def _unread(opened: Opened, parts: frozenset[int]) -> tuple[str, ...]:
    """The files that nobody could read, pages that are told among the pictures apart."""
    pictured = {one.number for one in opened.pictures} | {one.number for one in opened.scans}
    faulty = (one for one in opened.documents if one.number in parts - pictured and one.fault)
    return tuple(one.member or one.name for one in faulty)


def _digest(mail: Mail) -> str:
    """The same for the same mail."""
    said = (mail.message_id or "", mail.date or "", mail.text, *(part.sha256 for part in mail.parts))
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def _people(opened: Opened, parts: frozenset[int], words: Words) -> list[_One]:
    """The people of the mail: of its forms, of pictures of forms, else of its own words; at least one."""
    found: list[_One] = []
    for document in opened.documents:
        if document.number in parts and document.number != BODY and document.fault is None:
            source = Source(document.name or None, document.member, number=document.number)
            for typed in read_document(document, words):
                _add(found, source, typed, {document.number})
    for scan in opened.scans:
        if scan.number in parts and scan.kind == "proof_form":
            name = names_of(opened).get(scan.number)
            seen = Typed(dict(person_of(scan, name)), list(rows_of(scan, name)))
            if seen.filled:
                _add(found, Source(name, number=scan.number), seen, {scan.number})
    text = _of_text(opened, words)
    if len(found) == 1:
        _complete(found[0], text)
    if not found:
        first = min((number for number in parts if number != BODY), default=BODY)
        name = None if BODY in parts else names_of(opened).get(first)
        found.append(_One(Source(name, number=BODY if BODY in parts else first), dict(text.person), text.payments))
    return found


def _add(found: list[_One], source: Source, typed: Typed, numbers: set[int]) -> None:
    """One more person, or more of one who is there: the same number, or a page that names nobody."""
    mine = _id(typed.person)
    for one in found:
        if mine is not None and _id(one.person) == mine:
            one.take(typed.person)
            one.claimed += typed.payments
            one.numbers |= numbers
            return
    if mine is None and "name" not in typed.person and len(found) == 1:
        found[0].take(typed.person)
        found[0].claimed += typed.payments
        found[0].numbers |= numbers
        return
    found.append(_One(source, dict(typed.person), list(typed.payments), [], set(numbers)))


def _id(person: Mapping[str, Said]) -> str | None:
    said = person.get("id_number")
    return said.best.text if said and said.best else None


def _complete(one: _One, text: Typed) -> None:
    """What the mail's own labels say beside a form: what the form lacks, and another number than the form's."""
    for name, said in text.person.items():
        if name not in one.person or name == "id_number":
            one.take({name: said})
    if not one.claimed:
        one.claimed += text.payments


def _of_text(opened: Opened, words: Words) -> Typed:
    """What the mail's own words say: labels, a pasted table, else a person without labels and the years named."""
    mail = opened.mail
    lines = (*mail.text.splitlines(), *mail.subject.splitlines())
    typed = read_lines(lines, words)
    for document in opened.documents:
        if document.number == BODY and document.fault is None:
            for one in read_document(document, words)[:1]:
                typed.person.update({name: said for name, said in one.person.items() if name not in typed.person})
                rows = [payment for payment in one.payments if payment.claimed and "order_id" in payment.claimed.values]
                typed.payments = rows or typed.payments
    for name, said in free_person(mail.text, words).items():
        typed.person.setdefault(name, said)
    if not typed.payments:
        typed.payments = [Payment(Side({"year": Value(str(year), Where(field="year"))})) for year in _named(mail)]
    return typed


def _named(mail: Mail) -> tuple[int, ...]:
    """The years that the text asks for by themselves; a span is the title of the form, and asks for nothing."""
    text = _NO_DATE.sub(" ", visible(mail.text))
    said = (sentence for sentence in re.split(r"[\n。!?;]", text) if re.search("补学|补修|缴|交费|付款", sentence))
    return tuple(sorted({year for sentence in said for year in years(sentence)}))


def names_of(opened: Opened) -> Mapping[int, str]:
    """The names of the parts by number."""
    return {part.number: part.member or part.name for part in opened.mail.parts}


def _give(opened: Opened, parts: frozenset[int], people: Sequence[_One]) -> list[Side]:
    """Give every order on a picture to its person; those that may be several people's come back."""
    names = names_of(opened)
    free: list[Side] = []
    for scan in opened.scans:
        if scan.number not in parts or scan.kind in FOREIGN:
            continue
        for order in orders_of(scan, names.get(scan.number)):
            owner = _owner(order, scan.number, people)
            if owner:
                owner.shown.append(order)
            else:
                free.append(order)
    return free


def _owner(order: Side, number: int, people: Sequence[_One]) -> _One | None:
    """The only person of the mail; else who claims the order, or whose form alone the picture stands in."""
    if len(people) == 1:
        return people[0]
    claims = [one for one in people if any(_claims(payment, order) for payment in one.claimed)]
    beside = claims or [one for one in people if number in one.numbers]
    return beside[0] if len(beside) == 1 else None


def _claims(payment: Payment, order: Side) -> bool:
    claimed = payment.claimed.get("order_id") if payment.claimed else None
    return claimed is not None and claimed in numbers_of(order)
