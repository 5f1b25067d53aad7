"""Every case of mail that the product must handle has a test or a stored mail that shows it, found by its number."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]
LAST: Final = 52
_NUMBERED: Final = re.compile(r"(?m)^ *def (test_case_(\d{2}(?:_and_\d{2})*)_\w+)\(")
Case = Mapping[str, object]


@cache
def cases() -> Sequence[Case]:
    text = (TESTS / "repo" / "mail_cases.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["case"])


@cache
def numbered_tests() -> Mapping[int, Sequence[str]]:
    """The tests that carry a case's number, as `file::name`."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for match in _NUMBERED.finditer(path.read_text(encoding="utf-8")):
            for number in match[2].split("_and_"):
                found[int(number)].append(f"{path.relative_to(TESTS)}::{match[1]}")
    return found


@cache
def stored(what: str) -> frozenset[str]:
    """The names of the stored mails, without their numbers."""
    if what == "hard":
        names = [path.stem for path in (TESTS / "fixtures" / "hard").glob("*.eml")]
    else:
        names = [path.parent.name for path in (TESTS / "fixtures" / "mails").glob("*/expected.toml")]
    return frozenset(re.sub(r"^\d+-", "", name) for name in names)


def test_the_list_has_every_case_once() -> None:
    assert [case["number"] for case in cases()] == list(range(1, LAST + 1))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['number']:02d}")
def test_a_case_is_shown(case: Case) -> None:
    fixtures = [name for what in ("hard", "stories") for name in _named(case, what)]
    shown = [*numbered_tests().get(int(str(case["number"])), ()), *fixtures]
    assert shown, f"nothing shows case {case['number']}: {case['is']}"


@pytest.mark.parametrize("what", ["hard", "stories"])
def test_the_mails_that_the_list_names_are_there(what: str) -> None:
    missing = [name for case in cases() for name in _named(case, what) if name not in stored(what)]
    assert missing == []


def test_no_test_carries_a_number_that_is_none() -> None:
    assert set(numbered_tests()) <= set(range(1, LAST + 1))


def _named(case: Case, what: str) -> Sequence[str]:
    names = case.get(what, ())
    assert isinstance(names, list | tuple)
    return [str(name) for name in names]
