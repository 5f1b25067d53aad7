"""The line to the zygote: started as a fresh program, asked for children, told to end them."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.sandbox.frames import PACKET, PID, READY, REAP, STATUS, Hello, Job

_KEPT_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")
"""All that a zygote inherits: no setting and no secret of the parent is in it."""
_START_SECONDS: Final = 30.0
_ANSWER_SECONDS: Final = 10.0


class LinkLost(Exception):
    """The zygote is gone, or does not answer."""


class Link:
    """One zygote and the control socket to it. Not thread-safe: the sandbox holds its lock."""

    def __init__(self, limits: Limits, target: str, warm_up: str | None) -> None:
        self._hello = Hello(target=target, warm_up=warm_up, limits=limits)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        """A fresh program with the parsers loaded. Raises `LinkLost`."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-P", "-m", "mailbot.sandbox.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self._control = ours
        self._send(self._hello.model_dump_json().encode())
        if self._answer(_START_SECONDS) != READY:
            raise LinkLost("the zygote did not start")

    def stop(self) -> None:
        """Ends the zygote, which takes its children with it. Harmless when it is gone."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is None:
            return
        try:
            self._process.wait(_ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def fork(self, raw: bytes, skip: Mapping[int, FaultKind]) -> tuple[int, int]:
        """A child at work on `raw`: its process id and the reading end of its pipe. Raises `LinkLost`."""
        source = os.memfd_create("mail")
        reading, sink = os.pipe2(os.O_CLOEXEC)
        try:
            with open(source, "wb", closefd=False) as stream:
                stream.write(raw)
            self._send(Job(skip=skip).model_dump_json().encode(), source, sink)
            pid: int = PID.unpack(self._answer(_ANSWER_SECONDS))[0]
        except LinkLost:
            os.close(reading)
            raise
        finally:
            os.close(source)
            os.close(sink)
        return pid, reading

    def end(self, pid: int) -> int:
        """Kills the child's process group, has it reaped; its exit code, negative for a signal. Raises `LinkLost`.

        The zygote reaps only when it is told to, so the number cannot have passed to a stranger.
        """
        with suppress(ProcessLookupError):  # the whole group ended by itself
            os.killpg(pid, signal.SIGKILL)
        self._send(REAP)
        status: int = STATUS.unpack(self._answer(_ANSWER_SECONDS))[0]
        return status

    def readable(self, descriptor: int, seconds: float) -> bool:
        """Whether there is something to read within the time."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def _send(self, packet: bytes, *descriptors: int) -> None:
        if self._control is None:
            raise LinkLost("not started")
        try:
            if descriptors:
                socket.send_fds(self._control, [packet], list(descriptors))
            else:
                self._control.send(packet)
        except OSError as fault:
            raise LinkLost(f"control socket: {fault.strerror}") from fault

    def _answer(self, seconds: float) -> bytes:
        if self._control is None or not self.readable(self._control.fileno(), seconds):
            raise LinkLost("no answer")
        try:
            packet = self._control.recv(PACKET)
        except OSError as fault:
            raise LinkLost(f"control socket: {fault.strerror}") from fault
        if not packet:
            raise LinkLost("the zygote ended")
        return packet
