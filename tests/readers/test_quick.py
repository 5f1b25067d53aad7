"""The quick reader: where content ends, and whole tables read light."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import FaultKind, Merge, Special
from mailbot.domain.limits import Limits
from mailbot.readers.base import ReadFault
from mailbot.readers.find import read
from mailbot.readers.quick import last_rows, open_quick, read_quick
from tests.examples import examples
from tests.readers.files import cell, data, part_of, xlsx
from tools.stories.binaries import xlsb
from tools.stories.books import patched
from tools.stories.sheets import Grid


def test_where_content_ends(limits: Limits) -> None:
    xml = f'<sheetData><row r="3">{cell("C3", "x")}</row><row r="900000"><c r="A900000" s="1"/></row></sheetData>'
    assert last_rows(xlsx(xml, more={"空": "<sheetData/>"})) == {"名单": 3, "空": 0}


def test_reads_values_places_sheets_and_merges(limits: Limits) -> None:
    xml = (
        f'<sheetData><row r="2">{cell("B2", "甲")}{cell("C2", 13800000000)}{cell("D2", 44020, style=1)}'
        '<c r="E2" t="b"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    )
    found = read_quick(xlsx(xml, more={"藏": data(cell("A1", 1))}, states={"藏": "hidden"}), limits.sheet)
    assert found.light
    assert found.sheets[0].rows == ((), (None, "甲", 13800000000, Special(kind="date", text="2020-07-08"), True))
    assert found.sheets[0].merges == (Merge(top=1, left=1, bottom=1, right=2),)
    assert [(sheet.name, sheet.visible) for sheet in found.sheets] == [("名单", True), ("藏", False)]


def test_a_lost_number_stays_a_number(limits: Limits) -> None:
    value = read_quick(xlsx(data('<c r="A1"><v>500103199003070012</v></c>')), limits.sheet).sheets[0].rows[0][0]
    assert isinstance(value, int | float)
    assert not isinstance(value, int) or value == 500103199003070012


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook", xlsx()[:300]])
def test_what_is_no_workbook_is_unreadable(content: bytes, limits: Limits) -> None:
    for reading in (last_rows, lambda data: read_quick(data, limits.sheet)):
        with pytest.raises(ReadFault) as caught:
            reading(content)
        assert caught.value.kind is FaultKind.UNREADABLE


def test_too_many_sheets(limits: Limits) -> None:
    content = xlsx("<sheetData/>", more={f"表{n}": "<sheetData/>" for n in range(limits.sheet.sheets)})
    with pytest.raises(ReadFault) as caught:
        read_quick(content, limits.sheet)
    assert caught.value.kind is FaultKind.TOO_MANY_ROWS


def test_a_panic_of_the_library_is_a_fault(limits: Limits) -> None:
    """Its class is no `Exception` and cannot be imported; a binary workbook without a known relation raises it."""
    content = xlsb([Grid("名单", {(1, 1): "甲"}, (), frozenset(), ())])
    broken = patched(content, lambda name, data: data.replace(b'"rId1"', b'"rId9"') if "workbook" in name else data)
    with pytest.raises(ReadFault) as caught:
        read_quick(broken, limits.sheet)
    assert (caught.value.kind, caught.value.detail) == (FaultKind.UNREADABLE, "PanicException")


def test_other_ends_of_the_program_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mailbot.readers.quick.io.BytesIO", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_quick(b"")


def test_tables_that_are_too_large_are_refused(limits: Limits) -> None:
    small = limits.sheet.model_copy(update={"rows": 3, "columns": 3})
    for ref in ("A4", "D1"):
        row = ref[1:]
        content = xlsx(f'<sheetData><row r="{row}">{cell(ref, 1)}</row></sheetData>')
        with pytest.raises(ReadFault) as caught:
            read_quick(content, small)
        assert caught.value.kind is FaultKind.TOO_MANY_ROWS


TEXTS = st.lists(st.lists(st.one_of(st.text("甲乙12", max_size=5), st.integers(0, 10**14)), max_size=4), max_size=6)


@examples(30)
@given(TEXTS)
def test_agrees_with_the_full_reader(limits: Limits, table: list[list[str | int]]) -> None:
    letters = "ABCD"
    rows = ["".join(cell(f"{letters[c]}{r}", v) for c, v in enumerate(row)) for r, row in enumerate(table, 1)]
    content = xlsx(data(*rows))
    full = read(part_of(content), content, limits).sheets[0].rows
    quick = read_quick(content, limits.sheet).sheets[0].rows
    assert [row for row in quick if row] == [row for row in full if row]
