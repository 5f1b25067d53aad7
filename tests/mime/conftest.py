"""The shipped limits."""

import tomllib

import pytest

from mailbot.data import rules_dir
from mailbot.domain.limits import MailLimits, parse_limits


def shipped() -> MailLimits:
    with (rules_dir() / "limits.toml").open("rb") as file:
        return parse_limits(tomllib.load(file)).mail


@pytest.fixture(scope="session")
def limits() -> MailLimits:
    return shipped()
