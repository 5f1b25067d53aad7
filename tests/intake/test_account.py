"""Where a password may travel, and that an account never shows one."""

import pytest

from mailbot.intake.account import Account, Server
from tests.intake.helpers import StillClock, account, limits, mailbox
from tests.intake.store import MemoryStore


@pytest.mark.parametrize("host", ["imap.cqhrsp.com", "10.0.0.5", "0.0.0.0", "localhost.evil.example"])  # noqa: S104
def test_plain_text_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="only loopback"):
        Server(host, 143, "u", "plain")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_plain_text_to_this_machine_is_fine(host: str) -> None:
    assert Server(host, 143, "u", "plain").tls == "plain"


def test_tls_is_the_default() -> None:
    assert Account("a", "a@x.cn", Server("imap.x.cn", 993, "a")).server.tls == "tls"


def test_nothing_that_is_printed_holds_the_password() -> None:
    box = mailbox(1, MemoryStore(), password="geheim-8831")
    assert "geheim" not in repr(box) + str(box.status) + repr(account(1)) + repr(limits()) + repr(StillClock())
