"""Stories 860 to 879: lists that are laid out as no form is, and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tools.stories import units
from tools.stories.books import xlsx
from tools.stories.cells import Cell, Row, rows
from tools.stories.clients import APPLE, COREMAIL, FOXMAIL, NETEASE, OUTLOOK, QQ, Client
from tools.stories.model import Arrived, CaseTruth, Truth, story
from tools.stories.people import of, people, person
from tools.stories.post import Draft, File, when
from tools.stories.raw import nested
from tools.stories.sheets import TITLE, Grid, Sheet
from tools.stories.submit import Submission, arrive
from tools.stories.units import Unit

AT: Final = when("2020-09-17 10:20")
HEAD: Final = ("序号", "姓名", "身份证号码", "手机号码", "备注")
TEXT: Final = "名单见附件，请协助注册账号。"
FILE: Final = "参训人员名单.xlsx"
Lines = Sequence[Sequence[Cell]]
Box = tuple[int, int, int, int]
Who = tuple[tuple[tuple[int, int], Row], ...]
"""Rows of people by their place: the sheet's row and the panel."""


def cells_of(row: Row, serial: Cell = None) -> tuple[Cell, ...]:
    """Somebody in the columns of the form."""
    return serial, row.cell("name"), row.cell("id_number"), row.cell("phone"), row.remark


def grid(name: str, lines: Lines, merges: tuple[Box, ...] = (), hidden_columns: frozenset[int] = frozenset()) -> Grid:
    """A sheet as it is drawn, line by line."""
    drawn: dict[tuple[int, int], Cell] = {
        (number, column): value
        for number, line in enumerate(lines, start=1)
        for column, value in enumerate(line, start=1)
        if value is not None
    }
    return Grid(name, drawn, merges, frozenset(), (), hidden_columns=hidden_columns)


def case(sheet: Grid, who: Who, outcome: str, state: str, opened: int, **more: object) -> CaseTruth:
    """The truth of a case whose people stand on this sheet."""
    placed = replace(sheet, placed=tuple(place for place, _ in who))
    base = CaseTruth(outcome, state, ((placed, tuple(row for _, row in who)),), opened=opened)
    return replace(base, **more)  # type: ignore[arg-type]  # fields by name, from a story


def sent(unit: Unit, sheets: Sequence[Grid], *cases: CaseTruth, client: Client = QQ, text: str = TEXT) -> Arrived:
    """A mail with a workbook of these sheets."""
    draft = Draft(unit.address, "公需科目报名", text, AT, (File(FILE, xlsx(sheets)),), client, unit.contact)
    return arrive(draft, Truth(("done",), cases, 1, unit.address, files=(FILE,)))


def places(first: int, count: int, panel: int = 1) -> tuple[tuple[int, int], ...]:
    return tuple((row, panel) for row in range(first, first + count))


def with_labels(unit: Unit) -> list[tuple[Cell, ...]]:
    return [(f"填表单位：{unit.name}",), (f"缴费订单号：{unit.order_no}",)]


@story("860-units-in-a-merged-column")
def _() -> Arrived:
    """A district sends its schools in one list, the unit merged over its rows: one case for each school."""
    one, two = rows(people(1000, 2)), rows(people(1002, 2))
    schools = (units.PRIMARY, units.HIGH_SCHOOL)
    lines: list[tuple[Cell, ...]] = [(TITLE,), ("序号", "单位", "订单号", *HEAD[1:4])]
    for school, part in zip(schools, (one, two), strict=True):
        lines += [
            (place, school.name if not place else None, school.order_no, *cells_of(row)[1:4])
            for place, row in enumerate(part)
        ]
    sheet = grid("Sheet1", lines, ((3, 2, 4, 2), (5, 2, 6, 2)))
    truths = [
        case(sheet, tuple(zip(places(first, 2), part, strict=True)), "accept", "fulfilled", 2, header=_head(school))
        for first, part, school in ((3, one, schools[0]), (5, two, schools[1]))
    ]
    return sent(units.PRIMARY, [sheet], *truths, client=NETEASE)


