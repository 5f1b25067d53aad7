"""Commit 2: all of it or nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mailbot.domain.effects import EffectState, LetterKind, Verb
from mailbot.domain.evidence import Where
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import Claim, ClaimTaken, StaleCase
from mailbot.domain.states import IllegalMove, ItemState
from mailbot.domain.workdays import ItemClock
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import Mode
from mailbot.ledger.tables.base import Base
from tests.ledger.world import (
    DUE,
    HASHER,
    NOW,
    S,
    case,
    claimed,
    deliver,
    effect,
    finished,
    item,
    key_of,
    letter,
    result,
    with_seen,
)

STATES = [S.APPROVED, S.HELD, S.AWAITING_SENDER, S.CLOSED]


def rows(ledger: Ledger) -> dict[str, int]:
    """How many rows stand in every table."""
    with ledger.db.read() as conn:
        return {
            table.name: int(conn.execute(select(func.count()).select_from(table)).scalar_one())
            for table in Base.metadata.sorted_tables
        }


def test_everything_of_a_result_stands_after_the_commit(ledger: Ledger) -> None:
    mail = finished(ledger, case(states=STATES))
    stored = ledger.cases.load_case("2020-000001")
    assert [i.state for i in stored.result.items] == STATES
    assert stored.state is S.HELD
    assert stored.result.effects == (effect(1),)
    assert stored.effect_states == {key_of(1): "planned"}
    assert stored.result.claims == (Claim("account:1", 1),)
    assert set(stored.waiting_since) == {3}
    assert stored.mail_ids == (mail.id,)
    line = ledger.queries.mail(mail.id)
    assert (line.state, line.sender, line.cases) == (MailState.DONE, "hr@unit.example", (("2020-000001", "opens"),))
    assert line.summary == {"subject": f"报名 {mail.id}"}
    [told] = ledger.queries.letters([EffectState.PLANNED])
    assert (told.key, told.to, told.cases) == (f"mail:{mail.id}:1", "hr@unit.example", ("2020-000001",))


def test_a_case_comes_back_as_it_was_decided(ledger: Ledger) -> None:
    finding = Finding("name.lost_char", Severity.ASK, "姓名缺字", where=Where(sheet="Sheet1", row=7, field="name"))
    rows_ = (item(1), replace(item(2, S.AWAITING_SENDER), findings=(finding,)), replace(item(3, S.HELD), proposed=True))
    given = replace(case(), items=rows_, findings=(finding,), provisional=True)
    finished(ledger, given)
    assert ledger.cases.load_case(given.case_id).result == with_seen(given, 1)


def test_a_case_without_an_item_is_refused(ledger: Ledger) -> None:
    mail = claimed(ledger)
    with pytest.raises(ValueError, match="no item"):
        ledger.cases.finish(mail, result(mail, replace(case(), items=(), effects=(), claims=())))


def test_a_mail_with_several_cases_is_one_commit_and_one_letter(ledger: Ledger) -> None:
    first, second = case("2020-000001"), case("2020-000001-2", people=[2])
    mail = finished(ledger, first, second)
    assert ledger.queries.mail(mail.id).cases == (("2020-000001", "opens"), ("2020-000001-2", "opens"))
    [told] = ledger.queries.letters_of_mail(mail.id)
    assert told.cases == ("2020-000001", "2020-000001-2")


@pytest.mark.parametrize("fault", ["claim", "stale", "follow", "move"])
def test_a_fault_anywhere_leaves_nothing_behind(ledger: Ledger, fault: str) -> None:
    finished(ledger, case("2020-000001"))
    mail = claimed(ledger, 2)
    before = rows(ledger)
    good, bad = case("2020-000002", people=[5]), case("2020-000003", people=[6])
    given = result(mail, good, bad)
    if fault == "claim":
        given = result(mail, good, replace(bad, claims=(Claim("account:1", 1), Claim("free", 1))))
    if fault == "stale":
        given = result(mail, good, replace(bad, seen=4))
    if fault == "follow":
        given = replace(given, letters=(replace(letter(mail, [good]), follows=("nobody planned this",)),))
    if fault == "move":
        given = result(mail, good, replace(bad, items=(item(1, S.DECLINED),)))
    expected = {"claim": ClaimTaken, "stale": StaleCase, "follow": ValueError, "move": IllegalMove}
    with pytest.raises(expected[fault]):
        ledger.cases.finish(mail, given)
    assert rows(ledger) == before
    assert ledger.queries.mail(mail.id).state is MailState.WORKING
    ledger.cases.finish(mail, result(mail, good, bad))
    assert ledger.audit.verify().intact


def test_taken_claims_are_all_named(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001", [S.APPROVED] * 3))
    mail = claimed(ledger, 2)
    wanted = case("2020-000002", [S.APPROVED] * 3, people=[2, 9, 3])
    with pytest.raises(ClaimTaken) as caught:
        ledger.cases.finish(mail, result(mail, wanted))
    assert sorted(caught.value.keys) == ["account:2", "account:3"]


def test_a_new_case_under_a_standing_id_is_stale(ledger: Ledger) -> None:
    finished(ledger, case())
    mail = claimed(ledger, 2)
    with pytest.raises(StaleCase):
        ledger.cases.finish(mail, result(mail, case(people=[7])))


def test_an_effect_that_stands_is_linked_and_not_doubled(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001"))
    finished(ledger, case("2020-000002", people=[1], claim=False), uid=2)
    assert rows(ledger)["effects"] == 1
    assert rows(ledger)["effect_items"] == 2
    assert deliver(ledger) == 1
    assert ledger.cases.load_case("2020-000001").state is S.FULFILLED
    assert ledger.cases.load_case("2020-000002").state is S.FULFILLED


def test_one_effect_for_two_rows_of_one_case(ledger: Ledger) -> None:
    given = case(states=[S.APPROVED, S.APPROVED], people=[1, 1])
    finished(ledger, replace(given, claims=(Claim("account:1", 1),)))
    assert rows(ledger)["effects"] == 1
    deliver(ledger)
    assert [i.state for i in ledger.cases.load_case("2020-000001").result.items] == [S.FULFILLED] * 2


def test_an_effect_that_is_done_already_fulfils_at_once(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001"))
    deliver(ledger)
    finished(ledger, case("2020-000002", people=[1], claim=False), uid=2)
    stored = ledger.cases.load_case("2020-000002")
    assert (stored.state, stored.result.items[0].decided_by) == (S.FULFILLED, "auto")


def test_an_effect_that_failed_before_holds_the_new_item(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001"))
    deliver(ledger, EffectState.CONFLICT)
    finished(ledger, case("2020-000002", people=[1], claim=False), uid=2)
    stored = ledger.cases.load_case("2020-000002")
    assert (stored.state, stored.result.items[0].decided_by) == (S.HELD, None)


def test_an_approved_item_with_nothing_to_do_is_fulfilled(ledger: Ledger) -> None:
    finished(ledger, replace(case(), effects=(), claims=()))
    assert ledger.cases.load_case("2020-000001").state is S.FULFILLED


@pytest.mark.parametrize(
    ("mode", "effects", "letters"),
    [(Mode.REHEARSAL, True, True), (Mode.DRAFTS, False, True), (Mode.LIVE, False, False)],
)
def test_the_mode_of_the_moment_makes_drafts(ledger: Ledger, mode: Mode, effects: bool, letters: bool) -> None:
    ledger.switches.set_mode(mode, "张工", NOW)
    finished(ledger, case())
    ledger.switches.set_mode(Mode.LIVE, "张工", NOW)
    [planned] = ledger.queries.effects([EffectState.PLANNED])
    [told] = ledger.queries.letters([EffectState.PLANNED])
    assert (planned.draft, told.draft) == (effects, letters)
    assert len(ledger.steps.claim_effects(9, NOW)) == (0 if effects else 1)


def test_a_site_nobody_switched_rehearses(ledger: Ledger) -> None:
    with ledger.db.write("test") as unit:
        unit.conn.execute(Base.metadata.tables["settings"].delete())
    assert ledger.switches.mode() is Mode.REHEARSAL


def test_copies_and_follow_ups_join_the_cases(ledger: Ledger) -> None:
    first = finished(ledger, case())
    copy = claimed(ledger, 2)
    ignored = replace(result(copy, kind=None), state=MailState.IGNORED, duplicate_of=first.id)
    ledger.cases.finish(copy, ignored)
    reply = claimed(ledger, 3)
    ledger.cases.finish(reply, replace(result(reply, kind=None), follows=("2020-000001",)))
    assert ledger.queries.mail(copy.id).cases == (("2020-000001", "copy"),)
    assert ledger.queries.mail(reply.id).cases == (("2020-000001", "follows"),)
    assert ledger.cases.load_case("2020-000001").mail_ids == (first.id, copy.id, reply.id)


def test_the_case_is_due_when_its_first_running_item_is(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.HELD]))
    assert ledger.cases.load_case("2020-000001").result.due_at == DUE
    deliver(ledger)
    assert ledger.cases.load_case("2020-000001").result.due_at == DUE


def test_a_case_without_running_items_is_not_due(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger)
    assert ledger.cases.load_case("2020-000001").result.due_at is None


def test_hostile_text_is_stored_without_harm(ledger: Ledger) -> None:
    mail = claimed(ledger)
    given = replace(result(mail, kind=None), subject="a\ud800b\x00\r\nBcc: x@y", summary={"text": "\ud800\x00"})
    ledger.cases.finish(mail, replace(given, sender="\x00@x", message_id="<\ud800@x>"))
    line = ledger.queries.mail(mail.id)
    assert line.subject == "a?b�\r\nBcc: x@y"
    assert line.summary == {"text": "\ud800\x00"}


def test_a_correction_is_a_new_version_and_drops_nothing(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.AWAITING_SENDER, S.HELD]))
    deliver(ledger)
    seen = ledger.cases.load_case("2020-000001").result.seen
    mail = claimed(ledger, 2)
    second = replace(case(), version=2, seen=seen, items=(item(2), item(4)), effects=(effect(2), effect(4)), claims=())
    ledger.cases.finish(mail, result(mail, second))
    stored = ledger.cases.load_case("2020-000001")
    assert [(i.number, i.state) for i in stored.result.items] == [
        (1, S.FULFILLED),
        (2, S.APPROVED),
        (3, S.HELD),
        (4, S.APPROVED),
    ]
    assert (stored.result.version, stored.waiting_since) == (2, {})
    assert ledger.queries.mail(mail.id).cases == (("2020-000001", "follows"),)
    versions = rows(ledger)["case_versions"]
    assert versions == 2


def test_a_new_version_begins_another_wait_and_keeps_the_clocks(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.AWAITING_SENDER, S.AWAITING_SENDER]))
    clock = ItemClock(NOW, ((NOW, NOW + timedelta(hours=3)),))
    again = replace(item(1, S.AWAITING_SENDER), clock=clock)
    second = replace(case(), version=2, seen=1, items=(again, item(3, S.HELD)), effects=(), claims=())
    mail, later = claimed(ledger, 2), NOW + timedelta(hours=4)
    ledger.cases.finish(mail, replace(result(mail, second), at=later))
    stored = ledger.cases.load_case("2020-000001")
    assert stored.waiting_since == {1: later, 2: NOW}, "what the new version does not name waits on"
    assert [one.clock for one in stored.result.items] == [clock, None, None]


def test_the_limit_of_a_case_is_that_of_its_running_items_whatever_is_said(ledger: Ledger) -> None:
    early = DUE - timedelta(days=5)
    done, asked = replace(item(1), due_at=early), item(2, S.AWAITING_SENDER)
    finished(ledger, replace(case(states=[S.APPROVED]), items=(done, asked)))
    deliver(ledger)
    seen = ledger.cases.load_case("2020-000001").result.seen
    mail = claimed(ledger, 2)
    second = replace(case(), version=2, seen=seen, items=(item(2, S.HELD),), effects=(), claims=(), due_at=early)
    ledger.cases.finish(mail, result(mail, second))
    assert ledger.cases.load_case("2020-000001").result.due_at == DUE


def test_a_case_knows_when_its_first_mail_arrived(ledger: Ledger) -> None:
    arrived = NOW - timedelta(hours=5)
    finished(ledger, replace(case(states=[S.HELD]), context={"received_at": arrived.isoformat()}))
    mail = claimed(ledger, 2)
    second = replace(case(), version=2, seen=1, items=(item(1, S.HELD),), effects=(), claims=())
    ledger.cases.finish(mail, result(mail, replace(second, context={"received_at": NOW.isoformat()})))
    assert ledger.cases.load_case("2020-000001").arrived_at == arrived
    finished(ledger, case("2020-000003", people=[7]), uid=3)
    assert ledger.cases.load_case("2020-000003").arrived_at is None, "nobody said"


def test_an_older_version_or_row_version_is_stale(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger)
    mail = claimed(ledger, 2)
    for stale in (replace(case(), version=2, seen=1), replace(case(), version=0, seen=2)):
        with pytest.raises(StaleCase):
            ledger.cases.finish(mail, result(mail, stale))


def test_an_item_that_is_approved_no_longer_takes_its_effect_back(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.APPROVED]))
    mail = claimed(ledger, 2)
    back = replace(case(), version=2, seen=1, items=(item(1, S.AWAITING_SENDER),), effects=(), claims=())
    ledger.cases.finish(mail, result(mail, back, kind=None))
    stored = ledger.cases.load_case("2020-000001")
    assert stored.effect_states == {key_of(1): "cancelled", key_of(2): "planned"}
    assert stored.result.claims == (Claim("account:2", 2),)
    assert [job.key for job in ledger.steps.claim_effects(9, NOW)] == [key_of(2)]


def test_an_effect_that_serves_another_approved_item_goes_on(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001"))
    finished(ledger, case("2020-000002", people=[1], claim=False), uid=2)
    mail = claimed(ledger, 3)
    back = replace(case(), version=2, seen=1, items=(item(1, S.HELD),), effects=(), claims=())
    ledger.cases.finish(mail, result(mail, back, kind=None))
    assert ledger.cases.load_case("2020-000002").effect_states == {key_of(1): "planned"}
    deliver(ledger)
    assert ledger.cases.load_case("2020-000001").state is S.HELD
    assert ledger.cases.load_case("2020-000002").state is S.FULFILLED


def test_what_was_attempted_before_becomes_a_matter_for_a_person(ledger: Ledger) -> None:
    finished(ledger, case())
    ledger.steps.claim_effects(9, NOW)
    ledger.steps.recover(NOW)
    mail = claimed(ledger, 2)
    back = replace(case(), version=2, seen=1, items=(item(1, S.AWAITING_SENDER),), effects=(), claims=())
    ledger.cases.finish(mail, result(mail, back, kind=None))
    assert ledger.cases.load_case("2020-000001").effect_states == {key_of(1): "uncertain"}
    assert ledger.steps.claim_effects(9, NOW) == []


def test_a_cancelled_effect_is_wanted_again(ledger: Ledger) -> None:
    finished(ledger, case())
    ledger.drafts.cancel([key_of(1)], "张工", "wrong unit", NOW)
    finished(ledger, case("2020-000002", people=[1]), uid=2)
    assert [(job.key, job.attempts) for job in ledger.steps.claim_effects(9, NOW)] == [(key_of(1), 1)]


def test_orders_are_kept_as_hashes(ledger: Ledger) -> None:
    finished(ledger, replace(case(), header={"order_no": ["A1", "B2", "A1"]}))
    with ledger.db.read() as conn:
        found = set(conn.execute(select(Base.metadata.tables["case_orders"].c.order_hash)).scalars())
    assert found == {HASHER.search("A1"), HASHER.search("B2")}


def test_other_verbs_and_years_are_kept(ledger: Ledger) -> None:
    grant = replace(effect(1), key="grant:1:2018", verb=Verb.GRANT, year=2018)
    finished(ledger, replace(case(), effects=(effect(1), grant)))
    jobs = {job.key: (job.verb, job.year) for job in ledger.steps.claim_effects(9, NOW)}
    assert jobs == {key_of(1): (Verb.OPEN_ACCOUNT, None), "grant:1:2018": (Verb.GRANT, 2018)}


def test_an_item_is_fulfilled_only_when_all_its_effects_are(ledger: Ledger) -> None:
    grant = replace(effect(1), key="grant:1:2018", verb=Verb.GRANT, year=2018)
    finished(ledger, replace(case(), effects=(effect(1), grant)))
    assert deliver(ledger, limit=1) == 1
    assert ledger.cases.load_case("2020-000001").state is S.APPROVED
    assert deliver(ledger, limit=1) == 1
    assert ledger.cases.load_case("2020-000001").state is S.FULFILLED


def test_a_letter_key_that_stands_is_not_written_twice(ledger: Ledger) -> None:
    mail = claimed(ledger)
    twice = letter(mail, [case()])
    given = replace(result(mail, case()), letters=(twice, replace(twice, to="other@unit.example")))
    ledger.cases.finish(mail, given)
    [told] = ledger.queries.letters([EffectState.PLANNED])
    assert told.to == "hr@unit.example"


def test_a_letter_without_cases_or_effects_is_due_at_once(ledger: Ledger) -> None:
    mail = claimed(ledger)
    plain = replace(letter(mail, []), kind=LetterKind.ANSWER)
    ledger.cases.finish(mail, replace(result(mail, kind=None), letters=(plain,)))
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert job.raw is None


@pytest.mark.parametrize("state", [MailState.DONE, MailState.IGNORED, MailState.SET_ASIDE])
def test_every_end_of_a_mail_is_an_end(ledger: Ledger, state: MailState) -> None:
    mail = claimed(ledger)
    ledger.cases.finish(mail, replace(result(mail, kind=None), state=state, marks=("mail.copy",)))
    ledger.steps.recover(NOW)
    assert ledger.steps.claim_mail(NOW) is None
    line = ledger.queries.mail(mail.id)
    assert (line.state, line.marks) == (state, ("mail.copy",))
    assert [event.kind for event in ledger.queries.events_of(mail_id=mail.id)] == ["mail.stored", f"mail.{state.value}"]


def test_a_case_that_does_not_exist_is_told(ledger: Ledger) -> None:
    with pytest.raises(LookupError, match="no case 2020-999999"):
        ledger.cases.load_case("2020-999999")


def test_item_states_of_the_fold(ledger: Ledger) -> None:
    for n, state in enumerate([ItemState.AWAITING_SENDER, ItemState.CLOSED, ItemState.HELD], start=1):
        finished(ledger, case(f"2020-00000{n}", [state]), uid=n)
        assert ledger.cases.load_case(f"2020-00000{n}").state is state
