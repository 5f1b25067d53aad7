"""OAuth2 access tokens for mail logins (`server_ports.Secret`): asked for at the provider and kept in memory only.

A refresh token that the provider replaces is written back to its file, for the old one may end with it (RFC 6749, 6).
The endpoint is asked over verified TLS and nowhere else: no redirect is followed, no proxy of the environment used.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlencode, urlsplit

from mailbot.domain.hosts import is_loopback
from mailbot.domain.ports import Clock, PortError
from mailbot.domain.server_ports import Proof

_log = logging.getLogger(__name__)

SECONDS: Final = 20.0
"""For one question to the endpoint, and for one run of a command."""
LARGEST: Final = 65_536
EARLY: Final = timedelta(seconds=90)
"""Before its end a token is no longer shown: the login, and the clocks of both sides, need some time."""
UNTOLD: Final = timedelta(minutes=5)
"""How long a token is kept whose end is not told (RFC 6749, 5.1: expires_in is only recommended)."""
LONGEST: Final = timedelta(hours=24)
_PASSING: Final = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


class TokenRefused(PortError):
    """The provider gives no token: a person must act."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retry=False)


class TokenUnavailable(PortError):
    """The endpoint cannot be asked now."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retry=True)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where tokens are renewed, and for whom. `ca_file` adds a private certificate authority to the system's.

    Raises `ValueError` for plain text to another machine: the refresh token would travel readable.
    """

    url: str
    client_id: str
    scope: str = ""
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError(f"{self.host} is asked for tokens over https only")

    @property
    def host(self) -> str:
        """The only host that is asked."""
        return urlsplit(self.url).hostname or "no host"


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of a token source, read anew for each renewal. `refresh_file` is where a new refresh token may be
    written; `None`: it came from a systemd credential, which cannot be."""

    refresh_token: Callable[[], str]
    client_secret: Callable[[], str] | None = None
    refresh_file: Path | None = None


class RefreshedToken:
    """A `Secret`: an access token, renewed shortly before its end. May be asked from several threads."""

    def __init__(self, endpoint: Endpoint, keys: Keys, clock: Clock) -> None:
        self._endpoint, self._keys, self._clock = endpoint, keys, clock
        self._lock = threading.Lock()
        self._token: Proof | None = None
        self._from = self._until = clock.now()
        self._replaced = ""

    def __repr__(self) -> str:
        return f"RefreshedToken({self._endpoint.host}, {self._endpoint.client_id})"

    def proof(self) -> Proof:
        """The token of this moment. Raises `TokenRefused` (a person must act), `TokenUnavailable`, and what reading the
        secrets raises."""
        with self._lock:
            now = self._clock.now()
            if self._token is None or not self._from <= now < self._until:
                self._token, lasts = self._renew()
                self._from, self._until = now, now + max(lasts - EARLY, timedelta(0))
            return self._token

    def refused(self, proof: Proof) -> None:
        """Forget the token, if it is this one."""
        with self._lock:
            if self._token == proof:
                self._token = None

    def _renew(self) -> tuple[Proof, timedelta]:
        """Ask with the refresh token of the file; where that was replaced by another program meanwhile, once more."""
        shown = self._replaced or self._keys.refresh_token()
        try:
            answer = self._ask(shown)
        except TokenRefused:
            present = self._keys.refresh_token()
            if present == shown:
                raise
            self._replaced = ""
            answer = self._ask(present)
            shown = present
        fresh = answer.get("refresh_token")
        if isinstance(fresh, str) and fresh and fresh != shown:
            self._keep(fresh)
        return _token_in(answer, self._endpoint.host), _lasts(answer)

    def _keep(self, fresh: str) -> None:
        """The next refresh token: into its file; into memory where it cannot be written."""
        if self._keys.refresh_file is None:
            _log.warning("%s replaced the refresh token: a systemd credential cannot be renewed", self._endpoint.host)
            self._replaced = fresh
            return
        try:
            _replace(self._keys.refresh_file, fresh)
        except OSError as error:
            _log.warning("%s cannot be renewed, a restart may need it: %s", self._keys.refresh_file, error.strerror)
            self._replaced = fresh

    def _ask(self, refresh_token: str) -> dict[str, object]:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": self._endpoint.client_id,
        }
        if self._endpoint.scope:
            form["scope"] = self._endpoint.scope
        if self._keys.client_secret is not None:
            form["client_secret"] = self._keys.client_secret()
        return _post(self._endpoint, form)


class PrintedToken:
    """A `Secret`: what a command of the site's own prints, asked anew for each login; it keeps what it likes itself."""

    def __init__(self, command: tuple[str, ...], seconds: float = SECONDS) -> None:
        self._command, self._seconds = command, seconds

    def __repr__(self) -> str:
        return f"PrintedToken({self._command[0]})"

    def proof(self) -> Proof:
        """Its first line. Raises `TokenUnavailable` for one that fails or takes too long, `TokenRefused` for one that
        is not there or prints no token."""
        name = self._command[0]
        code, printed, complaint = self._run(name)
        if code != 0:
            said = _line(complaint.decode("utf-8", "replace").strip().rpartition("\n")[2])
            raise TokenUnavailable(f"{name} ended with {code}: {said}")
        token = printed.partition(b"\n")[0].strip().decode("ascii", "replace")
        if not _fit(token):
            raise TokenRefused(f"{name} printed no token on its first line")
        return Proof(token, bearer=True)

    def _run(self, name: str) -> tuple[int, bytes, bytes]:
        """Exit code, output and complaints. With a group of its own, so that what it started ends with it."""
        pipe = subprocess.PIPE
        try:
            child = subprocess.Popen(  # noqa: S603 -- the operator's own list of arguments, no shell
                self._command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, start_new_session=True
            )
        except OSError as error:
            raise TokenRefused(f"{name} cannot be run: {error.strerror}") from error
        with child:
            try:
                printed, complaint = child.communicate(timeout=self._seconds)
            except subprocess.TimeoutExpired:
                raise TokenUnavailable(f"{name} printed no token within {self._seconds:.0f} s") from None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
        return child.returncode, printed, complaint

    def refused(self, proof: Proof) -> None:
        """Nothing is kept here."""


