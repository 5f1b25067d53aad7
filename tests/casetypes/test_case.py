"""The roster as a whole: file, header, counts, orders, sender, and the rows against each other and the past."""

from __future__ import annotations

import pytest

from mailbot.domain.decisions import Outcome, RowStatus, decide
from mailbot.domain.document import Cell, Document, FaultKind
from mailbot.domain.findings import Severity, Stops
from mailbot.domain.kinds import SenderView
from mailbot.domain.outcome import Lookups, PriorPerson
from mailbot.domain.ports import Presence, Registration
from mailbot.domain.records import Elsewhere
from mailbot.domain.taxid import check_char
from tests.casetypes.support import (
    HASHER,
    HEAD,
    Judged,
    broken,
    document,
    judge,
    kind,
    labels,
    official,
    person_id,
    phone_of,
    record_of,
    records,
    sheet,
    situation,
)

ONE = (1, "陈晓一", person_id(1), phone_of(1), None)
TWO = (2, "李二", person_id(2), phone_of(2), None)
TAX = "91500000203006749" + check_char("91500000203006749")
USUAL = {"sender.unbound", "order.unknown"}
"""What stands beside every first roster while no list of orders is at hand."""


def headed(*rows: tuple[Cell, ...], unit: str = "填表单位：某医院", order: Cell = "缴费订单号：20200712001") -> Judged:
    return judge(record_of([(unit,), (order,), *rows, HEAD, ONE]))


def test_a_plain_roster_has_nothing_against_it() -> None:
    judged = judge(official([ONE, TWO]))
    assert judged.case_codes == USUAL
    assert {f.severity for f in judged.case} == {Severity.NOTE}
    assert decide([judged.status(1), judged.status(2)], judged.case, partial=True) is Outcome.ACCEPT


@pytest.mark.parametrize("fault", [f for f in FaultKind if f is not FaultKind.UNSUPPORTED])
def test_a_file_nobody_could_read_says_that_and_nothing_of_the_header(fault: FaultKind) -> None:
    (record,) = records(broken(fault))
    judged = judge(record)
    assert judged.case_codes == {f"file.{fault.value}", "sender.unbound"}
    expected = Outcome.ASK if fault in (FaultKind.UNREADABLE, FaultKind.PASSWORD) else Outcome.HOLD
    assert decide([], judged.case, partial=True) is expected


@pytest.mark.parametrize(
    "returned",
    [
        document(sheet([HEAD, (2, "何*", "500*****", None)]), names={"mailbot_case": '"2020-000001"'}),
        document(
            sheet(
                [("原行号", "姓名", "身份证号码", "手机号码", "正确身份证号码"), ("5", "何*", None, None, person_id())]
            )
        ),
    ],
)
def test_our_own_workbook_of_rows_to_correct_goes_to_a_person_and_is_never_read_as_a_roster(returned: Document) -> None:
    (record,) = records(returned)
    judged = judge(record)
    assert not record.rows
    assert judged.case_codes == {"file.correction", "sender.unbound"}
    assert decide([], judged.case, partial=True) is Outcome.HOLD


def test_a_table_under_the_name_of_a_roster_is_a_wrong_form() -> None:
    (record,) = records(document(sheet([("部门", "预算"), ("教务处", 3)])))
    judged = judge(record)
    assert judged.case_codes == {"file.wrong_form", "sender.unbound"}
    assert decide([], judged.case, partial=True) is Outcome.ASK


def test_an_empty_workbook_is_an_empty_roster() -> None:
    (record,) = records(document(sheet([])))
    assert "roster.empty" in judge(record).case_codes


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("2019年公需科目培训学员报名名单",)], "roster.other_year"),
        ([("参训人数：43",)], "count.mismatch"),
    ],
)
def test_what_stops_the_case(rows: list[tuple[Cell, ...]], code: str) -> None:
    judged = headed(*rows)
    assert judged.case_codes - USUAL == {code}
    assert next(f for f in judged.case if f.code == code).stops is Stops.CASE
    assert decide([RowStatus.OK], judged.case, partial=True) is Outcome.HOLD


def test_columns_by_content_stop_the_case() -> None:
    judged = judge(record_of([("填表单位：某医院",), ("缴费订单号：20200712001",), ONE, TWO]))
    assert judged.case_codes - USUAL == {"header.inferred"}


@pytest.mark.parametrize(
    ("tax", "code"),
    [
        (TAX, None),
        (TAX.lower(), "tax_id.case_or_space"),
        (f"{TAX[:4]} {TAX[4:]}", "tax_id.case_or_space"),
        (TAX[:16] + ("2" if TAX[16] == "1" else "1") + TAX[17], "tax_id.checksum"),
        ("500103203006749", "tax_id.legacy15"),
        ("9150000020300", "tax_id.format"),
        ("无", None),
    ],
)
def test_tax_numbers(tax: str, code: str | None) -> None:
    assert headed((f"单位纳税人识别号：{tax}",)).case_codes - USUAL == ({code} if code else set())


