"""Looking for a letter of unknown end in the Sent folder of a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mailbot.credentials import Password
from mailbot.domain.ports import PortError
from mailbot.intake import sent_lookup
from mailbot.intake.sent_lookup import SentLookup
from tests.intake.helpers import SENT, USER, account, limits, mail
from tests.rig.dovecot import PASSWORD, Dovecot

pytestmark = pytest.mark.dovecot
FOLDER = "已发送"
OURS, OTHER = "<a.b@cqhrsp.com>", "<c.d@cqhrsp.com>"


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with Dovecot(USER) as dovecot:
        with dovecot.client(USER) as client:
            client.create_folder(FOLDER)
        yield dovecot


def letter(message_id: str) -> bytes:
    return f"From: a@cqhrsp.com\r\nMessage-ID:\r\n {message_id}\r\nSubject: x\r\n\r\nx\r\n".encode()


def lookup(port: int, folder: str = FOLDER, password: str = PASSWORD) -> SentLookup:
    return SentLookup(account(port), Password(lambda: password), limits(), folder)


def test_what_lies_there_is_found_and_nothing_else(server: Dovecot) -> None:
    server.append(USER, letter(OURS), at=SENT, folder=FOLDER)
    server.append(USER, mail(1), at=SENT, folder=FOLDER)
    for folder in (FOLDER, "auto"):
        assert lookup(server.imap, folder).holds((OURS, OTHER), SENT - timedelta(hours=1)) == {OURS}


def test_what_came_in_earlier_is_not_looked_at(server: Dovecot) -> None:
    server.append(USER, letter(OURS), at=SENT, folder=FOLDER)
    assert lookup(server.imap).holds((OURS,), SENT + timedelta(hours=1)) == frozenset()


def test_a_letter_behind_many_others_is_found(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_lookup, "_PIECE", 3)
    for one in (letter(OURS), *(letter(f"<{n}@cqhrsp.com>") for n in range(10))):
        server.append(USER, one, at=SENT, folder=FOLDER)
    assert lookup(server.imap).holds((OURS,), SENT) == {OURS}
    monkeypatch.setattr(sent_lookup, "NEWEST", 5)
    assert lookup(server.imap).holds((OURS,), SENT) == frozenset()


def test_without_such_a_folder_nothing_is_found(server: Dovecot) -> None:
    server.append(USER, letter(OURS), at=SENT)
    assert lookup(server.imap, "nowhere").holds((OURS,), SENT) == frozenset()


def test_a_server_that_is_away_or_refuses_is_a_fault_of_the_port(server: Dovecot) -> None:
    with pytest.raises(PortError):
        lookup(server.imap, password="wrong").holds((OURS,), SENT)
    port = server.imap
    server.stop()
    with pytest.raises(PortError):
        lookup(port).holds((OURS,), SENT)
