"""Killed at every place once, at a seeded sample of further ordinals, and at pairs: nothing is lost, nothing doubled."""

import random
from collections.abc import Callable

import pytest

from tests.crash.conftest import Try, Undisturbed, verdict
from tests.crash.places import PLACES

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(120)]
Faults = Callable[..., list[str]]
SAMPLES, PAIRS, LOOPS = 24, 12, 4
MANY_PAIRS, MOMENTS = 300, 60


@pytest.mark.parametrize("place", PLACES)
def test_killed_where_it_passes_first(faults: Faults, place: str) -> None:
    assert faults(f"{place}#1") == []


@pytest.mark.parametrize("seed", range(SAMPLES))
def test_killed_at_a_later_passage(undisturbed: Undisturbed, faults: Faults, seed: int) -> None:
    later = [passage for passage in undisturbed.passed if passage.ordinal > 1]
    place = random.Random(seed).choice(later)
    assert faults(str(place)) == [], place


@pytest.mark.parametrize("seed", range(PAIRS))
def test_killed_and_killed_again_in_recovery(undisturbed: Undisturbed, faults: Faults, seed: int) -> None:
    first, second = pair(len(undisturbed.passed), seed)
    assert faults(first, second) == [], (first, second)


def pair(passages: int, seed: int) -> tuple[str, str]:
    """Two places by number over all passages: the second lies in what the first left to be done."""
    rng = random.Random(seed)
    first = rng.randint(1, passages)
    return f"*#{first}", f"*#{rng.randint(1, max(10, passages - first))}"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", PLACES)
def test_killed_at_every_passage(undisturbed: Undisturbed, faults: Faults, name: str) -> None:
    later = [passage for passage in undisturbed.passed if passage.name == name and passage.ordinal > 1]
    assert {str(place): found for place in later if (found := faults(str(place)))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PAIRS, PAIRS + MANY_PAIRS))
def test_killed_in_many_pairs(undisturbed: Undisturbed, faults: Faults, seed: int) -> None:
    first, second = pair(len(undisturbed.passed), seed)
    assert faults(first, second) == [], (first, second)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(MOMENTS))
def test_killed_at_any_moment(undisturbed: Undisturbed, fresh: Try, seed: int) -> None:
    """Not at a named place: by the clock on the wall, up to three times."""
    rng = random.Random(seed)
    with fresh() as life:
        for _ in range(rng.randint(1, 2)):
            life.life(after=rng.uniform(0.02, 2.0))
        life.until_quiet()
        assert verdict(life, undisturbed) == []


@pytest.mark.parametrize("seed", [*range(LOOPS), *(pytest.param(n, marks=pytest.mark.slow) for n in range(LOOPS, 40))])
def test_killed_in_its_loops(undisturbed: Undisturbed, fresh: Try, seed: int) -> None:
    """The daemon's loops in threads, where mails, effects and letters overlap, killed after so many places."""
    rng = random.Random(seed)
    with fresh() as life:
        life.loops = True
        life.world.busy_for.clear()
        for passages in rng.sample(range(30, 330), k=rng.randint(1, 2)):
            life.life(f"*#{passages}", after=10.0)
        life.loops = False
        life.until_quiet()
        assert verdict(life, undisturbed, order=False) == []
