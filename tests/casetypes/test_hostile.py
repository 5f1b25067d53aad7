"""Any grid at all: nothing raises, nothing is invented, and no account ever mixes two rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Cell, Document, Merge, Special
from mailbot.domain.kinds import Item
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import (
    HASHER,
    HEAD,
    document,
    judge,
    kind,
    labels,
    opened,
    person_id,
    phone_of,
    rulebook,
    sheet,
)
from tests.examples import examples

WORDS: list[Cell] = [
    *("姓名", "身份证号码", "手机号码", "备注", "序号", "性别", "单位", "联系电话", "类型"),
    *(
        "填表单位：某校",
        "填表单位：",
        "缴费订单号",
        "缴费订单号：2020000001",
        "联系人",
        "联系人：周敏 电话：13900000000",
    ),
    *("2020年公需科目培训学员报名名单", "2019年学员名单", "合计", "2人", "合计：3人", "注意：填写完整", "示例", "小计"),
    *("张三", "李 四", "王五（组长）", "欧阳娜娜", "阿依古丽·买买提", "已缴费", "男", "1985-03-12", "一、教务处"),
    *(1, 2, 3.0, None, None, None, "", "　", True, 5.0e17, 13800000003.0, "1380000000", "023-67898888"),
    *(
        Special(kind="error", text="#REF!"),
        Special(kind="no_value", text="=A1"),
        Special(kind="date", text="2020-07-01"),
    ),
    *(person_id(n) for n in range(1, 5)),
    *(phone_of(n) for n in range(1, 5)),
    *(f"{person_id(6)} {phone_of(6)}", f"张三{phone_of(5)}", person_id(7)[:17], person_id(8).lower() + " "),
]
CELLS = st.sampled_from(WORDS)
ROW = st.lists(CELLS, max_size=9)
PERSON = st.tuples(
    st.sampled_from([1, 2, "3", None]),
    st.sampled_from(["张三", "李 四", "王五", "陈?", None, "赵六"]),
    st.sampled_from([*map(person_id, range(1, 6)), person_id(6)[:17], None, 5.0e17]),
    st.sampled_from([*map(phone_of, range(1, 6)), "023-67898888", 13800000009, None]),
    st.sampled_from([None, "语文组", "已缴费", "联系人"]),
).map(list)
HEADS = st.just(list(HEAD))
GRID = st.lists(st.one_of(ROW, ROW, PERSON, PERSON, PERSON, HEADS), max_size=14)
MERGES = st.lists(
    st.tuples(st.integers(1, 14), st.integers(1, 9), st.integers(0, 3), st.integers(0, 3)).map(
        lambda t: Merge(top=t[0], left=t[1], bottom=t[0] + t[2], right=t[1] + t[3])
    ),
    max_size=4,
)


def all_of(book: Document) -> tuple[RosterRecord, ...]:
    mail = opened(book)
    return kind().extract(mail, frozenset({book.number}))


@examples(100)
@given(GRID, MERGES)
def test_no_account_mixes_rows_or_invents_a_value(grid: list[list[Cell]], merges: list[Merge]) -> None:
    book = document(sheet(grid, merges=tuple(merges)))
    for record in all_of(book):
        judged = judge(record)
        for row, effect in zip(record.rows, judged.effects, strict=True):
            if effect is None:
                continue
            cells = [str(cell).replace(" ", "").removesuffix(".0") for cell in grid[row.row - 1] if cell is not None]
            assert any(effect.person.name in cell for cell in cells)
            assert any(effect.person.id_number in cell.upper() for cell in cells)
            assert any(effect.person.phone in cell for cell in cells)


@examples(100)
@given(GRID, MERGES)
def test_every_row_is_taken_once_a_panel_and_numbered_in_order(grid: list[list[Cell]], merges: list[Merge]) -> None:
    for record in all_of(document(sheet(grid, merges=tuple(merges)))):
        places = [(row.row, row.panel) for row in record.rows]
        assert len(set(places)) == len(places)
        assert places == sorted(places)
        items = kind().items(record, HASHER)
        assert [item.number for item in items] == list(range(1, len(places) + 1))
        for number, row in enumerate(record.rows, start=1):
            for name in ("name", "id_number", "phone", "remark", "serial"):
                where = kind().where(record, number, name)
                assert where.row == row.row
                assert where.sheet == "Sheet1"


def keys(items: tuple[Item, ...]) -> list[str]:
    campaign = rulebook().campaign
    return [claim.key for item in items for claim in kind().claim_keys(item, campaign, HASHER)]


@examples(100)
@given(st.lists(PERSON, max_size=10), st.lists(PERSON, max_size=10))
def test_what_goes_by_itself_never_claims_the_same_thing_twice_in_one_mail(
    first: list[list[Cell]], second: list[list[Cell]]
) -> None:
    books = [
        document(sheet([*labels(f"某校{n}", f"202000000{n}"), HEAD, *rows]), number=n, name=f"{n}.xlsx")
        for n, rows in enumerate((first, second), start=1)
    ]
    mail = opened(*books)
    claimed: list[str] = []
    for record in kind().extract(mail, frozenset({1, 2})):
        judged = judge(record)
        good = [n for n in range(1, len(record.rows) + 1) if judged.status(n).value in ("ok", "fixed")]
        items = kind().items(record, HASHER)
        claimed += keys(tuple(items[n - 1] for n in good))
    assert len(set(claimed)) == len(claimed)


@examples(60)
@given(st.lists(PERSON, min_size=1, max_size=8))
def test_every_valid_id_number_is_in_a_row_or_counted(people: list[list[Cell]]) -> None:
    rows = [*labels(), HEAD, *people, (None, None, None, None, None, None, f"另：{person_id(99)}")]
    (record,) = all_of(document(sheet(rows)))
    seen = {row.id_number for row in record.rows}
    assert {row[2] for row in people if isinstance(row[2], str) and len(row[2]) == 18} <= seen
    assert record.unread_people == 1


@examples(100)
@given(GRID)
def test_reading_is_a_function_of_the_document(grid: list[list[Cell]]) -> None:
    book = document(sheet(grid))
    mail = opened(book)
    assert kind().claims(mail) == kind().claims(mail)
    assert all_of(book) == all_of(book)


@examples(100)
@given(GRID, st.integers(0, 3), st.integers(0, 2))
def test_moving_a_sheet_down_or_right_changes_nothing_but_the_places(
    grid: list[list[Cell]], down: int, right: int
) -> None:
    rows = [[*([None] * right), *row] if row else [] for row in grid]
    moved = all_of(document(sheet([*[[] for _ in range(down)], *rows])))
    plain = all_of(document(sheet(grid)))
    assert len(moved) == len(plain)
    for a, b in zip(plain, moved, strict=True):
        assert [(r.row + down, r.name, r.id_number, r.phone, r.remark) for r in a.rows] == [
            (r.row, r.name, r.id_number, r.phone, r.remark) for r in b.rows
        ]
        assert kind().header(a) == kind().header(b)


def test_a_merge_over_the_whole_sheet_costs_nothing() -> None:
    wide = Merge(top=1, left=1, bottom=1_048_576, right=16_384)
    (record,) = all_of(document(sheet([*labels(), HEAD, (1, "张三", person_id(1), phone_of(1))], merges=(wide,))))
    assert len(record.rows) == 1


def test_long_texts_of_every_sort_are_read_in_no_time() -> None:
    texts = ["单位" * 500, "联系人：" * 300, "(" * 2000, "1" * 5000, "姓名" + " " * 3000, "１３８" * 900, "：" * 3000]
    rows: list[tuple[Cell, ...]] = [(n, text, text, text, text) for n, text in enumerate(texts)]
    (record,) = all_of(document(sheet([HEAD, *rows])))
    assert len(record.rows) == len(texts)
    assert not any(judge(record).effects)
