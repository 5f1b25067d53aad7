"""The door of the ledger: opens the storage folder, brings it to this program's schema, and hands out its parts.

Each part meets one port or serves one kind of caller; all share one engine, and all may be used from several threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mailbot.domain.ports import PortError
from mailbot.ledger.alarms import Alarms
from mailbot.ledger.audit import Audit
from mailbot.ledger.blobs import Blobs
from mailbot.ledger.bounces import Reach
from mailbot.ledger.byhand import ByHand
from mailbot.ledger.commit import Cases
from mailbot.ledger.db import READS, Database, open_engine, open_reader, port_errors
from mailbot.ledger.drafts import Drafts
from mailbot.ledger.filings import Filings
from mailbot.ledger.flows import Flows
from mailbot.ledger.heaps import Heaps
from mailbot.ledger.history import History
from mailbot.ledger.interim import Interims
from mailbot.ledger.mails import Mails
from mailbot.ledger.migrate import head, migrate, revision
from mailbot.ledger.notices import Notices
from mailbot.ledger.orders import Orders
from mailbot.ledger.payments import Payments
from mailbot.ledger.queries import Queries
from mailbot.ledger.redate import Dates
from mailbot.ledger.scans import Scans
from mailbot.ledger.sent import Sent
from mailbot.ledger.settings import Switches
from mailbot.ledger.steps import Steps
from mailbot.ledger.stops import Stops
from mailbot.ledger.sweeps import Sweeps
from mailbot.ledger.terms import Terms

FILE = "ledger.sqlite3"
BLOBS = "blobs"


@dataclass(frozen=True, slots=True)
class Ledger:
    """`mails` for the intake (`ports.MailStore`), `cases` for flow and desk (`ports.FlowLedger`), `steps` for the
    engine (`ports.StepLedger`), `drafts`, `switches`, `stops` for named persons, `notices` for the office's own staff,
    `interims` for senders who wait beyond their day, `queries` for whoever looks, `audit`, `by_hand` for what persons
    do besides a verdict, `orders` for the lists of the platform's orders, `payments` for the
    registers of the old platforms, `dates` for the days of what is open,
    `history` for what stood at an earlier moment, `reach` for whom our letters do not reach,
    `heaps` for the queue with a flood in one row, `filings` for what was
    moved on the servers, `sweeps` for the daily comparison with them, `sent` for what staff wrote by hand, `alarms` for
    what people are told by another road, `flows` for what health asks, `scans` for
    what was read from pictures."""

    db: Database
    mails: Mails
    cases: Cases
    steps: Steps
    drafts: Drafts
    notices: Notices
    interims: Interims
    switches: Switches
    stops: Stops
    queries: Queries
    audit: Audit
    by_hand: ByHand
    orders: Orders
    payments: Payments
    dates: Dates
    history: History
    reach: Reach
    heaps: Heaps
    filings: Filings
    sweeps: Sweeps
    sent: Sent
    alarms: Alarms
    flows: Flows
    scans: Scans

    def close(self) -> None:
        """Give back the database's files."""
        self.db.engine.dispose()


def open_ledger(storage: Path, terms: Terms) -> Ledger:
    """The ledger in a storage folder, created or migrated where needed. Raises `PortError`: no retry for a ledger that
    a newer program wrote."""
    blobs = Blobs(storage / BLOBS)
    engine = open_engine(storage / FILE)
    with port_errors():
        migrate(engine)
    return _ledger(Database(engine, blobs, terms))


def read_ledger(storage: Path, terms: Terms) -> Ledger:
    """The ledger in a storage folder to look at, also while somebody works there; whatever would write fails. Raises
    `PortError` (no retry) for one of another program's schema."""
    engine = open_reader(storage / FILE)
    with port_errors(), engine.connect() as conn, conn.execution_options(**{READS: True}).begin():
        found = revision(conn)
    if found != head():
        engine.dispose()
        text = f"the ledger stands at schema {found}, this program reads {head()}: mailbot once brings it there"
        raise PortError(text, retry=False)
    return _ledger(Database(engine, Blobs(storage / BLOBS), terms))


def _ledger(db: Database) -> Ledger:
    return Ledger(
        db=db,
        mails=Mails(db),
        cases=Cases(db),
        steps=Steps(db),
        drafts=Drafts(db),
        notices=Notices(db),
        interims=Interims(db),
        switches=Switches(db),
        stops=Stops(db),
        queries=Queries(db),
        audit=Audit(db),
        by_hand=ByHand(db),
        orders=Orders(db),
        payments=Payments(db),
        dates=Dates(db),
        history=History(db),
        sweeps=Sweeps(db),
        sent=Sent(db),
        alarms=Alarms(db),
        flows=Flows(db),
        reach=Reach(db),
        heaps=Heaps(db),
        filings=Filings(db),
        scans=Scans(db),
    )
