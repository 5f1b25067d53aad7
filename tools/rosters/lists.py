"""One unit's list from the title to the notes, on one sheet or several."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Final

from tools.roster_people import Value
from tools.rosters.clerk import Clerk, clerk
from tools.rosters.model import Case, Page, Roster
from tools.rosters.pen import Pen, Planted

UNITS: Final = (
    "重庆市渝江第一中学",
    "重庆渝山医院",
    "重庆长滨勘测设计院有限公司",
    "渝岭区农业技术推广站",
    "重庆江滩职业技术学院",
    "渝岭区石桥街道社区卫生服务中心",
)
TITLES: Final = ("重庆市2020年专业技术人员公需科目培训\n学员报名名单", "2020年公需科目培训报名名单", "参训人员名单")


def new_order(rng: random.Random) -> str:
    """An order number of sixteen digits."""
    return f"2020{rng.randrange(10**11, 10**12)}"


def new_case(rng: random.Random, *taken: Case) -> Case:
    """A unit with an order, other than those that are taken."""
    free = [unit for unit in UNITS if unit not in {case.unit for case in taken}]
    return Case(rng.choice(free), (new_order(rng),))


def shown(rng: random.Random) -> Clerk:
    """A clerk who hides no column."""
    return replace(clerk(rng), hidden_column=None)


def one(rng: random.Random) -> Roster:
    """One unit, one sheet."""
    case, page = new_case(rng), Page(rng.choice(["Sheet1", "学员报名名单", "附件1"]))
    pen = Pen(rng, page, clerk(rng))
    write_list(pen, case, pen.plant(0, rng.randint(1, 40)))
    if rng.random() < 0.3:
        _hide_rows(rng, page, case)
    return Roster("", [page], [case])


def gaps_in_header(rng: random.Random) -> Roster:
    """The label block misses the unit, the order number, or both; or it names two orders, or a lost one."""
    case, page = new_case(rng), Page("Sheet1")
    pen = Pen(rng, page, replace(clerk(rng), labels=rng.choice(["inside", "beside"])))
    gap = rng.choice(["unit", "order", "both", "two", "lost"])
    if gap in ("unit", "both"):
        case.unit = None
        case.codes.add("header.unit_missing")
    if gap in ("order", "both"):
        case.orders = ()
        case.codes.add("header.order_missing")
    if gap == "two":
        case.orders = (*case.orders, new_order(rng))
        case.codes.add("header.order_several")
    write_list(pen, case, pen.plant(0, rng.randint(1, 12)))
    if gap == "lost":
        _lose(page, case)
    return Roster("", [page], [case])


def several_sheets(rng: random.Random) -> Roster:
    """One unit over two or three sheets; the labels stand on the first, or on all; a sheet of notes besides."""
    case, habits, pages = new_case(rng), shown(rng), list[Page]()
    people = Pen(rng, Page(""), habits).plant(0, rng.randint(3, 30))
    count, everywhere = rng.choice([2, 3]), rng.random() < 0.5
    for number in range(count):
        pages.append(Page(f"{'一二三'[number]}支部"))
        part = people[number * len(people) // count : (number + 1) * len(people) // count]
        pen = Pen(rng, pages[-1], habits if everywhere or not number else replace(habits, labels="none"))
        if everywhere or not number:
            write_plain(pen, case, part)
        else:
            pen.heading()
            pen.people(case, part)
    if rng.random() < 0.4:
        pages.append(Page("说明", [["填写说明"], ["姓名请填写真实姓名，身份证号码请用文本格式"]]))
    return Roster("", pages, [case])


def write_list(pen: Pen, case: Case, people: list[Planted]) -> None:
    """The whole list in one clerk's way: labels anywhere, pages, total, notes."""
    habits = pen.clerk
    for _ in range(habits.above):
        pen.line()
    _title(pen)
    order = "、".join(case.orders) or None
    labels = pen.labels(case.unit, order)
    for label in labels:
        pen.line(*label)
    beside = pen.beside(case.unit or "", order)
    first = pen.page.next_row
    pen.heading(beside[0] if beside else None)
    if pen.rng.random() < 0.1:
        pen.sample()
    step = habits.breaks or len(people) or 1
    for start in range(0, len(people), step):
        if start:
            _page_break(pen, labels)
        pen.people(case, people[start : start + step])
    _beside(pen, beside[1:], first)
    _tail(pen, case, len(people))
    if habits.labels == "foot":
        pen.line()
        pen.line(f"填表单位：{case.unit or ''}", None, None, f"缴费订单号：{order or ''}")


def write_plain(pen: Pen, case: Case, people: list[Planted]) -> None:
    """Title, labels, heading, people and notes, one below the other."""
    _title(pen)
    write_labels(pen, case)
    pen.heading()
    pen.people(case, people)
    pen.notes()


def write_labels(pen: Pen, case: Case) -> None:
    """The label block above the list, whatever the clerk's way is."""
    plain: list[list[Value]] = [[f"填表单位：{case.unit}"], [f"缴费订单号：{case.orders[0]}"]]
    for label in pen.labels(case.unit, case.orders[0]) or plain:
        pen.line(*label)


def _title(pen: Pen) -> None:
    if pen.rng.random() < 0.8:
        title = pen.rng.choice(TITLES)
        pen.across(title) if pen.rng.random() < 0.5 else pen.line(title)


def _page_break(pen: Pen, labels: list[list[Value]]) -> None:
    if pen.clerk.whole_breaks:
        pen.line(TITLES[0])
        for label in labels:
            pen.line(*label)
    pen.heading()


def _beside(pen: Pen, labels: list[list[Value]], heading: int) -> None:
    """Labels right of the rows below the heading; those that find no row stand below the list."""
    place = pen.clerk.left + pen.width + 1
    rows = [cells for cells in pen.page.rows[heading:] if cells and len(cells) < place]
    for label in labels:
        if rows:
            row = rows.pop(0)
            row += [*([None] * (place - len(row))), *label]
        else:
            pen.line(*label)


def _tail(pen: Pen, case: Case, count: int) -> None:
    rng, hide = pen.rng, pen.clerk.hidden_column
    pen.template_rows()
    chance = rng.random()
    if chance < 0.35:
        pen.total(count)
    elif chance < 0.39 and count:
        pen.total(count + 2)
        case.codes.add("count.mismatch")
    pen.notes()
    if hide:
        pen.page.hidden_columns.add(pen.clerk.left + pen.clerk.columns.index(hide) + 1)
        case.codes.add("column.hidden")


def _hide_rows(rng: random.Random, page: Page, case: Case) -> None:
    """Some rows of a list of one panel are hidden: a person looks at each."""
    if max((row.panel for row in case.rows), default=1) > 1:
        return
    for number, row in enumerate(case.rows):
        if row.code is None and rng.random() < 0.05:
            page.hidden.add(row.row)
            case.rows[number] = replace(row, code="row.hidden", registers=False)


def _lose(page: Page, case: Case) -> None:
    """The order number became a number, where it stands in a cell of its own."""
    for row in page.rows:
        for column, cell in enumerate(row):
            if cell == case.orders[0]:
                row[column] = float(case.orders[0])
                case.orders = ()
                case.codes.add("header.order_precision_lost")
                return
