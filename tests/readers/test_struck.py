"""What a clerk has crossed out instead of deleting it: the row says so, in workbooks and in Word documents."""

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from mailbot.domain.limits import Limits
from mailbot.readers.find import read
from tests.readers.files import part_of
from tests.readers.words import by_hand, cell, paragraph, run, table, word

LIST = [["序号", "姓名", "手机号码"], ["1", "张三", "13800000000"], ["2", "李四", "13800000001"]]


def struck(data: bytes, limits: Limits) -> frozenset[int]:
    document = read(part_of(data), data, limits)
    assert document.fault is None
    return document.sheets[0].struck_rows


def workbook(*places: str, font: Font) -> bytes:
    book = openpyxl.Workbook()
    for row in LIST:
        book.worksheets[0].append(row)
    for place in places:
        book.worksheets[0][place].font = font
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("places", "rows"),
    [
        ((), set()),
        (("A3", "B3", "C3"), {3}),
        (("C2",), {2}),
        (("B2", "C3"), {2, 3}),
        (("D2",), set()),
        (("A9",), set()),
    ],
    ids=["none", "a row", "a cell", "two rows", "an empty cell", "an empty row"],
)
def test_a_row_of_a_workbook_in_which_something_is_crossed_out(
    places: tuple[str, ...], rows: set[int], limits: Limits
) -> None:
    assert struck(workbook(*places, font=Font(strike=True)), limits) == rows


def test_other_fonts_cross_nothing_out(limits: Limits) -> None:
    assert struck(workbook("B2", font=Font(bold=True, underline="single", color="FF0000")), limits) == set()
    assert struck(workbook("B2", font=Font(strike=False)), limits) == set()


def row(*cells: str) -> tuple[str, ...]:
    return tuple(cell(paragraph(text)) for text in cells)


@pytest.mark.parametrize(
    ("properties", "rows"),
    [
        ("<w:strike/>", {2}),
        ("<w:dstrike/>", {2}),
        ('<w:strike w:val="true"/>', {2}),
        ('<w:strike w:val="0"/>', set()),
        ("<w:b/><w:u/>", set()),
    ],
)
def test_a_row_of_a_word_table_in_which_something_is_crossed_out(
    properties: str, rows: set[int], limits: Limits
) -> None:
    found = table(row(run("姓名"), run("手机号码")), row(run("张三"), run("13800000000", properties)))
    assert struck(by_hand(found), limits) == rows


def test_what_is_crossed_out_and_shows_nothing_does_not_count(limits: Limits) -> None:
    found = table(row(run("姓名"), run("手机号码")), row(run("张三"), run(" ", "<w:strike/>")))
    assert struck(by_hand(found), limits) == set()


def test_rows_count_from_the_top_of_the_document(limits: Limits) -> None:
    body = paragraph(run("学员报名名单")) + table(
        row(run("姓名"), run("电话")), row(run("张三", "<w:strike/>"), run("1"))
    )
    assert struck(by_hand(body), limits) == {3}
    assert struck(word("学员报名名单", LIST), limits) == set()
