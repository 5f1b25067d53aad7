"""The headers of RAR archives: what they say of encryption, volumes and sums, and what our own test writer makes."""

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import FaultKind
from mailbot.readers.base import ReadFault
from mailbot.readers.rars import is_version5, rar_members
from mailbot.readers.stream import Listed
from tests.examples import examples
from tests.readers import real_rars
from tools.rars import rar4, rar5

MEMBERS = {"名单/甲单位.csv": b"1,2\n" * 40, "b.txt": b"x", "": b"y"}
LISTED = [Listed(len(data), zlib.crc32(data)) for data in MEMBERS.values()]


def fault_of(data: bytes) -> ReadFault:
    with pytest.raises(ReadFault) as caught:
        rar_members(data)
    return caught.value


@pytest.mark.parametrize("write", [rar4, rar5])
def test_sizes_and_sums_are_listed_in_order(write: Callable[..., bytes]) -> None:
    assert [replace(member, is_unicode=True) for member in rar_members(write(MEMBERS))] == LISTED
    assert {member.is_unicode for member in rar_members(write(MEMBERS))} == {write is rar5}


def test_the_version_is_told() -> None:
    assert is_version5(rar5(MEMBERS))
    assert not is_version5(rar4(MEMBERS))


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (real_rars.SOLID5, 2),
        (real_rars.FOLDERS5, 2),
        (real_rars.LINKS5, 3),
        (real_rars.FOLDERS4, 2),
        (real_rars.SOLID4, 2),
    ],
)
def test_archives_of_winrar_itself(data: bytes, count: int) -> None:
    assert len(rar_members(data)) == count


@pytest.mark.parametrize(
    "data",
    [
        rar5(MEMBERS, encrypted=True),
        rar5(MEMBERS, hidden=True),
        rar4(MEMBERS, encrypted=True),
        rar4(MEMBERS, hidden=True),
        real_rars.LOCKED4,
        real_rars.HIDDEN4,
    ],
    ids=["member 5", "headers 5", "member 4", "headers 4", "real member", "real headers"],
)
def test_encryption_is_seen(data: bytes) -> None:
    assert fault_of(data).kind is FaultKind.PASSWORD


def test_one_volume_of_several_is_not_read_as_if_it_were_all() -> None:
    first4 = bytearray(rar4(MEMBERS))
    first4[7 + 3] |= 1  # the volume flag of the archive header
    first5 = rar5(MEMBERS)
    at = first5.index(b"\x01\x00\x00", 8)  # type, flags, archive flags
    first5 = first5[:at] + b"\x01\x00\x01" + first5[at + 3 :]
    for data in (bytes(first4), first5):
        assert (fault_of(data).kind, fault_of(data).detail) == (FaultKind.UNREADABLE, "one volume of several")


@pytest.mark.parametrize("write", [rar4, rar5])
@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_cut_archive_is_unreadable_and_not_shorter(write: Callable[..., bytes], cut: float) -> None:
    data = write(MEMBERS)
    assert fault_of(data[: int(len(data) * cut)]).kind is FaultKind.UNREADABLE


def test_a_header_that_claims_no_size_ends_the_walk() -> None:
    header = struct.pack("<HBHH", 0, 0x74, 0, 0)
    assert fault_of(b"Rar!\x1a\x07\x00" + header + bytes(20)).kind is FaultKind.UNREADABLE


def test_a_number_without_end_ends_the_walk() -> None:
    assert fault_of(b"Rar!\x1a\x07\x01\x00" + b"\xff" * 40).kind is FaultKind.UNREADABLE


@examples(150)
@given(st.data(), st.sampled_from([rar4(MEMBERS), rar5(MEMBERS), real_rars.SOLID5, real_rars.FOLDERS4]))
def test_mutated_headers_never_raise_anything_else(data: st.DataObject, archive: bytes) -> None:
    raw = bytearray(archive)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(7, len(raw) - 1))] = data.draw(st.integers(0, 255))
    members: list[Listed] = []
    with suppress(ReadFault):
        members = rar_members(bytes(raw))
    assert len(members) <= len(raw)
