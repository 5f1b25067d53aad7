"""One logged-in connection, spoken to in the few commands that every server understands, with typed answers.

Mails are found by UID, and asked for size, date, headers and bytes alone: searches by content, ENVELOPE and keywords
are answered differently (or wrongly) by the providers of this country, so nothing rests on them.
"""

from __future__ import annotations

import contextlib
import logging
import re
import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from imapclient import DELETED, SEEN
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
    ProtocolError,
)

from mailbot.domain.limits import IntakeLimits
from mailbot.domain.server_ports import Secret
from mailbot.intake.account import Account
from mailbot.intake.faults import (
    IntakeError,
    Lost,
    Refused,
    Untrusted,
    code_of,
    readable,
    server_text,
    tls_fault,
)
from mailbot.intake.folders import AUTO, Listing, named, sent_among
from mailbot.intake.leash import Leash
from mailbot.intake.login import log_in
from mailbot.intake.profiles import Signs, profile_of
from mailbot.intake.wire import Client, trust

_log = logging.getLogger(__name__)
T = TypeVar("T")

_UNREADABLE: Final = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What imapclient's parser raises on an answer that it does not understand."""

_IDENTITY: Final = {"name": "mailbot", "version": "1", "vendor": "mailbot"}
"""What RFC 2971 lets a client say of itself, and what NetEase asks for."""

KEYWORD: Final = "mailbot"
"""Set on what is stored, where the folder takes keywords of ours: a mark for staff, never read back."""

