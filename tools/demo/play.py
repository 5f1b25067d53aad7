"""The play: the daemon's own loops run until nothing is due; then one table tells what became of every mail."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from mailbot.assembly import Parts
from mailbot.cli.logs import configure
from mailbot.clock import ShiftedClock
from mailbot.daemon import Daemon, Wiring
from mailbot.domain.mail import MailState
from mailbot.ledger.lines import Counts
from tools.demo.closing import places, second_run, summary
from tools.demo.outcome import WIDTH, draw, rows, show
from tools.demo.papers import keep_letters
from tools.demo.stage import Stage, stage
from tools.stories import DemoMail, demo_mails

PATIENCE = 300.0
"""Seconds after which a demonstration that is not done is given up; it takes well under a minute."""
QUIET = 1.5
"""Seconds without anything due before it is over."""
OPEN = (MailState.STORED, MailState.WORKING)
UNDER_WAY = ("planned", "doing")
INTERRUPTED = 130


def play(folder: Path, *, picture: Path | None = None, mails: Sequence[DemoMail] | None = None) -> int:
    """Run the demonstration in `folder`; the exit code. Ctrl-C ends it after the steps under way, as SIGTERM ends the
    daemon, and the next run goes on from there."""
    folder.mkdir(parents=True, exist_ok=True)
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    with (folder / "mailbot.log").open("a", encoding="utf-8") as log:
        configure(logging.INFO, log)
        try:
            done = _played(folder, demo_mails() if mails is None else mails, console, picture)
        except KeyboardInterrupt:
            console.print(
                "\n已中断。没有丢失任何来信；再运行一次 make demo 会接着办完。 (interrupted, nothing is lost)"
            )
            return INTERRUPTED
    if not done:
        console.print(f"未能在 {PATIENCE:.0f} 秒内办完，详见 {folder / 'mailbot.log'}。", soft_wrap=True)
    return 0 if done else 1


def _played(folder: Path, mails: Sequence[DemoMail], console: Console, picture: Path | None) -> bool:
    with stage(folder, mails) as set_up:
        start = max(mail.internaldate for mail in set_up.mails) + timedelta(minutes=20)
        console.print(f"演示：{len(set_up.mails)} 封来信已放入两个邮箱（本机 IMAP），时钟设在 {start:%Y-%m-%d %H:%M}。")
        console.print("自动程度 clean（没有疑点的自动办理）；平台为内置台账；信件发往本机 SMTP。人员和单位均为虚构。\n")
        with Daemon(set_up.settings, Wiring(ShiftedClock(start), {}, sweep=0.2)) as daemon:
            before = daemon.parts.ledger.queries.counts()
            done = _run(daemon, set_up, console, sum(before.mails.values()))
            after = daemon.parts.ledger.queries.counts()
            keep_letters(folder, daemon.parts, set_up.smtp.letters)
            lines = rows(daemon.parts, folder, set_up.mails)
            told = summary(daemon.parts, len(set_up.mails), after)
        show(console, lines)
        for sentence in (*told, *second_run(before, after, len(set_up.smtp.letters)), *places(folder)):
            console.print(sentence, highlight=False, soft_wrap=True)
        if picture is not None:
            draw(picture, lines, told)
            console.print(f"图：{picture}", soft_wrap=True)
    return done


def _run(daemon: Daemon, set_up: Stage, console: Console, stored_before: int) -> bool:
    """The daemon in a thread of its own until all is done; whether it was, and every loop ended well. What an earlier
    run stored does not count as fetched: its servers are gone."""
    stop = threading.Event()
    ended: list[bool] = []
    thread = threading.Thread(target=lambda: ended.append(daemon.run(stop)), name="daemon")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as bars:
        wanted = stored_before + len(set_up.mails)
        fetched = bars.add_task("收信", total=wanted)
        judged = bars.add_task("办理", total=wanted)
        letters = bars.add_task("发信", total=None)

        def show_progress(counts: Counts) -> None:
            stored = sum(counts.mails.values())
            bars.update(fetched, completed=stored)
            bars.update(judged, completed=stored - _open(counts))
            planned = sum(counts.letters.values())
            bars.update(letters, completed=planned - _under_way(counts.letters), total=planned)

        thread.start()
        try:
            done = _until_quiet(daemon.parts, wanted, show_progress, thread.is_alive)
        finally:
            stop.set()
            thread.join()
    return done and ended == [True]


def _until_quiet(parts: Parts, mails: int, tell: Callable[[Counts], None], alive: Callable[[], bool]) -> bool:
    """Whether everything was fetched and done before patience ended."""
    begun = quiet_since = time.monotonic()
    while alive() and time.monotonic() - begun < PATIENCE:
        counts = parts.ledger.queries.counts()
        tell(counts)
        busy = _open(counts) + _under_way(counts.effects) + _under_way(counts.letters)
        if busy or sum(counts.mails.values()) < mails:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET:
            return True
        time.sleep(0.1)
    return False


def _open(counts: Counts) -> int:
    return sum(counts.mails.get(state, 0) for state in OPEN)


def _under_way(states: dict[str, int]) -> int:
    return sum(states.get(state, 0) for state in UNDER_WAY)
