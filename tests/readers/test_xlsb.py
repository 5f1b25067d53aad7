"""Binary workbooks in a zip: read quickly, and kept from the quick reader when they reach far out."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.content import XLSB
from mailbot.domain.document import Document, FaultKind
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.readers.find import read
from tests.examples import examples
from tests.readers.files import part_of
from tools.stories import binaries, units
from tools.stories.cells import Row
from tools.stories.people import people
from tools.stories.sheets import Grid, Sheet, lay

STAFF = people(0, 4)
GRID = lay(Sheet(units.SURVEY, tuple(Row(one, phone=int(one.phone)) for one in STAFF), visible=False))
SHEET = "xl/worksheets/sheet1.bin"


def opened(data: bytes, limits: Limits) -> Document:
    return read(part_of(data), data, limits)


def fault(document: Document) -> FaultKind | None:
    return document.fault.kind if document.fault else None


def with_sheet(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(binaries.xlsb([GRID]))) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, content if name == SHEET else source.read(name))
    return out.getvalue()


def test_values_places_and_types(limits: Limits) -> None:
    document = opened(binaries.xlsb([GRID]), limits)
    assert (fault(document), document.type, document.reader, document.light) == (None, XLSB, "xlsb", True)
    (sheet,) = document.sheets
    assert (sheet.name, sheet.visible) == (GRID.name, False)
    for (row, _), one in zip(GRID.placed, STAFF, strict=True):
        assert sheet.rows[row - 1][1:4] == (one.name, one.id_number, int(one.phone))


def test_a_lost_number_stays_a_number(limits: Limits) -> None:
    grid = Grid("名单", {(1, 1): 500103199003070_012, (1, 2): "甲"}, (), frozenset(), ())
    value = opened(binaries.xlsb([grid]), limits).sheets[0].rows[0][0]
    assert isinstance(value, int | float)
    assert value >= 1e15


@pytest.mark.parametrize(("row", "column"), [(60_000, 0), (2**31, 0), (0, 64), (2**32 - 1, 2**32 - 1)])
def test_cells_far_out_are_too_much(row: int, column: int, limits: Limits) -> None:
    content = b"\x00\x04" + struct.pack("<I", row) + b"\x02\x0c" + struct.pack("<III", column, 0, 0)
    assert fault(opened(with_sheet(content), limits)) is FaultKind.TOO_MANY_ROWS


def test_cells_within_the_limits_are_not(limits: Limits) -> None:
    content = b"\x00\x04" + struct.pack("<I", 59_999) + b"\x02\x0c" + struct.pack("<III", 63, 0, 0)
    assert fault(opened(with_sheet(content), limits)) is not FaultKind.TOO_MANY_ROWS


@pytest.mark.parametrize("end", [0.3, 0.8, 0.98])
def test_a_cut_file_is_unreadable(end: float, limits: Limits) -> None:
    data = binaries.xlsb([GRID])
    assert fault(opened(data[: int(len(data) * end)], limits)) is FaultKind.UNREADABLE


@examples(50)
@given(st.binary(max_size=60), st.integers(0, 80))
def test_any_records_are_a_document(limits: Limits, noise: bytes, place: int) -> None:
    with zipfile.ZipFile(io.BytesIO(binaries.xlsb([GRID]))) as archive:
        sheet = archive.read(SHEET)
    data = with_sheet(sheet[:place] + noise + sheet[place:])
    read(Part(number=1, name="a", sha256="0", size=1, type=XLSB), data, limits).model_dump_json()
