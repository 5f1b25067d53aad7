"""Papers, pictures and the mail's own words: when they are rosters, when the clerk is asked for the Excel file, and what
they add to the list beside them."""

from __future__ import annotations

import pytest

from mailbot.domain.content import DOC, DOCX, PAPER
from mailbot.domain.document import BODY, Document, Fault, FaultKind, Opened, TableRow
from mailbot.domain.facts.roster import ROSTER
from mailbot.domain.findings import Finding
from mailbot.domain.mail import Mail, Part
from mailbot.domain.records import Elsewhere, RosterRecord
from tests.casetypes.support import (
    HEAD,
    Rows,
    document,
    kind,
    labels,
    person_id,
    phone_of,
    rulebook,
    sheet,
    situation,
)

PEOPLE: Rows = [(n, f"陈晓{name}", person_id(n), phone_of(n)) for n, name in ((1, "一"), (2, "二"), (3, "三"))]
LIST: Rows = [*labels(), HEAD, *PEOPLE]
LABELS = len(labels())
WORDS = Mail(subject="2020年公需科目报名名单", text="名单见附件")


def words(rows: Rows, tables: int = 0, number: int = 1, family: str = "document", **more: object) -> Document:
    """A document of these rows, of which the first `tables` are lines of text."""
    lines = tuple(None if n < tables else TableRow(table=1, row=n - tables + 1, page=1) for n in range(len(rows)))
    name = "" if number == BODY else "名单.docx"
    return document(sheet(rows, "", 0, lines=lines), number=number, name=name, family=family, type=DOCX, **more)


def body(rows: Rows, tables: int = 0) -> Document:
    return words(rows, tables, BODY, "body")


def unread(fault: FaultKind, media_type: str, number: int = 1, name: str = "名单.doc") -> Document:
    return Document(number=number, name=name, sha256=f"{number:064}", family="unread", type=media_type,
                    fault=Fault(kind=fault))  # fmt: skip


def part(number: int, *, media_type: str = "image/png", inline: bool = False, size: int = 300_000) -> Part:
    digest = f"{number:064}"
    return Part(number=number, name=f"IMG_{number}.png", sha256=digest, size=size, type=media_type, inline=inline)


def claimed(*documents: Document, mail: Mail = WORDS, parts: tuple[Part, ...] = ()) -> frozenset[int]:
    return kind().claims(Opened(mail=mail.model_copy(update={"parts": parts}), documents=documents))


def records(*documents: Document, mail: Mail = WORDS, parts: tuple[Part, ...] = ()) -> tuple[RosterRecord, ...]:
    opened = Opened(mail=mail.model_copy(update={"parts": parts}), documents=documents)
    return kind().extract(opened, kind().claims(opened))


def findings(record: RosterRecord) -> dict[str, Finding]:
    subject = next(iter(kind().subjects(record, situation())))
    found = rulebook().check("roster", subject.facts, lambda field: kind().where(record, 0, field))
    return {finding.code: finding for finding in found if finding.code.startswith("file.")}


def test_a_paper_with_a_list_is_a_roster_whose_rows_count_in_its_table() -> None:
    [record] = records(words(LIST, LABELS))
    assert [(row.row, row.page, row.sheet) for row in record.rows] == [(2, 1, ""), (3, 1, ""), (4, 1, "")]
    assert record.header.unit == "重庆市某中学"
    place = kind().where(record, 1, "id_number")
    assert (place.row, place.cell, place.page) == (2, "C2", 1)
    assert record.header.where["unit"].row is None


def test_of_several_tables_the_table_stands_for_the_sheet() -> None:
    found = words([*LIST, ("二支部",), HEAD, (1, "李四", person_id(9), phone_of(9))], LABELS)
    lines = [*found.sheets[0].lines[:-3], None, TableRow(table=2, row=1), TableRow(table=2, row=2)]
    two = found.model_copy(update={"sheets": (found.sheets[0].model_copy(update={"lines": tuple(lines)}),)})
    [record] = records(two)
    assert [(row.sheet, row.row) for row in record.rows] == [("表1", 2), ("表1", 3), ("表1", 4), ("表2", 2)]


def test_a_list_in_the_mail_itself_has_no_attachment() -> None:
    [record] = records(body(LIST, LABELS))
    assert (record.source.attachment, record.source.number, len(record.rows)) == (None, BODY, 3)
    assert kind().where(record, 0, None).attachment is None


