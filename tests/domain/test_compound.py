"""Compound files: what lies in the root, the bytes of streams, and that a broken one is only ever `Broken`."""

import io
import struct

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from xlwt.CompoundDoc import XlsDoc

from mailbot.domain.compound import MAGIC, Broken, Compound
from tests.examples import examples
from tools.stories.broken import encrypted_xlsx
from tools.stories.formats import renamed_stream


def wrapped(stream: bytes) -> bytes:
    """A compound file of one stream, named Workbook, by another program's writer."""
    out = io.BytesIO()
    XlsDoc().save(out, stream)
    return out.getvalue()


def pattern(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


FILE = wrapped(pattern(9000))


@pytest.mark.parametrize("size", [4096, 4097, 9000, 70_000, 8_000_000])
def test_a_stream_comes_out_as_it_went_in(size: int) -> None:
    file = Compound(wrapped(pattern(size)))
    (entry,) = [entry for entry in file.streams() if entry.name == "Workbook"]
    content = file.read(entry)
    assert content[:size] == pattern(size)
    assert not content[size:].strip(b"\0")


def test_the_beginning_of_a_stream() -> None:
    file = Compound(FILE)
    (entry,) = file.streams()
    assert file.read(entry, 16) == pattern(16)


def test_names_of_the_root_in_small_letters() -> None:
    assert Compound(FILE).names() == {"workbook"}
    assert Compound(renamed_stream(FILE, "ETBook")).names() == {"etbook"}
    assert Compound(encrypted_xlsx()).names() == {"encryptioninfo", "encryptedpackage"}


def stored(entry: bytes, content: bytes, table: bytes) -> bytes:
    """A file with one small stream: header, allocation table, directory, stream of small sectors, their table."""
    sectors = struct.pack("<5I", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFF)
    head = MAGIC + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, 3, 1, 0xFFFFFFFE, 0) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    root = named("Root Entry", 5, 1, 2, 512)
    parts = (sectors, root + entry, content, table)
    return head + b"".join(part.ljust(512, b"\xff" if part in (sectors, table) else b"\0") for part in parts)


