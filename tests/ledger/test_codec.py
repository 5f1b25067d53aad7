"""Domain values through columns and back; hostile text survives as something harmless."""

from __future__ import annotations

import json
from datetime import UTC, date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.effects import Person
from mailbot.domain.evidence import UNKNOWN, Where
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.workdays import ItemClock
from mailbot.ledger.codec import (
    CHUNK,
    chunks,
    clean,
    clock_in,
    clock_out,
    dumps,
    finding_in,
    finding_out,
    findings_out,
    person_in,
    person_out,
)

TEXT = st.text(max_size=20)
WHERES = st.builds(
    Where,
    attachment=st.none() | TEXT,
    sheet=st.none() | TEXT,
    row=st.none() | st.integers(1, 10**6),
    column=st.none() | st.integers(1, 100),
    cell=st.none() | TEXT,
    page=st.none() | st.integers(1, 9),
    box=st.none() | st.tuples(*[st.floats(0, 1, allow_nan=False)] * 4),
    field=st.none() | TEXT,
)
FINDINGS = st.builds(
    Finding,
    code=TEXT,
    severity=st.sampled_from(Severity),
    message=TEXT,
    stops=st.sampled_from(Stops),
    where=WHERES,
    facts=st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT, max_size=4),
    unknown=st.booleans(),
)


@given(finding=FINDINGS)
def test_a_finding_comes_back_as_it_was(finding: Finding) -> None:
    assert finding_in(json.loads(dumps(finding_out(finding)))) == finding


def test_facts_become_plain_values_and_unknown_becomes_null() -> None:
    facts = {"fee": Decimal("33.00"), "day": date(2020, 7, 7), "years": (2016, 2017), "id": UNKNOWN}
    stored = json.loads(dumps(finding_out(Finding("x", Severity.ASK, "m", facts=facts))))
    assert stored["facts"] == {"fee": "33.00", "day": "2020-07-07", "years": [2016, 2017], "id": None}


def test_what_says_nothing_is_not_stored() -> None:
    assert finding_out(Finding("x", Severity.NOTE, "m")) == {"code": "x", "severity": "note", "message": "m"}
    assert findings_out(()) is None


@given(text=st.text(alphabet=st.characters(codec=None, categories=None), max_size=30))
def test_any_text_at_all_fits_a_text_column(text: str) -> None:
    assert "\x00" not in clean(text)
    clean(text).encode()


@given(text=st.text(alphabet=st.characters(categories=None), max_size=30))
def test_any_text_at_all_survives_as_json(text: str) -> None:
    stored = dumps({"text": text})
    stored.encode()
    assert json.loads(stored) == {"text": text}


def test_chinese_stays_readable_and_only_surrogates_are_escaped() -> None:
    assert dumps({"名": "喆"}) == '{"名":"喆"}'
    assert dumps("\ud800") == '"\\ud800"'


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="object cannot be stored"):
        dumps(object())


@given(values=st.lists(st.integers(), max_size=50), factor=st.integers(1, 60))
def test_chunks_lose_nothing_and_stay_short(values: list[int], factor: int) -> None:
    many = values * factor
    parts = list(chunks(many))
    assert [value for part in parts for value in part] == many
    assert all(0 < len(part) <= CHUNK for part in parts)


MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(st.builds(ItemClock, MOMENTS, st.lists(st.tuples(MOMENTS, MOMENTS), max_size=3).map(tuple)))
def test_a_clock_comes_back_as_it_was(clock: ItemClock) -> None:
    assert clock_in(json.loads(dumps(clock_out(clock)))) == clock


def test_the_usual_clock_is_not_stored() -> None:
    assert clock_out(None) is None
    assert clock_in(None) is None


def test_a_person_comes_back_and_a_purged_one_is_empty() -> None:
    person = Person("张三", "500101199001010011", "13900000001")
    assert person_in(person_out(person)) == person
    assert person_in({}) == Person("", "", "")
