"""Secrets: mail passwords and the site's one key, out of files or systemd credentials, never out of the settings.

A password is read when it is needed, so that a changed one needs no restart, and stands in no value that prints.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from mailbot.domain.ports import PortError
from mailbot.domain.server_ports import Proof

DIRECTORY: Final = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what LoadCredential= names (systemd.exec(5))."""
KEY_BYTES: Final = 32
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_LARGEST: Final = 4096
REMEMBERED: Final = 1 << 17
"""How many search hashes are remembered: each value of a row is looked up a dozen times, and the largest roster has
120,000 of them."""


class SecretError(PortError):
    """A secret that is missing, empty, or open to others. The message says what to do, and nothing of the content."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retry=False)


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where a secret lies: a systemd credential of that name where there is one, else a file of mode 0600."""

    credential: str | None
    file: Path | None

    def written(self, directory: Path | None) -> Path | None:
        """The file that `read` reads, where it may be written anew; `None` for a systemd credential."""
        handed = directory is not None and self.credential and (directory / self.credential).is_file()
        return None if handed else self.file

    def read(self, directory: Path | None) -> str:
        """The secret without its line end. `directory` is systemd's for this service. Raises `SecretError`."""
        if directory is not None and self.credential and (directory / self.credential).is_file():
            return _content(directory / self.credential, guarded=True)
        if self.file is not None:
            return _content(self.file, guarded=False)
        raise SecretError(
            f"systemd hands over no credential {self.credential!r}: add LoadCredential={self.credential}:FILE to the "
            "unit, or name a file with password_file"
        )


def _content(path: Path, *, guarded: bool) -> str:
    """`guarded`: systemd already keeps the file from everyone else, and may show it with a group's mode."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if not guarded and mode & 0o077:
                raise SecretError(f"{path} is open to others (mode {mode:04o}): chmod 600 {path}")
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise SecretError(f"{path}: {error.strerror}: write the secret there, then chmod 600 {path}") from error
    try:
        text = raw.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SecretError(f"{path} is no UTF-8 text") from None
    if not text.strip():
        raise SecretError(f"{path} is empty")
    if len(raw) > _LARGEST or not text.isprintable():
        raise SecretError(f"{path} is not one line of text")
    return text


@dataclass(frozen=True, slots=True)
class Password:
    """A password as `domain.server_ports.Secret`: read anew for each login."""

    read: Callable[[], str] = field(repr=False)

    def proof(self) -> Proof:
        """The password of this moment. Raises what reading it raises."""
        return Proof(self.read())

    def refused(self, proof: Proof) -> None:
        """Nothing is kept of it."""


class Secrets:
    """The site's secrets by name, and the keyed hashes made with its key (`domain.ports.Hasher`).

    Raises `SecretError` at once when the key is not to be had; the passwords are looked at by `check`, or when used.
    """

    def __init__(self, key: SecretPlace, passwords: Mapping[str, SecretPlace], environ: Mapping[str, str]) -> None:
        folder = environ.get(DIRECTORY)
        self._directory = Path(folder) if folder else None
        self._passwords = dict(passwords)
        text = key.read(self._directory)
        if not _KEY.fullmatch(text):
            raise SecretError(f"the site's key is not {KEY_BYTES} bytes in hex; mailbot init makes one")
        self._search = lru_cache(REMEMBERED)(partial(_signed, _derive(text, b"mailbot search hash")))
        self._token = _derive(text, b"mailbot token")

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self._passwords))})"

    def password(self, name: str) -> Callable[[], str]:
        """How to read the password of that mailbox (its account name) or of `smtp`; `KeyError` for another name."""
        return self.reader(self._passwords[name])

    def reader(self, place: SecretPlace) -> Callable[[], str]:
        """How to read the secret that lies there."""
        return lambda: place.read(self._directory)

    def writable(self, place: SecretPlace) -> Path | None:
        """Where a new secret in that place's stead can be written."""
        return place.written(self._directory)

    def check(self) -> list[str]:
        """What is wrong with the passwords, one sentence each."""
        faults = []
        for name in sorted(self._passwords):
            try:
                self.password(name)()
            except SecretError as error:
                faults.append(f"{name}: {error}")
        return faults

    def search(self, text: str) -> str:
        """A hash to look a personal value up by: HMAC-SHA-256 in hex, useless without the site's key."""
        return self._search(text)

    def token(self, text: str) -> str:
        """A signature for Message-IDs, under another key than `search`: HMAC-SHA-256 in hex."""
        return _signed(self._token, text)


def _derive(key: str, purpose: bytes) -> hmac.HMAC:
    """An HMAC under the key for one purpose, ready to be copied for each text."""
    return hmac.new(hmac.digest(bytes.fromhex(key), purpose, "sha256"), digestmod="sha256")


def _signed(key: hmac.HMAC, text: str) -> str:
    made = key.copy()
    made.update(text.encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def make_key(path: Path) -> None:
    """Write a new key of the site, mode 0600. Raises `FileExistsError`: a key that hashes rest on is never replaced."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
