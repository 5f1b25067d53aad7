"""The town's servers for a session, and an office of its own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from mailbot import assembly
from mailbot.ledger.ledger import FILE, open_ledger
from tests.flow.office import InProcess
from tests.ledger.world import TERMS
from tests.rig.dovecot import Dovecot
from tests.rig.ports import free_port
from tests.rig.postfix import Postfix
from tests.servers.town import Office, Town


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here need the whole town."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for name in ("dovecot", "postfix", "sieve"):
                item.add_marker(name)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("template")
    open_ledger(folder, TERMS).close()
    with Dovecot(relay=free_port()) as home, Postfix(home) as post:
        yield Town(home, post, folder / FILE)


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture
def real_reader() -> bool:
    """Whether mails are opened in the real child; a test that wants it overrides this."""
    return False


@pytest.fixture
def office(
    town: Town, tmp_path: Path, numbers: Iterator[int], real_reader: bool, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """An office whose two mailboxes are there and empty. Mails are opened in this process: what the sandbox does is
    tested in its own room."""
    if not real_reader:
        monkeypatch.setattr(assembly, "Sandbox", InProcess)
    return Office(town, tmp_path, next(numbers))
