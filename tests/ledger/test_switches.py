"""The site's switches: the first mode is that of its settings, later ones a person's; confirmed senders; every change
an event with its actor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.domain.effects import EffectState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import SETTINGS, Binding, Mode
from tests.ledger.world import MINUTE, NOW, case, deliver, finished, key_of, opened

E = EffectState


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger that nobody has switched yet."""
    made = opened(tmp_path, mode=None)
    yield made
    made.close()


def acts(ledger: Ledger) -> list[tuple[str, str, str | None]]:
    """Every event of the site, as kind, actor and what it is about."""
    return [(event.kind, event.actor, event.about) for event in ledger.queries.events_of(mail_id=None)]


def test_nobody_has_switched_so_nothing_leaves(untouched: Ledger) -> None:
    assert untouched.switches.mode() is Mode.REHEARSAL
    finished(untouched, case())
    assert deliver(untouched) == 0
    assert untouched.queries.counts().effect_drafts == 1


@pytest.mark.parametrize("word", list(Mode))
def test_a_site_begins_in_the_mode_of_its_settings_and_says_who_wrote_it(untouched: Ledger, word: Mode) -> None:
    assert untouched.switches.begin(word.value, NOW) is word
    assert untouched.switches.mode() is word
    assert untouched.audit.verify().intact


def test_the_settings_do_not_overrule_a_person_at_the_next_start(untouched: Ledger) -> None:
    untouched.switches.begin("live", NOW)
    untouched.switches.set_mode(Mode.REHEARSAL, "王主任", NOW + MINUTE, "暂停")
    assert untouched.switches.begin("live", NOW + 2 * MINUTE) is Mode.REHEARSAL
    assert untouched.switches.mode() is Mode.REHEARSAL


@pytest.mark.parametrize("word", ["", "LIVE", "on", "rehearse"])
def test_a_word_that_is_no_mode_switches_nothing(untouched: Ledger, word: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Mode"):
        untouched.switches.begin(word, NOW)
    assert untouched.switches.mode() is Mode.REHEARSAL
    assert SETTINGS not in {actor for _, actor, _ in acts(untouched)}


def test_every_switch_is_an_event_under_its_name_in_order(untouched: Ledger) -> None:
    untouched.switches.begin("drafts", NOW)
    untouched.switches.set_mode(Mode.LIVE, "王主任", NOW, "培训结束")
    untouched.switches.pause("李工", "平台维护", NOW)
    untouched.switches.resume("李工", NOW)
    assert acts(untouched) == [
        ("site.mode", SETTINGS, "drafts"),
        ("site.mode", "王主任", "live"),
        ("site.paused", "李工", "yes"),
        ("site.paused", "李工", "no"),
    ]


def test_what_was_planned_keeps_waiting_as_it_was_planned(untouched: Ledger) -> None:
    finished(untouched, case())
    untouched.switches.set_mode(Mode.LIVE, "王主任", NOW)
    assert deliver(untouched) == 0
    finished(untouched, case("2020-000002", people=[2]), uid=2)
    assert deliver(untouched) == 1
    assert [line.key for line in untouched.queries.effects([E.DONE])] == [key_of(2)]
    untouched.switches.set_mode(Mode.REHEARSAL, "王主任", NOW)
    assert [line.key for line in untouched.queries.effects([E.PLANNED], draft=True)] == [key_of(1)]


def test_paused_twice_goes_on_after_one_word(ledger: Ledger) -> None:
    finished(ledger, case())
    ledger.switches.pause("李工", "维护", NOW)
    ledger.switches.pause("王工", "维护", NOW)
    assert (ledger.switches.paused(), deliver(ledger)) == (True, 0)
    ledger.switches.resume("李工", NOW)
    assert (ledger.switches.paused(), deliver(ledger)) == (False, 1)


def test_confirmations_stand_by_sender_and_the_first_who_gave_them(ledger: Ledger) -> None:
    ledger.switches.bind("@Unit-B.example", "name:乙", "张工", NOW)
    ledger.switches.bind("HR@unit-a.example", "name:甲", "张工", NOW + MINUTE)
    ledger.switches.bind("@unit-b.example", "name:乙", "李工", NOW + timedelta(days=1))
    ledger.switches.bind("@unit-b.example", "name:丙", "李工", NOW + timedelta(days=1))
    assert ledger.switches.bindings() == [
        Binding("@unit-b.example", "name:丙", "李工", NOW + timedelta(days=1)),
        Binding("@unit-b.example", "name:乙", "张工", NOW),
        Binding("hr@unit-a.example", "name:甲", "张工", NOW + MINUTE),
    ]
    assert [kind for kind, *_ in acts(ledger)].count("sender.bound") == 3


def test_a_confirmation_taken_back_leaves_the_others_and_an_event(ledger: Ledger) -> None:
    ledger.switches.bind("@unit.example", "name:甲", "张工", NOW)
    ledger.switches.bind("@unit.example", "name:乙", "张工", NOW)
    assert ledger.switches.unbind("@UNIT.example", "name:甲", "李工", NOW)
    assert [bound.unit for bound in ledger.switches.bindings()] == ["name:乙"]
    assert not ledger.switches.unbind("@unit.example", "name:甲", "李工", NOW)
    assert not ledger.switches.unbind("@unit.example", "", "李工", NOW)
    assert [(kind, actor) for kind, actor, _ in acts(ledger)][-1] == ("sender.unbound", "李工")
    assert ledger.audit.verify().intact
