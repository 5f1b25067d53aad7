"""Blobs: by content, durable, verified, private, and never half-written under their name."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mailbot.domain.ports import PortError
from mailbot.ledger.blobs import Blobs
from tests.examples import examples


def _sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@examples(30, unless=[HealthCheck.function_scoped_fixture])
@given(raws=st.lists(st.binary(max_size=3000), max_size=6))
def test_what_is_stored_comes_back_byte_for_byte(tmp_path: Path, raws: list[bytes]) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digests = blobs.store(raws)
    assert digests == [_sha(raw) for raw in raws]
    assert [blobs.read(digest) for digest in digests] == raws


def test_a_blob_lies_uncompressed_under_its_digest(tmp_path: Path) -> None:
    [digest] = Blobs(tmp_path / "blobs").store([b"hello"])
    assert (tmp_path / "blobs" / digest[:2] / digest).read_bytes() == b"hello"


def test_files_and_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        blobs = Blobs(tmp_path / "blobs")
        [digest] = blobs.store([b"secret"])
    finally:
        os.umask(before)
    path = blobs.path(digest)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "blobs").stat().st_mode) == 0o700


def test_a_blob_that_stands_is_not_written_again(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    [digest] = blobs.store([b"once"])
    before = blobs.path(digest).stat()
    assert blobs.store([b"once", b"once"]) == [digest, digest]
    after = blobs.path(digest).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_damaged_blob_is_told_and_not_tried_again(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    [digest] = blobs.store([b"genuine"])
    blobs.path(digest).write_bytes(b"forged!")
    with pytest.raises(PortError, match="damaged") as caught:
        blobs.read(digest)
    assert caught.value.retry is False


def test_storing_the_right_bytes_heals_a_damaged_blob_and_keeps_the_damaged_one(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    [digest] = blobs.store([b"genuine"])
    path = blobs.path(digest)
    path.write_bytes(b"torn")
    blobs.store([b"genuine"])
    assert blobs.read(digest) == b"genuine"
    assert [other.read_bytes() for other in path.parent.iterdir() if other != path] == [b"torn"]


def test_a_missing_blob_is_no_matter_for_another_try(tmp_path: Path) -> None:
    with pytest.raises(PortError, match="missing") as caught:
        Blobs(tmp_path).read("a" * 64)
    assert caught.value.retry is False


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "a/" * 32])
def test_only_digests_are_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(PortError):
        Blobs(tmp_path).read(name)


def test_a_disk_that_refuses_is_a_matter_for_another_try(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = _sha(b"x")
    (tmp_path / "blobs" / digest[:2]).write_bytes(b"a file where a folder must be")
    with pytest.raises(PortError, match="cannot be written") as caught:
        blobs.store([b"x"])
    assert caught.value.retry is True


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = Blobs(tmp_path / "blobs")
    real = os.fsync

    def full(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PortError, match="No space left") as caught:
        blobs.store([b"x"])
    assert caught.value.retry is True
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


def test_file_is_synced_before_its_name_stands_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(tmp_path / "blobs")
    path = blobs.path(_sha(b"order"))
    path.parent.mkdir(mode=0o700)
    seen: list[tuple[str, bool]] = []
    real = os.fsync

    def watch(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        seen.append((kind, path.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watch)
    blobs.store([b"order"])
    assert seen == [("file", False), ("folder", True)]


def test_the_sweep_removes_only_what_a_killed_writer_left(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    [digest] = blobs.store([b"kept"])
    left = blobs.path(digest).parent / ".part-0123"
    left.write_bytes(b"half of som")
    assert blobs.sweep() == 1
    assert not left.exists()
    assert blobs.read(digest) == b"kept"
    assert blobs.sweep() == 0
