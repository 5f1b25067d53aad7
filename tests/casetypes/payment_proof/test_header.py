"""The header of a case: what the process contract prints, and the very same record again out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.payment_proof.header import header_json, stored_record
from mailbot.casetypes.payment_proof.values import (
    PAYMENT_FIELDS,
    PERSON_FIELDS,
    Origin,
    Payment,
    Pictures,
    ProofRecord,
    Said,
    Side,
    Value,
)
from mailbot.domain.document import Opened
from mailbot.domain.evidence import Where
from mailbot.domain.records import Source
from tests.casetypes.payment_proof.support import (
    ID,
    NAME,
    ORDER,
    PHONE,
    form,
    kind,
    mail,
    order,
    picture,
    record_of,
    scan,
    with_order,
)
from tests.casetypes.support import HASHER

WORDS = st.text(max_size=12)
BOX = st.tuples(*[st.integers(0, 4000).map(float)] * 4)
ORIGINS: st.SearchStrategy[Origin] = st.sampled_from(("typed", "seen"))
PLACES = st.builds(
    Where,
    attachment=st.none() | WORDS,
    member=st.none() | WORDS,
    sheet=st.none() | WORDS,
    row=st.none() | st.integers(1, 400),
    column=st.none() | st.integers(1, 20),
    page=st.none() | st.integers(1, 30),
    box=st.none() | BOX,
    field=st.none() | WORDS,
)
VALUES = st.builds(
    Value, WORDS, place=PLACES, origin=ORIGINS, confidence=st.floats(0, 1, allow_nan=False), sure=st.booleans()
)
SAID = st.lists(VALUES, min_size=1, max_size=3).map(lambda values: Said().with_(Said(tuple(values))))


@st.composite
def sides(draw: st.DrawFn) -> Side:
    values = draw(st.dictionaries(st.sampled_from([n for n in PAYMENT_FIELDS if n != "year"]), VALUES, max_size=4))
    if draw(st.booleans()):
        values["year"] = replace(draw(VALUES), text=str(draw(st.integers(2000, 2099))))
    unreadable = draw(st.frozensets(st.sampled_from(PAYMENT_FIELDS), max_size=3))
    cut, lost, listed = (draw(st.booleans()) for _ in range(3))
    return Side(values, draw(PLACES), cut, unreadable, lost, listed)


@st.composite
def payments(draw: st.DrawFn) -> Payment:
    claimed, shown = draw(st.none() | sides()), draw(st.none() | sides())
    if claimed is None and shown is None:
        shown = draw(sides())
    return Payment(claimed, shown, together=draw(st.booleans()), again=draw(st.booleans()))


COUNT = st.integers(0, 50)
RECORDS = st.builds(
    ProofRecord,
    source=st.just(Source(None)),
    person=st.dictionaries(st.sampled_from(PERSON_FIELDS), SAID),
    payments=st.lists(payments(), max_size=4).map(tuple),
    pictures=st.builds(
        Pictures, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT, st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple)
    ),
    files=st.lists(WORDS, max_size=3).map(tuple),
    unassigned=COUNT,
    left_out=COUNT,
)


@given(record=RECORDS)
def test_every_record_comes_back_whole_through_json(record: ProofRecord) -> None:
    assert stored_record(json.loads(json.dumps(header_json(record)))) == record


def whole() -> ProofRecord:
    scans = (scan(order(), number=2),)
    return record_of(Opened(mail=mail("", picture(2)), documents=(form(("2018", ORDER)),), scans=scans))


def test_the_items_of_a_stored_record_are_those_of_the_first() -> None:
    record = whole()
    again = stored_record(json.loads(json.dumps(header_json(record))))
    assert kind().items(again, HASHER) == kind().items(record, HASHER)


def fields(record: ProofRecord) -> Mapping[str, Any]:
    return json.loads(json.dumps(header_json(record)))  # type: ignore[no-any-return] # JSON is what it is


def test_the_fields_tell_value_source_and_whether_they_are_verified() -> None:
    told = fields(whole())["fields"]
    assert {name: told[name]["value"] for name in PERSON_FIELDS} == {
        "name": NAME,
        "id_number": ID,
        "phone": PHONE,
        "user_name": None,
    }
    assert {told[name]["source"] for name in ("name", "id_number", "phone")} == {"typed"}
    assert not any(told[name]["verified"] for name in PERSON_FIELDS)


def test_a_payment_stands_once_as_claimed_and_once_as_shown() -> None:
    claimed, shown = fields(whole())["payments"]
    assert (claimed["role"], claimed["source"], claimed["verified"]) == ("claimed", "typed", True)
    assert (shown["role"], shown["source"], shown["page"], shown["box"]) == ("shown", "seen", 1, [10, 20, 200, 40])
    assert {one["item"] for one in (claimed, shown)} == {1}
    assert {one["order_id"] for one in (claimed, shown)} == {ORDER}
    assert {one["year"] for one in (claimed, shown)} == {2018}


def test_a_number_seen_without_doubt_is_verified_and_a_doubtful_one_is_not() -> None:
    (sure,) = fields(record_of(with_order()))["payments"]
    (doubtful,) = fields(record_of(with_order(order_id={"agreed": False})))["payments"]
    assert (sure["verified"], doubtful["verified"]) == (True, False)


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in fields(whole()).items() if key != name}


@pytest.mark.parametrize(
    "header",
    [
        {},
        *({"without": name} for name in ("fields", "payments", "pictures", "unassigned", "left_out", "files")),
        {"files": "abc"},
        {"fields": []},
        {"fields": {"name": None}},
        {"payments": [1]},
        {"payments": {}},
        {"unassigned": "many"},
        {"pictures": {"total": 1}},
        {"fields": {"name": {"values": [{"text": "x"}]}}},
    ],
)
def test_a_header_of_another_kind_is_refused(header: dict[str, Any]) -> None:
    broken = without(header["without"]) if "without" in header else {**fields(whole()), **header} if header else {}
    with pytest.raises(ValueError, match="not one of a payment proof"):
        stored_record(broken)


def test_a_confidence_that_is_no_number_is_refused() -> None:
    header = fields(whole())
    header["fields"]["name"]["values"][0]["confidence"] = "high"
    with pytest.raises(ValueError, match="not one of a payment proof"):
        stored_record(header)


def test_a_fault_does_not_tell_what_the_header_holds() -> None:
    header = fields(whole())
    header["fields"]["id_number"]["values"][0]["confidence"] = "high"
    with pytest.raises(ValueError, match="not one of a payment proof") as caught:
        stored_record(header)
    assert ID not in str(caught.value)
