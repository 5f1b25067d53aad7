"""What holds for all tests: how many examples property tests try, and which tests a machine cannot run.

Tests that need a system program are skipped where it is missing; on CI they run and fail, so nothing hides.
`make test` tries the same few examples every time (profile `ci`), `make test-full` many fresh ones (profile `full`).
Temporary folders lie in memory where there is room: every commit of the ledger waits for the disk otherwise, and what a
killed process wrote survives it there as well.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("full", deadline=None, max_examples=500)
settings.load_profile("ci")

MEMORY = "/dev/shm"
ROOM = 2 * 1024**3

if Path(MEMORY).is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)

PROGRAMS = {"dovecot": "dovecot", "postfix": "postfix", "sieve": "sievec", "systemd": "systemd-analyze"}
SBIN = os.pathsep.join(["/usr/local/sbin", "/usr/sbin", "/sbin"])


@pytest.fixture(autouse=True)
def no_log_into_closed_streams() -> Iterator[None]:
    """A verb sets up logging for its process. Here the process goes on, and the stream it meant is closed by then."""
    yield
    structlog.reset_defaults()
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if type(handler) is logging.StreamHandler:
            root.removeHandler(handler)


def is_installed(program: str) -> bool:
    return shutil.which(program) is not None or shutil.which(program, path=SBIN) is not None


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes name a test by their argument: what stands in an archive (its date) is another at every start, and two
    workers that give one test two names refuse to start."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("CI"):
        return
    for marker, program in PROGRAMS.items():
        if is_installed(program):
            continue
        skip = pytest.mark.skip(reason=f"{program} is not installed; make setup brings it or names it")
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(skip)