def _post(endpoint: Endpoint, form: dict[str, str]) -> dict[str, object]:
    """The endpoint's answer. Raises `TokenRefused` and `TokenUnavailable`; neither repeats what was sent."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    data = urlencode(form).encode("ascii")
    request = urllib.request.Request(endpoint.url, data, headers, method="POST")  # noqa: S310 -- Endpoint checks it
    try:
        with _opener(endpoint).open(request, timeout=SECONDS) as response:
            return _json(_body(response), endpoint.host)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(endpoint.host, error.code, _body(error)) from None
    except urllib.error.URLError as error:
        raise _unreachable(endpoint.host, error.reason) from error
    except (OSError, HTTPException) as error:
        raise _unreachable(endpoint.host, error) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Tokens are asked for at the named host and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing: the answer stays a 3xx, which is refused."""


def _opener(endpoint: Endpoint) -> urllib.request.OpenerDirector:
    context = ssl.create_default_context()
    if endpoint.ca_file is not None:
        context.load_verify_locations(cafile=str(endpoint.ca_file))
    https = urllib.request.HTTPSHandler(context=context)
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), https, _NoRedirect())


def _body(response: IO[bytes]) -> bytes:
    """At most `LARGEST` bytes, and no longer than `SECONDS` of them. Raises `TimeoutError`."""
    end, raw = time.monotonic() + SECONDS, b""
    while len(raw) < LARGEST and (piece := response.read(min(4096, LARGEST - len(raw)))):
        raw += piece
        if time.monotonic() > end:
            raise TimeoutError("the answer takes too long")
    return raw


def _json(raw: bytes, host: str) -> dict[str, object]:
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise TokenUnavailable(f"{host} answers with something that is no token response")
    return answer


def _refusal(host: str, status: int, raw: bytes) -> PortError:
    """What an error answer means (RFC 6749, 5.2): a grant or client that is not taken, or a server's bad moment."""
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        answer = None
    told = answer if isinstance(answer, dict) else {}
    error = str(told.get("error", ""))
    said = " ".join(filter(None, (f"{status}", _line(error), _line(str(told.get("error_description", ""))))))
    if status in {408, 425, 429} or status >= 500 or error in _PASSING:
        return TokenUnavailable(f"{host} gives no token now: {said}")
    if 300 <= status < 400:
        return TokenRefused(f"{host} sends us elsewhere ({status}): write the endpoint's own address as token_url")
    return TokenRefused(f"{host} gives no token: {said}; consent may have ended: make a new refresh token")


def _unreachable(host: str, reason: object) -> PortError:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return TokenRefused(f"{host}: the certificate is not trusted: {reason.verify_message}; see ca_file, token_url")
    return TokenUnavailable(f"{host} cannot be asked for a token: {_line(str(reason)) or type(reason).__name__}")


def _token_in(answer: dict[str, object], host: str) -> Proof:
    token, kind = answer.get("access_token"), answer.get("token_type", "bearer")
    if not isinstance(token, str) or not _fit(token):
        raise TokenRefused(f"{host} answers without an access token")
    if str(kind).casefold() != "bearer":
        raise TokenRefused(f"{host} gives a token of another kind than bearer")
    return Proof(token, bearer=True)


def _lasts(answer: dict[str, object]) -> timedelta:
    """How long the token holds. Some providers write the number as a text."""
    told = answer.get("expires_in")
    try:
        seconds = float(told) if isinstance(told, int | float | str) else None
    except (ValueError, OverflowError):
        seconds = None
    if seconds is None or not 1 <= seconds < float("inf"):
        return UNTOLD
    return timedelta(seconds=min(seconds, LONGEST.total_seconds()))


def _fit(token: str) -> bool:
    """Whether it can be a token: visible ASCII, which nothing in a login's exchange can be slipped into (RFC 6750)."""
    return 0 < len(token) <= LARGEST and all("!" <= char <= "~" for char in token)


def _line(text: str) -> str:
    return "".join(char for char in text if char.isprintable())[:200]


def _replace(path: Path, text: str) -> None:
    """The file's new content, whole or not at all, for its owner only."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
