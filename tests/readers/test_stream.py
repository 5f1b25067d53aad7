"""What comes out of an archive is counted while it comes."""

from collections.abc import Iterator

import pytest

from mailbot.domain.document import FaultKind
from mailbot.readers.base import ReadFault
from mailbot.readers.stream import Member, Room, Stream

ROOM = Room(members=3, bytes=5_000_000, member_bytes=2_000_000, ratio=10)


def blocks(count: int, size: int = 100_000) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(size)


def bomb(stream: Stream, count: int) -> str:
    with pytest.raises(ReadFault) as caught:
        list(stream.counted(blocks(count)))
    assert caught.value.kind is FaultKind.BOMB
    return caught.value.detail


def test_what_fits_passes_through_unchanged() -> None:
    stream = Stream(ROOM, 10_000_000)
    stream.begin("a")
    assert b"".join(stream.counted([b"ab", b"c"])) == b"abc"
    stream.keep(Member("a", b"abc", 0))
    stream.begin("b")
    stream.leave_out("b")
    out = stream.end()
    assert (out.members, out.left_out, out.seen) == ((Member("a", b"abc", 0),), ("b",), 2)


def test_one_member_may_not_be_larger_than_its_bound() -> None:
    stream = Stream(ROOM, 10_000_000)
    assert len(list(stream.counted(blocks(20)))) == 20
    assert "bytes and more" in bomb(stream, 21)


def test_all_members_together_may_not_be_larger_than_the_room() -> None:
    stream = Stream(ROOM, 10_000_000)
    for _ in range(2):
        list(stream.counted(blocks(20)))
    bomb(stream, 11)


def test_an_archive_may_not_swell_beyond_its_ratio() -> None:
    stream = Stream(ROOM, 150_000)
    list(stream.counted(blocks(15)))
    bomb(stream, 1)


def test_a_small_archive_may_pack_as_well_as_it_likes() -> None:
    assert len(list(Stream(ROOM, 10).counted(blocks(10)))) == 10
    bomb(Stream(ROOM, 10), 11)


def test_counting_stops_at_the_block_that_is_too_much() -> None:
    taken: list[int] = []

    def source() -> Iterator[bytes]:
        for number in range(1_000):
            taken.append(number)
            yield bytes(100_000)

    with pytest.raises(ReadFault):
        list(Stream(ROOM, 10_000_000).counted(source()))
    assert len(taken) == 21


def test_a_declared_size_counts_like_one_that_came() -> None:
    stream = Stream(ROOM, 10_000_000)
    stream.count(2_000_000, 2_000_000)
    with pytest.raises(ReadFault):
        stream.count(2_000_001, 2_000_001)


def test_there_may_not_be_more_members_than_the_room_has() -> None:
    stream = Stream(ROOM, 10)
    for name in "abc":
        stream.begin(name)
    with pytest.raises(ReadFault) as caught:
        stream.begin("d")
    assert caught.value.kind is FaultKind.BOMB


def test_a_name_with_a_zero_byte_is_no_name() -> None:
    with pytest.raises(ReadFault) as caught:
        Stream(ROOM, 10).begin("a\0b")
    assert caught.value.kind is FaultKind.UNREADABLE


def test_room_is_used_up() -> None:
    assert ROOM.less(1, 4_000_000) == Room(2, 1_000_000, 2_000_000, 10)
    with pytest.raises(ReadFault):
        list(Stream(ROOM.less(1, 4_500_000), 10_000_000).counted(blocks(6)))
