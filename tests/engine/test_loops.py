"""The loops of a running site: what passes is tried again, what does not ends the loop, and the bell is heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from mailbot.domain.effects import EffectState
from mailbot.domain.ports import Answer, EffectEnd, LetterJob, PortError, RowResult
from mailbot.engine.once import collect, once
from mailbot.engine.runner import Loop, drain
from tests.engine.test_once import LATER, NOW, Site, job
from tests.engine.test_worker import Steps, mail, worker


def until(true: Callable[[], object]) -> None:
    give_up = time.monotonic() + 10
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.005)


def loop_of(*steps: Callable[[], bool], sweep: float = 0.005) -> tuple[Loop, list[str], list[str]]:
    beats: list[str] = []
    failed: list[str] = []
    return Loop("one", steps, sweep=sweep, beat=beats.append, failed=failed.append), beats, failed


def test_a_fault_that_passes_is_tried_again_with_a_beat() -> None:
    rounds: list[int] = []

    def full_disk() -> bool:
        rounds.append(1)
        raise PortError("no space left on device", retry=True)

    loop, beats, failed = loop_of(full_disk)
    loop.start()
    until(lambda: len(rounds) > 3)
    assert loop.stop(5)
    assert failed == []
    assert len(beats) >= 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_that_cannot_pass_ends_the_loop() -> None:
    def newer() -> bool:
        raise PortError("written by a newer mailbot", retry=False)

    loop, beats, failed = loop_of(newer)
    loop.start()
    until(lambda: failed)
    assert loop.stop(5)
    assert (failed, beats) == (["one"], [])


def test_a_busy_loop_does_not_sleep_and_an_idle_one_hears_the_bell() -> None:
    left = [True] * 50
    rounds = threading.Semaphore(0)

    def step() -> bool:
        rounds.release()
        return bool(left) and left.pop()

    loop, beats, failed = loop_of(step, sweep=3600)
    loop.start()
    until(lambda: len(beats) == 51)
    left.append(True)
    loop.ring()
    until(lambda: len(beats) == 53)
    assert loop.stop(5)
    assert failed == []


def test_all_steps_of_a_loop_have_their_turn_each_round() -> None:
    turns: list[str] = []

    def step(name: str) -> Callable[[], bool]:
        def turn() -> bool:
            turns.append(name)
            return True

        return turn

    loop, beats, _ = loop_of(step("a"), step("b"))
    loop.start()
    until(lambda: len(beats) >= 2)
    assert loop.stop(5)
    assert turns[:4] == ["a", "b", "a", "b"]


def test_a_step_that_hangs_is_not_waited_for_for_ever() -> None:
    hold = threading.Event()
    begun = threading.Event()

    def hangs() -> bool:
        begun.set()
        return hold.wait(30)

    loop, _, _ = loop_of(hangs)
    loop.start()
    assert begun.wait(5)
    assert not loop.stop(0.05)
    hold.set()
    assert loop.stop(5)


def test_a_drain_of_nothing_ends_at_once() -> None:
    assert drain(worker(Steps())) == 0


def test_what_comes_due_while_draining_is_done_too() -> None:
    steps = Steps(mails=[mail(1)])

    def flow(_mail: object) -> None:
        steps.effects = [job(1)]
        steps.letters = [LetterJob("k", "a@b.cn", "<1@x>", 1, b"x")]

    seen: list[str] = []
    assert drain(worker(steps, flow), seen.append) == 3
    assert seen == ["mail", "effects", "letter"]


class Answering(Site):
    """A platform with answers that came in."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.answers = list(answers)

    def collect(self) -> list[Answer]:
        out, self.answers = self.answers, []
        return out


def test_answers_that_came_in_are_concluded_in_one_commit() -> None:
    steps = Steps()
    site = Answering(Answer("key-1", RowResult.DONE, "导入成功"), Answer("key-2", RowResult.REJECTED, "停机"))
    assert collect(steps, site, NOW) == 2
    assert [(end.key, end.state, end.detail) for end in steps.ends] == [
        ("key-1", EffectState.DONE, "导入成功"),
        ("key-2", EffectState.REJECTED, "停机"),
    ]
    assert steps.diary == ["conclude"]
    assert collect(steps, site, NOW) == 0
    assert steps.diary == ["conclude"], "nothing new is no commit"


def test_a_platform_that_gives_no_answers_now_is_no_fault_of_anybody() -> None:
    class Down(Site):
        def collect(self) -> list[Answer]:
            raise PortError("503", retry=True)

    steps = Steps()
    assert not worker(steps, site=Down()).collect()
    assert steps.diary == []


def test_a_probe_that_breaks_acts_on_nothing() -> None:
    class Blind(Site):
        def find(self, people: object) -> list:  # type: ignore[type-arg]
            raise PortError("503", retry=True)

    site = Blind()
    ends = once([job(1, attempts=2), job(2)], site, NOW, LATER)
    assert site.calls == []
    assert ends == [EffectEnd(f"key-{n}", EffectState.PLANNED, "503", NOW + LATER) for n in (1, 2)]


def test_answers_about_rows_nobody_asked_for_are_not_taken() -> None:
    class Talkative(Site):
        def ensure_accounts(self, wishes: object) -> list[Answer]:
            return [*super().ensure_accounts(wishes), Answer("key-99", RowResult.DONE)]  # type: ignore[arg-type]

    ends = once([job(1)], Talkative(), NOW, timedelta(minutes=1))
    assert [end.key for end in ends] == ["key-1"]
