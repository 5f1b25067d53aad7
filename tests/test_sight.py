"""Reading the pictures of a mail: once each, kept, put off when they take long, and no answer believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.clock import FixedClock
from mailbot.domain.document import Opened
from mailbot.domain.limits import OcrLimits
from mailbot.domain.mail import Mail
from mailbot.domain.ports import PortError
from mailbot.domain.scan import PictureRef, Plate, Scan, SeenField, SeenGroup, SeenLine
from mailbot.sandbox.readers import Stopped
from mailbot.sight import Remembered, Sight, checked, engine_of

NOW = datetime(2020, 10, 12, 9, 0, tzinfo=UTC)
LIMITS = OcrLimits(tries=2, mail_seconds=10)


@dataclass
class Stored:
    scan: Scan
    tries: int


@dataclass
class Shelf:
    """Readings as the ledger keeps them."""

    held: dict[tuple[str, str], Stored] = field(default_factory=dict)

    def known(self, sha256s: Sequence[str], engine: str | None) -> dict[str, Stored]:
        return {sha: one for (sha, by), one in self.held.items() if sha in sha256s and engine in (None, by)}

    def keep(self, scan: Scan, tries: int, now: datetime) -> None:
        assert now == NOW
        self.held[scan.sha256, scan.engine] = Stored(scan, tries)


class Developed:
    """Every picture develops to its own name; `broken` do not."""

    def __init__(self, *broken: str) -> None:
        self.broken = broken

    def develop(self, raw: bytes, wanted: PictureRef) -> Plate:
        assert raw == b"mail"
        if wanted.sha256 in self.broken:
            return Plate(fault="too_large", detail="9x9")
        return Plate(data=wanted.sha256.encode())


class Reader:
    """Reads the name back; the ones named in `stops` end it."""

    count = 2

    def __init__(self, *stops: str) -> None:
        self.stops = set(stops)
        self.asked: list[str] = []

    def read(self, picture: bytes) -> bytes:
        name = picture.decode()
        self.asked.append(name)
        if name in self.stops:
            raise Stopped("out of time")
        line = SeenLine(text=name, box=(0, 0, 1, 1), confidence=0.5)
        return Scan(number=99, sha256="lie", engine="lie", lines=(line,)).model_dump_json().encode()


def ref(sha256: str, number: int = 1, index: int = 1, *, decoration: bool = False) -> PictureRef:
    return PictureRef(
        number=number, index=index, sha256=sha256, size=1, type="image/png", name="a", decoration=decoration
    )


def opened(*refs: PictureRef) -> Opened:
    return Opened(mail=Mail(), pictures=refs)


def sight(shelf: Shelf, reader: Reader, room: Developed | None = None, ticks: Iterator[float] | None = None) -> Sight:
    elapsed = (lambda: next(ticks)) if ticks else (lambda: 0.0)
    return Sight(shelf, room or Developed(), reader, FixedClock(NOW), LIMITS, "ocr 1", elapsed)


def test_each_picture_has_its_scan_in_their_order() -> None:
    found = sight(Shelf(), Reader()).look(b"mail", opened(ref("b", 2), ref("a", 5, 3), ref("c", 6)))
    assert [(scan.sha256, scan.number, scan.index, scan.text) for scan in found.scans] == [
        ("b", 2, 1, "b"),
        ("a", 5, 3, "a"),
        ("c", 6, 1, "c"),
    ]
    assert {scan.engine for scan in found.scans} == {"ocr 1"}


def test_the_same_bytes_are_read_once_also_in_another_mail() -> None:
    shelf, reader = Shelf(), Reader()
    found = sight(shelf, reader).look(b"mail", opened(ref("a", 1), ref("a", 2)))
    assert [scan.number for scan in found.scans] == [1, 2]
    again = sight(shelf, reader).look(b"mail", opened(ref("a", 7)))
    assert (again.scans[0].number, again.scans[0].text) == (7, "a")
    assert reader.asked == ["a"]


def test_a_reading_of_an_earlier_program_is_not_used() -> None:
    shelf, reader = Shelf(), Reader()
    shelf.keep(Scan(number=1, sha256="a", engine="ocr 0"), 0, NOW)
    assert sight(shelf, reader).look(b"mail", opened(ref("a"))).scans[0].text == "a"


def test_decorations_are_not_looked_at() -> None:
    reader = Reader()
    assert sight(Shelf(), reader).look(b"mail", opened(ref("a", decoration=True))).scans == ()
    assert reader.asked == []


def test_a_picture_that_is_not_decoded_is_a_fault_of_its_own() -> None:
    found = sight(Shelf(), Reader(), Developed("a")).look(b"mail", opened(ref("a"), ref("b", 2)))
    assert [(scan.fault, scan.detail) for scan in found.scans] == [("too_large", "9x9"), (None, "")]


def test_a_picture_that_stops_its_reader_is_tried_again_and_then_no_more() -> None:
    shelf, reader = Shelf(), Reader("a")
    for turn in (1, 2, 3):
        scan = sight(shelf, reader).look(b"mail", opened(ref("a"))).scans[0]
        assert (scan.fault, scan.detail) == ("stopped", "out of time")
        assert len(reader.asked) == min(turn, 2)


def test_a_picture_that_was_stopped_once_may_be_read_the_next_time() -> None:
    shelf = Shelf()
    sight(shelf, Reader("a")).look(b"mail", opened(ref("a")))
    assert sight(shelf, Reader()).look(b"mail", opened(ref("a"))).scans[0].fault is None


def test_a_mail_that_takes_long_is_put_off_and_goes_on_where_it_was() -> None:
    shelf, reader = Shelf(), Reader()
    mail = opened(*(ref(name, number) for number, name in enumerate("abcd", 1)))
    late = iter([0.0, 1.0, 20.0, 30.0])
    with pytest.raises(PortError, match="2 of its pictures") as caught:
        sight(shelf, reader, ticks=late).look(b"mail", mail)
    assert caught.value.retry
    assert len(sight(shelf, reader).look(b"mail", mail).scans) == 4
    assert sorted(reader.asked) == ["a", "b", "c", "d"]


def test_a_mail_always_gets_on_by_one_picture() -> None:
    shelf, reader = Shelf(), Reader()
    with pytest.raises(PortError):
        sight(shelf, reader, ticks=iter([0.0, 99.0, 99.0])).look(b"mail", opened(ref("a"), ref("b", 2)))
    assert reader.asked == ["a"]


def test_without_a_reader_nothing_is_kept() -> None:
    class Nobody(Reader):
        def read(self, picture: bytes) -> bytes:
            raise PortError(f"no reader for {len(picture)} bytes", retry=True)

    shelf = Shelf()
    with pytest.raises(PortError):
        sight(shelf, Nobody()).look(b"mail", opened(ref("a")))
    assert shelf.held == {}


def test_what_was_read_then_counts_for_a_mail_that_is_judged_again() -> None:
    shelf = Shelf()
    shelf.keep(Scan(number=1, sha256="a", engine="ocr 0", kind="order"), 0, NOW)
    found = Remembered(shelf).look(b"mail", opened(ref("a", 4), ref("b", 5)))
    assert [(scan.number, scan.kind, scan.fault) for scan in found.scans] == [
        (4, "order", None),
        (5, "other", "stopped"),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b'{"number": "1", "sha256": ""}',
        b'{"number": 1, "sha256": "", "shell": "rm"}',
        b'{"number": 1, "sha256": "", "kind": "approved"}',
        b'{"number":1,"sha256":"","lines":[{"text":"x","box":[0,0,1],"confidence":0.5}]}',
        b'{"number":1,"sha256":"","lines":[{"text":"x","box":[0,0,1,1],"confidence":7}]}',
        b'{"number":1,"sha256":"","lines":[{"text":"x","box":[0,0,1,1],"confidence":NaN}]}',
        b'{"number":1,"sha256":"","lines":[{"text":"x","box":[0,0,1e9,1],"confidence":1}]}',
        b'{"number":1,"sha256":"","lines":[{"text":"x","box":[5,0,1,1],"confidence":1}]}',
        b'{"number":1,"sha256":"","text_height":Infinity}',
    ],
)
def test_an_answer_that_is_no_reading_is_none(answer: bytes) -> None:
    assert checked(answer) is None


def test_a_field_that_nobody_knows_makes_an_answer_worthless() -> None:
    def answer(name: str) -> bytes:
        one = SeenField(name=name, value="1", box=(0, 0, 1, 1))
        group = SeenGroup(about="order", number=1, fields=(one,))
        return Scan(number=1, sha256="", groups=(group,)).model_dump_json().encode()

    assert checked(answer("amount")) is not None
    assert checked(answer("approved")) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_an_error(answer: bytes) -> None:
    assert checked(answer) is None


def test_a_changed_reader_is_another_engine(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text("a = 1\n", encoding="utf-8")
    first = engine_of(tmp_path)
    assert engine_of(tmp_path) == first
    (tmp_path / "page.py").write_text("a = 2\n", encoding="utf-8")
    assert engine_of(tmp_path) != first
    assert first.startswith("ocr ")
