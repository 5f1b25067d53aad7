"""A rehearsal on stored mails: what comes in as a file is stored, drained and told in one line of the contract."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import policy
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from mailbot import contract
from mailbot.assembly import Parts, SiteFacts, facts_of
from mailbot.cli.lines import case_out, finding_out
from mailbot.cli.veil import Veil, veiled
from mailbot.clock import FixedClock, ShiftedClock
from mailbot.config import load_settings
from mailbot.credentials import SecretPlace, Secrets, make_key
from mailbot.data import rules_dir, templates_dir
from mailbot.domain.decisions import Automation
from mailbot.domain.effects import EffectState
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.mail import Arrival, MailState
from mailbot.domain.ports import NewMail, PortError
from mailbot.engine.runner import drain
from mailbot.ledger.lines import MailLine
from mailbot.ledger.settings import Mode
from mailbot.ledger.tables.case import Role

ROSTER_ADDRESS = "2020gxkm@cqhrsp.com"
PROOF_ADDRESS = "cqgxkm@cqhrsp.com"
AUTHSERV_ID = "mx.cqhrsp.com"
ACCOUNT = "process"
ACTOR = "mailbot process"
KEY = "process.key"
LINES = "process.jsonl"
ROUNDS = 8
"""How often a mail that was put back is tried again at once, its clock moved on: more than any limit of attempts."""
YEARS: Final = range(1971, 2200)
"""Of a mail's own dates: others are made up, and the ends of the calendar have no time in other zones."""


def rehearsal_site(config: Path | None, storage: Path, automation: dict[str, Automation], *, caps: bool) -> SiteFacts:
    """The site a rehearsal plays: the shipped one, or that of a settings file; always on the embedded platform."""
    if config is None:
        return SiteFacts(
            storage=storage,
            rules=rules_dir(),
            templates=templates_dir(),
            own_addresses=frozenset({ROSTER_ADDRESS, PROOF_ADDRESS}),
            authserv_id=AUTHSERV_ID,
            sender=ROSTER_ADDRESS,
            campaign="2020",
            automation=automation,
            caps=caps,
        )
    facts = facts_of(load_settings(config))
    levels = {**facts.automation, **automation}
    facts = replace(facts, storage=storage, automation=levels, caps=caps, signatures=None)
    return replace(facts, platform="ledger", platform_options={})


def rehearsal_secrets(storage: Path) -> Secrets:
    """The key of this state folder, made at its first use. Raises `PortError` for the storage of a running site: its
    ledger was keyed otherwise, and a rehearsal must not touch it."""
    path = storage / KEY
    try:
        storage.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise PortError(f"{storage} cannot be a state folder: {fault.strerror}", retry=False) from fault
    if not path.exists():
        if any(storage.glob("*.sqlite*")):
            raise PortError(f"{storage} is the storage of a site; give a rehearsal a folder of its own", retry=False)
        make_key(path)
    return Secrets(SecretPlace(None, path), {}, {})


_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}


class Kept(BaseModel):
    """A line as it is kept in the state folder, whole."""

    mail_id: int
    line: contract.Line


