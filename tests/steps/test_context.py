"""The frozen look-ups of a case: what is stored and read back is what judged it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.decisions import Automation
from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.outcome import ListedOrder, Lookups, PriorPerson
from mailbot.domain.ports import Presence, Registration
from mailbot.steps.context import context_of, situation_of
from tests.casetypes.support import NOW
from tests.steps.fakes import situation

WORD = st.text(max_size=6)
MAYBE = st.none() | WORD
PRIOR = st.builds(PriorPerson, WORD, st.integers(0, 9), WORD, WORD, WORD, WORD)
SENDER = st.builds(SenderView, MAYBE, st.none() | st.booleans(), st.booleans(), st.booleans(), MAYBE)
DAY = st.dates(date(2020, 1, 1), date(2020, 12, 31))
YEARS = st.none() | st.lists(st.integers(2016, 2020), max_size=3).map(tuple)
REGISTRATION = st.builds(
    Registration,
    presence=st.sampled_from(Presence),
    name=MAYBE,
    id_number=MAYBE,
    phone=MAYBE,
    user_name=MAYBE,
    bought=YEARS,
    assigned=YEARS,
    completed=YEARS,
    as_of=st.none() | DAY,
    codes_as_of=st.none() | DAY,
    completed_as_of=st.none() | DAY,
)
ORDER = st.builds(ListedOrder, MAYBE, MAYBE, st.none() | st.integers(0, 99), st.none() | st.booleans(), DAY)
TABLE = st.dictionaries(WORD, WORD, max_size=2)
LOOKUPS = st.builds(
    Lookups,
    twin=st.none() | st.integers(1, 99),
    same_id=st.none() | st.integers(1, 99),
    threads=st.lists(WORD, max_size=2).map(tuple),
    same_content=TABLE,
    people=st.dictionaries(WORD, PRIOR, max_size=2),
    phones=st.dictionaries(WORD, PRIOR, max_size=2),
    orders=st.dictionaries(WORD, st.lists(WORD, max_size=2).map(tuple), max_size=2),
    order_units=st.dictionaries(WORD, st.fixed_dictionaries({"unit": MAYBE, "tax_id": MAYBE}), max_size=2),
    bindings=st.lists(WORD, max_size=2).map(tuple),
    unit_senders=st.dictionaries(WORD, st.lists(WORD, max_size=2).map(tuple), max_size=2),
    listed=st.dictionaries(WORD, ORDER, max_size=2),
    orders_as_of=st.none() | DAY,
)
MOMENT = st.integers(-500_000, 5_000_000).map(lambda minutes: NOW + timedelta(minutes=minutes))


def again(frozen: Situation) -> Situation:
    """Through JSON and back, as the ledger keeps it."""
    stored = json.loads(json.dumps(context_of(frozen)))
    return situation_of(stored, frozen.campaign, frozen.hasher)


@given(LOOKUPS, SENDER, st.dictionaries(WORD, REGISTRATION, max_size=2), st.sampled_from(Automation), MOMENT, MOMENT)
def test_whatever_was_looked_up_comes_back_as_it_was(
    lookups: Lookups,
    sender: SenderView,
    registrations: dict[str, Registration],
    automation: Automation,
    now: datetime,
    received: datetime,
) -> None:
    frozen = replace(
        situation(automation, sender=sender, lookups=lookups),
        registrations=registrations,
        now=now,
        received_at=received,
        mailbox="cqgxkm@cqhrsp.com",
    )
    assert again(frozen) == frozen


def test_the_campaign_is_named_and_not_repeated() -> None:
    frozen = situation()
    assert context_of(frozen)["campaign"] == frozen.campaign.code
    assert frozen.campaign.title not in json.dumps(context_of(frozen), ensure_ascii=False)


def tampered(path: tuple[str, ...], value: object = None, *, drop: bool = False) -> dict[str, Any]:
    prior = PriorPerson("c", 1, "i", "p", "k", "done")
    full = replace(
        situation(lookups=Lookups(people={"a": prior}, orders={"o": ("c",)}, order_units={"c": {"unit": "甲"}})),
        registrations={"a": Registration(Presence.FOUND)},
    )
    stored: dict[str, Any] = json.loads(json.dumps(context_of(full)))
    at = stored
    for step in path[:-1]:
        at = at[step]
    if drop:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return stored


@pytest.mark.parametrize(
    "path",
    [
        ("now",),
        ("received_at",),
        ("mailbox",),
        ("automation",),
        ("sender",),
        ("sender", "verified"),
        ("lookups",),
        ("lookups", "threads"),
        ("lookups", "people", "a", "item"),
        ("lookups", "order_units"),
        ("registrations",),
        ("registrations", "a", "presence"),
    ],
)
def test_a_context_with_a_gap_is_refused_and_not_guessed(path: tuple[str, ...]) -> None:
    frozen = situation()
    with pytest.raises(ValueError, match="not one of a case"):
        situation_of(tampered(path, drop=True), frozen.campaign, frozen.hasher)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("now",), "yesterday"),
        (("automation",), "always"),
        (("sender",), "hr@unit.example"),
        (("lookups", "threads"), "2020-000001"),
        (("lookups", "orders", "o"), "2020-000001"),
        (("lookups", "people"), ["a"]),
        (("lookups", "people", "a", "item"), "1"),
        (("registrations", "a", "presence"), "maybe"),
        (("lookups", "order_units", "c"), None),
    ],
)
def test_a_context_of_another_shape_is_refused(path: tuple[str, ...], value: object) -> None:
    frozen = situation()
    with pytest.raises(ValueError, match=r".+"):
        situation_of(tampered(path, value), frozen.campaign, frozen.hasher)
