"""The couriers: exact bytes to one address over one kept SMTP connection, or into a folder of .eml files."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import threading
from collections.abc import Coroutine
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import TypeVar

from mailbot.domain.ports import About, Note, PortError, SendResult, SendState, nothing_to_note
from mailbot.outbound.address import is_plain
from mailbot.outbound.smtp_door import SmtpSettings
from mailbot.outbound.smtp_session import Parcel, Session

T = TypeVar("T")


class SmtpCourier:
    """Sends letters one after the other, from any thread. The connection is kept between letters, on an event loop of
    its own that runs while a letter is sent, and is made anew after a fault."""

    def __init__(self, settings: SmtpSettings) -> None:
        """Nothing is connected before the first letter. Raises `PortError` for plain text to another machine."""
        self._session = Session(settings)
        self._turn = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def send(self, to: str, raw: bytes, mark: str = "", before_dot: Note = nothing_to_note) -> SendResult:
        """One letter. `deferred`: the server cannot have taken it; `unknown`: the line broke behind the final dot;
        `refused`: the server said no for good. Raises `PortError` where no letter could be sent at all, `LoginRefused`
        where we are not let in, and what `before_dot` raises: the letter is not sent then."""
        if not is_plain(to):
            said = "the address is not one plain address"
            return SendResult(SendState.REFUSED, said, About.ADDRESS, offered=False)
        with self._turn:
            return self._run(self._session.deliver(Parcel(to, raw, mark, before_dot)))

    def check(self) -> str:
        """Connect and log in; what was met, in one line. Raises `PortError` with what is in the way."""
        with self._turn:
            return self._run(self._session.ready())

    def close(self) -> None:
        """Say goodbye. A later letter starts again."""
        with self._turn:
            if self._loop is None:
                return
            self._run(self._session.quit())
            self._loop.close()
            self._loop = None

    def _run(self, work: Coroutine[None, None, T]) -> T:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(work)


class FileCourier:
    """Writes letters as .eml files: the names are made of the case number and the content's hash, never of what a
    sender wrote, so the same letter is the same file and no other letter is overwritten."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, to: str, raw: bytes, mark: str = "", before_dot: Note = nothing_to_note) -> SendResult:
        """Write the letter; sent again, it stays one file. Raises `PortError` (retry) where it cannot be written."""
        del to, mark  # the letter's own headers say both, and a name must not
        before_dot()
        path = self.path(raw)
        temporary = path.with_name(f".{path.name}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as fault:
            raise PortError(f"{path.name} cannot be written: {fault.strerror}", retry=True) from fault
        return SendResult(SendState.SENT, path.name)

    def path(self, raw: bytes) -> Path:
        """Where this letter is written."""
        headers = BytesParser(policy=policy.SMTP).parsebytes(raw, headersonly=True)
        case = re.sub(r"[^0-9A-Za-z-]+", "_", str(headers.get("X-Mailbot-Case", "")))[:40].strip("_-")
        return self._folder / f"{case or 'letter'}-{hashlib.sha256(raw).hexdigest()[:12]}.eml"
