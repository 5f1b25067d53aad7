"""A mail server of our own in a throwaway folder: started, ended with all its children, and swept away."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pytest

from tests.rig.ports import wait_for


class Server:
    """What every server of the rig is: a folder `top`, one process group, a log. `stop` leaves the folder, so that
    `start` is a restart."""

    name: str

    def __init__(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix=f"rig-{self.name}-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def group(self) -> int:
        """The process group that all its programs are in while it runs."""
        return 0 if self._process is None else self._process.pid

    @property
    def log(self) -> str:
        """What it logged so far."""
        path = self.top / "log"
        return path.read_text("utf-8", "replace") if path.exists() else "no log"

    def run(self, command: Sequence[str], doors: Sequence[int], errors: IO[bytes] | int) -> None:
        """Start it in a group of its own, and wait until it answers at all its ports; what it said fails the test."""
        self._process = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, stderr=errors)
        try:
            for port in doors:
                wait_for(port)
        except TimeoutError:
            self.stop()
            said = self.log
            shutil.rmtree(self.top)
            pytest.fail(f"{self.name} does not start: {said}")

    def start(self) -> Self:
        """Start it, and return when it answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """End it at once with all its children and connections; what it holds stays."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.top, ignore_errors=True)