def named(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<3I", 0xFFFFFFFF, 0xFFFFFFFF, child)
    out = coded.ljust(64, b"\0") + struct.pack("<HB", len(coded), kind) + b"\1" + links + bytes(36)
    return out + struct.pack("<II", start, size) + bytes(4)


def test_a_small_stream_lies_in_small_sectors() -> None:
    content = b"".join(bytes([65 + n]) * 64 for n in range(8))
    table = struct.pack("<4I", 2, 0xFFFFFFFF, 5, 0xFFFFFFFF) + struct.pack("<2I", 0xFFFFFFFF, 0xFFFFFFFE)
    file = Compound(stored(named("Book", 2, 0xFFFFFFFF, 0, 150), content, table))
    (entry,) = file.streams()
    assert file.read(entry) == b"A" * 64 + b"C" * 64 + b"F" * 22


def test_a_small_chain_that_leaves_the_table_is_broken() -> None:
    data = stored(named("Book", 2, 0xFFFFFFFF, 0, 150), bytes(512), struct.pack("<I", 900))
    file = Compound(data)
    with pytest.raises(Broken, match="small chain"):
        file.read(file.streams()[0])


def test_streams_are_found_where_the_tree_leads_nowhere() -> None:
    data = stored(named("Book", 2, 0xFFFFFFFF, 0, 100), bytes(512), struct.pack("<2I", 1, 0xFFFFFFFE))
    lost = data.replace(named("Root Entry", 5, 1, 2, 512), named("Root Entry", 5, 0xFFFFFFFF, 2, 512))
    assert lost != data
    assert [entry.name for entry in Compound(lost).streams()] == ["Book"]


def test_what_lies_in_a_storage_is_not_of_the_root() -> None:
    entries = named("ObjectPool", 1, 2, 0, 0) + named("Workbook", 2, 0xFFFFFFFF, 0, 100)
    assert Compound(stored(entries, bytes(512), bytes(4))).names() == {"objectpool"}


def test_siblings_in_a_circle_end() -> None:
    entry = bytearray(named("Book", 2, 0xFFFFFFFF, 0, 100))
    entry[68:76] = struct.pack("<2I", 1, 1)
    assert Compound(stored(bytes(entry), bytes(512), bytes(4))).names() == {"book"}


def test_a_chain_in_a_circle_is_broken_or_bounded() -> None:
    start = FILE.index(struct.pack("<3I", 1, 2, 3))
    circle = FILE[:start] + struct.pack("<I", 0) + FILE[start + 4 :]
    try:
        file = Compound(circle)
        assert len(file.read(file.streams()[0])) <= len(circle)
    except Broken:
        pass


@pytest.mark.parametrize("data", [b"", MAGIC, MAGIC + bytes(504), b"PK\3\4" + bytes(600), MAGIC + b"\xff" * 900])
def test_what_is_no_compound_file(data: bytes) -> None:
    with pytest.raises(Broken):
        Compound(data)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_file_that_was_cut_off_is_broken(share: float) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for row in range(400):
        sheet.write(row, 0, f"甲{row}")
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    with pytest.raises(Broken):
        first_stream(data[: int(len(data) * share)])


def first_stream(data: bytes) -> bytes:
    file = Compound(data)
    return file.read(file.streams()[0])


@examples(150)
@given(st.lists(st.tuples(st.integers(0, len(FILE) - 1), st.integers(0, 255)), max_size=8), st.integers(0, len(FILE)))
def test_any_damage_is_broken_or_bytes(changes: list[tuple[int, int]], end: int) -> None:
    data = bytearray(FILE)
    for place, byte in changes:
        data[place] = byte
    try:
        file = Compound(bytes(data[:end]) if end % 3 == 0 else bytes(data))
        for entry in file.streams():
            assert len(file.read(entry)) <= len(data)
    except Broken:
        pass


def test_a_table_that_names_one_sector_for_ever_is_broken() -> None:
    head = bytearray(FILE)
    head[76:512] = struct.pack("<I", struct.unpack_from("<I", FILE, 76)[0]) * 109
    with pytest.raises(Broken):
        Compound(bytes(head))


def with_size(size: int) -> bytes:
    """The file with another size in its stream's entry."""
    entry = FILE.index("Workbook".encode("utf-16-le"))
    return FILE[: entry + 120] + struct.pack("<I", size) + FILE[entry + 124 :]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (with_size(2**31 - 1), "a stream longer than the file"),
        (FILE[:48] + struct.pack("<I", 0x00FFFFFF) + FILE[52:], "a chain leaves the file"),
        (FILE[:48] + struct.pack("<I", 0xFFFFFFFE) + FILE[52:], "the directory is cut off"),
        (FILE[:30] + struct.pack("<H", 7) + FILE[32:], "sector size"),
        (FILE[:32] + struct.pack("<H", 9) + FILE[34:], "sector size"),
    ],
)
def test_each_contradiction_is_named(data: bytes, why: str) -> None:
    with pytest.raises(Broken, match=why):
        first_stream(data)


def test_more_than_was_asked_for_is_never_read() -> None:
    """The size that an entry claims bounds nothing where only the beginning is wanted."""
    file = Compound(with_size(2**31 - 1))
    assert file.read(file.streams()[0], 64) == pattern(64)


def test_small_streams_without_a_root_are_broken() -> None:
    data = stored(named("Book", 2, 0xFFFFFFFF, 0, 150), bytes(512), struct.pack("<2I", 1, 0xFFFFFFFE))
    headless = data.replace(named("Root Entry", 5, 1, 2, 512), named("Root Entry", 2, 1, 2, 5000))
    file = Compound(headless)
    [book] = [entry for entry in file.streams() if entry.name == "Book"]
    with pytest.raises(Broken, match="no root"):
        file.read(book)
