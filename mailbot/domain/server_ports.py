"""The protocols towards mail servers besides fetching: what proves who we are there, the daily comparison, the Sent
folder, and the folders for staff. Fetching itself is `ports.MailStore`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mailbot.domain.ports import Cursor, NewMail


@dataclass(frozen=True, slots=True)
class Proof:
    """What one login shows: a password, or with `bearer` an OAuth2 access token (RFC 6750). Stands in no repr."""

    text: str = field(repr=False)
    bearer: bool = False


class Secret(Protocol):
    """What proves who we are to a mail server, the same for IMAP and SMTP. Safe to be asked from several threads."""

    def proof(self) -> Proof:
        """For this login, read or fetched anew where the last one is stale: asked before each login, never kept.

        Raises `PortError`: no retry where a person must act (a missing file, a token that is refused to be renewed).
        """
        ...

    def refused(self, proof: Proof) -> None:
        """The server did not take it: what is cached of it is not shown again."""
        ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What comparing one folder of a server with the ledger came to: mails `listed` there, `taken` in because they were
    missing here, `given` at last after they could not be had, and `ahead`, which the next rounds will fetch anyway."""

    account: str
    folder: str
    listed: int = 0
    taken: int = 0
    given: int = 0
    ahead: int = 0


class SweepStore(Protocol):
    """The ledger's side of the daily comparison; see `MailStore` for the methods of that name."""

    def cursor(self, account: str, mailbox: str) -> Cursor | None: ...
    def known_uids(self, account: str, mailbox: str, uidvalidity: int) -> set[int]: ...
    def store(self, mails: Sequence[NewMail], cursor: Cursor | None) -> list[int]: ...
    def not_given(self, account: str, mailbox: str, uidvalidity: int) -> set[int]:
        """The UIDs of the mails whose bytes the server never gave."""
        ...

    def give(self, mail: NewMail) -> bool:
        """Bytes at last: the mail is work like any other. Whether it was one that had none."""
        ...

    def alike(self, account: str, marks: Collection[tuple[datetime, int]]) -> set[tuple[datetime, int]]:
        """Which of these (arrival, size) are those of a stored mail of the account, in whatever folder."""
        ...

    def have(self, digests: Collection[str]) -> set[str]:
        """Which of these bytes (SHA-256) are stored."""
        ...

    def note(self, account: str, swept: Sequence[Swept], now: datetime) -> None:
        """Keep what the comparison came to; mails that were missing are an event."""
        ...


class SentStore(Protocol):
    """The ledger's side of watching a Sent folder."""

    def cursor(self, account: str, mailbox: str) -> Cursor | None: ...
    def move(self, account: str, mailbox: str, cursor: Cursor) -> None: ...
    def ours(self, message_ids: Collection[str]) -> set[str]:
        """Which of these Message-IDs are those of letters of ours."""
        ...

    def keep(self, mails: Sequence[NewMail], cursor: Cursor) -> int:
        """The bytes of mails that staff wrote, and how far the folder is read: one transaction. How many were new."""
        ...


@dataclass(frozen=True, slots=True)
class Decided:
    """A stored mail on which all work is decided, where it was fetched from."""

    mail_id: int
    uidvalidity: int
    uid: int
    received_at: datetime


class FilingStore(Protocol):
    """What is moved to other folders of the server, as a courtesy to staff. Nothing else rests on it."""

    def decided(self, account: str, mailbox: str, limit: int, *, person: bool) -> list[Decided]:
        """Those that were not moved yet, under the UIDVALIDITY of the mailbox's cursor: with `person` those that wait
        for one (set aside, or of a case that is held), else those that do not."""
        ...

    def note_filed(self, mail_ids: Sequence[int], folder: str, at: datetime) -> None:
        """These were moved there, or with an empty `folder`: they are left where they are for good."""
        ...
