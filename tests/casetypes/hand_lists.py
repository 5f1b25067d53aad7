"""Layouts by hand: how clerks bend the list itself, and what they put around it."""

from __future__ import annotations

from mailbot.domain.document import Cell, Merge, Special
from tests.casetypes.by_hand import (
    HEAD,
    HERE,
    INFERRED,
    NO_HEADER,
    NO_ORDER,
    ORDER,
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
from tests.casetypes.support import person_id, phone_of


@layout
def _one_person_a_column() -> Layout:
    lines = [(head, *(who(n)[place] for n in (1, 2, 3))) for place, head in enumerate(HEAD[1:4])]
    return one(HERE, PAID, *lines, ("备注", None, "已缴费", None), told=Told((1, 3), codes={2: {"row.remark"}}))


@layout
def _a_single_person_in_a_form_of_two_columns() -> Layout:
    rows = [("学员报名表",), ("姓名", name(1)), ("身份证号码", person_id(1)), ("手机号码", phone_of(1)), ("单位", UNIT)]
    return one(*rows, told=Told((1,), orders=(), case=NO_ORDER | INFERRED))


@layout
def _cards_below_each_other() -> Layout:
    card = [
        line
        for n in (1, 2)
        for line in (("姓名", name(n), "性别", "女"), ("身份证号码", person_id(n)), ("手机号码", phone_of(n)), ())
    ]
    return one(HERE, PAID, *card, told=Told((1, 2)))


@layout
def _a_whole_person_in_one_cell() -> Layout:
    lines = [(" ".join(map(str, who(n))),) for n in (1, 2)]
    return one(HERE, PAID, ("姓名 身份证号 手机",), *lines, told=Told((1, 2), case=INFERRED))


@layout
def _every_value_behind_its_own_label() -> Layout:
    lines = [(f"姓名：{a}", f"身份证号：{b}", f"手机：{c}") for a, b, c in map(who, (1, 2))]
    return one(HERE, PAID, *lines, told=Told((1, 2), case=INFERRED))


@layout
def _an_id_number_in_two_cells() -> Layout:
    lines = [(n, name(n), person_id(n)[:6], person_id(n)[6:], phone_of(n)) for n in (1, 2)]
    told = Told((1, 2), codes={1: {"id.separator"}, 2: {"id.separator"}})
    return one(HERE, PAID, ("序号", "姓名", "身份证号码", None, "手机号码"), *lines, told=told)


@layout
def _an_id_number_digit_by_digit() -> Layout:
    head = ("序号", "姓名", "身份证号码", *[None] * 17, "手机号码")
    line = (1, name(1), *person_id(1), phone_of(1))
    merges = (Merge(top=3, left=3, bottom=3, right=20),)
    return one(HERE, PAID, head, line, told=Told((1,), codes={1: {"id.separator"}}), merges=merges)


@layout
def _name_and_phone_in_one_column() -> Layout:
    line = (1, f"{name(1)} {phone_of(1)}", person_id(1))
    return one(HERE, PAID, ("序号", "姓名及电话", "身份证号码"), line, told=Told(codes={1: {"row.merged_fields"}}))


@layout
def _a_name_merged_over_two_rows_with_two_phones() -> Layout:
    lines = [row(1), (None, None, None, phone_of(91), None), row(2)]
    merges = tuple(Merge(top=4, left=column, bottom=5, right=column) for column in (1, 2, 3))
    return one(HERE, PAID, HEAD, *lines, told=Told((2,), codes={1: {"phone.several"}}), merges=merges)


@layout
def _a_person_merged_over_two_years() -> Layout:
    lines = [(1, *who(1), 2020), (None, None, None, None, 2019), (2, *who(2), 2020)]
    merges = tuple(Merge(top=4, left=column, bottom=5, right=column) for column in (1, 2, 3, 4))
    return one(HERE, PAID, (*HEAD[:4], "年度"), *lines, told=Told((1, 2)), merges=merges)


@layout
def _a_serial_number_before_the_name() -> Layout:
    lines = [(f"1.{name(1)}", *who(1)[1:]), (f"2、{name(2)}", *who(2)[1:])]
    return one(HERE, PAID, HEAD[1:4], *lines, told=Told((1, 2)))


@layout
def _english_words() -> Layout:
    head = ("No.", "Full Name", "ID Card No.", "Mobile Phone", "Remarks")
    return one((f"Company: {UNIT}",), (f"Order No.: {ORDER}",), head, row(1), told=Told((1,)))


@layout
def _traditional_characters() -> Layout:
    head = ("序號", "姓名", "身份證號碼", "手機號碼", "備註")
    told = Told((1,), "重慶甲醫院", codes={2: {"row.remark"}})
    return one(("填表單位：重慶甲醫院",), (f"繳費訂單號：{ORDER}",), head, row(1), row(2, "已缴费"), told=told)


@layout
def _a_heading_of_three_rows() -> Layout:
    heads = [("序号", "基本信息", None, None, "备注"), (None, "姓名", "证件信息", "联系方式"), (None, None, *HEAD[2:4])]
    return one(HERE, PAID, *heads, row(1), row(2, "离职"), told=Told((1,), codes={2: {"row.remark"}}))


@layout
def _columns_numbered_below_the_heading() -> Layout:
    return one(HERE, PAID, HEAD, (1, 2, 3, 4, 5), row(1), row(2), told=Told((1, 2)))


@layout
def _heads_with_long_hints() -> Layout:
    heads = (
        "序\n号",
        "姓　　名\n（请填写身份证上的姓名，中间不要有空格）",
        "身 份 证 号 码\n（18位，X大写）",
        "③手机号码（用于登录）",
    )
    return one(HERE, PAID, heads, (1, *who(1)), told=Told((1,)))


@layout
def _whose_numbers_they_are_not() -> Layout:
    head = ("序号", "姓名", "紧急联系人电话", "QQ/微信", "身份证号码", "办公电话", "本人电话", "手机短号")
    line = (1, name(1), phone_of(88), phone_of(89), person_id(1), "023-67890000", phone_of(1), "668899")
    return one(HERE, PAID, head, line, told=Told((1,)))


@layout
def _masked_numbers_beside_whole_ones() -> Layout:
    head = ("序号", "姓名", "身份证号码", "身份证号码", "手机号码")
    return one(HERE, PAID, head, (1, name(1), "500103********0012", *who(1)[1:]), told=Told((1,)))


@layout
def _an_old_phone_in_a_hidden_column() -> Layout:
    line = (1, *who(1)[:2], phone_of(77), phone_of(1))
    return one(HERE, PAID, (*HEAD[:4], "手机号码"), line, told=Told((1,)), hidden_columns=frozenset({4}))


@layout
def _the_only_phones_in_a_hidden_column() -> Layout:
    told = Told((1,), case=frozenset({"column.hidden"}))
    return one(HERE, PAID, HEAD, row(1), told=told, hidden_columns=frozenset({4}))


@layout
def _remarks_outside_the_column_of_remarks() -> Layout:
    lines = [(*row(1, "语文组"), "已缴费"), (*row(2), None, "本人离职"), row(3)]
    return one(HERE, PAID, (*HEAD, "备注2"), *lines, told=Told((3,), codes={1: {"row.remark"}, 2: {"row.remark"}}))


@layout
def _sample_rows_of_the_form() -> Layout:
    samples = [("例", "张三", "50010119900101001X", "138xxxxxxxx", "请删除"), ("示例：李四",)]
    return one(HERE, PAID, HEAD, *samples, row(1), told=Told((1,)))


@layout
def _a_sample_with_a_whole_number_is_shown_to_a_person() -> Layout:
    sample = (None, "例：张三", person_id(77), phone_of(77))
    return one(HERE, PAID, HEAD, sample, row(1), told=Told((1,), case=frozenset({"sheet.unread_people"})))


@layout
def _sums_that_look_like_numbers_of_people() -> Layout:
    tail = [("合计", None, None, 13800000000), ("总计", "2人", None, None, None, 66), ("大写金额", "陆拾陆元整")]
    return one(HERE, PAID, (*HEAD, "金额"), (*row(1), 33), (*row(2), 33), *tail, told=Told((1, 2)))


@layout
def _template_rows_notes_and_signatures() -> Layout:
    empty = [(n, "　", " ", "", "") for n in range(3, 10)]
    tail = [
        ("注意：1.需提供此表格1份，文件格式要求为Excel格式；",),
        ("填表人：周敏", None, "审核人：李强", "日期：2020.9.1"),
    ]
    return one((TITLE,), HERE, PAID, HEAD, row(1), row(2), *empty, *tail, told=Told((1, 2)))


@layout
def _pages_with_their_own_heads_and_feet() -> Layout:
    page, foot = [(TITLE,), HERE, PAID, HEAD], [("小计", 2), ("填表人：周敏", None, "第1页 共2页"), ()]
    return one(*page, row(1), row(2), *foot, *page, row(3), *foot[1:], ("合计3人",), told=Told((1, 2, 3)))


@layout
def _a_summary_above_and_beside_the_list() -> Layout:
    summary: list[tuple[Cell, ...]] = [("部门", "人数"), ("内科", 2), ("合计", 2), ()]
    return one(
        *summary, HERE, PAID, (*HEAD, None, "部门", "人数"), (*row(1), None, "内科", 2), row(2), told=Told((1, 2))
    )


@layout
def _last_year_s_list_on_another_sheet() -> Layout:
    old = [("2019年公需科目报名名单",), HEAD, row(3)]
    told = Told((1, 2)), Told((3,), None, (), case=NO_HEADER | {"roster.other_year"})
    return Layout([[HERE, PAID, HEAD, row(1), row(2)], old], told)


@layout
def _the_same_people_on_two_sheets_in_another_order() -> Layout:
    told = Told((1, 2, 2, 1), codes={})
    return Layout([[HERE, PAID, HEAD, row(1), row(2)], [HEAD[1:4], who(2), who(1)]], (told,))


@layout
def _cells_that_are_no_values() -> Layout:
    lost: tuple[Cell, ...] = (1, name(1), Special(kind="error", text="#N/A"), phone_of(1))
    empty: tuple[Cell, ...] = (2, *who(2)[:2], Special(kind="no_value", text="=A1"))
    told = Told(codes={1: {"cell.error_value"}, 2: {"cell.no_cached_value"}})
    return one(HERE, PAID, HEAD, lost, empty, told=told)
