"""The crash test can fail: with one guard of the product taken out the judge finds fault, and with it none."""

from collections.abc import Callable

import pytest

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(120)]
Faults = Callable[..., list[str]]


@pytest.mark.parametrize("place", ["site.after_post#3", "effect.after_act#2", "ledger.conclude.before_commit#2"])
def test_without_a_look_before_the_second_leap_accounts_are_opened_twice(faults: Faults, place: str) -> None:
    assert faults(place) == []
    assert any("was opened 2 times" in fault for fault in faults(place, sabotage="no-look"))


@pytest.mark.parametrize("place", ["blob.half_written#2", "ledger.store.before_commit#2"])
def test_with_the_cursor_before_the_mails_mails_are_lost(faults: Faults, place: str) -> None:
    assert faults(place) == []
    assert any("is lost" in fault for fault in faults(place, sabotage="cursor-first"))


SENT = ["courier.answered#3", "letter.after_send#3", "ledger.conclude_letter.before_commit#3"]


@pytest.mark.parametrize("place", SENT)
def test_with_a_message_id_of_its_own_for_every_attempt_a_second_letter_goes_out(faults: Faults, place: str) -> None:
    assert faults(place) == []
    assert any("2 letters, not 1" in fault for fault in faults(place, sabotage="fresh-id"))


@pytest.mark.parametrize("place", ["letter.before_send#2", "courier.before_data#2"])
def test_with_the_stage_noted_too_early_a_cut_is_taken_for_an_unknown_end(faults: Faults, place: str) -> None:
    assert faults(place) == []
    assert faults(place, sabotage="early-dot") != []


WAITING = ["ledger.conclude.after_commit#1", "letter.before_send#2"]


@pytest.mark.parametrize("place", WAITING)
def test_letters_that_do_not_wait_for_their_effects_are_other_letters(faults: Faults, place: str) -> None:
    assert faults(place) == []
    assert any("another letter" in fault for fault in faults(place, sabotage="no-wait"))


@pytest.mark.parametrize("place", WAITING)
def test_letters_that_take_the_wish_for_the_deed_claim_too_early(faults: Faults, place: str) -> None:
    assert any("accounts too early" in fault for fault in faults(place, sabotage="vouch"))
