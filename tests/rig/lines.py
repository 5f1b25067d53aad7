"""A dialogue of lines, IMAP's or SMTP's: which bytes are commands and answers, and which are a literal or a letter."""

import re
from collections.abc import Iterator
from typing import Literal

from tests.rig.actors import Actor, Move

Way = Literal["up", "down", "cut"]
_CLIENT_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_SERVER_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
_DOT = b"\r\n.\r\n"


class Dialogue:
    """What both directions of one connection know of each other. Without an actor everything passes as it is."""

    def __init__(self, actor: Actor | None = None) -> None:
        self.actor = actor
        self.losing = False
        """The next answer is not to come back."""
        self.losing_at_dot = False
        self.data = False
        """DATA went up: 354 begins a letter."""
        self.body = False
        """A letter goes up."""


class Commands:
    """The client's side: bytes in, pieces out, each with its way."""

    def __init__(self, talk: Dialogue) -> None:
        self._talk = talk
        self._buffer = b""
        self._raw = 0
        self._swallowed: bytes | None = None

    def feed(self, data: bytes) -> Iterator[tuple[Way, bytes]]:
        actor = self._talk.actor
        if actor is None:
            yield "up", data
            return
        self._buffer += data
        while self._buffer:
            found = self._next(actor)
            if found is None:
                return
            yield found

    def _next(self, actor: Actor) -> tuple[Way, bytes] | None:
        if self._raw:
            part, self._buffer = self._buffer[: self._raw], self._buffer[self._raw :]
            self._raw -= len(part)
            return "up", part
        if self._swallowed is not None or self._talk.body:
            return self._letter()
        line, end, rest = self._buffer.partition(b"\n")
        if not end:
            return None
        self._buffer = rest
        return self._line(line + end, actor)

    def _letter(self) -> tuple[Way, bytes] | None:
        """The letter up to its final dot, in one piece."""
        body, dot, rest = (b"\r\n" + self._buffer).partition(_DOT)
        if not dot:
            return None
        self._buffer, self._talk.body = rest, False
        answer, self._swallowed = self._swallowed, None
        if answer is not None:
            return "down", answer
        self._talk.losing, self._talk.losing_at_dot = self._talk.losing_at_dot, False
        return "up", (body + dot)[2:]

    def _line(self, line: bytes, actor: Actor) -> tuple[Way, bytes]:
        move = actor.command(line)
        if move.act == "cut":
            return "cut", b""
        if move.act == "say":
            return "down", move.data
        if move.act == "swallow":
            self._swallowed = move.data
            return "down", b"354 go on\r\n"
        return "up", self._passed(move.data or line, move)

    def _passed(self, line: bytes, move: Move) -> bytes:
        literal = _CLIENT_LITERAL.search(line)
        self._raw = int(literal[1]) if literal else 0
        self._talk.data = line.strip().upper() == b"DATA"
        if move.act == "lose":
            self._talk.losing, self._talk.losing_at_dot = not self._talk.data, self._talk.data
        return line


class Shown:
    """The server's side: what the client is shown of it, `None` where the line is to break."""

    def __init__(self, talk: Dialogue) -> None:
        self._talk = talk
        self._buffer = b""
        self._raw = 0

    def feed(self, data: bytes) -> bytes | None:
        if self._talk.actor is None:
            return data
        if self._talk.losing:
            return None
        self._buffer += data
        return b"".join(self._pieces(self._talk.actor))

    def _pieces(self, actor: Actor) -> Iterator[bytes]:
        while self._buffer:
            if self._raw:
                part, self._buffer = self._buffer[: self._raw], self._buffer[self._raw :]
                self._raw -= len(part)
                yield part
                continue
            line, end, rest = self._buffer.partition(b"\n")
            if not end:
                return
            self._buffer = rest
            literal = _SERVER_LITERAL.search(line + end)
            self._raw = int(literal[1]) if literal else 0
            if self._talk.data and line.startswith(b"354"):
                self._talk.data, self._talk.body = False, True
            yield actor.answer(line + end)
