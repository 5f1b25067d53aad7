"""Makes the blank forms that letters attach: Annex 2 of the notice and its letter of commitment, as docx files.

    python -m tools.make_forms [FOLDER]

The words are the notice's own (附件2). The same bytes come out each time, so that a committed file can be compared.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

FOLDER: Final = Path(__file__).resolve().parent.parent / "templates" / "forms"
FONT: Final = "宋体"
_SAME_DAY: Final = datetime(2020, 7, 7)  # noqa: DTZ001 - a docx file's own time has no zone
_ROWS: Final = 6
_PAID: Final = ("缴费年度", "订单编号", "付款人", "缴费时间", "缴费平台")
_WIDTHS: Final = (2.4, 5.2, 2.4, 3.2, 3.2)
_NOTES: Final = (
    (
        "注意：1.请提前在重庆人社培训网网络学习服务平台注册账号，并如实填写姓名、身份证号码、手机号等信息，工作人员将依据上表"
        "信息及平台注册信息免费开通2016-2019年度专业技术人员继续教育公需科目补学权限。"
    ),
    "2.请将此表发送至cqgxkm@cqhrsp.com邮箱，工作人员审核通过后（一般在3个工作日内完成审核）可免费进入现平台进行补学。",
)
_PROMISE: Final = (
    (
        "本人         ，身份证号码：                    ，手机号码：               ，已于     年    月    日"
        "缴费报名参加              公需科目学习。因                              原因，无法提供缴费凭证。"
    ),
    (
        "本人现已在重庆人社培训网网络学习服务平台注册，用户名为               ，"
        "现申请免费参加               继续教育公需科目的学习，并承诺如下："
    ),
    (
        "1、本人在参与专业技术人员继续教育公需科目补学过程中提供的相关资料，本人均予以认可，自愿提供。本人所提供的缴费信息"
        "真实有效，如系伪造，本人愿依法承担相应法律责任。"
    ),
    (
        "2、本人知晓并理解提供不实信息对个人诚信记录的风险，如给专业技术人员继续教育公需科目培训主管单位、承训单位造成损失的，"
        "愿意承担赔偿及相应的法律责任。"
    ),
)


def payment_form() -> bytes:
    """《2016-2019年公需科目缴费凭证表》: the person, six payments, and a place for pictures."""
    form = _blank("2016-2019年公需科目缴费凭证")
    table = form.add_table(rows=3 + _ROWS + 2, cols=len(_PAID))
    table.style = "Table Grid"
    _said(table, 0, {0: "姓名", 2: "手机号码"})
    table.cell(0, 3).merge(table.cell(0, 4))
    _said(table, 1, {0: "身份证号码"})
    table.cell(1, 1).merge(table.cell(1, 4))
    _said(table, 2, dict(enumerate(_PAID)))
    proof = 3 + _ROWS
    for row in (proof, proof + 1):
        table.cell(row, 0).merge(table.cell(row, 4))
    _said(table, proof, {0: "以下请填写相关缴费证明材料（如缴费平台网页截图等）"})
    table.rows[proof + 1].height = Cm(6)
    for column, width in enumerate(_WIDTHS):
        for cell in table.columns[column].cells:
            cell.width = Cm(width)
    for note in _NOTES:
        _paragraph(form, note)
    return _same(form)


def commitment_form() -> bytes:
    """《缴费承诺书》, with its blanks."""
    form = _blank("缴费承诺书")
    for words in _PROMISE:
        _paragraph(form, words).paragraph_format.first_line_indent = Cm(0.85)
    for words in ("承诺人：                ", "时  间：                "):
        _paragraph(form, words).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return _same(form)


def _blank(title: str) -> Docx:
    form = Document()
    normal = form.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    properties = form.core_properties
    properties.author, properties.title = "", title
    properties.created = properties.modified = _SAME_DAY
    head = _paragraph(form, title)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.runs[0].font.size, head.runs[0].font.bold = Pt(16), True
    return form


def _paragraph(form: Docx, words: str) -> Paragraph:
    return form.add_paragraph(words)


def _said(table: Table, row: int, words: dict[int, str]) -> None:
    for column, text in words.items():
        table.cell(row, column).text = text


def _same(form: Docx) -> bytes:
    """The file's bytes with all times of its members the same."""
    raw, out = BytesIO(), BytesIO()
    form.save(raw)
    with ZipFile(raw) as made, ZipFile(out, "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            kept.writestr(ZipInfo(name, (2020, 7, 7, 0, 0, 0)), made.read(name), ZIP_DEFLATED)
    return out.getvalue()


def main() -> None:
    """Write both forms."""
    parser = argparse.ArgumentParser(description="Write the blank forms that letters attach.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "payment_proof.docx").write_bytes(payment_form())
    (folder / "commitment.docx").write_bytes(commitment_form())


if __name__ == "__main__":
    main()
