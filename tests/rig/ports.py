"""Free loopback ports, and waiting until somebody listens there."""

import errno
import os
import socket
import time
from itertools import count

LOOPBACK = "127.0.0.1"
_FIRST, _LAST = 20_000, 32_000
"""Below the ports that systems hand out by themselves, to whoever connects or asks for any port at all."""
_TURNS = count(os.getpid() * 97)
"""Each process begins somewhere else, and gives no port twice before it has been round."""


def free_port() -> int:
    """A port that nobody holds now, and that nobody is handed by chance before its server takes it."""
    for _ in range(_FIRST, _LAST):
        port = _FIRST + next(_TURNS) % (_LAST - _FIRST)
        try:
            socket.create_server((LOOPBACK, port)).close()
        except OSError as taken:
            if taken.errno != errno.EADDRINUSE:
                raise
        else:
            return port
    raise OSError("no port is free")


def wait_for(port: int, seconds: float = 10.0) -> None:
    """Return when a connection to the port is taken; raises `TimeoutError` when none is."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"nobody listens on port {port}")
