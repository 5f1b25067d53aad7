"""The zygote: a fresh program with the parsers loaded that forks one child per mail and reaps it when it is told to.

It reads no mail itself. Started as `python -m mailbot.sandbox.zygote FD`, where FD is its end of the control socket.
It ends with that socket, and takes its children with it.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from mailbot.sandbox.child import Target, adopt_orphans, run_child
from mailbot.sandbox.frames import PACKET, PID, READY, REAP, STATUS, Hello, Job


def main(arguments: list[str]) -> None:
    """Serves until the control socket ends."""
    control = socket.socket(fileno=int(arguments[0]))
    hello = Hello.model_validate_json(control.recv(PACKET))
    target: Target = resolve(hello.target)
    if hello.warm_up is not None:
        resolve(hello.warm_up)(hello.limits)
    adopt_orphans()
    gc.collect()
    gc.freeze()  # the children share these pages; a collection in one of them would copy all
    control.send(READY)
    try:
        _serve(control, target, hello)
    finally:
        _kill_children()


def resolve(dotted: str) -> Any:  # noqa: ANN401  # what it is, whoever named it knows
    """The function behind `package.module:name`. Raises `ImportError` or `AttributeError`."""
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)


def _serve(control: socket.socket, target: Target, hello: Hello) -> None:
    child = 0
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, PACKET, 2)
        if not packet:
            return
        if packet == REAP:
            status = _reap(child)
            child = 0
            control.send(STATUS.pack(status))
            continue
        source, sink = descriptors
        job = Job.model_validate_json(packet)
        child = os.fork()
        if child == 0:
            run_child(target, hello.limits, job.skip, source, sink)
        os.close(source)
        os.close(sink)
        control.send(PID.pack(child))


def _reap(child: int) -> int:
    """The child's exit code (negative: the signal that ended it), when it and all it left behind are gone."""
    _, status = os.waitpid(child, 0)
    _kill_children()
    return os.waitstatus_to_exitcode(status)


def _kill_children() -> None:
    """Kills and reaps every process that became ours: a child, or what a child forked into a session of its own."""
    while True:
        for pid in _children():
            os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    mine = os.getpid()
    listed = Path(f"/proc/{mine}/task/{mine}/children")
    try:
        return [int(pid) for pid in listed.read_text().split()]
    except FileNotFoundError:  # a kernel without CONFIG_PROC_CHILDREN
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _parent(entry) == mine]


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    main(sys.argv[1:])
