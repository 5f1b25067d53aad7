"""The pieces of reading a sheet, each by itself: headings, labels, columns by content, lines, blocks."""

from __future__ import annotations

import pytest

from mailbot.casetypes.roster.blocks import blocks_of
from mailbot.casetypes.roster.gather import gather
from mailbot.casetypes.roster.grid import grid_of
from mailbot.casetypes.roster.header import Heading, differs, header_of, heading_of, orders_in
from mailbot.casetypes.roster.heads import find_head
from mailbot.casetypes.roster.infer import complete, infer_columns
from mailbot.casetypes.roster.labels import LabelHit, labels_of
from mailbot.casetypes.roster.lexicon import lexicon_of
from mailbot.casetypes.roster.lines import Line, count_of, line_of
from mailbot.casetypes.roster.rows import Raw, Shape, is_example, is_prose, shape, take, valid_ids
from mailbot.casetypes.roster.sheets import read_sheet
from mailbot.casetypes.roster.twins import twins_of
from mailbot.domain.document import Cell, Merge, Special
from tests.casetypes.support import HEAD, Rows, document, form, labels, official, person_id, phone_of, sheet

WORDS = lexicon_of(form())
COLUMNS = {"serial": 1, "name": 2, "id_number": 3, "phone": 4, "remark": 5}


def raw(*cells: Cell) -> Raw:
    return take(cells, COLUMNS, 1, 1, 0)


def head(*rows: tuple[Cell, ...], merges: tuple[Merge, ...] = ()) -> list[dict[str, int]] | None:
    found = find_head(grid_of(sheet(rows, merges=merges)), 1, WORDS)
    return [dict(panel) for panel in found.panels] if found else None


@pytest.mark.parametrize(
    ("cells", "panels"),
    [
        (HEAD, [COLUMNS]),
        (("姓名", "手机"), [{"name": 1, "phone": 2}]),
        (("手机", "备注", "姓名"), [{"phone": 1, "remark": 2, "name": 3}]),
        (("姓名",), None),
        (("身份证号", "手机"), None),
        (("姓名", "性别", "备注"), None),
        (("姓名", "张三", "手机号码", phone_of(1)), None),
        (("姓名", person_id(1), "身份证号"), None),
        ((None, None), None),
        (("姓名", "手机", "联系电话"), [{"name": 1, "phone": 2}]),
        (("姓名", "联系电话", "手机"), [{"name": 1, "phone": 3}]),
        (("姓名", "手机", "姓名", "手机"), [{"name": 1, "phone": 2}, {"name": 3, "phone": 4}]),
        (("手机", "姓名", "手机", "姓名"), [{"phone": 1, "name": 2}, {"phone": 3, "name": 4}]),
        (
            ("姓名", "身份证号", "手机", "联系电话", "姓名", "身份证号", "手机", "联系电话"),
            [{"name": 1, "id_number": 2, "phone": 3}, {"name": 5, "id_number": 6, "phone": 7}],
        ),
    ],
)
def test_headings_of_one_row(cells: tuple[Cell, ...], panels: list[dict[str, int]] | None) -> None:
    assert head(cells) == panels


def test_a_heading_of_two_rows_without_merges() -> None:
    assert head(("姓名", "身份证", "联系"), (None, "号码", "手机")) == [{"name": 1, "id_number": 2, "phone": 3}]


def test_two_rows_that_only_together_name_the_columns() -> None:
    assert head(("姓名", "证件", "联系"), (None, "号码", "方式")) == [{"name": 1, "id_number": 2, "phone": 3}]


@pytest.mark.parametrize(
    "below",
    [
        ("张三", person_id(1), phone_of(1)),
        ("张三", None, None),
        (1, None, None),
        ("姓名", "身份证号", "手机"),
        ("示例", "500…", "138…"),
    ],
)
def test_what_stands_below_a_heading_is_not_swallowed(below: tuple[Cell, ...]) -> None:
    found = find_head(grid_of(sheet([("姓名", "身份证号", "手机"), below])), 1, WORDS)
    assert found is not None
    assert found.bottom == 1


