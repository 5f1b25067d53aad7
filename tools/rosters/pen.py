"""Writes one clerk's list onto a page, and keeps the truth of every row."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tools.roster_people import FAULTS, FIXES, HOLDS, Cells, Person, Value, person
from tools.rosters.clerk import Clerk
from tools.rosters.model import Case, Page, Row

NOTES: Final = (
    "注意：1.需提供此表格1份，文件格式要求为Excel格式；",
    "说明：以上人员均为在职专业技术人员",
    "填表日期：2020年7月10日",
    "填表人：周敏                审核人：李强",
)
SAMPLES: Final = (
    ("示例", "张三", "500101199001010000", "13800138000", None),
    ("例", "李四", "50010119900101001X", "138xxxxxxxx", "请删除本行"),
)
_EXTRA: Final = {"dept": ("语文组", "内科", "综合部"), "duty": ("教师", "工程师", "主任"), "degree": ("本科", "大专")}


@dataclass(frozen=True)
class Planted:
    """One person with the cells as typed."""

    person: Person
    cells: Cells
    code: str | None

    @property
    def registers(self) -> bool:
        return self.code is None or self.code in FIXES


POOL: Final = {**FIXES, **FAULTS, **HOLDS}


def planted(rng: random.Random, start: int, count: int, codes: Sequence[str]) -> list[Planted]:
    """People with their cells; about a third bear one of these faults."""
    out = []
    for number in range(start, start + count):
        who = person(rng, number)
        cells = Cells(who.name, who.id_number, who.phone, rng.choice([None, None, None, "语文组", "高级"]))
        code = rng.choice(codes) if codes and rng.random() < 0.3 else None
        out.append(Planted(who, POOL[code](rng, cells) if code else cells, code))
    return out


class Pen:
    """Writes from top to bottom of one page. Whatever it writes of people goes into the case at hand."""

    def __init__(self, rng: random.Random, page: Page, clerk: Clerk) -> None:
        self.rng = rng
        self.page = page
        self.clerk = clerk
        self.serial = 0

    def plant(self, start: int, count: int, codes: Sequence[str] | None = None) -> list[Planted]:
        """People for this list, with faults that its columns can bear, or with some of these."""
        able = sorted(POOL) if codes is None else list(codes)
        if self.clerk.pieces > 1:
            able = []
        elif "remark" not in self.clerk.columns:
            able = [code for code in able if code != "row.remark"]
        return planted(self.rng, start, count, able)

    def line(self, *cells: Value) -> int:
        """A row of cells; its number."""
        self.page.rows.append([*([None] * self.clerk.left), *cells] if any(c is not None for c in cells) else [])
        return len(self.page.rows)

    def across(self, text: str) -> None:
        """A text over the width of the list."""
        row, left = self.line(text), self.clerk.left
        self.page.merges.append((row, left + 1, row, left + max(2, self.width)))

    @property
    def width(self) -> int:
        """The columns of one panel."""
        return len(self.clerk.columns) + self.clerk.pieces - 1

    def labels(self, unit: str | None, order: Value) -> list[list[Value]]:
        """The label block in this clerk's way; those that stand beside the list are not among them."""
        unit, where, paid = unit or "", f"：{unit or ''}", f"：{order or ''}"
        ways: dict[str, list[list[Value]]] = {
            "inside": [
                [f"填表单位{where}", None, None, "联系人：周敏"],
                ["联系人电话：023-60000000"],
                [f"缴费订单号{paid}"],
            ],
            "beside": [
                ["单位名称", unit or None, None, "联系人", "周敏"],
                ["缴费订单号：", order, None, "联系电话", "023-60000000"],
            ],
            "under": [["填报单位", "联系人", "订单号"], [unit, "周敏", order]],
            "one_cell": [[f"单位（盖章）{where}  联 系 人：周敏\n缴费订单编号{paid}"]],
            "glued": [[f"单位名称{unit}"], ["联系人周敏　联系电话：13900000000"], [f"缴费订单号{order or ''}"]],
            "stamp": [
                [f"填报单位（公章）{where}          填报时间：2020年9月1日"],
                [f"订单号{paid}    联系人及电话：周敏 13900000000"],
            ],
        }
        return ways.get(self.clerk.labels, [])

    def beside(self, unit: str, order: Value) -> list[list[Value]]:
        """Labels for the right of the list, row by row from the heading on."""
        return [["填表单位：", unit], ["联系人：周敏"], ["缴费订单号：", order]] if self.clerk.labels == "right" else []

    def heading(self, right: list[Value] | None = None) -> None:
        """The heading in one row, in two or three, or with the columns numbered below it."""
        clerk, left = self.clerk, self.clerk.left
        names: list[Value] = []
        for key in clerk.columns:
            names += [clerk.heads[key], *([None] * (clerk.pieces - 1 if key == "id" else 0))]
        if clerk.shape in ("two", "three"):
            self._tall_heading(names)
            return
        row = self.line(*(names * clerk.panels), *([None, *right] if right else []))
        if clerk.pieces > 1:
            at = left + clerk.columns.index("id") + 1
            self.page.merges.append((row, at, row, at + clerk.pieces - 1))
        if clerk.shape == "numbered":
            self.line(*range(1, len(names) + 1))

    def _tall_heading(self, names: list[Value]) -> None:
        clerk, height = self.clerk, 2 if self.clerk.shape == "two" else 3
        at = clerk.columns.index("phone")
        lines: list[list[Value]] = [[*names[:at], "联系方式", *names[at + 1 :]]]
        lines += [[*([None] * at), "移动通讯"] for _ in range(height - 2)]
        lines.append([*([None] * at), clerk.heads["phone"]])
        top = self.page.next_row
        for cells in lines:
            self.line(*cells)
        for column in range(len(names)):
            if column != at:
                place = clerk.left + column + 1
                self.page.merges.append((top, place, top + height - 1, place))

    def people(self, case: Case, people: list[Planted], *, unit: Value = None, order: Value = None) -> None:
        """People below the heading that stands there, panel by panel."""
        clerk = self.clerk
        height = -(-len(people) // clerk.panels)
        for line in range(height):
            if clerk.gaps and self.rng.random() < 0.1:
                self.line()
            cells: list[Value] = []
            for panel in range(clerk.panels):
                place = line + panel * height
                if place < len(people):
                    self.serial += 1
                    cells += self.cells(people[place], place if clerk.panels > 1 else self.serial - 1, unit, order)
                    case.rows.append(self.row(people[place], panel + 1))
            self.line(*cells)

    def row(self, one: Planted, panel: int) -> Row:
        """The truth of somebody in the row that is written next."""
        code = "id.separator" if self.clerk.pieces > 1 else one.code
        return Row(self.page.name, self.page.next_row, panel, one.person, code, one.registers)

    def cells(self, one: Planted, number: int, unit: Value = None, order: Value = None) -> list[Value]:
        """The cells of somebody, column by column; `number` counts from 0."""
        cells, who = one.cells, one.person
        values: dict[str, Value] = {
            "serial": str(number + 1),
            "name": cells.name,
            "id": cells.id_number,
            "phone": cells.phone,
            "remark": cells.remark,
            "sex": cells.sex or ("男" if int(who.id_number[16]) % 2 else "女"),
            "unit": unit,
            "order": order,
            "mail": f"user{number}@example.cn",
            "phone2": f"139{number:08d}",
            "masked": f"{who.id_number[:6]}********{who.id_number[14:]}",
        }
        out: list[Value] = []
        for key in self.clerk.columns:
            value = values[key] if key in values else self.rng.choice(_EXTRA[key])
            if key == "id" and self.clerk.pieces > 1:
                whole = isinstance(value, str) and value == who.id_number
                out += [who.id_number[:6], who.id_number[6:]] if whole else [value, None]
            else:
                out.append(value)
        return out

    def sample(self) -> None:
        """The form's own sample row, in the columns that have one."""
        cells = dict(zip(("serial", "name", "id", "phone", "remark"), self.rng.choice(SAMPLES), strict=True))
        if self.clerk.panels == 1 and {"serial", "remark"} <= set(self.clerk.columns) and self.clerk.pieces == 1:
            self.line(*(cells.get(key) for key in self.clerk.columns))

    def template_rows(self) -> None:
        """Empty rows of the form that only bear their number."""
        if self.clerk.columns[0] == "serial":
            for number in range(self.serial + 1, self.serial + self.rng.choice([1, 1, 4, 9])):
                self.line(str(number))

    def total(self, count: int, word: str = "合计") -> None:
        """A line with the number of people."""
        ways: list[list[Value]] = [[word, None, f"{count}人"], [f"{word}：{count}人"], [word, count]]
        self.line(*self.rng.choice(ways))

    def notes(self) -> None:
        """Foot notes."""
        for note in self.rng.sample(NOTES, self.rng.choice([0, 0, 1, 2])):
            self.line()
            self.line(note)
