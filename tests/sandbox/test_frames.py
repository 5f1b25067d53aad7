"""Frames from a hostile child: believed in nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.sandbox.frames import HEADER, BadFrame, FrameKind, FrameReader, frame


def test_takes_frames_in_any_pieces() -> None:
    data = frame(FrameKind.PROGRESS, b"3") + frame(FrameKind.RESULT, b"{}")
    reader = FrameReader(1_000)
    for at in range(len(data)):
        reader.feed(data[at : at + 1])
    assert (reader.part, reader.result, reader.error) == (3, b"{}", None)


def test_an_error_is_a_short_name() -> None:
    reader = FrameReader(1_000)
    reader.feed(frame(FrameKind.ERROR, b"Value\xffError" * 50))
    assert reader.error is not None
    assert len(reader.error) <= 200


@pytest.mark.parametrize(
    "data",
    [
        frame(FrameKind.RESULT, b"a" * 2_000),
        b"".join(frame(FrameKind.PROGRESS, b"%d" % n) for n in range(1, 500)),
        frame(FrameKind.PROGRESS, b"2") + frame(FrameKind.PROGRESS, b"1"),
        HEADER.pack(b"R", 4_000_000_000),
        HEADER.pack(b"X", 0),
        frame(FrameKind.PROGRESS, b"-1"),
        frame(FrameKind.PROGRESS, b"9999999"),
        frame(FrameKind.RESULT, b"{}") + frame(FrameKind.PROGRESS, b"1"),
    ],
    ids=["large", "many", "backwards", "lying size", "unknown kind", "no number", "no part", "behind the result"],
)
def test_refuses_what_is_no_frame(data: bytes) -> None:
    with pytest.raises(BadFrame):
        FrameReader(1_000).feed(data)


@given(st.lists(st.binary(max_size=40)))
def test_any_bytes_end_in_a_refusal_or_nothing(pieces: list[bytes]) -> None:
    reader = FrameReader(500)
    try:
        for piece in pieces:
            reader.feed(piece)
    except BadFrame:
        return
    assert reader.part < 10**6
