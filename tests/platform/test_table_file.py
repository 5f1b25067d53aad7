"""Tables that staff hand in: every kind of file by content, plain text cells, and lost digits told from empty ones."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from mailbot.domain.ports import PortError
from mailbot.platform.table_file import LOST, cell_at, column_of, read_file, read_table

ROWS = [["订单号", "数量"], ["202007010001", "3"]]


def csv(folder: Path, data: bytes) -> Path:
    path = folder / "a.xls"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_in_every_encoding_under_any_name(tmp_path: Path, encoding: str, mark: str) -> None:
    bom = b"\xff\xfe" if encoding == "utf-16-le" else b""
    text = "\r\n".join(mark.join(row) for row in ROWS)
    assert read_table(csv(tmp_path, bom + text.encode(encoding))) == ROWS


def test_an_old_workbook_and_a_new_one_say_the_same(tmp_path: Path) -> None:
    old, new = xlwt.Workbook(), Workbook()
    sheet = old.add_sheet("订单")
    cells: list[list[object]] = [["订单号", "日期", "数量"], ["A2020070001", date(2020, 7, 1), 3.0], [None, "", 2.5]]
    for r, row in enumerate(cells):
        new.worksheets[0].append(row)
        for c, value in enumerate(row):
            sheet.write(r, c, value, xlwt.easyxf(num_format_str="yyyy-mm-dd" if c == 1 else "general"))
    old.save(tmp_path / "a.dat")
    new.worksheets[0].title = "订单"
    new.save(tmp_path / "b.csv")
    one, other = read_file(tmp_path / "a.dat"), read_file(tmp_path / "b.csv")
    wanted = [["订单号", "日期", "数量"], ["A2020070001", "2020-07-01", "3"], ["", "", "2.5"]]
    assert one.sheets == other.sheets == (("订单", wanted),)
    assert not one.text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (2020070148611513, LOST),
        (5.0e17, LOST),
        (202007010001, "202007010001"),
        (-1, "-1"),
        (datetime(2020, 7, 1, 10, 30), "2020-07-01"),  # noqa: DTZ001 - a spreadsheet's time has no zone
        ("'0012", "0012"),
        ("１２\u200b３ \n 甲", "123 甲"),
        ("x" * 900, "x" * 500),
        (True, "True"),
    ],
)
def test_a_cell_is_plain_text_and_a_lost_number_says_so(tmp_path: Path, cell: object, text: str) -> None:
    book = Workbook()
    book.worksheets[0].append(["值", "末"])
    book.worksheets[0].append([cell, "x"])
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx")[1] == [text, "x"]


def test_a_number_that_a_spreadsheet_keeps_as_text_is_unwrapped(tmp_path: Path) -> None:
    assert read_table(csv(tmp_path, b'a,b\n="500103",2\n')) == [["a", "b"], ["500103", "2"]]


def test_rows_keep_their_numbers_below_empty_ones(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0]["B4"] = "x"
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx")[3] == ["", "x"]


def test_a_page_needs_its_reader(tmp_path: Path) -> None:
    page = csv(tmp_path, b"<html><table><tr><td>a</td></tr></table></html>")
    told = read_file(page, lambda raw: [[["a", 1, raw[:5].decode()]]])
    assert told.sheets == (("", [["a", "1", "<html"]]),)
    assert told.text


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"\xff\xff\xff"]
)
def test_what_is_no_table_is_refused_for_good(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PortError, match=r"a\.xls") as refused:
        read_file(csv(tmp_path, data))
    assert refused.value.retry is False


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.platform.table_file.MAX_BYTES", 10)
    with pytest.raises(PortError, match="larger than"):
        read_file(csv(tmp_path, b"a,b\n" * 9))


@given(st.binary(max_size=300))
def test_no_bytes_bring_another_fault(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    with suppress(PortError):
        told = read_file(path)
        assert all(isinstance(cell, str) for _, rows in told.sheets for row in rows for cell in row)


def test_columns_by_the_preferred_name() -> None:
    assert column_of(["b", "a"], ["a", "b"]) == 1
    assert column_of(["b"], ["a"]) is None
    assert (cell_at(["x"], 0), cell_at(["x"], 3), cell_at(["x"], None)) == ("x", "", "")
