"""A process that reads pictures one after the other until it is ended: `python -m mailbot.sandbox.reader FD`.

It is a fresh program without settings or secrets. FD is a stream socket to the parent: a `Hello` comes first, then one
picture after the other, each a length and its bytes; each answer is a length and its JSON.
"""

from __future__ import annotations

import ctypes
import os
import resource
import socket
import struct
import sys
from collections.abc import Callable
from typing import Final

from pydantic import BaseModel

from mailbot.domain.limits import Limits, OcrLimits
from mailbot.sandbox.child import confine
from mailbot.sandbox.frames import READY, Hello
from mailbot.sandbox.zygote import resolve

LENGTH: Final = struct.Struct("!I")
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_OPEN_FILES: Final = 256
_FILE_BYTES: Final = 64 * 1024 * 1024

Read = Callable[[bytes, Limits], BaseModel]
"""What a reader runs: a plain picture in, a model out."""


def main(arguments: list[str]) -> None:
    """Serves until the socket ends."""
    line = socket.socket(fileno=int(arguments[0]))
    hello = Hello.model_validate_json(receive(line))
    _limit(hello.limits.ocr)
    _leave_network()
    confine()
    sys.addaudithook(_no_network)
    read: Read = resolve(hello.target)
    if hello.warm_up is not None:
        resolve(hello.warm_up)(hello.limits)
    send(line, READY)
    while picture := receive(line):
        _allow_cpu(hello.limits.ocr.cpu_seconds)
        send(line, read(picture, hello.limits).model_dump_json().encode())


def send(line: socket.socket, data: bytes) -> None:
    """One message: its length and its bytes."""
    line.sendall(LENGTH.pack(len(data)))
    line.sendall(data)


def receive(line: socket.socket) -> bytes:
    """One message whole; empty where the other side is gone."""
    head = _exactly(line, LENGTH.size)
    return _exactly(line, LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _exactly(line: socket.socket, size: int) -> bytes:
    out = bytearray()
    while len(out) < size:
        more = line.recv(min(size - len(out), 1 << 20))
        if not more:
            return b""
        out += more
    return bytes(out)


def _limit(limits: OcrLimits) -> None:
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_AS, limits.memory_bytes),
    ):
        resource.setrlimit(what, (value, value))


def _allow_cpu(seconds: int) -> None:
    """So much more processor time for the next picture: beyond it the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY))


def _leave_network() -> None:
    """Into a network of its own that has no interface, where the kernel lets an ordinary user do so; where it does not,
    the audit hook still refuses every socket of Python."""
    ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _no_network(event: str, _arguments: tuple[object, ...]) -> None:
    """An audit hook (PEP 578): no socket is made, no name is looked up. Raises `PermissionError`."""
    if event.startswith("socket."):
        raise PermissionError(f"a reader of pictures has no network: {event}")


if __name__ == "__main__":
    os.umask(0o077)
    main(sys.argv[1:])
