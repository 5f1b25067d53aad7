"""The servers: a login to every mailbox and to the way out, with the remedy beside the server's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailbot.cli.checked import Fact, bad, good
from mailbot.config import Settings
from mailbot.config_accounts import MailboxAccount
from mailbot.credentials import Secrets
from mailbot.daemon import account_of, courier_of
from mailbot.domain.limits import IntakeLimits, Limits, OutboundLimits
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Clock, Cursor, FetchTry, Kept, NewMail, PortError
from mailbot.intake.faults import LoginRefused
from mailbot.intake.mailbox import Mailbox
from mailbot.logins import secret_of

_IMAP = "check [[mailbox]] host, port, tls and ca_file, and that IMAP is switched on at the provider"
_SMTP = "check [smtp] host, port, tls and ca_file; sender and user must usually be the same account"


class LookOnly:
    """The store of mailboxes that are only logged in to: nothing is fetched, so nothing can be kept."""

    def cursor(self, account: str, mailbox: str) -> Cursor | None:
        """No mail was stored here."""
        del account, mailbox
        return None

    def move(self, account: str, mailbox: str, cursor: Cursor) -> None:
        """Raises `PortError`, as `store`."""
        raise PortError(f"a check stores nothing, not {cursor} of {account} {mailbox}", retry=False)

    def newest(self, account: str, mailbox: str, uidvalidity: int, count: int) -> list[Kept]:
        """No mail was stored here."""
        del account, mailbox, uidvalidity, count
        return []

    def raw(self, sha256: str) -> bytes:
        """Raises `PortError`: no mail was stored here."""
        raise PortError(f"a check holds no mail, not {sha256}", retry=False)

    def tries(self, account: str, mailbox: str, uidvalidity: int) -> list[FetchTry]:
        """Nothing was tried here."""
        del account, mailbox, uidvalidity
        return []

    def keep_tries(self, account: str, mailbox: str, uidvalidity: int, tries: Sequence[FetchTry]) -> None:
        """Raises `PortError`, as `store`."""
        raise PortError(f"a check stores nothing, not {tries} of {account} {mailbox} {uidvalidity}", retry=False)

    def known_uids(self, account: str, mailbox: str, uidvalidity: int) -> set[int]:
        """No UID is known here."""
        del account, mailbox, uidvalidity
        return set()

    def store(self, mails: Sequence[NewMail], cursor: Cursor | None) -> list[int]:
        """Raises `PortError`: a check must not take mail in."""
        raise PortError(f"a check stores nothing, not {len(mails)} mails up to {cursor}", retry=False)

    def store_poison(self, arrival: Arrival, address: str, size: int, detail: str, cursor: Cursor | None) -> None:
        """Raises `PortError`, as `store`."""
        raise PortError(f"a check stores nothing, not {arrival} of {address} ({size}, {detail}, {cursor})", retry=False)


def network_facts(settings: Settings, secrets: Secrets, clock: Clock, limits: Limits) -> Iterator[Fact]:
    """The facts of each server account: of a mailbox that opens, what kind of server it is and which folders it has."""
    for box in settings.mailbox:
        yield from _mailbox(box, secrets, clock, limits.intake)
    yield _smtp(settings, secrets, clock, limits.outbound)


def _mailbox(box: MailboxAccount, secrets: Secrets, clock: Clock, limits: IntakeLimits) -> Iterator[Fact]:
    secret = secret_of(box, box.account, secrets, clock)
    mailbox = Mailbox(account_of(box), secret, LookOnly(), clock, limits)
    try:
        yield from [good("imap", line) for line in mailbox.check()]
    except LoginRefused as refused:
        yield bad("imap", f"{box.account}: {refused}", refused.remedy or _IMAP)
    except (PortError, OSError) as fault:
        yield bad("imap", f"{box.account}: {fault}", _IMAP)


def _smtp(settings: Settings, secrets: Secrets, clock: Clock, limits: OutboundLimits) -> Fact:
    try:
        courier = courier_of(settings, secrets, clock, limits)
    except PortError as fault:
        return bad("smtp", str(fault), _SMTP)
    try:
        return good("smtp", courier.check())
    except (PortError, OSError) as fault:
        return bad("smtp", str(fault), _SMTP)
    finally:
        courier.close()
