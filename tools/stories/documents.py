"""Stories 840 to 859: rosters in Word and PDF, in the mail's own words, and what nobody can read."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tools.stories import units
from tools.stories.books import xlsx
from tools.stories.cells import Cell, Row, rows
from tools.stories.clients import APPLE, COREMAIL, FOXMAIL, NETEASE, OUTLOOK, QQ
from tools.stories.model import Arrived, CaseTruth, Toml, Truth, story
from tools.stories.papers import DOCX, old_word, pdf, pdf_without_rules, photo, scan, word
from tools.stories.people import Person, people, person
from tools.stories.post import Draft, File, when
from tools.stories.sheets import FORM_NOTES, LABELS, TITLE, Grid, Sheet, lay
from tools.stories.submit import arrive
from tools.stories.units import Unit

HEADS: Final = ("序号", "姓名", "身份证号码", "手机号码", "备注")
PDF: Final = "application/pdf"
AT: Final = when("2020-09-17 10:20")


def labels(unit: Unit) -> list[str]:
    """The label block, two labels a line."""
    shown = [f"{text}{unit.value(key)}" for key, text in LABELS]
    return [f"{shown[0]}    {shown[1]}", f"{shown[2]}    {shown[3]}", shown[4]]


def lines(staff: Sequence[Person], first: int = 1) -> list[tuple[str, ...]]:
    """The people as rows of the form."""
    return [(str(n), one.name, one.id_number, one.phone, "") for n, one in enumerate(staff, start=first)]


def at_rows(count: int, first: int = 2, step: int = 1) -> Grid:
    """So many people in the rows of a document's only table, from `first` on."""
    return Grid("", {}, (), frozenset(), tuple((first + n * step, 1) for n in range(count)))


def truth(
    unit: Unit | None,
    grid: Grid,
    staff: tuple[Row, ...],
    outcome: str = "accept",
    state: str = "fulfilled",
    **more: object,
) -> CaseTruth:
    """What must hold of a list that was read whole."""
    header: Toml = {key: unit.value(key) for key, _text in LABELS} if unit else {}
    opened = len(staff) if outcome in ("accept", "partial") else 0
    case = CaseTruth(outcome, state, ((grid, staff),), header, opened=opened)
    return replace(case, **more)  # type: ignore[arg-type]  # fields of CaseTruth by name, from a story


def sent(
    unit: Unit, files: Sequence[File], case: CaseTruth, text: str = "名单见附件，请查收。", **more: object
) -> Arrived:
    """A mail of the unit with these files, which is one case and gets one letter."""
    draft = Draft(unit.address, f"{unit.name}报名名单", text, AT, tuple(files), name=unit.contact)
    draft = replace(draft, **more)  # type: ignore[arg-type]  # fields of Draft by name, from a story
    return arrive(draft, Truth(("done",), (case,), 1, unit.address))


def unread(code: str, outcome: str, state: str) -> CaseTruth:
    """What must hold of a file that nobody can read: nobody in it, and one thing asked."""
    return CaseTruth(outcome, state, codes=(code,), opened=0)


def pasted(rows: Sequence[Sequence[str]]) -> str:
    """A table as it is pasted from a spreadsheet."""
    cells = ("".join(f"<td>{html.escape(cell) or '&nbsp;'}</td>" for cell in row) for row in rows)
    return f'<table border="1" cellspacing="0"><tbody>{"".join(f"<tr>{row}</tr>" for row in cells)}</tbody></table>'


def page(*parts: str) -> str:
    """The HTML of a mail: lines as blocks, markup as it is."""
    return "".join(part if part.startswith("<") else f"<div>{html.escape(part)}</div>" for part in parts)


@story("840-word-with-the-official-table")
def _() -> Arrived:
    """The official form in Word, title and label block inside the one table: rows count as they stand in it."""
    staff = people(1100, 5)
    block = [[TITLE.replace("\n", "")], *([line] for line in labels(units.PRIMARY))]
    data = word([*block, HEADS, *lines(staff)], *FORM_NOTES)
    case = truth(units.PRIMARY, at_rows(5, first=6), rows(staff))
    return sent(units.PRIMARY, [File("报名名单.docx", data, DOCX)], case, client=QQ)


@story("841-word-table-cut-in-two")
def _() -> Arrived:
    """Label block in paragraphs, the table cut in two by a page: the second part has no heading and counts on."""
    staff = people(1106, 7)
    data = word(TITLE, *labels(units.HOSPITAL), [HEADS, *lines(staff[:4])], "", lines(staff[4:], 5), "填表人：谭丽华")
    case = truth(units.HOSPITAL, at_rows(7), rows(staff))
    return sent(units.HOSPITAL, [File("名单.docx", data, DOCX)], case, client=NETEASE)


