"""The shipped limits."""

import tomllib

import pytest

from mailbot.data import rules_dir
from mailbot.domain.limits import Limits, parse_limits


@pytest.fixture(scope="session")
def limits() -> Limits:
    with (rules_dir() / "limits.toml").open("rb") as file:
        return parse_limits(tomllib.load(file))
