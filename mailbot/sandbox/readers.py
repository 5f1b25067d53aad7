"""The processes that read pictures: a few that live long, started when they are needed, replaced when they have grown,
ended with all they started when a picture takes too long. A picture that ends its reader costs nothing but itself.
"""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.sandbox.frames import READY, Hello
from mailbot.sandbox.reader import LENGTH

_KEPT_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
"""All that a reader inherits: no setting and no secret of the parent is in it."""
_ONE_THREAD: Final = {
    "OMP_THREAD_LIMIT": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ORT_DISABLE_TELEMETRY": "1",
}
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Stopped(Exception):
    """The reader ended, or was ended, at this picture; the message says why, and holds nothing of it."""


class Readers:
    """Reads pictures by `target` (a dotted name, see `reader.Read`), at most one a process. Shared by threads: who
    finds all processes busy waits.

    As many processes as the limits and the cores allow.
    """

    def __init__(self, limits: Limits, target: str, warm_up: str | None = None) -> None:
        self._limits = limits
        self._hello = Hello(target=target, warm_up=warm_up, limits=limits).model_dump_json().encode()
        self.count = max(1, min(limits.ocr.workers, len(os.sched_getaffinity(0))))
        self._free: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        for _ in range(self.count):
            self._free.put(None)
        self._lock = threading.Lock()
        self._running: set[_Process] = set()
        self._closed = False

    def read(self, picture: bytes) -> bytes:
        """What the target said of a picture, as JSON that nobody has looked at. Raises `Stopped`, and `PortError`
        (retry) where no reader can be had."""
        limits = self._limits.ocr
        process, kept = self._free.get(), None
        try:
            process = process or self._started()
            answer = process.ask(picture, limits.page_seconds, limits.result_bytes)
            if process.pages < limits.pages and process.resident() <= limits.recycle_bytes:
                kept = process
            return answer
        finally:
            if process is not None and kept is None:
                self._end(process)
            self._free.put(kept)

    def close(self) -> None:
        """Ends every reader, also one at work: its picture is then stopped. None starts any more."""
        with self._lock:
            self._closed = True
            for process in self._running:
                process.end()
            self._running.clear()

    def pids(self) -> frozenset[int]:
        """The processes that run now."""
        with self._lock:
            return frozenset(process.pid for process in self._running)

    def _started(self) -> _Process:
        with self._lock:
            if self._closed:
                raise PortError("the readers of pictures are closed", retry=True)
            process = _Process()
            self._running.add(process)
        try:
            process.begin(self._hello, self._limits.ocr.start_seconds)
        except Stopped as fault:
            self._end(process)
            raise PortError(f"no reader of pictures: {fault}", retry=True) from fault
        return process

    def _end(self, process: _Process) -> None:
        with self._lock:
            self._running.discard(process)
        process.end()


class _Process:
    """One reader: a fresh program in a session of its own, and the socket to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-P", "-m", "mailbot.sandbox.reader", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ} | _ONE_THREAD,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self._line = ours
        self.pages = 0

    @property
    def pid(self) -> int:
        """Its number, which is also that of its group."""
        return self._process.pid

    def begin(self, hello: bytes, seconds: float) -> None:
        """Tells it what to do. Raises `Stopped` where it does not get ready in time."""
        if self._exchange(hello, monotonic() + seconds, len(READY)) != READY:
            raise Stopped("it did not get ready")

    def ask(self, picture: bytes, seconds: float, most: int) -> bytes:
        """One picture and the answer. Raises `Stopped`."""
        self.pages += 1
        return self._exchange(picture, monotonic() + seconds, most)

    def resident(self) -> int:
        """The memory that it holds now, bytes; 0 where it is gone."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
        except OSError:
            return 0

    def end(self) -> None:
        """Kills its process group and reaps it. Until then its number cannot have passed to a stranger."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._line.close()

    def _exchange(self, data: bytes, end: float, most: int) -> bytes:
        try:
            self._line.settimeout(max(0.001, end - monotonic()))
            self._line.sendall(LENGTH.pack(len(data)) + data)
            size = LENGTH.unpack(self._take(LENGTH.size, end))[0]
            if size > most:
                raise Stopped(f"an answer of {size} bytes")
            return self._take(size, end)
        except TimeoutError:
            raise Stopped("out of time") from None
        except OSError as fault:
            raise Stopped(f"its line broke: {fault.strerror or type(fault).__name__}") from fault

    def _take(self, size: int, end: float) -> bytes:
        """Raises `Stopped` where it ended, `TimeoutError`."""
        out = bytearray()
        while len(out) < size:
            self._line.settimeout(max(0.001, end - monotonic()))
            more = self._line.recv(min(size - len(out), 1 << 20))
            if not more:
                raise Stopped("it ended")
            out += more
        return bytes(out)
