"""Adapters are found by their name, and a name nobody answers to stops the start with a hint."""

from pathlib import Path

import pytest

from mailbot.domain.ports import PortError
from mailbot.platform.registry import load, names
from tests.platform.people import POLICY, settings


def test_both_adapters_are_found_by_name() -> None:
    assert names() == ("ledger", "worklist")


@pytest.mark.parametrize("name", ["ledger", "worklist"])
def test_a_loaded_adapter_says_what_it_can(name: str, tmp_path: Path) -> None:
    platform = load(name, settings(tmp_path))
    assert platform.caps.name == name
    assert platform.caps.password_policy == POLICY
    assert platform.caps.authoritative is False
    platform.check()


def test_only_the_worklist_lets_people_wait(tmp_path: Path) -> None:
    assert load("worklist", settings(tmp_path)).caps.asynchronous is True
    assert load("ledger", settings(tmp_path)).caps.asynchronous is False


@pytest.mark.parametrize("name", ["worklst", "moodle", "", "../ledger", "registry", "store", "error_file"])
def test_an_unknown_name_is_refused_with_those_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(PortError, match="known are ledger, worklist") as refused:
        load(name, settings(tmp_path))
    assert refused.value.retry is False


def test_a_slip_of_the_pen_is_named(tmp_path: Path) -> None:
    with pytest.raises(PortError, match="did you mean 'worklist'"):
        load("worklst", settings(tmp_path))
