"""Free loopback ports, and waiting until somebody listens there."""

import socket
import time

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nobody holds now. Whoever starts a server on it does so at once."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


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
