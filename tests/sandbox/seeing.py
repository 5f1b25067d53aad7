"""What a hostile picture could make its reader do, as a target for the readers. The picture's bytes say which."""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from mailbot.domain.limits import Limits
from mailbot.domain.scan import Scan, SeenLine


def warm_up(limits: Limits) -> None:
    assert limits.ocr.workers


def fail_to_start(limits: Limits) -> None:
    raise RuntimeError(limits.ocr.workers)


def read(picture: bytes, limits: Limits) -> Scan:
    word, _, rest = picture.decode().partition(" ")
    return Scan(number=0, sha256="", lines=(SeenLine(text=act(word, rest, limits), box=(0, 0, 1, 1), confidence=1),))


def act(word: str, rest: str, limits: Limits) -> str:  # noqa: C901, PLR0912 - one word, one deed
    match word:
        case "pid":
            return str(os.getpid())
        case "hang":
            time.sleep(600)
        case "fork":
            child = subprocess.Popen(["sleep", "600"])
            Path(rest).write_text(str(child.pid), encoding="ascii")
            time.sleep(600)
        case "crash":
            ctypes.string_at(0)
        case "end":
            os.kill(os.getpid(), signal.SIGTERM)
        case "raise":
            raise ValueError(rest)
        case "spin":
            while True:
                pass
        case "grow":
            return str(len(bytearray(int(rest))))
        case "long":
            return "x" * (limits.ocr.result_bytes + 1)
        case "environment":
            return "\n".join(f"{name}={value}" for name, value in os.environ.items())
        case "connect":
            socket.create_connection(("127.0.0.1", int(rest)), timeout=1)
        case "core":
            return str(resource.getrlimit(resource.RLIMIT_CORE)[0])
        case "modules":
            return " ".join(name for name in sys.modules if name.startswith("mailbot."))
    return word
