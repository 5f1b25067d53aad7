"""The rules in force while the daemon runs: good files are swapped in whole, bad ones change nothing and are told."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from mailbot.rulebook import Reloader, RulebookError
from tests.rulebook.world import PAYMENT, ROW, RULE, at, good_folder, templates_folder


def reloader(folder: Path) -> tuple[Reloader, Path]:
    rules_dir = good_folder(folder)
    return Reloader(rules_dir, [PAYMENT, ROW], templates_folder(folder)), rules_dir / "payment.toml"


def test_untouched_files_are_left_alone(tmp_path: Path) -> None:
    rules, path = reloader(tmp_path)
    before = rules.current
    path.write_text(RULE, encoding="utf-8")
    assert not rules.refresh()
    assert rules.current is before
    assert rules.health.green


def test_a_good_file_is_in_force_after_one_look(tmp_path: Path) -> None:
    rules, path = reloader(tmp_path)
    old = rules.current
    path.write_text(RULE.replace('"ask"', '"hold"'), encoding="utf-8")
    assert rules.refresh()
    assert rules.current.hash != old.hash
    facts = PAYMENT.row({"payment.year": 2015, "campaign.makeup_years": (2016,)})
    assert rules.current.check("payment", facts, at)[0].severity.word == "hold"
    assert old.check("payment", facts, at)[0].severity.word == "ask"


def test_a_bad_file_keeps_the_old_rules_and_turns_health_red(tmp_path: Path) -> None:
    rules, path = reloader(tmp_path)
    old = rules.current
    path.write_text(RULE.replace("payment.year not", "payment.yaer not"), encoding="utf-8")
    assert not rules.refresh()
    assert rules.current is old
    assert [str(p) for p in rules.health.problems] == [
        "payment.toml:5 规则 payment.year_outside：不认识的事实 payment.yaer，是不是 payment.year？"
    ]
    assert not rules.refresh()
    assert not rules.health.green


def test_health_is_green_again_when_the_file_is_mended(tmp_path: Path) -> None:
    rules, path = reloader(tmp_path)
    path.write_text("[[rule", encoding="utf-8")
    rules.refresh()
    path.write_text(RULE, encoding="utf-8")
    assert not rules.refresh()
    assert rules.health.green
    assert rules.current.rules["payment"]


def test_a_comment_is_taken_over_without_being_a_change(tmp_path: Path) -> None:
    rules, path = reloader(tmp_path)
    path.write_text("# 说明\n" + RULE, encoding="utf-8")
    assert not rules.refresh()
    assert rules.current.rules["payment"][0].place == "payment.toml:3"


def test_a_folder_that_vanishes_keeps_the_old_rules(tmp_path: Path) -> None:
    rules, path = reloader(tmp_path)
    old = rules.current
    kept = tmp_path / "kept"
    shutil.move(path.parent, kept)
    assert not rules.refresh()
    assert rules.current is old
    assert "规则目录无法读取" in str(rules.health.problems[0])
    shutil.move(kept, path.parent)
    assert not rules.refresh()
    assert rules.health.green


def test_a_new_file_and_a_removed_one_count(tmp_path: Path) -> None:
    rules, path = reloader(tmp_path)
    extra = path.with_name("row.toml")
    extra.write_text(
        '[[rule]]\ncode = "row.hidden"\nabout = "row"\nwhen = "row.hidden"\nthen = "hold"\nsay = "隐藏行。"\nsource = "本单位规定"\n',
        encoding="utf-8",
    )
    assert rules.refresh()
    assert [rule.code for rule in rules.current.rules["row"]] == ["row.hidden"]
    extra.unlink()
    assert rules.refresh()
    assert not rules.current.rules["row"]


def test_a_daemon_does_not_start_on_bad_rules(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path, RULE.replace('"ask"', '"aks"'))
    with pytest.raises(RulebookError, match="then 只能是"):
        Reloader(rules_dir, [PAYMENT, ROW], templates_folder(tmp_path))


def test_whoever_reads_while_rules_change_sees_one_whole_rulebook(tmp_path: Path) -> None:
    rules, path = reloader(tmp_path)
    facts = PAYMENT.row({"payment.year": 2015, "campaign.makeup_years": (2016,)})
    pairs: set[tuple[str, str]] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            book = rules.current
            pairs.add((book.hash, book.check("payment", facts, at)[0].severity.word))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in readers:
        thread.start()
    known = {rules.current.hash: "ask"}
    for word in ("hold", "note", "ask", "hold"):
        path.write_text(RULE.replace('"ask"', f'"{word}"'), encoding="utf-8")
        assert rules.refresh()
        known[rules.current.hash] = word
    stop.set()
    for thread in readers:
        thread.join()
    assert pairs <= set(known.items())
