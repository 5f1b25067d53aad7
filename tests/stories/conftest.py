"""One reader's zygote and one rulebook for all stories of a worker: a run of `mailbot process` starts and loads its own,
which costs more than the rest of the run. They are the real ones, and they keep nothing between mails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from mailbot import assembly
from mailbot.cli import process
from mailbot.cli.rehearsal import rehearsal_site
from mailbot.rulebook import Reloader
from mailbot.sandbox.parent import Sandbox


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Reloader:
    return assembly.open_rules(rehearsal_site(None, tmp_path_factory.mktemp("rules"), {}, caps=False))


@pytest.fixture(scope="session")
def zygote(rules: Reloader) -> Iterator[Sandbox]:
    with Sandbox(rules.current.limits, assembly.TARGET, assembly.WARM_UP) as started:
        yield started


@pytest.fixture
def one_zygote(zygote: Sandbox, rules: Reloader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "Sandbox", lambda *_settings: nullcontext(zygote))
    monkeypatch.setattr(process, "open_rules", lambda _site: rules)
