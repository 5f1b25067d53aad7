"""A bare SMTP server on loopback that breaks a conversation at an exact byte, which a well-behaved server cannot."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

Answers = dict[str, bytes | None]
"""What is answered to a verb; `None` closes the connection instead."""
GOOD: Answers = {
    "EHLO": b"250-bare\r\n250 SIZE 50000000\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go\r\n",
    "NOOP": b"250 ok\r\n",
    "RSET": b"250 ok\r\n",
    "QUIT": b"221 bye\r\n",
}
Body = Callable[["Line"], None]


class Line:
    """One connection: what came in, and ways to answer or break it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""

    def say(self, answer: bytes) -> None:
        self._connection.sendall(answer)

    def command(self) -> bytes:
        return self._until(b"\r\n")

    def body(self) -> bytes:
        return self._until(b"\r\n.\r\n")

    def some(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        return self._buffer[:size]

    def reset(self) -> None:
        """Close at once with RST, so that the other side notices."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self._connection.close()

    def wait_for_end(self) -> None:
        """Stay silent until the other side gives up."""
        try:
            while self._connection.recv(65536):
                pass
        except OSError:
            return

    def _until(self, end: bytes) -> bytes:
        while end not in self._buffer:
            self._fill()
        line, _, self._buffer = self._buffer.partition(end)
        return line

    def _fill(self) -> None:
        read = self._connection.recv(65536)
        if not read:
            raise ConnectionError("the client is gone")
        self._buffer += read


def take(line: Line) -> None:
    """The ordinary end of a DATA."""
    line.body()
    line.say(b"250 taken\r\n")


class RawSmtp:
    """The server: `answers` for the verbs, `bodies` for what happens behind each 354 in turn (then `take`)."""

    def __init__(
        self,
        *bodies: Body,
        answers: Answers | None = None,
        greeting: bytes = b"220 bare\r\n",
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self._tls = tls
        self.commands: list[str] = []
        self.connections = 0
        self._bodies = list(bodies)
        self._answers = GOOD | (answers or {})
        self._greeting = greeting
        self._socket = socket.create_server((host, 0))
        self.port: int = self._socket.getsockname()[1]
        self._lines: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._lines:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._lines.append(connection)
            self._threads.append(threading.Thread(target=self._talk, args=(connection,), daemon=True))
            self._threads[-1].start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as end:
            line = Line(end)
            line.say(self._greeting)
            while self._step(line):
                pass

    def _step(self, line: Line) -> bool:
        command = line.command().decode("ascii", "replace")
        self.commands.append(command)
        verb = command.partition(" ")[0].upper()
        answer = self._answers.get(verb, b"500 what\r\n")
        if answer is None:
            line.reset()
            return False
        line.say(answer)
        if verb == "DATA" and answer.startswith(b"354"):
            (self._bodies.pop(0) if self._bodies else take)(line)
        return verb != "QUIT"
