"""Lists and confirmed senders in the whole house: what they say decides, from the look-up to the effect and the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mailbot.clock import FixedClock
from mailbot.domain.decisions import Automation, Outcome, Verdict
from mailbot.domain.effects import EffectState
from mailbot.domain.findings import Severity
from mailbot.domain.lists import ListHead, Order
from mailbot.domain.outcome import CaseResult
from mailbot.platform.known import Account, Group
from mailbot.platform.ledger import EmbeddedLedger
from mailbot.platform.registry import PlatformSettings
from mailbot.platform.worklist import Worklist
from tests.flow.conftest import Make
from tests.flow.office import NOW, Office, roster
from tools.stories import units
from tools.stories.people import Person, people
from tools.stories.post import File

A, B, C, D = people(9300, 4)
DAY = date(2020, 9, 16)
PRIMARY = units.PRIMARY


def orders(office: Office, *found: Order, day: date = DAY) -> None:
    office.ledger.orders.take(ListHead("订单.xlsx", "0" * 64, day), found, "张工", NOW)


def known(office: Office, *accounts: Account, groups: frozenset[Group] = frozenset(Group)) -> None:
    platform = office.parts.platform
    assert isinstance(platform, EmbeddedLedger | Worklist)
    platform.known.take(ListHead("人员.xlsx", "0" * 64, DAY), accounts, groups, "张工", NOW)


def account(person: Person) -> Account:
    return Account(person.id_number, person.phone, person.name, person.phone)


def codes(case: CaseResult) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in case.findings}


def bought(count: int, unit: units.Unit = PRIMARY) -> Order:
    return Order(unit.order_no, unit.name, unit.tax_id, count, paid=True)


def bind(office: Office, sender: str, unit: units.Unit = PRIMARY) -> None:
    office.ledger.switches.bind(sender, f"tax:{unit.tax_id}", "张工", NOW)


def test_more_people_than_codes_are_registered_and_a_person_compares(office: Office) -> None:
    orders(office, bought(2))
    [case] = office.process(roster(A, B, C)).cases
    assert codes(case)["order.more_rows_than_codes"] is Severity.HOLD
    assert case.outcome is Outcome.PARTIAL
    office.drain()
    assert office.accounts(A, B, C) == [True] * 3
    office.decide(case.case_id, {0: Verdict.APPROVE}, waived=["order.more_rows_than_codes"])
    assert set(office.states(case.case_id)) == {"fulfilled"}


def test_a_correction_of_a_case_does_not_count_its_own_rows_twice(office: Office) -> None:
    orders(office, bought(2))
    first = office.process(roster(A, B)).cases[0]
    office.drain()
    again = office.process(roster(A, B, at="2020-09-16 10:30", subject="再发一次"))
    assert not [case for case in again.cases if "order.more_rows_than_codes" in codes(case)]
    assert first.case_id in again.follows


def test_two_rosters_of_one_mail_on_one_order_are_counted_together(office: Office) -> None:
    orders(office, bought(3))
    one, two = roster(A, B), roster(C, D, header={"unit": PRIMARY.name, "tax_id": PRIMARY.tax_id})
    files = (File("一.xlsx", one.files[0].data), File("二.xlsx", two.files[0].data))
    cases = office.process(replace(one, files=files)).cases
    assert ["order.more_rows_than_codes" in codes(case) for case in cases] == [False, True]


def test_an_order_of_another_unit_by_the_list_stops_the_case(office: Office) -> None:
    orders(office, replace(bought(9, units.HOSPITAL), order_no=PRIMARY.order_no))
    [case] = office.process(roster(A)).cases
    assert (case.outcome, codes(case)["order.other_unit"]) == (Outcome.HOLD, Severity.HOLD)
    office.drain()
    assert office.effects() == []
    assert not [letter for letter in office.post.letters if units.HOSPITAL.name in letter.text]


def test_a_list_that_comes_in_between_two_mails_changes_the_next_one_only(office: Office) -> None:
    first = office.process(roster(A)).cases[0]
    orders(office, bought(9))
    second = office.process(roster(B, at="2020-09-16 11:00")).cases[0]
    assert codes(first)["order.unknown"] is Severity.NOTE
    assert "order.unknown" not in codes(second)
    stored = office.case(first.case_id).result
    assert "order.unknown" in codes(stored)


def test_who_has_an_account_by_a_list_is_told_so_and_nothing_is_done(office: Office) -> None:
    known(office, account(A))
    [case] = office.process(roster(A, B)).cases
    office.drain()
    states = {line.key: line.state for line in office.effects()}
    assert sorted(states.values()) == [EffectState.ALREADY, EffectState.DONE]
    assert set(office.states(case.case_id)) == {"fulfilled"}


def test_the_worklist_asks_for_those_alone_whom_no_list_names(make: Make, tmp_path: Path) -> None:
    worklist = Worklist(PlatformSettings(tmp_path, FixedClock(NOW), "初始密码为000000"))
    office = make(platform=worklist)
    known(office, account(A))
    [case] = office.process(roster(A, B)).cases
    office.drain()
    assert sorted(office.states(case.case_id)) == ["approved", "fulfilled"]
    assert [batch.counts for batch in worklist.batches()] == [{"pending": 1}]


def test_an_account_with_another_phone_by_a_list_goes_to_a_person(office: Office) -> None:
    known(office, replace(account(A), phone="13900009999"))
    [case] = office.process(roster(A, B)).cases
    assert [finding.code for finding in case.items[0].findings] == [
        "person.registration_differs",
        "person.identity_conflict",
    ]
    office.drain()
    assert office.accounts(B) == [True]
    assert sorted(office.states(case.case_id)) == ["fulfilled", "held"]


@pytest.mark.parametrize("level", [Automation.CLEAN, Automation.TRUSTED])
def test_another_verified_address_for_a_confirmed_unit_is_held_at_every_level(make: Make, level: Automation) -> None:
    """No order and no earlier case is needed: the unit's tax number is enough."""
    office = make(automation=level)
    bind(office, PRIMARY.address)
    [case] = office.process(roster(A, address="somebody@outlook.com")).cases
    assert codes(case)["sender.other_address"] is Severity.HOLD
    assert case.outcome is Outcome.HOLD
    [own] = office.process(roster(B, at="2020-09-16 11:20")).cases
    assert "sender.other_address" not in codes(own)
    assert own.outcome is Outcome.ACCEPT


def test_an_address_that_a_person_confirms_too_goes_on(office: Office) -> None:
    bind(office, PRIMARY.address)
    bind(office, "somebody@outlook.com")
    [case] = office.process(roster(A, address="Somebody@outlook.com")).cases
    assert case.outcome is Outcome.ACCEPT


def test_a_unit_that_is_known_by_its_name_alone_is_found_by_it(office: Office) -> None:
    office.ledger.switches.bind(PRIMARY.address, f"unit:{PRIMARY.name}", "张工", NOW)
    nameless = roster(A, address="somebody@outlook.com", header={"tax_id": None})
    assert "sender.other_address" in codes(office.process(nameless).cases[0])


def test_whoever_only_sent_a_roster_keeps_nobody_waiting(office: Office) -> None:
    office.process(roster(A, address="stranger@qq.com", auth="fail"))
    [case] = office.process(roster(A, at="2020-09-16 12:00")).cases
    assert "sender.other_address" not in codes(case)
