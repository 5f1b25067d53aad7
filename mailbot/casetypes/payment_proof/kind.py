"""The payment proof kind: the answers that `domain.kinds.CaseKind` asks for, each from its own file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mailbot.casetypes.payment_proof.claim import claims
from mailbot.casetypes.payment_proof.extract import extract
from mailbot.casetypes.payment_proof.follow import following
from mailbot.casetypes.payment_proof.header import header_json
from mailbot.casetypes.payment_proof.items import claims_of, effect_of, items_of, person_of, wants_of
from mailbot.casetypes.payment_proof.paymentfacts import payment_subjects
from mailbot.casetypes.payment_proof.personfacts import person_subject
from mailbot.casetypes.payment_proof.prooffacts import proof_subject
from mailbot.casetypes.payment_proof.values import ProofRecord
from mailbot.casetypes.payment_proof.words import words_of
from mailbot.domain.campaign import Campaign
from mailbot.domain.document import Opened
from mailbot.domain.effects import Person, PlannedEffect
from mailbot.domain.evidence import Where
from mailbot.domain.facts.applicant import APPLICANT
from mailbot.domain.facts.payment import PAYMENT
from mailbot.domain.facts.proof import PROOF
from mailbot.domain.facts.vocabulary import Vocabulary
from mailbot.domain.forms import Form
from mailbot.domain.kinds import Following, Item, Manner, Situation, Subject, Wants
from mailbot.domain.outcome import CaseResult, Claim, Json
from mailbot.domain.ports import Hasher
from mailbot.domain.records import Source


class PaymentProofKind:
    """Payment proofs by the words of one form (notice, annex 2). Raises `KeyError` for a form that lacks a field."""

    name: Final = "payment_proof"
    yields: Final = False
    vocabularies: Final[tuple[Vocabulary, ...]] = (PROOF, APPLICANT, PAYMENT)

    def __init__(self, form: Form) -> None:
        self._words = words_of(form)

    def claims(self, opened: Opened) -> frozenset[int]:
        """The numbers of the parts that are payment proofs, or belong to one."""
        return claims(opened, self._words)

    def extract(self, opened: Opened, parts: frozenset[int]) -> tuple[ProofRecord, ...]:
        """One record a person."""
        return extract(opened, parts, self._words) if parts else ()

    def source(self, record: ProofRecord) -> Source:
        """Where the record was read from."""
        return record.source

    def header(self, record: ProofRecord) -> Json:
        """`fields` and `payments` as the process contract prints them."""
        return header_json(record)

    def wants(self, record: ProofRecord, hasher: Hasher) -> Wants:
        """Hashes of orders and pictures to look up, and of the whole content."""
        return wants_of(record, hasher)

    def people(self, record: ProofRecord) -> tuple[Person, ...]:
        """The person, where the three values are known."""
        person = person_of(record)
        return (person,) if person else ()

    def subjects(self, record: ProofRecord, situation: Situation) -> Iterator[Subject]:
        """The proof as a whole and its person, both number 0, then its payments."""
        yield proof_subject(record, situation)
        yield person_subject(record, situation)
        yield from payment_subjects(record, situation, self._words)

    def where(self, record: ProofRecord, number: int, field: str | None) -> Where:
        """The place of a value of a payment, or of the person for number 0."""
        source = record.source
        whole = Where(source.attachment, source.member, field=field)
        if number:
            payment = record.payments[number - 1]
            told = payment.told(field) if field else None
            return replace(told.place if told else payment.place, field=field)
        said = record.person.get(field or "")
        return replace(said.best.place, field=field) if said and said.best else whole

    def items(self, record: ProofRecord, hasher: Hasher) -> tuple[Item, ...]:
        """One item a payment."""
        return items_of(record, hasher)

    def effect(self, item: Item, campaign: Campaign, hasher: Hasher) -> PlannedEffect | None:  # noqa: ARG002 - protocol
        """The year that approving an item grants."""
        return effect_of(item, campaign)

    def claim_keys(self, item: Item, campaign: Campaign, hasher: Hasher) -> tuple[Claim, ...]:
        """One grant a person and year, one use an order."""
        return claims_of(item, campaign, hasher)

    def unit_key(self, header: Json) -> str | None:  # noqa: ARG002 - protocol
        """A proof is a person's own: it names no unit."""
        return None

    def names(self, record: ProofRecord) -> str | None:  # noqa: ARG002 - protocol
        """No proof names a case by itself."""
        return None

    def following(
        self,
        record: ProofRecord,
        case: CaseResult,
        manner: Manner,  # noqa: ARG002 - protocol
        hasher: Hasher,
    ) -> Following[ProofRecord]:
        """What a later mail adds to the case."""
        return following(record, case, hasher)
