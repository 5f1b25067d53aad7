"""The garbage collector's pace for a program that makes many short-lived values at once."""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 50_000
"""New containers before the young are looked at: a roster row makes about a dozen, and nearly all end by themselves."""
_MIDDLE, _OLD = 20, 100


def calm() -> None:
    """Look less often: with Python's own 700 a large roster spends a sixth of its time on being looked through."""
    gc.set_threshold(YOUNG, _MIDDLE, _OLD)
