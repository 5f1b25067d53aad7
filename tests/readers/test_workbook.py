"""Workbooks: what every kind of cell becomes, what is hidden, and what a broken or foreign workbook becomes."""

import io
import time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from mailbot.domain.document import Cell, Document, FaultKind, Merge, Special
from mailbot.domain.limits import Limits
from mailbot.readers.find import read
from mailbot.readers.sample import sample_workbook
from tests.readers.files import MAIN, STRICT, cell, data, pack, part_of, parts, roster_rows, xlsx

SAMPLE = sample_workbook()  # once: it has the time of day in it


def opened(content: bytes, limits: Limits) -> Document:
    return read(part_of(content), content, limits)


def rows(content: bytes, limits: Limits) -> tuple[tuple[Cell, ...], ...]:
    document = opened(content, limits)
    assert document.fault is None
    return document.sheets[0].rows


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (cell("A1", "甲"), "甲"),
        (cell("A1", 13800000000), 13800000000),
        (cell("A1", 1.5), 1.5),
        (cell("A1", 500103199003070012), 500103199003070012),
        ('<c r="A1"><v>5.00103199003070E+17</v></c>', 5.00103199003070e17),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="e"><v>#N/A</v></c>', Special(kind="error", text="#N/A")),
        ('<c r="A1" t="str"><f>B1</f><v>文</v></c>', "文"),
        ('<c r="A1"><f>B1</f><v>7</v></c>', 7),
        ('<c r="A1"><f>B1</f></c>', Special(kind="no_value", text="")),
        ('<c r="A1" t="s"><v>0</v></c>', "共享"),
        (cell("A1", 44020, style=1), Special(kind="date", text="2020-07-08")),
        (cell("A1", 44020.5, style=2), Special(kind="date", text="2020-07-08T12:00:00")),
        ('<c r="A1" t="d"><v>2020-07-08T00:00:00</v></c>', Special(kind="date", text="2020-07-08")),
        (cell("A1", "a_x000D_\nb"), "a\r\nb"),
        (cell("A1", "_xD800_x"), "\ufffdx"),
        (cell("A1", "500103199003070012"), "500103199003070012"),
        ('<c r="A1"><v>1E999</v></c>', Special(kind="error", text="#NUM!")),
        (cell("A1", 9e9, style=1), Special(kind="error", text="#VALUE!")),
        (cell("A1", "长" * 500), "长" * 200),
        ("<c><v>3</v></c>", 3),
    ],
)
def test_a_cell_keeps_its_type(xml: str, value: Cell, limits: Limits) -> None:
    found = rows(xlsx(data(xml), strings=["共享"]), limits)
    assert found == ((value,),)
    assert type(found[0][0]) is type(value)


@pytest.mark.parametrize(
    "xml", ['<c r="A1" t="str"><f>B1</f><v></v></c>', '<c r="A1" s="1"/>', cell("A1", ""), '<c r="A1" t="s"/>']
)
def test_what_is_empty_is_empty(xml: str, limits: Limits) -> None:
    """A formula whose stored value is the empty text was calculated; it is not one that nobody calculated."""
    assert rows(xlsx(data(xml + cell("B1", 1))), limits) == ((None, 1),)


def test_rows_and_columns_keep_their_places(limits: Limits) -> None:
    xml = f'<sheetData><row r="3">{cell("C3", "x")}</row><row r="5"><c r="A5" s="1"/></row></sheetData>'
    assert rows(xlsx(xml), limits) == ((), (), (None, None, "x"))


