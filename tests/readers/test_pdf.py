"""PDF files: tables and lines of text pages, and pages that only recognition can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import FaultKind, Merge, Sheet
from mailbot.domain.limits import Limits
from mailbot.readers.base import ReadFault
from mailbot.readers.find import read
from mailbot.readers.keys import Keys
from mailbot.readers.pdf import READER
from mailbot.readers.pdf_lock import unlock_pdf
from mailbot.readers.pdf_page import Char, lines_of, ruled, text_of, unwrapped
from tests.examples import examples
from tests.readers.files import part_of
from tests.readers.pdfs import mixed, scan, typed
from tests.readers.pdfs import ruled as ruled_pdf

HEAD = ("序号", "姓名", "身份证号码", "手机号码", "备注")
ABOVE = ("重庆市2020年公需科目培训学员报名名单", "填表单位：某小学　　联系人：王五")


def person(number: int) -> tuple[str, str, str, str, str]:
    return str(number), "欧阳修文", f"5001031990030{number:04d}X", f"1380000{number:04d}", ""


def sheet_of(data: bytes, limits: Limits) -> Sheet:
    document = read(part_of(data), data, limits)
    assert document.fault is None
    assert (document.family, document.reader, len(document.sheets)) == ("document", "pdf", 1)
    return document.sheets[0]


def fault_of(data: bytes, limits: Limits) -> FaultKind:
    with pytest.raises(ReadFault) as fault:
        READER.read(data, limits)
    return fault.value.kind


def filled(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(cell for cell in row if cell is not None)


def test_a_ruled_table_under_its_label_block(limits: Limits) -> None:
    sheet = sheet_of(ruled_pdf(ABOVE, [HEAD, person(1), person(2)]), limits)
    assert sheet.rows[0] == (ABOVE[0],)
    assert str(sheet.rows[1][0]).split() == ["填表单位：某小学", "联系人：王五"]
    assert [filled(row) for row in sheet.rows[2:]] == [HEAD, person(1)[:4], person(2)[:4]]
    assert [line.row if line else None for line in sheet.lines] == [None, None, 1, 2, 3]


def test_a_table_over_several_pages_counts_on(limits: Limits) -> None:
    people = [person(number) for number in range(1, 101)]
    sheet = sheet_of(ruled_pdf(ABOVE, [HEAD, *people], repeat=1), limits)
    tables = [line for line in sheet.lines if line]
    pages = max(line.page or 0 for line in tables)
    assert pages > 1
    assert [line.row for line in tables] == list(range(1, 101 + pages))
    assert {line.table for line in tables} == {1}
    rows = [filled(row) for row in sheet.rows[2:] if row[0] != "序号"]
    assert rows == [found[:4] for found in people]


def test_what_its_width_cut_in_a_cell_is_whole_again(limits: Limits) -> None:
    narrow = (30.0, 40.0, 70.0, 50.0, 40.0)
    sheet = sheet_of(ruled_pdf(ABOVE, [HEAD, person(1)], widths=narrow, wrap=True), limits)
    assert filled(sheet.rows[-1]) == person(1)[:4]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["50010319900307", "001X"], "50010319900307001X"),
        (["欧阳", "修文"], "欧阳修文"),
        (["Abdul", "Rahman"], "Abdul Rahman"),
        (["13800000000", "13900000000"], "13800000000\n13900000000"),
        (["138000", "", "00000"], "13800000000"),
        ([], ""),
    ],
)
def test_wrapped_lines(lines: list[str], text: str) -> None:
    assert unwrapped(lines) == text


def test_a_list_without_ruling_lines(limits: Limits) -> None:
    lefts = (20.0, 35.0, 60.0, 110.0)
    rows = [list(zip(lefts, found[:4], strict=True)) for found in (HEAD, person(1), person(2))]
    sheet = sheet_of(typed(["报名名单", "单位：某小学", *rows, "合计：2人"]), limits)
    assert [line.row if line else None for line in sheet.lines] == [None, None, 1, 2, 3, None]
    assert [row[1:4] for row in sheet.rows[2:5]] == [found[1:4] for found in (HEAD, person(1), person(2))]


def test_a_name_set_wide_stays_in_one_column(limits: Limits) -> None:
    rows = [[(20.0, "张"), (27.0, "三"), (60.0, "50010319900307001X"), (110.0, "13800000000")]]
    assert sheet_of(typed(rows), limits).rows[0][0] == "张 三"


def test_merged_cells_keep_their_range() -> None:
    boxes = [(0.0, 0.0, 20.0, 20.0), (0.0, 20.0, 10.0, 40.0), (10.0, 20.0, 20.0, 40.0)]
    table = ruled(boxes)
    assert table is not None
    assert table.merges == [Merge(top=1, left=1, bottom=1, right=2)]
    for x, y, text in ((3.0, 25.0, "b"), (13.0, 25.0, "c"), (12.0, 5.0, "a")):
        assert table.take(Char(text, x, x + 2, y, y + 5))
    assert table.rows(10) == [("a", None), ("b", "c")]
    assert not table.take(Char("x", 30, 32, 5, 10))


@pytest.mark.parametrize("boxes", [[], [(0.0, 0.0, 9.0, 9.0)], [(0.0, 0.0, 9.0, 9.0), (9.0, 0.0, 18.0, 9.0)]])
def test_a_frame_or_a_single_row_of_boxes_is_no_table(boxes: list[tuple[float, float, float, float]]) -> None:
    assert ruled(boxes) is None


def test_what_is_drawn_twice_stands_once() -> None:
    bold = [Char("张", 10, 20, 0, 10), Char("张", 10.4, 20.4, 0, 10), Char("三", 20.5, 30.5, 0.5, 10.5)]
    assert [text_of(line) for line in lines_of(bold)] == ["张三"]
    assert [text_of(line) for line in lines_of([*bold, Char("丰", 30.6, 40.6, 0, 10)])] == ["张三丰"]
    assert [text_of(line) for line in lines_of([Char("1", 0, 5, 0, 10), Char("1", 5, 10, 0, 10)])] == ["11"]
    assert text_of([]) == ""


def test_pictures_are_for_recognition(limits: Limits) -> None:
    assert fault_of(scan(), limits) is FaultKind.OCR_ONLY
    assert fault_of(scan(3), limits) is FaultKind.OCR_ONLY
    assert fault_of(typed([]), limits) is FaultKind.OCR_ONLY


def test_recognised_text_behind_a_picture_is_not_believed(limits: Limits) -> None:
    assert fault_of(scan(text="张三 50010319900307001X 13800000000"), limits) is FaultKind.OCR_ONLY


def test_half_a_roster_is_none(limits: Limits) -> None:
    assert fault_of(mixed(["张三 50010319900307001X 13800000000"]), limits) is FaultKind.OCR_ONLY


def keys(*found: str, limits: Limits) -> Keys:
    return Keys([f"密码：{key}" for key in found], limits.container)


def test_a_password_is_asked_for_and_opens(limits: Limits) -> None:
    locked = typed(["SHEET"], password="2020", font="Helvetica")
    assert fault_of(locked, limits) is FaultKind.PASSWORD
    plain = unlock_pdf(locked, keys("8888", "2020", limits=limits))
    assert READER.read(plain, limits).sheets[0].rows == (("SHEET",),)
    with pytest.raises(ReadFault) as fault:
        unlock_pdf(locked, keys("2021", limits=limits))
    assert fault.value.kind is FaultKind.PASSWORD


def test_what_needs_no_password_or_is_broken_stays_as_it_is(limits: Limits) -> None:
    for data in (BASE, b"%PDF-1.4", b""):
        assert unlock_pdf(data, keys("2020", limits=limits)) is data


def test_characters_of_which_only_the_shape_is_known_are_for_recognition(limits: Limits) -> None:
    plain = unlock_pdf(typed(["报名名单"], password="2020"), keys("2020", limits=limits))
    assert fault_of(plain, limits) is FaultKind.OCR_ONLY


def test_very_long_files_are_not_read(limits: Limits) -> None:
    few = limits.document.model_copy(update={"pages": 2})
    people = [person(number) for number in range(1, 101)]
    data = ruled_pdf(ABOVE, [HEAD, *people])
    assert fault_of(data, limits.model_copy(update={"document": few})) is FaultKind.TOO_MANY_ROWS
    short = limits.document.model_copy(update={"characters": 1000})
    assert fault_of(data, limits.model_copy(update={"document": short})) is FaultKind.TOO_MANY_ROWS


def test_a_page_of_endless_drawings_is_a_bomb(limits: Limits) -> None:
    few = limits.document.model_copy(update={"drawn": 10})
    assert fault_of(BASE, limits.model_copy(update={"document": few})) is FaultKind.BOMB


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"%PDF-1.7\n%%EOF", ruled_pdf(ABOVE, [HEAD])[:900]])
def test_broken_files_are_unreadable(data: bytes, limits: Limits) -> None:
    assert fault_of(data, limits) is FaultKind.UNREADABLE


BASE = ruled_pdf(ABOVE, [HEAD, person(1)])


@examples(60)
@given(st.data())
def test_mutated_files_raise_nothing_else(limits: Limits, data: st.DataObject) -> None:
    raw = bytearray(BASE)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
    read(part_of(BASE), bytes(raw), limits)
