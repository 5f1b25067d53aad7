"""Fixtures of this room: the text of the shipped limits."""

from __future__ import annotations

import pytest

from tests.rulebook.world import SHIPPED


@pytest.fixture
def limits_text() -> str:
    return (SHIPPED / "limits.toml").read_text("utf-8")
