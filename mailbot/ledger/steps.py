"""The engine's side of the ledger (`ports.StepLedger`): what is due, claimed by one conditional update, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.domain.letters import Composed, LetterView
from mailbot.domain.mail import StoredMail
from mailbot.domain.ports import EffectEnd, EffectJob, LetterJob, PortError, SendResult
from mailbot.ledger import effect_steps, letter_steps, mail_steps
from mailbot.ledger.codec import clean
from mailbot.ledger.db import Database
from mailbot.ledger.view import letter_view


@dataclass(frozen=True, slots=True)
class Steps:
    """Claims and ends of single steps. Every method is one transaction; the work between two of them holds none."""

    db: Database

    def recover(self, now: datetime) -> None:
        """At start, under the file lock: nobody else works, so every claim that stands is a dead owner's."""
        self.db.blobs.sweep()
        with self.db.write("recover") as unit:
            mail_steps.recover(unit, now)
            effect_steps.recover(unit, now)
            letter_steps.recover(unit, now)

    def claim_mail(self, now: datetime) -> StoredMail | None:
        """The mail whose turn it is, or `None`. One that was tried too often is set aside on the way."""
        with self.db.write("claim_mail") as unit:
            return mail_steps.claim(unit, now)

    def set_aside(self, mail: StoredMail, reason: str, now: datetime) -> None:
        """Give a claimed mail to a person. Nothing happens where another claimed it since."""
        with self.db.write("set_aside") as unit:
            mail_steps.set_aside(unit, mail, reason, now)

    def put_back(self, mail: StoredMail, reason: str, retry_at: datetime, *, counts: bool = True) -> None:
        """Let a claimed mail wait until then. Nothing happens where another claimed it since."""
        with self.db.write("put_back") as unit:
            mail_steps.put_back(unit, mail, reason, retry_at, counts=counts)

    def claim_effects(self, limit: int, now: datetime) -> list[EffectJob]:
        """Due effects, their intents committed at once."""
        with self.db.write("claim_effects") as unit:
            return effect_steps.claim(unit, limit, now)

    def conclude(self, ends: Sequence[EffectEnd], now: datetime) -> None:
        """Evidence, item and case states, result letters and events in one commit. The key of a letter may stand among
        them: a letter that cannot be written stays with staff. An answer about nothing that we asked for is noted."""
        with self.db.write("conclude") as unit:
            details = {end.key: end.detail for end in ends}
            for key in effect_steps.conclude(unit, ends, now):
                if not letter_steps.give_up(unit, key, details[key], now):
                    unit.note("answer.for_nobody", now, key=clean(key), said=clean(details[key]))

    def due_letter(self, now: datetime) -> LetterJob | None:
        """The next letter to render or send. What is above the caps is put off on the way."""
        while True:
            with self.db.write("due_letter") as unit:
                row = letter_steps.next_due(unit, now)
            if row is None:
                return None
            try:
                raw = None if row["sha256"] is None else self.db.blobs.read(row["sha256"])
            except PortError as fault:
                if fault.retry:
                    raise
                self._give_up(row["key"], str(fault), now)
                continue
            unknown = (row["dot_at"] or row["started_at"]) if row["unknowns"] else None
            return LetterJob(row["key"], row["recipient"], row["message_id"], row["attempts"], raw, unknown)

    def _give_up(self, key: str, why: str, now: datetime) -> None:
        """A letter whose bytes are gone must not hold up the others."""
        with self.db.write("give_up") as unit:
            letter_steps.give_up(unit, key, why, now)

    def letter_view(self, key: str, now: datetime) -> LetterView:
        """What a letter is rendered from."""
        with self.db.read() as conn:
            return letter_view(conn, key, now, self.db.terms.zone)

    def store_letter(self, key: str, composed: Composed, now: datetime) -> None:
        """The exact bytes durable as a blob, then the row."""
        [sha256] = self.db.blobs.store([composed.raw])
        with self.db.write("store_letter") as unit:
            letter_steps.store(unit, key, composed, sha256, now)

    def start_sending(self, key: str, now: datetime) -> bool:
        """The intent to send, committed before the first byte; false where it is not due any more."""
        with self.db.write("start_sending") as unit:
            return letter_steps.start(unit, key, now)

    def handing_over(self, key: str, now: datetime) -> None:
        """The final dot is written next, and the server may have the letter from then on."""
        with self.db.note("handing_over") as unit:
            letter_steps.handing_over(unit, key, now)

    def conclude_letter(self, key: str, result: SendResult, now: datetime) -> None:
        """How the attempt ended, and when the next one is due."""
        with self.db.write("conclude_letter") as unit:
            letter_steps.conclude(unit, key, result, now)