def _head(unit: Unit) -> dict[str, object]:
    return {"unit": unit.name, "order_no": unit.order_no}


@story("861-units-in-lines-between-the-people")
def _() -> Arrived:
    """The name of each unit stands in a line of its own above its people: two cases, and the second one waits, for an
    order belongs to one unit."""
    one, two = rows(people(1005, 3)), rows(people(1008, 2))
    first, second = units.CLINIC, units.KINDERGARTEN
    lines: list[tuple[Cell, ...]] = [(f"缴费订单号：{first.order_no}",), HEAD, (f"一、{first.name}（3人）",)]
    lines += [cells_of(row, n) for n, row in enumerate(one, start=1)]
    lines += [(None, f"二、{second.name}（2人）"), *(cells_of(row, n) for n, row in enumerate(two, start=4))]
    lines += [("合计", 5)]
    sheet = grid("名单", lines)
    truths = (
        case(sheet, tuple(zip(places(4, 3), one, strict=True)), "accept", "fulfilled", 3, header={"unit": first.name}),
        case(sheet, tuple(zip(places(8, 2), two, strict=True)), "hold", "held", 0, codes=("order.other_unit",)),
    )
    return sent(first, [sheet], *truths)


@story("862-units-side-by-side")
def _() -> Arrived:
    """Two units stand side by side, each under its own labels."""
    left, right = rows(people(1012, 3)), rows(people(1015, 3))
    first, second = units.DESIGN, units.MACHINES
    above = [
        (f"填表单位：{first.name}", None, None, None, f"填表单位：{second.name}"),
        (f"缴费订单号：{first.order_no}", None, None, None, f"缴费订单号：{second.order_no}"),
        (*HEAD[1:4], None, *HEAD[1:4]),
    ]
    body = [(*cells_of(a)[1:4], None, *cells_of(b)[1:4]) for a, b in zip(left, right, strict=True)]
    sheet = grid("Sheet1", [*above, *body])
    truths = (
        case(sheet, tuple(zip(places(4, 3), left, strict=True)), "accept", "fulfilled", 3, header=_head(first)),
        case(sheet, tuple(zip(places(4, 3, 2), right, strict=True)), "accept", "fulfilled", 3, header=_head(second)),
    )
    return sent(first, [sheet], *truths, client=OUTLOOK)


@story("863-one-person-a-column")
def _() -> Arrived:
    """The list lies on its side; the remark of the second person still holds that person."""
    unit, who = units.SURVEY, people(1020, 3)
    listed = (Row(who[0]), Row(who[1], "hold", ("row.remark",), remark="已缴费"), Row(who[2]))
    keys = ("name", "id_number", "phone", "remark")
    lines = [(head, *(row.cell(key) for row in listed)) for head, key in zip(HEAD[1:], keys, strict=True)]
    sheet = grid("Sheet1", [*with_labels(unit), *lines])
    where = tuple(zip(((3, 1), (3, 2), (3, 3)), listed, strict=True))
    return sent(unit, [sheet], case(sheet, where, "partial", "held", 2, header=_head(unit)), client=FOXMAIL)


@story("864-labels-right-of-the-list")
def _() -> Arrived:
    """Unit, contact and order stand right of the list, beside its heading and first rows."""
    unit, listed = units.WATER, rows(people(1025, 4))
    right: list[tuple[Cell, ...]] = [("联系人：", unit.contact), ("缴费订单号：", unit.order_no), (), ()]
    body = [
        (*cells_of(row, n), None, *beside) for n, (row, beside) in enumerate(zip(listed, right, strict=True), start=1)
    ]
    sheet = grid("Sheet1", [(TITLE,), (*HEAD, None, "填表单位：", unit.name), *body])
    where = tuple(zip(places(3, 4), listed, strict=True))
    header = _head(unit) | {"contact": unit.contact}
    return sent(unit, [sheet], case(sheet, where, "accept", "fulfilled", 4, header=header))


