"""The laws that a spoilt mail's way through the house must keep; every breach as one sentence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Final

from mailbot import contract
from mailbot.domain.mail import MailState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.lines import MailLine
from tools.fuzz.plan import Round
from tools.fuzz.pool import Triple

ENDS: Final = (MailState.DONE, MailState.IGNORED, MailState.SET_ASIDE)
OPENED: Final = "open_account"
DONE: Final = "done"
_VOUCHED: Final = re.compile(rb"(?im)^authentication-results[ \t]*:")
_WHOLE: Final = re.compile(r"(?<![0-9A-Za-z])(?:[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9})(?![0-9A-Za-z])")
_STORAGE: Final = re.compile(
    r"mailbot\.(?:sqlite3?|db)(?:-wal|-shm|-journal)?|mailbot\.lock|process\.(?:key|jsonl)|[a-z_]+\.(?:json|sqlite3?)"
    r"(?:-wal|-shm)?|blobs/[0-9a-f]{2}/[0-9a-f]{64}"
)


@dataclass(frozen=True, slots=True)
class Done:
    """One round behind us. `opened` are the accounts that it opened."""

    round: Round
    line: contract.Line
    mail: MailLine
    seconds: float
    opened: tuple[contract.EffectOut, ...]


@dataclass
class Registry:
    """Who may have an account in one storage: units write several of the mails, so a mail may carry on an earlier one's
    case. `opened` are the keys of the accounts so far."""

    people: set[Triple] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)

    def enter(self, one: Round, line: contract.Line) -> tuple[contract.EffectOut, ...]:
        """Take a round in; the accounts that are new with it."""
        self.people |= one.people
        done = (effect for case in line.cases for effect in case.effects if effect.verb == OPENED)
        new = {effect.key: effect for effect in done if effect.state == DONE and effect.key not in self.opened}
        self.opened |= set(new)
        return tuple(new.values())


def wrong_round(done: Done, ledger: Ledger, out: Path, limit: float) -> list[str]:
    """What is wrong with one mail's end, its bytes, its letters, its time."""
    return [*_wrong_end(done, limit), *_wrong_bytes(done, ledger), *_wrong_letters(done, out)]


def _wrong_end(done: Done, limit: float) -> Iterator[str]:
    if done.mail.state not in ENDS:
        yield f"does not end: {done.mail.state}"
    if done.mail.last_error:
        yield f"broke: {done.mail.last_error}"
    if done.seconds > limit:
        yield f"took {done.seconds:.1f} s"


def _wrong_bytes(done: Done, ledger: Ledger) -> Iterator[str]:
    digest = hashlib.sha256(done.round.raw).hexdigest()
    if done.line.sha256 != digest or ledger.cases.raw(digest) != done.round.raw:
        yield "the raw bytes are not kept"


def wrong_people(done: Done, registry: Registry) -> Iterator[str]:
    """Nobody gets an account who does not stand in the good mails with these three values, and nobody at all for a
    sender whom no server vouches for. Where a change was silent, only the ID number can speak against them, for it
    alone checks itself."""
    numbers = {number for _name, number, _phone in registry.people}
    for effect in done.opened:
        if not (_known(effect, registry) or (done.round.silent and effect.person.id_number in numbers)):
            yield f"AN ACCOUNT FOR A WRONG PERSON in row {effect.row}: {effect.person}"
    if done.opened and not _VOUCHED.search(done.round.raw.replace(b"\r", b"\n")):
        yield f"{len(done.opened)} accounts, and nobody vouches for the sender"


def drifted(done: Done, registry: Registry) -> list[str]:
    """Accounts that a silent change made another's in name or phone: no clerk could see it, but they are told."""
    return [f"row {effect.row}: {effect.person}" for effect in done.opened if not _known(effect, registry)]


def _known(effect: contract.EffectOut, registry: Registry) -> bool:
    person = effect.person
    return (person.name, person.id_number, person.phone) in registry.people


def _wrong_letters(done: Done, out: Path) -> Iterator[str]:
    if len(done.line.replies) > 1:
        yield f"{len(done.line.replies)} letters"
    for reply in done.line.replies:
        message = BytesParser(policy=policy.default).parsebytes((out / str(reply.file)).read_bytes())
        if len(reply.to) != 1 or message.get_all("To") != reply.to or message["Cc"] or message["Bcc"]:
            yield f"a letter to {message.get_all('To')}"
        if any(_WHOLE.search(text) for text in _texts(message)):
            yield "a letter shows a whole number"


def _texts(message: EmailMessage) -> Iterator[str]:
    yield str(message["Subject"])
    yield from (part.get_content() for part in message.walk() if part.get_content_maintype() == "text")


def wrong_files(storage: Path, elsewhere: Path) -> Iterator[str]:
    """What lies in the storage and belongs to nobody, and what lies where nothing may."""
    for path in sorted(path for path in storage.rglob("*") if not path.is_dir()):
        name = path.relative_to(storage).as_posix()
        if not _STORAGE.fullmatch(name):
            yield f"a stray file in the storage: {name}"
        elif name.startswith("blobs/") and hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            yield f"a blob that is not what its name says: {name}"
    yield from (f"a stray file: {path}" for path in sorted(elsewhere.rglob("*")))
