"""Stories 800 to 819: rosters in the formats that spreadsheets and reporting programs call an Excel file, under names
that say something else."""

from __future__ import annotations

import html
from typing import Final

from tools.stories import binaries, formats, units
from tools.stories.books import xlsx
from tools.stories.broken import truncated
from tools.stories.cells import Cell, Row, rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK, QQ, WPS
from tools.stories.model import Arrived, CaseTruth, Truth, story
from tools.stories.people import Person, of, people, with_x
from tools.stories.post import File
from tools.stories.sheets import Grid, Sheet, lay
from tools.stories.submit import Submission, arrive

DONE: Final = ("accept", "fulfilled")
PARTIAL_ASK: Final = ("partial", "awaiting_sender")
EXCEL: Final = "application/vnd.ms-excel"


def _sent(sheet: Sheet, data: bytes, name: str, outcome: tuple[str, str] = DONE, **more: object) -> Arrived:
    """A roster as these bytes, under this name."""
    files = {"files": (File(name, data, EXCEL),)}
    return Submission((sheet,), *outcome, mail=files, **more).arrived()  # type: ignore[arg-type]  # fields by name


def _ask(one: Person, code: str, **cells: object) -> Row:
    return Row(one, "ask", (code,), **cells)  # type: ignore[arg-type]  # cells by column, as Row has them


@story("800-xls-of-excel-2003")
def _() -> Arrived:
    """A workbook of Excel 2003 with phones as numbers: everybody is registered."""
    staff = people(1200, 7)
    typed = tuple(Row(one, phone=int(one.phone)) if n % 2 else Row(one) for n, one in enumerate(staff))
    sheet = Sheet(units.MACHINES, typed)
    return _sent(sheet, formats.xls([lay(sheet)]), "报名名单.xls", client=OUTLOOK)


@story("801-et-of-wps")
def _() -> Arrived:
    """A table of WPS whose stream has a name of its own, told by what it holds."""
    sheet = Sheet(units.CLINIC, rows(people(1208, 5)), labels="beside")
    data = formats.renamed_stream(formats.xls([lay(sheet)]), "ETWorkbook")
    return _sent(sheet, data, "公需科目名单.et", client=WPS)


@story("802-ods-to-the-last-row")
def _() -> Arrived:
    """An OpenDocument spreadsheet whose formatting goes on for a million rows."""
    sheet = Sheet(units.KINDERGARTEN, rows(people(1214, 6)), empty=4)
    return _sent(sheet, formats.ods([lay(sheet)]), "名单.ods", client=FOXMAIL)


@story("803-xml-that-declares-another-charset")
def _() -> Arrived:
    """An XML spreadsheet of a personnel system named xls: it says UTF-8 and is GB18030."""
    typed = (*rows(people(1221, 4)), Row(of("谭\u3ab3喆", 1226)))
    sheet = Sheet(units.HOSPITAL, typed, top=3)
    return _sent(sheet, formats.xml_sheet([lay(sheet)], "gb18030", "utf-8"), "导出名单.xls", client=NETEASE)


@story("804-page-of-a-reporting-program")
def _() -> Arrived:
    """An HTML table in GBK without a word about its charset, named xls."""
    sheet = Sheet(units.COLLEGE, rows(people(1228, 8)), labels="beside")
    return _sent(sheet, formats.report_page(lay(sheet), "gbk"), "人员导出.xls", client=COREMAIL)


@story("805-page-of-excel-with-lost-digits")
def _() -> Arrived:
    """A page saved by Excel: one number column cell has lost its last digits, its neighbours are text and whole."""
    staff = people(1237, 5)
    lost = int(staff[1].id_number[:15] + "000")
    typed = (
        Row(staff[0]),
        _ask(staff[1], "id.precision_lost", id_number=lost, unknown=("id_number",)),
        *rows(staff[2:]),
    )
    sheet = Sheet(units.DESIGN, typed)
    return _sent(sheet, formats.excel_page(lay(sheet)), "报名名单.xls", PARTIAL_ASK, client=QQ)


