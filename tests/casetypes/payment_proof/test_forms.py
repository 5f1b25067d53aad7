"""Annex 2 in the layouts that people make of it, pictures of every kind, and what is told of them without weight."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mailbot.domain.document import Cell, Document, Fault, FaultKind, Merge, Opened, Sheet, Special
from mailbot.domain.mail import Part
from mailbot.domain.outcome import Lookups, PictureUse
from mailbot.domain.scan import PictureRef
from tests.casetypes.payment_proof.support import (
    ID,
    NAME,
    ORDER,
    PHONE,
    TEXT,
    but,
    codes,
    findings,
    form,
    judge,
    kind,
    known,
    mail,
    order,
    picture,
    record_of,
    records,
    scan,
    seen,
    with_order,
)
from tests.casetypes.support import HASHER, person_id, phone_of

OTHER = "GX201709110001"
TITLE: tuple[Cell, ...] = ("2016-2019年公需科目缴费凭证",)
HEADS: tuple[Cell, ...] = ("缴费年度", "订单编号", "付款人", "缴费时间", "缴费平台")
ROW: tuple[Cell, ...] = ("2018", ORDER, NAME, "2018-10-09", "重庆公需科目网")


def document(rows: Sequence[Sequence[Cell]], merges: tuple[Merge, ...] = (), **more: object) -> Document:
    sheet = Sheet.model_validate(
        {"name": "Sheet1", "index": 0, "rows": tuple(map(tuple, rows)), "merges": merges, **more}
    )
    return Document(number=1, name="凭证表.xlsx", sha256="c" * 64, family="workbook", sheets=(sheet,))


def opened(*documents: Document, text: str = "您好，表见附件。") -> Opened:
    parts = tuple(
        Part(number=one.number, name=one.name, sha256=one.sha256, size=9_000, type="application/octet-stream")
        for one in documents
    )
    return Opened(mail=mail(text, *parts), documents=documents)


def claimed(one: Opened) -> list[tuple[int | None, str | None]]:
    return [(p.year, p.claimed.get("order_id") if p.claimed else None) for p in record_of(one).payments]


PERSON: tuple[tuple[Cell, ...], ...] = (("姓名", NAME, "手机号码", PHONE), ("身份证号码", ID))
LAYOUTS: dict[str, tuple[tuple[tuple[Cell, ...], ...], tuple[Merge, ...]]] = {
    "as printed": ((TITLE, *PERSON, HEADS, ROW), ()),
    "one field a row": ((TITLE, ("姓名", NAME), ("手机号码", PHONE), ("身份证号码", ID), HEADS, ROW), ()),
    "colons behind labels": (
        (TITLE, ("姓名：", NAME, "手机号码：", PHONE), ("身份证号码：", ID), HEADS, ROW),
        (),
    ),
    "value in the label's cell": (
        (TITLE, (f"姓名：{NAME}", f"手机号码：{PHONE}"), (f"身份证号码：{ID}",), HEADS, ROW),
        (),
    ),
    "merged values": (
        (
            TITLE,
            ("姓名", NAME, None, "手机号码", PHONE),
            ("身份证号码", ID, None, None, None),
            HEADS,
            ROW,
        ),
        (
            Merge(top=1, left=1, bottom=1, right=5),
            Merge(top=2, left=2, bottom=2, right=3),
            Merge(top=3, left=2, bottom=3, right=5),
        ),
    ),
    "merged labels": (
        (TITLE, ("姓名", None, NAME, "手机号码", PHONE), ("身份证号码", None, ID), HEADS, ROW),
        (Merge(top=2, left=1, bottom=2, right=2), Merge(top=3, left=1, bottom=3, right=2)),
    ),
    "blank rows between": ((TITLE, (), *PERSON, (None, None), HEADS, (), ROW, (), ()), ()),
    "an empty column in front": (
        tuple((None, *row) for row in (TITLE, *PERSON, HEADS, ROW)),
        (),
    ),
    "another order of columns": (
        (
            TITLE,
            *PERSON,
            ("订单编号", "缴费时间", "缴费年度", "缴费平台", "付款人"),
            (ORDER, "2018-10-09", "2018", "重庆公需科目网", NAME),
        ),
        (),
    ),
    "a serial column": (
        (TITLE, *PERSON, ("序号", *HEADS), (1, *ROW)),
        (),
    ),
    "a date cell and a number for the year": (
        (
            TITLE,
            *PERSON,
            HEADS,
            (2018, ORDER, NAME, Special(kind="date", text="2018-10-09"), "重庆公需科目网"),
        ),
        (),
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_form_is_read_however_it_is_laid_out(layout: str) -> None:
    rows, merges = LAYOUTS[layout]
    record = record_of(opened(document(rows, merges)))
    assert (record.known("name"), record.known("id_number"), record.known("phone")) == (NAME, ID, PHONE)
    [payment] = record.payments
    assert payment.claimed is not None
    told = {name: payment.claimed.get(name) for name in ("year", "order_id", "payer", "paid_at", "platform")}
    assert told == {
        "year": "2018",
        "order_id": ORDER,
        "payer": NAME,
        "paid_at": "2018-10-09",
        "platform": "重庆公需科目网",
    }


def test_every_row_is_a_payment_and_empty_rows_are_none() -> None:
    rows = (TITLE, *PERSON, HEADS, ROW, ("2017", OTHER), (None, None), ("", ""), ("2016", "GX2016"))
    assert claimed(opened(document(rows))) == [(2018, ORDER), (2017, OTHER), (2016, "GX2016")]


def test_rows_end_at_the_notes_of_the_form() -> None:
    rows = (TITLE, *PERSON, HEADS, ROW, ("以下请填写相关缴费证明材料（如缴费平台网页截图等）",), ("2017", OTHER))
    assert claimed(opened(document(rows))) == [(2018, ORDER)]


@pytest.mark.parametrize("gone", ["hidden_rows", "struck_rows"])
def test_what_is_hidden_or_crossed_out_is_not_claimed(gone: str) -> None:
    rows = (TITLE, *PERSON, HEADS, ROW, ("2017", OTHER))
    assert claimed(opened(document(rows, (), **{gone: frozenset({6})}))) == [(2018, ORDER)]


def test_an_order_number_that_the_sheet_rounded_is_asked_for() -> None:
    record = record_of(opened(document((TITLE, *PERSON, HEADS, ("2018", 2.0181009220014124e27, NAME)))))
    [payment] = record.payments
    assert payment.claimed is not None
    assert payment.claimed.lost
    assert payment.claimed.get("order_id") is None
    assert "payment.order_precision_lost" in codes(judge(record))


def test_an_id_number_that_the_sheet_rounded_is_no_value() -> None:
    rows = (TITLE, ("姓名", NAME, "手机号码", PHONE), ("身份证号码", 5.001031987051e17), HEADS, ROW)
    record = record_of(opened(document(rows)))
    assert record.known("id_number") is None
    assert "id.missing" in codes(judge(record))


def test_two_forms_of_two_people_are_two_proofs() -> None:
    second = form(("2017", OTHER, "李明二"), number=2, person=("李明二", person_id(2), phone_of(2)))
    first, other = records(opened(form(("2018", ORDER, NAME)), second))
    assert [one.known("id_number") for one in (first, other)] == [ID, person_id(2)]
    assert [[p.year for p in one.payments] for one in (first, other)] == [[2018], [2017]]


def test_two_forms_of_one_person_are_one_proof() -> None:
    record = record_of(opened(form(("2018", ORDER, NAME)), form(("2017", OTHER, NAME), number=2)))
    assert [payment.year for payment in record.payments] == [2018, 2017]


def test_two_people_in_one_sheet_are_two_proofs() -> None:
    second = (("姓名", "李明二", "手机号码", phone_of(2)), ("身份证号码", person_id(2)))
    rows = (TITLE, *PERSON, HEADS, ROW, TITLE, *second, HEADS, ("2017", OTHER))
    first, other = records(opened(document(rows)))
    assert [one.known("name") for one in (first, other)] == [NAME, "李明二"]
    assert [payment.year for payment in other.payments] == [2017]


def test_a_sheet_without_the_form_is_not_ours() -> None:
    rows = (("会议通知",), ("时间", "2018-10-09"), ("地点", "三楼"))
    assert kind().claims(opened(document(rows), text="请查收。")) == frozenset()


def test_pictures_of_nobody_in_particular_wait_for_a_person() -> None:
    """Two people, and a screenshot that neither claims."""
    second = form(("2017", OTHER, "李明二"), number=2, person=("李明二", person_id(2), phone_of(2)))
    one = opened(form(("2018", "GX20180001", NAME)), second)
    shot = scan(order(but(order_id="2019100922001412345678905678", year="2019")), number=3)
    mailed = one.mail.model_copy(update={"parts": (*one.mail.parts, picture(3))})
    with_shot = one.model_copy(update={"mail": mailed, "scans": (shot,)})
    for record in records(with_shot):
        case = judge(record)
        assert "proof.unassigned" in codes(case)
        assert case.effects == ()


def test_orders_of_a_list_that_nobody_asks_for_are_noted() -> None:
    listed = scan(order(), order(but(order_id=OTHER, year="2017"), number=2), kind="order_list")
    record = record_of(Opened(mail=mail(TEXT + "申请补学2018年，已缴费。", picture()), scans=(listed,)))
    case = judge(record)
    assert record.left_out == 1
    assert "proof.left_out" in {finding.code for finding in findings(case)}
    assert [payment.year for payment in record.payments] == [2018]


def test_another_picture_beside_a_proof_is_noted() -> None:
    card = scan(number=2, kind="identity_card")
    record = record_of(Opened(mail=mail(TEXT, picture(), picture(2, "身份证.jpg")), scans=(scan(order()), card)))
    case = judge(record)
    assert "proof.other_pictures" in {finding.code for finding in findings(case)}
    assert codes(case) == set()


def test_a_person_without_any_picture_or_payment_is_asked_for_proof() -> None:
    record = record_of(Opened(mail=mail(TEXT + "请开通2016-2019年补学。")))
    assert "proof.missing" in codes(judge(record))


def test_who_paid_is_noted_where_it_is_another() -> None:
    case = judge(record_of(with_order(but(payer="某某学校"))))
    noted = {finding.code for finding in findings(case)}
    assert "payment.payer_differs" in noted
    assert codes(case) == set()


def test_another_site_s_price_is_noted() -> None:
    case = judge(record_of(with_order(but(amount="30.00"))))
    assert "payment.price_unknown" in {finding.code for finding in findings(case)}
    assert codes(case) == set()


def test_a_picture_that_the_same_person_sent_before_is_noted() -> None:
    record = record_of(with_order())
    [(pixels, _)] = record.pictures.shown
    before = PictureUse("2020-000009", 0, (HASHER.search(ORDER),), (HASHER.search(ID),))
    case = judge(record, known(Lookups(pictures={pixels: (before,)})))
    assert "proof.image_again" in {finding.code for finding in findings(case)}
    assert "proof.image_reused" not in codes(case)


@pytest.mark.parametrize("wrong", [PHONE[:-1], "12345678901", "02363500000"])
def test_a_telephone_that_is_none_is_asked_for(wrong: str) -> None:
    text = f"补学申请\n姓名：{NAME}\n身份证号码：{ID}\n手机号码：{wrong}\n"
    record = record_of(Opened(mail=mail(text, picture()), scans=(scan(order()),)))
    assert "phone.wrong" in codes(judge(record))


def test_a_number_that_was_only_half_read_is_a_person_s() -> None:
    """The form came as a picture, and one engine alone read a number that cannot be."""
    person = order().model_copy(
        update={
            "about": "person",
            "fields": (
                seen("name", NAME),
                seen("id_number", ID[:-1] + "0", agreed=False, failed=("checksum",)),
                seen("phone", PHONE),
            ),
        }
    )
    page = scan(person, kind="proof_form")
    record = record_of(Opened(mail=mail("补学", picture()), scans=(page,)))
    found = codes(judge(record))
    assert found & {"applicant.unsure", "id.wrong"}
    assert judge(record).effects == ()


def test_a_file_that_nobody_could_read_is_a_person_s() -> None:
    broken = Document(
        number=2,
        name="凭证.doc",
        sha256="d" * 64,
        family="unread",
        fault=Fault(kind=FaultKind.UNSUPPORTED, detail="an old Word file"),
    )
    record = record_of(opened(form(("2018", ORDER, NAME)), broken))
    assert record.files == ("凭证.doc",)
    assert "proof.file_unread" in codes(judge(record))


def test_a_picture_that_nobody_looked_at_is_a_person_s() -> None:
    ref = PictureRef(number=1, sha256="a" * 64, size=9_000, type="image/png", name="截图.png")
    record = record_of(Opened(mail=mail(TEXT, picture()), pictures=(ref,)))
    found = codes(judge(record))
    assert "proof.unread" in found
    assert "proof.missing" not in found
    assert judge(record).effects == ()


def test_nothing_that_identifies_anybody_stands_in_an_effect_s_key() -> None:
    case = judge(record_of(with_order()))
    for effect in case.effects:
        assert not any(secret in effect.key for secret in (ID, PHONE, NAME, ORDER))
        assert HASHER.search(ID) in effect.key
