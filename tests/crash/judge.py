"""The judge: what the world's records and the ledger's file show after a trial, held against a life without a kill.

Every check yields its faults in plain words; none at all is the verdict *clean*.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.credentials import SecretPlace, Secrets
from mailbot.ledger.audit import Audit
from mailbot.ledger.blobs import Blobs
from mailbot.ledger.db import Database, open_engine
from mailbot.ledger.terms import Terms
from tests.crash.scenario import MAILS, STAFF
from tests.crash.trial import Trial
from tests.crash.world import Account, Death, Happening, Letter
from tools.site import KEY

Purpose = tuple[str, str]
Check = Callable[[Trial, "Reference"], Iterator[str]]
ATTEMPTS: Final = 3
NOTICE: Final = (STAFF, "")
_REGISTERED: Final = re.compile(r"已注册(?:账号：)?(\d+)人")
_DECISIONS: Final = {
    "mails": "account, uid, state, duplicate_of, findings, marks, sender, message_id, content, thread",
    "cases": "id, kind, version, outcome, state, header, findings, due_at, rulebook, results",
    "items": "case_id, number, identity, place, status, state, findings, decided_by, due_at",
    "effects": "key, verb, state",
    "effect_items": "effect_key, case_id, number",
    "claims": "key, case_id, number",
    "case_mails": "case_id, mail_id, role",
    "letters": "key, kind, recipient, template, subject",
    "cursors": "account, uidvalidity - uidvalidity, high_water",
}
"""What every life must come to alike, deadlines included. The clock's own traces and the server's numbers are not in
it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The world and the ledger after a life without a kill."""

    accounts: Mapping[Account, int]
    texts: Mapping[Purpose, tuple[str, ...]]
    decisions: Mapping[str, Sequence[tuple[object, ...]]]


def reference(trial: Trial) -> Reference:
    """What a finished trial came to."""
    return Reference(Counter(trial.world.accounts), texts(trial), decisions(trial))


def texts(trial: Trial) -> dict[Purpose, tuple[str, ...]]:
    """What was said by letter, in order, by purpose."""
    found: dict[Purpose, tuple[str, ...]] = {}
    for letter in firsts(trial.world.letters):
        found[letter.purpose] = (*found.get(letter.purpose, ()), letter.text)
    return found


def decisions(trial: Trial) -> dict[str, Sequence[tuple[object, ...]]]:
    """What was decided, by table."""
    return {
        table: sorted(trial.ask(f"SELECT {columns} FROM {table}"), key=repr)  # noqa: S608 - own words
        for table, columns in _DECISIONS.items()
    }


def firsts(letters: Sequence[Letter]) -> list[Letter]:
    """The letters without their copies."""
    found: dict[str, Letter] = {}
    for letter in letters:
        found.setdefault(letter.message_id, letter)
    return list(found.values())


def judge(trial: Trial, wanted: Reference, checks: Sequence[Check]) -> list[str]:
    """All faults of a trial that came to rest."""
    if trial.lives[-1] != 0:
        return [f"the daemon never came to rest: it ended with {trial.lives}"]
    return [fault for check in checks for fault in check(trial, wanted)]


def still(trial: Trial) -> list[str]:
    """Faults of one more start of a daemon that has nothing to do: whatever it changes in world or ledger."""
    log, tables = list(trial.world.log), trial.tables()
    if trial.life() != 0:
        return [f"one more start ended with {trial.lives[-1]}"]
    faults = [f"one more start: {what}" for what in trial.world.log[len(log) :]]
    now = trial.tables()
    return faults + [f"one more start changed {name}" for name in now if now[name] != tables.get(name)]


def nothing_lost(trial: Trial, wanted: Reference) -> Iterator[str]:
    """Every mail on the server has exactly one row, and its bytes lie in the blobs, exactly."""
    rows = [(str(account), int(str(uid)), digest) for account, uid, digest in trial.ask(_MAILS)]
    counts = Counter((account, uid) for account, uid, _ in rows)
    given = trial.world.stored()
    yield from (f"mail {key} is lost" for key in given if not counts[key])
    yield from (f"mail {key} has {number} rows" for key, number in counts.items() if number > 1 or key not in given)
    if len(given) != len(MAILS):
        yield f"{len(given)} mails on the server, not {len(MAILS)}"
    blobs = trial.folder / "storage" / "blobs"
    for account, uid, digest in rows:
        raw, path = given.get((account, uid)), blobs / str(digest)[:2] / str(digest)
        if not path.is_file() or path.read_bytes() != raw or hashlib.sha256(raw).hexdigest() != digest:
            yield f"the bytes of mail {(account, uid)} are not those on the server"
    yield from (f"a torn file is left: {path.name}" for path in blobs.rglob(".part-*"))


def each_account_once(trial: Trial, wanted: Reference) -> Iterator[str]:
    """Every account that is due exists, none was opened twice, none besides."""
    found = Counter(trial.world.accounts)
    for account in found.keys() | wanted.accounts.keys():
        if found[account] != wanted.accounts.get(account, 0):
            yield f"account …{account.id_number[-4:]} was opened {found[account]} times"


def each_letter_once(trial: Trial, wanted: Reference) -> Iterator[str]:
    """Every letter that is due was sent or is with staff, none twice under two names, none besides."""
    found = Counter(letter.purpose for letter in firsts(trial.world.letters))
    unsent = Counter(purpose for purpose, name in with_staff(trial).items() if name not in _names(trial))
    for purpose in found.keys() | wanted.texts.keys():
        due = len(wanted.texts.get(purpose, ()))
        if found[purpose] + unsent[purpose] != due:
            yield f"{found[purpose]} letters, not {due}, for {purpose}"


def same_words(trial: Trial, wanted: Reference) -> Iterator[str]:
    """A letter is word for word that of an undisturbed life, unless it tells how things stand when it is written."""
    found = texts(trial)
    for purpose in found.keys() & wanted.texts.keys() - OF_THE_MOMENT:
        others = (text for text in found[purpose] if text not in wanted.texts[purpose])
        yield from (f"another letter for {purpose}: {text}" for text in others)


OF_THE_MOMENT: Final = {mail.purpose for mail in MAILS if any(answer.registered is None for answer in mail.answers)}
"""Letters that tell how things stand when they are written."""


def with_staff(trial: Trial) -> dict[Purpose, str]:
    """The Message-IDs of letters that staff must look after, by purpose: only one that was cut short twice in the midst
    of sending may be, for nobody knows whether it arrived and a third attempt is not the machine's to make."""
    if sum(isinstance(what, Death) and what.sending for what in trial.world.log) < 2:
        return {}
    return {(str(to), str(mail or "")): str(name) for to, mail, name in trial.ask(_WITH_STAFF)}