def test_without_heading_a_right_id_number_must_stand_there() -> None:
    assert claimed(body([row[1:] for row in PEOPLE])) == {BODY}
    assert claimed(body([("王五", "13900000000"), ("李四", "13900000001")])) == set()
    assert claimed(body([("订单", "202009142020091234", "13900000001")])) == set()


@pytest.mark.parametrize("family", ["body", "document"])
def test_people_in_running_prose_are_no_list(family: str) -> None:
    line = f"我是陈晓一，身份证号码{person_id(1)}，手机{phone_of(1)}，请注册。"
    found = words([(line,), ("谢谢",)], 2, BODY if family == "body" else 1, family)
    assert claimed(found, mail=Mail(subject="情况说明")) == set()


def test_an_empty_form_in_a_paper_is_an_empty_roster_and_in_the_mail_nothing() -> None:
    assert claimed(words([*labels(), HEAD], LABELS)) == {1}
    assert claimed(body([*labels(), HEAD], LABELS)) == set()


def test_a_covering_letter_is_asked_for_its_list_and_another_letter_is_not() -> None:
    letter = words([("关于报送报名名单的函",), ("请予办理。",)], 2)
    [record] = records(letter)
    assert set(findings(record)) == {"file.wrong_form"}
    assert claimed(letter, mail=Mail(subject="请示")) == set()
    assert claimed(words([("关于公需科目学习的说明",)], 1)) == {1}  # its name says 名单
    assert claimed(words([("缴费承诺书",)], 1)) == set()


PICTURES = (part(1), part(2), part(3), part(4))


def test_pictures_of_a_list_are_one_case_that_asks_for_the_excel_file() -> None:
    [record] = records(parts=PICTURES)
    assert record.fault is FaultKind.OCR_ONLY
    found = findings(record)
    assert set(found) == {"file.ocr_only"}
    assert "“IMG_1.png、IMG_2.png、IMG_3.png等4个文件”是图片或扫描件" in found["file.ocr_only"].message


def test_pictures_of_something_else_are_nobodys() -> None:
    for subject in ("咨询", "补学缴费凭证", "报名补学，缴费截图见附件"):
        assert claimed(parts=PICTURES, mail=Mail(subject=subject)) == set()


def test_a_logo_is_no_list_and_a_pasted_photo_may_be() -> None:
    assert claimed(parts=(part(1, inline=True, size=4_000),)) == set()
    assert claimed(parts=(part(1, inline=True),)) == {1}
    assert claimed(parts=(part(1, inline=True), part(2, media_type="application/zip"))) == set()


def test_beside_a_list_nobody_is_asked_for_its_scan() -> None:
    roster = document(sheet(LIST), number=9)
    scan = unread(FaultKind.OCR_ONLY, "application/pdf", 2, "盖章.pdf")
    assert claimed(roster, scan, unread(FaultKind.UNSUPPORTED, DOC, 3), parts=PICTURES) == {9}
    assert claimed(roster, unread(FaultKind.UNREADABLE, "application/zip", 2)) == {9, 2}


@pytest.mark.parametrize("media_type", sorted(PAPER))
def test_a_broken_paper_counts_where_the_mail_brings_a_list(media_type: str) -> None:
    paper = unread(FaultKind.UNREADABLE, media_type)
    assert claimed(paper) == {1}
    assert claimed(paper, mail=Mail(subject="补学", text="见凭证")) == set()


def test_a_broken_workbook_counts_unless_the_mail_is_about_something_else() -> None:
    broken = unread(FaultKind.UNREADABLE, "application/zip", 1, "a.zip")
    assert claimed(broken, mail=Mail()) == {1}
    assert claimed(broken, mail=Mail(subject="缴费凭证")) == set()


def test_a_signature_file_is_no_list() -> None:
    assert claimed(unread(FaultKind.UNSUPPORTED, "application/octet-stream", 1, "smime.p7s")) == set()


