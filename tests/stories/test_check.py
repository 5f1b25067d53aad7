"""The checker can fail: each difference between a declared truth and a line is found and said."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.stories.invariants import wrong_again, wrong_effects, wrong_world
from tests.stories.leaks import whole_numbers
from tools.stories.check import differences
from tools.stories.people import person

ONE = person(1)
TRUTH: dict[str, Any] = {
    "states": ["done"],
    "letters": 1,
    "letter_to": "a@b.example",
    "twin": False,
    "codes": [],
    "subject": "名单",
    "files": ["a.xlsx"],
    "cases": [
        {
            "outcome": "accept",
            "state": "fulfilled",
            "due_at": "2020-09-16T17:30:00+08:00",
            "opened": 1,
            "version": 1,
            "header": {"unit": "甲"},
            "notes": ["sheet.ignored"],
            "codes": [],
            "at_least": False,
            "people": [
                {
                    "sheet": "S",
                    "row": 6,
                    "panel": 1,
                    "status": "ok",
                    "codes": [],
                    "at_least": False,
                    "known": {"name": ONE.name, "id_number": ONE.id_number},
                    "null": ["phone"],
                }
            ],
        }
    ],
}


def a_line() -> dict[str, Any]:
    people = {"sheet": "S", "row": 6, "panel": 1, "status": "ok", "state": "fulfilled", "findings": []}
    values = {"name": ONE.name, "id_number": ONE.id_number, "phone": None}
    effect = {"verb": "open_account", "key": "k", "state": "done", "row": 6, "person": {**values, "phone": ONE.phone}}
    case = {
        "id": "2020-000001",
        "version": 1,
        "outcome": "accept",
        "state": "fulfilled",
        "due_at": "2020-09-16T17:30:00+08:00",
        "header": {"unit": "甲"},
        "source": {"sheet": "S"},
        "findings": [{"code": "sheet.ignored", "severity": "note"}],
        "effects": [effect],
        "people": [people | values],
    }
    return {
        "file": "mail.eml",
        "sha256": "0",
        "received_at": "2020-09-14T10:12:00+08:00",
        "marks": [],
        "state": "done",
        "findings": [],
        "duplicate_of": None,
        "repeat": False,
        "mail": {"subject": "名单", "attachments": [{"name": "a.xlsx"}]},
        "replies": [{"to": ["a@b.example"]}],
        "cases": [case],
    }


def test_no_difference() -> None:
    assert differences(TRUTH, a_line()) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["state"], "ignored", "state"),
        (["duplicate_of"], "1.eml", "duplicate_of"),
        (["mail", "subject"], "另", "subject"),
        (["mail", "attachments"], [], "files"),
        (["replies"], [], "0 letters"),
        (["replies", 0, "to"], ["x@y.example"], "a letter to"),
        (["cases"], [], "0 cases"),
        (["cases", 0, "outcome"], "hold", "outcome"),
        (["cases", 0, "state"], "held", "state"),
        (["cases", 0, "due_at"], None, "due_at"),
        (["cases", 0, "version"], 2, "version"),
        (["cases", 0, "header", "unit"], None, "header.unit"),
        (["cases", 0, "findings"], [], "note sheet.ignored"),
        (["cases", 0, "findings"], [{"code": "x.y", "severity": "ask"}], "findings with x.y"),
        (["cases", 0, "effects", 0, "state"], "planned", "accounts opened"),
        (["cases", 0, "people"], [], "nobody at"),
        (["cases", 0, "people", 0, "row"], 7, "somebody at"),
        (["cases", 0, "people", 0, "status"], "hold", "status"),
        (["cases", 0, "people", 0, "name"], "别人", "name"),
        (["cases", 0, "people", 0, "phone"], ONE.phone, "not null"),
        (["cases", 0, "people", 0, "findings"], [{"code": "id.length", "severity": "fix"}], "codes with id.length"),
    ],
)
def test_every_difference_is_said(path: list[str | int], value: object, said: str) -> None:
    line = a_line()
    place: Any = line
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert any(said in what for what in differences(TRUTH, line))


def test_missing_codes_are_said_even_of_a_part() -> None:
    truth = deepcopy(TRUTH)
    truth["cases"][0]["people"][0] |= {"codes": ["id.checksum"], "at_least": True}
    assert "without id.checksum" in str(differences(truth, a_line()))


def test_a_code_of_the_whole_stands_with_the_mail_or_a_case() -> None:
    truth = deepcopy(TRUTH) | {"codes": ["mail.after_closing"]}
    finding = {"code": "mail.after_closing", "severity": "hold"}
    assert "without mail.after_closing" in str(differences(truth, a_line()))
    assert differences(truth, a_line() | {"findings": [finding]}) == []


def test_what_is_not_declared_is_not_judged() -> None:
    bare = {"states": ["done", "set_aside"], "twin": False, "codes": [], "files": []}
    assert differences(bare, a_line()) == []


def test_two_accounts_for_one_person_are_found() -> None:
    line = a_line()
    twice = deepcopy(line["cases"][0])
    twice["effects"][0]["key"] = "other"
    line["cases"].append(twice)
    assert len(list(wrong_world([line]))) == 2
    assert list(wrong_world([a_line(), a_line()])) == []


def test_acting_on_a_row_that_waits_is_found() -> None:
    case = a_line()["cases"][0]
    case["people"][0]["status"] = "hold"
    assert list(wrong_effects(case)) == ["row 6 waits and was acted upon"]
    case["outcome"] = "hold"
    assert "a case that stands was acted upon" in list(wrong_effects(case))


@pytest.mark.parametrize("text", [f"号码{ONE.id_number}。", f"电话:{ONE.phone}", f"x {ONE.id_number.lower()}"])
def test_whole_numbers_are_found(text: str) -> None:
    assert len(whole_numbers(text)) == 1


def test_masked_numbers_order_numbers_and_hashes_are_no_leak() -> None:
    assert whole_numbers(f"500***********42 138****1234 2020070345834539 a{ONE.phone}f 12500105450973QK") == []


def test_a_second_run_that_differs_is_found() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mailbot.contract.Line.model_validate", lambda line: line)
        again = a_line() | {"repeat": True, "state": "ignored"}
        assert list(wrong_again([a_line()], [again])) == ["state became ignored in the second run"]
        assert any("repetition" in what for what in wrong_again([a_line()], [a_line()]))
