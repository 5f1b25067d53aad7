"""What a mailbox of the settings does besides fetching: the Sent folder, the daily comparison, and its folders."""

from __future__ import annotations

from mailbot.config_accounts import MailboxAccount
from mailbot.domain.limits import IntakeLimits
from mailbot.domain.ports import Clock
from mailbot.intake.account import Account
from mailbot.intake.filing import Filing
from mailbot.intake.passes import DailySweep, Pass, Passes
from mailbot.intake.sent import SentWatch
from mailbot.intake.sweep import Sweep
from mailbot.ledger.ledger import Ledger


def sweep_of(account: Account, ledger: Ledger, clock: Clock, limits: IntakeLimits) -> Sweep:
    """The comparison of one account with its server."""
    folders = [name for name in (account.handled_folder, account.person_folder) if name]
    return Sweep(account, folders, ledger.sweeps, clock, limits)


def passes_of(box: MailboxAccount, account: Account, ledger: Ledger, clock: Clock, limits: IntakeLimits) -> Passes:
    """In the order in which they come: what staff wrote is known before anything else is done about their mails."""
    last = ledger.sweeps.begin(account.name, clock.now())
    passes: list[Pass] = [SentWatch(account, box.sent_folder, ledger.sent, clock, limits)] if box.sent_folder else []
    passes.append(DailySweep(sweep_of(account, ledger, clock, limits), clock, last))
    passes.append(Filing(account, ledger.filings, clock))
    return Passes(tuple(passes))
