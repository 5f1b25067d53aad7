"""Fixtures of the ledger's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.ledger.ledger import Ledger
from tests.ledger.world import fresh


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A fresh ledger in live mode."""
    made = fresh(tmp_path)
    yield made
    made.close()
