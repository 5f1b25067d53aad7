"""The alarm's road: a real command, a real webhook; what goes there, and what is a failure."""

from __future__ import annotations

import json
import os
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot import alarm
from mailbot.alarm import Message, Road, body
from mailbot.domain.ports import PortError
from tests.rig.dovecot import make_certificate
from tests.rig.ports import LOOPBACK, free_port

SINCE = datetime(2020, 9, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
RAISED = Message("测试", "disk", "磁盘将满，剩余 90 MB", SINCE)
CLEARED = Message("测试", "disk", "磁盘将满，剩余 90 MB", SINCE, cleared=True)


class Hook:
    """A webhook that keeps what it is told and answers as it is set."""

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self.got: list[dict[str, object]] = []
        self.code, self.answer, self.location, self.delay = 200, b"{}", "", 0.0
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                time.sleep(hook.delay)
                self.send_response(hook.code)
                if hook.location:
                    self.send_header("Location", hook.location)
                self.end_headers()
                self.wfile.write(hook.answer)

            do_GET = do_POST  # noqa: N815 -- http.server's names

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer((LOOPBACK, 0), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, certificate))
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://localhost:{self.server.server_port}/alarm?key=8831"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.close()


def program(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "notify.py"
    path.write_text(text, "utf-8")
    return (sys.executable, str(path))


def test_a_command_gets_the_line_on_its_input_and_no_secret_of_ours(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write = f"import sys,os\nopen({str(out)!r},'w').write(sys.stdin.read()+repr(sorted(os.environ)))"
    environ = {"PATH": os.environ["PATH"], "CREDENTIALS_DIRECTORY": "/run/secrets", "NOTIFY_SOCKET": "x"}
    assert Road(program(tmp_path, write), environ=environ).tell(RAISED) == "command"
    told = out.read_text("utf-8")
    assert told.startswith("【mailbot 测试】请处理：磁盘将满，剩余 90 MB（2020-09-16 10:00 起）\n")
    assert "CREDENTIALS" not in told
    assert "NOTIFY" not in told


def test_the_end_of_an_alarm_says_so() -> None:
    assert "已恢复" in CLEARED.line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import sys; sys.stderr.write('modem\\n\\x1b[31m gone'); sys.exit(3)", "exit code 3: modem"),
        ("raise SystemExit(1)", "exit code 1"),
    ],
)
def test_a_command_that_fails_is_told_by_its_own_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PortError, match=said) as fault:
        Road(program(tmp_path, text)).tell(RAISED)
    assert fault.value.retry
    assert "\x1b" not in str(fault.value)


def test_a_command_that_is_not_there() -> None:
    with pytest.raises(PortError, match="cannot be run"):
        Road(("/nowhere/notify",)).tell(RAISED)


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm, "COMMAND_SECONDS", 0.5)
    mark = tmp_path / "child"
    child = f"import time; time.sleep(1.5); open({str(mark)!r}, 'w')"
    text = f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)"
    began = time.monotonic()
    with pytest.raises(PortError, match="did not end"):
        Road(program(tmp_path, text)).tell(RAISED)
    assert time.monotonic() - began < 5
    time.sleep(1.6)
    assert not mark.exists()


def test_a_webhook_gets_json_that_group_robots_take(hook: Hook) -> None:
    assert Road(webhook=lambda: hook.url).tell(RAISED) == "webhook"
    Road(webhook=lambda: hook.url).tell(CLEARED)
    first, second = hook.got
    assert first["msgtype"] == "text"
    assert first["text"] == {"content": RAISED.line}
    assert (first["alarm"], first["state"], first["site"]) == ("disk", "raised", "测试")
    assert first["since"] == "2020-09-16T10:00:00+08:00"
    assert second["state"] == "cleared"
    assert json.loads(body(RAISED)) == first


def test_a_robot_that_refuses_with_200_is_a_failure(hook: Hook) -> None:
    hook.answer = b'{"errcode": 93000, "errmsg": "invalid webhook url"}'
    with pytest.raises(PortError, match="93000"):
        Road(webhook=lambda: hook.url).tell(RAISED)
    hook.answer = b'{"errcode": 0}'
    assert Road(webhook=lambda: hook.url).tell(RAISED) == "webhook"
    hook.answer = b"\xff not json"
    assert Road(webhook=lambda: hook.url).tell(RAISED) == "webhook"


@pytest.mark.parametrize("code", [404, 500, 302])
def test_an_error_or_a_redirect_is_a_failure_and_the_key_is_not_repeated(hook: Hook, code: int) -> None:
    other = Hook()
    hook.code, hook.location = code, other.url if code == 302 else ""
    with pytest.raises(PortError, match=str(code)) as fault:
        Road(webhook=lambda: hook.url).tell(RAISED)
    assert "8831" not in str(fault.value)
    assert other.got == []
    other.close()


def test_nobody_there_and_nobody_who_answers_in_time(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PortError, match="cannot be reached"):
        Road(webhook=lambda: f"http://localhost:{free_port()}/").tell(RAISED)
    monkeypatch.setattr(alarm, "WEBHOOK_SECONDS", 0.2)
    hook.delay = 1.0
    with pytest.raises(PortError, match="cannot be reached"):
        Road(webhook=lambda: hook.url).tell(RAISED)


def test_tls_is_verified(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make_certificate(cert, key)
    hook = Hook((cert, key))
    with pytest.raises(PortError, match="cannot be reached"):
        Road(webhook=lambda: hook.url).tell(RAISED)
    assert hook.got == []
    assert Road(webhook=lambda: hook.url, ca_file=cert).tell(RAISED) == "webhook"
    hook.close()


def test_a_certificate_file_that_is_not_there_is_a_failure_of_the_webhook_alone(hook: Hook, tmp_path: Path) -> None:
    gone = tmp_path / "gone.pem"
    with pytest.raises(PortError, match="cannot be reached"):
        Road(webhook=lambda: hook.url, ca_file=gone).tell(RAISED)
    assert Road(("/bin/true",), lambda: hook.url, ca_file=gone).tell(RAISED) == "command"


@pytest.mark.parametrize("url", ["http://robot.example/x", "file:///etc/passwd", "ftp://localhost/x", "", "https://"])
def test_an_address_that_is_not_safe_is_told_nothing(url: str) -> None:
    with pytest.raises(PortError, match="no https"):
        Road(webhook=lambda: url).tell(RAISED)


def test_one_way_of_two_is_enough(hook: Hook) -> None:
    assert Road(("/nowhere/notify",), lambda: hook.url).tell(RAISED) == "webhook"
    assert Road(("/nowhere/notify",), lambda: hook.url).names == ("command", "webhook")


def test_without_a_road_nothing_can_be_told() -> None:
    assert Road().names == ()
    with pytest.raises(PortError, match="no road"):
        Road().tell(RAISED)
