"""The platform's error file: headings wherever they stand, whatever the encoding, nothing guessed."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from mailbot.domain.ports import PortError
from mailbot.platform.error_file import ErrorRow, read_errors
from mailbot.platform.worklist_data import read_data

HEADINGS = read_data(None).error_file


def xlsx(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def test_a_workbook_with_headings_below_a_title(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["导入错误文件"],
        ["序号", "用户名", "姓名", "错误信息"],
        [1, "13800000001", "赵小明", "该用户已被分配过激活码"],
        [2, 13800000002, "钱小明", "工号不存在 "],
    ]
    assert read_errors(xlsx(tmp_path / "e.xlsx", rows), HEADINGS) == [
        ErrorRow(3, "13800000001", "该用户已被分配过激活码"),
        ErrorRow(4, "13800000002", "工号不存在"),
    ]


def test_a_number_with_a_decimal_tail_is_the_number(tmp_path: Path) -> None:
    found = read_errors(xlsx(tmp_path / "e.xlsx", [["手机号", "原因"], [13800000002.0, "x"]]), HEADINGS)
    assert found[0].who == "13800000002"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_tables_in_every_encoding(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "e.csv"
    text = f"手机号码{mark}失败原因\r\n'13800000001{mark}工号不存在\r\n１３８００００００02{mark}\u202e已存在\r\n"
    path.write_bytes(text.encode(encoding))
    assert read_errors(path, HEADINGS) == [
        ErrorRow(2, "13800000001", "工号不存在"),
        ErrorRow(3, "13800000002", "已存在"),
    ]


def test_lines_without_a_message_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("用户名,原因\n13800000001,\n\n13800000002\n13800000003,未知\n", "utf-8")
    assert read_errors(path, HEADINGS) == [ErrorRow(5, "13800000003", "未知")]


def test_a_message_about_nobody_is_not_dropped(tmp_path: Path) -> None:
    """Somebody failed: whoever confirms the rest must hear of it."""
    path = tmp_path / "e.csv"
    path.write_text("用户名,原因\n,姓名不符\n13800000003,未知\n", "utf-8")
    assert read_errors(path, HEADINGS) == [ErrorRow(2, "", "姓名不符"), ErrorRow(3, "13800000003", "未知")]


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("500103 19900101 1005", "500103199001011005"),
        ("50010319900101 1001", "50010319900101 1001"),
        ("138****0001", "138****0001"),
        ("zhao.xm", "zhao.xm"),
        ("1380000000", "1380000000"),
    ],
)
def test_a_number_is_known_however_it_is_written_and_nothing_else_becomes_one(
    tmp_path: Path, written: str, who: str
) -> None:
    found = read_errors(xlsx(tmp_path / "e.xlsx", [["用户名", "原因"], [written, "x"]]), HEADINGS)
    assert [error.who for error in found] == [who]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, b"\xff\xff\xff", "甲,乙\n1,2\n".encode()],
    ids=["empty", "broken-zip", "old-office", "no-text", "no-headings"],
)
def test_what_cannot_be_understood_is_refused_for_good(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e.dat"
    path.write_bytes(content)
    with pytest.raises(PortError, match=r"e\.dat") as refused:
        read_errors(path, HEADINGS)
    assert refused.value.retry is False


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PortError, match=r"missing\.csv"):
        read_errors(tmp_path / "missing.csv", HEADINGS)


def test_a_flood_of_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.platform.table_file.MAX_ROWS", 5)
    path = tmp_path / "e.csv"
    path.write_text("用户名,原因\n" + "1,x\n" * 6, "utf-8")
    with pytest.raises(PortError, match="more than 5 rows"):
        read_errors(path, HEADINGS)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.platform.table_file.MAX_BYTES", 5)
    path = tmp_path / "e.csv"
    path.write_text("用户名,原因\n", "utf-8")
    with pytest.raises(PortError, match="larger"):
        read_errors(path, HEADINGS)