def hits(*rows: tuple[Cell, ...], row: int = 1) -> dict[str, Cell]:
    found = labels_of(grid_of(sheet(rows)), row, WORDS, lambda _: True)
    return {hit.key: hit.value for hit in found}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("填表单位", None, None, "某校")], {"unit": "某校"}),
        ([("填表单位", "联系人"), ("某校", "周敏")], {"unit": "某校", "contact": "周敏"}),
        ([("填表单位：", "联系人：")], {"unit": None, "contact": None}),
        ([("填表单位", "联系人", "周敏")], {"unit": None, "contact": "周敏"}),
        ([("填表单位：",), ("注意：请填写完整",)], {"unit": None}),
        ([("填表单位：",), ("2020年学员名单",)], {"unit": None}),
        ([("填表单位：",), ("某校", "别的")], {"unit": None}),
        ([("订单号", 20200712001)], {"order_no": 20200712001}),
        ([("联系人：周敏", "13900000000")], {"contact": "周敏"}),
        ([("纳税人识别号（统一社会信用代码）：", "91X")], {"tax_id": "91X"}),
    ],
)
def test_labels(rows: list[tuple[Cell, ...]], found: dict[str, Cell]) -> None:
    assert hits(*rows) == found


def test_a_row_below_that_is_not_free_holds_no_values() -> None:
    grid = grid_of(sheet([("填表单位",), ("某校",)]))
    assert labels_of(grid, 1, WORDS, lambda _: False) == [LabelHit("unit", None, 1, 1)]


def test_a_merged_label_with_its_value_behind_the_merge() -> None:
    rows: Rows = [("填表单位", None, None, "某校")]
    grid = grid_of(sheet(rows, merges=(Merge(top=1, left=1, bottom=1, right=3),)))
    assert labels_of(grid, 1, WORDS, lambda _: True) == [LabelHit("unit", "某校", 1, 4)]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ((1, "张三", person_id(1), phone_of(1)), Shape.PERSON),
        ((None, None, person_id(1)[:16]), Shape.PERSON),
        ((None, None, 5.0e17), Shape.PERSON),
        (("3.", "张三"), Shape.PERSON),
        ((3, "合计"), Shape.PERHAPS),
        ((None, "张三"), Shape.PERHAPS),
        ((None, None, None, phone_of(1)), Shape.PERHAPS),
        ((3,), Shape.NOBODY),
        ((3, " ", "　", "\u200b", "备注"), Shape.NOBODY),
        ((3, Special(kind="error", text="#N/A")), Shape.PERSON),
    ],
)
def test_shapes(cells: tuple[Cell, ...], kind: Shape) -> None:
    assert shape(raw(*cells), WORDS) is kind


@pytest.mark.parametrize(
    ("cells", "prose"),
    [
        ((None, "张三"), False),
        ((None, "以上人员均已核对；谢谢"), True),
        ((None, "（必填）", "（18位）"), True),
        ((None, "17"), True),
        ((None, "某" * 30), True),
        ((None, "某" * 30, "12"), False),
        ((None, f"补：{person_id(1)}"), False),
        ((None, "阿卜杜热合曼·麦麦提艾力"), False),
    ],
)
def test_prose(cells: tuple[Cell, ...], prose: bool) -> None:
    assert is_prose(grid_of(sheet([cells])), raw(*cells), COLUMNS) is prose


def test_a_name_merged_across_columns_is_a_group_heading() -> None:
    cells = (None, "语文组")
    grid = grid_of(sheet([cells], merges=(Merge(top=1, left=2, bottom=1, right=5),)))
    assert is_prose(grid, raw(*cells), COLUMNS)


