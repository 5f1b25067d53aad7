"""A scripted IMAP server for what no real server does on demand: refusing one mail, counting UIDs anew, saying odd things.

It speaks just enough IMAP4rev1 for the intake. Everything about it may be changed while it runs.
"""

import base64
import contextlib
import re
import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.rig.ports import LOOPBACK

DATE = '"08-Jul-2020 17:30:00 +0800"'


@dataclass
class Box:
    """The server's world. Sets of UIDs name the mails it treats badly; `kills_listing` ends the next so many lines that ask
    for sizes and dates. `answers` stand in for what a verb would do; `tokens` are those that AUTHENTICATE takes, `said`
    what clients said there. `folders` are attributes and names as they stand on the line."""

    mails: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int | None = 7
    uidnext: int | None = None
    capabilities: str = "IMAP4rev1 IDLE ID UIDPLUS"
    login: bytes = b"OK logged in"
    select: bytes = b"OK [READ-WRITE] selected"
    wants_id: bool = False
    refuses: set[int] = field(default_factory=set)
    without_body: set[int] = field(default_factory=set)
    kills: set[int] = field(default_factory=set)
    vanishes: set[int] = field(default_factory=set)
    sizes: dict[int, int] = field(default_factory=dict)
    date: str | None = DATE
    dates: dict[int, str] = field(default_factory=dict)
    kills_listing: int = 0
    greeting: bytes = b"* OK ready"
    identity: bytes = b'("name" "fake")'
    tokens: set[str] = field(default_factory=set)
    said: list[bytes] = field(default_factory=list)
    permanent: bytes = b""
    folders: list[tuple[str, str]] = field(default_factory=lambda: [("", "INBOX")])
    mark: str = "/"
    moved: dict[int, str] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    answers: dict[str, bytes] = field(default_factory=dict)
    store: bytes = b"OK stored"
    chatter: bytes = b""
    idle: list[bytes] = field(default_factory=lambda: [b"+ idling\r\n"])
    seen: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)

    def add(self, *uids: int) -> Self:
        for uid in uids:
            self.mails[uid] = f"Subject: {uid}\r\n\r\nmail {uid}\r\n".encode()
        return self


class FakeImap:
    """The server on `port`."""

    def __init__(self, box: Box | None = None) -> None:
        self.box = box or Box()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def asked(self, verb: str) -> list[str]:
        """The commands of that verb so far, without their tags."""
        return [command for command in self.box.commands if command.upper().startswith(verb)]

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=_Talk(self.box, sock).run, daemon=True).start()


