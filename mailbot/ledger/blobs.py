"""Raw bytes by their SHA-256: `blobs/<2 hex>/<sha256>`, written once, durable before anything in the ledger names them.

A blob is written under a temporary name in its own folder, synced, renamed, and the folder synced; a reader checks the
digest. Files are 0600 in folders 0700, whatever the umask.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from mailbot.domain.ports import PortError
from mailbot.failpoints import failpoint

_NAME = re.compile(r"[0-9a-f]{64}")
_TEMPORARY = ".part-"
WRITERS = 8
FEW = 4
"""Below this a thread costs more than it saves."""
T = TypeVar("T")
U = TypeVar("U")


class Blobs:
    """The folder of blobs. Raises `PortError`: with `retry` where the disk is full or refuses, without where a blob is
    missing or no longer what its name says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        _make(folder)

    def path(self, sha256: str) -> Path:
        """Where a blob lies. Raises `PortError` for what is no digest."""
        if not _NAME.fullmatch(sha256):
            raise PortError("no blob: the mail has no stored bytes", retry=False)
        return self._folder / sha256[:2] / sha256

    def read(self, sha256: str) -> bytes:
        """The exact bytes, verified."""
        try:
            raw = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise PortError(f"blob {sha256[:12]} is missing", retry=False) from None
        except OSError as fault:
            raise PortError(f"blob {sha256[:12]} cannot be read: {fault.strerror}", retry=True) from fault
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise PortError(f"blob {sha256[:12]} is damaged: its bytes do not match its name", retry=False)
        return raw

    def store(self, raws: Iterable[bytes]) -> list[str]:
        """The digests of these bytes, all of them durable when this returns.

        Several are written side by side: a disk syncs many files in little more than the time of one.
        """
        try:
            new = list(raws)
            if len(new) < FEW:
                digests = self._write_all(new)
                self._sync_all(digests)
            else:
                with ThreadPoolExecutor(WRITERS) as pool:
                    digests = _spread(pool, self._write_all, new)
                    _spread(pool, self._sync_all, sorted(digests))
        except OSError as fault:
            raise PortError(f"blobs cannot be written: {fault.strerror}", retry=True) from fault
        failpoint("blob.folders_synced")
        return digests

    def sweep(self) -> int:
        """Remove what a killed writer left behind; how many. For the start only, when nobody writes."""
        left = list(self._folder.glob(f"*/{_TEMPORARY}*"))
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _write_all(self, raws: Sequence[bytes]) -> list[str]:
        return [self._write(raw) for raw in raws]

    def _sync_all(self, digests: Sequence[str]) -> list[Path]:
        """The names of these files made durable: each of their folders once."""
        folders = sorted({self.path(digest).parent for digest in digests})
        for folder in folders:
            _sync(folder)
        return folders

    def _write(self, raw: bytes) -> str:
        digest = hashlib.sha256(raw).hexdigest()
        path = self.path(digest)
        if path.exists():
            if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
                return digest
            path.rename(path.with_suffix(f".damaged-{secrets.token_hex(4)}"))
        _make(path.parent)
        temporary = path.parent / f"{_TEMPORARY}{secrets.token_hex(8)}"
        try:
            _write_durably(temporary, raw)
            failpoint("blob.before_rename")
            temporary.rename(path)
            failpoint("blob.after_rename")
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        return digest


def _spread(pool: ThreadPoolExecutor, work: Callable[[Sequence[T]], list[U]], things: Sequence[T]) -> list[U]:
    """The results in order; all have ended when this returns, or raises the first fault."""
    share = -(-len(things) // WRITERS)
    shares = [things[start : start + share] for start in range(0, len(things), share)]
    ended = [pool.submit(work, some) for some in shares]
    wait(ended)
    return [result for one in ended for result in one.result()]


def _write_durably(path: Path, raw: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as file:
        failpoint("blob.before_write")
        half = len(raw) // 2
        _write_whole(file.fileno(), raw[:half])
        failpoint("blob.half_written")
        _write_whole(file.fileno(), raw[half:])
        failpoint("blob.before_fsync")
        os.fsync(file.fileno())
        failpoint("blob.after_fsync")


def _write_whole(handle: int, raw: bytes) -> None:
    """`os.write` may take less than it is given (a signal, a disk that is almost full)."""
    view = memoryview(raw)
    while view:
        view = view[os.write(handle, view) :]


def _make(folder: Path) -> None:
    """The folder, 0700, its own name durable in its parent."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
