"""What stood before, told from the events: how a mail was decided, a case's items then, who was bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.decisions import Decision, RowStatus, Verdict
from mailbot.domain.effects import EffectState
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.mail import MailState
from mailbot.ledger.history import Judged, domains_before
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.moves import judged, ranges, spread
from mailbot.ledger.settings import Mode
from tests.ledger.world import NOW, S, case, claimed, deliver, finished, item, key_of, result

CASE = "2020-000001"
LATER = NOW + timedelta(hours=4)
ASKED = Finding("phone.missing", Severity.ASK, "缺手机号码")
LAST = 10**9
"""Behind every event."""


def version_two(ledger: Ledger) -> int:
    """A second version of the case by mail 2: row 2 is approved, row 3 asked about again; the mail's number."""
    seen = ledger.cases.load_case(CASE).result.seen
    mail = claimed(ledger, 2)
    again = replace(item(3, S.AWAITING_SENDER), findings=(ASKED,))
    second = replace(case(), version=2, seen=seen, items=(item(2, S.HELD), again), effects=(), claims=())
    ledger.cases.finish(mail, replace(result(mail, second), at=LATER))
    return mail.id


def opened(ledger: Ledger) -> int:
    asked = replace(item(3, S.AWAITING_SENDER), findings=(ASKED,))
    rows = (item(1), item(2, S.AWAITING_SENDER), asked)
    return finished(ledger, replace(case(), items=rows, findings=(replace(ASKED, code="header.order_missing"),))).id


def test_a_mail_is_told_as_its_pass_decided_whatever_came_of_it(ledger: Ledger) -> None:
    mail = opened(ledger)
    deliver(ledger)
    version_two(ledger)
    was = ledger.history.of_mail(mail)
    assert was is not None
    assert was.at == NOW
    assert was.cases is not None
    [told] = was.cases
    assert (told.case_id, told.version, told.outcome) == (CASE, 1, "accept")
    assert told.codes == {"header.order_missing"}
    assert told.items == {
        1: Judged(S.APPROVED, RowStatus.OK, frozenset()),
        2: Judged(S.AWAITING_SENDER, RowStatus.ASK, frozenset()),
        3: Judged(S.AWAITING_SENDER, RowStatus.ASK, frozenset({"phone.missing"})),
    }


def test_a_later_version_is_told_with_the_items_that_it_named(ledger: Ledger) -> None:
    opened(ledger)
    was = ledger.history.of_mail(version_two(ledger))
    assert was is not None
    assert was.cases is not None
    assert [(told.version, sorted(told.items)) for told in was.cases] == [(2, [2, 3])]


def test_a_mail_without_a_case_has_none_and_one_that_is_not_done_is_not_told(ledger: Ledger) -> None:
    mail = claimed(ledger)
    assert ledger.history.of_mail(mail.id) is None
    ledger.cases.finish(mail, replace(result(mail, kind=None), state=MailState.SET_ASIDE))
    was = ledger.history.of_mail(mail.id)
    assert was is not None
    assert was.cases == ()


def test_of_two_passes_of_a_mail_the_last_one_counts(ledger: Ledger) -> None:
    mail = claimed(ledger)
    ledger.steps.set_aside(mail, "no reader", NOW)
    before = ledger.history.of_mail(mail.id)
    ledger.by_hand.retry(mail.id, "张工", NOW)
    again = ledger.steps.claim_mail(NOW)
    assert again is not None
    ledger.cases.finish(again, replace(result(again, case()), at=LATER))
    after = ledger.history.of_mail(mail.id)
    assert before is not None
    assert after is not None
    assert (before.cases, after.at) == ((), LATER)
    assert after.event > before.event


def test_a_case_as_it_stood_before_each_of_its_events(ledger: Ledger) -> None:
    first = ledger.history.of_mail(opened(ledger))
    deliver(ledger)
    second = ledger.history.of_mail(version_two(ledger))
    assert first is not None
    assert second is not None
    nothing = ledger.history.of_case(CASE, first.event)
    assert nothing is not None
    assert (nothing.version, nothing.states) == (0, {})
    then = ledger.history.of_case(CASE, second.event)
    assert then is not None
    assert then.version == 1
    assert then.states == {1: S.FULFILLED, 2: S.AWAITING_SENDER, 3: S.AWAITING_SENDER}
    assert then.waiting_since == {2: NOW, 3: NOW}
    now = ledger.history.of_case(CASE, LAST)
    assert now is not None
    assert (now.version, now.states) == (2, {1: S.FULFILLED, 2: S.HELD, 3: S.AWAITING_SENDER})
    assert now.waiting_since == ledger.cases.load_case(CASE).waiting_since == {3: LATER}


