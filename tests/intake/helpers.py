"""Accounts, small limits and mails for the tests of intake."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from mailbot.credentials import Password
from mailbot.domain.limits import IntakeLimits
from mailbot.intake.account import Account, Server, Tls
from mailbot.intake.mailbox import Mailbox
from tests.intake.store import MemoryStore
from tests.rig.ports import LOOPBACK

USER = "2020gxkm@cqhrsp.com"
NOW = datetime(2020, 7, 9, 1, 0, tzinfo=UTC)
SENT = datetime(2020, 7, 8, 17, 30, tzinfo=timezone(timedelta(hours=8)))
PW = Password(lambda: "pw")
QUICK = IntakeLimits(
    poll_seconds=1,
    poll_deadline_seconds=3,
    batch_mails=50,
    batch_bytes=20_000_000,
    fetch_attempts=3,
    fetch_retry_seconds=300,
    listing_mails=2_000,
    connect_seconds=2,
    read_seconds=2,
    reconnect_min_seconds=1,
    reconnect_max_seconds=4,
    login_attempts=3,
    login_retry_seconds=60,
    slowest_bytes_per_second=50_000,
    largest_mail_bytes=60_000_000,
)


class StillClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return NOW


def limits(**changes: int) -> IntakeLimits:
    return QUICK.model_copy(update=changes)


def account(
    port: int, *, name: str = "roster", user: str = USER, tls: Tls = "plain", ca_file: Path | None = None
) -> Account:
    return Account(name, USER, Server(LOOPBACK, port, user, tls, ca_file))


def mailbox(port: int, store: MemoryStore, *, password: str = "rig password", **changes: int) -> Mailbox:
    return Mailbox(
        account(port), Password(lambda: password), store, StillClock(), limits(**changes), lambda low, high: low / 10
    )


def mail(number: int, size: int = 0) -> bytes:
    text = f"Message-ID: <{number}@unit-a.example>\r\nFrom: a@unit-a.example\r\nSubject: n{number}\r\n\r\nmail {number}\r\n"
    return text.encode() + b"x" * size
