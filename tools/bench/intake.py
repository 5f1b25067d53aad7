"""Intake: mails from a real Dovecot into the ledger, against a floor that fetches, syncs, commits and no more."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import imapclient

from mailbot.assembly import open_rules, open_storage
from mailbot.clock import FixedClock
from mailbot.credentials import Password
from mailbot.domain.mail import MailState
from mailbot.intake.account import Account, Server
from mailbot.intake.mailbox import Mailbox
from tests.rig.dovecot import Dovecot
from tools.bench.figure import Figure
from tools.bench.mails import ROSTER_ADDRESS, START
from tools.bench.stage import site_facts

BOUND = 1 / 0.7
"""The product's rate is at least 0.7 of the floor's."""
SIZE = 20_000
FETCH = 50
TURNS = 2


def measure(count: int) -> list[Figure]:
    """Seconds on the wall for storing `count` mails, in turn with the floor on the same server."""
    raws = [mail(number) for number in range(count // TURNS)]
    spent = {"product": 0.0, "floor": 0.0}
    users = [f"{which}{turn}" for turn in range(TURNS) for which in spent]
    with TemporaryDirectory(prefix="bench-") as name, Dovecot(*users) as server:
        for user in users:
            server.drop(user, *raws, at=START)
            _warm(server, user)
        for turn in range(TURNS):
            ways = (("product", product), ("floor", floor))
            for which, way in ways if turn % 2 else reversed(ways):
                spent[which] += way(server, f"{which}{turn}", Path(name) / f"{which}{turn}", len(raws))
    rates = {which: TURNS * len(raws) / seconds for which, seconds in spent.items()}
    note = f"mails a second: product {rates['product']:.0f}, floor {rates['floor']:.0f}; the floor commits mail by mail"
    what = f"intake of {TURNS * len(raws)} mails of {SIZE // 1000} kB, seconds on the wall"
    return [Figure(what, spent["product"], "FETCH, synced file, commit", spent["floor"], BOUND, note)]


def mail(number: int) -> bytes:
    """A mail of that size, every one another."""
    head = f"Message-ID: <{number}@unit.example>\r\nFrom: hr@unit{number % 97}.example\r\nSubject: n{number}\r\n\r\n"
    line = f"{number:08d} " * 8 + "\r\n"
    return (head + line * ((SIZE - len(head)) // len(line))).encode()


def _warm(server: Dovecot, user: str) -> None:
    """The server's own index is built: what that costs is nobody's here."""
    with server.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        client.fetch(client.search("ALL"), ["RFC822.SIZE", "INTERNALDATE"])


def product(server: Dovecot, user: str, folder: Path, count: int) -> float:
    """Our mailbox into our ledger: stored, synced, committed, and marked as read."""
    facts, secrets = site_facts(folder)
    rules = open_rules(facts)
    ledger = open_storage(facts, rules, secrets)
    account = Account("roster", ROSTER_ADDRESS, Server(server.host, server.imap, user, "plain"))
    secret, clock = Password(lambda: server.password), FixedClock(START)
    box = Mailbox(account, secret, ledger.mails, clock, rules.current.limits.intake)
    spent = _wall(lambda: box.drain(threading.Event()))
    stored = ledger.queries.counts().mails.get(MailState.STORED.value, 0)
    ledger.close()
    _flagged(server, user, count)
    if stored != count:
        raise RuntimeError(f"{stored} of {count} mails are stored")
    return spent


def floor(server: Dovecot, user: str, folder: Path, count: int) -> float:
    """FETCH in lists of 50, one synced file and one commit a mail, one STORE a list."""
    folder.mkdir()
    db = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE mails (uid, at, size)"):
        db.execute(statement)
    spent = _wall(lambda: _take(server, user, folder, db))
    [(stored,)] = db.execute("SELECT count(*) FROM mails")
    db.close()
    _flagged(server, user, count)
    if stored != count:
        raise RuntimeError(f"{stored} of {count} mails are stored")
    return spent


def _take(server: Dovecot, user: str, folder: Path, db: sqlite3.Connection) -> None:
    client = imapclient.IMAPClient(server.host, server.imap, ssl=False)
    client.login(user, server.password)
    client.select_folder("INBOX")
    uids = client.search("ALL")
    for start in range(0, len(uids), FETCH):
        some = uids[start : start + FETCH]
        for uid, entry in client.fetch(some, ["BODY.PEEK[]", "INTERNALDATE", "RFC822.SIZE"]).items():
            handle = os.open(folder / str(uid), os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(handle, entry[b"BODY[]"])
            os.fsync(handle)
            os.close(handle)
            row = (uid, str(entry[b"INTERNALDATE"]), entry[b"RFC822.SIZE"])
            db.execute("INSERT INTO mails VALUES (?, ?, ?)", row)
        client.add_flags(some, [imapclient.SEEN], silent=True)
    client.logout()


def _wall(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _flagged(server: Dovecot, user: str, count: int) -> None:
    with server.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        if len(client.search("SEEN")) != count:
            raise RuntimeError("not every mail is marked as read")
