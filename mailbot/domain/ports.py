"""The protocols that the adapters meet, and the plain values that pass through them.

An error that crosses a port carries one bit that matters: `retry`, whether trying again can help.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from mailbot.domain.bounces import Traced
from mailbot.domain.document import Opened
from mailbot.domain.effects import EffectState, Person, Verb
from mailbot.domain.letters import Composed, LetterView
from mailbot.domain.mail import Arrival, Notice, StoredMail
from mailbot.domain.outcome import Lookups, MailResult, StoredCase, Wanted
from mailbot.domain.signed import Signed


class PortError(Exception):
    """A fault of an adapter. `retry`: whether a later attempt can succeed. The message is fit for the operator."""

    def __init__(self, message: str, *, retry: bool) -> None:
        super().__init__(message)
        self.retry = retry


class Clock(Protocol):
    """The time, read in one place and passed in. Always aware."""

    def now(self) -> datetime: ...


class Hasher(Protocol):
    """Keyed hashes (HMAC-SHA-256, hex) for look-ups of personal values, and signed tokens for Message-IDs."""

    def search(self, text: str) -> str: ...
    def token(self, text: str) -> str: ...


class Opener(Protocol):
    """Opens one mail in a killable child. Raises `PortError` when not even its readable side could be had."""

    def open(self, raw: bytes) -> Opened: ...


class Sight(Protocol):
    """Reads the pictures of an opened mail in processes of its own; what was read of the same bytes before is not read
    again."""

    def look(self, raw: bytes, opened: Opened) -> Opened:
        """The mail with `scans` for each of its `pictures`, in their order; a picture that cannot be read is a scan
        with a fault. Raises `PortError` (retry) where no reader can be had: the mail waits, nothing of it is done."""
        ...


class Signatures(Protocol):
    """Checks what a mail's signatures (DKIM, RFC 6376) say of a domain, within a deadline. Never raises: what could not
    be found out is `Signed.UNKNOWN`."""

    def check(self, raw: bytes, domain: str) -> Signed: ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a mailbox is stored: every UID up to `high_water` under `uidvalidity` is stored or recorded as poison.

    Or it was left where it is: up to `stock`, the highest UID at the first look, what arrived before `since` is.
    """

    uidvalidity: int
    high_water: int
    stock: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail as fetched: its arrival, the address of the mailbox, its exact bytes."""

    arrival: Arrival
    address: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a stored mail without its bytes."""

    uid: int
    sha256: str
    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class FetchTry:
    """A mail that the server lists and did not give so far: how heavily its failures weigh, when it is asked for next,
    and what the server said."""

    uid: int
    weight: int
    next_at: datetime
    detail: str


class MailStore(Protocol):
    """Commit 1: the intake's side of the ledger."""

    def cursor(self, account: str, mailbox: str) -> Cursor | None: ...
    def move(self, account: str, mailbox: str, cursor: Cursor) -> None:
        """Move the cursor alone: over mails that are left where they are."""
        ...

    def known_uids(self, account: str, mailbox: str, uidvalidity: int) -> set[int]: ...
    def newest(self, account: str, mailbox: str, uidvalidity: int, count: int) -> list[Kept]:
        """The stored mails of the highest UIDs, the highest first; without those whose bytes were never given."""
        ...

    def raw(self, sha256: str) -> bytes:
        """The bytes of a stored mail. Raises `PortError`."""
        ...

    def tries(self, account: str, mailbox: str, uidvalidity: int) -> list[FetchTry]: ...
    def keep_tries(self, account: str, mailbox: str, uidvalidity: int, tries: Sequence[FetchTry]) -> None:
        """These and no others are under way in the mailbox."""
        ...

    def store(self, mails: Sequence[NewMail], cursor: Cursor | None) -> list[int]:
        """Blobs fsynced, then rows and cursor in one transaction; the ids of the rows. A known UID is skipped."""
        ...

    def store_poison(self, arrival: Arrival, address: str, size: int, detail: str, cursor: Cursor | None) -> None:
        """A mail that the server does not give: a row that is set aside for a person."""
        ...


