"""Every code of the rules is proven by a story: a mail that arrived, and an answer that names the code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.casetypes.support import ROOT

NO_STORY: Final = {
    "person.not_registered": "only a platform that can be asked says no; proven in tests/casetypes/test_case",
    "mail.too_big": "a fixture of 61 megabytes; proven in tests/mime and tests/steps",
    "mail.unreadable": "no bytes stop the parser; said when the child dies over the whole mail, proven in tests/cli",
}
"""Codes that no fixture can show, and why."""


ON_PICTURES: Final = "payment_proof.toml"
"""The rules about what pictures show: their proofs are scans, in tests/casetypes/payment_proof."""


def rule_files() -> list[Path]:
    """All rule files."""
    return [path for path in (ROOT / "rules").glob("*.toml") if path.name != "limits.toml"]


def ruled(files: Iterable[Path]) -> set[str]:
    """The codes of rule files."""
    return {rule["code"] for path in files for rule in tomllib.loads(path.read_text("utf-8")).get("rule", ())}


def told() -> Iterator[str]:
    """The codes that golden files name: of mails, cases and people."""
    for path in (ROOT / "tests/fixtures/mails").glob("*/expected.toml"):
        for line in tomllib.loads(path.read_text("utf-8"))["line"]:
            yield from (finding["code"] for finding in line["findings"])
            for case in line["case"]:
                yield from (finding["code"] for finding in case["findings"])
                yield from (code for person in case["people"] for code in person["codes"])


def test_every_code_has_a_story() -> None:
    with_stories = [path for path in rule_files() if path.name != ON_PICTURES]
    assert ruled(with_stories) - set(told()) == set(NO_STORY)


def test_every_code_about_proofs_is_proven_by_a_story_or_on_a_scan() -> None:
    tests = "\n".join(path.read_text("utf-8") for path in Path(__file__).with_name("payment_proof").glob("test_*.py"))
    codes = ruled(path for path in rule_files() if path.name == ON_PICTURES)
    assert len(codes) > 40
    assert {code for code in codes if f'"{code}"' not in tests} - set(told()) == set()


def test_every_sentence_is_one_that_a_clerk_can_read() -> None:
    for path in (ROOT / "rules").glob("*.toml"):
        for rule in tomllib.loads(path.read_text("utf-8")).get("rule", ()):
            said = rule["say"]
            assert said.endswith("。"), rule["code"]
            assert "！" not in said, rule["code"]
            assert 8 <= len(said) <= 120, rule["code"]
            assert not any(word in said for word in ("None", "null", "NULL", "异常代码", "字段")), rule["code"]
