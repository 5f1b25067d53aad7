"""Several units in one workbook: a case for each."""

from __future__ import annotations

import random
from dataclasses import replace

from tools.rosters.clerk import Clerk, clerk
from tools.rosters.lists import UNITS, new_case, new_order, shown, write_labels, write_plain
from tools.rosters.model import Case, Page, Roster
from tools.rosters.pen import Pen, Planted


def unit_a_sheet(rng: random.Random) -> Roster:
    """A sheet for each unit."""
    cases, pages = list[Case](), list[Page]()
    for number in range(rng.choice([2, 3])):
        cases.append(new_case(rng, *cases))
        pages.append(Page(f"Sheet{number + 1}"))
        pen = Pen(rng, pages[-1], shown(rng))
        write_plain(pen, cases[-1], pen.plant(number * 50, rng.randint(1, 12)))
    return Roster("", pages, cases)


def units_below(rng: random.Random) -> Roster:
    """Units below each other on one sheet, each with its own labels, with or without a heading of its own."""
    page, cases, heads = Page("Sheet1"), list[Case](), rng.random() < 0.7
    pen = Pen(rng, page, shown(rng))
    for number in range(rng.choice([2, 3])):
        cases.append(new_case(rng, *cases))
        pen.serial = 0
        write_labels(pen, cases[-1])
        if heads or not number:
            pen.heading()
        pen.people(cases[-1], pen.plant(number * 50, rng.randint(1, 10)))
        pen.line()
    return Roster("", [page], cases)


def unit_column(rng: random.Random) -> Roster:
    """A column names the unit of each row: in every row, merged over its rows, or only in the first of them."""
    habits, cases = upright(rng), list[Case]()
    habits.columns.insert(rng.randint(0, 1), "unit")
    if ordered := rng.random() < 0.5:
        habits.columns.append("order")
    page, way = Page("Sheet1"), rng.choice(["all", "merged", "first", "ditto"])
    pen = Pen(rng, page, habits)
    pen.line("2020年公需科目培训报名名单")
    pen.heading()
    for number in range(rng.choice([1, 2, 3])):
        cases.append(new_case(rng, *cases))
        _grouped(pen, cases[-1], pen.plant(number * 50, rng.randint(1, 8)), way)
    if rng.random() < 0.5:
        pen.total(sum(len(case.rows) for case in cases))
    for case in cases if not ordered else ():
        case.orders = ()
        case.codes.add("header.order_missing")
    return Roster("", [page], cases)


def unit_lines(rng: random.Random) -> Roster:
    """Lines with a unit's name between the people, or lines of departments where a label names the unit."""
    cases, page, order = list[Case](), Page("Sheet1"), new_order(rng)
    pen, parts = Pen(rng, page, upright(rng)), rng.random() < 0.4
    pen.line(f"缴费订单号：{order}")
    if parts:
        cases.append(Case(rng.choice(UNITS), (order,)))
        pen.line(f"填表单位：{cases[0].unit}")
    pen.heading()
    for number in range(rng.choice([2, 3])):
        if not parts:
            cases.append(replace(new_case(rng, *cases), orders=(order,)))
        people = pen.plant(number * 50, rng.randint(1, 8))
        name = ("门诊部", "教务处", "综合办公室")[number] if parts else cases[-1].unit or ""
        text = rng.choice([name, f"{'一二三'[number]}、{name}", f"{name}（共{len(people)}人）"])
        pen.across(text) if rng.random() < 0.5 else pen.line(text)
        pen.people(cases[-1], people)
        if rng.random() < 0.4:
            pen.total(len(people), "小计")
    return Roster("", [page], cases)


def units_side_by_side(rng: random.Random) -> Roster:
    """Two panels, each under the labels of its own unit."""
    cases = [new_case(rng)]
    cases.append(new_case(rng, *cases))
    page = Page("Sheet1")
    pen = Pen(rng, page, replace(upright(rng), panels=2))
    gap = [None] * (pen.width - 1)
    pen.line(f"填表单位：{cases[0].unit}", *gap, f"填表单位：{cases[1].unit}")
    pen.line(f"缴费订单号：{cases[0].orders[0]}", *gap, f"缴费订单号：{cases[1].orders[0]}")
    pen.heading()
    both = Case(None, ())
    pen.people(both, pen.plant(0, rng.randint(1, 8) * 2))
    for panel, case in enumerate(cases, start=1):
        case.rows = [row for row in both.rows if row.panel == panel]
    return Roster("", [page], cases)


def upright(rng: random.Random) -> Clerk:
    """A clerk who writes a list of one panel without labels."""
    plain = replace(clerk(rng), labels="none", panels=1, breaks=0, shape="plain", pieces=1)
    return replace(plain, gaps=False, hidden_column=None)


def _grouped(pen: Pen, case: Case, people: list[Planted], way: str) -> None:
    top = pen.page.next_row
    for number, someone in enumerate(people):
        unit = case.unit if way == "all" or not number else "同上" if way == "ditto" else None
        pen.people(case, [someone], unit=unit, order=case.orders[0])
    if way == "merged" and len(people) > 1:
        column = pen.clerk.left + pen.clerk.columns.index("unit") + 1
        pen.page.merges.append((top, column, pen.page.next_row - 1, column))
