"""The deadline: it cuts a reader that would wait for ever, gives what was granted, and harms nobody afterwards."""

import socket
import time
from collections.abc import Iterator

import pytest

from mailbot.intake.leash import Leash


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def leash() -> Iterator[Leash]:
    leash = Leash()
    yield leash
    leash.release()


def test_a_waiting_reader_is_cut(leash: Leash, pair: tuple[socket.socket, socket.socket]) -> None:
    leash.hold(pair[0])
    began = time.monotonic()
    with leash.limit(0.1):
        assert pair[0].recv(1) == b""
    assert 0.05 < time.monotonic() - began < 2
    assert leash.cut


def test_a_trickle_is_cut_though_every_read_is_quick(leash: Leash, pair: tuple[socket.socket, socket.socket]) -> None:
    leash.hold(pair[0])
    read = 0
    with leash.limit(0.3):
        for _ in range(100):
            try:
                pair[1].send(b"x")
            except BrokenPipeError:
                break
            read += len(pair[0].recv(1))
            time.sleep(0.02)
    assert 0 < read < 100


def test_granted_time_is_added(leash: Leash, pair: tuple[socket.socket, socket.socket]) -> None:
    leash.hold(pair[0])
    began = time.monotonic()
    with leash.limit(0.1):
        leash.allow(0.3)
        assert pair[0].recv(1) == b""
    assert time.monotonic() - began >= 0.4


def test_in_time_nothing_happens(leash: Leash, pair: tuple[socket.socket, socket.socket]) -> None:
    leash.hold(pair[0])
    with leash.limit(0.05):
        pass
    time.sleep(0.1)
    pair[1].send(b"y")
    assert pair[0].recv(1) == b"y"
    assert not leash.cut


def test_a_connection_made_after_the_time_is_over_is_cut_at_once(
    leash: Leash, pair: tuple[socket.socket, socket.socket]
) -> None:
    with leash.limit(0.02):
        time.sleep(0.1)
        leash.hold(pair[0])
        assert pair[0].recv(1) == b""


def test_the_owner_may_close_first(leash: Leash, pair: tuple[socket.socket, socket.socket]) -> None:
    leash.hold(pair[0])
    with leash.limit(0.05):
        pair[0].close()
        time.sleep(0.1)
    assert leash.cut


def test_a_new_limit_forgets_the_old_cut(leash: Leash, pair: tuple[socket.socket, socket.socket]) -> None:
    with leash.limit(0.01):
        time.sleep(0.05)
    with leash.limit(5):
        leash.hold(pair[0])
        pair[1].send(b"z")
        assert pair[0].recv(1) == b"z"
        assert not leash.cut
