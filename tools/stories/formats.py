"""Grids in the other formats that clerks send: xls, ods, XML and HTML under the name of Excel, text in every charset.

The same grids always give the same bytes. What a program writes of itself is kept to what readers look at.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

import xlwt

from tools.html_spans import spans_of
from tools.stories.books import CREATED, patched, xlsx
from tools.stories.cells import Cell, Formula
from tools.stories.sheets import Grid

_MAIN: Final = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)
_ODS_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
_ODS_BODY: Final = (
    '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
)
_ROWS_OF_ODS: Final = 1_048_576
_EXCEL_PAGE: Final = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" '
    'xmlns="http://www.w3.org/TR/REC-html40">\n<head>\n<meta http-equiv=Content-Type content="text/html; '
    'charset={charset}">\n<meta name=Generator content="Microsoft Excel 15">\n<style>\n<!--table\n\t{{mso-displayed-'
    'decimal-separator:"\\.";}}\n.xl65\n\t{{mso-style-parent:style0;\n\tmso-number-format:"\\@";}}\n.xl66\n\t'
    "{{mso-style-parent:style0;\n\tmso-number-format:0;}}\n-->\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
)


def shown(value: Cell) -> str:
    """A cell as a spreadsheet shows it."""
    plain = value.value if isinstance(value, Formula) else value
    return "" if plain is None else str(plain)


def lines_of(grid: Grid) -> Iterator[tuple[int, list[Cell]]]:
    """Every row of a grid from 1 on, with its cells to the grid's last column."""
    width = max(column for _, column in grid.cells)
    for row in range(1, max(row for row, _ in grid.cells) + 1):
        yield row, [grid.cells.get((row, column)) for column in range(1, width + 1)]


def strict(grids: Sequence[Grid]) -> bytes:
    """A workbook saved as "Strict Open XML" (ISO/IEC 29500-1)."""

    def renamed(_member: str, data: bytes) -> bytes:
        for usual, name in _MAIN:
            data = data.replace(usual, name)
        return data

    return patched(xlsx(grids), renamed)


def with_macros(grids: Sequence[Grid]) -> bytes:
    """A workbook with macros, as its package says; what they would do is no matter here."""
    book = io.BytesIO(xlsx(grids))
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr(zipfile.ZipInfo("xl/vbaProject.bin", CREATED.timetuple()[:6]), b"\xcc\x61" + bytes(30))
    usual, macros = b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    return patched(book.getvalue(), lambda _member, data: data.replace(usual, macros))


def xls(grids: Sequence[Grid]) -> bytes:
    """A workbook of Excel 97 to 2003."""
    book: Any = xlwt.Workbook(encoding="utf-8")  # Any: the library ships no types
    text = xlwt.easyxf(num_format_str="@")
    for grid in grids:
        sheet = book.add_sheet(grid.name)
        inside = {(merge[0], merge[1]) for merge in grid.merges}
        for (row, column), value in sorted(grid.cells.items()):
            if (row, column) not in inside:
                sheet.write(row - 1, column - 1, value.value if isinstance(value, Formula) else value, text)
        for top, left, bottom, right in grid.merges:
            sheet.write_merge(top - 1, bottom - 1, left - 1, right - 1, grid.cells.get((top, left)), text)
        for row in grid.hidden:
            sheet.row(row - 1).hidden = True
        sheet.visibility = 0 if grid.visible else 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def renamed_stream(data: bytes, name: str) -> bytes:
    """The compound file with the workbook's stream under another name, as WPS and others have it."""
    old, new = ("Workbook".encode("utf-16-le").ljust(64, b"\0"), name.encode("utf-16-le").ljust(64, b"\0"))
    start = data.index(old)
    return data[:start] + new + (2 * len(name) + 2).to_bytes(2, "little") + data[start + 66 :]


def ods(grids: Sequence[Grid]) -> bytes:
    """A packed OpenDocument spreadsheet, its last row repeated to the end of the sheet as LibreOffice saves it."""
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMES} office:version="1.3">'
    members = {
        "mimetype": _ODS_TYPE,
        "content.xml": content + _ODS_BODY.format("".join(map(_ods_table, grids))) + "</office:document-content>",
        "META-INF/manifest.xml": '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/></manifest:manifest>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, CREATED.timetuple()[:6]), text.encode(), how)
    return out.getvalue()


def flat_ods(grids: Sequence[Grid]) -> bytes:
    """The same as one XML file."""
    head = f'<?xml version="1.0" encoding="UTF-8"?><office:document {_ODS_NAMES} office:mimetype="{_ODS_TYPE}">'
    return (head + _ODS_BODY.format("".join(map(_ods_table, grids))) + "</office:document>").encode()


def _ods_table(grid: Grid) -> str:
    merges = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merges}
    out, last = "", 0
    for last, line in lines_of(grid):
        cells = "".join(_ods_cell(value, merges.get((last, n), (1, 1))) for n, value in enumerate(line, 1))
        hidden = ' table:visibility="collapse"' if last in grid.hidden else ""
        out += f"<table:table-row{hidden}>{cells}</table:table-row>"
    rest = f'<table:table-row table:number-rows-repeated="{_ROWS_OF_ODS - last}"><table:table-cell '
    style = "" if grid.visible else ' table:style-name="ta2"'
    columns = '<table:table-column table:number-columns-repeated="16384"/>'
    tail = f'{rest}table:number-columns-repeated="16384"/></table:table-row>'
    return f'<table:table table:name="{grid.name}"{style}>{columns}{out}{tail}</table:table>'