def test_what_a_person_decided_or_cancelled_moved_items_too(ledger: Ledger) -> None:
    ledger.switches.set_mode(Mode.REHEARSAL, "张工", NOW)
    finished(ledger, case(states=[S.APPROVED, S.HELD]))
    ledger.drafts.cancel([key_of(1)], "张工", "取消", NOW)
    stored = ledger.cases.load_case(CASE)
    seen = stored.result.seen
    assert seen is not None
    rows = tuple(replace(one, state=S.AWAITING_SENDER) if one.number == 2 else one for one in stored.result.items)
    decision = Decision("张工", "请补充", CASE, seen, {2: Verdict.ASK})
    ledger.cases.finish_case(replace(stored.result, items=rows, effects=(), claims=()), (), decision, LATER)
    then = ledger.history.of_case(CASE, LAST)
    assert then is not None
    assert then.states == {one.number: one.state for one in ledger.cases.load_case(CASE).result.items}
    assert then.waiting_since == {2: LATER}


@pytest.mark.parametrize("end", [EffectState.DONE, EffectState.REJECTED, EffectState.PENDING])
def test_the_events_tell_the_states_that_stand(ledger: Ledger, end: EffectState) -> None:
    finished(ledger, case(states=[S.APPROVED, S.HELD, S.AWAITING_SENDER, S.CLOSED]))
    deliver(ledger, end)
    then = ledger.history.of_case(CASE, LAST)
    assert then is not None
    assert then.states == {one.number: one.state for one in ledger.cases.load_case(CASE).result.items}


def test_where_the_details_are_purged_nobody_can_tell(ledger: Ledger) -> None:
    mail = opened(ledger)
    last = max(event.id for event in ledger.queries.events_of(case_id=CASE))
    ledger.audit.purge(last, "张工", "到期", LATER)
    was = ledger.history.of_mail(mail)
    assert was is not None
    assert was.cases is None
    assert ledger.history.of_case(CASE, LAST) is None


def test_the_domains_that_were_bound_then(ledger: Ledger) -> None:
    ledger.switches.bind("@unit.example", "unit:甲", "张工", NOW)
    ledger.switches.bind("hr@qq.com", "unit:乙", "张工", NOW)
    ledger.switches.bind("@unit.example", "unit:丙", "张工", NOW)
    ledger.switches.unbind("@unit.example", "unit:甲", "张工", NOW)
    ledger.switches.unbind("@unit.example", "unit:丙", "张工", NOW)
    made = ledger.history.bindings()
    assert [one.made for one in made] == [True, True, True, False, False]
    at = [one.event for one in made]
    bound = frozenset({"unit.example"})
    assert [domains_before(made, event) for event in (*at, LAST)] == [
        frozenset(),
        bound,
        bound,
        bound,
        bound,
        frozenset(),
    ]
    assert domains_before(made, LAST) == ledger.cases.bound_domains()


@given(st.sets(st.integers(0, 200), min_size=1))
def test_ranges_are_spread_again(numbers: set[int]) -> None:
    assert spread(ranges(numbers)) == sorted(numbers)


def test_items_that_were_judged_alike_stand_together() -> None:
    rows = [replace(item(number), findings=(ASKED,) if number > 2 else ()) for number in range(1, 5)]
    assert judged(rows) == {"approved ok": "1-2", "approved ok phone.missing": "3-4"}
    assert judged([]) == {}


def test_arrived_mails_in_order_since_a_moment_and_only_the_last(ledger: Ledger) -> None:
    numbers = [finished(ledger, uid=uid).id for uid in range(1, 6)]
    assert [mail.id for mail in ledger.queries.arrived(None, None)] == numbers
    assert [mail.id for mail in ledger.queries.arrived(None, 2)] == numbers[-2:]
    third = ledger.queries.mail(numbers[2]).received_at
    assert [mail.id for mail in ledger.queries.arrived(third, None)] == numbers[2:]
    assert [mail.id for mail in ledger.queries.arrived(third, 2)] == numbers[3:]
    assert ledger.queries.arrived(third + timedelta(days=1), None) == []
