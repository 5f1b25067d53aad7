"""How many examples a property test tries that costs more than most: few in `make test`, many in `make test-full`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from hypothesis import HealthCheck, settings

USUAL: Final = 50
"""What the profile `ci` (tests/conftest.py) tries without further word."""


def examples(few: int, *, steps: int = 50, unless: Collection[HealthCheck] = ()) -> settings:
    """`few` examples under the profile `ci`, as many times more under `full` as that tries more itself. `steps` bounds
    one run of a state machine; `unless` are health checks that do not apply."""
    assert settings.default is not None
    factor = max(1, settings.default.max_examples // USUAL)
    return settings(max_examples=few * factor, stateful_step_count=steps, suppress_health_check=list(unless))
