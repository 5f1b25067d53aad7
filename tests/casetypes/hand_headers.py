"""Layouts by hand: where clerks put the labels, the order number and the units."""

from __future__ import annotations

from mailbot.domain.document import Merge
from tests.casetypes.by_hand import (
    HEAD,
    HERE,
    NO_HEADER,
    NO_ORDER,
    ORDER,
    OTHER,
    PAID,
    TITLE,
    UNIT,
    Layout,
    Told,
    layout,
    name,
    one,
    row,
    who,
)
from tests.casetypes.support import phone_of


@layout
def _labels_right_of_the_list() -> Layout:
    right = (None, "填表单位：", UNIT), (None, "联系人：", "周敏"), (None, "缴费订单号：", ORDER)
    lines = [(*HEAD, *right[0]), (*row(1), *right[1]), (*row(2), *right[2]), row(3)]
    return one((TITLE,), *lines, told=Told((1, 2, 3)))


@layout
def _labels_behind_the_heading() -> Layout:
    return one((TITLE,), (*HEAD, HERE[0], PAID[0]), row(1), row(2), told=Told((1, 2)))


@layout
def _labels_right_of_somebody_whose_number_is_masked() -> Layout:
    masked = (1, name(1), "500103********0012", phone_of(1), None, None, "联系人：周敏")
    return one(HERE, PAID, HEAD, masked, row(2), told=Told((2,), codes={1: {"id.masked"}}))


@layout
def _labels_glued_to_their_values() -> Layout:
    return one((f"单位名称{UNIT}",), (f"订单号{ORDER}",), ("联系人周敏",), HEAD, row(1), told=Told((1,)))


@layout
def _labels_in_one_line_with_a_date() -> Layout:
    line = (f"填报单位（公章）：{UNIT}                填报时间：2020年9月1日",)
    return one(line, (f"订单编号：{ORDER}          联系人及电话：周敏 13900000000",), HEAD, row(1), told=Told((1,)))


@layout
def _labels_of_a_unit_written_apart() -> Layout:
    return one(("填 表 单 位 ：", UNIT), ("缴 费 订 单 号：", ORDER), HEAD, row(1), told=Told((1,)))


@layout
def _values_below_their_labels_and_a_label_row_above_the_heading() -> Layout:
    return one(("单位", "订单号", "人数"), (UNIT, ORDER, 2), HEAD, row(1), row(2), told=Told((1, 2)))


@layout
def _a_telephone_label_right_above_the_heading() -> Layout:
    return one(HERE, ("缴费订单号：", ORDER, None, "联系电话", "023-60000000"), HEAD[1:], who(1), told=Told((1,)))


@layout
def _an_order_number_in_two_cells() -> Layout:
    told = Told((1,), orders=("20200901", "00001234"), case=frozenset({"header.order_several"}))
    return one(HERE, ("缴费订单号：", "20200901", "00001234"), HEAD, row(1), told=told)


@layout
def _the_order_in_a_column() -> Layout:
    return one(HERE, (*HEAD, "订单号"), (*row(1), ORDER), (*row(2), None), told=Told((1, 2)))


@layout
def _two_orders_in_a_column() -> Layout:
    told = Told((1, 2), orders=(ORDER, "2020090100005678"), case=frozenset({"header.order_several"}))
    return one(HERE, (*HEAD, "订单号"), (*row(1), ORDER), (*row(2), "2020090100005678"), told=told)


@layout
def _a_lost_order_in_a_column() -> Layout:
    told = Told((1,), orders=(), case=frozenset({"header.order_precision_lost"}))
    return one(HERE, (*HEAD, "订单号"), (*row(1), 2.0200901e15), told=told)


@layout
def _units_in_a_merged_column() -> Layout:
    head = ("序号", "单位", *HEAD[1:4])
    rows = [(n, unit, *who(n)) for n, unit in ((1, UNIT), (2, None), (3, OTHER), (4, None))]
    merges = (Merge(top=3, left=2, bottom=4, right=2), Merge(top=5, left=2, bottom=6, right=2))
    told = Told((1, 2), orders=(), case=NO_ORDER), Told((3, 4), OTHER, (), case=NO_ORDER)
    return Layout([[(TITLE,), head, *rows]], told, {"merges": merges})


@layout
def _departments_in_the_unit_column() -> Layout:
    head = ("序号", "单位", *HEAD[1:4])
    return one(HERE, PAID, head, (1, "内科", *who(1)), (2, "外科", *who(2)), told=Told((1, 2)))


@layout
def _unit_and_order_in_columns() -> Layout:
    rows = [("单位", "订单号", *HEAD[1:4]), (UNIT, ORDER, *who(1)), (OTHER, "2020090100002222", *who(2))]
    return Layout([rows], (Told((1,)), Told((2,), OTHER, ("2020090100002222",))))


@layout
def _units_in_lines_between_the_people() -> Layout:
    rows = [
        (TITLE,),
        PAID,
        HEAD,
        (f"一、{UNIT}（2人）",),
        row(1),
        row(2),
        (None, f"二、{OTHER}（1人）"),
        row(3),
        ("合计3人",),
    ]
    return Layout([rows], (Told((1, 2)), Told((3,), OTHER)))


@layout
def _departments_in_lines_between_the_people() -> Layout:
    rows = (HERE, PAID, HEAD, (None, "门诊部"), row(1), row(2), (None, "住院部（共1人）"), row(3), ("合计", 3))
    return one(*rows, told=Told((1, 2, 3)))


@layout
def _two_units_side_by_side() -> Layout:
    three = HEAD[1:4]
    above = (f"单位：{UNIT}", None, None, None, f"单位：{OTHER}")
    rows = [above, (*three, None, *three), (*who(1), None, *who(2)), (*who(3), None, *who(4))]
    return Layout([rows], (Told((1, 3), orders=(), case=NO_ORDER), Told((2, 4), OTHER, (), case=NO_ORDER)))


@layout
def _two_units_told_by_their_titles() -> Layout:
    rows = [(f"{UNIT}学员报名名单",), HEAD, row(1), (), (f"{OTHER}学员报名名单",), HEAD, row(2)]
    return Layout([rows], (Told((1,), None, (), case=NO_HEADER), Told((2,), None, (), case=NO_HEADER)))
