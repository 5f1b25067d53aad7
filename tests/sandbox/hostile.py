"""What a hostile mail could make a reader do, as targets for the sandbox. The mail's bytes say which."""

import ctypes
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel

from mailbot.domain.document import Document, Fault, FaultKind, Opened
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Mail, Part

Progress = Callable[[int], None]


def parts(count: int) -> tuple[Part, ...]:
    return tuple(Part(number=n, name=f"{n}", sha256="0", size=1, type="x/y") for n in range(1, count + 1))


def document(number: int, kind: FaultKind | None = None) -> Document:
    fault = Fault(kind=kind) if kind else None
    return Document(number=number, name=str(number), sha256="0", family="unread", fault=fault)


def obey(raw: bytes, limits: Limits, skip: Mapping[int, FaultKind], progress: Progress) -> Opened:
    """The mail is a line of words, one a part; each is done when its part is read."""
    words = raw.decode().split()
    documents: list[Document] = []
    if words[:1] == ["before"]:
        act(words[1])
    for number, word in enumerate(words, 1):
        if number in skip:
            documents.append(document(number, skip[number]))
            continue
        progress(number)
        act(word)
        documents.append(document(number))
    text = str(dict(os.environ)) if raw == b"environment" else ""
    return Opened(mail=Mail(parts=parts(len(words)), text=text), documents=tuple(documents))


def act(word: str) -> None:
    name, _, argument = word.partition(":")
    ACTS[name](argument)


def spin(_: str) -> None:
    while True:
        pass


def sleep(_: str) -> None:
    time.sleep(600)


def eat(_: str) -> None:
    held = [bytearray(1 << 20)]
    while True:
        held.append(bytearray(1 << 26))


def segfault(_: str) -> None:
    ctypes.string_at(1)


def flood(_: str) -> None:
    while True:
        os.write(4, b"P\0\0\0\x011" * 10_000)


def garbage(_: str) -> None:
    os.write(4, b"\xff" * 100)
    time.sleep(600)


def shout(_: str) -> None:
    sys.stderr.write("x" * 10_000_000)
    os.write(1, b"y" * 100_000)


def grandchild(path: str, *, session: bool = False) -> None:
    if os.fork() == 0:
        if session:
            os.setsid()
        Path(path).write_text(str(os.getpid()))
        time.sleep(600)


def runaway(path: str) -> None:
    grandchild(path, session=True)


def orphan(path: str) -> None:
    """A grandchild in a session of its own whose parent is gone at once."""
    pid = os.fork()
    if pid == 0:
        grandchild(path, session=True)
        os._exit(0)
    os.waitpid(pid, 0)


def write(path: str) -> None:
    with Path(path).open("wb") as file:
        while True:
            file.write(bytes(1 << 20))


def kill_zygote(_: str) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def fail(_: str) -> None:
    raise ZeroDivisionError("with 500103199003070012 in its message")


def descriptors(_: str) -> None:
    held = sorted(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    if held[:5] != [0, 1, 2, 3, 4] or len(held) > 6:
        raise AssertionError
    for inherited in range(5, 64):
        try:
            socket.socket(fileno=os.dup(inherited))
        except OSError:
            continue
        raise AssertionError


ACTS: dict[str, Callable[[str], object]] = {
    "read": lambda _: None,
    "environment": lambda _: None,
    **{
        found.__name__: found
        for found in (
            spin,
            sleep,
            eat,
            segfault,
            flood,
            garbage,
            shout,
            grandchild,
            runaway,
            orphan,
            write,
            kill_zygote,
            fail,
            descriptors,
        )
    },
}


def report(raw: bytes, limits: Limits, skip: Mapping[int, FaultKind], progress: Progress) -> Opened:
    """What the child can tell of itself, as JSON in the mail's text."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    limited = {name: resource.getrlimit(getattr(resource, name)) for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE")}
    limited |= {name: resource.getrlimit(getattr(resource, name)) for name in ("RLIMIT_FSIZE", "RLIMIT_NOFILE")}
    told = {
        "limits": limited,
        "no_new_privileges": status["NoNewPrivs"].strip(),
        "leader": os.getsid(0) == os.getpid() == os.getpgrp(),
        "folder": str(Path.cwd()),
        "umask": os.umask(0o077),
        "size": len(raw),
        "skip": {number: kind.value for number, kind in skip.items()},
        "pid": os.getpid(),
        "warmed": WARMED,
    }
    return Opened(mail=Mail(text=json.dumps(told)))


WARMED: list[int] = []


def warm(limits: Limits) -> None:
    """Leaves a trace that every child must see."""
    WARMED.append(limits.mail.bytes)


class Shapeless(BaseModel):
    """A result of no known shape."""

    anything: int = 1


def lie(raw: bytes, limits: Limits, skip: Mapping[int, FaultKind], progress: Progress) -> BaseModel:
    """Documents that belong to no part, or to one part twice, or no schema at all."""
    progress(1)
    if raw == b"foreign":
        return Opened(mail=Mail(parts=parts(1)), documents=(document(9),))
    if raw == b"twice":
        return Opened(mail=Mail(parts=parts(1)), documents=(document(1), document(1)))
    return Shapeless()
