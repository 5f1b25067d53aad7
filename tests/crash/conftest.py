"""One rig, one nursery and one undisturbed life for all crash tests of a process."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from mailbot.data import rules_dir
from tests.crash.judge import OF_ONE_ORDER, WHATEVER_THE_ORDER, Reference, judge, reference, still
from tests.crash.nursery import LOG, Nursery
from tests.crash.trial import Passage, Rig, Trial, trial, users
from tests.rig.dovecot import Dovecot

TRIALS = 3000
"""More trials than any session has."""
BATCH = ("batch_mails           = { value = 50", "batch_mails           = { value = 4")
"""Small batches: there are several commits of the intake to die between."""


@pytest.fixture(scope="session")
def top() -> Iterator[Path]:
    """A folder in memory where there is one: a kill takes nothing from the system's cache, and a disk only waits."""
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="crash-", dir=shared if shared.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def rig(top: Path) -> Iterator[Rig]:
    rules = top / "rules"
    shutil.copytree(rules_dir(), rules)
    limits = (rules / "limits.toml").read_text("utf-8")
    assert BATCH[0] in limits
    (rules / "limits.toml").write_text(limits.replace(*BATCH), "utf-8")
    nursery = Nursery(rules, top / "nursery.log")
    try:
        with Dovecot(*users(TRIALS)) as dovecot:
            yield Rig(dovecot, rules, nursery)
    finally:
        nursery.close()


@dataclass(frozen=True)
class Undisturbed:
    """The life without a kill: what it came to, and every place it passed, in order."""

    wanted: Reference
    passed: tuple[Passage, ...]


@pytest.fixture(scope="session")
def undisturbed(rig: Rig, top: Path) -> Undisturbed:
    with trial(rig, top / "undisturbed") as life:
        assert life.life() == 0, (life.folder / LOG).read_text("utf-8")
        return Undisturbed(reference(life), tuple(life.passed))


Try = Callable[[], AbstractContextManager[Trial]]


@pytest.fixture
def fresh(rig: Rig, top: Path) -> Try:
    """A fresh trial for a `with`."""
    numbers = count(1)
    return lambda: trial(rig, Path(tempfile.mkdtemp(dir=top)) / f"trial-{next(numbers)}")


@pytest.fixture
def faults(undisturbed: Undisturbed, fresh: Try) -> Callable[..., list[str]]:
    """The faults of a fresh trial that dies at these places in turn."""

    def found(*die: str, sabotage: str = "") -> list[str]:
        with fresh() as life:
            life.sabotage = sabotage
            life.until_quiet(*die)
            return verdict(life, undisturbed)

    return found


def verdict(life: Trial, undisturbed: Undisturbed, *, order: bool = True) -> list[str]:
    """The faults of a trial that came to rest, those of one more start, and what its daemons logged last. Without
    `order` its steps may have been done in another order than the undisturbed life's."""
    faults = judge(life, undisturbed.wanted, WHATEVER_THE_ORDER + (OF_ONE_ORDER if order else ())) or still(life)
    return [*faults, f"lives {life.lives}", (life.folder / LOG).read_text("utf-8")[-3000:]] if faults else []
