"""Hostile spreadsheets in the real child: each costs itself at most, and the rosters beside it are read."""

import io
import time
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import xlwt

from mailbot.domain.document import FaultKind, Opened
from mailbot.domain.limits import Limits
from mailbot.sandbox.parent import Sandbox
from tools.stories import binaries, formats, units
from tools.stories.cells import rows
from tools.stories.people import people
from tools.stories.sheets import Sheet, lay

STAFF = people(0, 4)
GRID = lay(Sheet(units.SURVEY, rows(STAFF)))
ODS_CELL = '<table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell>'


@pytest.fixture(scope="module")
def sandbox(limits: Limits) -> Iterator[Sandbox]:
    with Sandbox(limits, "mailbot.opening:open_mail", "mailbot.opening:warm_up") as found:
        yield found


def mail(*files: bytes) -> bytes:
    out = EmailMessage()
    out["Subject"], out["From"], out["To"] = "名单", "甲 <a@unit.example>", "2020gxkm@cqhrsp.com"
    out.set_content("见附件")
    for number, data in enumerate(files, 1):
        out.add_attachment(data, maintype="application", subtype="vnd.ms-excel", filename=f"{number}.xls")
    return out.as_bytes()


def ods_with(rows_of_table: str) -> bytes:
    """The small roster with these rows before its own."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(formats.ods([GRID]))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in source.namelist():
            data = source.read(name)
            new.writestr(name, data.replace(b"<table:table-row>", rows_of_table.encode() + b"<table:table-row>", 1))
    return out.getvalue()


def wide_xls() -> bytes:
    """A workbook with a cell in the last corner of each of forty sheets."""
    book = xlwt.Workbook()
    for number in range(40):
        book.add_sheet(f"{number}").write(65_535, 255, "甲")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HOSTILE = {
    "an xls with corners far out": wide_xls(),
    "an xls cut in the middle": formats.xls([GRID])[:3000],
    "an ods of a million full rows": ods_with(
        f'<table:table-row table:number-rows-repeated="1048576">{ODS_CELL}</table:table-row>'
    ),
    "an ods that is wide": ods_with("<table:table-row>" + ODS_CELL * 100 + "</table:table-row>"),
    "an ods of a hundred megabytes": ods_with("<table:table-row>" + " " * 150_000_000 + "</table:table-row>"),
    "an xml without end": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">' + b"<a>" * 500_000,
    "a page of tables in tables": b"<table><tr><td>" * 400_000,
    "an xlsb cut short": binaries.xlsb([GRID])[:1200],
}  # fmt: skip


def faults(opened: Opened) -> list[FaultKind | None]:
    return [document.fault.kind if document.fault else None for document in opened.documents if document.number]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_costs_itself_alone(name: str, sandbox: Sandbox, limits: Limits) -> None:
    started = time.monotonic()
    opened = sandbox.open(mail(HOSTILE[name], formats.xls([GRID]), formats.ods([GRID])))
    assert time.monotonic() - started < limits.child.total_seconds
    first, *others = faults(opened)
    assert first in (FaultKind.UNREADABLE, FaultKind.TOO_MANY_ROWS, FaultKind.BOMB)
    assert others == [None, None]
    for document in opened.documents[-2:]:
        assert [row[1] for row in document.sheets[0].rows if len(row) > 3][1:] == [one.name for one in STAFF]


def test_every_format_passes_through_the_child(sandbox: Sandbox) -> None:
    files = (
        formats.xls([GRID]),
        formats.renamed_stream(formats.xls([GRID]), "ETWorkbook"),
        formats.ods([GRID]),
        formats.flat_ods([GRID]),
        formats.xml_sheet([GRID]),
        formats.excel_page(GRID),
        formats.strict([GRID]),
        binaries.xlsb([GRID]),
        binaries.excel5(GRID),
        formats.text(GRID, "\t", "utf-16"),
    )
    opened = sandbox.open(mail(*files))
    assert faults(opened) == [None] * len(files)
    for document in opened.documents[-len(files) :]:
        names = [row[1] for row in document.sheets[0].rows if len(row) > 3 and row[1]]
        assert names[-len(STAFF) :] == [one.name for one in STAFF], document.reader
