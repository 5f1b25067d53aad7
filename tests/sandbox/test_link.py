"""The line to the zygote: a lost one is known as lost, at once."""

import os
import signal
from collections.abc import Iterator

import pytest

from mailbot.domain.limits import Limits
from mailbot.sandbox.link import Link, LinkLost
from mailbot.sandbox.zygote import resolve


@pytest.fixture
def link(limits: Limits) -> Iterator[Link]:
    found = Link(limits, "mailbot.opening:open_mail", None)
    yield found
    found.stop()


def test_a_link_that_was_not_started_is_lost(link: Link) -> None:
    with pytest.raises(LinkLost):
        link.fork(b"x", {})
    with pytest.raises(LinkLost):
        link.end(os.getpid() + 10_000_000)


def test_a_stopped_link_can_be_started_again(link: Link) -> None:
    for _ in range(2):
        link.start()
        pid, pipe = link.fork(b"Subject: x\r\n\r\n", {})
        assert link.readable(pipe, 10)
        os.close(pipe)
        assert link.end(pid) in (0, -signal.SIGKILL)
        link.stop()


def test_a_child_is_killed_when_it_is_ended(link: Link) -> None:
    link.start()
    pid, pipe = link.fork(b"Subject: x\r\n\r\n" + bytes(10_000_000), {})
    os.close(pipe)
    link.end(pid)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_no_descriptor_is_left_when_the_zygote_is_gone(link: Link) -> None:
    link.start()
    process = link._process
    assert process is not None
    process.kill()
    process.wait()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # counted, not walked
    with pytest.raises(LinkLost):
        link.fork(b"x", {})
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208  # as above


def test_dotted_names() -> None:
    assert resolve("os.path:join")("a", "b") == "a/b"
    with pytest.raises(ImportError):
        resolve("no.such.module:f")
    with pytest.raises(AttributeError):
        resolve("os.path:no_such_name")