_WITH_STAFF: Final = """
SELECT letters.recipient, mails.message_id, letters.message_id FROM letters
LEFT JOIN mails ON mails.id = letters.mail_id WHERE letters.state = 'uncertain' AND letters.unknowns = 2
"""


def _names(trial: Trial) -> set[str]:
    return {letter.message_id for letter in trial.world.letters}


def copies_are_excused(trial: Trial, wanted: Reference) -> Iterator[str]:
    """A second copy has the bytes of the first, and goes only where the first was the last that the server took before
    a death in the midst of sending."""
    yield from unexcused(trial.world.log)


def unexcused(log: Sequence[Happening]) -> Iterator[str]:
    """The copies in a log that nothing excuses."""
    last: dict[str, int] = {}
    for place, what in enumerate(log):
        if not isinstance(what, Letter):
            continue
        before = last.get(what.message_id)
        last[what.message_id] = place
        if before is None:
            continue
        between = [other for other in log[before + 1 : place] if isinstance(other, Letter | Death)]
        if not between or not isinstance(between[0], Death) or not between[0].sending:
            yield f"a copy without excuse for {what.purpose}"
        if log[before] != what:
            yield f"a copy with other bytes for {what.purpose}"


def unknown_only_behind_the_dot(trial: Trial, wanted: Reference) -> Iterator[str]:
    """A letter's end is unknown only where a life ended behind its final dot; one cut short earlier is just sent."""
    [(unknown,)] = trial.ask("SELECT coalesce(sum(unknowns), 0) FROM letters")
    deaths = sum(isinstance(what, Death) and what.sending for what in trial.world.log)
    if int(str(unknown)) > deaths:
        yield f"{unknown} ends of letters are unknown, though only {deaths} lives ended behind a final dot"


