"""The first figure: mails from a real Dovecot to letters in a real SMTP sink, against the bare parts of that way."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mailbot.domain.limits import Limits
from tools.bench import bare
from tools.bench.figure import Figure
from tools.bench.mails import ROSTER_ADDRESS, mails
from tools.bench.stage import USER, Stage, stage
from tools.bench.usage import seconds

BOUND = 1.5
ROWS = 50


def measure(count: int, limits: Limits) -> list[Figure]:
    """Processor seconds of the product's whole process tree against the sum of the bare parts on the same mails."""
    made = list(mails(count, ROWS))
    raws, books = [raw for raw, _ in made], [book for _, book in made]
    with TemporaryDirectory(prefix="bench-") as name, stage(Path(name), raws) as site:
        spent = _product(site, Path(name) / "spent.json")
        if spent["letters"] < count:
            raise RuntimeError(f"{spent['letters']} letters for {count} mails")
        parts = _bare(site, Path(name), raws, books, int(spent["commits"]), limits)
    product, total = spent["own"] + spent["children"], sum(parts.values())
    told = ", ".join(f"{part} {1000 * used / count:.1f}" for part, used in parts.items())
    own, readers = (1000 * spent[which] / count for which in ("own", "children"))
    note = f"ms a mail: product {own:.1f}, its readers {readers:.1f}; {told}; {spent['commits'] / count:.1f} commits"
    what = f"{count} mails of {ROWS} rows, processor seconds"
    return [Figure(what, product, "sum of bare parts", total, BOUND, note)]


def _product(site: Stage, out: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tools.bench.product", str(site.settings), str(out)]
    subprocess.run(command, check=True)
    spent: dict[str, float] = json.loads(out.read_text())
    return spent


def _bare(
    site: Stage, folder: Path, raws: Sequence[bytes], books: Sequence[bytes], commits: int, limits: Limits
) -> dict[str, float]:
    ledger = site.storage / "ledger.sqlite3"
    letters = _letters(site.storage, ledger)
    return {
        "fetch": seconds(lambda: bare.fetch(site.imap.imap, USER, site.imap.password)),
        "parse": seconds(lambda: bare.parse(raws)),
        "fork": _forks(len(raws), limits),
        "read": seconds(lambda: bare.read(books)),
        "keep": seconds(lambda: bare.keep(folder / "kept", [*raws, *letters])),
        "commits": bare.write(ledger, folder / "bare.sqlite3", commits),
        "send": seconds(lambda: bare.send(site.smtp_port, ROSTER_ADDRESS, letters)),
    }


def _letters(storage: Path, ledger: Path) -> list[bytes]:
    """The exact letters that the product sent."""
    with sqlite3.connect(ledger) as db:
        digests = [str(row[0]) for row in db.execute("SELECT sha256 FROM letters WHERE sha256 IS NOT NULL")]
    db.close()
    return [(storage / "blobs" / digest[:2] / digest).read_bytes() for digest in digests]


def _forks(count: int, limits: Limits) -> float:
    command = [sys.executable, "-m", "tools.bench.forks", str(count)]
    told = subprocess.run(command, input=limits.model_dump_json(), check=True, capture_output=True, text=True)
    return float(told.stdout)
