"""The returned workbook: what to correct, masked, in cells that keep digits and run nothing."""

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from mailbot.domain.document import CORRECTED_CASE
from mailbot.domain.letters import CaseView
from mailbot.outbound.book import harmless_cell
from mailbot.outbound.correction import HEADINGS, SHEET, correction_book
from tests.outbound.letters import (
    CHECKSUM,
    NO_PHONE,
    REMARK,
    asked,
    case,
    done,
    finding,
    held,
    id_number,
    phone,
    sheets,
)


def book(made: CaseView, *, trusted: bool = True, whole: bool = False) -> bytes:
    content = correction_book(made, trusted=trusted, whole=whole)
    assert content is not None
    return content


def lines(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in line] for line in sheets(content)[0].iter_rows()]


def test_only_rows_to_correct_stand_there() -> None:
    content = book(case(done(1), asked(4, CHECKSUM, NO_PHONE), held(5, REMARK)))
    assert sheets(content)[0].title == SHEET
    heading, *rows = lines(content)
    assert heading == list(HEADINGS)
    assert rows == [
        [
            "9", "4", "欧***", f"{id_number(4)[:3]}*************{id_number(4)[-2:]}", f"139****{phone(4)[-4:]}",
            "身份证号码校验位不符，请核对；缺少手机号码", None, None, None, "Sheet1!1!9#0",
        ]
    ]  # fmt: skip


def test_no_rows_no_workbook() -> None:
    assert correction_book(case(done(1), held(2, REMARK)), trusted=True, whole=False) is None


def test_every_cell_below_the_headings_is_text_also_the_empty_ones() -> None:
    sheet = sheets(book(case(asked(1))))[0]
    for line in sheet.iter_rows(min_row=2, max_col=len(HEADINGS)):
        for cell in line:
            assert cell.number_format == "@", cell.coordinate
            assert cell.data_type in ("s", "n") and not isinstance(cell.value, int | float)  # noqa: PT018 - one cell


def test_the_faulty_cells_are_red_and_no_others() -> None:
    sheet = sheets(book(case(asked(1, CHECKSUM))))[0]
    red = [cell.column for cell in sheet[2] if cell.fill.fgColor.rgb == "FFFFC7CE"]
    assert red == [HEADINGS.index("身份证号码") + 1]


def test_the_case_number_is_hidden_in_a_defined_name() -> None:
    names = load_workbook(BytesIO(book(case(asked(1))))).defined_names
    assert names[CORRECTED_CASE].attr_text == '"2020-000012"'
    assert names[CORRECTED_CASE].hidden is True


def test_a_case_number_that_is_none_is_left_out() -> None:
    names = load_workbook(BytesIO(book(case(asked(1), id='1"&HYPERLINK("x")')))).defined_names
    assert CORRECTED_CASE not in names


def test_the_place_is_hidden_and_tells_sheet_panel_row_and_item() -> None:
    content = book(case(replace(asked(4), panel=2, sheet="二队", number=12)))
    assert lines(content)[1][-1] == "二队!2!9#12"
    assert sheets(content)[0].column_dimensions["J"].hidden is True


def test_lengths_are_warned_of_while_typing() -> None:
    found = {
        str(rule.sqref): (rule.formula1, rule.errorStyle)
        for rule in sheets(book(case(asked(1), asked(2))))[0].data_validations.dataValidation
    }
    assert found == {"H2:H3": ("18", "warning"), "I2:I3": ("11", "warning")}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_nothing_a_sender_wrote_becomes_a_formula(start: str) -> None:
    evil = f'{start}HYPERLINK("http://evil.example")'
    row = replace(asked(1), name=evil, serial=evil, sheet=evil)
    content = book(case(row), whole=True)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in archive.namelist() if "external" in name.lower()]
    for value in lines(content)[1]:
        assert not str(value or "").startswith(start)


def test_a_harmless_cell_stays_as_it_is() -> None:
    assert harmless_cell("张三") == "张三"
    assert harmless_cell("\t=1") == "'\t=1"


def test_an_unverified_sender_gets_rows_and_columns_but_no_value() -> None:
    row = lines(book(case(asked(4, CHECKSUM)), trusted=False))[1]
    assert row[:6] == ["9", "4", None, None, None, "身份证号码需要更正"]


def test_whole_cells_show_what_the_sender_wrote() -> None:
    assert lines(book(case(asked(4)), whole=True))[1][2:5] == ["欧阳建国", id_number(4), phone(4)]


def test_an_unknown_value_is_an_empty_cell() -> None:
    row = replace(asked(4), name=None, id_number=None, phone=None)
    assert lines(book(case(row)))[1][2:5] == [None, None, None]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert book(case(asked(1), asked(2))) == book(case(asked(1), asked(2)))


def test_a_message_with_a_whole_number_is_masked_once_more() -> None:
    odd = finding("id.duplicate_conflict", "ask", f"与 {id_number(9)} 重复", "id_number")
    assert id_number(9) not in str(lines(book(case(asked(1, odd)))))
