"""Several requests of one mail know each other's wishes; what continues a case becomes its next version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import pytest

from mailbot.clock import FixedClock
from mailbot.domain.decisions import Automation
from mailbot.domain.effects import Person
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.kinds import Manner, SenderView
from mailbot.domain.outcome import CaseResult, ItemResult, Lookups, StoredCase
from mailbot.domain.ports import FlowLedger, Opener, Platform, PortError, Presence, Registration
from mailbot.domain.states import ItemState
from mailbot.rulebook import Rulebook
from mailbot.steps.classify import Request
from mailbot.steps.follow import Undecided, continued
from mailbot.steps.gather import case_id, cases, with_wishes
from mailbot.steps.hand import Hand, situation
from mailbot.steps.house import House
from mailbot.steps.match import Asked, asked
from mailbot.steps.revise import Unclear
from tests.casetypes.support import HASHER, NOW, rulebook
from tests.steps.fakes import UNVERIFIED, VERIFIED, Kind, Line, Rules, Sheet, base, finding, sheet, stored

KIND = Kind()
S = ItemState


@dataclass
class Book:
    """The shipped rulebook's campaign and calendar, with rules that find what they are told."""

    found: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> object:
        return getattr(rulebook() if name not in ("check", "hash") else Rules(self.found), name)


@dataclass
class Site:
    """Answers every question about people, and remembers it."""

    asked: list[tuple[str, ...]] = field(default_factory=list)

    def find(self, people: Sequence[Person]) -> list[Registration]:
        self.asked.append(tuple(person.name for person in people))
        return [Registration(Presence.FOUND, person.name) for person in people]


@dataclass
class Shelf:
    """Cases by their number."""

    cases: dict[str, StoredCase] = field(default_factory=dict)

    def load_case(self, case: str) -> StoredCase:
        return self.cases[case]


def must_not_reload() -> Rulebook:
    raise AssertionError("the rules in force are taken once, before the requests of a mail are judged")


def hand(
    *,
    sender: SenderView = VERIFIED,
    shelf: Shelf | None = None,
    site: Site | None = None,
    book: Book | None = None,
    automation: Mapping[str, Automation] | None = None,
    findings: tuple[Finding, ...] = (),
) -> Hand:
    rules = cast("Rulebook", book or Book())
    house = House(
        ledger=cast("FlowLedger", shelf or Shelf()),
        opener=cast("Opener", None),
        platform=cast("Platform", site or Site()),
        hasher=HASHER,
        clock=FixedClock(NOW),
        rules=must_not_reload,
        kinds=lambda _rules: (KIND,),
        own_addresses=frozenset(),
        authserv_id="mx",
        automation={"roster": Automation.CLEAN} if automation is None else automation,
    )
    return Hand(stored(), sender, base(findings=findings), house, rules)


def requests(*records: Sheet) -> tuple[Asked, ...]:
    return asked((Request(KIND, record) for record in records), VERIFIED, HASHER)


def line(who: str, phone: str = "t") -> Line:
    return Line(who, phone=phone)


def test_case_numbers_are_known_beforehand_and_all_different() -> None:
    assert case_id("2020", 7, 1) == "2020-000007"
    assert case_id("2020", 7, 2) == "2020-000007-2"
    assert len({case_id("2020", mail, number) for mail in range(1, 30) for number in range(1, 30)}) == 29 * 29


def test_each_request_is_a_case_of_its_own() -> None:
    results = cases(hand(), requests(sheet(line("甲")), sheet(line("乙", "u"))), Lookups())
    assert [result.case_id for result in results] == ["2020-000007", "2020-000007-2"]
    assert [result.seen for result in results] == [None, None]
    assert len({result.due_at for result in results}) == 1


def test_two_requests_that_want_the_same_person_claim_it_once() -> None:
    first, second = cases(hand(), requests(sheet(line("甲")), sheet(line("甲"), line("乙", "u"))), Lookups())
    prior = second.context["lookups"]["people"]  # type: ignore[index]  # a mapping, as stored
    assert [found["case_id"] for found in prior.values()] == [first.case_id]
    assert "phones" in second.context["lookups"]  # type: ignore[operator]