def _ods_cell(value: Cell, span: tuple[int, int]) -> str:
    high, wide = span
    spans = f' table:number-rows-spanned="{high}" table:number-columns-spanned="{wide}"' if span != (1, 1) else ""
    text = "".join(f"<text:p>{html.escape(line)}</text:p>" for line in shown(value).split("\n"))
    if value is None or value == "":
        return f"<table:table-cell{spans}/>"
    kind = f'float" office:value="{value}' if isinstance(value, int | float) else "string"
    return f'<table:table-cell{spans} office:value-type="{kind}">{text}</table:table-cell>'


def xml_sheet(grids: Sequence[Grid], charset: str = "utf-8", declared: str = "utf-8") -> bytes:
    """Excel's XML spreadsheet of 2003."""
    space = "urn:schemas-microsoft-com:office:"
    head = f'<?xml version="1.0" encoding="{declared}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    names = f'xmlns="{space}spreadsheet" xmlns:x="{space}excel" xmlns:ss="{space}spreadsheet"'
    return f"{head}<Workbook {names}>{''.join(map(_xml_table, grids))}</Workbook>".encode(charset)


def _xml_table(grid: Grid) -> str:
    merges = {(top, left): (bottom - top, right - left) for top, left, bottom, right in grid.merges}
    out = ""
    for row, line in lines_of(grid):
        cells = "".join(
            _xml_cell(value, number, merges.get((row, number), (0, 0)))
            for number, value in enumerate(line, 1)
            if value is not None
        )
        hidden = ' ss:Hidden="1"' if row in grid.hidden else ""
        out += f'<Row ss:Index="{row}"{hidden}>{cells}</Row>' if cells else ""
    state = "" if grid.visible else "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    return f'<Worksheet ss:Name="{grid.name}"><Table>{out}</Table>{state}</Worksheet>'


def _xml_cell(value: Cell, column: int, more: tuple[int, int]) -> str:
    down, across = more
    spans = f' ss:MergeDown="{down}" ss:MergeAcross="{across}"' if more != (0, 0) else ""
    kind = "Number" if isinstance(value, int | float) else "String"
    text = html.escape(shown(value)).replace("\n", "&#10;")
    return f'<Cell ss:Index="{column}"{spans}><Data ss:Type="{kind}">{text}</Data></Cell>'


def excel_page(grid: Grid, charset: str = "gb2312") -> bytes:
    """A page as Excel saves it: cells by class, numbers under a number format, rows hidden by style."""
    page = _EXCEL_PAGE.format(charset=charset, body=_rows(grid, classes=True))
    return page.encode("gb18030" if charset.startswith("gb") else charset)


def report_page(grid: Grid, charset: str = "utf-8") -> bytes:
    """A bare table as web systems export it under the name of Excel."""
    return f'<table border="1">{_rows(grid, classes=False)}</table>'.encode(charset)


def _rows(grid: Grid, *, classes: bool) -> str:
    merges, covered = spans_of(grid.merges)
    out = ""
    for row, line in lines_of(grid):
        cells = "".join(
            _html_cell(value, merges.get((row, number), (1, 1)), classes=classes)
            for number, value in enumerate(line, 1)
            if (row, number) not in covered
        )
        hidden = " style='display:none'" if row in grid.hidden else ""
        out += f"<tr{hidden}>{cells}</tr>\n"
    return f"<table border=0>\n{out}</table>" if classes else out


def _html_cell(value: Cell, span: tuple[int, int], *, classes: bool) -> str:
    high, wide = span
    spans = f" rowspan={high} colspan={wide}" if span != (1, 1) else ""
    text = html.escape(shown(value)).replace("\n", "<br>") or "&nbsp;"
    style = f" class={'xl66' if isinstance(value, int | float) else 'xl65'}" if classes else ""
    return f"<td{style}{spans}>{text}</td>"


def text(grid: Grid, mark: str, charset: str, *, bom: bytes = b"", wrapped: bool = False) -> bytes:
    """A text table. `wrapped`: long numbers stand as `="..."`, which keeps Excel from rounding them."""
    out = "".join(
        mark.join(_text_cell(value, mark, wrapped=wrapped) for value in line) + "\r\n" for _, line in lines_of(grid)
    )
    return bom + out.encode(charset)


def _text_cell(value: Cell, mark: str, *, wrapped: bool) -> str:
    plain = shown(value)
    if wrapped and plain.isdigit() and len(plain) > 10:
        return f'="{plain}"'
    quoted = mark in plain or "\n" in plain or '"' in plain
    return '"' + plain.replace('"', '""') + '"' if quoted else plain
