"""One roster in every format and charset, through the mail that brings it: the same people, whoever wrote the file."""

import hashlib
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial

import pytest

from mailbot.domain.content import CSV, FLAT_ODS, HTML, ODS, TSV, XLS, XLSB, XLSM, XLSX, XML_SHEET
from mailbot.domain.document import Document
from mailbot.domain.limits import Limits
from mailbot.domain.records import RosterRecord
from mailbot.opening import open_mail
from tests.casetypes.support import kind
from tools.stories import binaries, formats, units
from tools.stories.books import xlsx
from tools.stories.cells import Row
from tools.stories.people import of, people, with_x
from tools.stories.sheets import Grid, Sheet, lay

STAFF = people(40, 6)
X = with_x(40)
ROWS = (
    Row(STAFF[0], serial="1"),
    Row(of("谭镕喆", 41), phone=int(STAFF[1].phone)),
    Row(of("阿依古丽·买买提", 42), remark="负责人,\n副主任"),
    Row(of("丁\u347d", 43), id_number=STAFF[3].id_number[:15] + "000"),
    Row(X, id_number=X.id_number.lower()),
    Row(STAFF[4], name=f"{STAFF[4].name[0]}  {STAFF[4].name[1:]}", remark='备注"引号"'),
    Row(STAFF[5], hidden=True),
)
GRID = lay(Sheet(units.SURVEY, ROWS, empty=3))
SHOWN = lay(Sheet(units.SURVEY, tuple(Row(row.person) for row in ROWS)))


TYPED: dict[str, tuple[str, Callable[[Grid], bytes]]] = {
    "strict xlsx": (XLSX, lambda grid: formats.strict([grid])),
    "xls": (XLS, lambda grid: formats.xls([grid])),
    "et, a stream of its own": (XLS, lambda grid: formats.renamed_stream(formats.xls([grid]), "ETWorkbook")),
    "excel 5": (XLS, binaries.excel5),
    "excel 5, no code page": (XLS, lambda grid: binaries.excel5(grid, page=None)),
    "excel 5, a code page by habit": (XLS, lambda grid: binaries.excel5(grid, page=1252)),
    "ods": (ODS, lambda grid: formats.ods([grid])),
    "flat ods": (FLAT_ODS, lambda grid: formats.flat_ods([grid])),
    "xml": (XML_SHEET, lambda grid: formats.xml_sheet([grid])),
    "xml in gb18030": (XML_SHEET, lambda grid: formats.xml_sheet([grid], "gb18030", "gb18030")),
    "xml in gbk that says utf-8": (XML_SHEET, lambda grid: formats.xml_sheet([grid], "gb18030", "utf-8")),
    "xml in utf-16": (XML_SHEET, lambda grid: formats.xml_sheet([grid], "utf-16", "utf-16")),
    "page of excel, gb2312": (HTML, lambda grid: formats.excel_page(grid, "gb2312")),
    "page of excel, utf-8": (HTML, lambda grid: formats.excel_page(grid, "utf-8")),
}
UNTYPED: dict[str, tuple[str, Callable[[Grid], bytes]]] = {
    "excel 2": (XLS, binaries.excel2),
    "xlsb": (XLSB, lambda grid: binaries.xlsb([grid])),
    "csv with wrapped numbers": (CSV, lambda grid: formats.text(grid, ",", "gb18030", wrapped=True)),
    "csv with a declared separator": (CSV, lambda grid: b"sep=;\r\n" + formats.text(grid, ";", "utf-8")),
}
for page in ("utf-8", "gb18030", "utf-16"):
    UNTYPED[f"report in {page}"] = (HTML, partial(formats.report_page, charset=page))
for sign in ("\t", ",", ";", "\uff0c", "|"):
    for page in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"):
        written = partial(formats.text, mark=sign, charset=page)
        UNTYPED[f"text by {sign!r} in {page}"] = (TSV if sign == "\t" else CSV, written)