class _Talk:
    """One connection."""

    def __init__(self, box: Box, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._box, self._sock = box, sock
        self._lines = sock.makefile("rb")
        self._known = False

    def run(self) -> None:
        with contextlib.suppress(OSError, ConnectionAbortedError), self._sock:
            self._say(self._box.greeting + b"\r\n")
            for line in self._lines:
                tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                self._box.commands.append(rest)
                self._answer(tag.encode(), rest)

    def _say(self, data: bytes) -> None:
        self._sock.sendall(data)

    def _answer(self, tag: bytes, rest: str) -> None:
        box, verb = self._box, rest.upper().removeprefix("UID ").split(" ")[0]
        doings = {
            "CAPABILITY": self._capability,
            "LOGIN": self._login,
            "ID": self._id,
            "SELECT": self._select,
            "EXAMINE": self._select,
            "SEARCH": self._search,
            "FETCH": self._fetch,
            "STORE": self._store,
            "IDLE": self._idle,
            "AUTHENTICATE": self._authenticate,
            "LIST": self._list,
            "XLIST": self._list,
            "CREATE": self._create,
            "COPY": self._copy,
            "MOVE": self._copy,
            "EXPUNGE": self._expunge,
        }
        end = box.answers.get(verb) or (doings[verb](rest) if verb in doings else b"OK done")
        self._say(box.chatter)
        self._say(tag + b" " + end + b"\r\n")

    def _capability(self, _rest: str) -> bytes:
        self._say(f"* CAPABILITY {self._box.capabilities}\r\n".encode())
        return b"OK done"

    def _login(self, _rest: str) -> bytes:
        return self._box.login

    def _id(self, _rest: str) -> bytes:
        self._known = True
        self._say(b"* ID " + self._box.identity + b"\r\n")
        return b"OK done"

    def _store(self, rest: str) -> bytes:
        box = self._box
        if "\\Deleted" in rest:
            box.deleted |= set(_uids(rest))
        else:
            box.seen |= set(_uids(rest))
        return box.store

    def _authenticate(self, _rest: str) -> bytes:
        """One challenge without a word; for a token that is not taken another, which says why and waits for an answer."""
        self._say(b"+ \r\n")
        shown = base64.b64decode(self._lines.readline())
        self._box.said.append(shown)
        if any(f"Bearer {token}\1".encode() in shown for token in self._box.tokens):
            return b"OK logged in"
        self._say(b"+ " + base64.b64encode(b'{"status":"401","schemes":"bearer"}') + b"\r\n")
        self._box.said.append(base64.b64decode(self._lines.readline()))
        return b"NO [AUTHENTICATIONFAILED] token not taken"

    def _list(self, rest: str) -> bytes:
        for attributes, name in self._box.folders:
            line = f'* {rest.split(" ", maxsplit=1)[0].upper()} ({attributes}) "{self._box.mark}" "{name}"\r\n'
            self._say(line.encode())
        return b"OK listed"

    def _create(self, rest: str) -> bytes:
        self._box.folders.append(("", rest.split(" ", 1)[1].strip('"')))
        return b"OK created"

    def _copy(self, rest: str) -> bytes:
        box, folder = self._box, rest.rsplit(" ", 1)[1].strip('"')
        moved = [uid for uid in _uids(rest) if uid in box.mails]
        box.moved.update(dict.fromkeys(moved, folder))
        if "MOVE" in rest:
            for uid in moved:
                del box.mails[uid]
        return b"OK done"

    def _expunge(self, rest: str) -> bytes:
        named = set(_uids(rest)) if rest.upper().startswith("UID") else set(self._box.mails)
        for uid in named & self._box.deleted & set(self._box.mails):
            del self._box.mails[uid]
        return b"OK expunged"

    def _idle(self, _rest: str) -> bytes:
        for data in self._box.idle:
            self._say(data)
        if not any(data.startswith(b"+") for data in self._box.idle):
            return b"NO no idling here"
        return b"OK done" if self._lines.readline().strip().upper() == b"DONE" else b"BAD what"

    def _select(self, _rest: str) -> bytes:
        box = self._box
        if box.wants_id and not self._known:
            return b"NO SELECT Unsafe Login. Please contact kefu@188.com for help"
        self._say(b"* FLAGS (\\Seen)\r\n* %d EXISTS\r\n* 0 RECENT\r\n" % len(box.mails))
        if box.permanent:
            self._say(b"* OK [PERMANENTFLAGS (%s)] limited\r\n" % box.permanent)
        if box.uidvalidity is not None:
            self._say(b"* OK [UIDVALIDITY %d] ok\r\n" % box.uidvalidity)
        uidnext = max(box.mails, default=0) + 1 if box.uidnext is None else box.uidnext
        if uidnext:
            self._say(b"* OK [UIDNEXT %d] ok\r\n" % uidnext)
        return box.select

    def _search(self, rest: str) -> bytes:
        uids = b"".join(b" %d" % uid for uid in self._found(rest))
        self._say(b"* SEARCH" + uids + b"\r\n")
        return b"OK searched"

    def _found(self, rest: str) -> list[int]:
        words = re.search(r"UID (\d+)(:\*)?", rest.removeprefix("UID SEARCH"))
        assert words
        low = int(words[1])
        if not words[2]:
            return [uid for uid in self._box.mails if uid == low and uid not in self._box.vanishes]
        hits = [uid for uid in self._box.mails if uid >= low]
        return hits or sorted(self._box.mails)[-1:]

    def _fetch(self, rest: str) -> bytes:
        box, bodies = self._box, "BODY" in rest
        if box.kills_listing and not bodies:
            box.kills_listing -= 1
            self._sock.shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        for uid in _uids(rest):
            if bodies and uid in box.kills:
                self._sock.shutdown(socket.SHUT_RDWR)
                raise ConnectionAbortedError
            if uid not in box.mails or (bodies and uid in box.vanishes):
                continue
            if bodies and uid in box.refuses:
                return "NO 信件已损坏".encode("gb18030")
            self._say(self._entry(uid, bodies=bodies))
        return b"OK fetched"

    def _entry(self, uid: int, *, bodies: bool) -> bytes:
        box, raw = self._box, self._box.mails[uid]
        number = sorted(box.mails).index(uid) + 1
        if bodies and uid in box.without_body:
            return b"* %d FETCH (UID %d FLAGS (\\Seen))\r\n" % (number, uid)
        if bodies:
            return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (number, uid, len(raw), raw)
        size = box.sizes.get(uid, len(raw))
        told = box.dates.get(uid, box.date)
        date = f" INTERNALDATE {told}" if told else ""
        return f"* {number} FETCH (UID {uid} RFC822.SIZE {size}{date})\r\n".encode()


def _uids(rest: str) -> list[int]:
    found = re.search(r"(?:FETCH|STORE|COPY|MOVE|EXPUNGE) ([\d,:]+)", rest)
    assert found
    out: list[int] = []
    for part in found[1].split(","):
        low, _, high = part.partition(":")
        out += range(int(low), int(high or low) + 1)
    return out
