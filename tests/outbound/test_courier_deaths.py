"""A process that dies while it sends: before the dot the server has nothing, behind it the server has the letter."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.rig.smtp_sink import SmtpSink

LIFE = """
import sys
from mailbot.outbound.courier import SmtpCourier
from mailbot.outbound.smtp_session import SmtpSettings
courier = SmtpCourier(SmtpSettings("127.0.0.1", int(sys.argv[1]), "plain"))
print(courier.send("hr@unit.example", b"Subject: x\\r\\n\\r\\nline\\r\\n").state.value)
courier.close()
"""
PLACES = ["courier.connected", "courier.before_data", "courier.before_dot", "courier.after_dot", "courier.answered"]


def run(port: int, failpoints: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", LIFE, str(port)]
    environment = os.environ | {"MAILBOT_FAILPOINTS": failpoints}
    return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=30)


def test_a_letter_passes_every_place_once_and_in_order(tmp_path: Path) -> None:
    log = tmp_path / "places.log"
    with SmtpSink() as sink:
        assert run(sink.port, f"log={log}").stdout.strip() == b"sent"
    assert log.read_text("utf-8").split() == [word for place in PLACES for word in (place, "1")]


@pytest.mark.parametrize("place", PLACES)
def test_only_behind_the_dot_can_the_server_have_the_letter(tmp_path: Path, place: str) -> None:
    with SmtpSink() as sink:
        dead = run(sink.port, f"log={tmp_path / 'places.log'};die={place}#1")
        assert dead.returncode == -signal.SIGKILL, dead.stderr.decode()
        if place == "courier.answered":
            assert len(sink.messages) == 1
        elif PLACES.index(place) <= PLACES.index("courier.before_dot"):
            time.sleep(0.1)
            assert sink.messages == []