@dataclass
class Rehearsal:
    """Takes files one by one. A file that an earlier run took, under its name and with its bytes, is only told again; a
    second file like it in the same run is a mail of its own, and a copy."""

    parts: Parts
    clock: FixedClock | ShiftedClock
    at: datetime | None
    reveal: bool
    _told: dict[str, list[contract.Line]] = field(default_factory=dict)
    _turns: Counter[str] = field(default_factory=Counter)
    _by_mail: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        switches = self.parts.ledger.switches
        if switches.mode() is not Mode.LIVE:
            switches.set_mode(Mode.LIVE, ACTOR, self.clock.now())
        self.parts.ledger.steps.recover(self.clock.now())
        self.parts.redate(self.parts.rulebook)
        for kept in self._records():
            self._remember(kept)

    def take(self, file: Path) -> str:
        """One file's line as JSON."""
        raw = file.read_bytes()
        sha256 = hashlib.sha256(raw).hexdigest()
        key = _key(file.name, sha256)
        before = self._told.get(key, [])
        turn = self._turns[key]
        self._turns[key] += 1
        if turn >= len(before):
            line = self._run(file, raw, sha256, turn)
        else:
            line = before[turn].model_copy(update={"repeat": True, "file": str(file)})
        return one_line(veiled(line, Veil(reveal=self.reveal)).model_dump_json(by_alias=True))

    def _run(self, file: Path, raw: bytes, sha256: str, turn: int) -> contract.Line:
        mail_id = self._stored(raw, f"{file.name}:{turn}" if turn else file.name)
        queries = self.parts.ledger.queries
        for _ in range(ROUNDS):
            drain(self.parts.worker)
            if queries.mail(mail_id).state not in (MailState.STORED, MailState.WORKING):
                break
            self.clock.set(self.clock.now() + timedelta(minutes=2))
        line = self._line(file, sha256, queries.mail(mail_id))
        self._keep(mail_id, line)
        return line

    def _stored(self, raw: bytes, name: str) -> int:
        """Commit 1. A run that broke off before its line was kept finds its mail again instead of taking a second
        one."""
        mailbox = hashlib.sha256(name.encode()).hexdigest()[:16]
        known = self.parts.ledger.mails.known_uids(ACCOUNT, mailbox, 1)
        uid = int(hashlib.sha256(raw).hexdigest()[:7], 16) + 1
        received = self.at or _received_at(raw) or self.clock.now()
        arrival = Arrival(ACCOUNT, mailbox, 1, uid, received)
        if uid in known:
            same = self.parts.ledger.queries.mails_with(hashlib.sha256(raw).hexdigest())
            return next(mail.id for mail in same if mail.mailbox == mailbox)
        [mail_id] = self.parts.ledger.mails.store([NewMail(arrival, self._address(raw), raw)], None)
        return mail_id

    def _address(self, raw: bytes) -> str:
        """Which of our mailboxes a stored mail came to, as far as its header says."""
        head = raw.partition(b"\n\r\n")[0].partition(b"\n\n")[0].lower()
        own = sorted(self.parts.site.own_addresses)
        return next((address for address in own if address.encode() in head), self.parts.site.sender)

    def _line(self, file: Path, sha256: str, mail: MailLine) -> contract.Line:
        zone, ledger = self.parts.zone, self.parts.ledger
        cases = []
        for case_id in _own_cases(mail):
            stored = ledger.cases.load_case(case_id)
            before = [self._by_mail[m] for m in stored.mail_ids if m < mail.id and m in self._by_mail]
            cases.append(case_out(stored, before, zone))
        findings = [*mail.findings, *_engine_findings(mail)]
        unread: dict[str, object] = {
            "subject": mail.subject or "",
            "from": mail.sender or "",
            "to": [],
            "message_id": None,
            "text": "",
        }
        unread["attachments"] = []
        return contract.Line.model_validate(
            {
                "file": str(file),
                "sha256": sha256,
                "received_at": mail.received_at.astimezone(zone).isoformat(),
                "repeat": False,
                "mail": dict(mail.summary or unread),
                "marks": list(mail.marks),
                "state": _end(mail.state),
                "duplicate_of": None if mail.duplicate_of is None else self._by_mail.get(mail.duplicate_of),
                "findings": [finding_out(finding) for finding in findings],
                "cases": cases,
                "replies": self._replies(mail.id),
            }
        )

    def _replies(self, mail_id: int) -> list[contract.ReplyOut]:
        sent = (
            letter for letter in self.parts.ledger.queries.letters_of_mail(mail_id) if letter.state is EffectState.DONE
        )
        return [
            contract.ReplyOut(
                to=[letter.to], subject=letter.subject or "", template=letter.template or "", file=letter.detail
            )
            for letter in sent
        ]

    def _records(self) -> list[Kept]:
        """The lines kept so far. A last one that was cut off by a crash is no line and goes: its mail is told again."""
        path = self.parts.site.storage / LINES
        if not path.exists():
            return []
        raw = path.read_bytes()
        whole, _, torn = raw.rpartition(b"\n")
        if torn:
            os.truncate(path, len(raw) - len(torn))
        return [Kept.model_validate_json(text) for text in whole.split(b"\n") if text]

    def _keep(self, mail_id: int, line: contract.Line) -> None:
        """Keep the line as it stood when its mail was finished: later mails may change the case, not this."""
        kept = Kept(mail_id=mail_id, line=line.model_copy(update={"file": Path(line.file).name}))
        path = self.parts.site.storage / LINES
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(one_line(kept.model_dump_json(by_alias=True)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._remember(kept)

    def _remember(self, kept: Kept) -> None:
        self._told.setdefault(_key(kept.line.file, kept.line.sha256), []).append(kept.line)
        self._by_mail[kept.mail_id] = kept.line.file


def one_line(text: str) -> str:
    """JSON text with every character escaped that some reader takes for the end of a line (Unicode, UAX 14)."""
    return text.translate(_LINE_ENDS)


def _key(name: str, sha256: str) -> str:
    return f"{sha256}:{name}"


def _own_cases(mail: MailLine) -> list[str]:
    """The cases a line tells of: those the mail opened; where it opened none, those it joins. A copy tells of none."""
    opened = [case_id for case_id, role in mail.cases if role == Role.OPENS]
    return opened or [case_id for case_id, role in mail.cases if role == Role.FOLLOWS]


def _end(state: MailState) -> MailState:
    """A mail that every attempt left unfinished is one for a person, as the ledger will say at its next turn."""
    return MailState.SET_ASIDE if state in (MailState.STORED, MailState.WORKING) else state


def _engine_findings(mail: MailLine) -> list[Finding]:
    """Why the engine set a mail aside that never reached the rules."""
    if mail.state is not MailState.SET_ASIDE or mail.findings or not mail.last_error:
        return []
    return [Finding("mail.unreadable", Severity.HOLD, f"邮件无法处理，原件已保存，转人工审核：{mail.last_error}")]


def _received_at(raw: bytes) -> datetime | None:
    """The date of the topmost Received line that can be read (RFC 5321, 4.4), `None` without one."""
    head = BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True)
    for value in head.get_all("Received", []):
        try:
            read = parsedate_to_datetime(str(value).rpartition(";")[2].strip())
        except (ValueError, OverflowError):  # a zone that no integer holds overflows
            continue
        if read.tzinfo is not None and read.year in YEARS:
            return read
    return None
