"""Kills a small house at chosen failpoints, restarts it, and judges it from the world's own records. Run as a program.

One interpreter is started; every life of the house is a fork of it, so that hundreds of deaths take seconds. The world
(what was done, what was sent) is a file that only grows and survives everybody.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.mail import MailState
from mailbot.domain.ports import Cursor, EffectEnd, SendResult, SendState
from mailbot.failpoints import Recorder, failpoint
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import NOW, S, case, composed, new_mail, opened, result

STATES = {1: [S.APPROVED, S.APPROVED], 2: [S.APPROVED, S.HELD], 3: [S.AWAITING_SENDER]}
ACCOUNTS = 3


class World:
    """What outsiders saw: one line an act or a sending, written before the house learns of it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "world"

    def saw(self, *words: str) -> None:
        with self._file.open("a") as file:
            file.write(" ".join(words) + "\n")
            file.flush()

    def lines(self, what: str) -> list[list[str]]:
        if not self._file.exists():
            return []
        return [words for line in self._file.read_text().splitlines() if (words := line.split())[0] == what]


def live(folder: Path, now: datetime, *, probe: bool = True) -> None:
    """One life of the house: recover, take mails in, and do everything that is due."""
    world, ledger = World(folder), opened(folder)
    ledger.steps.recover(now)
    new = [new_mail(uid) for uid in STATES if uid not in ledger.mails.known_uids("roster", "INBOX", 7)]
    if new:
        ledger.mails.store(new, Cursor(7, max(STATES)))
    while take_mail(ledger, now) or act(ledger, world, now, probe=probe) or send(ledger, world, now):
        pass
    ledger.close()


def take_mail(ledger: Ledger, now: datetime) -> bool:
    mail = ledger.steps.claim_mail(now)
    if mail is None:
        return False
    uid = mail.arrival.uid
    given = case(f"2020-{uid:06d}", STATES[uid], people=[uid * 10 + n for n in range(len(STATES[uid]))])
    kind = LetterKind.RECEIPT if S.HELD in STATES[uid] else LetterKind.RESULT
    ledger.cases.finish(mail, result(mail, given, kind=kind))
    return True


def act(ledger: Ledger, world: World, now: datetime, *, probe: bool) -> bool:
    jobs = ledger.steps.claim_effects(2, now)
    ends = []
    for job in jobs:
        known = probe and job.attempts > 1 and [job.key] in [words[1:] for words in world.lines("account")]
        if not known:
            failpoint("world.before_act")
            world.saw("account", job.key)
            failpoint("world.after_act")
        ends.append(EffectEnd(job.key, EffectState.DONE, "ok"))
    if ends:
        ledger.steps.conclude(ends, now)
    return bool(jobs)


def send(ledger: Ledger, world: World, now: datetime) -> bool:
    job = ledger.steps.due_letter(now)
    if job is None:
        return False
    raw = job.raw
    if raw is None:
        view = ledger.steps.letter_view(job.key, now)
        done = sum(row.effect is EffectState.DONE for shown in view.cases for row in shown.rows)
        raw = composed(f"{job.message_id} {done} {now.isoformat()}").raw
        ledger.steps.store_letter(job.key, composed(f"{job.message_id} {done} {now.isoformat()}"), now)
    if not ledger.steps.start_sending(job.key, now):
        return True
    failpoint("world.before_send")
    world.saw("letter", job.message_id, hashlib.sha256(raw).hexdigest())
    failpoint("world.after_send")
    ledger.steps.conclude_letter(job.key, SendResult(SendState.SENT), now)
    return True


def judge(folder: Path, now: datetime) -> list[str]:
    """What is wrong after the last life; empty when nothing is."""
    world, ledger = World(folder), opened(folder)
    wrong: list[str] = []
    if [line.state for line in ledger.queries.mails()] != [MailState.DONE] * len(STATES):
        wrong.append("a mail is lost or not finished")
    accounts = Counter(words[1] for words in world.lines("account"))
    if sorted(accounts.values()) != [1] * ACCOUNTS:
        wrong.append(f"accounts: {sorted(accounts.values())}")
    letters = [tuple(words[1:]) for words in world.lines("letter")]
    if len({message for message, _ in letters}) != len(STATES) or len(set(letters)) != len(STATES):
        wrong.append("a letter is missing, or stands under two contents")
    if any(line.state is not EffectState.DONE for line in ledger.queries.letters(list(EffectState))):
        wrong.append("a letter is not concluded")
    states = {line.id[-1]: line.state for line in ledger.queries.cases()}
    if states != {"1": S.FULFILLED, "2": S.HELD, "3": S.AWAITING_SENDER}:
        wrong.append(f"cases: {states}")
    report = ledger.audit.verify()
    with ledger.db.read() as conn:
        whole = conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        keys = conn.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    if not (report.intact and whole and keys):
        wrong.append(f"chain or file: {report.why}")
    before = (folder / "world").read_bytes(), report.events
    ledger.close()
    live(folder, now + timedelta(days=1))
    again = opened(folder)
    if before != ((folder / "world").read_bytes(), again.audit.verify().events):
        wrong.append("a second restart changed something")
    again.close()
    return wrong


def forked(work: Callable[[], object]) -> int:
    """Run in a fork; its exit status (negative: the signal that ended it)."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def passed(folder: Path, recorder: Recorder) -> list[str]:
    """Every place and ordinal that one quiet life passes."""
    log = folder / "log"

    def quiet() -> None:
        recorder._log = log
        live(folder, NOW)

    assert forked(quiet) == 0
    return [line.replace(" ", "#") for line in log.read_text().splitlines()]


def kill_at(place: str, folder: Path, recorder: Recorder, *, probe: bool) -> list[str]:
    """Die there, live on, be judged."""
    folder.mkdir()

    def dying() -> None:
        recorder._die = place
        live(folder, NOW)

    def living() -> None:
        live(folder, NOW + timedelta(hours=1), probe=probe)
        live(folder, NOW + timedelta(hours=2), probe=probe)  # a sending of unknown end has waited by now
        wrong = judge(folder, NOW + timedelta(hours=3))
        (folder / "wrong").write_text(json.dumps(wrong))

    if forked(dying) != -signal.SIGKILL:
        return ["it did not die there"]
    if forked(living) != 0:
        return ["the next life failed"]
    wrong = json.loads((folder / "wrong").read_text())
    return [str(word) for word in wrong]


def main() -> None:
    """`crash_driver FOLDER names|all|PLACE [no-probe]`: prints what is wrong by place, as JSON."""
    folder, which = Path(sys.argv[1]), sys.argv[2]
    assert isinstance(failpoint, Recorder)
    count = folder / "count"
    count.mkdir()
    places = passed(count, failpoint)
    chosen = {"names": [place for place in places if place.endswith("#1")], "all": places}.get(which, [which])
    found = {}
    for number, place in enumerate(chosen):
        life = folder / str(number)
        found[place] = kill_at(place, life, failpoint, probe="no-probe" not in sys.argv)
        shutil.rmtree(life)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
