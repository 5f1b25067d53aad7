"""Limits are typed and complete, and every one says why."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from mailbot.domain.limits import Limits, parse_limits

FILE = Path(__file__).resolve().parents[2] / "rules" / "limits.toml"


def tree() -> dict[str, dict[str, object]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def test_the_shipped_ones_are_those_of_the_design() -> None:
    limits = parse_limits(tree())
    assert limits.mail.bytes == 60_000_000
    assert (limits.mail.depth, limits.mail.parts, limits.mail.attachments) == (100, 1_000, 50)
    assert (limits.sheet.rows, limits.sheet.full_rows, limits.sheet.columns) == (60_000, 20_000, 64)
    assert limits.outbound.unknown_wait_minutes == 10
    assert limits.outbound.retry_minutes == (1, 5, 15, 60, 240)
    assert limits.child.wall_seconds < 20


def test_every_limit_has_its_reason_and_every_reason_its_limit() -> None:
    limits = parse_limits(tree())
    groups = {name: group for name, group in limits if isinstance(group, BaseModel)}
    names = {f"{group}.{name}" for group, model in groups.items() for name in type(model).model_fields}
    assert names == set(limits.reasons)
    assert all(reason.strip() for reason in limits.reasons.values())


@pytest.mark.parametrize("value", [0, -1, 1.5, "60", True, None])
def test_no_other_value_is_a_limit(value: object) -> None:
    changed = tree()
    changed["mail"]["depth"] = {"value": value, "reason": "x"}
    with pytest.raises(ValidationError, match=r"mail\.depth"):
        parse_limits(changed)


def test_a_bare_number_wants_its_reason() -> None:
    changed = tree()
    changed["mail"]["depth"] = 100
    with pytest.raises(ValidationError) as caught:
        parse_limits(changed)
    assert [error["loc"] for error in caught.value.errors()] == [("reasons", "mail.depth")]


def test_unknown_and_missing_are_refused() -> None:
    changed = tree()
    changed["mail"]["deepness"] = changed["mail"].pop("depth")
    with pytest.raises(ValidationError) as caught:
        parse_limits(changed)
    assert {error["type"] for error in caught.value.errors()} == {"missing", "extra_forbidden"}
    with pytest.raises(ValidationError):
        parse_limits({"mail": 1})


def test_limits_do_not_change() -> None:
    limits: Limits = parse_limits(tree())
    with pytest.raises(ValidationError):
        limits.mail = limits.mail  # type: ignore[misc]  # the point of the test
