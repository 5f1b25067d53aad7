"""The collector still collects, only less often."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from mailbot import collector


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


class Knot:
    def __init__(self) -> None:
        self.itself = self


def test_rings_of_values_still_go() -> None:
    collector.calm()
    assert gc.isenabled()
    knot = weakref.ref(Knot())
    kept = [[] for _ in range(2 * collector.YOUNG)]  # type: list[list[int]]
    assert knot() is None
    assert len(kept) == 2 * collector.YOUNG


def test_the_young_wait_longer_than_by_default() -> None:
    collector.calm()
    assert gc.get_threshold()[0] == collector.YOUNG > 700