def test_what_is_hidden_and_merged(limits: Limits) -> None:
    xml = (
        '<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" width="0"/><col min="9" max="16384" hidden="1"/></cols>'
        f'<sheetData><row r="1">{cell("A1", 1)}</row><row r="2" hidden="1">{cell("A2", 2)}</row>'
        f'<row r="3" ht="0" customHeight="1">{cell("A3", 3)}</row>'
        f'<row r="4" ht="0.75" customHeight="1">{cell("A4", 4)}</row>'
        f'<row r="5" ht="0.75">{cell("A5", 5)}</row><row r="6" ht="tall" customHeight="1">{cell("A6", 6)}</row></sheetData>'
        '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    )
    sheet = opened(xlsx(xml), limits).sheets[0]
    assert sheet.hidden_rows == {2, 3, 4}
    assert sheet.hidden_columns == {2, 3, 5, *range(9, limits.sheet.columns + 1)}
    assert sheet.merges == (Merge(top=1, left=1, bottom=2, right=2),)


def test_sheets_and_names(limits: Limits) -> None:
    content = xlsx(
        data(cell("A1", 1)),
        more={"藏": data(cell("A1", 2)), "深藏": data(cell("A1", 3))},
        states={"藏": "hidden", "深藏": "veryHidden"},
        names='<definedNames><definedName name="mailbot_case" hidden="1">"R-1"</definedName></definedNames>',
    )
    document = opened(content, limits)
    assert [(sheet.name, sheet.index, sheet.visible) for sheet in document.sheets] == [
        ("名单", 0, True),
        ("藏", 1, False),
        ("深藏", 2, False),
    ]
    assert document.names == {"mailbot_case": '"R-1"'}
    assert (document.family, document.reader, document.light) == ("workbook", "workbook", False)


def test_reads_what_xlsxwriter_writes(limits: Limits) -> None:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("请改这里")
    sheet.write_string(0, 0, "原行号")
    sheet.write_string(1, 0, "=cmd")
    book.define_name("mailbot_case", '="R-1"')
    book.close()
    document = opened(out.getvalue(), limits)
    assert document.sheets[0].rows == (("原行号",), ("=cmd",))
    assert document.names == {"mailbot_case": '"R-1"'}


def test_agrees_with_openpyxl_on_its_own_sample(limits: Limits) -> None:
    content = sample_workbook()
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    theirs = [list(row) for row in sheet.iter_rows(values_only=True)]
    ours = opened(content, limits).sheets[0]
    assert [row[0] for row in ours.rows] == [row[0] for row in theirs]
    assert ours.rows[2][1:3] == ("甲\r", "13800000000")
    assert ours.rows[2][3:5] == (Special(kind="date", text="2020-07-08"), Special(kind="no_value", text=""))
    assert ours.rows[3] == (2.5, "乙", 13800000001, True)
    assert ours.hidden_rows == {4}


def test_broken_decorations_do_not_cost_the_workbook(limits: Limits) -> None:
    xml = (
        data(cell("A1", "甲"))
        + '<dataValidations><dataValidation type="nonsense"/></dataValidations><conditionalFormatting x="y"/>'
    )
    content = xlsx(
        xml,
        extra={"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts><font><b val="zz"/></font></fonts></styleSheet>'},
    )
    document = opened(content, limits)
    assert document.fault is None
    assert document.sheets[0].rows == (("甲",),)
    assert not document.light


def test_a_strict_workbook_is_read_in_full(limits: Limits) -> None:
    members = parts({"名单": data(cell("A1", "甲") + cell("B1", 13800000000))}, {}, "", ())
    content = pack({name: text.replace(MAIN, STRICT) for name, text in members.items()})
    document = opened(content, limits)
    assert (document.light, document.fault) == (False, None)
    assert document.sheets[0].rows == (("甲", 13800000000),)


def test_an_empty_sheet_is_an_empty_sheet(limits: Limits) -> None:
    document = opened(xlsx('<sheetData><row r="1"><c r="A1" s="1"/></row></sheetData>'), limits)
    assert (document.light, document.fault, document.sheets[0].rows) == (False, None, ())


def test_entities_of_a_hostile_file_are_not_resolved(limits: Limits) -> None:
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    text = f'{evil}<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>'
    assert "root:" not in opened(xlsx(extra={"xl/worksheets/sheet1.xml": text}), limits).model_dump_json()


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_unreadable(keep: float, limits: Limits) -> None:
    content = sample_workbook()
    document = opened(content[: int(len(content) * keep)], limits)
    assert document.fault is not None
    assert document.fault.kind is FaultKind.UNREADABLE
    assert document.family == "unread"


def test_a_member_of_an_unknown_kind_gives_a_fault_or_a_person(limits: Limits) -> None:
    content = xlsx(data(cell("A1", 1)))
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/workbook.xml"))
    document = opened(content[: place + 8] + b"\x20\x00" + content[place + 10 :], limits)
    assert document.fault is not None or document.light


@pytest.mark.parametrize(
    "extra",
    [
        {"xl/workbook.xml": "not xml"},
        {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'},
        {"xl/worksheets/sheet1.xml": "<worksheet"},
        {"xl/_rels/workbook.xml.rels": "<x/>"},
    ],
)
def test_broken_parts_give_a_fault_or_a_person(extra: dict[str, str], limits: Limits) -> None:
    document = opened(xlsx(data(cell("A1", 1)), extra=extra), limits)
    assert document.fault is not None or document.light or document.sheets == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_mutated_workbooks_never_raise(limits: Limits, draw: st.DataObject) -> None:
    content = bytearray(SAMPLE)
    for _ in range(draw.draw(st.integers(1, 6))):
        content[draw.draw(st.integers(4, len(content) - 1))] = draw.draw(st.integers(0, 255))
    opened(bytes(content), limits).model_dump_json()


def test_a_very_large_table_is_read_light_and_fast(limits: Limits) -> None:
    content = xlsx(roster_rows(limits.sheet.full_rows + 5_000))
    start = time.process_time()
    document = opened(content, limits)
    ours = time.process_time() - start
    assert (document.light, document.fault) == (True, None)
    found = document.sheets[0].rows
    assert len(found) == limits.sheet.full_rows + 5_000
    assert found[-1] == (25_000, "甲25000", "500103199000025000", 13800025000)
    assert type(found[-1][3]) is int
    start = time.process_time()
    openpyxl.load_workbook(io.BytesIO(content))
    assert ours < time.process_time() - start


def test_too_many_rows(limits: Limits) -> None:
    document = opened(xlsx(roster_rows(limits.sheet.rows + 1)), limits)
    assert document.fault is not None
    assert document.fault.kind is FaultKind.TOO_MANY_ROWS


def test_many_rows_without_content_cost_nothing(limits: Limits) -> None:
    formatted = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(12, 200_000))
    xml = roster_rows(11).replace("</sheetData>", formatted + "</sheetData>")
    start = time.process_time()
    found = rows(xlsx(xml), limits)
    assert len(found) == 11
    assert time.process_time() - start < 3


def test_formulas_behind_the_used_area_are_not_lost(limits: Limits) -> None:
    formulas = [f'<c r="A{n}"><f>Z{n}</f></c>' for n in range(2, 1_501)]
    found = rows(xlsx(data(cell("A1", "姓名"), *formulas)), limits)
    assert found == (("姓名",), *[(Special(kind="no_value", text=""),)] * 1_499)
