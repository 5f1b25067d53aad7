"""The child: one mail, under its limits, then gone. It never returns to the zygote's code."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from pydantic import BaseModel

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import ChildLimits, Limits
from mailbot.sandbox.frames import FrameKind, frame

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_FIRST_FREE: Final = 3


class Target(Protocol):
    """What a child runs: bytes in, a model out; it tells each part before it reads it."""

    def __call__(
        self, raw: bytes, limits: Limits, skip: Mapping[int, FaultKind], progress: Callable[[int], None]
    ) -> BaseModel: ...


def run_child(target: Target, limits: Limits, skip: Mapping[int, FaultKind], source: int, sink: int) -> None:
    """Runs `target` on the bytes of the descriptor `source`, writes frames to `sink`, and ends the process."""
    code = 1
    try:
        source, sink = _become_child(source, sink, limits.child)
        confine()
        _work(target, limits, skip, source, sink)
        code = 0
    finally:
        fault = sys.exception()
        if fault is not None:
            _write(sink, frame(FrameKind.ERROR, type(fault).__name__.encode("ascii", "replace")))
        os._exit(code)


def confine() -> None:
    """What the kernel forbids this process beyond its limits: new privileges. The one place for every further
    restriction (file system, system calls); it runs when nothing hostile has been read yet."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def adopt_orphans() -> None:
    """Makes the calling process the reaper of its descendants, so that a child's runaway children come to it."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _become_child(source: int, sink: int, limits: ChildLimits) -> tuple[int, int]:
    """Own session and group, dies with the zygote, holds nothing but its two descriptors, limited."""
    os.setsid()
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    null = os.open(os.devnull, os.O_RDWR)
    source, sink = os.dup2(source, 100), os.dup2(sink, 101)
    for standard in range(_FIRST_FREE):
        os.dup2(null, standard)
    source, sink = os.dup2(source, _FIRST_FREE), os.dup2(sink, _FIRST_FREE + 1)
    os.closerange(_FIRST_FREE + 2, 1024)
    os.umask(0o077)
    os.chdir("/")
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory_bytes),
    ):
        resource.setrlimit(what, (value, value))
    return source, sink


def _work(target: Target, limits: Limits, skip: Mapping[int, FaultKind], source: int, sink: int) -> None:
    with open(source, "rb") as stream:
        stream.seek(0)
        raw = stream.read()

    def progress(number: int) -> None:
        _write(sink, frame(FrameKind.PROGRESS, b"%d" % number))

    _write(sink, frame(FrameKind.RESULT, target(raw, limits, skip, progress).model_dump_json().encode()))


def _write(sink: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(sink, view) :]
