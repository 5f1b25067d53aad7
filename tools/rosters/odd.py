"""Lists that are no table from the top: on their side, without a heading, as texts, of another year, hidden."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Final

from tools.roster_people import FIXES
from tools.rosters.lists import new_case, shown, write_labels, write_plain
from tools.rosters.model import Case, Page, Roster
from tools.rosters.pen import Pen
from tools.rosters.units import upright

SURE: Final = tuple(sorted(FIXES))
"""Faults that leave a cell recognisable for what it is, for lists whose columns are told by content."""


def on_its_side(rng: random.Random) -> Roster:
    """One person a column."""
    case, page = new_case(rng), Page("Sheet1")
    keys = ["name", "id", "phone", *(["remark"] if rng.random() < 0.6 else [])]
    habits = replace(upright(rng), columns=keys, left=0)
    pen = Pen(rng, page, habits)
    people = pen.plant(0, rng.randint(2, 12), (*SURE, "id.checksum", "id.length", "phone.format", "row.remark"))
    write_labels(pen, case)
    names = pen.page.next_row + keys.index("name")
    columns = [pen.cells(one, number) for number, one in enumerate(people)]
    for line, key in enumerate(keys):
        pen.line(habits.heads[key], *(cells[line] for cells in columns))
    case.rows = [replace(pen.row(one, number), row=names) for number, one in enumerate(people, start=1)]
    return Roster("", [page], [case])


def without_heading(rng: random.Random) -> Roster:
    """No heading at all: the columns are told by content, and a person confirms them."""
    case, page = new_case(rng), Page("Sheet1")
    columns = ["serial", *rng.sample(["name", "id", "phone"], 3), "remark"]
    pen = Pen(rng, page, replace(upright(rng), columns=columns))
    write_labels(pen, case)
    pen.people(case, pen.plant(0, rng.randint(3, 20), SURE))
    case.codes.add("header.inferred")
    return Roster("", [page], [case])


def as_texts(rng: random.Random) -> Roster:
    """A whole person in one cell: taken apart, and a person confirms it."""
    case, page = new_case(rng), Page("Sheet1")
    pen = Pen(rng, page, replace(upright(rng), left=0))
    write_labels(pen, case)
    gap, labelled = rng.choice([" ", "  ", "，", "、", ","]), rng.random() < 0.4
    if not labelled:
        pen.line(gap.join(["姓名", "身份证号码", "手机号码"]))
    for one in pen.plant(0, rng.randint(1, 10), ()):
        who = one.person
        case.rows.append(pen.row(one, 1))
        if labelled:
            pen.line(f"姓名：{who.name}，身份证号：{who.id_number}，手机：{who.phone}")
        else:
            pen.line(gap.join([who.name, who.id_number, who.phone]))
    case.codes.add("header.inferred")
    return Roster("", [page], [case])


def old_list(rng: random.Random) -> Roster:
    """The list of another year, alone or on a sheet behind this year's."""
    pages, cases, habits = list[Page](), list[Case](), shown(rng)
    if rng.random() < 0.5:
        cases.append(new_case(rng))
        pages.append(Page("名单"))
        pen = Pen(rng, pages[0], habits)
        write_plain(pen, cases[0], pen.plant(0, rng.randint(1, 10)))
    old = replace(new_case(rng, *cases), codes={"roster.other_year"})
    pages.append(Page("往年"))
    pen = Pen(rng, pages[-1], replace(habits, labels="inside"))
    pen.line("重庆市2019年专业技术人员公需科目培训学员报名名单")
    write_labels(pen, old)
    pen.heading()
    pen.people(old, pen.plant(100, rng.randint(1, 10)))
    return Roster("", pages, [*cases, old])


def hidden_sheet(rng: random.Random) -> Roster:
    """A hidden sheet with other people behind the list: a case of its own, every row for a person to decide."""
    case, habits = new_case(rng), shown(rng)
    page, behind = Page("名单"), Page("原始", visible=False)
    pen = Pen(rng, page, habits)
    write_plain(pen, case, pen.plant(0, rng.randint(1, 12)))
    hidden = replace(case, rows=[], codes=set())
    pen = Pen(rng, behind, replace(habits, labels="none", pieces=1))
    pen.heading()
    pen.people(hidden, pen.plant(100, rng.randint(1, 6), ()))
    hidden.rows = [replace(row, code="row.hidden", registers=False) for row in hidden.rows]
    return Roster("", [page, behind], [case, hidden])
