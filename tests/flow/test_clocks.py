"""Time limits through the whole house: a row that waits for its sender stands still, the others run, and it resumes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from mailbot.domain.decisions import Automation, Verdict
from mailbot.domain.mail import MailState
from tests.flow.conftest import Make
from tests.flow.office import Office, roster
from tools.stories.cells import Row
from tools.stories.people import Person, people, wrong_check
from tools.stories.post import when

A, B, C, D = people(905, 4)
CASE = "2020-000001"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def bad(person: Person) -> Row:
    return Row(person, id_number=wrong_check(person.id_number))


def remark(person: Person) -> Row:
    """A row that a person must look at."""
    return Row(person, remark="已缴费")


def comes(office: Office, at: str, *rows: Row | Person, answers: str | None = None) -> None:
    """A roster arrives, is judged at once, and its letter leaves."""
    moment = when(at)
    office.clock.set(moment)
    office.process(roster(*rows, at=at, answers=answers, subject="名单"), at=moment)
    office.drain()


def question(office: Office) -> str:
    """The Message-ID of our last letter."""
    return office.letters()[-1].message_id


def days(office: Office) -> list[date | None]:
    """The day each row is due."""
    dues = (item.due_at for item in office.case(CASE).result.items)
    return [at and at.astimezone(SHANGHAI).date() for at in dues]


def of_case(office: Office) -> date | None:
    at = office.case(CASE).result.due_at
    return at and at.astimezone(SHANGHAI).date()


def september(day: int) -> date:
    return date(2020, 9, day)


def test_only_the_row_that_waits_stands_still_and_it_goes_on_by_itself(make: Make) -> None:
    office = make(automation=Automation.CONFIRM)
    comes(office, "2020-09-16 09:00", A, bad(B))
    assert (days(office), of_case(office)) == ([september(18), None], september(18))
    comes(office, "2020-09-21 11:00", B, answers=question(office))
    assert days(office) == [september(18), september(23)], "three working days passed (17, 18, 21)"
    assert of_case(office) == september(18), "row 1 waited for the house all the time"


def test_a_held_row_that_comes_back_with_the_answer_wins_no_time(make: Make) -> None:
    office = make(automation=Automation.CONFIRM)
    comes(office, "2020-09-16 09:00", remark(A), bad(B))
    comes(office, "2020-09-21 11:00", remark(A), B, answers=question(office))
    assert days(office) == [september(18), september(23)]
    assert of_case(office) == september(18)


def test_what_is_done_is_not_due_any_more(office: Office) -> None:
    comes(office, "2020-09-16 09:00", A, bad(B))
    assert office.states(CASE) == ["fulfilled", "awaiting_sender"]
    comes(office, "2020-09-21 11:00", remark(B), answers=question(office))
    assert office.states(CASE) == ["fulfilled", "held"]
    assert of_case(office) == september(23)


def test_several_waits_in_a_row_add_up_and_give_no_time_away(office: Office) -> None:
    comes(office, "2020-09-16 09:00", A, bad(B))
    comes(office, "2020-09-21 11:00", bad(B), answers=question(office))
    assert days(office)[1] is None
    comes(office, "2020-09-23 11:00", remark(B), answers=question(office))
    assert days(office)[1] == september(25), "two days of its own, from Monday 21 two more, and three before"
    clock = office.case(CASE).result.items[1].clock
    assert clock is not None
    assert len(clock.waits) == 2


def test_an_answer_that_lies_with_the_house_is_no_wait_of_the_senders(office: Office) -> None:
    comes(office, "2020-09-16 09:00", bad(A))
    thursday = when("2020-09-17 11:00")
    answer = roster(Row(A, phone=None), at="2020-09-17 11:00", answers=question(office))
    office.clock.set(thursday)
    mail = office.take(answer, at=thursday)
    office.ledger.steps.set_aside(mail, "a person looks first", thursday)
    office.clock.set(when("2020-09-22 09:00"))
    assert office.ledger.by_hand.retry(mail.id, "张工", office.clock.now())
    office.drain()
    assert office.ledger.queries.mail(mail.id).state is MailState.DONE
    comes(office, "2020-09-22 16:00", remark(A), answers=question(office))
    assert days(office) == [september(21)], "it waited from Wednesday to Thursday, and then within one Tuesday"


def test_a_row_that_was_added_later_runs_since_it_came(office: Office) -> None:
    comes(office, "2020-09-16 09:00", A, B)
    comes(office, "2020-09-21 11:00", A, B, remark(C), answers=question(office))
    assert days(office)[2] == september(23)
    comes(office, "2020-09-22 11:00", A, B, remark(C), answers=question(office))
    assert days(office)[2] == september(23), "the same list again changes no limit"


def test_a_person_who_takes_a_row_back_from_its_sender_starts_its_clock(office: Office) -> None:
    comes(office, "2020-09-16 09:00", bad(A))
    office.clock.set(when("2020-09-21 11:00"))
    office.decide(CASE, {1: Verdict.REOPEN}, reason="单位来电说明")
    assert (days(office), of_case(office)) == ([september(23)], september(23))
    assert office.case(CASE).waiting_since == {}


def test_a_person_who_asks_stops_the_clock_and_the_answer_starts_it(make: Make) -> None:
    office = make(automation=Automation.CONFIRM)
    comes(office, "2020-09-16 09:00", A, B)
    office.clock.set(when("2020-09-17 10:00"))
    office.decide(CASE, {1: Verdict.ASK}, reason="请附在职证明")
    assert days(office) == [None, september(18)]
    office.drain()
    comes(office, "2020-09-22 10:00", A, answers=question(office))
    assert days(office) == [september(21 + 2), september(18)], "three working days passed (18, 21, 22)"


def test_what_a_person_declined_and_takes_up_again_is_due_as_it_was(make: Make) -> None:
    office = make(automation=Automation.CONFIRM)
    comes(office, "2020-09-16 09:00", A)
    office.decide(CASE, {1: Verdict.DECLINE})
    assert of_case(office) is None
    office.clock.set(when("2020-09-30 10:00"))
    office.decide(CASE, {1: Verdict.REOPEN})
    assert of_case(office) == september(18), "nobody waited for the sender"


def test_a_wait_into_a_year_that_nobody_knows_is_provisional(office: Office) -> None:
    known = office.parts.rulebook
    years = {year: days for year, days in known.calendar.years.items() if year <= 2020}
    rules = replace(known, calendar=known.calendar.model_copy(update={"years": years}))
    office = office.with_house(rules=lambda: rules)
    comes(office, "2020-12-28 09:00", bad(A))
    comes(office, "2020-12-29 09:00", remark(A), answers=question(office))
    assert (days(office), office.case(CASE).result.provisional) == ([date(2020, 12, 31)], False)
    comes(office, "2020-12-29 10:00", bad(B))
    comes(office, "2021-01-04 09:00", remark(B), answers=question(office))
    assert office.case("2020-000003").result.provisional
