"""One life of an office's daemon in a process that may be killed: what is due now, and what is due an hour later.

python -m tests.servers.life FOLDER NOW
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from mailbot import assembly
from mailbot.clock import FixedClock
from mailbot.config import load_settings
from mailbot.daemon import Daemon, Wiring
from tests.flow.office import InProcess


def live(folder: Path, now: datetime) -> None:
    """Mails are opened in this process, which starts the sooner. Raises what a mailbox raises."""
    clock = FixedClock(now)
    settings = load_settings(folder / "mailbot.toml")
    with patch.object(assembly, "Sandbox", InProcess), Daemon(settings, Wiring(clock, {})) as daemon:
        daemon.once()
        clock.advance(timedelta(hours=1))
        daemon.once()


if __name__ == "__main__":
    live(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
