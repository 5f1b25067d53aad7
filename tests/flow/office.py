"""A whole site without network: the real ledger, rules, kinds, reader, embedded platform and letter writer, put together
by `assembly`; only the sandbox's child is left out (mails are opened in this process), and letters are kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from mailbot import assembly, flow
from mailbot.assembly import Parts, SiteFacts
from mailbot.clock import FixedClock
from mailbot.data import rules_dir, templates_dir
from mailbot.domain.decisions import Automation, Decision, Verdict
from mailbot.domain.document import Opened
from mailbot.domain.effects import EffectState
from mailbot.domain.effects import Person as Wished
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Arrival, StoredMail
from mailbot.domain.outcome import CaseResult, MailResult, StoredCase
from mailbot.domain.ports import NewMail, Note, Platform, SendResult, SendState, nothing_to_note
from mailbot.engine.runner import drain
from mailbot.ledger.ledger import FILE, Ledger
from mailbot.ledger.lines import EffectLine, LetterLine
from mailbot.ledger.settings import Mode
from mailbot.opening import open_mail
from mailbot.rulebook import Reloader
from mailbot.steps.classify import AnyKind
from tests.ledger.world import HASHER
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import Person
from tools.stories.post import PROOF_BOX, ROSTER_BOX, Draft, post, when
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission
from tools.stories.units import Unit

NOW: Final = when("2020-09-16 10:00")
"""A Wednesday morning, in office hours."""
OWN: Final = frozenset({ROSTER_BOX, PROOF_BOX})
STAFF: Final = "张工"
ALL_STATES: Final = tuple(EffectState)


class InProcess:
    """An `Opener` that opens mails in this process. Takes what the sandbox takes."""

    def __init__(self, limits: Limits, _target: str = "", _warm_up: str | None = None) -> None:
        self._limits = limits

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end."""

    def open(self, raw: bytes) -> Opened:
        return open_mail(raw, self._limits)


@dataclass(frozen=True, slots=True)
class Posted:
    """One letter that left."""

    to: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())


@dataclass
class Box:
    """A courier that keeps every letter. `ends` scripts the next attempts: a letter of unknown end was taken as well."""

    letters: list[Posted] = field(default_factory=list)
    ends: list[SendState] = field(default_factory=list)

    def send(self, to: str, raw: bytes, mark: str = "", before_dot: Note = nothing_to_note) -> SendResult:
        assert mark.isascii()
        before_dot()
        end = self.ends.pop(0) if self.ends else SendState.SENT
        if end in (SendState.SENT, SendState.UNKNOWN):
            self.letters.append(Posted(to, raw))
        return SendResult(end, "as scripted")


