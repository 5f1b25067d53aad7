"""The ledger and the platform as one mail found them: look-ups without their own echo, cases with the states of then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailbot.cli.then import AsAnswered, case_then, merged
from mailbot.domain.decisions import RowStatus
from mailbot.domain.effects import Person, PlannedEffect, Verb
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.outcome import ItemResult, Lookups, PriorPerson, StoredCase
from mailbot.domain.ports import PortError, Presence, Registration, Wish
from mailbot.domain.states import ItemState
from mailbot.ledger.history import CaseThen
from mailbot.ledger.versions import VersionLine
from tests.ledger.world import DUE, HASHER, NOW, S, case, item, person

EARLIER = datetime(2020, 7, 14, tzinfo=UTC)


def prior(case_id: str, state: str = "done") -> PriorPerson:
    return PriorPerson(case_id, 1, "i", "p", "k", state)


def test_one_case_was_judged_by_what_its_mail_was_told() -> None:
    only = Lookups(twin=None, people={"a": prior("2020-000001")}, bindings=("unit:甲",))
    assert merged([only], frozenset({"2020-000009"})) == only


def test_what_an_earlier_case_of_the_mail_asked_for_is_taken_out_again() -> None:
    first = Lookups(people={"a": prior("old")}, orders={"o": ("old",)})
    second = Lookups(
        people={"a": prior("old"), "b": prior("mine", "planned")},
        phones={"c": prior("mine", "planned")},
        orders={"o": ("old", "mine"), "q": ("mine",)},
    )
    found = merged([first, second], frozenset({"mine", "mine-2"}))
    assert (found.people, found.phones) == ({"a": prior("old")}, {})
    assert found.orders == {"o": ("old",), "q": ()}


def test_what_a_case_that_went_on_was_not_shown_of_itself_comes_back_from_the_others() -> None:
    """A case is not told of its own earlier wishes; the mail's next request was."""
    first, second = Lookups(people={}), Lookups(people={"a": prior("mine", "done")})
    assert merged([first, second], frozenset({"mine", "mine-2"})).people == {"a": prior("mine", "done")}


def stored(*items: ItemResult) -> StoredCase:
    now = replace(case(), version=3, items=items, seen=9)
    effects = (
        PlannedEffect("e1", Verb.OPEN_ACCOUNT, person(1), (1,)),
        PlannedEffect("e3", Verb.OPEN_ACCOUNT, person(3), (3,)),
    )
    return StoredCase(replace(now, effects=effects), S.HELD, {"e1": "done", "e3": "done"}, {2: NOW}, (1, 2))


def version(number: int) -> VersionLine:
    found = (Finding("header.order_missing", Severity.ASK, "缺订单号"),)
    return VersionLine(number, 1, EARLIER, "partial", "rules-1", {"sheet": "旧"}, {"unit": "旧名"}, found, {"now": "x"})


def test_a_case_has_the_items_and_states_and_values_of_then() -> None:
    now = stored(item(1, S.FULFILLED), replace(item(2, S.HELD), due_at=DUE), item(3, S.FULFILLED))
    then = CaseThen(1, {1: S.APPROVED, 2: S.AWAITING_SENDER}, {2: EARLIER, 7: EARLIER})
    read = {2: replace(item(2, S.HELD), values={"name": "旧"}, status=RowStatus.ASK)}
    was = case_then(now, then, version(1), read)
    assert [(one.number, one.state) for one in was.result.items] == [(1, S.APPROVED), (2, S.AWAITING_SENDER)]
    assert was.result.items[1].values == {"name": "旧"}
    assert was.result.items[0].values == item(1).values, "what cannot be read again stands as it is"
    assert (was.result.version, was.result.header, was.result.context) == (1, {"unit": "旧名"}, {"now": "x"})
    assert [finding.code for finding in was.result.findings] == ["header.order_missing"]
    assert was.waiting_since == {2: EARLIER}


@pytest.mark.parametrize(("state", "effect"), [(S.APPROVED, "pending"), (S.FULFILLED, "done"), (S.HELD, "done")])
def test_what_had_not_ended_then_is_under_way(state: ItemState, effect: str) -> None:
    then = CaseThen(1, {1: state}, {})
    was = case_then(stored(item(1, S.FULFILLED), item(3, S.FULFILLED)), then, version(1), {})
    assert was.effect_states == {"e1": effect}, "the effect of a row that came later is none yet"
    assert [one.key for one in was.result.effects] == ["e1"]


def test_the_platform_says_what_it_said_and_counts_whom_nobody_asked_about() -> None:
    known = Registration(Presence.FOUND, name="张三")
    one, other = person(1), person(2)
    platform = AsAnswered({HASHER.search(one.id_number): known}, HASHER)
    assert [answer.presence for answer in platform.find([one, other])] == [Presence.FOUND, Presence.UNKNOWN]
    assert platform.unasked == 1
    assert platform.find([]) == []


def test_nothing_can_be_asked_of_it() -> None:
    platform = AsAnswered({}, HASHER)
    wish = Wish("k", Person("张三", "x", "y"))
    for act in (platform.ensure_accounts, platform.grant, platform.revoke):
        with pytest.raises(PortError) as refused:
            act([wish])
        assert refused.value.retry is False
    platform.check()
    assert platform.collect() == []
    assert not platform.caps.authoritative