@story("842-word-with-tracked-changes")
def _() -> Arrived:
    """A row that was deleted under tracked changes is nobody; a list of paragraphs with tabs is a list."""
    staff = people(1114, 4)
    gone = (("9", person(1119).name, person(1119).id_number, person(1119).phone, ""),)
    data = word(*labels(units.DESIGN), [HEADS, *lines(staff[:2]), *gone, *lines(staff[2:], 3)], struck=("9",))
    case = truth(units.DESIGN, at_rows(4), rows(staff))
    return sent(units.DESIGN, [File("名单.docx", data, DOCX)], case, client=OUTLOOK)


@story("843-pdf-over-two-pages")
def _() -> Arrived:
    """A PDF made from the form: its table goes on over the page with the heading again."""
    staff = people(1120, 40)
    data = pdf([TITLE.replace("\n", ""), *labels(units.COLLEGE)], [HEADS, *lines(staff)])
    placed = tuple((n + 1 + (n > 28), 1) for n in range(1, 41))
    case = truth(units.COLLEGE, Grid("", {}, (), frozenset(), placed), rows(staff))
    return sent(units.COLLEGE, [File("报名名单.pdf", data, PDF)], case, client=COREMAIL)


@story("844-pdf-without-ruling-lines")
def _() -> Arrived:
    """A PDF whose columns only their places tell."""
    staff = people(1162, 6)
    data = pdf_without_rules([TITLE.replace("\n", ""), *labels(units.BUREAU)], [HEADS, *lines(staff)])
    case = truth(units.BUREAU, at_rows(6), rows(staff))
    return sent(units.BUREAU, [File("名单.pdf", data, PDF)], case, client=FOXMAIL)


@story("845-scanned-pdf")
def _() -> Arrived:
    """A PDF of pictures: staff see it, and the sender is asked for the Excel file with the blank form."""
    case = unread("file.ocr_only", "hold", "held")
    return sent(units.MACHINES, [File("报名名单扫描件.pdf", scan(1), PDF)], case, client=NETEASE)


@story("846-table-pasted-into-the-mail")
def _() -> Arrived:
    """The table pasted into the mail itself, with the label block above it; no attachment at all."""
    staff = people(1169, 4)
    body = page("老师您好：", *labels(units.KINDERGARTEN), pasted([HEADS, *lines(staff)]), "请协助注册，谢谢！")
    case = truth(units.KINDERGARTEN, at_rows(4), rows(staff))
    return sent(units.KINDERGARTEN, [], case, "老师您好：名单见正文", page=body, client=FOXMAIL)


@story("847-list-typed-into-the-mail")
def _() -> Arrived:
    """A list typed line by line under a heading, with numbers before the names and a signature below."""
    staff = people(1174, 4)
    typed = [f"{n}、{one.name}  {one.id_number}  {one.phone}" for n, one in enumerate(staff, start=1)]
    text = "\n".join(["老师您好：", *labels(units.SURVEY), "姓名  身份证号码  手机号码", *typed, "谢谢！", "谭丽华"])
    return sent(units.SURVEY, [], truth(units.SURVEY, at_rows(4), rows(staff)), text, client=APPLE)


@story("848-list-without-heading-in-the-mail")
def _() -> Arrived:
    """A list typed without any heading: told by its content, and a person confirms it."""
    staff = people(1179, 3)
    typed = [f"{one.name} {one.id_number} {one.phone}" for one in staff]
    text = "\n".join(["您好，我单位参训人员如下：", *labels(units.HIGH_SCHOOL), *typed])
    case = truth(units.HIGH_SCHOOL, at_rows(3, first=1), rows(staff), "hold", "held", codes=("header.inferred",))
    return sent(units.HIGH_SCHOOL, [], case, text, client=APPLE)


@story("849-quoted-table-is-history")
def _() -> Arrived:
    """A pasted table above a quoted one: only the fresh one is a roster."""
    staff, old = people(1183, 2), people(1186, 3)
    fields = "<div><b>发件人:</b> 市人服中心<br><b>发送时间:</b> 2020年9月1日<br><b>收件人:</b> 单位<br></div>"
    quote = f"<div>------------------&nbsp;原始邮件&nbsp;------------------</div>{fields}{pasted([HEADS, *lines(old)])}"
    body = page(*labels(units.WATER), pasted([HEADS, *lines(staff)]), quote)
    case = truth(units.WATER, at_rows(2), rows(staff))
    return sent(units.WATER, [], case, "名单见正文", page=body, client=QQ)


@story("850-same-list-in-mail-workbook-and-scan")
def _() -> Arrived:
    """The list as workbook, pasted into the mail, and as the sealed scan that the notice asks for: one case."""
    staff = people(1190, 5)
    sheet = Sheet(units.CLINIC, rows(staff))
    files = (File("名单.xlsx", xlsx((lay(sheet),))), File("盖章扫描件.pdf", scan(2), PDF), File("盖章.png", photo(3)))
    case = truth(units.CLINIC, lay(sheet), rows(staff), notes=("sheet.ignored",))
    return sent(units.CLINIC, files, case, page=page("名单如下：", pasted([HEADS, *lines(staff)])), client=QQ)


