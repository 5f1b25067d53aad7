"""The engine over the real ledger: what leaves in which mode, what waits, what is tried again, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot import flow
from mailbot.domain.decisions import Automation, Verdict
from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.mail import MailState, StoredMail
from mailbot.domain.ports import Answer, PortError, RowResult, SendState, Wish
from mailbot.engine.runner import drain
from mailbot.ledger.settings import Mode
from mailbot.platform.ledger import EmbeddedLedger
from mailbot.platform.registry import PlatformSettings
from mailbot.platform.worklist import Worklist
from tests.flow.conftest import Make
from tests.flow.office import NOW, STAFF, Office, roster
from tools.stories import units
from tools.stories.people import people

A, B, C = people(740, 3)
CASE = "2020-000001"
MINUTE = timedelta(minutes=1)
PLANNED, DONE, UNCERTAIN = EffectState.PLANNED, EffectState.DONE, EffectState.UNCERTAIN


def test_nothing_leaves_a_rehearsal(make: Make) -> None:
    office = make(mode=Mode.REHEARSAL)
    office.store(roster(A, B))
    office.store(roster(C, unit=units.HOSPITAL))
    office.drain()
    office.drain(later=timedelta(days=3))
    assert office.post.letters == []
    assert office.accounts(A, B, C) == [False] * 3
    assert {(effect.state, effect.draft, effect.attempts) for effect in office.effects()} == {(PLANNED, True, 0)}
    assert {(letter.state, letter.draft) for letter in office.letters()} == {(PLANNED, True)}
    assert office.states(CASE) == ["approved", "approved"]


def test_drafts_lets_effects_go_and_keeps_letters(make: Make) -> None:
    office = make(mode=Mode.DRAFTS)
    office.store(roster(A))
    office.drain()
    assert office.accounts(A) == [True]
    assert office.states(CASE) == ["fulfilled"]
    assert office.post.letters == []
    assert [(letter.state, letter.draft) for letter in office.letters()] == [(PLANNED, True)]


def test_a_named_person_releases_exactly_these_letters(make: Make) -> None:
    office = make(mode=Mode.DRAFTS)
    for unit in (units.PRIMARY, units.HOSPITAL):
        office.store(roster(A if unit is units.PRIMARY else B, unit=unit))
    office.drain()
    keys = [letter.key for letter in office.letters()]
    assert office.ledger.drafts.release([keys[1]], STAFF, office.clock.now()) == 1
    office.drain()
    assert [letter.to for letter in office.post.letters] == [units.HOSPITAL.address]
    assert [letter.state for letter in office.letters()] == [PLANNED, DONE]
    assert office.ledger.drafts.release(keys, STAFF, office.clock.now()) == 1, "what has left is passed over"
    office.drain()
    assert len(office.post.letters) == 2


def test_a_released_effect_of_a_rehearsal_goes_and_its_letter_waits(make: Make) -> None:
    office = make(mode=Mode.REHEARSAL)
    office.store(roster(A, B))
    office.drain()
    one = office.effects()[0].key
    office.ledger.drafts.release([one], STAFF, office.clock.now())
    office.drain()
    assert sorted(office.accounts(A, B)) == [False, True]
    assert sorted(office.states(CASE)) == ["approved", "fulfilled"]
    assert office.post.letters == []


def test_a_released_letter_still_waits_for_what_it_tells(make: Make) -> None:
    office = make(mode=Mode.REHEARSAL)
    office.store(roster(A))
    office.drain()
    [letter], [effect] = office.letters(), office.effects()
    office.ledger.drafts.release([letter.key], STAFF, office.clock.now())
    office.drain()
    assert office.post.letters == []
    office.ledger.drafts.release([effect.key], STAFF, office.clock.now())
    office.drain()
    assert len(office.post.letters) == 1
    assert "1人" in office.post.letters[0].text


def test_going_live_does_not_let_old_drafts_out(make: Make) -> None:
    office = make(mode=Mode.REHEARSAL)
    office.store(roster(A))
    office.drain()
    office.ledger.switches.set_mode(Mode.LIVE, STAFF, office.clock.now())
    office.store(roster(B, unit=units.HOSPITAL))
    office.drain()
    assert office.accounts(A, B) == [False, True]
    assert [letter.to for letter in office.post.letters] == [units.HOSPITAL.address]


def test_a_pause_stops_effects_and_the_letters_behind_them_and_nothing_else(office: Office) -> None:
    office.ledger.switches.pause(STAFF, "平台维护", office.clock.now())
    office.store(roster(A))
    office.store(roster(B, unit=units.HOSPITAL, auth="none"))
    office.drain()
    assert office.accounts(A) == [False]
    assert [letter.to for letter in office.post.letters] == [units.HOSPITAL.address]
    office.ledger.switches.resume(STAFF, office.clock.now())
    office.drain()
    assert office.accounts(A) == [True]
    assert len(office.post.letters) == 2


class Moody(EmbeddedLedger):
    """The embedded platform with scripted faults: of the whole site, or answers for all rows of the next calls."""

    def __init__(self, settings: PlatformSettings) -> None:
        super().__init__(settings)
        self.faults: list[PortError | RowResult] = []
        self.calls = 0

    def ensure_accounts(self, wishes: list[Wish]) -> list[Answer]:  # type: ignore[override]  # what the engine hands over
        self.calls += 1
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, PortError):
                raise fault
            return [Answer(wish.key, fault, "as scripted") for wish in wishes]
        return super().ensure_accounts(wishes)


@pytest.fixture
def moody(make: Make, office: Office) -> tuple[Office, Moody]:
    settings = PlatformSettings(office.parts.site.storage, office.clock, "初始密码为000000", None, {})
    platform = Moody(settings)
    return make(platform=platform), platform


def test_a_site_that_is_down_is_asked_again_after_a_while_and_no_case_fails(moody: tuple[Office, Moody]) -> None:
    office, platform = moody
    platform.faults = [PortError("503", retry=True), RowResult.RETRY]
    office.store(roster(A))
    office.drain()
    [effect] = office.effects()
    assert (effect.state, effect.attempts) == (PLANNED, 1)
    office.drain(later=4 * MINUTE)
    assert platform.calls == 1, "five minutes have not passed"
    office.drain(later=MINUTE)
    assert platform.calls == 2
    assert office.post.letters == []
    office.drain(later=5 * MINUTE)
    assert office.states(CASE) == ["fulfilled"]
    assert len(office.post.letters) == 1


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (PortError("no such site", retry=False), UNCERTAIN),
        (RowResult.CONFLICT, EffectState.CONFLICT),
        (RowResult.REJECTED, EffectState.REJECTED),
        (RowResult.UNKNOWN, UNCERTAIN),
    ],
)
def test_what_did_not_come_true_waits_for_a_person_and_no_letter_says_it_did(
    moody: tuple[Office, Moody], fault: PortError | RowResult, state: EffectState
) -> None:
    office, platform = moody
    platform.faults = [fault]
    office.store(roster(A))
    office.drain()
    assert [effect.state for effect in office.effects()] == [state]
    assert office.states(CASE) == ["held"]
    assert all("已注册" not in letter.text for letter in office.post.letters)
    office.drain(later=timedelta(days=1))
    assert platform.calls == 1, "a machine does not try again"


def test_a_person_who_approves_again_has_it_tried_again(moody: tuple[Office, Moody]) -> None:
    office, platform = moody
    platform.faults = [RowResult.REJECTED]
    office.store(roster(A))
    office.drain()
    office.decide(CASE, {1: Verdict.APPROVE}, reason="平台已恢复")
    office.drain()
    assert platform.calls == 2
    assert office.states(CASE) == ["fulfilled"]
    assert office.accounts(A) == [True]


def test_a_mail_that_kills_its_worker_three_times_is_set_aside_while_others_go_on(office: Office) -> None:
    bad, good = office.store(roster(A)), office.store(roster(B, unit=units.HOSPITAL))

    def deadly(mail: StoredMail) -> object:
        if mail.id == bad:
            raise MemoryError("with 500103199001011234 in its message")
        return flow.process(mail, office.parts.house)

    worker = replace(office.parts.worker, flow=deadly)
    for _ in range(5):
        office.clock.advance(2 * MINUTE)
        drain(worker)
    assert office.ledger.queries.mail(good).state is MailState.DONE
    line = office.ledger.queries.mail(bad)
    assert line.state is MailState.SET_ASIDE
    assert line.last_error is not None
    assert "MemoryError" in line.last_error
    assert "5001" not in line.last_error
    assert office.accounts(A, B) == [False, True]


def test_three_deaths_of_the_process_set_the_mail_aside_too(office: Office) -> None:
    bad = office.store(roster(A))
    good = office.store(roster(B, unit=units.HOSPITAL))
    for _ in range(3):
        assert office.ledger.steps.claim_mail(office.clock.now()) is not None
        office.ledger.steps.recover(office.clock.now())
    office.drain()
    states = {number: office.ledger.queries.mail(number).state for number in (bad, good)}
    assert states == {bad: MailState.SET_ASIDE, good: MailState.DONE}


def test_a_letter_waits_for_all_effects_it_tells_of(moody: tuple[Office, Moody]) -> None:
    office, platform = moody
    platform.faults = [PortError("503", retry=True)]
    office.store(roster(A, B))
    office.drain()
    assert office.post.letters == []
    office.drain(later=5 * MINUTE)
    assert ["2人" in letter.text for letter in office.post.letters] == [True]


def test_a_letter_of_unknown_end_is_sent_once_more_with_the_same_bytes(office: Office) -> None:
    office.post.ends = [SendState.UNKNOWN]
    office.store(roster(A))
    office.drain()
    office.drain(later=9 * MINUTE)
    assert len(office.post.letters) == 1
    office.drain(later=MINUTE)
    first, second = office.post.letters
    assert first.raw == second.raw
    assert [letter.state for letter in office.letters()] == [DONE]
    office.drain(later=timedelta(days=2))
    assert len(office.post.letters) == 2


def test_a_second_unknown_end_stays_with_staff(office: Office) -> None:
    office.post.ends = [SendState.UNKNOWN, SendState.UNKNOWN]
    office.store(roster(A))
    for _ in range(5):
        office.drain(later=timedelta(hours=6))
    assert len(office.post.letters) == 2
    assert [letter.state for letter in office.letters()] == [UNCERTAIN]


def test_a_deferred_letter_backs_off_and_a_refused_one_is_for_staff(office: Office) -> None:
    office.post.ends = [SendState.DEFERRED, SendState.DEFERRED, SendState.REFUSED]
    office.store(roster(A))
    office.drain()
    assert [(letter.state, letter.attempts) for letter in office.letters()] == [(PLANNED, 1)]
    office.drain(later=timedelta(hours=1))
    office.drain(later=timedelta(hours=1))
    assert [(letter.state, letter.attempts) for letter in office.letters()] == [(EffectState.REJECTED, 3)]
    office.drain(later=timedelta(days=2))
    assert office.post.letters == []


@pytest.fixture
def listing(make: Make, office: Office) -> tuple[Office, Worklist]:
    """A site whose platform is a list for people."""
    settings = PlatformSettings(office.parts.site.storage, office.clock, "初始密码为000000", None, {})
    platform = Worklist(settings)
    return make(platform=platform), platform


def test_nobody_is_told_of_an_account_before_a_person_confirmed_it(listing: tuple[Office, Worklist]) -> None:
    office, platform = listing
    office.store(roster(A, B))
    office.drain()
    office.drain(later=timedelta(hours=4))
    assert [letter.kind for letter in office.letters()] == [LetterKind.RECEIPT]
    assert [effect.state for effect in office.effects()] == [EffectState.PENDING] * 2
    assert office.states(CASE) == ["approved", "approved"]
    [receipt] = office.post.letters
    assert "已注册" not in receipt.text
    assert "000000" not in receipt.text
    [batch] = platform.batches()
    assert platform.confirm(STAFF, batch=batch.name) == 2
    office.drain(later=MINUTE)
    assert [letter.kind for letter in office.letters()] == [LetterKind.RECEIPT, LetterKind.RESULT]
    assert office.states(CASE) == ["fulfilled", "fulfilled"]
    assert "2人" in office.post.letters[-1].text
    office.drain(later=timedelta(days=1))
    assert len(office.post.letters) == 2


def test_a_row_that_the_platform_refuses_is_held_and_the_rest_is_told(listing: tuple[Office, Worklist]) -> None:
    office, platform = listing
    office.store(roster(A, B))
    office.drain()
    first, second = (effect.key for effect in office.effects())
    platform.confirm(STAFF, keys=[first])
    platform.mark(STAFF, [second], RowResult.REJECTED, "该手机号码不可用")
    office.drain(later=MINUTE)
    assert sorted(office.states(CASE)) == ["fulfilled", "held"]
    assert len(office.post.letters) == 2
    text = office.post.letters[-1].text
    assert "1人" in text


def test_silence_of_the_platform_is_no_success(listing: tuple[Office, Worklist]) -> None:
    office, _ = listing
    office.store(roster(A))
    for _ in range(4):
        office.drain(later=timedelta(days=2))
    assert [effect.state for effect in office.effects()] == [EffectState.PENDING]
    assert len(office.post.letters) == 1


def test_caps_stop_a_flood_of_receipts_and_never_a_result(make: Make) -> None:
    office = make(automation=Automation.CONFIRM, caps=True)
    for number in range(6):
        office.store(roster(people(760 + number, 1)[0], at=f"2020-09-16 09:0{number}"))
    office.drain()
    receipts = len(office.post.letters)
    assert 0 < receipts < 6
    assert len(office.ledger.queries.cases()) == 6, "every mail has its case all the same"
    office.decide("2020-000006", {1: Verdict.APPROVE})
    office.drain()
    assert len(office.post.letters) == receipts + 1
    assert office.clock.now() == NOW
