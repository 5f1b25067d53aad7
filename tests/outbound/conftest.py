"""Couriers of a test, closed behind it."""

from collections.abc import Callable, Iterator

import pytest

from mailbot.outbound.courier import SmtpCourier
from mailbot.outbound.smtp_door import SmtpSettings

Make = Callable[..., SmtpCourier]


@pytest.fixture
def patience() -> float:
    """Seconds for one whole letter."""
    return 3.0


@pytest.fixture
def make(patience: float) -> Iterator[Make]:
    """Makes couriers to a port of this machine, quick to give up; keywords change their settings."""
    made: list[SmtpCourier] = []

    def courier(port: int, **changes: object) -> SmtpCourier:
        quick = {"command_seconds": 2.0, "send_seconds": patience}
        settings = SmtpSettings(**({"host": "127.0.0.1", "port": port, "security": "plain"} | quick | changes))  # type: ignore[arg-type]  # keywords of many types
        made.append(SmtpCourier(settings))
        return made[-1]

    yield courier
    for one in made:
        one.close()
