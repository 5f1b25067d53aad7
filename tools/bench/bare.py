"""The bare parts of one mail's way, each alone and on the same mails: what any program that does this job spends."""

from __future__ import annotations

import asyncio
import io
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import aiosmtplib
import imapclient
import mailparser
import openpyxl

from tools.bench.usage import seconds

FETCH = 50


def fetch(port: int, user: str, password: str) -> None:
    """All mails of the INBOX in lists of 50."""
    client = imapclient.IMAPClient("127.0.0.1", port, ssl=False)
    client.login(user, password)
    client.select_folder("INBOX")
    uids = client.search("ALL")
    for start in range(0, len(uids), FETCH):
        client.fetch(uids[start : start + FETCH], ["BODY.PEEK[]", "INTERNALDATE", "RFC822.SIZE"])
    client.logout()


def parse(mails: Iterable[bytes]) -> None:
    """mail-parser on every mail, its attachments taken."""
    for raw in mails:
        if not mailparser.parse_from_bytes(raw).attachments:
            raise RuntimeError("a mail without its attachment")


def fork(count: int) -> None:
    """One child per mail, which does nothing."""
    for _ in range(count):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)


def read(books: Iterable[bytes]) -> None:
    """Openpyxl on every workbook, all cells."""
    for book in books:
        for sheet in openpyxl.load_workbook(io.BytesIO(book)):
            for _ in sheet.iter_rows(values_only=True):
                pass


def send(port: int, to: str, letters: Sequence[bytes]) -> None:
    """Every letter over one kept connection."""

    async def work() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        for raw in letters:
            await client.sendmail("a@cqhrsp.com", [to], raw)
        await client.quit()

    asyncio.run(work())


def write(ledger: Path, target: Path, commits: int) -> float:
    """The rows that the product's ledger holds, by sqlite3 alone into a file of the same schema, synchronous=FULL, in
    as many transactions as the product committed; the processor seconds of that, reading them not counted."""
    tables, indexes, rows = _content(ledger)
    sink = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
        sink.execute(f"PRAGMA {pragma}")
    for sql in (*tables, *indexes):
        sink.execute(sql)
    spent = seconds(lambda: _transactions(sink, rows, commits))
    sink.close()
    return spent


Rows = list[tuple[str, list[tuple[object, ...]]]]


def _content(ledger: Path) -> tuple[list[str], list[str], Rows]:
    """Statements that make its tables and indexes, and by table the statement that inserts its rows."""
    source = sqlite3.connect(ledger)
    schema = "SELECT name, sql FROM sqlite_master WHERE type=? AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    tables = source.execute(schema, ("table",)).fetchall()
    rows: Rows = []
    for name, _ in tables:
        found = source.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 - names out of the schema itself
        if found:
            rows.append((f'INSERT INTO "{name}" VALUES ({",".join("?" * len(found[0]))})', found))  # noqa: S608
    indexes = [sql for _, sql in source.execute(schema, ("index",))]
    source.close()
    return [sql for _, sql in tables], indexes, rows


def _transactions(sink: sqlite3.Connection, rows: Rows, commits: int) -> None:
    for turn in range(commits):
        sink.execute("BEGIN IMMEDIATE")
        for insert, found in rows:
            share = found[len(found) * turn // commits : len(found) * (turn + 1) // commits]
            if share:
                sink.executemany(insert, share)
        sink.execute("COMMIT")


def keep(folder: Path, mails: Iterable[bytes]) -> None:
    """One synced file a mail."""
    folder.mkdir()
    for number, raw in enumerate(mails):
        handle = os.open(folder / str(number), os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(handle, raw)
        os.fsync(handle)
        os.close(handle)
