"""What every adapter keeps: one answer a wish and in order, a second call that changes nothing, threads, restarts."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailbot.domain.ports import Answer, Platform, Presence, RowResult
from mailbot.platform.registry import load, names
from tests.platform.people import person, settings, wish

Opener = Callable[[], Platform]
GOOD = {RowResult.DONE, RowResult.ALREADY, RowResult.PENDING}


@pytest.fixture(params=names())
def open_it(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    opened: list[Platform] = []

    def opener() -> Platform:
        opened.append(load(request.param, settings(tmp_path)))
        return opened[-1]

    yield opener
    for platform in opened:
        close = getattr(platform, "close", None)
        assert callable(close)
        close()


def verbs(platform: Platform) -> list[tuple[str, Callable[[], list[Answer]]]]:
    asked = [wish(n, key=f"k{n}", year=2018) for n in (3, 1, 2)]
    return [
        ("ensure_accounts", lambda: platform.ensure_accounts([wish(3), wish(1), wish(2)])),
        ("grant", lambda: platform.grant(asked)),
        ("revoke", lambda: platform.revoke(asked)),
    ]


def test_every_wish_has_one_answer_in_order(open_it: Opener) -> None:
    platform = open_it()
    assert [answer.key for answer in platform.ensure_accounts([wish(3), wish(1), wish(2)])] == [
        "account:3", "account:1", "account:2",
    ]  # fmt: skip
    assert [answer.key for answer in platform.grant([wish(n, key=f"g{n}", year=2018) for n in (2, 1)])] == ["g2", "g1"]


def test_no_wishes_no_answers(open_it: Opener) -> None:
    platform = open_it()
    assert platform.find([]) == []
    assert platform.ensure_accounts([]) == []
    assert platform.grant([]) == []
    assert platform.revoke([]) == []
    assert platform.collect() == []


def test_every_verb_succeeds_or_waits_and_a_second_call_is_harmless(open_it: Opener) -> None:
    platform = open_it()
    for name, act in verbs(platform):
        first, second = act(), act()
        assert {answer.result for answer in first} <= GOOD, name
        assert {answer.result for answer in second} <= GOOD, name
        assert [answer.key for answer in first] == [answer.key for answer in second]


def test_a_restart_changes_no_answer(open_it: Opener) -> None:
    first = open_it().ensure_accounts([wish(1)])
    again = open_it().ensure_accounts([wish(1)])
    pending = first[0].result is RowResult.PENDING
    assert again[0].result is (RowResult.PENDING if pending else RowResult.ALREADY)


def test_looking_finds_one_registration_for_each_person_and_never_absence(open_it: Opener) -> None:
    platform = open_it()
    platform.ensure_accounts([wish(1)])
    found = platform.find([person(1), person(2), person(1)])
    assert len(found) == 3
    assert Presence.ABSENT not in {registration.presence for registration in found}
    assert found[0] == found[2]


def test_looking_changes_nothing(open_it: Opener) -> None:
    platform = open_it()
    platform.find([person(1)])
    assert platform.ensure_accounts([wish(1)])[0].result in {RowResult.DONE, RowResult.PENDING}


def test_threads_that_ask_for_the_same_people_open_each_once(open_it: Opener) -> None:
    platform = open_it()
    answers: list[Answer] = []

    def ask() -> None:
        answers.extend(platform.ensure_accounts([wish(n) for n in range(10)]))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(answers) == 40
    assert {answer.result for answer in answers} <= GOOD
    done = [answer.key for answer in answers if answer.result is RowResult.DONE]
    assert len(done) in (0, 10)
    assert len(set(done)) == len(done)


def test_no_answer_holds_a_whole_number(open_it: Opener) -> None:
    platform = open_it()
    said = [*platform.ensure_accounts([wish(1)]), *platform.ensure_accounts([wish(1)])]
    for answer in said:
        assert person(1).phone not in answer.detail
        assert person(1).id_number not in answer.detail


def test_a_batch_has_a_size_and_the_password_a_wording(open_it: Opener) -> None:
    caps = open_it().caps
    assert caps.batch_size >= 1
    assert caps.password_policy
    assert caps.keyed is True
