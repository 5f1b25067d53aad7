"""The contract of `mailbot process` as types: closed objects, all keys present, its own words and no others."""

from __future__ import annotations

import copy
import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from mailbot import contract
from mailbot.contract import CaseOut, EffectOut, FindingOut, Line, PersonOut
from mailbot.domain.decisions import Outcome, RowStatus
from mailbot.domain.effects import EffectState, Verb
from mailbot.domain.evidence import NOWHERE
from mailbot.domain.findings import Severity
from mailbot.domain.mail import MailState

Json = dict[str, Any]
FINDING: Json = {
    "code": "id.checksum",
    "severity": "ask",
    "message": "校验位不符",
    "where": {**NOWHERE.as_dict(), "row": 6, "column": 3, "cell": "C6", "field": "id_number"},
    "facts": {"id.checksum": True},
}
PERSON: Json = {
    "row": 6,
    "serial": "1",
    "panel": 1,
    "sheet": "Sheet1",
    "member": None,
    "name": "谭*",
    "id_number": None,
    "phone": None,
    "remark": None,
    "status": "ask",
    "state": "awaiting_sender",
    "proposed": False,
    "findings": [FINDING],
}
EFFECT: Json = {
    "verb": "open_account",
    "key": "open_account:2020:ab",
    "person": {"name": "谭*", "id_number": "500***", "phone": "138***"},
    "year": None,
    "row": 6,
    "state": "done",
}
CASE: Json = {
    "id": "2020-000001",
    "kind": "roster",
    "state": "fulfilled",
    "due_at": None,
    "version": 1,
    "follows": [],
    "decided_by": "auto",
    "outcome": "accept",
    "proposed": False,
    "source": {"attachment": "名单.xlsx", "member": None, "sheet": None, "block": 1},
    "header": {"unit": "某校"},
    "people": [PERSON],
    "fields": {},
    "payments": [],
    "years": [],
    "findings": [],
    "effects": [EFFECT],
}
LINE: Json = {
    "file": "1.eml",
    "sha256": "ab" * 32,
    "received_at": "2020-09-16T10:00:00+08:00",
    "repeat": False,
    "mail": {"subject": "名单", "from": "a@b.cn", "to": [], "message_id": None, "text": "", "attachments": []},
    "marks": [],
    "state": "done",
    "duplicate_of": None,
    "findings": [FINDING],
    "cases": [CASE],
    "replies": [{"to": ["a@b.cn"], "subject": "回复", "template": "roster/accept", "file": None}],
}


def paths(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every key in a tree of objects and lists."""
    if isinstance(value, dict):
        return [path for key in value for path in ((*at, key), *paths(value[key], (*at, key)))]
    if isinstance(value, list):
        return [path for number, one in enumerate(value) for path in paths(one, (*at, number))]
    return []


OPTIONAL = {"facts", "attachment", "member", "sheet", "row", "column", "cell", "panel", "page", "box", "field"}
FREE = {"header", "facts", "fields"}
ALL = [path for path in paths(LINE) if not FREE & set(map(str, path[:-1]))]


def changed(path: tuple[str | int, ...], value: object = None, *, drop: bool = False) -> Json:
    tree = copy.deepcopy(LINE)
    at: Any = tree
    for step in path[:-1]:
        at = at[step]
    if drop:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return tree


def test_a_whole_line_is_taken_and_comes_out_as_it_went_in() -> None:
    line = Line.model_validate(LINE)
    assert json.loads(line.model_dump_json(by_alias=True)) == LINE


@pytest.mark.parametrize("path", ALL, ids=lambda path: ".".join(map(str, path)))
def test_no_key_may_be_missing(path: tuple[str | int, ...]) -> None:
    if "where" in path[:-1] or path[-1] == "facts":
        Line.model_validate(changed(path, drop=True))
        return
    with pytest.raises(ValidationError):
        Line.model_validate(changed(path, drop=True))


@pytest.mark.parametrize("path", [path for path in ALL if path[-1] in {"mail", "where", "source", "person"}])
def test_no_key_is_added_in_silence(path: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Line.model_validate(changed((*path, "more"), 1))


@pytest.mark.parametrize(
    ("path", "word"),
    [
        (("state",), "stored"),
        (("cases", 0, "kind"), "invoice"),
        (("cases", 0, "outcome"), "ACCEPT"),
        (("cases", 0, "decided_by"), "machine"),
        (("cases", 0, "people", 0, "status"), "warn"),
        (("cases", 0, "effects", 0, "verb"), "letter"),
        (("cases", 0, "effects", 0, "state"), "doing"),
        (("findings", 0, "severity"), "error"),
        (("cases", 0, "version"), "one"),
        (("mail", "to"), "a@b.cn"),
    ],
)
def test_words_outside_the_contract_are_refused(path: tuple[str | int, ...], word: str) -> None:
    with pytest.raises(ValidationError):
        Line.model_validate(changed(path, word))


def words(model: type[BaseModel], field: str) -> set[str]:
    annotation = model.model_fields[field].annotation
    found = get_args(annotation)
    return {word for one in found for word in (get_args(one) or (one,)) if isinstance(word, str)}


def test_the_words_are_those_of_the_domain() -> None:
    assert words(CaseOut, "outcome") == {outcome.word for outcome in Outcome}
    assert words(PersonOut, "status") == {status.value for status in RowStatus}
    assert words(FindingOut, "severity") == {severity.word for severity in Severity}
    assert words(EffectOut, "verb") == {verb.value for verb in Verb} - {"letter"}
    assert words(EffectOut, "state") == {state.value for state in EffectState} - {"doing"}
    assert words(Line, "state") == {state.value for state in MailState} - {"stored", "working"}


def test_a_place_has_the_keys_of_the_domain() -> None:
    assert set(contract.WhereOut.model_fields) == set(NOWHERE.as_dict()) == OPTIONAL - {"facts"}


def test_every_object_is_closed() -> None:
    models = [one for one in vars(contract).values() if isinstance(one, type) and issubclass(one, contract.Out)]
    assert len(models) >= 10
    assert all(model.model_config.get("extra") == "forbid" for model in models)


@given(
    st.dictionaries(st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=4)
)
def test_facts_and_headers_are_free(found: Json) -> None:
    tree = changed(("findings", 0, "facts"), found)
    tree["cases"][0]["header"] = found
    assert Line.model_validate(tree).cases[0].header == found
