"""What layouts written down by hand are made of: numbered people, rows, and what has to come of each case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mailbot.domain.document import Cell
from tests.casetypes.support import Rows, person_id, phone_of

TITLE = "重庆市2020年专业技术人员公需科目培训\n学员报名名单"
HEAD = ("序号", "姓名", "身份证号码", "手机号码", "备注")
UNIT, ORDER = "重庆甲医院", "2020090100001234"
HERE, PAID = (f"填表单位：{UNIT}",), (f"缴费订单号：{ORDER}",)
OTHER = "重庆乙中学"


def name(n: int) -> str:
    return f"陈晓{'一二三四五六七八九'[n % 9]}"


def who(n: int) -> tuple[Cell, ...]:
    return name(n), person_id(n), phone_of(n)


def row(n: int, remark: Cell = None) -> tuple[Cell, ...]:
    return n, *who(n), remark


@dataclass(frozen=True)
class Told:
    """What has to come of one case. `goes` get accounts; `codes` are the findings of the others by number; `case` are
    those of the case above a note."""

    goes: tuple[int, ...] = ()
    unit: str | None = UNIT
    orders: tuple[str, ...] = (ORDER,)
    codes: dict[int, set[str]] = field(default_factory=dict)
    case: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layout:
    """Sheets of rows, what is merged or hidden on the first, and the cases that have to come."""

    sheets: Sequence[Rows]
    told: tuple[Told, ...]
    more: dict[str, object] = field(default_factory=dict)


LAYOUTS: dict[str, Callable[[], Layout]] = {}


def layout(make: Callable[[], Layout]) -> Callable[[], Layout]:
    LAYOUTS[make.__name__.removeprefix("_")] = make
    return make


def one(*rows: Sequence[Cell], told: Told, **more: object) -> Layout:
    return Layout([rows], (told,), more)


NO_HEADER = frozenset({"header.unit_missing", "header.order_missing"})
NO_ORDER = frozenset({"header.order_missing"})
INFERRED = frozenset({"header.inferred"})
