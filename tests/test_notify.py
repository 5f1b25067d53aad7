"""sd_notify against a stand-in socket, and the watchdog against a clock of the test's own."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.notify import Notifier, Watchdog


class Ear:
    """A NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind("\0" + address[1:] if address.startswith("@") else address)
        self.sock.settimeout(0.3)
        self.environ = {"NOTIFY_SOCKET": address}

    def heard(self) -> str | None:
        try:
            return self.sock.recv(4096).decode("utf-8")
        except TimeoutError:
            return None


@pytest.fixture(params=["path", "abstract"])
def ear(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ear]:
    address = str(tmp_path / "notify") if request.param == "path" else f"@mailbot-test-{os.getpid()}"
    ear = Ear(address)
    yield ear
    ear.sock.close()


def test_what_systemd_hears(ear: Ear) -> None:
    notifier = Notifier(ear.environ)
    notifier.ready()
    notifier.status("2 信箱正常\n队列 0")
    notifier.alive()
    notifier.stopping()
    assert [ear.heard() for _ in range(4)] == ["READY=1", "STATUS=2 信箱正常 队列 0", "WATCHDOG=1", "STOPPING=1"]


def test_a_status_cannot_smuggle_another_message(ear: Ear) -> None:
    Notifier(ear.environ).status("fine\nREADY=1")
    assert ear.heard() == "STATUS=fine READY=1"


def test_without_systemd_nothing_happens() -> None:
    notifier = Notifier({})
    notifier.ready()
    assert notifier.watchdog_seconds is None


def test_a_socket_that_is_gone_is_told_and_survived(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()
    assert "does not hear us" in caplog.text


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "90000000"}, 90.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": str(os.getpid())}, 90.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "-5"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_interval_is_systemds(environ: dict[str, str], seconds: float | None) -> None:
    assert Notifier(environ).watchdog_seconds == seconds


class Time:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Time:
    return Time()


@pytest.fixture
def dog(ear: Ear, watch: Time) -> Watchdog:
    dog = Watchdog(Notifier(ear.environ), watch)
    dog.register("roster", 300)
    dog.register("engine", 10)
    return dog


def test_fed_while_every_loop_beats(ear: Ear, dog: Watchdog, watch: Time) -> None:
    for _ in range(3):
        watch.seconds += 9
        dog.beat("engine")
        assert dog.feed()
        assert ear.heard() == "WATCHDOG=1"


def test_one_late_loop_stops_the_feeding_though_the_others_beat(ear: Ear, dog: Watchdog, watch: Time) -> None:
    watch.seconds += 11
    dog.beat("roster")
    assert dog.late() == ("engine",)
    assert not dog.feed()
    assert ear.heard() is None


def test_each_loop_has_its_own_deadline(dog: Watchdog, watch: Time) -> None:
    watch.seconds += 299
    dog.beat("engine")
    assert dog.late() == ()
    watch.seconds += 2
    assert dog.late() == ("roster",)


def test_a_loop_that_comes_back_is_fed_for_again(dog: Watchdog, watch: Time) -> None:
    watch.seconds += 11
    assert not dog.feed()
    dog.beat("engine")
    assert dog.feed()


def test_a_beat_of_nobody_is_a_fault(dog: Watchdog) -> None:
    with pytest.raises(KeyError):
        dog.beat("somebody")


def test_a_late_loop_is_logged_once(dog: Watchdog, watch: Time, caplog: pytest.LogCaptureFixture) -> None:
    watch.seconds += 11
    for _ in range(5):
        dog.feed()
    assert caplog.text.count("no progress: engine") == 1


def test_the_thread_feeds_until_it_is_stopped(ear: Ear, watch: Time) -> None:
    dog = Watchdog(Notifier({**ear.environ, "WATCHDOG_USEC": "60000"}), watch)
    dog.register("engine", 10)
    stop = threading.Event()
    thread = threading.Thread(target=dog.run, args=(stop,))
    thread.start()
    assert [ear.heard() for _ in range(4)] == ["WATCHDOG=1"] * 4
    watch.seconds += 11
    while ear.heard() is not None:
        pass
    assert thread.is_alive()
    stop.set()
    thread.join(2)
    assert not thread.is_alive()


def test_without_an_interval_the_thread_ends_at_once(dog: Watchdog) -> None:
    dog.run(threading.Event())
