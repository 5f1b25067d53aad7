"""One reader's zygote for all stories of a worker: a run of `mailbot process` starts its own, which costs more than the
rest of the run. It is the real one, and it keeps nothing between mails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from mailbot import assembly
from mailbot.cli.rehearsal import rehearsal_site
from mailbot.sandbox.parent import Sandbox


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    site = rehearsal_site(None, tmp_path_factory.mktemp("rules"), {}, caps=False)
    with Sandbox(assembly.open_rules(site).current.limits, assembly.TARGET, assembly.WARM_UP) as started:
        yield started


@pytest.fixture
def one_zygote(zygote: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "Sandbox", lambda *_settings: nullcontext(zygote))
