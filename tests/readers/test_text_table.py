"""Text tables in every charset and with every delimiter that Excel and WPS write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Cell, Document, FaultKind
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.readers.find import read
from tests.readers.files import part_of

TEXT = "姓名,身份证号码,手机号码\r\n甲镕,500103199003070012,13800000000\r\n乙,500103199003070020,13800000001\r\n"
ROWS = (
    ("姓名", "身份证号码", "手机号码"),
    ("甲镕", "500103199003070012", "13800000000"),
    ("乙", "500103199003070020", "13800000001"),
)


def opened(content: bytes, limits: Limits) -> Document:
    return read(part_of(content), content, limits)


def rows(text: str, limits: Limits) -> tuple[tuple[Cell, ...], ...]:
    document = opened(text.encode(), limits)
    assert document.fault is None
    return document.sheets[0].rows


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_reads_every_charset_and_delimiter(charset: str, mark: str, limits: Limits) -> None:
    document = opened(TEXT.replace(",", mark).encode(charset), limits)
    assert document.fault is None
    assert document.sheets[0].rows == ROWS
    assert (document.family, document.reader, document.light) == ("text_table", "text_table", False)


def test_excels_wrapping_stays_recognisable(limits: Limits) -> None:
    text = 'a,b,c\n="500103199003070012",\'13800000000,5.00103E+17\n"=""5001""",x,y\n'
    assert rows(text, limits)[1:] == (('="500103199003070012"', "'13800000000", "5.00103E+17"), ('="5001"', "x", "y"))


def test_quotes_and_line_ends_inside_cells(limits: Limits) -> None:
    assert rows('a,b\r\n"甲, 乙","一\n二"\r\nc,d\r\n', limits)[1] == ("甲, 乙", "一\n二")


def test_a_stray_quotation_mark_does_not_swallow_the_rows(limits: Limits) -> None:
    text = "a,b,c\n" + '"甲,1,2\n' + "乙,3,4\n" * 60
    assert len(rows(text, limits)) == 62


def test_empty_cells_and_trailing_lines(limits: Limits) -> None:
    assert rows("a,b,c\n,x,\n,,\n , ,\n\n", limits) == (("a", "b", "c"), (None, "x", None))


def test_the_separator_line_of_excel(limits: Limits) -> None:
    assert rows("sep=;\r\na;b;c\r\n1;2;3\r\n", limits) == (("a", "b", "c"), ("1", "2", "3"))


def test_large_tables_are_light_and_too_large_ones_are_refused(limits: Limits) -> None:
    document = opened(b"a,b,c\n" * (limits.sheet.full_rows + 1), limits)
    assert (document.light, len(document.sheets[0].rows)) == (True, limits.sheet.full_rows + 1)
    fault = opened(b"a,b,c\n" * (limits.sheet.rows + 1), limits).fault
    assert fault is not None
    assert fault.kind is FaultKind.TOO_MANY_ROWS


def test_too_many_columns_with_content(limits: Limits) -> None:
    fault = opened(b"a,b," + b"," * 70 + b"x\nc,d\ne,f\n", limits).fault
    assert fault is not None
    assert fault.kind is FaultKind.TOO_MANY_ROWS


def test_what_was_mistaken_for_a_table_is_unreadable(limits: Limits) -> None:
    part = Part(number=1, name="a", sha256="0", size=1, type="text/csv")
    for content in (b"\x00\xff\x01", b"no table"):
        fault = read(part, content, limits).fault
        assert fault is not None
        assert fault.kind is FaultKind.UNREADABLE


@given(st.lists(st.lists(st.text("甲乙a1,;'\"= \t", max_size=6), min_size=3, max_size=5), max_size=12))
def test_any_cells_never_raise(limits: Limits, table: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in table)
    opened(text.encode(), limits).model_dump_json()


@given(st.binary(max_size=300))
def test_any_bytes_never_raise(limits: Limits, content: bytes) -> None:
    part = Part(number=1, name="a", sha256="0", size=1, type="text/csv")
    read(part, content, limits).model_dump_json()
