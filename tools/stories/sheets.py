"""A roster laid out on a grid: the official form of Annex 1, and every way clerks bend it. No file format here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from tools.stories.cells import Cell, Row, Same
from tools.stories.units import Unit

TITLE: Final = "重庆市2020年专业技术人员公需科目培训\n学员报名名单"
OFFICIAL_HEADS: Final = (
    ("serial", "序号"),
    ("name", "姓名\n（姓名中间不能有空格）"),
    ("id_number", "身份证号码\n（身份证号码含X，必须大写）"),
    ("phone", "手机号码"),
    ("remark", "备注"),
)
FORM_NOTES: Final = (
    "注意：1.需提供此表格1份，文件格式要求为Excel格式；",
    (
        "2. 各单位指定专人将参训学员报名名单（电子件和纸质扫描件）发送至2020gxkm@cqhrsp.com邮箱，在收到邮件后"
        "2个工作日内，由市人服中心工作人员统一为参训学员注册账号（用户名统一为手机号码，初始密码为“000000”六个零）。"
    ),
)
Labels = Literal["inline", "beside", "none"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a roster. `rows` follow the heading; `empty` numbered rows follow them, then `tail` lines.

    `header` replaces values of the label block (`None` leaves the label empty), `drop` leaves labels out. `gap` empty
    rows stand between the label block and the heading; `top` and `left` say where the whole begins.
    """

    unit: Unit
    rows: tuple[Row, ...]
    name: str = "Sheet1"
    title: str | None = TITLE
    heads: tuple[tuple[str, str], ...] = OFFICIAL_HEADS
    labels: Labels = "inline"
    labels_below: bool = False
    header: dict[str, Cell] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    empty: int = 0
    tail: tuple[str, ...] = FORM_NOTES
    top: int = 1
    left: int = 1
    gap: int = 0
    panels: int = 1
    headless: bool = False
    upper_heads: tuple[tuple[str, int], ...] = ()
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as cells by (row, column) from 1; `placed` are the sheet rows and panels of the declared rows."""

    name: str
    cells: dict[tuple[int, int], Cell]
    merges: tuple[tuple[int, int, int, int], ...]
    hidden: frozenset[int]
    placed: tuple[tuple[int, int], ...]
    visible: bool = True
    hidden_columns: frozenset[int] = frozenset()


LABELS: Final = (
    ("unit", "填表单位："),
    ("contact", "联系人："),
    ("tax_id", "单位纳税人识别号："),
    ("contact_phone", "联系人电话："),
    ("order_no", "缴费订单号："),
)


class Pen:
    """Writes a sheet from top to bottom."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[tuple[int, int, int, int]] = []
        self.row = sheet.top
        self.width = len(sheet.heads) * sheet.panels

    def put(self, column: int, value: Cell) -> None:
        if value is not None:
            self.cells[self.row, self.sheet.left + column] = value

    def across(self, value: Cell) -> None:
        """A line over the whole width, as a merged range."""
        self.put(0, value)
        left = self.sheet.left
        self.merges.append((self.row, left, self.row, left + self.width - 1))
        self.row += 1

    def label_block(self) -> None:
        """Two labels a line, as on the form: the value in the label's own cell or in the one beside it."""
        if self.sheet.labels == "none":
            return
        shown = [(key, text) for key, text in LABELS if key not in self.sheet.drop]
        half = max(2, self.width // 2)
        for number, (key, text) in enumerate(shown):
            value = self.header(key)
            start = 0 if number % 2 == 0 else half
            if self.sheet.labels == "beside":
                self.put(start, text)
                self.put(start + 1, value)
            else:
                self.put(start, text if value is None else f"{text}{value}")
            if number % 2 or number == len(shown) - 1:
                self.row += 1

    def header(self, key: str) -> Cell:
        changed = self.sheet.header
        return changed[key] if key in changed else self.sheet.unit.value(key)

    def heading(self) -> None:
        if self.sheet.upper_heads:
            column = 0
            for text, width in self.sheet.upper_heads:
                self.put(column, text)
                if width > 1:
                    left = self.sheet.left + column
                    self.merges.append((self.row, left, self.row, left + width - 1))
                column += width
            self.row += 1
        for panel in range(self.sheet.panels):
            for number, (_key, text) in enumerate(self.sheet.heads):
                self.put(panel * len(self.sheet.heads) + number, text)
        self.row += 1

    def people(self) -> tuple[list[tuple[int, int]], set[int]]:
        """The rows, in panels from left to right where there are several; where each one landed, which are hidden."""
        rows, panels = self.sheet.rows, self.sheet.panels
        height = -(-(len(rows) + self.sheet.empty) // panels)
        placed, hidden, first = [], set(), self.row
        for number in range(len(rows) + self.sheet.empty):
            panel, line = divmod(number, max(height, 1))
            self.row = first + line
            row = rows[number] if number < len(rows) else None
            self.one(row, number + 1, panel * len(self.sheet.heads))
            if row is not None:
                placed.append((self.row, panel + 1))
                hidden |= {self.row} if row.hidden else set()
        self.row = first + height
        return placed, hidden

    def one(self, row: Row | None, serial: int, offset: int) -> None:
        for number, (key, _text) in enumerate(self.sheet.heads):
            if key == "serial":
                own = row.serial if row is not None else serial
                self.put(offset + number, serial if isinstance(own, Same) else own)
            elif row is not None:
                self.put(offset + number, row.cell(key))


def lay(sheet: Sheet) -> Grid:
    """The sheet as a grid."""
    pen = Pen(sheet)
    if sheet.title is not None:
        pen.across(sheet.title)
    if not sheet.labels_below:
        pen.label_block()
    pen.row += sheet.gap
    if not sheet.headless:
        pen.heading()
    placed, hidden = pen.people()
    if sheet.labels_below:
        pen.row += 1
        pen.label_block()
    for line in sheet.tail:
        pen.across(line)
    return Grid(sheet.name, pen.cells, tuple(pen.merges), frozenset(hidden), tuple(placed), sheet.visible)
