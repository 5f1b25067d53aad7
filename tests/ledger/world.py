"""A small world for the ledger's tests: a keyed hasher, invented people, and short ways to mails, cases and results."""

from __future__ import annotations

import hashlib
import hmac
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import event

from mailbot.domain.decisions import Outcome, RowStatus
from mailbot.domain.effects import EffectState, LetterKind, Person, PlannedEffect, PlannedLetter, Verb
from mailbot.domain.letters import Composed
from mailbot.domain.mail import Arrival, MailState, StoredMail
from mailbot.domain.outcome import CaseResult, Claim, ItemResult, MailResult
from mailbot.domain.ports import EffectEnd, NewMail, SendResult, SendState
from mailbot.domain.states import ItemState
from mailbot.ledger.ledger import FILE, Ledger, open_ledger
from mailbot.ledger.settings import Mode
from mailbot.ledger.terms import Terms

NOW = datetime(2020, 7, 15, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
DUE = NOW + timedelta(days=2)
S = ItemState


class KeyedHasher:
    """HMAC-SHA-256 under a fixed key, as the port says."""

    def search(self, text: str) -> str:
        return hmac.new(b"search", text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def token(self, text: str) -> str:
        return hmac.new(b"token", text.encode(), hashlib.sha256).hexdigest()[:20]


HASHER = KeyedHasher()
TERMS = Terms(hasher=HASHER, zone=ZONE, domain="example.org")


def opened(folder: Path, mode: Mode | None = Mode.LIVE, terms: Terms = TERMS) -> Ledger:
    """A ledger in a folder, switched to a mode by a person."""
    ledger = open_ledger(folder, terms)
    if mode is not None and ledger.switches.mode() is not mode:
        ledger.switches.set_mode(mode, "张工", NOW)
    return ledger


@cache
def _empty() -> bytes:
    """A migrated, empty ledger in live mode: migrating anew for every test takes longer than the test."""
    with TemporaryDirectory() as folder:
        opened(Path(folder)).close()
        return (Path(folder) / FILE).read_bytes()


def fresh(folder: Path, terms: Terms = TERMS) -> Ledger:
    """A new ledger in live mode in a folder, migrated before."""
    (folder / FILE).touch(mode=0o600)
    (folder / FILE).write_bytes(_empty())
    return opened(folder, terms=terms)


def person(n: int) -> Person:
    """An invented person; the number makes the values differ."""
    return Person(f"测试{n}", f"50010119900101{n:04d}", f"139{n:08d}")


def raw(uid: int, sender: str = "hr@unit.example") -> bytes:
    """A small mail."""
    return f"From: 人事 <{sender}>\r\nSubject: roster {uid}\r\n\r\nbody {uid}\r\n".encode()


def new_mail(uid: int, sender: str = "hr@unit.example", account: str = "roster") -> NewMail:
    """A mail as fetched."""
    arrival = Arrival(account, "INBOX", 7, uid, NOW + uid * timedelta(seconds=1))
    return NewMail(arrival, "2020gxkm@example.org", raw(uid, sender))


def claimed(ledger: Ledger, uid: int = 1, sender: str = "hr@unit.example") -> StoredMail:
    """A mail that was stored and claimed."""
    ledger.mails.store([new_mail(uid, sender)], None)
    mail = ledger.steps.claim_mail(NOW + timedelta(days=1))
    assert mail is not None
    return mail


def item(number: int, state: ItemState = S.APPROVED, who: int | None = None) -> ItemResult:
    """One row of a roster as decided."""
    about = person(number if who is None else who)
    held = {S.HELD: RowStatus.HOLD, S.AWAITING_SENDER: RowStatus.ASK}
    return ItemResult(
        number=number,
        kind="row" if number else "case",
        identity=HASHER.search(about.id_number) if number else None,
        place={"row": number + 5, "serial": str(number), "sheet": "Sheet1", "panel": 1} if number else {},
        values={"name": about.name, "id_number": about.id_number, "phone": about.phone} if number else {},
        status=held.get(state, RowStatus.OK),
        state=state,
        decided_by="auto" if state is S.APPROVED else None,
        due_at=DUE if state in (S.HELD, S.APPROVED, S.RECEIVED) else None,
    )


def key_of(who: int) -> str:
    """The key of the effect that opens an account for a person."""
    return f"open_account:{HASHER.search(person(who).id_number)[:16]}"


def effect(number: int, who: int | None = None) -> PlannedEffect:
    """The account of a row's person."""
    who = number if who is None else who
    return PlannedEffect(key_of(who), Verb.OPEN_ACCOUNT, person(who), (number,))


def case(
    case_id: str = "2020-000001",
    states: Sequence[ItemState] = (S.APPROVED,),
    *,
    people: Sequence[int] | None = None,
    claim: bool = True,
) -> CaseResult:
    """A roster case: one row a state, effects and claims for the approved ones. `people` name who the rows are about."""
    who = list(people) if people is not None else list(range(1, len(states) + 1))
    rows = tuple(item(n, state, who[n - 1]) for n, state in enumerate(states, start=1))
    going = [row.number for row in rows if row.state is S.APPROVED]
    return CaseResult(
        case_id=case_id,
        kind="roster",
        version=1,
        seen=None,
        outcome=Outcome.ACCEPT,
        source={"attachment": "名单.xlsx", "member": None, "sheet": "Sheet1", "block": 1},
        header={"unit": "某某公司", "order_no": "D20200701"},
        items=rows,
        findings=(),
        effects=tuple(effect(n, who[n - 1]) for n in going),
        claims=tuple(Claim(f"account:{who[n - 1]}", n) for n in going) if claim else (),
        due_at=DUE,
        provisional=False,
        rulebook="rules-1",
        context={"now": NOW.isoformat()},
        fingerprint=f"print-{case_id}",
    )


def letter(mail: StoredMail, cases: Sequence[CaseResult], kind: LetterKind = LetterKind.RESULT) -> PlannedLetter:
    """The letter that answers a mail, behind the effects of its cases."""
    follows = tuple(dict.fromkeys(e.key for c in cases for e in c.effects))
    key = f"mail:{mail.id}:1"
    return PlannedLetter(key, "hr@unit.example", kind, tuple(c.case_id for c in cases), follows, mail.id, trusted=True)


def result(mail: StoredMail, *cases: CaseResult, kind: LetterKind | None = LetterKind.RESULT) -> MailResult:
    """A finished mail with its cases and one letter."""
    return MailResult(
        mail_id=mail.id,
        state=MailState.DONE,
        at=NOW,
        message_id=f"<m{mail.id}@unit.example>",
        sender="hr@unit.example",
        subject=f"报名 {mail.id}",
        summary={"subject": f"报名 {mail.id}"},
        cases=cases,
        letters=(letter(mail, cases, kind),) if kind else (),
        content=f"content-{mail.id}",
    )


def finished(
    ledger: Ledger, *cases: CaseResult, uid: int = 1, kind: LetterKind | None = LetterKind.RESULT
) -> StoredMail:
    """A mail stored, claimed and finished with these cases."""
    mail = claimed(ledger, uid)
    ledger.cases.finish(mail, result(mail, *cases, kind=kind))
    return mail


def deliver(ledger: Ledger, state: EffectState = EffectState.DONE, now: datetime = NOW, limit: int = 500) -> int:
    """Claim due effects and end them all alike; how many."""
    jobs = ledger.steps.claim_effects(limit, now)
    if jobs:
        ledger.steps.conclude([EffectEnd(job.key, state, "said so") for job in jobs], now)
    return len(jobs)


def composed(text: str = "您好") -> Composed:
    """A rendered letter."""
    return Composed("roster/accept", "回复：报名", f"Subject: x\r\n\r\n{text}\r\n".encode())


def send(ledger: Ledger, now: datetime = NOW, state: SendState = SendState.SENT) -> str | None:
    """Render (once) and send the next due letter; its key."""
    job = ledger.steps.due_letter(now)
    if job is None:
        return None
    if job.raw is None:
        ledger.steps.store_letter(job.key, composed(job.key), now)
    assert ledger.steps.start_sending(job.key, now)
    ledger.steps.conclude_letter(job.key, SendResult(state, "250 ok"), now)
    return job.key


def with_seen(result_: CaseResult, seen: int) -> CaseResult:
    """The same case, computed from a row version."""
    return replace(result_, seen=seen)


@contextmanager
def watched(ledger: Ledger) -> Iterator[list[str]]:
    """Every statement that runs inside, as SQLite itself saw it, with its values written out."""
    seen: list[str] = []

    def note(statement: str) -> None:
        if re.match(r"\s*(SELECT|UPDATE|DELETE|INSERT)", statement):
            seen.append(statement)

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(note)

    def leave(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(None)

    event.listen(ledger.db.engine, "checkout", watch)
    event.listen(ledger.db.engine, "checkin", leave)
    yield seen
    event.remove(ledger.db.engine, "checkout", watch)
    event.remove(ledger.db.engine, "checkin", leave)
