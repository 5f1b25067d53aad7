"""How a mail that was judged again differs from what was decided: as a whole, by case, and by row. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mailbot.cli.again import Replayed
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import CaseResult, ItemResult, Json
from mailbot.domain.states import ItemState
from mailbot.ledger.history import CaseWas, Judged
from mailbot.ledger.lines import MailLine
from mailbot.ledger.versions import VersionLine

ROWS_PURGED: Final = "当时逐行的核对结果已清除，只比较结论和整件的问题"


class Why(StrEnum):
    """Where a difference can come from."""

    RULES = "rules"
    PROGRAM = "program"
    LOOKUPS = "lookups"


@dataclass(frozen=True, slots=True)
class Codes:
    """Findings by their codes, before and after."""

    was: frozenset[str]
    now: frozenset[str]

    @property
    def added(self) -> tuple[str, ...]:
        """What is found now and was not."""
        return tuple(sorted(self.now - self.was))

    @property
    def removed(self) -> tuple[str, ...]:
        """What was found and is not any more."""
        return tuple(sorted(self.was - self.now))


@dataclass(frozen=True, slots=True)
class RowChange:
    """One item that is judged otherwise; `None` on the side where it is not judged at all."""

    number: int
    place: Json
    was: Judged | None
    now: Judged | None

    @property
    def codes(self) -> Codes:
        """Its findings."""
        return Codes(*(side.codes if side else frozenset() for side in (self.was, self.now)))


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One case that comes out otherwise. Outcomes are words of the contract, `None` where there is no case."""

    case_id: str
    version: int
    was: str | None
    now: str | None
    codes: Codes
    rows: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class MailChange:
    """One mail as it was decided and as it would be now. `cases` are only those that differ."""

    mail: MailLine
    now: MailState
    marks: tuple[str, ...]
    codes: Codes
    cases: tuple[CaseChange, ...]
    why: Why
    notes: tuple[str, ...]

    @property
    def of_mail(self) -> bool:
        """Whether the mail as a whole comes out otherwise."""
        codes = self.codes
        return self.now is not self.mail.state or codes.was != codes.now or set(self.marks) != set(self.mail.marks)

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.of_mail or self.cases)


def compared(mail: MailLine, again: Replayed, rulebook: str) -> MailChange:
    """What differs for one mail. `rulebook` is the hash of the rules that judged it again."""
    result, notes = again.result, list(again.notes)
    before = {case.case_id: case for case in again.was.cases or ()}
    if again.was.cases is None:
        before = {case_id: _without_rows(case_id, version) for case_id, version in again.versions.items()}
        notes.append(ROWS_PURGED)
    after = {case.case_id: case for case in result.cases}
    rows = again.was.cases is not None
    changes = (_case(case_id, before.get(case_id), after.get(case_id), rows=rows) for case_id in {**before, **after})
    codes = Codes(_codes(finding.code for finding in mail.findings), _codes(f.code for f in result.findings))
    cases = tuple(change for change in changes if change is not None)
    return MailChange(mail, result.state, result.marks, codes, cases, _why(again, rulebook), tuple(notes))


def _why(again: Replayed, rulebook: str) -> Why:
    if not again.frozen:
        return Why.LOOKUPS
    same = all(version.rulebook == rulebook for version in again.versions.values())
    return Why.PROGRAM if same else Why.RULES


def _without_rows(case_id: str, version: VersionLine) -> CaseWas:
    codes = _codes(finding.code for finding in version.findings)
    return CaseWas(case_id, version.version, version.outcome, codes, {})


def _case(case_id: str, was: CaseWas | None, now: CaseResult | None, *, rows: bool) -> CaseChange | None:
    codes = Codes(was.codes if was else frozenset(), _codes(f.code for f in now.findings) if now else frozenset())
    items = {item.number: item for item in now.items} if now else {}
    changed = tuple(_rows(was.items, items)) if rows and was and now else ()
    outcomes = (was.outcome if was else None, now.outcome.word if now else None)
    if outcomes[0] == outcomes[1] and codes.was == codes.now and not changed:
        return None
    version = now.version if now else was.version if was else 1
    return CaseChange(case_id, version, *outcomes, codes, changed)


def _rows(was: Mapping[int, Judged], now: Mapping[int, ItemResult]) -> Iterable[RowChange]:
    for number in sorted({*was, *now}):
        item = now.get(number)
        before, after = was.get(number), judged_of(item) if item else None
        if before != after:
            yield RowChange(number, item.place if item else {}, before, after)


def judged_of(item: ItemResult) -> Judged:
    """An item as history tells it."""
    return Judged(ItemState(item.state), item.status, _codes(finding.code for finding in item.findings))


def _codes(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(codes)
