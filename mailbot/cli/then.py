"""The ledger and the platform as one stored mail found them: frozen look-ups, answers as they were given, cases as they
stood. Reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mailbot.domain.effects import SETTLED, EffectState, Person, PlannedEffect
from mailbot.domain.mail import StoredMail
from mailbot.domain.outcome import ItemResult, Lookups, MailResult, PriorPerson, StoredCase, Wanted
from mailbot.domain.ports import Answer, Caps, Hasher, PortError, Presence, Registration, Wish
from mailbot.domain.states import ItemState
from mailbot.ledger.commit import Cases
from mailbot.ledger.history import CaseThen, MailWas
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.lines import MailLine
from mailbot.ledger.versions import VersionLine

PURGED: Final = "当时的明细已清除，来信所续的登记按今天的状态核对"
Items = Mapping[int, ItemResult]


@dataclass(frozen=True)
class Then(Cases):
    """The ledger as a mail found it. `known` are its frozen look-ups, `domains` those bound then, `items` reads the
    items of an earlier version again; into `notes` goes what could not be had as it was."""

    ledger: Ledger
    mail: MailLine
    was: MailWas
    known: Lookups | None
    domains: frozenset[str]
    items: Callable[[str, VersionLine], Items]
    notes: set[str]

    def bound_domains(self) -> frozenset[str]:
        """Those of its day."""
        return self.domains

    def lookups(self, wanted: Wanted) -> Lookups:
        """The frozen ones; where there are none today's, without the cases that came after the mail."""
        if self.known is not None:
            return self.known
        today = super().lookups(wanted)
        same = {key: case for key, case in today.same_content.items() if self._said_so(case)}
        threads = tuple(case for case in today.threads if self._stood(case))
        own = {case: header for case, header in today.own.items() if self._stood(case)}
        return replace(today, twin=self.mail.duplicate_of, same_content=same, threads=threads, own=own)

    def load_case(self, case_id: str) -> StoredCase:
        """The case as the mail found it. Raises `LookupError` for one that came after it."""
        stored = super().load_case(case_id)
        then = self.ledger.history.of_case(case_id, self.was.event)
        if then is None:
            self.notes.add(PURGED)
            return stored
        versions = [one for one in self.ledger.queries.versions(case_id) if one.version <= then.version]
        if not versions:
            raise LookupError(f"case {case_id} came after mail {self.mail.id}")
        read: dict[int, ItemResult] = {}
        for version in versions:
            read.update(self.items(case_id, version))
        return self._addressed(case_then(stored, then, versions[-1], read))

    def finish(self, mail: StoredMail, result: MailResult) -> None:
        """Raises `PortError`: nothing is ever written here."""
        raise PortError(f"mail {mail.id} is only judged again: {result.state} is not written", retry=False)

    def _stood(self, case_id: str) -> bool:
        versions = self.ledger.queries.versions(case_id)
        return bool(versions) and versions[0].at <= self.was.at and versions[0].mail_id != self.mail.id

    def _said_so(self, case_id: str) -> bool:
        """Whether the case's content of today is that of then: a later version brought another one."""
        versions = self.ledger.queries.versions(case_id)
        return self._stood(case_id) and versions[-1].at <= self.was.at

    def _addressed(self, case: StoredCase) -> StoredCase:
        """With the address of the last letter about it that was planned before."""
        letters = self.ledger.queries.letters_of_case(case.result.case_id)
        before = [one for one in letters if one.planned_at <= self.was.at and one.mail_id != self.mail.id]
        return replace(case, to=before[-1].to, mail_id=before[-1].mail_id) if before else replace(case, to=None)


def case_then(stored: StoredCase, then: CaseThen, version: VersionLine, read: Items) -> StoredCase:
    """A case with the states of an earlier moment, and the values that its mails brought until then."""
    items = tuple(
        _item_then(read.get(item.number, item), item, then.states[item.number])
        for item in stored.result.items
        if item.number in then.states
    )
    known = set(then.states)
    effects = tuple(effect for effect in stored.result.effects if known & set(effect.items))
    result = replace(
        stored.result,
        version=version.version,
        items=items,
        effects=effects,
        findings=version.findings,
        header=version.header,
        source=version.source,
        context=version.context,
    )
    states = {effect.key: _effect_then(effect, stored, then) for effect in effects}
    waiting = {number: since for number, since in then.waiting_since.items() if number in known}
    return replace(stored, result=result, effect_states=states, waiting_since=waiting)


def _item_then(read: ItemResult, now: ItemResult, state: ItemState) -> ItemResult:
    """Values, place and findings as read then; what only the ledger knows as it is."""
    return replace(read, number=now.number, state=state, due_at=now.due_at, clock=now.clock, decided_by=now.decided_by)


def _effect_then(effect: PlannedEffect, stored: StoredCase, then: CaseThen) -> str:
    """An effect's state: where one of its items was still approved it had not ended, whatever it is by now."""
    now = EffectState(stored.effect_states[effect.key])
    under_way = any(then.states.get(number) is ItemState.APPROVED for number in effect.items)
    return (EffectState.PENDING if under_way and now in SETTLED else now).value


def merged(lookups: Sequence[Lookups], own: frozenset[str]) -> Lookups:
    """The one answer that the cases of a mail (`own`) were judged by. Each case was shown besides what the ones before
    it in the same mail asked for, and one that went on was not shown its own wishes: both are undone."""
    first, *rest = lookups
    people, phones, orders = dict(first.people), dict(first.phones), dict(first.orders)
    for other in rest:
        people = {**_asked_before(other.people, own), **people}
        phones = {**_asked_before(other.phones, own), **phones}
        orders = {**{key: tuple(c for c in cases if c not in own) for key, cases in other.orders.items()}, **orders}
    return replace(first, people=people, phones=phones, orders=orders)


def _asked_before(found: Mapping[str, PriorPerson], own: frozenset[str]) -> dict[str, PriorPerson]:
    planned = EffectState.PLANNED.value
    return {key: p for key, p in found.items() if not (p.case_id in own and p.effect_state == planned)}


_CAPS: Final = Caps("replay", authoritative=False, asynchronous=False, batch_size=1, password_policy="")


@dataclass(slots=True)
class AsAnswered:
    """A platform that repeats what it answered when the mail was judged, and is never asked anything else. `unasked`
    counts the people about whom nobody asked it then."""

    answers: Mapping[str, Registration]
    hasher: Hasher
    unasked: int = 0

    @property
    def caps(self) -> Caps:
        """Those of no platform."""
        return _CAPS

    def check(self) -> None:
        """Nothing to check."""

    def find(self, people: Sequence[Person]) -> list[Registration]:
        """As it was answered; unknown where nobody asked."""
        found = [self.answers.get(self.hasher.search(person.id_number)) for person in people]
        self.unasked += sum(one is None for one in found)
        return [one or Registration(Presence.UNKNOWN) for one in found]

    def ensure_accounts(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Raises `PortError`, always."""
        return _never(wishes)

    def grant(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Raises `PortError`, always."""
        return _never(wishes)

    def revoke(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Raises `PortError`, always."""
        return _never(wishes)

    def collect(self) -> list[Answer]:
        """Nothing comes in."""
        return []


def _never(wishes: Iterable[Wish]) -> list[Answer]:
    raise PortError(f"a mail is judged again, and nothing is asked of the platform ({len(list(wishes))})", retry=False)
