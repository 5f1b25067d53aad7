"""Workbooks of plain texts: readable by everybody who reads xlsx, text in every cell, no word taken for a formula."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from mailbot.outbound.text_book import Table, text_book
from tests.examples import examples

PEOPLE = Table("导入人员", [20, 12], ["工号", "姓名"], [["13900000001", "欧阳建国"], ["", ""], ["13900000003", "李四"]])
FATES = Table("办理结果", [8], ["原行号"], [["6"]])
TEXTS = st.text(st.characters(exclude_characters="\r"), max_size=20)


def values(content: bytes, sheet: int = 0) -> list[list[object]]:
    rows = load_workbook(BytesIO(content)).worksheets[sheet].iter_rows(values_only=True)
    return [list(row) for row in rows]


def test_sheets_headings_and_rows_are_read_back() -> None:
    content = text_book([PEOPLE, FATES])
    assert load_workbook(BytesIO(content)).sheetnames == ["导入人员", "办理结果"]
    assert values(content) == [["工号", "姓名"], ["13900000001", "欧阳建国"], [None, None], ["13900000003", "李四"]]
    assert values(content, 1) == [["原行号"], ["6"]]


def test_every_cell_is_text_also_the_empty_ones() -> None:
    (first, *_) = load_workbook(BytesIO(text_book([PEOPLE]))).worksheets
    for line in first.iter_rows():
        for cell in line:
            assert cell.number_format == "@", cell.coordinate
            assert cell.value is None or cell.data_type == "s", cell.coordinate
    assert first.freeze_panes == "A2"


def test_digits_stay_as_typed_for_another_reader() -> None:
    sheet = CalamineWorkbook.from_filelike(BytesIO(text_book([PEOPLE]))).get_sheet_by_index(0)
    assert sheet.to_python()[1] == ["13900000001", "欧阳建国"]


def test_the_same_tables_give_the_same_bytes() -> None:
    assert text_book([PEOPLE, FATES]) == text_book([PEOPLE, FATES])


def test_every_part_is_named_related_and_well_formed() -> None:
    package = zipfile.ZipFile(BytesIO(text_book([PEOPLE, FATES])))
    assert package.testzip() is None
    types = etree.fromstring(package.read("[Content_Types].xml"))
    named = {part.get("PartName") for part in types if part.get("PartName")}
    assert named == {f"/{name}" for name in package.namelist() if name.startswith("xl/") and "_rels" not in name}
    related = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    assert {f"/xl/{one.get('Target')}" for one in related} | {"/xl/workbook.xml"} == named
    for name in package.namelist():
        etree.fromstring(package.read(name))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_no_text_is_a_formula(start: str) -> None:
    content = text_book([Table("a", [9], ["x"], [[f"{start}cmd|' /C calc'!A0"]])])
    [[_], [cell]] = values(content)
    assert str(cell).startswith("'")


def test_columns_beyond_the_alphabet_have_their_letters() -> None:
    wide = Table("a", [5] * 30, [f"h{n}" for n in range(30)], [[f"v{n}" for n in range(30)]])
    sheet = load_workbook(BytesIO(text_book([wide]))).worksheets[0]
    assert (sheet["Z1"].value, sheet["AA1"].value, sheet["AD2"].value) == ("h25", "h26", "v29")


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        text_book([Table("a", [5, 5], ["x", "y"], [["only one"]])])


@examples(60)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5), TEXTS)
def test_any_text_makes_a_readable_workbook(rows: list[list[str]], heading: str) -> None:
    content = text_book([Table("a", [9, 9], [heading, "x"], rows)])
    found = values(content)
    assert len(found) == 1 + len(rows)
    for made, read in zip(rows, found[1:], strict=True):
        for text, cell in zip(made, read, strict=True):
            if text.isalnum() and text.isprintable():
                assert cell == text
