"""The road by which people hear that the site needs them: a command of theirs, a webhook, or both; never the mailboxes.

A message says what is wrong with the site and nothing of any mail or person.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Final

from mailbot.domain.hosts import travels_safely
from mailbot.domain.ports import PortError

_log = logging.getLogger(__name__)

COMMAND_SECONDS: Final = 20.0
WEBHOOK_SECONDS: Final = 10.0
_LARGEST_ANSWER: Final = 10_000
_SAID: Final = 200
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "TZ", "HOME")
"""All that a command is handed of our environment: the rest may name secrets."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: a condition that stands since `since`, or (`cleared`) one that has passed."""

    site: str
    name: str
    text: str
    since: datetime
    cleared: bool = False

    @property
    def line(self) -> str:
        """The message in one line."""
        head = "已恢复" if self.cleared else "请处理"
        return f"【mailbot {self.site}】{head}：{self.text}（{self.since:%Y-%m-%d %H:%M} 起）"


@dataclass(frozen=True, slots=True)
class Road:
    """A command gets the line on its standard input; a webhook gets JSON by POST over verified TLS. `webhook` reads the
    address, which may hold a key. `ca_file` adds a private certificate authority."""

    command: tuple[str, ...] = ()
    webhook: Callable[[], str] | None = None
    environ: Mapping[str, str] | None = None
    ca_file: Path | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it consists of; nothing where nobody is told."""
        return tuple(name for name, there in (("command", self.command), ("webhook", self.webhook)) if there)

    def tell(self, message: Message) -> str:
        """By every way there is; the names of those that went. Raises `PortError` (retry) where none did."""
        ways: dict[str, Callable[[Message], None]] = {"command": self._run, "webhook": self._post}
        went: list[str] = []
        faults: list[str] = []
        for name in self.names:
            try:
                ways[name](message)
                went.append(name)
            except PortError as fault:
                faults.append(f"{name}: {fault}")
        if faults and went:
            _log.warning("alarm: %s", "; ".join(faults))
        if not went:
            raise PortError("; ".join(faults) or "no road is set", retry=True)
        return " ".join(went)

    def _run(self, message: Message) -> None:
        known = self.environ if self.environ is not None else os.environ
        environ = {name: known[name] for name in _ENVIRONMENT if name in known}
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        try:
            process = subprocess.Popen(  # noqa: S603 -- the site's own words, and no shell
                self.command, stdin=pipe, stdout=nothing, stderr=pipe, env=environ, start_new_session=True
            )
        except OSError as fault:
            raise PortError(f"{self.command[0]} cannot be run: {fault.strerror}", retry=True) from fault
        with process:
            try:
                said = process.communicate((message.line + "\n").encode("utf-8"), timeout=COMMAND_SECONDS)[1]
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise PortError(f"{self.command[0]} did not end in {COMMAND_SECONDS:.0f} s", retry=True) from None
        if process.returncode != 0:
            raise PortError(f"exit code {process.returncode}: {_readable(said)}", retry=True)

    def _post(self, message: Message) -> None:
        if self.webhook is None:
            raise PortError("no webhook is set", retry=False)
        address = self.webhook()
        if not travels_safely(address):
            raise PortError("the webhook is no https:// address", retry=False)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "mailbot"}
        request = urllib.request.Request(address, body(message), headers, method="POST")  # noqa: S310 -- checked
        try:
            with self._opener().open(request, timeout=WEBHOOK_SECONDS) as answer:
                _judge(answer.read(_LARGEST_ANSWER))
        except urllib.error.HTTPError as fault:
            raise PortError(f"the webhook answers {fault.code}", retry=True) from None
        except (OSError, HTTPException) as fault:
            raise PortError(f"the webhook cannot be reached: {type(fault).__name__}", retry=True) from None

    def _opener(self) -> urllib.request.OpenerDirector:
        """By verified TLS and no proxy. Raises `OSError` for a certificate file that cannot be read."""
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(cafile=str(self.ca_file))
        secure = urllib.request.HTTPSHandler(context=context)
        return urllib.request.build_opener(urllib.request.ProxyHandler({}), _Straight(), secure)


class _Straight(urllib.request.HTTPRedirectHandler):
    """A message goes where the settings say and nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """No redirect is followed: it ends as the HTTP error that it is."""
        del req, fp, code, msg, headers, newurl


def body(message: Message) -> bytes:
    """The JSON. `msgtype` and `text` are what the group robots of 企业微信 and 钉钉 take; the rest is for programs."""
    return json.dumps(
        {
            "msgtype": "text",
            "text": {"content": message.line},
            "site": message.site,
            "alarm": message.name,
            "state": "cleared" if message.cleared else "raised",
            "message": message.text,
            "since": message.since.isoformat(timespec="seconds"),
        },
        ensure_ascii=False,
    ).encode("utf-8")


def _judge(answer: bytes) -> None:
    """Those robots answer 200 also where they refuse, with a number of their own."""
    try:
        said = json.loads(answer.decode("utf-8"))
    except ValueError:
        return
    code = said.get("errcode") if isinstance(said, dict) else None
    if isinstance(code, int) and code != 0:
        raise PortError(f"the webhook refuses: errcode {code}", retry=True)


def _readable(said: bytes) -> str:
    text = said.decode("utf-8", "replace").strip()
    return "".join(char if char.isprintable() else " " for char in text)[-_SAID:]
