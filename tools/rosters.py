"""Rosters as clerks bend them, with the truth beside them: seeded, invented people, planted faults.

    python -m tools.rosters --seed 1 --count 20 --out DIR

writes DIR/NNN.xlsx (or .csv) and DIR/NNN.json, the truth: every person, where the row stands, what was planted.
Nothing here uses the product's own checks, so that the two can be wrong independently.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tools.roster_people import FAULTS, FIXES, HOLDS, Cells, Person, Value, person

NAME_HEADS = ("姓名", "姓名\n（姓名中间不能有空格）", "学员姓名", "姓 名", "*姓名", "参训人员姓名", "姓名(必填)")
ID_HEADS = (
    "身份证号码",
    "身份证号码\n（身份证号码含X，必须大写）",
    "身份证号",
    "身份证",
    "证件号码",
    "公民身份号码",
    "身份证号（18位）",
)
PHONE_HEADS = ("手机号码", "手机号", "手机", "联系电话", "联系方式", "移动电话", "联系电话（手机）", "手 机 号 码")
TITLE = "重庆市2020年专业技术人员公需科目培训\n学员报名名单"
UNITS = ("重庆市渝江第一中学", "重庆渝山医院", "重庆长滨勘测设计院有限公司", "渝岭区农业技术推广站")
NOTES = (
    "注意：1.需提供此表格1份，文件格式要求为Excel格式；",
    "说明：以上人员均为在职专业技术人员",
    "填表日期：2020年7月10日",
)


@dataclass(frozen=True)
class Row:
    """One row of people as planted. `code` is the finding that has to come, `None` for a row without fault; `registers`
    says whether the person is to get an account."""

    sheet: str
    row: int
    panel: int
    person: Person
    code: str | None
    registers: bool


@dataclass
class Page:
    """One sheet: its cells, hidden rows and merged ranges (top, left, bottom, right)."""

    name: str
    rows: list[list[Value]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass
class Roster:
    """A roster with its truth. `text_only` says that it can be a CSV without losing anything."""

    unit: str
    order: str
    pages: list[Page]
    truth: list[Row]
    text_only: bool


@dataclass
class Style:
    """How this clerk bends the form."""

    order: list[str]
    heads: dict[str, str]
    left: int
    above: int
    panels: int
    labels: Callable[[random.Random, str, str], list[list[Value]]]
    foot: bool
    page_break: int
    two_rows: bool


def generate(seed: int) -> Roster:
    """The roster of a seed: the same seed gives the same roster."""
    rng = random.Random(seed)  # noqa: S311 - samples, not secrets
    style, unit, order = _style(rng), rng.choice(UNITS), f"2020{rng.randrange(10**9, 10**10)}"
    people = _planted(rng, rng.randint(1, 40))
    page = Page(rng.choice(["Sheet1", "学员报名名单", "附件1"]))
    page.rows += [[] for _ in range(style.above)]
    labels = style.labels(rng, unit, order)
    if not style.foot:
        page.rows += [[TITLE], *labels] if rng.random() < 0.8 else labels
    truth = list(_body(rng, page, style, people))
    page.rows += _tail(rng, len(people), style)
    if style.foot:
        page.rows += [[], *labels]
    _shift(page, style.left)
    flat = all(isinstance(cell, str) or cell is None for row in page.rows for cell in row)
    return Roster(unit, order, [page], truth, flat and not page.hidden)


def _style(rng: random.Random) -> Style:
    columns = ["serial", "name", "id", "phone", "remark"]
    if rng.random() < 0.4:
        columns.insert(rng.randint(1, len(columns)), "sex")
    if rng.random() < 0.3:
        middle = columns[1:]
        rng.shuffle(middle)
        columns = [columns[0], *middle]
    if rng.random() < 0.2:
        columns.remove("serial")
    heads = {
        "serial": rng.choice(["序号", "编号", "序 号"]),
        "name": rng.choice(NAME_HEADS),
        "id": rng.choice(ID_HEADS),
        "phone": rng.choice(PHONE_HEADS),
        "remark": rng.choice(["备注", "备 注", "备注说明"]),
        "sex": "性别",
    }
    panels = 2 if rng.random() < 0.15 else 1
    return Style(
        columns,
        heads,
        left=rng.choice([0, 0, 0, 1, 2]),
        above=rng.choice([0, 0, 1, 3]),
        panels=panels,
        labels=rng.choice([_labels_inside, _labels_beside, _labels_under, _labels_one_cell]),
        foot=rng.random() < 0.15,
        page_break=rng.choice([0, 0, 7, 16]) if panels == 1 else 0,
        two_rows=panels == 1 and rng.random() < 0.15,
    )


def _labels_inside(_: random.Random, unit: str, order: str) -> list[list[Value]]:
    return [[f"填表单位：{unit}", None, None, "联系人：周敏"], ["联系人电话：023-60000000"], [f"缴费订单号：{order}"]]


def _labels_beside(_: random.Random, unit: str, order: str) -> list[list[Value]]:
    return [
        ["单位名称", unit, None, "联系人", "周敏"],
        ["缴费订单号：", order, None, "联系电话", "023-60000000"],
    ]


def _labels_under(_: random.Random, unit: str, order: str) -> list[list[Value]]:
    return [["填报单位", "联系人", "订单号"], [unit, "周敏", order]]


def _labels_one_cell(rng: random.Random, unit: str, order: str) -> list[list[Value]]:
    gap = rng.choice(["  ", "\n", "　"])
    return [[f"单位（盖章）：{unit}{gap}联 系 人：周敏{gap}缴费订单编号：{order}"]]


def _planted(rng: random.Random, count: int) -> list[tuple[Person, Cells, str | None]]:
    """People with their cells; about a third bear a fault."""
    out: list[tuple[Person, Cells, str | None]] = []
    pool = [*FIXES, *FAULTS, *HOLDS]
    for number in range(count):
        who = person(rng, number)
        cells = Cells(who.name, who.id_number, who.phone, rng.choice([None, None, None, "语文组", "高级"]))
        code = rng.choice(pool) if rng.random() < 0.35 else None
        if code:
            plant = {**FIXES, **FAULTS, **HOLDS}[code]
            cells = plant(rng, cells)
        out.append((who, cells, code))
    return out


def _body(
    rng: random.Random, page: Page, style: Style, people: list[tuple[Person, Cells, str | None]]
) -> Iterator[Row]:
    """Headings and people onto the page, row after row, panels side by side."""
    height = -(-len(people) // style.panels)
    _heading(page, style)
    for line in range(height):
        if style.page_break and line and line % style.page_break == 0:
            _heading(page, style)
        if rng.random() < 0.03 and style.panels == 1:
            page.rows.append([])
        cells: list[Value] = []
        for panel in range(style.panels):
            place = line + panel * height
            if place >= len(people):
                continue
            who, values, code = people[place]
            cells += _cells(values, who, style, place + 1)
            yield Row(page.name, len(page.rows) + 1, panel + 1, who, code, code is None or code in FIXES)
        page.rows.append(cells)
        if style.panels == 1 and people[line][2] == "row.hidden":
            page.hidden.add(len(page.rows))


def _heading(page: Page, style: Style) -> None:
    names: list[Value] = [style.heads[key] for key in style.order]
    if not style.two_rows:
        page.rows.append(names * style.panels)
        return
    top = len(page.rows) + 1
    place = style.order.index("phone")
    page.rows.append([*names[:place], "联系方式", *names[place + 1 :]])
    page.rows.append([*([None] * place), style.heads["phone"]])
    for column in range(1, len(names) + 1):
        if column != place + 1:
            page.merges.append((top, column, top + 1, column))


def _cells(cells: Cells, who: Person, style: Style, number: int) -> list[Value]:
    values: dict[str, Value] = {
        "serial": str(number),
        "name": cells.name,
        "id": cells.id_number,
        "phone": cells.phone,
        "remark": cells.remark,
        "sex": cells.sex or ("男" if int(who.id_number[16]) % 2 else "女"),
    }
    return [values[key] for key in style.order]


def _tail(rng: random.Random, people: int, style: Style) -> list[list[Value]]:
    empty = range(people + 1, people + rng.choice([1, 4, 9]))
    rows: list[list[Value]] = [[str(number)] for number in empty if style.order[0] == "serial"]
    if rng.random() < 0.4:
        rows.append(rng.choice([["合计", None, f"{people}人"], [f"合计：{people}人"], [f"以上共{people}人"]]))
    if rng.random() < 0.5:
        rows += [[], [rng.choice(NOTES)]]
    return rows


def _shift(page: Page, left: int) -> None:
    page.rows = [[*([None] * left), *row] if row else [] for row in page.rows]
    page.merges = [(top, a + left, bottom, b + left) for top, a, bottom, b in page.merges]


def to_xlsx(roster: Roster) -> bytes:
    """The roster as a workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for page in roster.pages:
        _fill(book.create_sheet(page.name), page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, page: Page) -> None:
    for number, row in enumerate(page.rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(number, column, value)
    for top, left, bottom, right in page.merges:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for number in page.hidden:
        sheet.row_dimensions[number].hidden = True


def to_csv(roster: Roster, encoding: str = "gb18030") -> bytes:
    """The first page as a text table."""
    out = io.StringIO()
    csv.writer(out).writerows(roster.pages[0].rows)
    return out.getvalue().encode(encoding)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--out", type=Path, required=True)
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    for seed in range(wanted.seed, wanted.seed + wanted.count):
        roster = generate(seed)
        as_text = roster.text_only and seed % 3 == 0
        path = wanted.out / f"{seed:03d}{'.csv' if as_text else '.xlsx'}"
        path.write_bytes(to_csv(roster) if as_text else to_xlsx(roster))
        truth = {"unit": roster.unit, "order": roster.order, "rows": [asdict(row) for row in roster.truth]}
        path.with_suffix(".json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
