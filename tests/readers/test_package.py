"""What a package says of itself, against openpyxl's own reading of the same bytes and on packages others write."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.workbook.defined_name import DefinedName

from mailbot.readers.package import Package


def saved(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(data: bytes, **members: Callable[[str], str]) -> bytes:
    """The package with members changed; a dot in a name is written as two underscores, a slash as one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            change = members.get(item.filename.replace(".", "__").replace("/", "_"))
            content = source.read(item)
            target.writestr(item.filename, change(content.decode()) if change else content)
    return out.getvalue()


def three_sheets(book: openpyxl.Workbook) -> None:
    book.active.title = "名单"  # type: ignore[union-attr]  # a new workbook has a sheet
    book.create_sheet("备份").sheet_state = "hidden"
    book.create_chartsheet("图表")
    book.create_sheet("更深").sheet_state = "veryHidden"


def test_tables_in_order_with_their_state_and_no_charts() -> None:
    found = [(entry.name, entry.visible) for entry in Package(saved(three_sheets)).entries()]
    assert found == [("名单", True), ("备份", False), ("更深", False)]


def test_a_relation_may_be_written_from_the_root_or_from_beside() -> None:
    data = saved(three_sheets)
    absolute = rewritten(data, xl__rels_workbook__xml__rels=lambda xml: xml.replace('"worksheets/', '"/xl/worksheets/'))
    beside = rewritten(data, xl__rels_workbook__xml__rels=lambda xml: xml.replace('"/xl/worksheets/', '"worksheets/'))
    targets = [entry.target for entry in Package(absolute).entries()]
    assert targets == [entry.target for entry in Package(beside).entries()]
    assert targets[0] == "xl/worksheets/sheet1.xml"


def test_a_sheet_whose_member_is_missing_is_no_table() -> None:
    data = rewritten(saved(three_sheets), xl__rels_workbook__xml__rels=lambda xml: xml.replace("sheet1.xml", "no.xml"))
    assert [entry.name for entry in Package(data).entries()] == ["备份", "更深"]


def test_a_sheet_outside_the_package_is_not_fetched() -> None:
    def outside(xml: str) -> str:
        return xml.replace("/xl/worksheets/sheet1.xml", 'http://example.cn/a.xml" TargetMode="External', 1)

    data = rewritten(saved(three_sheets), xl__rels_workbook__xml__rels=outside)
    assert "名单" not in [entry.name for entry in Package(data).entries()]


STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def strict(xml: str) -> str:
    for usual, name in STRICT:
        xml = xml.replace(usual, name)
    return xml


def respelt(data: bytes, spell: Callable[[str], str]) -> bytes:
    """The package with every member under another spelling of its name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            target.writestr(spell(item.filename), source.read(item))
    return out.getvalue()


def test_a_strict_workbook_lists_its_sheets_as_any_other() -> None:
    usual = saved(three_sheets)
    members = {item.filename.replace(".", "__").replace("/", "_"): strict for item in zipped(usual)}
    assert list(Package(rewritten(usual, **members)).entries()) == list(Package(usual).entries())


def zipped(data: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [item for item in archive.infolist() if item.filename.endswith((".xml", ".rels"))]


@pytest.mark.parametrize("spell", [str.upper, str.lower, lambda name: name.replace("/", "\\")])
def test_member_names_are_compared_without_case_and_slash(spell: Callable[[str], str]) -> None:
    package = Package(respelt(saved(three_sheets), spell))
    assert [entry.name for entry in package.entries()] == ["名单", "备份", "更深"]
    assert package.open(next(package.entries()).target).read().startswith(b"<worksheet")


def test_the_workbook_is_where_its_relation_says() -> None:
    moved = respelt(saved(three_sheets), lambda name: name.replace("workbook.xml", "book1.xml"))
    data = rewritten(moved, _rels___rels=lambda xml: xml.replace("workbook.xml", "book1.xml"))
    assert [entry.name for entry in Package(data).entries()] == ["名单", "备份", "更深"]


def test_relations_that_are_missing_leave_the_usual_names() -> None:
    data = respelt(saved(three_sheets), lambda name: name.replace("_rels/.rels", "_rels/none.rels"))
    assert len(list(Package(data).entries())) == 3


def test_a_package_without_a_workbook_is_refused() -> None:
    with pytest.raises(KeyError):
        Package(respelt(saved(three_sheets), lambda name: name.replace("xl/workbook.xml", "xl/none.xml")))


def test_defined_names_at_most_so_many() -> None:
    def named(book: openpyxl.Workbook) -> None:
        for number in range(5):
            book.defined_names[f"n{number}"] = DefinedName(f"n{number}", attr_text=f"Sheet!$A${number + 1}")

    package = Package(saved(named))
    assert dict(package.names(2)) == {"n0": "Sheet!$A$1", "n1": "Sheet!$A$2"}
    assert len(dict(package.names(99))) == 5


def dated(book: openpyxl.Workbook) -> None:
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A2"], sheet["A3"], sheet["A4"] = datetime(2020, 7, 8), timedelta(hours=30), 12.5, "字"  # noqa: DTZ001 - a cell has no zone
    sheet["A3"].number_format = '0.00"天"'
    sheet["A5"] = 44020
    sheet["A5"].number_format = 'yyyy"年"m"月"d"日"'


def test_styles_that_make_a_date_are_those_openpyxl_finds() -> None:
    data = saved(dated)
    formats = Package(data).formats
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    for cell in ("A1", "A2", "A3", "A4", "A5"):
        style = sheet[cell].style_id
        assert (style in formats.dates) == sheet[cell].is_date, cell
    assert sheet["A2"].style_id in formats.durations
    assert sheet["A1"].style_id not in formats.durations


def test_the_first_day_of_a_mac_workbook() -> None:
    def mac(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    assert Package(saved(dated)).formats.epoch == CALENDAR_WINDOWS_1900
    assert Package(saved(mac)).formats.epoch == CALENDAR_MAC_1904


@pytest.mark.parametrize("styles", ["<styleSheet", "<x><numFmts/></x>"])
def test_broken_styles_cost_the_dates_alone(styles: str) -> None:
    data = rewritten(saved(dated), xl_styles__xml=lambda _: styles)
    package = Package(data)
    assert package.formats.dates == frozenset()
    assert [entry.name for entry in package.entries()] == ["Sheet"]
