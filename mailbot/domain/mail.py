"""A mail as the readers saw it, and a mail as the ledger keeps it.

`Mail` and `Part` come out of the reader's child and are therefore validated models; `StoredMail` is the ledger's own
record of the raw bytes and their arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Base of every record that is parsed from outside: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Part(Record):
    """One attachment, inline picture or member of a container; `type` is told by content, never by name."""

    number: int
    name: str
    member: str | None = None
    sha256: str
    size: int
    type: str
    inline: bool = False
    decoration: bool = False
    """A picture that shows nothing to judge by: a logo in the text, a line, a single dot."""


class Link(Record):
    """A link in a mail's own words, which nobody follows: where it leads, and the words that it stands under.
    `signed`: it belongs to the signature."""

    url: str
    words: str = ""
    signed: bool = False


class Fate(StrEnum):
    """What a delivery notice says became of a letter: it is back for good, it is still being tried, or it arrived."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


class Notice(Record):
    """What a mail server tells of a letter of ours (RFC 3464, or a provider's own words): which addresses, the
    Message-IDs that stand in what it sent back, the envelope id, the status code (RFC 3463), and its words."""

    fate: Fate
    recipients: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    envelope: str | None = None
    status: str | None = None
    said: str = ""


class Mail(Record):
    """The readable side of one mail. Header values are decoded, free of control characters and bounded.

    `headers` keeps, by lower-case name and in order of appearance, what later steps judge by: authentication results,
    return-path, received, auto-submitted, precedence, list-*, x-* marks of robots, content-type of the whole.
    `from_values` are all From headers as they stood: who the sender is, `domain.sender` decides.
    """

    subject: str = ""
    from_values: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: str | None = None
    text: str = ""
    quoted: str = ""
    headers: dict[str, tuple[str, ...]] = {}
    parts: tuple[Part, ...] = ()
    marks: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    notice: Notice | None = None
    """Only where a mail server wrote it about a letter that it could not deliver."""

    @property
    def files(self) -> tuple[Part, ...]:
        """What came with the mail: its parts but for mere decoration."""
        return tuple(part for part in self.parts if not part.decoration)

    def header(self, name: str) -> tuple[str, ...]:
        """All values of a header by its lower-case name, top first; empty where it does not stand."""
        return self.headers.get(name, ())


def register_number(campaign: str, mail_id: int) -> str:
    """The number (登记编号) under which a mail is registered: known before anything is written, the same each time."""
    return f"{campaign}-{mail_id:06d}"


class MailState(StrEnum):
    """Where a stored mail is on its way. `stored` and `working` are due; the others are ends."""

    STORED = "stored"
    WORKING = "working"
    DONE = "done"
    IGNORED = "ignored"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Arrival:
    """How the server offered a mail: the key of intake. `uid` is unique within (account,
    mailbox, uidvalidity) (RFC 9051, 2.3.1.1)."""

    account: str
    mailbox: str
    uidvalidity: int
    uid: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail in the ledger: its raw bytes lie in the blobs by `sha256`. `attempts` counts starts of work on it."""

    id: int
    arrival: Arrival
    address: str
    sha256: str
    size: int
    state: MailState
    attempts: int
    token: int = 0
    """The number of this claim, which only rises: a result that carries an older one is thrown away."""
