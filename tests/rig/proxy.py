"""A TCP proxy on loopback that spoils what a real server says: late, cut, cut inside a literal, silent, drop by drop, or
something else in its place (see `actors`).

The fault can be changed while connections stand; it counts from then on. An actor is asked for with every connection.
"""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from tests.rig.actors import Actor
from tests.rig.lines import Commands, Dialogue, Shown
from tests.rig.ports import LOOPBACK

Kind = Literal["pass", "delay", "cut", "cut_literal", "hang", "trickle", "refuse"]
_LITERAL = re.compile(rb"\{(\d{3,})\}\r\n")


@dataclass(frozen=True)
class Fault:
    """What happens to the server's bytes. `seconds` belongs to delay, `after` (bytes that still pass) to cut and
    cut_literal, `rate` (bytes per second) to trickle. `times`: how often it happens (0: always)."""

    kind: Kind = "pass"
    seconds: float = 0.0
    after: int = 0
    rate: int = 200
    times: int = 0


class FaultProxy:
    """Listens on `port`, hands every connection to `target` with the present `fault`. `seen` counts connections,
    `struck` how often the fault happened. With an `actor` the lines of the dialogue go through a new one each time."""

    def __init__(self, target: int, actor: Callable[[], Actor] | None = None) -> None:
        self.target = target
        self.seen = 0
        self.struck = 0
        self.actor = actor
        self._fault = Fault()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._closed = threading.Event()

    @property
    def fault(self) -> Fault:
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        self._fault, self.struck = fault, 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        _close(self._listener)
        self.drop_all()

    def drop_all(self) -> None:
        """Cut every connection that stands now."""
        for sock in self._open:
            _close(sock)
        self._open.clear()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.seen += 1
            if self._due("refuse"):
                _close(client)
                continue
            try:
                server = socket.create_connection((LOOPBACK, self.target), timeout=5)
            except OSError:
                _close(client)
                continue
            for sock in (client, server):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.settimeout(None)
            self._open += [client, server]
            talk = Dialogue() if self.actor is None else Dialogue(self.actor())
            threading.Thread(target=self._up, args=(client, server, talk), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client, talk), daemon=True).start()

    def _due(self, kind: Kind) -> bool:
        """Whether the fault of that kind is to happen now; counts it."""
        fault = self._fault
        if fault.kind != kind or (fault.times and self.struck >= fault.times):
            return False
        self.struck += 1
        return True

    def _up(self, client: socket.socket, server: socket.socket, talk: Dialogue) -> None:
        commands = Commands(talk)
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                for way, part in commands.feed(data):
                    if way == "cut":
                        _close(client, server)
                        return
                    (server if way == "up" else client).sendall(part)
        _close(client, server)

    def _down(self, server: socket.socket, client: socket.socket, talk: Dialogue) -> None:
        shown = Shown(talk)
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                part = shown.feed(data)
                if part is None or (part and not self._pass_on(part, client)):
                    break
        _close(client, server)

    def _pass_on(self, data: bytes, client: socket.socket) -> bool:
        """Hand the bytes on as the fault has it; false ends the connection."""
        if self._fault.kind == "hang":
            self.struck += 1
            return not self._closed.wait(60)
        if self._fault.kind == "trickle":
            self.struck += 1
            return self._trickle(data, client)
        if self._fault.kind == "delay":
            self.struck += 1
            time.sleep(self._fault.seconds)
        literal = _LITERAL.search(data) if self._fault.kind == "cut_literal" else None
        if literal and self._due("cut_literal"):
            client.sendall(data[: literal.end() + self._fault.after])
            return False
        if self._due("cut"):
            client.sendall(data[: self._fault.after])
            return False
        client.sendall(data)
        return True

    def _trickle(self, data: bytes, client: socket.socket) -> bool:
        step = max(1, self._fault.rate // 20)
        for start in range(0, len(data), step):
            if self._closed.wait(0.05):
                return False
            client.sendall(data[start : start + step])
        return True


def _close(*socks: socket.socket) -> None:
    for sock in socks:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()