def test_samples() -> None:
    assert is_example(raw("例", "张三", "500000000000000000", "138"), WORDS)
    assert is_example(raw(1, "张三（示例）", None, None), WORDS)
    assert not is_example(raw("例", "张三", person_id(1), phone_of(1)), WORDS)
    assert not is_example(raw(1, "张三", "500000000000000000", "138"), WORDS)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ((1, "张三", person_id(1)), Line.PEOPLE),
        (("联系人", "张三", person_id(1)), Line.PEOPLE),
        (("联系人", "张三", "联系电话", phone_of(1)), Line.LABELS),
        (("订单号", None, "20200712000001"), Line.LABELS),
        (("2020年学员名单",), Line.TITLE),
        (("合计", None, "2人"), Line.OTHER),
        (("注：共2人",), Line.OTHER),
        ((None, "以上共2人"), Line.OTHER),
        ((2,), Line.OTHER),
        ((1, 2, 3, 4, 5), Line.OTHER),
        (("A", "B", "C", "D"), Line.OTHER),
        (("总计", None, 66, 13800000000), Line.OTHER),
        (("重庆市某医院",), Line.GROUP),
        ((None, "二、重庆市某中学（3人）"), Line.GROUP),
        ((None, "门诊部"), Line.GROUP),
        ((None, "王小组"), Line.PEOPLE),
        ((None, "张三", None, None, "联系人"), Line.PEOPLE),
        ((None, None, None, None, "联系人：周敏"), Line.LABELS),
    ],
)
def test_lines(cells: tuple[Cell, ...], kind: Line) -> None:
    assert line_of(grid_of(sheet([cells])), 1, [raw(*cells)], [COLUMNS], WORDS, len(cells)) is kind


def test_what_stands_beside_the_list_makes_no_person_a_label() -> None:
    cells = (1, "张三", "500103********0012", None, None, None, "联系人：周敏")
    grid = grid_of(sheet([cells]))
    assert line_of(grid, 1, [raw(*cells[:5])], [COLUMNS], WORDS, 5) is Line.PEOPLE


def test_counts_of_a_line() -> None:
    grid = grid_of(sheet([("合计", None, 43), ("合计", 43, 1419), ("小计：3人",), ("共3名",), ()]))
    assert [count_of(grid, row, WORDS, ()) for row in range(1, 6)] == [43, None, None, 3, None]


def test_columns_by_content() -> None:
    rows: Rows = [
        ("x", 1, "汉族", "张三", person_id(1), phone_of(1), "023-1"),
        ("x", 2, "汉族", "李四", person_id(2), phone_of(2), "023-2"),
    ]
    found = infer_columns(grid_of(sheet(rows)))
    assert found is not None
    assert {key: found[key] for key in ("name", "id_number", "phone", "serial")} == {
        "name": 4,
        "id_number": 5,
        "phone": 6,
        "serial": 2,
    }


def test_columns_by_content_want_a_name_beside_the_number() -> None:
    assert infer_columns(grid_of(sheet([("张三",), (None, person_id(1)), (None, person_id(2))]))) is None
    assert infer_columns(grid_of(sheet([]))) is None


def test_a_heading_is_completed_only_from_columns_it_does_not_name() -> None:
    grid = grid_of(sheet([("姓名", "身份证号", "备注"), ("张三", person_id(1), phone_of(1))]))
    columns = {"name": 1, "id_number": 2}
    assert complete(grid, columns, 2, lambda c: c not in (1, 2, 3)) == columns
    assert complete(grid, columns, 2, lambda c: c not in (1, 2)) == {**columns, "phone": 3}


def test_orders() -> None:
    assert orders_in("AB-20200712-1；20200712002") == ("AB-20200712-1", "20200712002")
    assert orders_in("20200712002 20200712002") == ("20200712002",)
    assert (
        orders_in("无") == orders_in(None) == orders_in("待补充") == orders_in(Special(kind="error", text="#N/A")) == ()
    )
    assert orders_in(20200712002) == ("20200712002",)


def heading(year: int | None = None, **values: Cell) -> Heading:
    return heading_of([LabelHit(key, value, 1, 1) for key, value in values.items()], year)


