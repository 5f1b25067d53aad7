"""Labels in lines of text, and people whom a text names without any."""

from __future__ import annotations

import pytest

from mailbot.casetypes.payment_proof.free import free_person, ids_in, phones_in
from mailbot.casetypes.payment_proof.typed import read_lines
from mailbot.casetypes.payment_proof.words import fold, holds, shown, squeeze, words_of
from mailbot.domain.document import Special
from mailbot.rulebook.load import read_forms
from tests.casetypes.payment_proof.support import ID, NAME, ORDER, PHONE
from tests.casetypes.support import ROOT, person_id, phone_of

WORDS = words_of(read_forms(ROOT / "rules")["payment_proof"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("姓名", "name"),
        ("姓 名", "name"),
        ("姓名：", "name"),
        ("姓名（必填）", "name"),
        ("身份证号码", "id_number"),
        ("身份证号", "id_number"),
        ("手机号码", "phone"),
        ("手机号", "phone"),
        ("手机 号码:", "phone"),
        ("公需科目", None),
        ("", None),
        ("姓名" * 30, None),
    ],
)
def test_a_cell_names_a_field_of_the_person(text: str, name: str | None) -> None:
    assert WORDS.label(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("缴费年度", "year"),
        ("缴 费 年 度", "year"),
        ("订单编号", "order_id"),
        ("订单号", "order_id"),
        ("付款人", "payer"),
        ("缴费时间", "paid_at"),
        ("缴费平台", "platform"),
        ("备注说明栏", None),
    ],
)
def test_a_heading_names_a_field_of_a_payment(text: str, name: str | None) -> None:
    assert WORDS.column(text) == name


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"姓名：{NAME}", {"name": NAME}),
        (f"姓名:{NAME}", {"name": NAME}),
        (f"姓名 ： {NAME}", {"name": NAME}),
        (f"姓名是{NAME}", {"name": NAME}),
        (f"姓名为{NAME}，手机号码为{PHONE}", {"name": NAME, "phone": PHONE}),
        (f"姓名：{NAME}；身份证号码：{ID}；手机号：{PHONE}", {"name": NAME, "id_number": ID, "phone": PHONE}),
        (f"姓名（本人）：{NAME}", {"name": NAME}),
        ("我的姓名见附件", {}),
        ("", {}),
    ],
)
def test_labels_of_a_line_end_where_the_next_begins(line: str, found: dict[str, str]) -> None:
    assert dict(WORDS.spoken(line)) == found


def test_what_is_compared_of_a_label_has_no_brackets() -> None:
    assert fold("身份证号码（身份证号码含X，必须大写）") == fold("身份证号码")
    assert fold("（姓名）") == "姓名"
    assert squeeze(" 缴 费\n凭 证 ") == "缴费凭证"
    assert holds("申请 补 学", ("补学",))
    assert not holds("申请", ("补学",))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, ""),
        (2018, "2018"),
        (2018.0, "2018"),
        (33.5, "33.5"),
        (" 甲 ", "甲"),
        (Special(kind="date", text="2018-10-09"), "2018-10-09"),
        (Special(kind="error", text="#N/A"), ""),
        (Special(kind="no_value", text="=A1"), ""),
    ],
)
def test_a_cell_is_shown_as_a_person_sees_it(cell: object, text: str) -> None:
    assert shown(cell) == text  # type: ignore[arg-type]  # each kind of cell in turn


def test_lines_hold_a_person_and_payments() -> None:
    lines = [
        f"姓名：{NAME}",
        f"身份证号码：{ID}",
        f"手机号码：{PHONE}",
        f"缴费年度：2018，订单编号：{ORDER}",
        "付款人：陈晓一",
        "缴费年度：2017，订单编号：GX20171001",
    ]
    typed = read_lines(lines, WORDS)
    assert {name: said.best.text for name, said in typed.person.items() if said.best} == {
        "name": NAME,
        "id_number": ID,
        "phone": PHONE,
    }
    assert [(one.year, one.claimed and one.claimed.get("order_id")) for one in typed.payments] == [
        (2018, ORDER),
        (2017, "GX20171001"),
    ]
    first, second = typed.payments
    assert first.claimed is not None
    assert second.claimed is not None
    assert (first.claimed.get("payer"), second.claimed.get("payer")) == ("陈晓一", None)


def test_one_line_that_names_several_years_is_a_payment_for_each() -> None:
    typed = read_lines([f"缴费年度：2016-2018，订单编号：{ORDER}"], WORDS)
    assert [one.year for one in typed.payments] == [2016, 2017, 2018]
    assert all(one.together for one in typed.payments)


def test_lines_without_labels_hold_nobody() -> None:
    typed = read_lines(["您好", "附件是截图", ""], WORDS)
    assert not typed.filled


@pytest.mark.parametrize(
    "text",
    [
        f"我叫{NAME}，身份证号码{ID}，电话{PHONE}",
        f"本人{NAME}，{ID}，{PHONE}",
        f"{NAME} {ID} {PHONE}",
        f"{NAME}　{ID}　{PHONE}",
        f"{NAME},{ID},{PHONE}",
        f"您好！\n{NAME}/{ID}/{PHONE}\n谢谢",
        f"{ID} {NAME}\n{PHONE}",
    ],
)
def test_one_person_is_found_without_labels(text: str) -> None:
    found = {name: said.best.text for name, said in free_person(text, WORDS).items() if said.best}
    assert found == {"name": NAME, "id_number": ID, "phone": PHONE}


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME} {ID} {PHONE}\n李明二 {person_id(2)} {phone_of(2)}",
        f"{NAME} {PHONE}\n李明二 {phone_of(2)}",
        "没有任何号码",
        f"{NAME}想补学",
        "",
    ],
)
def test_several_people_or_no_number_are_nobody(text: str) -> None:
    assert free_person(text, WORDS) == {}


def test_a_line_with_two_names_gives_no_name() -> None:
    found = free_person(f"{NAME} 李明 {ID}", WORDS)
    assert "name" not in found
    assert "id_number" in found


def test_numbers_of_a_text_come_once() -> None:
    assert ids_in(f"{ID}，再说一遍 {ID}") == (ID,)
    assert phones_in(f"{PHONE} {PHONE} {phone_of(2)}") == (PHONE, phone_of(2))
    assert phones_in(f"1{PHONE}") == ()
    assert phones_in("023-63500000") == ()
