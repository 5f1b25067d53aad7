"""The catalogue in docs/ is what the rules, facts, states, limits and templates say today."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import make_catalogue


def test_the_page_in_the_tree_is_today_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_catalogue.main(["--check"]) == 0, capsys.readouterr().out


def test_a_missing_or_touched_page_fails_the_check_and_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "catalogue.md"
    assert make_catalogue.main(["--check"], page) == 1
    assert make_catalogue.main([], page) == 0
    assert make_catalogue.main(["--check"], page) == 0
    page.write_text(page.read_text("utf-8") + "多写的一行\n", encoding="utf-8")
    assert make_catalogue.main(["--check"], page) == 1
    assert make_catalogue.main([], page) == 0
    assert "多写的一行" not in page.read_text("utf-8")


def test_every_rule_that_ships_has_an_example_that_hits_and_one_that_does_not() -> None:
    rules = [rule for about in make_catalogue.shipped().rules.values() for rule in about]
    assert rules
    lacking = [rule.code for rule in rules if {"yes"} == {e.answer for e in rule.examples} or not rule.examples]
    assert lacking == []
    assert [rule.code for rule in rules if all(e.answer != "yes" for e in rule.examples)] == []