@dataclass
class Office:
    """The site at work. Mails come in by `store`; `take` claims the next one; `drain` does everything that is due."""

    parts: Parts
    clock: FixedClock
    post: Box
    _uids: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def ledger(self) -> Ledger:
        return self.parts.ledger

    def store(self, draft: Draft | bytes, *, at: datetime = NOW, address: str = ROSTER_BOX) -> int:
        """Commit 1 for one mail; its id."""
        raw = draft if isinstance(draft, bytes) else post(draft)
        arrival = Arrival("roster", "INBOX", 7, next(self._uids), at)
        [number] = self.ledger.mails.store([NewMail(arrival, address, raw)], None)
        return number

    def take(self, draft: Draft | bytes, *, at: datetime = NOW, address: str = ROSTER_BOX) -> StoredMail:
        """A mail stored and claimed, ready for the flow."""
        number = self.store(draft, at=at, address=address)
        mail = self.ledger.steps.claim_mail(self.clock.now())
        assert mail is not None
        assert mail.id == number
        return mail

    def process(self, draft: Draft | bytes, *, at: datetime = NOW, address: str = ROSTER_BOX) -> MailResult:
        """A mail through the flow, as far as commit 2; no effect and no letter is delivered."""
        return flow.process(self.take(draft, at=at, address=address), self.parts.house)

    def drain(self, *, later: timedelta = timedelta(0)) -> int:
        """Do everything that is due, after the clock went on."""
        self.clock.advance(later)
        return drain(self.parts.worker)

    def case(self, case_id: str) -> StoredCase:
        return self.ledger.cases.load_case(case_id)

    def states(self, case_id: str) -> list[str]:
        """The states of a case's items, by number."""
        return [item.state.value for item in self.case(case_id).result.items]

    def effects(self, *states: EffectState) -> list[EffectLine]:
        return self.ledger.queries.effects(states or ALL_STATES)

    def letters(self, *states: EffectState) -> list[LetterLine]:
        return self.ledger.queries.letters(states or ALL_STATES)

    def accounts(self, *people: Person) -> list[bool]:
        """Whether the platform has an account of each."""
        return [seen.id_number is not None for seen in self.parts.platform.find([wish(one) for one in people])]

    def decide(
        self,
        case_id: str,
        verdicts: Mapping[int, Verdict],
        *,
        waived: Sequence[str] = (),
        actor: str = STAFF,
        reason: str = "已电话核实",
        bind: tuple[str, str] | None = None,
    ) -> CaseResult:
        """A verdict by a named person who has just read the case."""
        seen = self.case(case_id).result.seen
        assert seen is not None
        decision = Decision(actor, reason, case_id, seen, verdicts, dict.fromkeys(waived, "已电话核实"))
        return self.parts.desk().verdict(decision, self.clock.now(), bind=bind)

    def with_house(self, **changes: object) -> Office:
        """The same site with some of the flow's ports changed."""
        house = replace(self.parts.house, **changes)  # type: ignore[arg-type]  # fields of House by name, from a test
        parts = replace(self.parts, house=house)
        worker = replace(parts.worker, flow=lambda mail: flow.process(mail, house), platform=house.platform)
        return Office(replace(parts, worker=worker), self.clock, self.post, self._uids)


def wish(person: Person) -> Wished:
    """The invented person as the platform is asked about."""
    return Wished(person.name, person.id_number, person.phone)


def roster_kind(parts: Parts) -> AnyKind:
    """The kind of rosters under the rules in force."""
    [kind] = [kind for kind in parts.house.kinds(parts.rulebook) if kind.name == "roster"]
    return kind


def roster(
    *rows: Row | Person,
    unit: Unit = units.PRIMARY,
    at: str = "2020-09-16 09:00",
    header: Mapping[str, str | None] | None = None,
    **mail: object,
) -> Draft:
    """A unit's roster as a mail; `mail` sets fields of the draft (`auth`, `answers`, `subject`, ...)."""
    lines = tuple(row if isinstance(row, Row) else Row(row) for row in rows)
    sheet = Sheet(unit, lines, header=dict(header or {}))
    return Submission((sheet,), None, None, at=at, mail=dict(mail)).draft()


def facts(storage: Path, automation: Automation = Automation.CLEAN, *, caps: bool = False, **more: object) -> SiteFacts:
    """What the office's site is told; `more` sets other fields of it."""
    site = SiteFacts(
        storage=storage,
        rules=rules_dir(),
        templates=templates_dir(),
        own_addresses=OWN,
        authserv_id="mx.cqhrsp.com",
        sender=ROSTER_BOX,
        campaign="2020",
        automation={"roster": automation},
        caps=caps,
    )
    return replace(site, **more)  # type: ignore[arg-type]  # fields of SiteFacts by name, from a test


@contextmanager
def opened(
    site: SiteFacts, rules: Reloader, template: Path, *, mode: Mode = Mode.LIVE, platform: Platform | None = None
) -> Iterator[Office]:
    """The site put together over a copy of an empty, migrated ledger, and switched to a mode."""
    site.storage.mkdir(parents=True, exist_ok=True)
    if not (site.storage / FILE).exists():
        shutil.copy(template, site.storage / FILE)
    clock, box = FixedClock(NOW), Box()
    with assembly.assembled(site, rules, HASHER, clock, box, platform) as parts:
        if parts.ledger.switches.mode() is not mode:
            parts.ledger.switches.set_mode(mode, STAFF, NOW)
        yield Office(parts, clock, box)
