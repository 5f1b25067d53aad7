"""How one clerk bends the form: names and order of the columns, where the labels stand, what is put around the list."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "serial": ("序号", "编号", "序 号", "No."),
    "name": (
        "姓名",
        "姓名\n（姓名中间不能有空格）",
        "学员姓名",
        "姓 名",
        "*姓名",
        "参训人员姓名",
        "姓名(必填)",
        "姓　　名",
        "Name",
        "②姓名",
    ),
    "id": (
        "身份证号码",
        "身份证号码\n（身份证号码含X，必须大写）",
        "身份证号",
        "身份证",
        "证件号码",
        "公民身份号码",
        "身份证号（18位）",
        "身份證號碼",
        "身份证号码\r\n（文本格式）",
        "ID Card No.",
    ),
    "phone": (
        "手机号码",
        "手机号",
        "手机",
        "联系电话",
        "联系方式",
        "移动电话",
        "联系电话（手机）",
        "手 机 号 码",
        "手機號碼",
        "手机号码1",
        "Mobile",
    ),
    "remark": ("备注", "备 注", "备注说明", "備註", "Remarks"),
    "sex": ("性别",),
    "unit": ("单位", "工作单位", "单位名称", "所在单位"),
    "order": ("订单号", "缴费订单号"),
    "dept": ("部门", "科室"),
    "duty": ("职务", "职称"),
    "degree": ("学历",),
    "mail": ("邮箱", "电子邮箱"),
    "phone2": ("备用手机", "办公电话", "紧急联系人电话"),
    "masked": ("身份证号码（脱敏）",),
}
EXTRAS: Final = ("sex", "dept", "duty", "degree", "mail", "phone2", "masked")
LABELS: Final = ("inside", "beside", "under", "one_cell", "glued", "right", "foot", "stamp")
SHAPES: Final = ("plain", "plain", "plain", "two", "three", "numbered")


@dataclass
class Clerk:
    """One clerk's habits. `breaks` is after how many rows the heading is repeated (0: never), `whole_breaks` whether
    the title and labels are repeated with it; `pieces` in how many cells an ID number stands."""

    columns: list[str]
    heads: dict[str, str]
    labels: str
    shape: str
    left: int
    above: int
    panels: int
    breaks: int
    whole_breaks: bool
    pieces: int
    gaps: bool
    hidden_column: str | None
    title: str = "重庆市2020年专业技术人员公需科目培训\n学员报名名单"


def clerk(rng: random.Random) -> Clerk:
    """A clerk of any habits."""
    columns = _columns(rng)
    panels = rng.choice([1, 1, 1, 1, 1, 2, 3])
    shape = rng.choice(SHAPES) if panels == 1 else "plain"
    plain = panels == 1 and shape == "plain"
    pieces = 2 if plain and rng.random() < 0.08 else 1
    return Clerk(
        columns,
        {key: rng.choice(heads) for key, heads in HEADS.items()},
        labels=rng.choice(LABELS if panels == 1 and shape == "plain" else LABELS[:5]),
        shape=shape,
        left=rng.choice([0, 0, 0, 1, 2]),
        above=rng.choice([0, 0, 1, 3]),
        panels=panels,
        breaks=rng.choice([0, 0, 0, 7, 16]) if panels == 1 else 0,
        whole_breaks=rng.random() < 0.4,
        pieces=pieces,
        gaps=rng.random() < 0.2,
        hidden_column=rng.choice(["phone", "id"]) if plain and pieces == 1 and rng.random() < 0.04 else None,
    )


def _columns(rng: random.Random) -> list[str]:
    columns = ["serial", "name", "id", "phone", "remark"]
    for extra in EXTRAS:
        if rng.random() < 0.18:
            columns.insert(rng.randint(1, len(columns)), extra)
    if rng.random() < 0.3:
        middle = columns[1:]
        rng.shuffle(middle)
        columns = [columns[0], *middle]
    if rng.random() < 0.2:
        columns.remove("serial")
    if rng.random() < 0.15:
        columns.remove("remark")
    return columns
