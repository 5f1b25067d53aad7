"""Whose is which part: every part has one owner or none, and two owners are a matter for a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Opened
from mailbot.domain.mail import Mail
from mailbot.steps.classify import Ambiguous, classify
from tests.steps.fakes import Kind, Sheet, sheet

MAIL = Opened(mail=Mail())
PARTS = st.frozensets(st.integers(0, 5))


def test_nobody_claims_nothing_is_found() -> None:
    assert classify(MAIL, ()) == ()
    assert classify(MAIL, (Kind(), Kind("proof"))) == ()


def test_each_kind_reads_its_own_parts() -> None:
    roster, proof = Kind(mine=frozenset({1})), Kind("proof", frozenset({2, 3}))
    found = classify(MAIL, (roster, proof))
    assert [(request.kind.name, request.record.part) for request in found] == [
        ("roster", 1),
        ("proof", 2),
        ("proof", 3),
    ]


def test_several_records_of_one_part_are_several_requests_in_order() -> None:
    kind = Kind(mine=frozenset({1}), records={1: (sheet("甲"), sheet("乙"), sheet("丙"))})
    assert [request.record.lines[0].who for request in classify(MAIL, (kind,))] == ["甲", "乙", "丙"]


def test_a_claimed_part_without_a_record_is_no_request() -> None:
    assert classify(MAIL, (Kind(mine=frozenset({1}), records={1: ()}),)) == ()


def test_two_claimants_of_one_part_are_named_with_the_part() -> None:
    with pytest.raises(Ambiguous) as clash:
        classify(MAIL, (Kind(mine=frozenset({1, 4})), Kind("proof", frozenset({4}))))
    assert (clash.value.part, clash.value.kinds) == (4, ("roster", "proof"))


def test_the_text_of_the_mail_can_clash_as_well() -> None:
    with pytest.raises(Ambiguous) as clash:
        classify(MAIL, (Kind("enquiry", frozenset({0})), Kind("proof", frozenset({0}))))
    assert clash.value.part == 0


@given(PARTS, PARTS)
def test_either_every_part_has_one_owner_or_nothing_is_decided(one: frozenset[int], two: frozenset[int]) -> None:
    kinds = (Kind(mine=one), Kind("proof", two))
    if one & two:
        with pytest.raises(Ambiguous) as clash:
            classify(MAIL, kinds)
        assert clash.value.part == min(one & two)
    else:
        owned = {request.record.part: request.kind.name for request in classify(MAIL, kinds)}
        assert owned == {**dict.fromkeys(one, "roster"), **dict.fromkeys(two, "proof")}


def test_a_kind_is_asked_to_read_only_what_it_claimed() -> None:
    asked: list[frozenset[int]] = []

    class Careful(Kind):
        def extract(self, opened: Opened, parts: frozenset[int]) -> tuple[Sheet, ...]:
            asked.append(parts)
            return super().extract(opened, parts)

    classify(MAIL, (Careful(mine=frozenset({2})), Careful("proof")))
    assert asked == [frozenset({2})]


def test_a_kind_that_yields_gets_what_nobody_else_claims() -> None:
    modest = Kind("enquiry", frozenset({0, 1}), yields=True)
    found = classify(Opened(mail=Mail()), (modest, Kind("roster", frozenset({1}))))
    assert [(one.kind.name, one.record.part) for one in found] == [("roster", 1), ("enquiry", 0)]
