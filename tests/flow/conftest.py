"""Fixtures of the tests of the whole house: rules loaded once, a migrated ledger to copy, and an office to make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from mailbot import assembly
from mailbot.assembly import open_rules
from mailbot.ledger.ledger import FILE, open_ledger
from mailbot.rulebook import Reloader
from tests.flow.office import InProcess, Office, facts, opened
from tests.ledger.world import TERMS

Make = Callable[..., Office]


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Reloader:
    """The rules that ship, in force."""
    return open_rules(facts(tmp_path_factory.mktemp("rules")))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty ledger to copy: migrating anew for every test takes longer than the test."""
    folder = tmp_path_factory.mktemp("template")
    open_ledger(folder, TERMS).close()
    return folder / FILE


@pytest.fixture
def make(tmp_path: Path, template: Path, rules: Reloader, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes offices, each over a storage folder of its own: takes what `office.facts` and `office.opened` take."""
    monkeypatch.setattr(assembly, "Sandbox", InProcess)
    numbers = count(1)
    with ExitStack() as stack:

        def made(*, storage: Path | None = None, site_rules: Reloader | None = None, **words: object) -> Office:
            how = {name: words.pop(name) for name in ("mode", "platform") if name in words}
            site = facts(storage or tmp_path / f"site-{next(numbers)}", **words)  # type: ignore[arg-type]
            return stack.enter_context(opened(site, site_rules or rules, template, **how))  # type: ignore[arg-type]

        yield made


@pytest.fixture
def office(make: Make) -> Office:
    """A live office that lets clean rows go by itself."""
    return make()
