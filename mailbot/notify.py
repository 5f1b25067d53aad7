"""Telling systemd that we are ready and alive: the sd_notify protocol, and a watchdog that is fed only by progress.

Without NOTIFY_SOCKET in the environment nothing is sent (sd_notify(3)). The process runs on whatever becomes of it.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping

_log = logging.getLogger(__name__)


class Notifier:
    """The service manager's ear. `environ` is the process environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog_seconds = _watchdog_seconds(environ)

    def ready(self) -> None:
        """All is checked and every loop runs."""
        self._send("READY=1")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._send("STATUS=" + " ".join(text.split()))

    def alive(self) -> None:
        self._send("WATCHDOG=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.settimeout(1.0)
                sock.sendto(message.encode("utf-8"), self._address)
        except OSError as error:
            _log.warning("systemd does not hear us: %s", error)


def _watchdog_seconds(environ: Mapping[str, str]) -> float | None:
    """WATCHDOG_USEC where it is meant for this process (sd_watchdog_enabled(3)), in seconds."""
    meant_for, usec = environ.get("WATCHDOG_PID"), environ.get("WATCHDOG_USEC", "")
    if (meant_for and meant_for != str(os.getpid())) or not usec.isdecimal() or int(usec) == 0:
        return None
    return int(usec) / 1_000_000


class Watchdog:
    """Feeds systemd's watchdog while every registered loop has beaten within its own deadline.

    `monotonic` gives seconds from some fixed moment. Once a loop is late the feeding stops until it beats again, and
    systemd restarts the service, which is the remedy for whatever hangs.
    """

    def __init__(self, notifier: Notifier, monotonic: Callable[[], float]) -> None:
        self._notifier, self._monotonic = notifier, monotonic
        self._lock = threading.Lock()
        self._deadlines: dict[str, float] = {}
        self._beats: dict[str, float] = {}
        self._told: frozenset[str] = frozenset()

    def register(self, name: str, seconds: float) -> None:
        """A loop that beats at least every `seconds`; registering counts as its first beat."""
        with self._lock:
            self._deadlines[name] = seconds
            self._beats[name] = self._monotonic()

    def beat(self, name: str) -> None:
        """The loop makes progress. Raises `KeyError` for one that is not registered."""
        with self._lock:
            if name not in self._deadlines:
                raise KeyError(name)
            self._beats[name] = self._monotonic()

    def late(self) -> tuple[str, ...]:
        """The loops that have not beaten within their deadlines."""
        with self._lock:
            now = self._monotonic()
            return tuple(sorted(name for name, most in self._deadlines.items() if now - self._beats[name] > most))

    def feed(self) -> bool:
        """Tell systemd that we live, unless a loop is late; whether it was told."""
        late = frozenset(self.late())
        if late - self._told:
            _log.error("no progress: %s", ", ".join(sorted(late)))
        self._told = late
        if late:
            return False
        self._notifier.alive()
        return True

    def run(self, stop: threading.Event) -> None:
        """Feed three times per interval until `stop`; return at once where systemd keeps no watchdog."""
        seconds = self._notifier.watchdog_seconds
        if seconds is None:
            return
        self.feed()
        while not stop.wait(seconds / 3):
            self.feed()
