"""Where the campaign wants two readers, a verdict that ends something carries two names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.desk import Desk, Refused
from mailbot.domain.decisions import Automation, Decision, Verdict
from tests.flow.conftest import Make
from tests.flow.office import NOW, STAFF, Office, roster
from tools.stories.people import people

[A] = people(741, 1)
CASE = "2020-000001"


@pytest.fixture
def careful(make: Make) -> Office:
    """An office where a person confirms everything."""
    office: Office = make(automation=Automation.CONFIRM)
    office.process(roster(A))
    return office


def desk(office: Office) -> Desk:
    """The office's desk, under a campaign that wants two readers for rosters."""
    plain = office.parts.desk()
    policy = plain.campaign.kinds["roster"].model_copy(update={"second_reader": True})
    kinds = {**plain.campaign.kinds, "roster": policy}
    return replace(plain, campaign=plain.campaign.model_copy(update={"kinds": kinds}))


def verdict(office: Office, given: Verdict, second: str | None) -> Decision:
    seen = office.case(CASE).result.seen
    assert seen is not None
    return Decision(STAFF, "已核对", CASE, seen, {1: given}, {}, second)


@pytest.mark.parametrize("given", [Verdict.APPROVE, Verdict.DECLINE])
@pytest.mark.parametrize("second", [None, "", " ", STAFF, f" {STAFF} "])
def test_nobody_ends_it_alone(careful: Office, given: Verdict, second: str | None) -> None:
    before = careful.case(CASE)
    with pytest.raises(Refused, match="两人审核"):
        desk(careful).verdict(verdict(careful, given, second), NOW)
    assert careful.case(CASE) == before


@pytest.mark.parametrize("given", [Verdict.APPROVE, Verdict.DECLINE])
def test_two_names_do_and_both_are_recorded(careful: Office, given: Verdict) -> None:
    desk(careful).verdict(verdict(careful, given, "王主任"), NOW)
    event = next(e for e in careful.ledger.queries.events_of(case_id=CASE) if e.actor == STAFF)
    assert event.detail is not None
    assert event.detail["second_actor"] == "王主任"


def test_a_question_to_the_sender_needs_one_reader(careful: Office) -> None:
    desk(careful).verdict(verdict(careful, Verdict.ASK, None), NOW)
    assert careful.states(CASE) == ["awaiting_sender"]


def test_where_the_campaign_is_content_with_one_reader_one_is_enough(careful: Office) -> None:
    careful.decide(CASE, {1: Verdict.DECLINE})
    assert careful.states(CASE) == ["declined"]
