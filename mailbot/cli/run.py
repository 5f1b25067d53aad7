"""`mailbot run` and `mailbot once`: the daemon for good, or one round of everything that is due."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter

import typer

from mailbot.cli.exits import ExitCode
from mailbot.cli.logs import configure
from mailbot.cli.output import line
from mailbot.cli.place import ConfigOption, settings_file
from mailbot.clock import SystemClock
from mailbot.config import load_settings
from mailbot.daemon import Daemon, Wiring, stop_on_signals
from mailbot.ledger.settings import Mode

_STEPS = {
    "mail": "mails worked through",
    "effects": "batches of effects",
    "collect": "rounds of the platform's answers",
    "letter": "letters dealt with",
}


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command(help="The daemon: read the mailboxes, work, answer, until told to stop (SIGTERM).")(run)
    app.command(help="Fetch what is there, do what is due, and end.")(once)


def run(config: ConfigOption = None) -> None:
    """Run until SIGTERM or SIGINT; exit code 6 when a loop died."""
    settings = load_settings(settings_file(config))
    configure(logging.INFO)
    stop = threading.Event()
    stop_on_signals(stop)
    with Daemon(settings, Wiring(SystemClock(), os.environ)) as daemon:
        clean = daemon.run(stop)
    if not clean:
        raise typer.Exit(ExitCode.UNAVAILABLE)


def once(config: ConfigOption = None) -> None:
    """Drain the mailboxes and the ledger; what was done is printed."""
    settings = load_settings(settings_file(config))
    done: Counter[str] = Counter()

    def progress(what: str) -> None:
        if what in _STEPS:
            done[what] += 1
        else:
            line(f"fetched {what}")

    with Daemon(settings, Wiring(SystemClock(), os.environ)) as daemon:
        daemon.once(progress)
        counts = daemon.parts.ledger.queries.counts()
    for step, words in _STEPS.items():
        if done[step]:
            line(f"{done[step]} {words}")
    if not done:
        line("nothing was due")
    line(f"mode {counts.mode}" + ("; effects are paused" if counts.paused else ""))
    if counts.mode is not Mode.LIVE and counts.effect_drafts + counts.letter_drafts:
        line(f"drafts that wait for a person: {counts.effect_drafts} effects, {counts.letter_drafts} letters")