@story("865-heading-of-three-rows-and-two-remarks")
def _() -> Arrived:
    """A heading of three rows with its columns numbered below; who left the unit stands in the second remark."""
    unit, who = units.POWER, people(1030, 3)
    listed = (Row(who[0]), Row(who[1], "hold", ("row.remark",)), Row(who[2]))
    heads = [
        ("序号", "基本信息", None, None, "备注", "备注2"),
        (None, "姓名", "证件信息", "联系方式"),
        (None, None, "身份证号码", "手机号码"),
        (1, 2, 3, 4, 5, 6),
    ]
    body = [(*cells_of(row, n), "本人已离职" if n == 2 else None) for n, row in enumerate(listed, start=1)]
    merges = ((3, 1, 5, 1), (3, 2, 3, 4), (4, 2, 5, 2), (3, 5, 5, 5), (3, 6, 5, 6))
    sheet = grid("Sheet1", [*with_labels(unit), *heads, *body], merges)
    where = tuple(zip(places(7, 3), listed, strict=True))
    return sent(unit, [sheet], case(sheet, where, "partial", "held", 2, header=_head(unit)), client=COREMAIL)


@story("866-phones-in-a-hidden-column")
def _() -> Arrived:
    """The telephone numbers stand in a column that nobody sees: a person looks before anybody is registered."""
    unit, listed = units.LIBRARY, rows(people(1035, 3))
    body = [cells_of(row, n) for n, row in enumerate(listed, start=1)]
    sheet = grid("Sheet1", [*with_labels(unit), HEAD, *body], hidden_columns=frozenset({4}))
    where = tuple(zip(places(4, 3), listed, strict=True))
    return sent(unit, [sheet], case(sheet, where, "hold", "held", 0, codes=("column.hidden",)), client=APPLE)


@story("867-a-whole-person-in-one-cell")
def _() -> Arrived:
    """Names, numbers and telephones were pasted into one column: read, and confirmed by a person."""
    unit, listed = units.MUSEUM, rows(people(1040, 4))
    lines = [(" ".join(str(cell) for cell in cells_of(row)[1:4]),) for row in listed]
    sheet = grid("Sheet1", [*with_labels(unit), ("姓名 身份证号 手机",), *lines])
    where = tuple(zip(places(4, 4), listed, strict=True))
    return sent(unit, [sheet], case(sheet, where, "hold", "held", 0, codes=("header.inferred",)))


@story("868-numbers-in-two-cells")
def _() -> Arrived:
    """Each ID number stands in two cells under one heading: joined where the whole is valid."""
    unit = units.BUREAU
    listed = tuple(Row(one, "fixed", ("id.separator",)) for one in people(1045, 3))
    body = [
        (n, row.person.name, row.person.id_number[:6], row.person.id_number[6:], row.person.phone)
        for n, row in enumerate(listed, start=1)
    ]
    sheet = grid(
        "Sheet1", [*with_labels(unit), ("序号", "姓名", "身份证号码", None, "手机号码"), *body], ((3, 3, 3, 4),)
    )
    where = tuple(zip(places(4, 3), listed, strict=True))
    truth = case(sheet, where, "accept_with_fixes", "fulfilled", 3, header=_head(unit))
    return sent(unit, [sheet], truth, client=NETEASE)


@story("869-words-of-another-place")
def _() -> Arrived:
    """A company writes its labels in English and its heading in traditional characters."""
    unit, listed = units.MACHINES, rows(people(1050, 3))
    head = ("No.", "姓名", "身份證號碼", "手機號碼", "備註")
    above = [(f"Company: {unit.name}",), (f"Order No.: {unit.order_no}",), head]
    sheet = grid("Sheet1", [*above, *(cells_of(row, n) for n, row in enumerate(listed, start=1))])
    where = tuple(zip(places(4, 3), listed, strict=True))
    return sent(unit, [sheet], case(sheet, where, "accept", "fulfilled", 3, header=_head(unit)), client=OUTLOOK)


