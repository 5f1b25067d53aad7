"""The passwords of one mail: likeliest first, every try counted."""

import pytest

from mailbot.domain.limits import ContainerLimits, Limits
from mailbot.readers.keys import Keys


@pytest.fixture
def few(limits: Limits) -> ContainerLimits:
    return limits.container.model_copy(update={"passwords": 3, "tries": 5})


def test_candidates_come_in_the_order_they_stand(few: ContainerLimits) -> None:
    assert list(Keys(["密码：a1", "密码：b2"], few).each()) == ["a1", "b2"]
    assert list(Keys(["见附件"], few).each()) == []


def test_there_are_never_more_than_the_limit(few: ContainerLimits) -> None:
    keys = Keys([f"密码：p{n}" for n in range(9)], few)
    keys.learn(["密码：late"])
    assert list(keys.each()) == ["p0", "p1", "p2"]


def test_what_is_learned_stands_behind_what_was_known(few: ContainerLimits) -> None:
    keys = Keys(["密码：a1"], few)
    keys.learn(["密码：a1 密码：b2", "密码：c3 密码：d4"])
    assert list(keys.each()) == ["a1", "b2", "c3"]


def test_what_opened_a_file_is_tried_first_on_the_next(few: ContainerLimits) -> None:
    keys = Keys(["密码：a1 密码：b2"], few)
    for key in keys.each():
        if key == "b2":
            keys.opened(key)
    assert list(keys.each()) == ["b2", "a1"]


def test_tries_are_counted_over_the_whole_mail(few: ContainerLimits) -> None:
    keys = Keys(["密码：a1 密码：b2 密码：c3"], few)
    assert len(list(keys.each())) == 3
    assert list(keys.each()) == ["a1", "b2"]
    assert list(keys.each()) == []


def test_a_try_that_is_not_taken_is_not_counted(few: ContainerLimits) -> None:
    keys = Keys(["密码：a1 密码：b2"], few)
    for _ in range(5):
        assert next(keys.each()) == "a1"
    assert list(keys.each()) == []


def test_no_password_stands_in_its_words_for_a_log(few: ContainerLimits) -> None:
    keys = Keys(["密码：geheim1"], few)
    assert "geheim1" not in f"{keys} {keys!r}"
