"""Fixtures of the ledger's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.ledger.ledger import FILE, Ledger
from tests.ledger.world import opened


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty ledger in live mode, to be copied: migrating anew for every test takes longer than the test."""
    folder = tmp_path_factory.mktemp("template")
    opened(folder).close()
    return folder / FILE


@pytest.fixture
def ledger(tmp_path: Path, migrated: Path) -> Iterator[Ledger]:
    """A fresh ledger in live mode."""
    shutil.copy(migrated, tmp_path / FILE)
    made = opened(tmp_path)
    yield made
    made.close()
