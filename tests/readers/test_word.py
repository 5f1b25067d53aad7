"""Word documents: what stands on the page is read, in order, and nothing that was deleted."""

import io
import zipfile

import pytest
from docx.document import Document
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import FaultKind, Merge, Sheet
from mailbot.domain.limits import Limits
from mailbot.readers.base import ReadFault
from mailbot.readers.find import read
from mailbot.readers.word import READER
from tests.examples import examples
from tests.readers.files import part_of
from tests.readers.words import STRICT, by_hand, cell, packed, paragraph, run, table, texts, word

HEAD = ["序号", "姓名", "身份证号码", "手机号码"]
ANNA = ["1", "张三", "500103199003070017", "13800000000"]
BERT = ["2", "李四", "500103199003070025", "13800000001"]


def sheet_of(data: bytes, limits: Limits) -> Sheet:
    document = read(part_of(data), data, limits)
    assert document.fault is None
    assert (document.family, document.reader, len(document.sheets)) == ("document", "word", 1)
    return document.sheets[0]


def fault_of(data: bytes, limits: Limits) -> FaultKind:
    with pytest.raises(ReadFault) as fault:
        READER.read(data, limits)
    return fault.value.kind


def test_label_block_above_a_table(limits: Limits) -> None:
    sheet = sheet_of(word("学员报名名单", "填表单位：某小学\t联系人：王五", [HEAD, ANNA, BERT], "谢谢"), limits)
    assert sheet.rows == (
        ("学员报名名单",),
        ("填表单位：某小学\t联系人：王五",),
        *(tuple(row) for row in (HEAD, ANNA, BERT)),
        ("谢谢",),
    )
    assert [line.row if line else None for line in sheet.lines] == [None, None, 1, 2, 3, None]


def test_merged_cells_stand_once(limits: Limits) -> None:
    def merge(document: Document) -> None:
        found = document.tables[0]
        found.cell(0, 0).merge(found.cell(0, 3))
        found.cell(2, 0).merge(found.cell(3, 0))
        found.cell(2, 2).merge(found.cell(3, 3))

    rows = [["报名名单", "", "", ""], HEAD, ["甲", "张三", "号", ""], ["", "李四", "", ""]]
    sheet = sheet_of(word(rows, change=merge), limits)
    assert sheet.rows[0] == ("报名名单", None, None, None)
    assert sheet.rows[2:] == (("甲", "张三", "号", None), (None, "李四", None, None))
    assert set(sheet.merges) == {
        Merge(top=1, left=1, bottom=1, right=4),
        Merge(top=3, left=1, bottom=4, right=1),
        Merge(top=3, left=3, bottom=4, right=4),
    }


def test_two_cells_merged_downwards_one_below_the_other(limits: Limits) -> None:
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        [cell(paragraph(run(text)), properties=merge), *texts(name)]
        for text, merge, name in (("甲", start, "a"), ("", on, "b"), ("乙", start, "c"), ("", on, "d"), ("丙", "", "e"))
    ]
    sheet = sheet_of(by_hand(table(*rows)), limits)
    assert [row[0] for row in sheet.rows] == ["甲", None, "乙", None, "丙"]
    assert set(sheet.merges) == {Merge(top=1, left=1, bottom=2, right=1), Merge(top=3, left=1, bottom=4, right=1)}


def test_a_continuing_cell_without_a_beginning_is_a_cell(limits: Limits) -> None:
    sheet = sheet_of(by_hand(table([cell(paragraph(run("甲")), properties="<w:vMerge/>"), *texts("乙")])), limits)
    assert sheet.rows == (("甲", "乙"),)


def test_a_table_inside_a_cell_comes_below(limits: Limits) -> None:
    inner = table(texts(*HEAD), texts(*ANNA))
    outer = table([cell(paragraph(run("填表单位：某小学")), inner, paragraph())], texts("盖章"))
    sheet = sheet_of(by_hand(outer), limits)
    assert sheet.rows == (("填表单位：某小学",), ("盖章",), tuple(HEAD), tuple(ANNA))
    assert [line.table if line else 0 for line in sheet.lines] == [1, 1, 2, 2]


def test_a_table_cut_in_two_by_an_empty_line_is_one(limits: Limits) -> None:
    sheet = sheet_of(word([HEAD, ANNA], "", [BERT]), limits)
    assert [(line.table, line.row) for line in sheet.lines if line] == [(1, 1), (1, 2), (1, 3)]


def test_a_list_of_paragraphs_with_tabs(limits: Limits) -> None:
    sheet = sheet_of(word("名单", *("\t".join(row) for row in (HEAD, ANNA, BERT))), limits)
    assert sheet.rows[1:] == (tuple(HEAD), tuple(ANNA), tuple(BERT))