def no_early_claims(trial: Trial, wanted: Reference) -> Iterator[str]:
    """No letter calls more people registered than had an account when the server took it."""
    yield from early_claims(trial.world.log)


def early_claims(log: Sequence[Happening]) -> Iterator[str]:
    """The letters in a log that tell of accounts that were not there yet."""
    told_of: dict[Purpose, set[str]] = defaultdict(set)
    for mail in MAILS:
        told_of[mail.purpose] |= {one.id_number for answer in mail.answers for one in answer.of}
    there: set[str] = set()
    for what in log:
        if isinstance(what, Account):
            there.add(what.id_number)
        elif isinstance(what, Letter):
            claims = sum(int(number) for number in _REGISTERED.findall(what.text))
            if claims > len(there & told_of[what.purpose]):
                yield f"a letter claims {claims} accounts too early, for {what.purpose}"


def nothing_open(trial: Trial, wanted: Reference) -> Iterator[str]:
    """Every mail, effect and letter has come to its end, none after more attempts than allowed."""
    for table, ends in _ENDS.items():
        found = {str(state): int(str(count)) for state, count in trial.ask(_STATES.format(table))}
        if table == "letters":
            found["uncertain"] = found.get("uncertain", 0) - len(with_staff(trial))
        yield from (f"{count} of {table} are {state}" for state, count in found.items() if count and state not in ends)
    for number, attempts in trial.ask("SELECT id, attempts FROM mails"):
        if not 1 <= int(str(attempts)) <= ATTEMPTS:
            yield f"mail {number} was tried {attempts} times"


_STATES: Final = "SELECT state, count(*) FROM {} GROUP BY state"
_MAILS: Final = "SELECT account, uid, sha256 FROM mails"
_ENDS: Final = {"mails": ("done", "ignored", "set_aside"), "effects": ("done",), "letters": ("done",)}


def decided_alike(trial: Trial, wanted: Reference) -> Iterator[str]:
    """Decisions, states and deadlines are those of an undisturbed life."""
    for table, rows in decisions(trial).items():
        due = wanted.decisions[table]
        yield from (f"{table} without {row}" for row in due if row not in rows)
        yield from (f"{table} with {row}" for row in rows if row not in due)


def whole_file(trial: Trial, wanted: Reference) -> Iterator[str]:
    """The database is whole and its chain of events unbroken."""
    with closing(sqlite3.connect(trial.database)) as base:
        for check, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            found = base.execute(f"PRAGMA {check}").fetchall()
            if found != good:
                yield f"{check}: {found}"
    engine = open_engine(trial.database)
    try:
        secrets = Secrets(SecretPlace(None, trial.folder / KEY), {}, {})
        terms = Terms(secrets, ZoneInfo("Asia/Shanghai"), "cqhrsp.com", undo=timedelta(0))
        report = Audit(Database(engine, Blobs(trial.folder / "storage" / "blobs"), terms)).verify()
    finally:
        engine.dispose()
    if not report.intact or not report.events:
        yield f"the chain of {report.events} events: {report.why}"


WHATEVER_THE_ORDER: Final[tuple[Check, ...]] = (
    each_account_once,
    each_letter_once,
    copies_are_excused,
    unknown_only_behind_the_dot,
    no_early_claims,
    nothing_lost,
    nothing_open,
    whole_file,
)
OF_ONE_ORDER: Final[tuple[Check, ...]] = (same_words, decided_alike)
"""What holds only where mails are decided before effects are delivered, as one drain does it."""
