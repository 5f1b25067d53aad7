"""Where victims are born: a process that has loaded everything once and forks a child for every order it reads.

A daemon takes seconds to load its libraries and a fraction of one to work. What a nursery prepares for its children is
without state: the imports, the rules of the folder named on its command line, and the opened form of the scenario's
mails, taken once from the real sandbox (opening is a pure function of the bytes). The rest of a child is as real as in
a process of its own, and `test_whole.py` kills such ones as well.

One order a line comes in as JSON, one answer goes out: the exit code, negative for a signal.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from mailbot import assembly, daemon
from mailbot.assembly import TARGET, WARM_UP, SiteFacts, open_rules
from mailbot.data import templates_dir
from mailbot.domain.document import Opened
from mailbot.domain.limits import Limits
from mailbot.failpoints import VARIABLE, Recorder, failpoint, recorder
from mailbot.rulebook import Reloader
from mailbot.sandbox.parent import Sandbox
from tests.crash.scenario import MAILS
from tests.crash.victim import Order, obey

PATIENCE: Final = 40.0
"""Seconds a victim may live."""
OVERDUE: Final = -signal.SIGALRM
"""The answer for a victim that had to be ended."""
LOG: Final = "victim.log"


class Memory:
    """An `Opener` that knows the scenario's mails. One it does not know is a `KeyError`."""

    known: Final[dict[str, Opened]] = {}

    def __init__(self, limits: Limits, target: str, warm_up: str | None = None) -> None:
        """Takes what the sandbox takes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end."""

    def open(self, raw: bytes) -> Opened:
        return self.known[hashlib.sha256(raw).hexdigest()]


def prepare(rules: Path) -> None:
    """Load what every child needs, and put it where the daemon looks for it."""
    site = SiteFacts(Path(), rules, templates_dir(), frozenset(), "", "", "2020")
    loaded = open_rules(site)
    with Sandbox(loaded.current.limits, TARGET, WARM_UP) as sandbox:
        for mail in MAILS:
            Memory.known[hashlib.sha256(mail.raw).hexdigest()] = sandbox.open(mail.raw)

    def ready_rules(_site: SiteFacts) -> Reloader:
        return loaded

    vars(assembly)["Sandbox"] = Memory
    vars(daemon)["open_rules"] = ready_rules


def rear(order: Order) -> int:
    """Fork a child for the order and wait for its end."""
    child = os.fork()
    if child == 0:
        _live(order)
    handle = os.pidfd_open(child)
    ended, _, _ = select.select([handle], [], [], PATIENCE if order.after is None else order.after)
    if not ended:
        os.kill(child, signal.SIGKILL)
    os.close(handle)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status if ended or order.after is not None else OVERDUE


def _live(order: Order) -> None:
    """The child's whole life. Whatever happens, it does not come back into the nursery's loop."""
    code = 1
    try:
        log = os.open(Path(order.folder) / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        _arm(order.failpoints)
        code = obey(order)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(code)


def _arm(setting: str) -> None:
    """Set the recorder that all modules hold since import as its setting says."""
    if not isinstance(failpoint, Recorder):
        raise TypeError(f"a nursery is started with {VARIABLE}, and {failpoint} is no recorder")
    wanted = recorder(setting)
    failpoint._log, failpoint._die, failpoint._counts = wanted._log, wanted._die, Counter()


def serve() -> None:
    """Orders in, answers out, until the line is closed."""
    prepare(Path(sys.argv[1]))
    print("ready", flush=True)  # noqa: T201 - the protocol
    for line in sys.stdin:
        print(rear(Order(**json.loads(line))), flush=True)  # noqa: T201 - the protocol


class Nursery:
    """The harness's side of one nursery."""

    def __init__(self, rules: Path, log: Path) -> None:
        environment = {**os.environ, VARIABLE: f"log={os.devnull}"}
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.nursery", str(rules)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        if self._answer() != "ready":
            raise RuntimeError(f"no nursery: {log.read_text('utf-8')}")

    def __call__(self, order: Order) -> int:
        """Obey the order in a process of its own; its exit code."""
        assert self._process.stdin is not None
        self._process.stdin.write(order.json() + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


if __name__ == "__main__":
    serve()
