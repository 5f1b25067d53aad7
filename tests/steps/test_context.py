"""The frozen look-ups of a case come back from the ledger's JSON as they went in, whatever they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.decisions import Automation
from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.outcome import Lookups, PriorPerson
from mailbot.domain.ports import Presence, Registration
from mailbot.ledger.codec import dumps
from mailbot.steps.context import context_of, situation_of
from tools.make_catalogue import shipped

CAMPAIGN = shipped().campaign


class Plain:
    """A hasher that hashes nothing: the context never asks it."""

    def search(self, text: str) -> str:
        return text

    def token(self, text: str) -> str:
        return text


HASHER = Plain()
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
maybe = st.none() | texts
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made aware at once
    lambda at: at.replace(tzinfo=timezone(timedelta(hours=8)))
)
priors = st.builds(PriorPerson, texts, st.integers(0, 10**6), texts, texts, texts, texts)
some = st.lists(texts, max_size=3).map(tuple)
ids = st.none() | st.integers(1, 10**9)
lookups = st.builds(
    Lookups,
    twin=ids,
    same_id=ids,
    threads=some,
    same_content=st.dictionaries(texts, texts, max_size=3),
    people=st.dictionaries(texts, priors, max_size=3),
    phones=st.dictionaries(texts, priors, max_size=3),
    orders=st.dictionaries(texts, some, max_size=3),
    order_units=st.dictionaries(texts, st.dictionaries(st.sampled_from(["unit", "tax_id"]), maybe), max_size=3),
    bindings=some,
)
senders = st.builds(SenderView, maybe, st.none() | st.booleans(), st.booleans(), st.booleans())
registrations = st.builds(Registration, st.sampled_from(Presence), maybe, maybe, maybe, maybe)
situations = st.builds(
    Situation,
    now=moments,
    received_at=moments,
    mailbox=texts,
    campaign=st.just(CAMPAIGN),
    automation=st.sampled_from(Automation),
    sender=senders,
    lookups=lookups,
    registrations=st.dictionaries(texts, registrations, max_size=3),
    hasher=st.just(HASHER),
)


@given(situations)
def test_what_was_frozen_comes_back_from_the_ledger_as_it_was(situation: Situation) -> None:
    stored = json.loads(dumps(context_of(situation)))
    assert situation_of(stored, CAMPAIGN, HASHER) == situation


@given(situations, st.sampled_from(["now", "sender", "lookups", "registrations", "automation"]))
def test_a_context_with_a_gap_is_no_context(situation: Situation, key: str) -> None:
    stored = json.loads(dumps(context_of(situation)))
    del stored[key]
    with pytest.raises(ValueError, match="not one of a case"):
        situation_of(stored, CAMPAIGN, HASHER)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("lookups", "threads"), "not a list"),
        (("lookups", "people"), ["not a table"]),
        (("lookups", "people"), {"x": {"case_id": "1", "item": "one"}}),
        (("registrations",), None),
        (("automation",), "wild"),
        (("now",), "yesterday"),
    ],
)
def test_a_context_of_another_shape_is_a_value_error(path: tuple[str, ...], value: object) -> None:
    at = datetime(2020, 9, 1, tzinfo=UTC)
    sender = SenderView("a@b.cn", verified=True, ambiguous=False, lookalike=False)
    stored = json.loads(
        dumps(context_of(Situation(at, at, "m", CAMPAIGN, Automation.CLEAN, sender, Lookups(), {}, HASHER)))
    )
    place = stored
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong, it is one class
        situation_of(stored, CAMPAIGN, HASHER)
