"""The real ledger behind a mailbox."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.credentials import SecretPlace, Secrets, make_key
from mailbot.ledger.ledger import Ledger, open_ledger
from mailbot.ledger.terms import Terms


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    make_key(tmp_path / "site.key")
    secrets = Secrets(SecretPlace(None, tmp_path / "site.key"), {}, {})
    ledger = open_ledger(tmp_path / "storage", Terms(secrets, ZoneInfo("Asia/Shanghai"), "cqhrsp.com"))
    yield ledger
    ledger.close()