_UNSAFE: Final = re.compile(r"unsafe login", re.IGNORECASE)
UNSAFE_REMEDY: Final = (
    "NetEase opens no folder for a program it does not know: log in to the web mail once, switch IMAP on and write "
    "its authorization code (授权码) into the password file; if it stays so, ask kefu@188.com to allow this client"
)


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
    """A logged-in connection. Every method raises `Lost` (the session is dead) or `Refused`.

    `profile` is what is known of this server's kind, `capabilities` what it offers after login, which counts for more.
    `keywords`: the folder that is open takes new ones.
    """

    def __init__(self, account: Account, secret: Secret, limits: IntakeLimits, leash: Leash) -> None:
        self._account, self._limits, self._leash = account, limits, leash
        self._introduced = False
        self._selected = ""
        self.keywords = False
        try:
            self._client = self._connect()
        except IntakeError:
            leash.release()
            raise
        whole = False
        try:
            self._begin(secret)
            whole = True
        finally:
            if not whole:
                self.close()

    def _connect(self) -> Client:
        server = self._account.server
        where = f"{server.host}:{server.port}"
        try:
            client = Client(server, self._limits, self._leash)
        except (OSError, IMAPClientError) as error:
            raise self._lost(f"connect to {where}", error) from error
        if server.tls == "starttls":
            try:
                self._encrypt(client, where)
            except IntakeError:
                _shut(client)
                raise
        return client

    def _encrypt(self, client: Client, where: str) -> None:
        """STARTTLS, or nothing: a server that does not offer it gets no password, somebody may sit in between."""
        if b"STARTTLS" not in client.capabilities():
            raise Untrusted(f"{where} offers no STARTTLS: nothing is sent in plain text; try port 993 and tls = 'tls'")
        try:
            client.starttls(trust(self._account.server))
        except (OSError, IMAPClientAbortError) as error:
            raise self._lost(f"STARTTLS with {where}", error) from error
        except IMAPClientError as error:
            raise Untrusted(f"{where} refuses STARTTLS: {server_text(error)}") from error

    def _begin(self, secret: Secret) -> None:
        """Log in, learn what is offered, and say who we are."""
        host, greeting = self._account.server.host, readable(self._client.welcome)
        self.profile = profile_of(self._account.profile, Signs(host, greeting))
        try:
            log_in(self._client, self._account, secret, self.profile)
        except (OSError, IMAPClientAbortError) as error:
            raise self._lost("login", error) from error
        offered = self._ask("CAPABILITY", self._client.capabilities)
        self.capabilities = frozenset(name.decode("ascii", "replace") for name in offered)
        if "ID" in self.capabilities or self.profile.introduce:
            identity = self._introduce()
            self.profile = profile_of(self._account.profile, Signs(host, greeting, identity))

    def _introduce(self) -> str:
        """Say who we are (RFC 2971); what the server says of itself, as one text."""
        self._introduced = True
        try:
            return _text_of(self._ask("ID", lambda: self._client.introduce(_IDENTITY)))
        except Refused as refused:
            _log.info("%s: ID refused: %s", self._account.name, refused)
            return ""

    def select(self, name: str = "", *, look: bool = False) -> Folder:
        """Open the account's folder, or another by its readable name; read-only to `look`, or where no more is allowed.

        NetEase refuses every folder as "Unsafe Login" until the client has said who it is: then that is caught up on.
        """
        name = name or self._account.folder
        try:
            return self._select(name, look=look)
        except Refused as refused:
            if not _UNSAFE.search(str(refused)):
                raise
            if not self._introduced:
                self._introduce()
                return self._select(name, look=look)
            raise Refused(f"{refused}; {UNSAFE_REMEDY}", refused.code, retry=False) from refused

    def _select(self, name: str, *, look: bool) -> Folder:
        def open_folder() -> tuple[dict[bytes, object], bool]:
            try:
                return self._client.select_folder(name, readonly=look), look
            except IMAPClientReadOnlyError:
                return self._client.select_folder(name, readonly=True), True

        answer, read_only = self._ask(f"SELECT {name}", open_folder)
        uidvalidity, uidnext, exists = (answer.get(key) for key in (b"UIDVALIDITY", b"UIDNEXT", b"EXISTS"))
        if not isinstance(uidvalidity, int):
            raise Refused(f"{name}: the server tells no UIDVALIDITY, mails cannot be told apart")
        self._selected = name
        flags = answer.get(b"PERMANENTFLAGS")
        self.keywords = isinstance(flags, tuple) and b"\\*" in flags
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

    def heads(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The headers alone of those mails that the server gave."""
        found = self._ask("FETCH", lambda: self._client.fetch(list(uids), ["BODY.PEEK[HEADER]"]))
        heads = {uid: entry.get(b"BODY[HEADER]") for uid, entry in found.items()}
        return {uid: head for uid, head in heads.items() if isinstance(head, bytes)}

    def given(self, uids: Sequence[int]) -> dict[int, bytes]:
        """As `fetch`, and one by one where the server refuses them together; what it refuses alone is left out."""
        try:
            return self.fetch(uids)
        except Refused as refused:
            if len(uids) == 1:
                _log.warning("%s: UID %d is not given: %s", self._account.name, uids[0], refused)
                return {}
        return {uid: raw for one in uids for uid, raw in self.given([one]).items()}

    def mark_seen(self, uids: Sequence[int]) -> None:
        """One STORE for all: as read, and with our keyword where the folder takes new ones (RFC 9051, 7.1)."""
        flags = [SEEN, KEYWORD] if self.keywords else [SEEN]
        try:
            self._ask("STORE", lambda: self._client.add_flags(list(uids), flags, silent=True))
        except Refused:
            if not self.keywords:
                raise
            self.keywords = False
            self._ask("STORE", lambda: self._client.add_flags(list(uids), [SEEN], silent=True))

    def folders(self) -> list[Listing]:
        """All folders with their attributes and readable names, also where those are not ASCII (RFC 9051, 5.1).

        XLIST tells what a folder is for at servers that do not know SPECIAL-USE (RFC 6154): Aliyun, QQ.
        """
        xlist = "XLIST" in self.capabilities and "SPECIAL-USE" not in self.capabilities
        ask = self._client.xlist_folders if xlist else self._client.list_folders
        found = self._ask("LIST", ask)
        return [
            Listing(str(name), _word(mark), frozenset(_word(flag).casefold() for flag in flags))
            for flags, mark, name in found
        ]

    def sent_folder(self, wanted: str = AUTO) -> str | None:
        """Where this account keeps what was sent from it, by its name in the settings or as the server has it; `None`
        where no folder looks like it."""
        listed = self.folders()
        return sent_among(listed) if wanted == AUTO else named(listed, wanted)

    def make_folder(self, name: str) -> None:
        """Create it, and subscribe to it where the server knows that: web mail shows subscribed folders only."""
        self._ask("CREATE", lambda: self._client.create_folder(name))
        with contextlib.suppress(Refused):
            self._ask("SUBSCRIBE", lambda: self._client.subscribe_folder(name))

    @property
    def moves(self) -> bool:
        """Whether mails can be moved here without touching others."""
        return bool({"MOVE", "UIDPLUS"} & self.capabilities)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """To another folder: by MOVE (RFC 6851), else by COPY and the removal of exactly these (RFC 4315).

        Raises `Refused` too where neither is offered: without UIDPLUS a removal would take mails of others along.
        """
        if "MOVE" in self.capabilities:
            self._ask("MOVE", lambda: self._client.move(list(uids), folder))
            return
        if not self.moves:
            raise Refused("the server offers neither MOVE nor UIDPLUS, mails stay where they are")
        self._ask("COPY", lambda: self._client.copy(list(uids), folder))
        self._ask("STORE", lambda: self._client.add_flags(list(uids), [DELETED], silent=True))
        self._ask("EXPUNGE", lambda: self._client.uid_expunge(list(uids)))

    def wait_for_hint(self, seconds: float, woken: Callable[[], bool]) -> None:
        """IDLE until the server says anything at all, `woken`, or the time is over; then prove that the line lives.

        imapclient's own `idle_check` answers "nothing" at once and for ever on a dead line; NOOP raises.
        """
        if self._selected != self._account.folder:
            self.select()
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
        untrusted = tls_fault(error)
        if untrusted:
            return Untrusted(f"{what}: {untrusted}")
        return Lost(f"{what}: {server_text(error)}")


def _shut(client: Client) -> None:
    with contextlib.suppress(OSError):
        client.shutdown()


def _word(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")


def _text_of(answer: object) -> str:
    """The words of a parsed answer, however deep they lie."""
    if isinstance(answer, bytes):
        return readable(answer)
    return " ".join(map(_text_of, answer)) if isinstance(answer, tuple | list) else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _aware(value: object) -> datetime | None:
    """In UTC. A zone of `-0000` comes out naive, and means UTC (RFC 5322, 3.3)."""
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
