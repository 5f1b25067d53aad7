"""Servers and folders for daemons: an IMAP server in memory for most tests, a real Dovecot where one is installed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from mailbot import assembly
from mailbot.ledger.ledger import FILE, open_ledger
from tests.daemon.site import Place, place
from tests.flow.office import InProcess
from tests.ledger.world import TERMS
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.smtp_sink import SmtpSink
from tools.servers import ImapServer

USERS = tuple(f"user{number}" for number in range(40))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty ledger to copy."""
    folder = tmp_path_factory.mktemp("template")
    open_ledger(folder, TERMS).close()
    return folder / FILE


@pytest.fixture(scope="session")
def imap() -> Iterator[ImapServer]:
    with ImapServer(dict.fromkeys(USERS, PASSWORD)) as server:
        yield server


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """A mailbox of its own for every test."""
    return count()


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails are opened in this process: what the sandbox does is tested in its own room."""
    monkeypatch.setattr(assembly, "Sandbox", InProcess)


@pytest.fixture
def site(
    tmp_path: Path, template: Path, imap: ImapServer, numbers: Iterator[int], sink: SmtpSink, in_process: None
) -> Place:
    """A site whose mailbox lies on the IMAP server in memory."""
    user = USERS[next(numbers)]
    return place(tmp_path, template, PASSWORD, sink, imap.port, user, lambda raw, at: imap.deliver(user, raw, at))


@pytest.fixture
def dovecot_site(tmp_path: Path, template: Path, sink: SmtpSink) -> Iterator[Place]:
    """A site on a real Dovecot, with the real sandbox."""
    with Dovecot("roster") as server:
        put = lambda raw, at: server.append("roster", raw, at=at)  # noqa: E731 - one line, one use
        yield place(tmp_path, template, PASSWORD, sink, server.imap, "roster", put)