class FlowLedger(Protocol):
    """What the flow asks of the ledger."""

    def raw(self, sha256: str) -> bytes: ...
    def bound_domains(self) -> frozenset[str]:
        """The domains that a person bound to a unit: whoever imitates one is looked at twice."""
        ...

    def lookups(self, wanted: Wanted) -> Lookups: ...
    def load_case(self, case_id: str) -> StoredCase:
        """A case as it stands, with its row version. Raises `LookupError` for one that does not exist."""
        ...

    def left_open(self, reply_ids: Sequence[str], sender: str) -> str | None:
        """The digest of the sender's mail about whose list a letter asks whether it corrects or adds: by the Message-ID
        of that letter or mail, else the only one there is; `None` where none or several may be meant."""
        ...

    def trace(self, notice: Notice, at: datetime) -> Traced:
        """The letter of ours that a delivery notice which came then speaks of."""
        ...

    def finish(self, mail: StoredMail, result: MailResult) -> None:
        """Commit 2. Raises `ClaimTaken` (nothing written) and `StaleCase` (nothing written)."""
        ...


class RowResult(StrEnum):
    """One row's answer of a platform."""

    DONE = "done"
    ALREADY = "already"
    PENDING = "pending"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    RETRY = "retry"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Wish:
    """One wanted end state: the account (or grant) of this person. `key` is the effect's key."""

    key: str
    person: Person
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The platform's answer to one wish. `detail` is the evidence: what it said, the batch it stands in."""

    key: str
    result: RowResult
    detail: str = ""


class Presence(StrEnum):
    """Whether a platform knows a person. Only an authoritative one may say `absent`."""

    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Registration:
    """What the platform knows of one person, with the values registered there (`None`: not told).

    `bought` are the years whose code the person bought, `assigned` those for which the unit assigned one, `completed`
    those that are studied; an empty tuple says none. The days are those of the lists that told it: of the account, of
    the codes, of the completed years; `None` for what the platform itself answered.
    """

    presence: Presence
    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    user_name: str | None = None
    bought: tuple[int, ...] | None = None
    assigned: tuple[int, ...] | None = None
    completed: tuple[int, ...] | None = None
    as_of: date | None = None
    codes_as_of: date | None = None
    completed_as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Caps:
    """What a platform can and knows. `password_policy` is the Chinese wording for letters."""

    name: str
    authoritative: bool
    asynchronous: bool
    batch_size: int
    password_policy: str
    keyed: bool = True
    """Whether a second call with the same key is recognised; without key and probe a repeated act is `uncertain`."""
    assumes_registered: bool = False
    """Whether whoever it does not know counts as registered for a make-up year: a rehearsal on an archive."""


class Platform(Protocol):
    """The learning platform. Verbs state the wanted end state, so that a second call is harmless. A fault of the whole
    site raises `PortError`; a row's fault is an `Answer`."""

    @property
    def caps(self) -> Caps: ...
    def check(self) -> None: ...
    def find(self, people: Sequence[Person]) -> list[Registration]: ...
    def ensure_accounts(self, wishes: Sequence[Wish]) -> list[Answer]: ...
    def grant(self, wishes: Sequence[Wish]) -> list[Answer]: ...
    def revoke(self, wishes: Sequence[Wish]) -> list[Answer]: ...
    def collect(self) -> list[Answer]:
        """Answers that came in since for pending wishes."""
        ...


class SendState(StrEnum):
    """How a sending attempt ended. `unknown`: the connection was lost behind the final dot."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class About(StrEnum):
    """What a letter that was not sent tells of: of itself alone, or of more than itself."""

    LETTER = "letter"
    ADDRESS = "address"
    """Nobody gets mail there: a person has to call."""
    TEMPLATE = "template"
    """Its words are taken for advertising: no other letter with them is to leave."""
    LINE = "line"
    """The way out is shut or asks for rest: no letter at all is to leave before that has passed."""
    LOGIN = "login"
    """We are not let in: no letter is to leave, and a person must act."""


@dataclass(frozen=True, slots=True)
class SendResult:
    """The end of one attempt: SMTP code and text where there was one. `offered`: whether the server was shown this
    letter at all; an attempt that ended before is none of the letter's."""

    state: SendState
    detail: str = ""
    about: About = About.LETTER
    offered: bool = True