@pytest.mark.parametrize(
    ("order", "codes", "orders"),
    [
        ("缴费订单号：", {"header.order_missing"}, None),
        ("缴费订单号：无", {"header.order_missing"}, None),
        ("缴费订单号：2020071200000001234，2020071200000005678", {"header.order_several", "order.unknown"}, 2),
        ("缴费订单号1：20200712001 缴费订单号2：20200712002", {"order.unknown"}, "20200712001"),
        ("缴费订单号：2020 0712 0001", {"order.unknown"}, "202007120001"),
        ("缴费订单号：２０２００７１２００１", {"order.unknown"}, "20200712001"),
    ],
)
def test_order_numbers(order: str, codes: set[str], orders: object) -> None:
    record = record_of([("填表单位：某医院",), (order,), HEAD, ONE])
    assert judge(record).case_codes - {"sender.unbound"} == codes
    printed = kind().header(record)["order_no"]
    assert (len(printed) if isinstance(printed, list) else printed) == orders


@pytest.mark.parametrize("cell", [2020071200000001234, 2.02007120000000e18, "2.02007E+18"])
def test_an_order_number_that_lost_its_digits(cell: Cell) -> None:
    judged = judge(record_of([("填表单位：某医院",), ("缴费订单号", cell), HEAD, ONE]))
    assert "header.order_precision_lost" in judged.case_codes
    assert "header.order_missing" not in judged.case_codes
    (finding,) = (f for f in judged.case if f.code == "header.order_precision_lost")
    assert finding.where.cell == "B2"


def test_a_missing_unit_asks_and_stops_nothing() -> None:
    judged = headed(unit="填表单位：")
    assert judged.case_codes - USUAL == {"header.unit_missing"}
    assert decide([RowStatus.OK], judged.case, partial=True) is Outcome.PARTIAL


ME = SenderView("hr@school.example", verified=True, ambiguous=False, lookalike=False)


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        (SenderView("hr@school.example", verified=False, ambiguous=False, lookalike=False), "sender.unverified"),
        (SenderView("hr@school.example", verified=None, ambiguous=False, lookalike=False), "sender.unverified"),
        (SenderView(None, verified=True, ambiguous=True, lookalike=False), "sender.ambiguous"),
        (SenderView("hr@schoo1.example", verified=True, ambiguous=False, lookalike=True), "sender.lookalike"),
    ],
)
def test_doubt_about_the_sender_stops_the_case(sender: SenderView, code: str) -> None:
    judged = judge(official([ONE]), situation(sender=sender))
    assert judged.case_codes - USUAL == {code}
    assert decide([RowStatus.OK], judged.case, partial=True) is Outcome.HOLD


def test_a_bound_sender_by_tax_number_or_unit() -> None:
    record = official([ONE])
    key = kind().unit_key(kind().header(record))
    assert key == "unit:重庆市某中学"
    assert "sender.unbound" not in judge(record, situation(lookups=Lookups(bindings=(key,)))).case_codes
    taxed = kind().header(record_of([(f"税号：{TAX}",), ("单位：某校",), HEAD, ONE]))
    assert kind().unit_key(taxed) == f"tax:{TAX}"
    assert kind().unit_key({"unit": "（ ）", "tax_id": None}) is None


@pytest.mark.parametrize(
    ("theirs", "codes"),
    [
        ({"unit": "重庆市 某中学", "tax_id": None}, {"order.reused"}),
        ({"unit": "某医院", "tax_id": None}, {"order.reused", "order.other_unit"}),
        ({"unit": None, "tax_id": None}, {"order.reused", "order.other_unit"}),
        (None, {"order.reused", "order.other_unit"}),
    ],
)
def test_an_order_number_used_before(theirs: dict[str, object] | None, codes: set[str]) -> None:
    order = HASHER.search("202007120001")
    lookups = Lookups(orders={order: ("2020-000001",)}, order_units={"2020-000001": theirs} if theirs else {})
    judged = judge(official([ONE]), situation(lookups=lookups))
    assert judged.case_codes - USUAL == codes
    if "order.other_unit" in codes:
        (finding,) = (f for f in judged.case if f.code == "order.other_unit")
        assert finding.severity is Severity.HOLD
        assert finding.unknown == (not theirs or theirs["unit"] is None)


CONFLICT = {"person.identity_conflict", "person.registration_differs"}


def registration(
    presence: Presence, name: str | None = None, id_number: str | None = None, phone: str | None = None
) -> dict[str, Registration]:
    return {HASHER.search(person_id(1)): Registration(presence, name, id_number, phone)}


