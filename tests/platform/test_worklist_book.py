"""The files people carry: text cells, no formulas, whole or not there at all."""

import stat
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mailbot.domain.ports import PortError
from mailbot.platform.worklist_book import ListRow, import_book, one_writer, overview_book, write_whole
from mailbot.platform.worklist_data import read_data
from tests.platform.people import person

COLUMNS = read_data(None).columns("open_account")


def row(number: int, name: str = "") -> ListRow:
    one = person(number, name)
    return ListRow(number, one.name, one.id_number, one.phone, None, "0001")


def cells(content: bytes) -> list[list[object]]:
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


def test_every_cell_is_text_in_a_text_format() -> None:
    book = load_workbook(BytesIO(import_book(COLUMNS, [row(1)])))
    for line in book.worksheets[0].iter_rows():
        for cell in line:
            assert (cell.data_type, cell.number_format) == ("s", "@"), cell.coordinate


def test_the_values_are_whole_and_the_batch_stands_in_a_cell() -> None:
    one = person(1)
    assert cells(import_book(COLUMNS, [row(1)])) == [
        ["用户名", "姓名", "身份证号码", "手机号码", "批次"],
        [one.phone, one.name, one.id_number, one.phone, "0001"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_nothing_a_sender_wrote_becomes_a_formula(start: str) -> None:
    value = cells(import_book(COLUMNS, [row(1, f"{start}cmd|' /C calc'!A0")]))[1][1]
    assert str(value).startswith("'")


def test_the_same_rows_give_the_same_bytes() -> None:
    assert import_book(COLUMNS, [row(1), row(2)]) == import_book(COLUMNS, [row(1), row(2)])


def test_the_overview_masks_people_and_counts_the_rest() -> None:
    lines = cells(overview_book([row(1)], total=3))
    text = str(lines)
    assert person(1).phone not in text
    assert person(1).name not in text
    assert "另有 2 行" in text


def test_a_written_file_is_whole_and_the_owners(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_folder_that_is_not_there_is_a_fault_that_may_pass(tmp_path: Path) -> None:
    with pytest.raises(PortError, match=r"a\.xlsx") as fault:
        write_whole(tmp_path / "gone" / "a.xlsx", b"x")
    assert fault.value.retry is True


def test_one_writer_at_a_time_across_threads(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        with one_writer(tmp_path):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1] * 6


def test_a_folder_that_cannot_be_locked_is_a_fault_that_may_pass(tmp_path: Path) -> None:
    with pytest.raises(PortError) as fault, one_writer(tmp_path / "gone"):
        pass
    assert fault.value.retry is True
