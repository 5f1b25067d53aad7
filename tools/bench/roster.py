"""The second figure: one very large roster read, judged and written, against openpyxl's reading of the file alone.

`python -m tools.bench.roster FOLDER OUT` does the product's part in a process of its own, on FOLDER/roster.eml.
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from mailbot.assembly import Parts, assembled, open_rules
from mailbot.clock import FixedClock
from mailbot.domain.evidence import Where
from mailbot.domain.facts.vocabulary import Facts
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import NewMail, Note, SendResult, SendState, nothing_to_note
from mailbot.flow import consider
from mailbot.ledger.settings import Mode
from mailbot.steps.classify import classify
from mailbot.steps.context import situation_of
from tools.bench import bare
from tools.bench.figure import Figure
from tools.bench.mails import ROSTER_ADDRESS, START, mails
from tools.bench.stage import site_facts
from tools.bench.usage import Peak, of_children, own, seconds

MEMORY = 600_000_000
RULE = 0.5e-6
_MAIL, _OUT = "roster.eml", "spent.json"


class NoCourier:
    """Takes every letter and counts them."""

    def __init__(self) -> None:
        self.taken = 0

    def send(self, to: str, raw: bytes, mark: str = "", before_dot: Note = nothing_to_note) -> SendResult:  # noqa: ARG002 - the port's
        self.taken += 1
        return SendResult(SendState.SENT, "250 taken")


def measure(rows: int) -> list[Figure]:
    """Processor seconds from raw bytes to decision, and to the end of commit 2; memory of the process tree; seconds a
    rule. Neither side ever waits for anything but the disk, so on a quiet machine these are the seconds that pass."""
    [(raw, book)] = mails(1, rows)
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / _MAIL).write_bytes(raw)
        before = seconds(lambda: bare.read([book]))
        spent, peak = _product(folder)
        base = (before + seconds(lambda: bare.read([book]))) / 2
    openpyxl, what = "openpyxl reads the file", f"{rows} rows, processor seconds"
    told = ", ".join(f"{step} {spent[step]:.2f}" for step in ("read", "judge", "write"))
    decided = spent["read"] + spent["judge"]
    return [
        Figure(f"{what} to the decision", decided, openpyxl, base, 1.0, f"seconds: {told}"),
        Figure(f"{what} to commit 2", decided + spent["write"], openpyxl, base, None),
        Figure(f"{rows} rows, peak MB of all processes", peak / 1e6, "the promised most", MEMORY / 1e6, 1.0),
        Figure(
            f"{rows} rows, microseconds a rule", spent["rule"] * 1e6, "the promised most", RULE * 1e6, 1.0,
            f"{spent['rules']:.0f} rules a row",
        ),
    ]  # fmt: skip


def _product(folder: Path) -> tuple[dict[str, float], int]:
    command = [sys.executable, "-m", "tools.bench.roster", str(folder), str(folder / _OUT)]
    with subprocess.Popen(command) as process, Peak(process.pid) as peak:
        if process.wait() != 0:
            raise RuntimeError("the product failed")
    spent: dict[str, float] = json.loads((folder / _OUT).read_text())
    return spent, peak.bytes


def main(folder: Path, out: Path) -> None:
    """The product's part, step by step."""
    facts, secrets = site_facts(folder / "site")
    with assembled(facts, open_rules(facts), secrets, FixedClock(START), NoCourier()) as parts:
        out.write_text(json.dumps(_steps(parts, (folder / _MAIL).read_bytes())))


def _steps(parts: Parts, raw: bytes) -> dict[str, float]:
    parts.ledger.switches.set_mode(Mode.LIVE, "bench", START)
    parts.ledger.mails.store([NewMail(Arrival("bench", "INBOX", 1, 1, START), ROSTER_ADDRESS, raw)], None)
    mail = parts.ledger.steps.claim_mail(START)
    if mail is None:
        raise RuntimeError("the mail is not there")
    times = [own() + of_children()]
    opened = parts.house.opener.open(parts.ledger.cases.raw(mail.sha256))
    times.append(own() + of_children())
    result = consider(mail, opened, parts.house)
    times.append(own() + of_children())
    parts.ledger.cases.finish(mail, result)
    times.append(own() + of_children())
    spent = dict(zip(("read", "judge", "write"), (end - start for start, end in pairwise(times)), strict=True))
    [case] = result.cases
    book = parts.rulebook
    situation = situation_of(case.context, book.campaign, parts.hasher)
    [request] = classify(opened, parts.house.kinds(book))
    return spent | _rules(parts, [subject.facts for subject in request.kind.subjects(request.record, situation)][1:])


def _rules(parts: Parts, rows: list[Facts]) -> dict[str, float]:
    """Seconds a rule, over all rows; the fastest of three rounds."""
    book = parts.rulebook
    count = len(book.rules["row"])

    def judged() -> None:
        for facts in rows:
            book.check("row", facts, lambda field: Where(field=field))

    return {"rule": min(seconds(judged) for _ in range(3)) / count / len(rows), "rules": count}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