@story("870-list-of-last-year-on-another-sheet")
def _() -> Arrived:
    """Behind this year's list lies last year's: this year's people are registered, the others wait for a person."""
    unit, listed, old = units.HOSPITAL, rows(people(1055, 3)), rows(people(1060, 2))
    sheet = grid("2020", [*with_labels(unit), HEAD, *(cells_of(row, n) for n, row in enumerate(listed, start=1))])
    title = "重庆市2019年专业技术人员公需科目培训学员报名名单"
    behind = grid("2019", [(title,), HEAD, *(cells_of(row, n) for n, row in enumerate(old, start=1))])
    codes = ("header.order_missing", "header.unit_missing", "roster.other_year")
    truths = (
        case(sheet, tuple(zip(places(4, 3), listed, strict=True)), "accept", "fulfilled", 3, header=_head(unit)),
        case(behind, tuple(zip(places(3, 2), old, strict=True)), "hold", "held", 0, codes=codes),
    )
    return sent(unit, [sheet, behind], *truths)


@story("871-pages-with-heads-feet-and-subtotals")
def _() -> Arrived:
    """Every page has its title, labels, heading, subtotal and signatures; departments stand in lines of their own."""
    unit, listed = units.COLLEGE, rows(people(1065, 5))
    page = [(TITLE,), *with_labels(unit), HEAD]
    foot = [("填表人：周敏", None, "审核人：李强", "日期：2020.9.10"), ()]
    body = [cells_of(row, n) for n, row in enumerate(listed, start=1)]
    lines = [*page, (None, "教务处"), *body[:3], ("小计", 3), *foot, *page, (None, "后勤处"), *body[3:], ("小计", 2)]
    sheet = grid("Sheet1", [*lines, ("合计", None, "5人"), *foot])
    where = tuple(zip((*places(6, 3), *places(17, 2)), listed, strict=True))
    return sent(unit, [sheet], case(sheet, where, "accept", "fulfilled", 5, header=_head(unit)))


@story("872-unit-and-order-only-in-the-mail")
def _() -> Arrived:
    """Unit and order stand in the title and the mail's text: asked for all the same, and shown to staff as a hint."""
    unit, listed = units.POWER, rows(people(1072, 3))
    lines = [(f"{unit.name}2020年公需科目参训人员名单",), HEAD]
    sheet = grid("Sheet1", [*lines, *(cells_of(row, n) for n, row in enumerate(listed, start=1))])
    codes, notes = ("header.order_missing", "header.unit_missing"), ("header.order_hint", "header.unit_hint")
    where = tuple(zip(places(3, 3), listed, strict=True))
    truth = case(sheet, where, "partial", "awaiting_sender", 3, codes=codes, notes=notes)
    text = f"老师好，名单见附件，我们团购的订单号是{unit.order_no}，请查收。"
    return sent(unit, [sheet], truth, text=text, client=FOXMAIL)


@story("873-somebody-below-the-list")
def _() -> Arrived:
    """A sentence below the list names one more person: the list goes ahead, a person looks after the one."""
    unit, listed, late = units.CLINIC, rows(people(1076, 3)), person(1079)
    body = [cells_of(row, n) for n, row in enumerate(listed, start=1)]
    lines = [*with_labels(unit), HEAD, *body, (f"注：另有{late.name}（{late.id_number}，{late.phone}）也参加培训。",)]
    sheet = grid("Sheet1", lines)
    where = tuple(zip(places(4, 3), listed, strict=True))
    return sent(unit, [sheet], case(sheet, where, "partial", "held", 3, codes=("sheet.unread_people",)))


@story("874-tax-number-cut-short")
def _() -> Arrived:
    """A taxpayer number of twelve characters: asked for, and the people go ahead."""
    sheet = Sheet(units.DESIGN, rows(people(1082, 3)), header={"tax_id": units.DESIGN.tax_id[:12]})
    return Submission((sheet,), "partial", "awaiting_sender", ("tax_id.format",), client=OUTLOOK).arrived()


