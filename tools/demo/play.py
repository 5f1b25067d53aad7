"""The play: the daemon's own loops run until nothing is due any more; then one table tells what became of every mail."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from mailbot.assembly import Parts
from mailbot.cli.logs import configure
from mailbot.clock import ShiftedClock
from mailbot.daemon import Daemon, Wiring
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.ledger.lines import Counts
from tools.demo.outcome import keep_letters, show
from tools.demo.stage import Stage, stage

PATIENCE = 300.0
"""Seconds after which a demonstration that is not done is given up; it takes well under a minute."""
QUIET = 1.5
"""Seconds without anything due before it is over."""
OPEN = (MailState.STORED, MailState.WORKING)
UNDER_WAY = (EffectState.PLANNED, EffectState.DOING)


def play(folder: Path) -> int:
    """Run the demonstration in `folder`; the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    log = (folder / "mailbot.log").open("a", encoding="utf-8")
    configure(logging.INFO, log)
    console = Console()
    with log, stage(folder) as set_up:
        start = max(mail.internaldate for mail in set_up.mails) + timedelta(minutes=20)
        console.print(f"演示：{len(set_up.mails)} 封来信已放入两个邮箱（本机 IMAP），时间为 {start:%Y-%m-%d %H:%M}。")
        console.print("自动程度：roster = clean（没有疑点的自动办理）；平台为内置台账；信件发往本机 SMTP。\n")
        with Daemon(set_up.settings, Wiring(ShiftedClock(start), {}, sweep=0.2)) as daemon:
            before = daemon.parts.ledger.queries.counts()
            done = _run(daemon, set_up, console)
            after = daemon.parts.ledger.queries.counts()
            keep_letters(folder, daemon.parts, set_up.smtp.letters)
            show(console, daemon.parts, folder, set_up.mails)
    _closing(console, before, after, len(set_up.smtp.letters))
    if not done:
        console.print(f"未能在 {PATIENCE:.0f} 秒内办完，详见 {folder / 'mailbot.log'}。")
    return 0 if done else 1


def _run(daemon: Daemon, set_up: Stage, console: Console) -> bool:
    """The daemon in a thread of its own until all is done; whether it was, and every loop ended well."""
    stop = threading.Event()
    ended: list[bool] = []
    thread = threading.Thread(target=lambda: ended.append(daemon.run(stop)), name="daemon")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as bars:
        fetched = bars.add_task("收信", total=len(set_up.mails))
        judged = bars.add_task("办理", total=len(set_up.mails))
        letters = bars.add_task("发信", total=None)

        def show_progress(counts: Counts) -> None:
            stored = sum(counts.mails.values())
            bars.update(fetched, completed=stored, total=max(stored, len(set_up.mails)))
            bars.update(judged, completed=stored - _open(counts), total=max(stored, len(set_up.mails)))
            bars.update(letters, completed=len(set_up.smtp.letters), total=sum(counts.letters.values()))

        thread.start()
        done = _until_quiet(daemon.parts, len(set_up.mails), show_progress, thread.is_alive)
    stop.set()
    thread.join()
    return done and ended == [True]


def _until_quiet(parts: Parts, mails: int, tell: Callable[[Counts], None], alive: Callable[[], bool]) -> bool:
    """Whether everything was fetched and done before patience ended."""
    begun = quiet_since = time.monotonic()
    while alive() and time.monotonic() - begun < PATIENCE:
        counts = parts.ledger.queries.counts()
        tell(counts)
        effects, letters = counts.effects, counts.letters
        busy = _open(counts) + sum(effects.get(state, 0) + letters.get(state, 0) for state in UNDER_WAY)
        if busy or sum(counts.mails.values()) < mails:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET:
            return True
        time.sleep(0.1)
    return False


def _open(counts: Counts) -> int:
    return sum(counts.mails.get(state, 0) for state in OPEN)


def _closing(console: Console, before: Counts, after: Counts, sent: int) -> None:
    """What this run changed; a second run says that nothing happened twice."""
    if not before.mails:
        console.print("再运行一次 make demo：同样的来信不会重复办理。")
        return
    again = sum(after.mails.values()) - sum(before.mails.values())
    more = sum(after.effects.values()) - sum(before.effects.values())
    console.print(f"再次运行：收到 {again} 封同样的来信（副本），新增账号 {more} 个，新发信件 {sent} 封。")
    if more == 0 and sent == 0:
        console.print("没有任何事办了两遍。")
