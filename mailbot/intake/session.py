"""One logged-in connection, spoken to in the few commands that every server understands, with typed answers.

Only UID SEARCH by UID, FETCH of size, date and bytes, one flag, IDLE and NOOP: searches by content, ENVELOPE and
keywords are answered differently (or wrongly) by the providers of this country.
"""

from __future__ import annotations

import contextlib
import logging
import select
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from imapclient import SEEN
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
    LoginError,
    ProtocolError,
)

from mailbot.domain.limits import IntakeLimits
from mailbot.intake.account import Account
from mailbot.intake.faults import IntakeError, LoginRefused, Lost, Refused, code_of, server_text
from mailbot.intake.leash import Leash
from mailbot.intake.wire import Client, trust

_log = logging.getLogger(__name__)
T = TypeVar("T")

_UNREADABLE: Final = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What imapclient's parser raises on an answer that it does not understand."""

_IDENTITY: Final = {"name": "mailbot", "version": "1", "vendor": "mailbot"}
"""NetEase refuses SELECT until the client has said who it is (RFC 2971)."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What SELECT said. `uidnext` is `None` where the server leaves it out."""

    uidvalidity: int
    uidnext: int | None
    exists: int
    read_only: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail before it is fetched. `received_at` is INTERNALDATE, aware; `size` in bytes; `None`: not told."""

    size: int | None
    received_at: datetime | None


class Session:
    """A logged-in connection. Every method raises `Lost` (the session is dead) or `Refused`."""

    def __init__(self, account: Account, password: str, limits: IntakeLimits, leash: Leash) -> None:
        self._account, self._limits, self._leash = account, limits, leash
        try:
            self._client = self._connect()
        except IntakeError:
            leash.release()
            raise
        try:
            self._log_in(password)
            self.capabilities = frozenset(
                name.decode("ascii", "replace") for name in self._ask("CAPABILITY", self._client.capabilities)
            )
            self._introduce()
        except IntakeError:
            self.close()
            raise

    def _connect(self) -> Client:
        server = self._account.server
        where = f"{server.host}:{server.port}"
        try:
            client = Client(server, self._limits, self._leash)
        except (OSError, IMAPClientError) as error:
            raise self._lost(f"connect to {where}", error) from error
        if server.tls == "starttls":
            try:
                client.starttls(trust(server))
            except (OSError, IMAPClientError) as error:
                _shut(client)
                raise self._lost(f"STARTTLS with {where}", error) from error
        return client

    def _log_in(self, password: str) -> None:
        """By LOGIN, which every server has; by AUTHENTICATE PLAIN what LOGIN cannot carry (RFC 9051, 6.2.3)."""
        user = self._account.server.user
        plain_words = user.isascii() and password.isascii() and not set(user) & set(' "\\(){}%*')
        log_in = self._client.login if plain_words else self._client.plain_login
        try:
            log_in(user, password)
        except LoginError as error:
            text = server_text(error)
            if isinstance(error.__context__, IMAPClientAbortError):
                raise self._lost("login", error) from error
            raise LoginRefused(f"login of {user} refused: {text}", code_of(text)) from None
        except OSError as error:
            raise self._lost("login", error) from error

    def _introduce(self) -> None:
        if "ID" not in self.capabilities:
            return
        try:
            self._ask("ID", lambda: self._client.id_(_IDENTITY))
        except Refused as refused:
            _log.info("%s: ID refused: %s", self._account.name, refused)

    def select(self) -> Folder:
        """Open the folder, read-only where the server allows no more."""

        def open_folder() -> tuple[dict[bytes, object], bool]:
            try:
                return self._client.select_folder(self._account.folder), False
            except IMAPClientReadOnlyError:
                return self._client.select_folder(self._account.folder, readonly=True), True

        answer, read_only = self._ask(f"SELECT {self._account.folder}", open_folder)
        uidvalidity, uidnext, exists = (answer.get(key) for key in (b"UIDVALIDITY", b"UIDNEXT", b"EXISTS"))
        if not isinstance(uidvalidity, int):
            raise Refused(f"{self._account.folder}: the server tells no UIDVALIDITY, mails cannot be told apart")
        return Folder(
            uidvalidity,
            uidnext if isinstance(uidnext, int) else None,
            exists if isinstance(exists, int) else 0,
            read_only,
        )

    def uids_above(self, high_water: int) -> list[int]:
        """All UIDs above it, ascending. `n:*` always names the last mail, however old (RFC 9051, 6.4.4): filtered."""
        found = self._ask("SEARCH", lambda: self._client.search(["UID", f"{high_water + 1}:*"]))
        return sorted({int(uid) for uid in found if int(uid) > high_water})

    def has(self, uid: int) -> bool:
        """Whether the mail still stands there."""
        return uid in self._ask("SEARCH", lambda: self._client.search(["UID", str(uid)]))

    def listing(self, uids: Sequence[int]) -> dict[int, Listed]:
        """Size and arrival of the mails, without their bytes."""
        found = self._ask("FETCH", lambda: self._client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"]))
        return {
            uid: Listed(_whole(entry.get(b"RFC822.SIZE")), _aware(entry.get(b"INTERNALDATE")))
            for uid, entry in found.items()
        }

    def fetch(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The raw bytes of those mails that the server gave; asking so marks nothing as read (RFC 9051, 6.4.5).

        An entry without BODY[], which an unsolicited FLAGS makes, is no mail.
        """
        found = self._ask("FETCH", lambda: self._client.fetch(list(uids), ["BODY.PEEK[]"]))
        bodies = {uid: entry.get(b"BODY[]") for uid, entry in found.items()}
        return {uid: body for uid, body in bodies.items() if isinstance(body, bytes)}

    def mark_seen(self, uids: Sequence[int]) -> None:
        self._ask("STORE", lambda: self._client.add_flags(list(uids), [SEEN], silent=True))

    def wait_for_hint(self, seconds: float, woken: Callable[[], bool]) -> None:
        """IDLE until the server says anything at all, `woken`, or the time is over; then prove that the line lives.

        imapclient's own `idle_check` answers "nothing" at once and for ever on a dead line; NOOP raises.
        """
        self._ask("IDLE", self._client.idle)
        poller = select.poll()
        poller.register(self._client.socket(), select.POLLIN)
        for _ in range(max(1, round(seconds))):
            if woken() or poller.poll(1000):
                break
        self._ask("DONE", self._client.idle_done)
        self._ask("NOOP", self._client.noop)

    def close(self) -> None:
        """Drop the connection. No LOGOUT: its answer may never come."""
        _shut(self._client)
        self._leash.release()

    def _ask(self, what: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except (IMAPClientAbortError, ProtocolError, OSError, *_UNREADABLE) as error:
            raise self._lost(what, error) from error
        except IMAPClientError as error:
            text = server_text(error)
            raise Refused(f"{what} refused: {text}", code_of(text)) from error

    def _lost(self, what: str, error: Exception) -> Lost:
        if self._leash.cut:
            return Lost(f"{what}: the server was too slow, the time for one round is over")
        if isinstance(error, TimeoutError):
            return Lost(f"{what}: no answer in time")
        if isinstance(error, ssl.SSLCertVerificationError):
            return Lost(f"{what}: the certificate is not trusted: {error.verify_message}")
        return Lost(f"{what}: {server_text(error)}")


def _shut(client: Client) -> None:
    with contextlib.suppress(OSError):
        client.shutdown()


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _aware(value: object) -> datetime | None:
    """In UTC. A zone of `-0000` comes out naive, and means UTC (RFC 5322, 3.3)."""
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
