"""A payment proof as the contract prints it and as a page shows it: fields, payments, years, readings; all masked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mailbot import contract
from mailbot.cli.case_page import print_case
from mailbot.cli.lines import case_out
from mailbot.cli.proof_page import place, readings
from mailbot.cli.veil import Veil
from mailbot.domain.evidence import Where
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.outcome import CaseResult, StoredCase
from mailbot.domain.scan import Reading, Scan, SeenField, SeenGroup
from tests.ledger.proofs import proof
from tests.ledger.world import ZONE, S, case, person

ID_NUMBER = "500101199001010018"
ORDER = "2018060522001412345678901234"
FIELDS = {
    "name": {"value": "谭晓", "source": "typed", "verified": True, "confidence": None, "page": None, "box": None},
    "id_number": {
        "value": ID_NUMBER, "source": "seen", "verified": False, "confidence": 0.91, "page": 2,
        "box": [10.0, 20.5, 110.0, 40.0],
    },
    "phone": {"value": "1381234", "source": "seen", "verified": False, "confidence": 0.4, "page": 1, "box": None},
    "apply_years": {"value": [2017, 2018], "source": "typed", "verified": True},
    "signed": {"value": True, "source": "seen", "verified": False},
    "user_name": {"value": None, "source": None, "verified": False},
}  # fmt: skip
PAYMENT = {
    "year": 2018, "order_id": ORDER, "merchant_order_id": "T200P1234567890123", "payer": "谭晓",
    "paid_at": "2018-06-05 12:33:21", "platform": "支付宝", "amount": "33.00", "status": "paid", "source": "seen",
    "verified": True, "page": 1, "box": [1, 2, 3, 4], "readings": ["not of the contract"],
}  # fmt: skip
FINDING = Finding("payment.time", Severity.NOTE, "缴费时间未见", where=Where(page=1, field="paid_at"))


def made(**header: object) -> CaseResult:
    shown = {"fields": FIELDS, "payments": [PAYMENT], **header}
    plain = proof(state=S.HELD)
    return replace(plain, header=shown, items=(replace(plain.items[0], findings=(FINDING,), proposed=True),))


def stored(result: CaseResult) -> StoredCase:
    return StoredCase(result, S.HELD, {}, {}, (1,))


def out(result: CaseResult) -> contract.CaseOut:
    return case_out(stored(result), [], ZONE)


def test_fields_are_told_with_their_evidence() -> None:
    fields = out(made()).fields
    seen = fields["id_number"]
    assert (seen.value, seen.source, seen.verified, seen.confidence) == (ID_NUMBER, "seen", False, 0.91)
    assert (seen.page, seen.box) == (2, (10.0, 20.5, 110.0, 40.0))
    assert (fields["apply_years"].value, fields["signed"].value, fields["user_name"].value) == (
        "2017,2018",
        "yes",
        None,
    )


def test_payments_are_told_one_a_source_with_the_keys_of_the_contract_only() -> None:
    [payment] = out(made()).payments
    assert (payment.year, payment.order_id, payment.amount, payment.status) == (2018, ORDER, "33.00", "paid")
    assert (payment.source, payment.verified, payment.box) == ("seen", True, (1.0, 2.0, 3.0, 4.0))


def test_a_proof_has_no_people_and_its_years_tell_their_findings_among_the_cases() -> None:
    told = out(made())
    assert told.people == []
    [year] = told.years
    assert (year.item, year.year, year.state, year.proposed, year.codes) == (1, 2018, "held", True, ["payment.time"])
    assert [finding.code for finding in told.findings] == ["payment.time"]
    assert told.header == {}


def test_a_roster_has_neither_fields_nor_payments_nor_years() -> None:
    told = out(case())
    assert (told.fields, told.payments, told.years, len(told.people)) == ({}, [], [], 1)


@pytest.mark.parametrize("header", [{"fields": None, "payments": None}, {"fields": [], "payments": "x"}])
def test_a_header_of_another_shape_tells_nothing(header: dict[str, object]) -> None:
    told = out(made(**header))
    assert (told.fields, told.payments) == ({}, [])


def masked(result: CaseResult) -> Any:  # a JSON document
    return Veil(reveal=False).value(out(result).model_dump(mode="json"))


def test_numbers_of_people_are_masked_also_broken_ones_and_orders_stay_readable() -> None:
    told = masked(made())
    assert told["fields"]["id_number"]["value"] == "500*************18"
    assert told["fields"]["phone"]["value"] == "1*****4"
    [payment] = told["payments"]
    assert (payment["order_id"], payment["merchant_order_id"]) == (ORDER, "T200P1234567890123")
    assert told["years"][0]["order_id"] == "T0000001"


@pytest.mark.parametrize("order", ["2018060522001412", "20180605220014", "123456789012345678"])
def test_an_order_that_has_the_length_of_a_number_stays(order: str) -> None:
    told = masked(made(payments=[{**PAYMENT, "order_id": order}]))
    assert told["payments"][0]["order_id"] == order


@pytest.mark.parametrize("order", [ID_NUMBER, "50010119900101001x", "13812345678", "138 1234 5678"])
def test_a_persons_number_in_the_place_of_an_order_is_masked(order: str) -> None:
    told = masked(made(payments=[{**PAYMENT, "order_id": order}]))
    assert "*" in told["payments"][0]["order_id"]


def test_the_veil_that_reveals_shows_all() -> None:
    told = Veil(reveal=True).value(out(made()).model_dump(mode="json"))
    assert isinstance(told, dict)
    assert told["fields"]["id_number"]["value"] == ID_NUMBER


def document(result: CaseResult) -> dict[str, Any]:
    told: dict[str, Any] = masked(result)
    items = [{"number": one.number, "kind": one.kind, "state": one.state.value} for one in result.items]
    more = {
        "seen": 1,
        "mails": [1],
        "unreached": None,
        "mail_findings": [],
        "letters": [],
        "versions": [],
        "events": [],
    }
    return {**told, **more, "items": items}


def test_a_page_shows_fields_payments_and_years(capsys: pytest.CaptureFixture[str]) -> None:
    print_case(document(made()))
    page = capsys.readouterr().out
    for words in (
        "缴费凭证",
        "身份证号码",
        "500*************18",
        "第2页 [10 20 110 40]",
        ORDER,
        "已支付",
        "支付宝",
        "建议通过",
    ):
        assert words in page, words
    assert ID_NUMBER not in page


def test_a_grant_is_shown_with_its_year(capsys: pytest.CaptureFixture[str]) -> None:
    print_case(document(proof()))
    page = capsys.readouterr().out
    assert "开通补学权限 2018年度" in page
    assert person(1).id_number not in page


def seen(name: str, value: str | None, *texts: str, agreed: bool = False, complete: bool | None = None) -> SeenField:
    read = tuple(Reading(engine=f"e{n}", text=text, confidence=0.5 + n / 10) for n, text in enumerate(texts))
    return SeenField(
        name=name, value=value, box=(1, 2, 3, 4), readings=read, agreed=agreed, complete=complete, checks=("length",)
    )


def test_every_engines_reading_is_told_with_why_it_counts() -> None:
    both = seen("order_id", ORDER, ORDER, ORDER, agreed=True, complete=False)
    blurred = seen("id_number", None, ID_NUMBER, "50010119900101001B")
    group = SeenGroup(about="order", number=1, fields=(both, blurred))
    scan = Scan(
        number=2, page=3, sha256="0" * 64, width=100, height=200, kind="order", groups=(group,), engine="e0 1.0"
    )
    head, first, second = readings([scan], Veil(reveal=False))
    assert head == "附件2图1第3页：order，100×200，e0 1.0"
    assert f"e0“{ORDER}”0.50、e1“{ORDER}”0.60；两种识别一致，通过length，不完整" in first
    assert "身份证号码＝看不清" in second
    assert "只有一种识别或不一致" in second
    assert ID_NUMBER not in second


def test_a_picture_that_nobody_could_read_says_why() -> None:
    scan = Scan(number=1, sha256="0" * 64, fault="too_small")
    assert list(readings([scan], Veil(reveal=False))) == ["附件1图1：other，0×0，，未能读取（too_small）"]


def test_a_place_without_page_or_box_is_empty() -> None:
    assert place(None, None) == ""
    assert place(1, None) == "第1页"
