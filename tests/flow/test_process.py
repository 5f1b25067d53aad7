"""The life of one mail on the real ledger, rules and kinds: what it becomes, and what became of it in the world."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailbot import flow
from mailbot.domain.decisions import Automation, Outcome, Verdict
from mailbot.domain.effects import LetterKind
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import ClaimTaken, MailResult, StaleCase
from mailbot.domain.ports import PortError
from mailbot.domain.states import ItemState
from mailbot.steps.context import situation_of
from tests.flow.conftest import Make
from tests.flow.office import NOW, Office, roster
from tests.ledger.world import HASHER
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import Person, people, wrong_check
from tools.stories.post import PROOF_BOX, Draft, File, post, when

A, B, C, D = people(700, 4)


def wrong(person: Person = B) -> Row:
    """A row whose number has another check character."""
    return Row(person, id_number=wrong_check(person.id_number))


def test_a_clean_roster_becomes_a_case_with_its_effects_and_one_letter(office: Office) -> None:
    result = office.process(roster(A, B))
    [case] = result.cases
    assert (result.state, case.case_id, case.outcome) == (MailState.DONE, "2020-000001", Outcome.ACCEPT)
    assert [item.state for item in case.items] == [ItemState.APPROVED] * 2
    assert [effect.person.id_number for effect in case.effects] == [A.id_number, B.id_number]
    [letter] = result.letters
    assert (letter.kind, letter.to) == (LetterKind.RESULT, units.PRIMARY.address)
    assert set(letter.follows) == {effect.key for effect in case.effects}
    office.drain()
    assert office.accounts(A, B) == [True, True]
    assert [posted.to for posted in office.post.letters] == [units.PRIMARY.address]
    assert office.states(case.case_id) == ["fulfilled", "fulfilled"]


def test_what_is_stored_is_what_was_decided(office: Office) -> None:
    result = office.process(roster(A, wrong()))
    [case] = result.cases
    stored = office.case(case.case_id).result
    campaign = office.parts.rulebook.campaign
    assert situation_of(stored.context, campaign, HASHER) == situation_of(case.context, campaign, HASHER)
    assert (stored.rulebook, stored.fingerprint) == (case.rulebook, case.fingerprint)
    assert [item.findings for item in stored.items] == [item.findings for item in case.items]
    line = office.ledger.queries.mail(result.mail_id)
    assert (line.state, line.summary) == (MailState.DONE, result.summary)


def test_considering_changes_nothing_and_says_the_same_twice(office: Office) -> None:
    mail = office.take(roster(A, wrong()))
    opened = office.parts.house.opener.open(office.ledger.cases.raw(mail.sha256))
    first = flow.consider(mail, opened, office.parts.house)
    assert flow.consider(mail, opened, office.parts.house) == first
    assert office.ledger.queries.cases() == []
    assert office.effects() == []


def test_a_partial_roster_lets_the_good_row_go_and_asks_for_the_other(office: Office) -> None:
    result = office.process(roster(A, wrong()))
    [case] = result.cases
    assert case.outcome is Outcome.PARTIAL
    assert [item.state for item in case.items] == [ItemState.APPROVED, ItemState.AWAITING_SENDER]
    office.drain()
    assert office.accounts(A, B) == [True, False]
    assert len(office.post.letters) == 1


@dataclass
class Racing:
    """The real ledger, with something that happens just before the first commits."""

    ledger: object
    before: list[object] = field(default_factory=list)
    rounds: int = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.ledger, name)

    def finish(self, mail: object, result: MailResult) -> None:
        self.rounds += 1
        if self.before:
            happens = self.before.pop(0)
            assert callable(happens)
            happens()
        self.ledger.finish(mail, result)  # type: ignore[attr-defined]


def racing(office: Office, *before: object) -> tuple[Office, Racing]:
    ledger = Racing(office.ledger.cases, list(before))
    return office.with_house(ledger=ledger), ledger


def test_an_account_that_another_case_took_meanwhile_is_asked_for_once(office: Office) -> None:
    first = office.take(roster(A, unit=units.HOSPITAL, at="2020-09-16 08:00"))
    second = office.take(roster(A, B))
    race, ledger = racing(office, lambda: flow.process(first, office.parts.house))
    result = flow.process(second, race.parts.house)
    assert ledger.rounds == 2
    assert result.cases[0].context["lookups"]["people"]  # type: ignore[index]  # seen at the second look
    office.drain()
    assert office.accounts(A, B) == [True, True]
    keys = [effect.key for effect in office.effects()]
    assert len(keys) == len(set(keys)) == 2


def test_a_phone_that_another_person_took_meanwhile_goes_to_a_person(office: Office) -> None:
    first = office.take(roster(replace(B, phone=A.phone), unit=units.HOSPITAL, at="2020-09-16 08:00"))
    second = office.take(roster(A))
    race, ledger = racing(office, lambda: flow.process(first, office.parts.house))
    result = flow.process(second, race.parts.house)
    assert ledger.rounds == 2
    [item] = result.cases[0].items
    assert item.state is ItemState.HELD
    assert [finding.code for finding in item.findings] == ["person.identity_conflict"]
    assert result.cases[0].effects == ()


def test_a_mail_that_never_wins_is_put_back_for_a_later_attempt(office: Office) -> None:
    def taken() -> None:
        raise ClaimTaken(("account:1",))

    race, ledger = racing(office, *[taken] * 9)
    with pytest.raises(flow.Contested):
        race.process(roster(A))
    assert ledger.rounds == flow.CLAIM_ROUNDS


def test_a_case_that_changed_meanwhile_is_judged_again(office: Office) -> None:
    def stale() -> None:
        raise StaleCase("changed")

    race, ledger = racing(office, stale)
    assert race.process(roster(A)).state is MailState.DONE
    assert ledger.rounds == 2


def test_the_same_bytes_again_are_a_copy_without_case_or_letter(office: Office) -> None:
    first = office.process(roster(A))
    again = office.process(roster(A))
    assert (again.state, again.duplicate_of) == (MailState.IGNORED, first.mail_id)
    assert (again.cases, again.letters) == ((), ())
    assert again.marks[-1] == "mail.copy"


def test_a_copy_that_came_another_way_is_told_by_its_content(office: Office) -> None:
    draft = roster(A)
    first = office.process(draft)
    other = post(replace(draft, delivered_to=PROOF_BOX))
    assert other != post(draft)
    again = office.process(other, address=PROOF_BOX)
    assert (again.state, again.duplicate_of) == (MailState.IGNORED, first.mail_id)


def test_the_same_roster_in_a_new_mail_is_answered_and_opens_nothing(office: Office) -> None:
    first = office.process(roster(A))
    again = office.process(roster(A, at="2020-09-16 09:30", subject="再发一次"))
    assert again.state is MailState.DONE
    assert again.cases == ()
    assert again.follows == (first.cases[0].case_id,)
    [letter] = again.letters
    assert (letter.kind, letter.trusted) == (LetterKind.ANSWER, False)
    office.drain()
    assert len(office.effects()) == 1
    assert "没有重复办理" in office.post.letters[-1].text


def test_a_known_roster_beside_a_new_one_joins_its_case_and_only_the_new_one_is_done(office: Office) -> None:
    first = office.process(roster(A)).cases[0]
    one, two = roster(A, at="2020-09-16 09:30"), roster(B, unit=units.HOSPITAL)
    files = (File("甲.xlsx", one.files[0].data), File("乙.xlsx", two.files[0].data))
    result = office.process(replace(one, files=files))
    assert [case.header["unit"] for case in result.cases] == [units.HOSPITAL.name]
    assert result.follows == (first.case_id,)
    assert sorted(office.ledger.queries.mail(result.mail_id).cases) == [
        (first.case_id, "follows"),
        (result.cases[0].case_id, "opens"),
    ]
    office.drain()
    assert len(office.effects()) == 2


def test_a_stranger_who_sends_a_roster_first_does_not_make_the_unit_repeat_him(office: Office) -> None:
    stranger = office.process(roster(A, address="someone@qq.com", auth="none"))
    assert stranger.cases[0].outcome is Outcome.HOLD
    unit = office.process(roster(A, at="2020-09-16 09:30"))
    assert [case.outcome for case in unit.cases] == [Outcome.ACCEPT]


def test_a_roster_in_the_wrong_mailbox_is_a_roster_all_the_same(office: Office) -> None:
    result = office.process(roster(A, delivered_to=PROOF_BOX, to=(PROOF_BOX,)), address=PROOF_BOX)
    assert [case.kind for case in result.cases] == ["roster"]
    assert result.cases[0].context["mailbox"] == PROOF_BOX


@pytest.mark.parametrize(("arrived", "state"), [("2020-09-15 23:59", "ignored"), ("2020-09-16 00:00", "done")])
def test_mail_from_before_the_start_is_kept_and_nothing_more(make: Make, arrived: str, state: str) -> None:
    office = make(start=when("2020-09-16 00:00").date())
    result = office.process(roster(A, at=arrived), at=when(arrived))
    assert result.state.value == state
    assert bool(result.cases) is bool(result.letters) is (state == "done")
    assert ("mail.before_start" in result.marks) is (state == "ignored")


def test_what_nobody_claims_is_set_aside_with_its_reason_and_acknowledged(office: Office) -> None:
    draft = Draft(units.DESIGN.address, "咨询", "请问什么时候开班？", NOW)
    result = office.process(draft)
    assert result.state is MailState.SET_ASIDE
    assert [finding.code for finding in result.findings] == ["mail.unclaimed"]
    [letter] = result.letters
    assert (result.cases, letter.to, letter.case_ids, letter.kind) == ((), draft.address, (), LetterKind.ANSWER)
    assert result.summary["text"] == "请问什么时候开班？"


@pytest.mark.parametrize("auth", ["fail", "forged", "unaligned"])
def test_what_is_set_aside_is_not_acknowledged_to_an_address_that_may_be_forged(office: Office, auth: str) -> None:
    result = office.process(Draft(units.DESIGN.address, "咨询", "请问什么时候开班？", NOW, auth=auth))  # type: ignore[arg-type]  # a parameter
    assert (result.state, result.letters) == (MailState.SET_ASIDE, ())


def test_a_robot_is_filed(office: Office) -> None:
    draft = Draft(units.DESIGN.address, "自动回复", "正在休假。", NOW, extra=(("Auto-Submitted", "auto-replied"),))
    result = office.process(draft)
    assert (result.state, result.letters, result.marks[-1]) == (MailState.IGNORED, (), "auto_submitted")


def test_an_office_system_that_mails_a_file_is_for_a_person_and_gets_no_letter(office: Office) -> None:
    result = office.process(roster(A, address="no-reply@oa-system.example"))
    assert (result.state, result.letters, result.cases) == (MailState.SET_ASIDE, (), ())
    assert result.marks[-1] == "no_reply"


@pytest.mark.parametrize("auth", ["none", "fail", "forged", "foreign", "unaligned"])
def test_an_unverified_sender_gets_nothing_done_and_a_letter_without_detail(office: Office, auth: str) -> None:
    result = office.process(roster(A, auth=auth))
    [case] = result.cases
    assert case.outcome is Outcome.HOLD
    assert case.effects == ()
    assert "sender.unverified" in {finding.code for finding in case.findings}
    assert {item.state for item in case.items} == {ItemState.HELD}
    assert [letter.trusted for letter in result.letters] == [False]
    office.drain()
    assert office.accounts(A) == [False]
    assert A.name not in office.post.letters[0].text


def test_two_froms_get_no_letter_at_all(office: Office) -> None:
    result = office.process(roster(A, froms=(units.PRIMARY.address, "other@qq.com")))
    assert result.letters == ()
    assert "sender.ambiguous" in {finding.code for finding in result.cases[0].findings}


def test_mail_after_the_closing_day_opens_a_case_that_waits_for_a_person(office: Office) -> None:
    late = "2021-01-04 09:00"
    result = office.process(roster(A, at=late), at=when(late))
    [case] = result.cases
    assert [finding.code for finding in result.findings] == ["mail.after_closing"]
    assert (case.outcome, case.effects) == (Outcome.HOLD, ())
    assert {item.state for item in case.items} == {ItemState.HELD}


def test_two_rosters_of_one_mail_that_want_the_same_person_plan_it_once(office: Office) -> None:
    one, two = roster(A, B), roster(B, C, unit=units.HOSPITAL)
    files = (File("甲.xlsx", one.files[0].data), File("乙.xlsx", two.files[0].data))
    result = office.process(replace(one, files=files))
    assert [case.case_id for case in result.cases] == ["2020-000001", "2020-000001-2"]
    office.drain()
    assert office.accounts(A, B, C) == [True, True, True]
    assert len(office.effects()) == 3
    assert len(result.letters) == 1


def test_two_rosters_of_one_mail_that_give_one_phone_to_two_people_open_no_second_account(office: Office) -> None:
    one, two = roster(A), roster(replace(B, phone=A.phone), unit=units.HOSPITAL)
    files = (File("甲.xlsx", one.files[0].data), File("乙.xlsx", two.files[0].data))
    result = office.process(replace(one, files=files))
    assert [[item.state for item in case.items] for case in result.cases] == [[ItemState.HELD], [ItemState.HELD]]
    office.drain()
    assert office.effects() == []
    assert office.accounts(A, B) == [False, False]


def test_trusted_lets_go_only_what_a_person_bound(make: Make) -> None:
    office = make(automation=Automation.TRUSTED)
    first = office.process(roster(A)).cases[0]
    assert [(item.state, item.proposed) for item in first.items] == [(ItemState.HELD, True)]
    unit_key = office.parts.house.kinds(office.parts.rulebook)[-1].unit_key(first.header)
    assert unit_key is not None
    office.decide(first.case_id, {1: Verdict.APPROVE}, bind=(units.PRIMARY.address, unit_key))
    second = office.process(roster(B, at="2020-09-16 09:40")).cases[0]
    assert [item.state for item in second.items] == [ItemState.APPROVED]
    other = office.process(roster(C, unit=units.HOSPITAL)).cases[0]
    assert [item.state for item in other.items] == [ItemState.HELD]
    forged = office.process(roster(D, at="2020-09-16 09:50", auth="fail")).cases[0]
    assert ItemState.APPROVED not in {item.state for item in forged.items}


def test_a_broken_platform_puts_the_mail_back_and_another_attempt_finishes_it(office: Office) -> None:
    class Down:
        caps = office.parts.platform.caps

        def find(self, _people: object) -> object:
            raise PortError("the site is down", retry=True)

    broken = office.with_house(platform=Down())
    number = broken.store(roster(A))
    assert broken.parts.worker.mail()
    line = office.ledger.queries.mail(number)
    assert (line.state, line.last_error) == (MailState.STORED, "the site is down")
    assert not broken.parts.worker.mail()
    office.drain(later=timedelta(minutes=2))
    assert office.ledger.queries.mail(number).state is MailState.DONE
    assert office.accounts(A) == [True]


def test_a_reader_that_cannot_even_see_the_headers_sets_the_mail_aside(office: Office) -> None:
    class Dead:
        def open(self, _raw: bytes) -> object:
            raise PortError("not even its headers", retry=False)

    broken = office.with_house(opener=Dead())
    number = broken.store(roster(A))
    assert broken.parts.worker.mail()
    assert office.ledger.queries.mail(number).state is MailState.SET_ASIDE


def test_any_bytes_end_somewhere(office: Office) -> None:
    for raw in (b"", b"\r\n\r\n", b"From: \xff\xfe\r\n\r\n\x00", b"x" * 5000, post(roster(A))[:700]):
        result = office.process(raw)
        assert result.state in (MailState.DONE, MailState.IGNORED, MailState.SET_ASIDE)
        assert all(letter.case_ids == () for letter in result.letters)