@pytest.mark.parametrize(
    ("found", "codes"),
    [
        (registration(Presence.ABSENT), {"person.not_registered"}),
        (registration(Presence.UNKNOWN), set()),
        ({}, set()),
        (registration(Presence.FOUND), {"person.already_registered"}),
        (registration(Presence.FOUND, name="陈 晓一", phone=phone_of(1)), {"person.already_registered"}),
        (registration(Presence.FOUND, name="陈晓二"), CONFLICT),
        (registration(Presence.FOUND, phone=phone_of(9)), CONFLICT),
        (registration(Presence.FOUND, id_number=person_id(9)), CONFLICT),
    ],
)
def test_what_the_platform_knows(found: dict[str, Registration], codes: set[str]) -> None:
    judged = judge(official([ONE]), situation(registrations=found))
    assert judged.codes(1) == codes
    assert ("platform.unknown" in judged.case_codes) == any(r.presence is Presence.UNKNOWN for r in found.values())


def prior(number: int, phone: int) -> PriorPerson:
    return PriorPerson(
        "2020-000001", 1, HASHER.search(person_id(number)), HASHER.search(phone_of(phone)), "key", "done"
    )


@pytest.mark.parametrize(
    ("lookups", "codes"),
    [
        (Lookups(people={HASHER.search(person_id(1)): prior(1, 1)}), {"person.duplicate"}),
        (Lookups(people={HASHER.search(person_id(1)): prior(1, 7)}), {"person.identity_conflict"}),
        (Lookups(phones={HASHER.search(phone_of(1)): prior(7, 1)}), {"person.identity_conflict"}),
        (Lookups(phones={HASHER.search(phone_of(1)): prior(1, 1)}), set()),
    ],
)
def test_what_this_house_asked_for_before(lookups: Lookups, codes: set[str]) -> None:
    assert judge(official([ONE]), situation(lookups=lookups)).codes(1) == codes


def test_an_exact_duplicate_is_fixed_and_causes_nothing() -> None:
    judged = judge(official([ONE, TWO, (3, " 陈 晓一", f"'{person_id(1)}", "138-0000-0001", "语文组")]))
    assert judged.codes(1) == set()
    assert "row.duplicate_exact" in judged.codes(3)
    assert judged.status(3) is RowStatus.FIXED
    assert [effect is not None for effect in judged.effects] == [True, True, False]
    assert "count.mismatch" not in judge(official([ONE, TWO, ONE, ("合计", "2人")])).case_codes


@pytest.mark.parametrize(
    "other",
    [
        (2, "李四", person_id(1), phone_of(2)),
        (2, "陈晓一", person_id(1), phone_of(2)),
        (2, "陈晓一", person_id(1), None),
        (2, "陈晓一", person_id(1), phone_of(1), "不参加"),
    ],
)
def test_one_id_number_for_different_people_asks_on_all_of_them(other: tuple[Cell, ...]) -> None:
    judged = judge(official([ONE, other, (3, "王五", person_id(3), phone_of(3))]))
    assert "id.duplicate_conflict" in judged.codes(1) & judged.codes(2)
    assert judged.codes(3) == set()


def test_a_wrong_id_number_shared_by_two_names_is_a_conflict_too() -> None:
    wrong = person_id(1)[:17] + ("1" if person_id(1)[17] != "1" else "2")
    judged = judge(official([(1, "陈晓一", wrong, phone_of(1)), (2, "李四", wrong, phone_of(2))]))
    assert judged.codes(1) == {"id.checksum", "id.duplicate_conflict"}


def test_one_phone_for_different_people_asks_on_all_of_them() -> None:
    judged = judge(official([ONE, (2, "李四", person_id(2), phone_of(1)), (3, "王五", person_id(3), phone_of(3))]))
    assert judged.codes(1) == judged.codes(2) == {"phone.duplicate"}
    assert judged.codes(3) == set()


def test_a_person_in_two_rosters_of_one_mail_gets_one_account() -> None:
    first = document(sheet([*labels("某医院", "2020000001"), HEAD, ONE]))
    second = document(sheet([*labels("某校", "2020000002"), HEAD, ONE, TWO]), number=2, name="二.xlsx")
    one, two = records(first, second)
    assert [row.elsewhere for row in one.rows] == [Elsewhere.NO]
    assert [row.elsewhere for row in two.rows] == [Elsewhere.SAME, Elsewhere.NO]
    assert judge(two).codes(1) == {"person.duplicate"}
    assert [effect is not None for effect in judge(two).effects] == [False, True]


def test_a_person_with_two_phones_in_two_rosters_of_one_mail_waits_for_a_person() -> None:
    first = document(sheet([*labels("某医院", "2020000001"), HEAD, ONE]))
    moved = (1, "陈晓一", person_id(1), phone_of(7))
    second = document(sheet([*labels("某校", "2020000002"), HEAD, moved]), number=2, name="二.xlsx")
    for record in records(first, second):
        assert judge(record).codes(1) == {"person.identity_conflict"}