@pytest.mark.parametrize(
    ("fault", "media_type", "said"),
    [
        (FaultKind.UNREADABLE, DOCX, "打不开，可能已损坏"),
        (FaultKind.UNSUPPORTED, DOC, "是旧版Word文档（.doc），系统不能读取"),
        (FaultKind.UNSUPPORTED, "application/x-unheard-of", "不是系统能读取的表格"),
    ],
)
def test_the_sentence_says_what_is_wrong_with_the_file(fault: FaultKind, media_type: str, said: str) -> None:
    [record] = records(unread(fault, media_type))
    found = findings(record)
    assert set(found) == {"file.unreadable"}
    assert f"附件“名单.doc”{said}，请把名单填入Excel文件" in found["file.unreadable"].message


def test_files_of_one_kind_that_nobody_reads_are_told_together() -> None:
    found = records(unread(FaultKind.UNSUPPORTED, DOC, 1, "甲.doc"), unread(FaultKind.UNSUPPORTED, DOC, 2, "乙.doc"))
    assert [record.files for record in found] == [("甲.doc", "乙.doc")]
    other = unread(FaultKind.UNSUPPORTED, "application/rtf", 2, "乙.rtf")
    assert len(records(unread(FaultKind.UNSUPPORTED, DOC), other)) == 2
    assert len(records(unread(FaultKind.UNREADABLE, DOCX), unread(FaultKind.UNREADABLE, DOCX, 2))) == 2


def test_the_same_list_in_mail_paper_and_workbook_is_one() -> None:
    [record] = records(body([HEAD, *PEOPLE]), words(LIST, LABELS, 2), document(sheet(LIST), number=3))
    assert record.source.number == 3
    assert record.ignored == ("名单.docx", "邮件正文")
    assert all(row.elsewhere is Elsewhere.NO for row in record.rows)


def test_a_part_of_the_list_in_the_mail_adds_nothing_and_another_value_makes_both_wait() -> None:
    [record] = records(body([HEAD, PEOPLE[1]]), document(sheet(LIST)))
    assert record.ignored == ("邮件正文",)
    changed = (2, "陈晓二", person_id(2), phone_of(77))
    first, second = records(body([HEAD, changed]), document(sheet(LIST)))
    assert [row.elsewhere for row in first.rows] == [Elsewhere.NO, Elsewhere.CONFLICT, Elsewhere.NO]
    assert second.rows[0].elsewhere is Elsewhere.CONFLICT


def test_a_remark_in_the_mail_is_not_lost() -> None:
    remarked = (*PEOPLE[1], "已离职")
    assert len(records(body([HEAD, remarked]), document(sheet(LIST)))) == 2


def test_a_list_of_another_unit_is_no_copy() -> None:
    other = [*labels("重庆市另一中学"), HEAD, *PEOPLE]
    assert len(records(words(other, LABELS, 2), document(sheet(LIST)))) == 2


def test_more_people_in_the_mail_are_of_the_attachments_unit() -> None:
    first, second = records(body([HEAD, (4, "李四", person_id(9), phone_of(9))]), document(sheet(LIST)))
    assert (first.source.number, second.source.number) == (1, BODY)
    assert second.header.unit == first.header.unit
    assert second.header.order_no == first.header.order_no
    named = records(
        body([("单位：重庆市另一中学",), HEAD, (4, "李四", person_id(9), phone_of(9))], 1), document(sheet(LIST))
    )
    assert named[1].header.unit == "重庆市另一中学"


def test_somebody_in_prose_beside_a_list_is_counted() -> None:
    prose = [(f"另外补充李四，身份证{person_id(9)}，谢谢。{person_id(1)}",)]
    [record] = records(body(prose, 1), document(sheet(LIST)))
    assert record.unread_people == 1
    assert ROSTER.index["sheet.unread_people"] >= 0
    [alone] = records(body([(f"名单共3人，含{person_id(1)}",)], 1), document(sheet(LIST)))
    assert alone.unread_people == 0


ROUND = "500103198503120000"


def test_one_right_number_that_ends_in_zeros_is_somebodys_and_several_were_rounded() -> None:
    right = next(
        number for n in range(100) if (number := person_id(n * 100, born=f"198503{n % 28 + 1:02d}")).endswith("000")
    )
    [one] = records(words([HEAD, (1, "陈晓一", right, phone_of(1)), *PEOPLE[1:]]))
    assert one.rows[0].id_number == right
    [many] = records(words([HEAD, (1, "陈晓一", right, phone_of(1)), (2, "陈晓二", ROUND, phone_of(2))]))
    assert [row.id_number for row in many.rows] == [None, None]