@story("875-name-in-wide-letters")
def _() -> Arrived:
    """A foreign teacher's name was typed in full-width letters: registered in plain ones."""
    listed = (
        Row(of("Anna Weber", 1086), "fixed", ("name.fullwidth",), name="Ａｎｎａ Ｗｅｂｅｒ"),
        Row(person(1087)),
    )
    return Submission((Sheet(units.COLLEGE, listed),), "accept_with_fixes", "fulfilled", client=COREMAIL).arrived()


@story("876-columns-of-other-numbers")
def _() -> Arrived:
    """Masked ID numbers, office and emergency telephones stand beside those of the people: nobody gets another's."""
    unit, listed = units.HIGH_SCHOOL, rows(people(1090, 3))
    head = ("序号", "部门", "姓名", "身份证号码", "紧急联系人电话", "身份证号码", "办公电话", "本人电话", "手机短号")
    body = [
        (
            n,
            "语文组",
            row.person.name,
            f"{row.person.id_number[:6]}********{row.person.id_number[14:]}",
            person(1100 + n).phone,
            row.person.id_number,
            "023-67890000",
            row.person.phone,
            "668899",
        )
        for n, row in enumerate(listed, start=1)
    ]
    sheet = grid("Sheet1", [*with_labels(unit), head, *body])
    where = tuple(zip(places(4, 3), listed, strict=True))
    return sent(unit, [sheet], case(sheet, where, "accept", "fulfilled", 3, header=_head(unit)))


@story("877-name-merged-over-two-telephones")
def _() -> Arrived:
    """Name and ID number are merged over two rows with a telephone in each: asked which of them is right."""
    unit = units.SURVEY
    listed = (Row(person(1094), "ask", ("phone.several",), unknown=("phone",)), Row(person(1095)))
    first, second = (cells_of(row, n) for n, row in enumerate(listed, start=1))
    lines = [*with_labels(unit), HEAD, first, (None, None, None, person(1096).phone), second]
    sheet = grid("Sheet1", lines, tuple((4, column, 5, column) for column in (1, 2, 3)))
    where = (((4, 1), listed[0]), ((6, 1), listed[1]))
    return sent(unit, [sheet], case(sheet, where, "partial", "awaiting_sender", 1, header=_head(unit)), client=NETEASE)


@story("878-mail-in-mail-in-mail")
def _() -> Arrived:
    """A hundred and fifty layers around a sentence: not followed to the end, and a person sees it."""
    return Arrived(nested(150, AT), AT, Truth(("set_aside",), (), None, codes=("mail.too_deep",)))


@story("879-words-beside-a-list")
def _() -> Arrived | tuple[Arrived, ...]:
    """A sentence contradicts the list it came with, so that a person compares them; a wish for a review and a word of
    another telephone go to a person too."""
    unit, listed = units.WATER, rows(people(1110, 2))
    sheet = grid("Sheet1", [*with_labels(unit), HEAD, *(cells_of(row, n) for n, row in enumerate(listed, start=1))])
    where = tuple(zip(places(4, 2), listed, strict=True))
    truth = case(sheet, where, "hold", "held", 0, codes=None)
    text = f"名单见附件。其中第2行{listed[1].person.name}的手机号码应为{person(1113).phone}，请按此更正。"
    first = sent(unit, [sheet], truth, text=text)
    first = replace(first, truth=replace(first.truth, codes=("mail.text_corrects",)))
    later = (
        ("审核结果", "老师您好，我单位对名单的审核结果有异议，申请复核。", ("mail.review",)),
        ("学员手机", "老师您好，我单位有一位学员换了手机号，不知道登录会不会受影响。", ()),
    )
    others = [
        arrive(Draft(unit.address, subject, words, when(f"2020-09-2{n} 10:00")), _aside(codes))
        for n, (subject, words, codes) in enumerate(later, start=1)
    ]
    return first, *others


def _aside(codes: tuple[str, ...]) -> Truth:
    return Truth(("set_aside", "done"), None, None, codes=codes)