def test_when_headings_differ() -> None:
    assert not differs(heading(), heading(unit="某校"))
    assert not differs(heading(unit="某 校（盖章）"), heading(unit="某校", order_no="20200001"))
    assert differs(heading(unit="某校"), heading(unit="某院"))
    assert differs(heading(order_no="20200001"), heading(order_no="20200002"))
    assert differs(heading(2019), heading(2020))
    assert not differs(heading(2019), heading())


def test_the_first_label_with_a_value_speaks() -> None:
    found = heading_of(
        [LabelHit("unit", None, 1, 1), LabelHit("unit", "某校", 2, 1), LabelHit("unit", "某院", 3, 1)], None
    )
    assert header_of(found).unit == "某校"
    assert found.filled_by(heading(unit="别的", contact="周敏")).value("unit") == "某校"


def test_values_of_a_header_are_plain_texts() -> None:
    made = header_of(heading(unit=" 某\n校 ", contact="无", contact_phone=13900000000.0, tax_id=9.15e17))
    assert (made.unit, made.contact, made.contact_phone, made.tax_id) == ("某 校", None, "13900000000", None)


def test_blocks_continue_over_page_breaks_and_split_at_a_new_unit() -> None:
    person = (1, "张三", person_id(1), phone_of(1))
    rows: Rows = [*labels("甲"), HEAD, person, *labels("甲"), HEAD, person, *labels("乙", "2020000009"), HEAD, person]
    blocks = blocks_of(read_sheet(grid_of(sheet(rows)), WORDS), WORDS)
    assert [len(block.people) for block in blocks] == [2, 1]
    assert [block.heading.value("unit") for block in blocks] == ["甲", "乙"]


def test_labels_below_every_table() -> None:
    person = (1, "张三", person_id(1), phone_of(1))
    rows: Rows = [HEAD, person, ("填表单位：甲",), ("订单号：20200001",), HEAD, person, ("填表单位：乙",)]
    blocks = blocks_of(read_sheet(grid_of(sheet(rows)), WORDS), WORDS)
    assert [block.heading.value("unit") for block in blocks] == ["甲", "乙"]


def test_gathering_names_what_it_leaves_out() -> None:
    book = document(
        sheet([("目录",)], "封面"),
        sheet([*labels(), HEAD, (1, "张三", person_id(1), phone_of(1))], "名单", 1),
        sheet([], "Sheet3", 2),
    )
    found = gather(book, WORDS)
    assert found.ignored == ["封面"]
    assert [roster.people for roster in found.rosters] == [1]
    assert found.wrong_form is None


def test_the_year_of_a_sheet_may_be_its_name() -> None:
    book = document(
        sheet([*labels(), HEAD, (1, "张三", person_id(1), phone_of(1))], "2020年"),
        sheet([HEAD, (1, "李四", person_id(2), phone_of(2))], "2019年", 1),
    )
    assert [roster.heading.year for roster in gather(book, WORDS).rosters] == [2020, 2019]


def test_valid_ids_by_their_check_character() -> None:
    wrong = person_id(1)[:17] + ("1" if person_id(1)[17] != "1" else "2")
    assert valid_ids(f"{person_id(1)} {wrong}") == [person_id(1)]


def test_twins() -> None:
    rows = [
        (1, "张三", person_id(1), phone_of(1)),
        (2, "张三", person_id(1), phone_of(1)),
        (3, "李四", person_id(2), phone_of(2)),
        (4, "李死", person_id(2), phone_of(2)),
        (5, "王五", person_id(3), phone_of(3)),
        (6, "赵六", person_id(4), phone_of(3)),
        (7, None, None, phone_of(5)),
        (8, None, "暂无", None),
        (9, None, "暂无", None),
    ]
    found = twins_of(official(rows).rows, WORDS)
    assert found.duplicates == {2}
    assert found.id_conflicts == {3, 4}
    assert found.phone_conflicts == {3, 4, 5, 6} - {3, 4}
