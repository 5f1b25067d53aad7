"""What processes use: processor seconds and memory, of one process and of all below it (proc(5))."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Self

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PROC: Final = Path("/proc")
_PARENT, _TIMES = 1, slice(11, 15)
"""Of the fields behind the name in /proc/PID/stat: the parent, and user and system time, own and of reaped children."""


def own() -> float:
    """Processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def of_children() -> float:
    """Processor seconds of all descendants, alive and reaped: each child's own and those of what it has waited for."""
    me = os.getpid()
    alive = sum(sum(map(int, fields[_TIMES])) for _, fields in _processes() if int(fields[_PARENT]) == me)
    reaped = resource.getrusage(resource.RUSAGE_CHILDREN)
    return alive / _TICKS + reaped.ru_utime + reaped.ru_stime


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds that `work` takes this process and the children it waits for."""
    before = own() + of_children()
    work()
    return own() + of_children() - before


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for child, fields in _processes():
        children.setdefault(int(fields[_PARENT]), []).append(child)
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(children.get(found[-1], ()))
    return found


def memory(pid: int) -> int:
    """Bytes of memory that a process and its descendants take together; what they share counts once (Pss)."""
    return sum(map(_pss, tree(pid)))


def _pss(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:  # gone in between
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _processes() -> Iterator[tuple[int, list[str]]]:
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                yield int(folder.name), (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # gone in between
                continue


class Peak:
    """The highest memory of a process tree, looked at every so often by a thread of the onlooker."""

    def __init__(self, pid: int, every: float = 0.05) -> None:
        self.bytes = 0
        self._pid, self._every = pid, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(self._every):
            self.bytes = max(self.bytes, memory(self._pid))
