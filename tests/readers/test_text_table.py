"""Text tables in every charset and with every delimiter that Excel and WPS write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Cell, Document, FaultKind, Special
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


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "\uff0c", "|"])
def test_reads_every_charset_and_delimiter(charset: str, mark: str, limits: Limits) -> None:
    document = opened(TEXT.replace(",", mark).encode(charset), limits)
    assert document.fault is None
    assert document.sheets[0].rows == ROWS
    assert (document.family, document.reader, document.light) == ("text_table", "text_table", False)


def test_excels_wrapping_goes_and_lost_digits_stay_recognisable(limits: Limits) -> None:
    text = 'a,b,c\n="500103199003070012",\'13800000000,5.00103E+17\n"=""5001""",500103199003070000,=A1\n'
    assert rows(text, limits)[1:] == (
        ("500103199003070012", "'13800000000", "5.00103E+17"),
        ("5001", "500103199003070000", "=A1"),
    )


def test_an_error_value_is_known_by_its_name(limits: Limits) -> None:
    assert rows("a,b,c\n#N/A,#REF!,# N/A\n", limits)[1] == (
        Special(kind="error", text="#N/A"),
        Special(kind="error", text="#REF!"),
        "# N/A",
    )


def test_quotes_and_line_ends_inside_cells(limits: Limits) -> None:
    assert rows('a,b\r\n"甲, 乙","一\n二"\r\nc,d\r\n', limits)[1] == ("甲, 乙", "一\n二")


def test_a_stray_quotation_mark_does_not_swallow_the_rows(limits: Limits) -> None:
    text = "a,b,c\n" + '"甲,1,2\n' + "乙,3,4\n" * 60
    assert len(rows(text, limits)) == 62


def test_a_stray_quotation_mark_in_a_short_list(limits: Limits) -> None:
    found = rows('a,b,c\n"甲,1,2\n乙,3,4\n丙,5,6\n', limits)
    assert found[1:] == (('"甲', "1", "2"), ("乙", "3", "4"), ("丙", "5", "6"))


def test_a_quotation_mark_without_end_in_a_long_list(limits: Limits) -> None:
    assert len(rows("a,b,c\n" + '"甲,1,2\n' + "乙乙乙乙乙乙乙乙,3,4\n" * 20_000, limits)) == 20_002


def test_the_line_below_a_heading_is_nobody(limits: Limits) -> None:
    text = "| 姓名 | 电话 |\n|------|:----:|\n| 甲 | 1 |\n"
    assert rows(text, limits) == ((None, " 姓名 ", " 电话 ", None), (None, " 甲 ", " 1 ", None))


def test_tabs_that_force_text_do_not_part_the_cells(limits: Limits) -> None:
    assert rows("a,b,c\n1,500\t,138\t\n2,501\t,139\t\n", limits)[1] == ("1", "500\t", "138\t")


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_file_that_was_cut_off_keeps_its_charset(charset: str, limits: Limits) -> None:
    people = "".join(f"谭丽华{'镕喆'[n % 2]},5001031990{n:08d},13800000000\r\n" for n in range(30))
    content = (TEXT + people + "谭").encode(charset)
    document = opened(content[:-1], limits)
    assert document.fault is None
    assert document.sheets[0].rows[:3] == ROWS
    assert document.sheets[0].rows[-1] == ("\ufffd",)


def test_empty_cells_and_trailing_lines(limits: Limits) -> None:
    assert rows("a,b,c\n,x,\n,,\n , ,\n\n", limits) == (("a", "b", "c"), (None, "x", None))


@pytest.mark.parametrize("mark", [";", "*", ","])
def test_the_separator_line_of_excel(mark: str, limits: Limits) -> None:
    text = f"SEP={mark}\r\na{mark}b{mark}c\r\n1{mark}2,5{mark}3\r\n" if mark != "," else "sep=,\na,b\n1,2\n"
    assert rows(text, limits)[0] == (("a", "b", "c") if mark != "," else ("a", "b"))


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
