"""Effects at most once in effect: probe before a second leap, a silent or broken site is never success."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.effects import EffectState, Person, Verb
from mailbot.domain.ports import (
    Answer,
    Caps,
    EffectJob,
    PortError,
    Presence,
    Registration,
    RowResult,
    Wish,
)
from mailbot.engine.once import once, probe

NOW = datetime(2020, 9, 1, 2, 0, tzinfo=UTC)
LATER = timedelta(minutes=5)


@dataclass
class Site:
    """A platform whose world is a set of phones; what it answers is scripted."""

    world: dict[str, Person] = field(default_factory=dict)
    keyed: bool = True
    tells: bool = True
    answer: RowResult = RowResult.DONE
    broken: bool = False
    silent: frozenset[str] = frozenset()
    calls: list[str] = field(default_factory=list)

    @property
    def caps(self) -> Caps:
        return Caps("site", self.tells, asynchronous=False, batch_size=50, password_policy="", keyed=self.keyed)

    def check(self) -> None:
        return None

    def find(self, people: Sequence[Person]) -> list[Registration]:
        return [self._find(person) for person in people]

    def _find(self, person: Person) -> Registration:
        seen = self.world.get(person.phone)
        if seen is None or not self.tells:
            return Registration(Presence.ABSENT if self.tells else Presence.UNKNOWN)
        return Registration(Presence.FOUND, seen.name, seen.id_number, seen.phone, seen.phone)

    def ensure_accounts(self, wishes: Sequence[Wish]) -> list[Answer]:
        if self.broken:
            raise PortError("the site is down", retry=True)
        answers = []
        for wish in wishes:
            self.calls.append(wish.key)
            if wish.key in self.silent:
                continue
            if self.answer is RowResult.DONE:
                self.world[wish.person.phone] = wish.person
            answers.append(Answer(wish.key, self.answer, "said so"))
        return answers

    def grant(self, wishes: Sequence[Wish]) -> list[Answer]:
        return [Answer(wish.key, RowResult.DONE) for wish in wishes]

    def revoke(self, wishes: Sequence[Wish]) -> list[Answer]:
        return [Answer(wish.key, RowResult.REJECTED) for wish in wishes]

    def collect(self) -> list[Answer]:
        return []


def job(number: int, attempts: int = 1, verb: Verb = Verb.OPEN_ACCOUNT) -> EffectJob:
    person = Person("张三", f"id-{number}", f"1390000{number:04d}")
    return EffectJob(f"key-{number}", verb, person, None, attempts)


def test_a_first_attempt_acts_without_looking() -> None:
    site = Site()
    ends = once([job(1), job(2)], site, NOW, LATER)
    assert [end.state for end in ends] == [EffectState.DONE, EffectState.DONE]
    assert site.calls == ["key-1", "key-2"]


def test_a_second_attempt_that_finds_the_account_does_not_act_again() -> None:
    site = Site(world={job(1).person.phone: job(1).person})
    ends = once([job(1, attempts=2), job(2)], site, NOW, LATER)
    assert site.calls == ["key-2"]
    assert [end.state for end in ends] == [EffectState.DONE, EffectState.DONE]


def test_a_second_attempt_that_finds_nothing_acts() -> None:
    site = Site()
    assert once([job(1, attempts=2)], site, NOW, LATER)[0].state is EffectState.DONE
    assert site.calls == ["key-1"]


def test_the_phone_of_somebody_else_is_no_proof_of_an_earlier_success() -> None:
    other = Person("李四", "id-other", job(1).person.phone)
    site = Site(world={other.phone: other}, answer=RowResult.CONFLICT)
    assert once([job(1, attempts=2)], site, NOW, LATER)[0].state is EffectState.CONFLICT


def test_neither_key_nor_probe_is_uncertain_after_an_earlier_attempt() -> None:
    site = Site(keyed=False, tells=False)
    ends = once([job(1, attempts=2), job(2)], site, NOW, LATER)
    assert [end.state for end in ends] == [EffectState.UNCERTAIN, EffectState.DONE]
    assert site.calls == ["key-2"]


def test_a_key_alone_lets_a_second_attempt_act() -> None:
    site = Site(keyed=True, tells=False)
    assert once([job(1, attempts=2)], site, NOW, LATER)[0].state is EffectState.DONE


def test_a_broken_site_fails_no_case() -> None:
    ends = once([job(1), job(2)], Site(broken=True), NOW, LATER)
    assert {end.state for end in ends} == {EffectState.PLANNED}
    assert {end.retry_at for end in ends} == {NOW + LATER}


def test_silence_about_a_row_is_not_success() -> None:
    ends = once([job(1), job(2)], Site(silent=frozenset({"key-2"})), NOW, LATER)
    assert [end.state for end in ends] == [EffectState.DONE, EffectState.UNCERTAIN]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (RowResult.ALREADY, EffectState.ALREADY),
        (RowResult.PENDING, EffectState.PENDING),
        (RowResult.CONFLICT, EffectState.CONFLICT),
        (RowResult.REJECTED, EffectState.REJECTED),
        (RowResult.UNKNOWN, EffectState.UNCERTAIN),
        (RowResult.RETRY, EffectState.PLANNED),
    ],
)
def test_every_answer_has_its_own_end(said: RowResult, state: EffectState) -> None:
    end = once([job(1)], Site(answer=said), NOW, LATER)[0]
    assert end.state is state
    assert (end.retry_at is not None) is (said is RowResult.RETRY)


def test_other_verbs_reach_their_own_call() -> None:
    assert once([job(1, verb=Verb.GRANT)], Site(), NOW, LATER)[0].state is EffectState.DONE
    assert once([job(1, verb=Verb.REVOKE)], Site(), NOW, LATER)[0].state is EffectState.REJECTED


def test_a_verb_without_an_adapter_goes_to_a_person_and_says_so() -> None:
    end = once([job(1, verb=Verb.REGISTER_COMMITMENT)], Site(), NOW, LATER)[0]
    assert end.state is EffectState.UNCERTAIN
    assert "register_commitment" in end.detail


def test_probing_nothing_asks_nothing() -> None:
    assert probe([], Site(broken=True)) == {}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=12, unique_by=lambda pair: pair[0]))
def test_however_often_it_is_tried_each_person_is_opened_once(tries: list[tuple[int, int]]) -> None:
    site = Site()
    jobs = [job(number, attempts) for number, attempts in tries]
    if jobs:
        first = once(jobs, site, NOW, LATER)
        again = once([job(number, attempts + 1) for number, attempts in tries], site, NOW, LATER)
        assert {end.state for end in (*first, *again)} == {EffectState.DONE}
    assert sorted(site.calls) == sorted({f"key-{number}" for number, _ in tries})