@story("806-unicode-text-named-xls")
def _() -> Arrived:
    """What Excel calls Unicode text: UTF-16 with tabs, named xls."""
    sheet = Sheet(units.SURVEY, rows(people(1243, 6)), labels="beside")
    data = formats.text(lay(sheet), "\t", "utf-16-le", bom=b"\xff\xfe")
    return _sent(sheet, data, "名单.xls", client=FOXMAIL)


@story("807-strict-workbook")
def _() -> Arrived:
    """A workbook saved as Strict Open XML: read in full like any other, its hidden row too."""
    staff = people(1250, 6)
    typed = (*rows(staff[:3]), Row(staff[3], "hold", ("row.hidden",), hidden=True), *rows(staff[4:]))
    sheet = Sheet(units.BUREAU, typed)
    return _sent(sheet, formats.strict([lay(sheet)]), "名单.xlsx", ("partial", "held"), client=OUTLOOK)


@story("808-wide-commas")
def _() -> Arrived:
    """Text with full-width commas between the cells, as somebody typed it."""
    sheet = Sheet(units.MUSEUM, rows(people(1257, 5)), title=None, tail=())
    return _sent(sheet, formats.text(lay(sheet), "\uff0c", "utf-8"), "名单.csv", client=NETEASE)


@story("809-csv-with-wrapped-numbers")
def _() -> Arrived:
    """A csv that names its separator in the first line and wraps long numbers, so that Excel leaves them alone."""
    sheet = Sheet(units.POWER, rows(people(1263, 6)), labels="beside", title=None, tail=())
    data = b"\xef\xbb\xbfsep=;\r\n" + formats.text(lay(sheet), ";", "utf-8", wrapped=True)
    return _sent(sheet, data, "export.csv", client=OUTLOOK)


@story("810-xls-with-hidden-rows")
def _() -> Arrived:
    """A hidden row of an old workbook waits for a person, an 18-digit number cell goes back, the others are done."""
    staff = people(1270, 6)
    typed = (
        *rows(staff[:2]),
        Row(staff[2], "hold", ("row.hidden",), hidden=True),
        _ask(staff[3], "id.precision_lost", id_number=float(staff[3].id_number[:15] + "000"), unknown=("id_number",)),
        *rows(staff[4:]),
    )
    sheet = Sheet(units.PRIMARY, typed)
    return _sent(sheet, formats.xls([lay(sheet)]), "2020名单.xls", ("partial", "held"), client=FOXMAIL)


@story("811-binary-workbook")
def _() -> Arrived:
    """An xlsb is read quickly, without hidden rows: a person looks before anybody is registered."""
    sheet = Sheet(units.WATER, tuple(Row(one, None) for one in people(1277, 5)))
    data = binaries.xlsb([lay(sheet)])
    return _sent(sheet, data, "名单.xlsb", ("hold", "held"), client=COREMAIL, codes=("file.quick_read",), opened=0)


@story("812-workbook-named-csv")
def _() -> Arrived:
    """A workbook under the name of a text file is what it holds."""
    sheet = Sheet(units.HIGH_SCHOOL, rows(people(1283, 5)))
    return _sent(sheet, xlsx([lay(sheet)]), "名单.csv", client=QQ)


@story("813-excel-5-without-a-code-page")
def _() -> Arrived:
    """An old program's workbook that does not say in which charset it is: it is Chinese."""
    sheet = Sheet(units.MACHINES, rows(people(1289, 6)))
    return _sent(sheet, binaries.excel5(lay(sheet), page=None), "BAOMING.XLS", client=OUTLOOK)


@story("814-xls-that-was-cut")
def _() -> Arrived:
    """Two thirds of an old workbook: nobody is guessed at, the sender is asked to send it again."""
    sheet = Sheet(units.CLINIC, rows(people(1296, 30)))
    cut = File("名单.xls", truncated(formats.xls([lay(sheet)])), EXCEL)
    draft = Submission((sheet,), *DONE, mail={"files": (cut,)}).draft()
    truth = CaseTruth("ask", "awaiting_sender", codes=("file.unreadable",), opened=0)
    return arrive(draft, Truth(("done",), (truth,), 1, draft.address, files=("名单.xls",)))