class LoginRefused(PortError):
    """The mail server does not let us in: a person must act before any letter leaves."""


Note = Callable[[], None]


def nothing_to_note() -> None:
    """Nobody wants to know."""


class Courier(Protocol):
    """Sends exactly the bytes it is given, to one address."""

    def send(self, to: str, raw: bytes, mark: str = "", before_dot: Note = nothing_to_note) -> SendResult:
        """One attempt. `mark` names the letter to the server, so that a report about it can be told from others (RFC
        3461, ENVID): plain ASCII that says nothing of anybody. `before_dot` is called when the server has all but the
        final dot: until it returned the server cannot have taken the letter. What it raises goes through, and the
        letter stays unsent."""
        ...


class SentFolder(Protocol):
    """The folder in which the mail server keeps what was sent from our address, where it does that."""

    def holds(self, message_ids: Collection[str], since: datetime) -> frozenset[str]:
        """Which of these mails lie there, among those that came in since then. None is no proof that a mail was not
        sent: many servers keep nothing. Raises `PortError` where it cannot be looked into."""
        ...


class Composer(Protocol):
    """Renders a letter. Raises `PortError` (no retry) where a template cannot be rendered."""

    def compose(self, view: LetterView) -> Composed: ...


@dataclass(frozen=True, slots=True)
class EffectJob:
    """An effect whose intent is committed. `attempts` counts this one; above 1 the outside world is asked first."""

    key: str
    verb: Verb
    person: Person
    year: int | None
    attempts: int


@dataclass(frozen=True, slots=True)
class EffectEnd:
    """How one effect ended or waits. `retry_at`: planned again for then."""

    key: str
    state: EffectState
    detail: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LetterJob:
    """A letter that is due. `raw` is `None` until it was rendered and stored; `message_id` never changes."""

    key: str
    to: str
    message_id: str
    attempts: int
    raw: bytes | None
    unknown_since: datetime | None = None
    """Since when it is not known whether the server took it; `None` for a letter that it cannot have taken."""


class StepLedger(Protocol):
    """What the engine asks of the ledger. Claims are conditional updates; an attempt is counted before the work."""

    def recover(self, now: datetime) -> None:
        """At start, under the file lock: claims of the dead owner are void; a mail with too many attempts is set aside;
        an effect in `doing` is due again with its attempt counted; a letter whose final dot may have been written is
        `uncertain`, one caught earlier is due again at once."""
        ...

    def claim_mail(self, now: datetime) -> StoredMail | None: ...
    def set_aside(self, mail: StoredMail, reason: str, now: datetime) -> None: ...
    def put_back(self, mail: StoredMail, reason: str, retry_at: datetime, *, counts: bool = True) -> None:
        """Let a mail wait. An attempt that failed for a fault of the site and not of the mail does not count."""
        ...

    def claim_effects(self, limit: int, now: datetime) -> list[EffectJob]: ...
    def conclude(self, ends: Sequence[EffectEnd], now: datetime) -> None:
        """Evidence, item and case states, follow-up letters and events: one commit."""
        ...

    def due_letter(self, now: datetime) -> LetterJob | None: ...
    def letter_view(self, key: str, now: datetime) -> LetterView: ...
    def store_letter(self, key: str, composed: Composed, now: datetime) -> None: ...
    def start_sending(self, key: str, now: datetime) -> bool:
        """The intent to send, committed before the first byte; false where another took it."""
        ...

    def handing_over(self, key: str, now: datetime) -> None:
        """The final dot is written next: committed before it, for from then on the server may have the letter."""
        ...

    def conclude_letter(self, key: str, result: SendResult, now: datetime) -> None: ...
