"""Bombs and traps in the packing: held before any parser sees them."""

import io
import struct
import time
import zipfile

import pytest

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.base import ReadFault
from mailbot.readers.find import read
from mailbot.readers.zips import check_zip
from tests.readers.files import cell, data, pack, part_of, roster_rows, xlsx


def fault(content: bytes, limits: Limits) -> FaultKind:
    document = read(part_of(content), content, limits)
    assert document.fault is not None
    return document.fault.kind


def bomb(size: int) -> bytes:
    return xlsx(data(cell("A1", 1)), extra={"xl/media/a.bin": bytes(size)})


def test_an_honest_workbook_passes(limits: Limits) -> None:
    glances = check_zip(xlsx(roster_rows(50)), limits.archive)
    assert glances["xl/worksheets/sheet1.xml"].rows == 50
    assert not glances["xl/worksheets/sheet1.xml"].far_row
    assert not glances["xl/worksheets/sheet1.xml"].far_column


def test_a_bomb_by_size_and_by_ratio(limits: Limits) -> None:
    start = time.perf_counter()
    assert fault(bomb(150_000_000), limits) is FaultKind.BOMB
    assert fault(bomb(5_000_000), limits) is FaultKind.BOMB
    assert time.perf_counter() - start < 5


def test_a_bomb_whose_directory_lies_about_its_size(limits: Limits) -> None:
    content = bytearray(bomb(120_000_000))
    at = content.rfind(b"xl/media/a.bin") - 46 + 24
    struct.pack_into("<I", content, at, 100)
    assert fault(bytes(content), limits) is FaultKind.BOMB


def test_members_that_overlap(limits: Limits) -> None:
    content = bytearray(xlsx(data(cell("A1", 1)), extra={"xl/a.xml": b"x" * 50, "xl/b.xml": b"y" * 50}))
    first, second = content.rfind(b"xl/a.xml") - 46 + 42, content.rfind(b"xl/b.xml") - 46 + 42
    content[second : second + 4] = content[first : first + 4]
    assert fault(bytes(content), limits) is FaultKind.BOMB


def test_too_many_members(limits: Limits) -> None:
    extra = {f"xl/media/{n}": b"" for n in range(limits.archive.members)}
    assert fault(xlsx(extra=extra), limits) is FaultKind.BOMB


def test_two_members_of_one_name(limits: Limits) -> None:
    out = io.BytesIO(xlsx(data(cell("A1", 1))))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/workbook.xml", "<other/>")
    assert fault(out.getvalue(), limits) is FaultKind.UNREADABLE


def test_an_encrypted_member(limits: Limits) -> None:
    content = bytearray(xlsx())
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    assert fault(bytes(content), limits) is FaultKind.PASSWORD


def test_an_unknown_method_and_a_broken_stream(limits: Limits) -> None:
    content = bytearray(xlsx())
    at = content.rfind(b"PK\x01\x02")
    content[at + 10] = 99
    assert fault(bytes(content), limits) is FaultKind.UNREADABLE
    content = bytearray(xlsx(roster_rows(50)))
    at = content.find(b"xl/worksheets/sheet1.xml") + 40
    content[at : at + 200] = b"\xff" * 200
    assert fault(bytes(content), limits) is FaultKind.UNREADABLE


def test_an_archive_of_archives_is_not_opened(limits: Limits) -> None:
    inner = pack({f"{n}.zip": pack({"0.dat": bytes(3_000_000)}) for n in range(16)})
    assert fault(pack({"bomb.zip": inner}), limits) is FaultKind.UNSUPPORTED


@pytest.mark.parametrize(
    "xml",
    [
        f'<sheetData><row r="1">{cell("A1", 1)}</row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        data(cell("A1", 1))
        + "<mergeCells>"
        + "".join(f'<mergeCell ref="A{n}:XFD{n}"/>' for n in range(1, 50_000))
        + "</mergeCells>",
        f'<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{cell("A1", 1)}</row></sheetData>',
        f'<sheetData><row r="1">{cell("A1", 1)}</row><row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>',
    ],
    ids=["one merge over all", "very many merges", "a lying dimension", "formatting to the last cell"],
)
def test_a_small_file_that_openpyxl_makes_huge_is_read_at_once(xml: str, limits: Limits) -> None:
    start = time.process_time()
    content = xlsx(xml)
    document = read(part_of(content), content, limits)
    assert document.fault is None
    assert document.sheets[0].rows == ((1,),)
    assert len(document.sheets[0].merges) <= 10_000
    assert time.process_time() - start < 2


@pytest.mark.parametrize("ref", ["XFD1048576", "A1048576", "XFD1", "BM1", "A60001"])
def test_content_far_out_goes_to_a_person(ref: str, limits: Limits) -> None:
    row = ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    last = cell(ref, "x")
    xml = f'<sheetData><row r="1">{cell("A1", 1)}{last if row == "1" else ""}</row>'
    xml += "</sheetData>" if row == "1" else f'<row r="{row}">{last}</row></sheetData>'
    assert fault(xlsx(xml), limits) is FaultKind.TOO_MANY_ROWS


def test_a_stray_space_far_out_matters_to_nobody(limits: Limits) -> None:
    xml = f'<sheetData><row r="1">{cell("A1", 1)}</row><row r="70000">{cell("A70000", " ")}</row></sheetData>'
    content = xlsx(xml)
    assert read(part_of(content), content, limits).sheets[0].rows == ((1,),)


def test_a_fault_says_what_it_met(limits: Limits) -> None:
    with pytest.raises(ReadFault, match="200 times"):
        check_zip(bomb(5_000_000), limits.archive)
