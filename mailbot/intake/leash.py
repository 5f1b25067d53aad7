"""A deadline for everything that is done on one connection: when it is over the socket is shut down under the reader.

Timeouts of the socket hold for one read; a server that sends a byte now and then stays below them for ever.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class Leash:
    """Holds a second handle on the connection's socket, so that cutting is safe whatever the owner does with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._timer: threading.Timer | None = None
        self._extra = 0.0
        self._cut = False

    @property
    def cut(self) -> bool:
        """Whether the present (or last) time limit ran out."""
        return self._cut

    def hold(self, sock: socket.socket) -> None:
        """Watch this connection from now on instead of the one before. Call it before TLS is put around the socket."""
        with self._lock:
            self._forget()
            self._handle = sock.dup()
            if self._cut:
                self._shut()

    def release(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            self._forget()

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """The connection is cut when the block takes longer than `seconds` and what `allow` grants inside it."""
        with self._lock:
            self._cut, self._extra = False, 0.0
            self._wind(seconds)
        try:
            yield
        finally:
            with self._lock:
                if self._timer is not None:
                    self._timer.cancel()
                self._timer = None

    def allow(self, seconds: float) -> None:
        """Grant the running limit more time: what is fetched is large."""
        with self._lock:
            self._extra += seconds

    def _wind(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._ring)
        timer.args = (timer,)
        timer.daemon = True
        self._timer = timer
        timer.start()

    def _ring(self, timer: threading.Timer) -> None:
        with self._lock:
            if timer is not self._timer:
                return
            if self._extra > 0:
                granted, self._extra = self._extra, 0.0
                self._wind(granted)
                return
            self._cut = True
            self._shut()

    def _shut(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        if self._handle is not None:
            self._handle.close()
        self._handle = None