def test_wishes_are_keyed_by_person_and_phone_and_the_first_one_stays() -> None:
    [first] = cases(hand(), requests(sheet(line("甲"))), Lookups())
    person = first.effects[0].person
    known = with_wishes(Lookups(), first, HASHER)
    assert set(known.people) == {HASHER.search(person.id_number)}
    assert set(known.phones) == {HASHER.search(person.phone)}
    prior = known.people[HASHER.search(person.id_number)]
    assert (prior.case_id, prior.item, prior.effect_state) == (first.case_id, 1, "planned")
    later = with_wishes(known, replace(first, case_id="another"), HASHER)
    assert later == known


def test_a_case_that_asks_for_nothing_is_no_wish() -> None:
    [held] = cases(hand(automation={"roster": Automation.OFF}), requests(sheet(line("甲"))), Lookups())
    assert with_wishes(Lookups(), held, HASHER) == Lookups()


def test_the_platform_is_asked_once_a_request_and_not_about_nobody() -> None:
    site = Site()
    cases(hand(site=site), requests(sheet(line("甲"), Line(None)), sheet(), sheet(line("乙", "u"))), Lookups())
    assert site.asked == [("甲",), ("乙",)]


def test_the_answers_are_frozen_by_the_hash_of_the_number() -> None:
    frozen = situation(hand(), requests(sheet(line("甲")))[0].request, Lookups())
    assert {key: found.name for key, found in frozen.registrations.items()} == {HASHER.search("id-甲"): "甲"}


def test_the_sites_own_level_overrides_the_campaigns() -> None:
    [one] = requests(sheet(line("甲")))
    assert situation(hand(automation={}), one.request, Lookups()).automation is Automation.TRUSTED
    assert situation(hand(automation={"roster": Automation.OFF}), one.request, Lookups()).automation is Automation.OFF


def test_a_site_that_is_down_ends_the_attempt() -> None:
    class Down(Site):
        def find(self, people: Sequence[Person]) -> list[Registration]:
            raise PortError("down", retry=True)

    with pytest.raises(PortError):
        cases(hand(site=Down()), requests(sheet(line("甲"))), Lookups())


def test_what_stops_the_mail_stops_every_case_of_it() -> None:
    late = finding(Severity.HOLD, Stops.CASE)
    results = cases(hand(findings=(late,)), requests(sheet(line("甲")), sheet(line("乙", "u"))), Lookups())
    assert [[item.state for item in result.items if item.number] for result in results] == [[S.HELD], [S.HELD]]


def on_the_shelf(result: CaseResult, to: str | None = VERIFIED.address, **changed: object) -> Shelf:
    waits = {item.number: NOW for item in result.items if item.state is S.AWAITING_SENDER}
    case = StoredCase(replace(result, seen=3), S.AWAITING_SENDER, {}, waits, (1,), to=to)
    return Shelf({result.case_id: replace(case, **changed)})  # type: ignore[arg-type]  # fields by name, from a test


def asked_before() -> CaseResult:
    """A case whose second row was asked about."""
    book = Book({2: (finding(Severity.ASK),)})
    [result] = cases(hand(book=book), requests(sheet(line("甲"), line("乙", "u"))), Lookups())
    return replace(result, case_id="2020-000001")


def threads(result: CaseResult) -> Lookups:
    return Lookups(threads=(result.case_id,))


def test_an_answer_with_a_row_of_the_case_is_its_next_version() -> None:
    old = asked_before()
    [new] = cases(hand(shelf=on_the_shelf(old)), requests(sheet(line("乙", "u"))), threads(old))
    assert (new.case_id, new.version, new.seen) == (old.case_id, 2, 3)
    assert [(item.number, item.state) for item in new.items] == [(2, S.APPROVED)]
    assert [effect.items for effect in new.effects] == [(2,)]