Person = tuple[int, str | None, str | None, str | None, str | None, str | None]


def opened(data: bytes, limits: Limits) -> tuple[Document, RosterRecord]:
    """The attachment through the mail, always under the name of an old workbook."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "名单", "甲 <a@unit.example>", "2020gxkm@cqhrsp.com"
    mail.set_content("见附件")
    mail.add_attachment(data, maintype="application", subtype="vnd.ms-excel", filename="报名名单.xls")
    found = open_mail(mail.as_bytes(), limits)
    document = next(document for document in found.documents if document.number == 1)
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    (record,) = kind().extract(found, kind().claims(found))
    return document, record


def told(record: RosterRecord) -> list[Person]:
    return [(row.row, row.serial, row.name, row.id_number, row.phone, row.remark) for row in record.rows]


def header(record: RosterRecord) -> tuple[object, ...]:
    head = record.header
    return (head.unit, head.contact, head.contact_phone, head.tax_id, head.order_no, record.declared_count)


@pytest.fixture(scope="module")
def wanted(limits: Limits) -> RosterRecord:
    document, record = opened(xlsx([GRID]), limits)
    assert (document.type, document.light, len(record.rows)) == (XLSX, False, len(ROWS))
    assert [row.name for row in record.rows][1:4] == ["谭镕喆", "阿依古丽·买买提", "丁\u347d"]
    return record


@pytest.mark.parametrize("name", TYPED)
def test_formats_that_keep_types_and_hidden_rows(name: str, wanted: RosterRecord, limits: Limits) -> None:
    media_type, write = TYPED[name]
    document, record = opened(write(GRID), limits)
    assert (document.type, document.light, document.fault) == (media_type, False, None)
    assert header(record) == header(wanted)
    assert [row.hidden for row in record.rows] == [row.hidden for row in wanted.rows]
    assert told(record)[:3] + told(record)[4:] == told(wanted)[:3] + told(wanted)[4:]


@pytest.mark.parametrize("name", UNTYPED)
def test_formats_that_keep_texts_alone(name: str, wanted: RosterRecord, limits: Limits) -> None:
    media_type, write = UNTYPED[name]
    document, record = opened(write(GRID), limits)
    assert (document.type, document.fault) == (media_type, None)
    assert header(record) == header(wanted)
    assert told(record)[:3] + told(record)[4:] == told(wanted)[:3] + told(wanted)[4:]


@pytest.mark.parametrize("name", [name for name in UNTYPED if name not in ("excel 2", "xlsb")])
def test_zeros_behind_the_fifteenth_digit_are_nobodys_in_text(name: str, limits: Limits) -> None:
    _, record = opened(UNTYPED[name][1](GRID), limits)
    assert record.text_table
    assert record.rows[3].id_number is None


@pytest.mark.parametrize("name", ["xls", "ods", "flat ods", "xml", "page of excel, utf-8", "excel 5", "strict xlsx"])
def test_a_number_that_lost_digits_is_nobodys_in_any_format(name: str, limits: Limits) -> None:
    rows = (Row(STAFF[0]), Row(STAFF[1], id_number=500103199003070_000), Row(STAFF[2]))
    _, record = opened(TYPED[name][1](lay(Sheet(units.SURVEY, rows))), limits)
    assert [row.id_number for row in record.rows] == [STAFF[0].id_number, None, STAFF[2].id_number]
    assert isinstance(record.rows[1].raw_id, int | float)


def test_xlsb_is_read_quickly_and_says_so(limits: Limits) -> None:
    document, record = opened(binaries.xlsb([SHOWN]), limits)
    assert (document.reader, document.light, record.light) == ("xlsb", True, True)
    assert [row.name for row in record.rows] == [row.person.name for row in ROWS]


def test_a_workbook_with_macros(limits: Limits, wanted: RosterRecord) -> None:
    document, record = opened(formats.with_macros([GRID]), limits)
    assert (document.type, document.light) == (XLSM, False)
    assert told(record) == told(wanted)
