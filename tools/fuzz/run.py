"""Runs rounds: a throwaway site for a batch, every spoilt mail through the real child and the whole flow."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

from mailbot import contract
from mailbot.assembly import locked
from mailbot.cli.process import rehearsal
from mailbot.cli.rehearsal import Rehearsal, rehearsal_site
from mailbot.domain.decisions import Automation
from tools.fuzz.judge import Done, Registry, drifted, wrong_files, wrong_people, wrong_round
from tools.fuzz.plan import Round, batch_size, planned

AT: Final = datetime(2020, 9, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KINDS: Final = ("roster", "enquiry")
SPARE_SECONDS: Final = 5.0
"""What a mail may take besides the reader's own limit."""


@dataclass
class Report:
    """What the rounds came to. `wrong` names the round and each breach; `drift` is for the reader's eye."""

    rounds: int = 0
    accounts: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


def fuzz(seed: int, numbers: Sequence[int], keep: Path | None = None) -> Report:
    """The rounds of these numbers, each batch on a storage of its own. `keep`: where the mails of breaches go."""
    report = Report()
    for _turn, batch in _batches(numbers):
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            _batch(Path(folder), [planned(seed, number) for number in batch], report, keep)
    return report


def _batches(numbers: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    turns = sorted({number // batch_size() for number in numbers})
    yield from ((turn, [number for number in numbers if number // batch_size() == turn]) for turn in turns)


def _batch(home: Path, rounds: Sequence[Round], report: Report, keep: Path | None) -> None:
    for name in ("mails", "out", "elsewhere"):
        (home / name).mkdir()
    site = rehearsal_site(None, home / "storage", dict.fromkeys(KINDS, Automation.CLEAN), caps=False)
    with temporary_files_in(home / "elsewhere"), locked(site.storage):
        with rehearsal(site, AT, home / "out", reveal=True) as run:
            registry = Registry()
            for one in rounds:
                done = _done(one, run, home / "mails", registry)
                limit = run.parts.rulebook.limits.child.total_seconds + SPARE_SECONDS
                breaches = wrong_round(done, run.parts.ledger, home / "out", limit)
                _enter(report, done, [*breaches, *wrong_people(done, registry)], drifted(done, registry), keep)
        found = list(wrong_files(site.storage, home / "elsewhere"))
    report.wrong += [f"rounds {rounds[0].number}-{rounds[-1].number}: {what}" for what in found]


def _done(one: Round, run: Rehearsal, folder: Path, registry: Registry) -> Done:
    for number, raw in enumerate(one.before):
        registry.enter(one, _taken(run, folder / f"{one.name}-{number}", raw))
    began = monotonic()
    line = _taken(run, folder / one.name, one.raw)
    took = monotonic() - began
    mail = max(run.parts.ledger.queries.mails_with(line.sha256), key=lambda mail: mail.id)
    return Done(one, line, mail, took, registry.enter(one, line))


def _taken(run: Rehearsal, file: Path, raw: bytes) -> contract.Line:
    file.write_bytes(raw)
    return contract.Line.model_validate_json(run.take(file))


def _enter(report: Report, done: Done, breaches: Sequence[str], drift: Sequence[str], keep: Path | None) -> None:
    one = done.round
    what = f"round {one.number} {one.story} ({', '.join(one.how)}): "
    report.wrong += [what + breach for breach in breaches]
    report.drift += [what + person for person in drift]
    report.rounds += 1
    report.accounts += len(done.opened)
    report.ends[done.line.state] = report.ends.get(done.line.state, 0) + 1
    report.slowest = max(report.slowest, (done.seconds, what))
    if breaches and keep:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / one.name).write_bytes(one.raw)


@contextmanager
def temporary_files_in(folder: Path) -> Iterator[None]:
    """Whatever this process and its children write as temporary files goes into this folder."""
    before, known = os.environ.get("TMPDIR"), tempfile.tempdir
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = known
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before