def test_the_limit_of_a_row_that_waited_moves_by_the_wait() -> None:
    old = asked_before()
    shelf = on_the_shelf(old)
    late = hand(shelf=shelf)
    late = replace(late, mail=stored(at=NOW + timedelta(days=7)))
    [new] = cases(late, requests(sheet(line("乙", "u"))), threads(old))
    assert old.due_at is not None
    assert new.items[0].due_at == old.due_at + timedelta(days=7), "a week holds five working days and two more"


@pytest.mark.parametrize(
    ("what", "sender", "to", "records"),
    [
        ("nobody vouches for the sender", UNVERIFIED, VERIFIED.address, "乙"),
        ("another address was written to", VERIFIED, "other@unit.example", "乙"),
        ("no letter was ever written", VERIFIED, None, "乙"),
        ("no row is one of the case's", VERIFIED, VERIFIED.address, "丙"),
    ],
)
def test_whatever_is_not_plainly_the_case_again_is_a_case_of_its_own(
    what: str, sender: SenderView, to: str | None, records: str
) -> None:
    old = asked_before()
    at = hand(sender=sender, shelf=on_the_shelf(old, to))
    [new] = cases(at, requests(sheet(line(records, "w"))), threads(old))
    assert (new.case_id, new.version) == ("2020-000007", 1), what


def test_an_address_is_the_same_however_its_letters_are_written() -> None:
    old = asked_before()
    shelf = on_the_shelf(old, "HR@Unit.Example")
    [new] = cases(hand(shelf=shelf), requests(sheet(line("乙", "u"))), threads(old))
    assert (new.case_id, new.version) == (old.case_id, 2)


def test_a_record_that_fits_two_cases_is_for_a_person() -> None:
    old = asked_before()
    shelf = on_the_shelf(old)
    shelf.cases["2020-000002"] = next(iter(on_the_shelf(replace(old, case_id="2020-000002")).cases.values()))
    lookups = Lookups(threads=(old.case_id, "2020-000002"))
    with pytest.raises(Unclear, match="几件名单"):
        continued(hand(shelf=shelf), requests(sheet(line("乙", "u")))[0].request, lookups)


def test_a_case_of_another_kind_is_not_continued() -> None:
    old = replace(asked_before(), kind="payment_proof")
    assert continued(hand(shelf=on_the_shelf(old)), requests(sheet(line("乙", "u")))[0].request, threads(old)) is None


def test_what_the_case_itself_asked_for_does_not_speak_against_its_next_version() -> None:
    old = asked_before()
    lookups = replace(with_wishes(Lookups(), old, HASHER), threads=(old.case_id,), orders={"o": (old.case_id, "x")})
    [new] = cases(hand(shelf=on_the_shelf(old)), requests(sheet(line("乙", "u"))), lookups)
    frozen = cast("Mapping[str, Mapping[str, object]]", new.context["lookups"])
    assert (frozen["people"], frozen["phones"], frozen["orders"]) == ({}, {}, {"o": ("x",)})


def test_an_addition_beside_an_open_question_is_unclear() -> None:
    old = asked_before()
    record = sheet(line("甲"), line("丁", "v"))
    with pytest.raises(Undecided, match="有1人不在原名单内") as asks:
        cases(hand(shelf=on_the_shelf(old)), requests(record), threads(old))
    assert asks.value.case_id == old.case_id
    [new] = cases(replace(hand(shelf=on_the_shelf(old)), manner=Manner.ADDITION), requests(record), threads(old))
    assert [item.number for item in new.items] == [3]


def test_a_row_that_changes_what_is_done_is_held_and_not_changed() -> None:
    old = asked_before()
    items: tuple[ItemResult, ...] = tuple(replace(item, state=S.FULFILLED) for item in old.items)
    shelf = on_the_shelf(replace(old, items=items))
    [new] = cases(hand(shelf=shelf), requests(sheet(line("甲", "changed"))), threads(old))
    assert [(item.number, item.state) for item in new.items] == [(0, S.HELD)]
    assert (new.effects, new.claims) == ((), ())
