"""`python -m tools.bench.sink`: an SMTP server that takes everything; prints its port and lives until it is ended."""

from __future__ import annotations

import threading

from tools.servers import SmtpServer


def main() -> None:
    """Serve."""
    with SmtpServer() as server:
        print(server.port, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