@story("851-one-more-person-in-the-mail")
def _() -> Arrived:
    """The mail names one more person beside the workbook: the list goes ahead, and a person sees to the other."""
    staff, more = people(1196, 4), person(1201)
    sheet = Sheet(units.LIBRARY, rows(staff))
    text = f"名单见附件。另外补充{more.name}，身份证号码{more.id_number}，手机{more.phone}，麻烦一并注册。"
    case = truth(units.LIBRARY, lay(sheet), rows(staff), "partial", "held", codes=("sheet.unread_people",))
    return sent(units.LIBRARY, [File("名单.xlsx", xlsx((lay(sheet),)))], case, text, client=APPLE)


@story("852-one-person-in-prose")
def _() -> Arrived:
    """One person in running prose: no list, so a person reads it, and the sender is told that the mail arrived."""
    one = person(1215)
    text = f"您好，我是{one.name}，身份证号码{one.id_number}，手机号码{one.phone}，请帮我注册账号。"
    draft = Draft("someone@qq.com", "注册账号", text, AT, client=APPLE)
    return arrive(draft, Truth(("set_aside",), (), 1, "someone@qq.com"))


@story("853-photos-of-a-list")
def _() -> Arrived:
    """Three photos of a list: one case, one letter that asks for the Excel file."""
    files = tuple(File(f"IMG_2020091{n}.png", photo(10 + n), "image/png") for n in range(3))
    return sent(units.POWER, files, unread("file.ocr_only", "hold", "held"), client=APPLE)


@story("854-old-word-file")
def _() -> Arrived:
    """A legacy .doc: the letter says what it is and asks for the Excel file."""
    files = [File("报名名单.doc", old_word(), "application/msword")]
    return sent(units.MUSEUM, files, unread("file.unreadable", "ask", "awaiting_sender"), client=NETEASE)


@story("855-word-file-that-was-cut")
def _() -> Arrived:
    """A Word file that was cut on its way cannot be opened."""
    data = word(TITLE, *labels(units.PRIMARY), [HEADS, *lines(people(1202, 3))])
    files = [File("报名名单.docx", data[: len(data) // 2], DOCX)]
    return sent(units.PRIMARY, files, unread("file.unreadable", "ask", "awaiting_sender"), client=COREMAIL)


@story("856-content-far-below-the-table")
def _() -> Arrived:
    """A sheet with content in a row that no roster reaches: not read, a person looks."""
    sheet = lay(Sheet(units.HOSPITAL, rows(people(1206, 3))))
    far = replace(sheet, cells={**sheet.cells, (500_000, 1): "备份"})
    case = unread("file.too_many_rows", "hold", "held")
    return sent(units.HOSPITAL, [File("名单.xlsx", xlsx((far,)))], case, client=QQ)


@story("857-table-too-long-to-be-read-in-full")
def _() -> Arrived:
    """A text table of more than twenty thousand lines: read quickly, and a person looks."""
    staff = people(1210, 3)
    typed = ["姓名,身份证号码,手机号码", *(f"{one.name},{one.id_number},{one.phone}" for one in staff)]
    data = "\r\n".join([*labels_as_cells(units.DESIGN), *typed, *[","] * 20_010, "注：以上人员均在职,"])
    case = truth(units.DESIGN, at_rows(3, first=7), rows(staff), "hold", "held", codes=("file.quick_read",))
    return sent(units.DESIGN, [File("名单.csv", data.encode("gb18030"), "text/csv")], case, client=FOXMAIL)


def labels_as_cells(unit: Unit) -> list[str]:
    """The label block of a text table, a label and its value a line."""
    return [f"{text},{unit.value(key)}" for key, text in LABELS]


@story("858-summary-instead-of-a-list")
def _() -> Arrived:
    """A workbook called 报名名单 that only counts the people of each school: no list, the blank form goes back."""
    cells: dict[tuple[int, int], Cell] = {
        (1, 1): "公需科目学员报名名单汇总",
        (2, 1): "学校",
        (2, 2): "报名人数",
        (3, 1): "一小",
        (3, 2): 12,
    }
    grid = Grid("汇总", cells, (), frozenset(), ())
    case = unread("file.wrong_form", "ask", "awaiting_sender")
    return sent(units.COLLEGE, [File("报名名单汇总.xlsx", xlsx((grid,)))], case, client=COREMAIL)


@story("859-letter-without-the-list")
def _() -> Arrived:
    """The covering letter in Word, and no list with it: the sender is asked for the list."""
    data = word(
        "关于报送2020年公需科目培训学员报名名单的函", "市人服中心：", "现将我单位学员报名名单报送你中心，请予办理。"
    )
    files = [File("关于报送报名名单的函.docx", data, DOCX)]
    return sent(units.BUREAU, files, unread("file.wrong_form", "ask", "awaiting_sender"), client=NETEASE)
