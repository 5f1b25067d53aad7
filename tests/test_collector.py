"""The collector still collects, only less often."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from mailbot.assembly import YOUNG, calm_collector


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


class Knot:
    def __init__(self) -> None:
        self.itself = self


def test_rings_of_values_still_go() -> None:
    calm_collector()
    assert gc.isenabled()
    knot = weakref.ref(Knot())
    kept = [[] for _ in range(2 * YOUNG)]  # type: list[list[int]]
    assert knot() is None
    assert len(kept) == 2 * YOUNG


def test_the_young_wait_longer_than_by_default() -> None:
    calm_collector()
    assert gc.get_threshold()[0] == YOUNG > 700