def test_tracked_changes_are_read_as_accepted(limits: Limits) -> None:
    name = paragraph(
        f"<w:del>{run('旧').replace('w:t>', 'w:delText>')}</w:del>", f"<w:ins>{run('张')}</w:ins>", run("三")
    )
    moved = paragraph(f"<w:moveFrom>{run('走')}</w:moveFrom><w:moveTo>{run('来')}</w:moveTo>")
    body = table([cell(name), cell(moved)], texts("删", "除"), properties=["", "<w:del/>"])
    assert sheet_of(by_hand(body), limits).rows == (("张三", "来"),)


def test_what_is_hidden(limits: Limits) -> None:
    body = table(
        texts("甲", "1"), texts("乙", "2"), [cell(paragraph(run("丙", "<w:vanish/>"), run("丁"))), *texts("3")],
        properties=["", "<w:hidden/>", '<w:hidden w:val="0"/>'],
    )  # fmt: skip
    sheet = sheet_of(by_hand(body), limits)
    assert sheet.hidden_rows == {2}
    assert sheet.rows[2] == ("丁", "3")


def test_text_boxes_stand_once(limits: Limits) -> None:
    box = f"<w:txbxContent>{paragraph(run('填表单位：某小学'))}</w:txbxContent>"
    shape = f"<AlternateContent><Choice>{box}</Choice><Fallback>{box}</Fallback></AlternateContent>"
    body = paragraph(f"<w:r>{shape}</w:r>", run("名单"))
    assert sheet_of(by_hand(body), limits).rows == (("填表单位：某小学",), ("名单",))


def test_breaks_controls_and_links(limits: Limits) -> None:
    body = paragraph(
        "<w:r><w:t>甲</w:t><w:noBreakHyphen/><w:t>乙</w:t></w:r>", f"<w:hyperlink>{run('丙')}</w:hyperlink>"
    )
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(run('丁'))}</w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent><w:tr>{''.join(texts('戊', '己'))}</w:tr></w:sdtContent></w:sdt>"
    broken = cell(paragraph(run("庚"), "<w:r><w:br/></w:r>", run("辛")), paragraph(run("壬")))
    sheet = sheet_of(by_hand(f"{body}{control}<w:tbl>{row}<w:tr>{broken}</w:tr></w:tbl>"), limits)
    assert sheet.rows == (("甲-乙丙",), ("丁",), ("戊", "己"), ("庚\n辛\n壬",))


def test_cells_that_begin_further_right(limits: Limits) -> None:
    body = table(texts("甲", "乙"), texts("丙"), properties=["", '<w:gridBefore w:val="1"/>'])
    assert sheet_of(by_hand(body), limits).rows == (("甲", "乙"), (None, "丙"))


def test_strict_files_and_numbered_documents(limits: Limits) -> None:
    body = table(texts("甲", "乙"))
    assert sheet_of(by_hand(body, namespace=STRICT), limits).rows == (("甲", "乙"),)
    assert READER.read(by_hand(body, member="word/document2.xml"), limits).sheets[0].rows == (("甲", "乙"),)


def test_pictures_without_text_are_for_recognition(limits: Limits) -> None:
    picture = paragraph("<w:r><w:drawing/></w:r>")
    assert fault_of(by_hand(picture + paragraph(run("报名名单"))), limits) is FaultKind.OCR_ONLY
    assert sheet_of(by_hand(picture + paragraph(run("说明" * 40))), limits).rows


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        word([HEAD])[:2000],
        packed({"word/document.xml": "<w:document"}),
        packed({"word/document.xml": "<document/>"}),
        packed({"word/other.xml": "<document/>"}),
        by_hand("&e;", before='<!DOCTYPE w:document [<!ENTITY e "x">]>'),
    ],
)
def test_broken_files_are_unreadable(data: bytes, limits: Limits) -> None:
    assert fault_of(data, limits) is FaultKind.UNREADABLE


def test_bombs_and_endless_tables_are_stopped(limits: Limits) -> None:
    assert fault_of(by_hand(" " * 5_000_000), limits) is FaultKind.BOMB
    wide = table([cell(paragraph(run("甲")), properties='<w:gridSpan w:val="60"/>')] * 3)
    assert fault_of(by_hand(wide), limits) is FaultKind.TOO_MANY_ROWS
    deep = "<w:sdt><w:sdtContent>" * 100
    assert sheet_of(by_hand(deep + paragraph(run("甲")) + "</w:sdtContent></w:sdt>" * 100), limits).rows == (("甲",),)


@examples(60)
@given(st.data())
def test_mutated_files_raise_nothing_else(limits: Limits, data: st.DataObject) -> None:
    raw = bytearray(BASE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    read(part_of(b"").model_copy(update={"type": part_of(BASE).type}), bytes(raw), limits)


@examples(80)
@given(st.text('<>/w:ptblrcd ="1&;', max_size=200))
def test_any_markup_raises_nothing_else(limits: Limits, body: str) -> None:
    part = part_of(BASE)
    data = by_hand(body)
    read(part, data, limits)


BASE = word("单位：某小学", [HEAD, ANNA])


def test_the_base_is_what_content_tells(limits: Limits) -> None:
    assert sheet_of(BASE, limits).rows[2] == tuple(ANNA)
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(BASE)).namelist()