@story("815-names-cut-in-half")
def _() -> Arrived:
    """A program with columns of fixed width has cut a name in the middle of a character: that one is asked for."""
    staff = people(1327, 5)
    long = of("欧阳买买提江", 1328)
    typed = (Row(staff[0]), _ask(long, "name.lost_char", unknown=("name",)), *rows(staff[2:]))
    sheet = Sheet(units.COLLEGE, typed, labels="beside")
    data = formats.text(lay(sheet), ",", "gb18030").replace(
        "欧阳买买提江".encode("gbk"), "欧阳买买提江".encode("gbk")[:7]
    )
    return _sent(sheet, data, "名单.csv", PARTIAL_ASK, client=NETEASE)


@story("816-page-of-frames")
def _() -> Arrived:
    """The frame of a workbook saved as a page; its sheets stayed in a folder beside it. The sender is asked."""
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=Generator content="Microsoft Excel 15"'
        '><link id=Main-File rel=File-List href="名单.files/filelist.xml"></head><frameset rows="*,39" border=0>'
        '<frame src="名单.files/sheet001.htm" name="frSheet"><noframes><body><p>此页使用了框架</p></body></noframes>'
        "</frameset></html>"
    )
    sheet = Sheet(units.HOSPITAL, rows(people(1340, 3)))
    draft = Submission(
        (sheet,), *DONE, mail={"files": (File("名单.htm", page.encode("gb18030"), "text/html"),)}
    ).draft()
    truth = CaseTruth("ask", "awaiting_sender", codes=("file.unreadable",), opened=0)
    return arrive(draft, Truth(("done",), (truth,), 1, draft.address, files=("名单.htm",)))


@story("817-ods-with-a-hidden-sheet")
def _() -> Arrived:
    """A hidden sheet of an OpenDocument spreadsheet holds last year's people: none of them is registered by itself."""
    sheet = Sheet(units.POWER, rows(people(1344, 4)), name="2020报名名单")
    left = tuple(Row(one, "hold", ("row.hidden",)) for one in people(1349, 3))
    old = lay(Sheet(units.POWER, left, name="旧", visible=False, tail=()))
    file = File("名单.ods", formats.ods([lay(sheet), old]), EXCEL)
    wanted = Submission((sheet,), *DONE, client=FOXMAIL, mail={"files": (file,)})
    hidden = CaseTruth("hold", "held", ((old, left),), codes=None, opened=0, sheet="旧")
    return arrive(wanted.draft(), Truth(("done",), (wanted.truth(), hidden), 1, units.POWER.address))


@story("818-page-with-several-tables")
def _() -> Arrived:
    """A web page: the title is a paragraph, the labels are a table, the people another one inside a layout table."""
    sheet = Sheet(
        units.HIGH_SCHOOL, rows(people(1353, 6)), title="2020年公需科目学员报名名单", labels="beside", tail=()
    )
    return _sent(sheet, _page(lay(sheet)), "名单.html", client=QQ)


def _page(grid: Grid) -> bytes:
    lines = dict(formats.lines_of(grid))
    first = min(row for row, _ in grid.placed) - 1
    labels = "".join(_line(lines[row]) for row in range(2, first))
    staff = "".join(_line(lines[row]) for row in range(first, len(lines) + 1))
    body = f"<h3>{lines[1][0]}</h3><div><table>{labels}</table></div>"
    body += f"<table><tr><td><table>{staff}</table></td></tr></table>"
    return f"<!DOCTYPE html><html><head><title>名单</title></head><body>{body}</body></html>".encode()


def _line(line: list[Cell]) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(formats.shown(value))}</td>" for value in line) + "</tr>"


@story("819-bars-between-the-cells")
def _() -> Arrived:
    """A text file with bars between the cells; one number ends in a small x."""
    one = with_x(1360)
    typed = (*rows(people(1400, 3)), Row(one, "fixed", ("id.lowercase_x",), id_number=one.id_number.lower()))
    sheet = Sheet(units.BUREAU, typed, title=None, tail=(), labels="beside")
    data = formats.text(lay(sheet), "|", "gb18030")
    return _sent(sheet, data, "名单.txt", ("accept_with_fixes", "fulfilled"), client=FOXMAIL)
