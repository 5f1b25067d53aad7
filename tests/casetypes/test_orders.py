"""A roster's order numbers and sender against what is known: lists, earlier rosters, confirmed senders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from mailbot.domain.decisions import Outcome, decide
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.kinds import SenderView
from mailbot.domain.outcome import Json, ListedOrder, Lookups, PriorPerson
from mailbot.domain.ports import Presence, Registration
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import (
    HASHER,
    HEAD,
    Judged,
    judge,
    kind,
    labels,
    official,
    person_id,
    phone_of,
    record_of,
    situation,
)

ORDER = "202007120001"
KEY = HASHER.search(ORDER)
UNIT = "重庆市某中学"
DAY = date(2020, 7, 13)
"""The day of the mail."""
PEOPLE = [(n, f"陈晓{'一二三'[n - 1]}", person_id(n), phone_of(n), None) for n in range(1, 4)]
VERIFIED = SenderView("hr@school.example", verified=True, ambiguous=False, lookalike=False, key="@school.example")
LISTED = ListedOrder(UNIT, None, 3, paid=True, as_of=DAY)


NOTHING = Lookups()


def known(listed: ListedOrder | None = LISTED, *, as_of: date | None = DAY, base: Lookups = NOTHING) -> Lookups:
    return replace(base, listed={KEY: listed} if listed else {}, orders_as_of=as_of)


def judged(
    lookups: Lookups, people: int = 3, *, registrations: Mapping[str, Registration] | None = None, by: str = ""
) -> Judged:
    key = by.casefold() if by.endswith(("@qq.com", "@QQ.com")) else f"@{by.rpartition('@')[2]}"
    sender = replace(VERIFIED, address=by, key=key) if by else VERIFIED
    return judge(official(PEOPLE[:people]), situation(lookups=lookups, registrations=registrations, sender=sender))


def found(told: Judged, code: str) -> Finding | None:
    return next((finding for finding in told.case if finding.code == code), None)


def order_codes(told: Judged) -> set[str]:
    return {code for code in told.case_codes if code.startswith("order.")}


def used(rows: int = 2, sender: str = "hr@school.example", unit: str = UNIT) -> Lookups:
    """An earlier case named the order."""
    header: Json = {"unit": unit, "tax_id": None, "rows": rows, "sender": sender}
    return Lookups(orders={KEY: ("c1",)}, order_units={"c1": header})


@pytest.mark.parametrize(
    ("listed", "as_of", "codes"),
    [
        (LISTED, DAY, set()),
        (replace(LISTED, codes=2), DAY, {"order.more_rows_than_codes"}),
        (replace(LISTED, codes=9), DAY, {"order.fewer_rows_than_codes"}),
        (replace(LISTED, codes=None), DAY, set()),
        (replace(LISTED, paid=False), DAY, {"order.unpaid"}),
        (replace(LISTED, paid=None), DAY, set()),
        (replace(LISTED, unit=None), DAY, set()),
        (replace(LISTED, unit="重庆市另一中学"), DAY, {"order.other_unit"}),
        (None, DAY, {"order.unknown"}),
        (None, date(2020, 7, 12), {"order.unknown"}),
        (None, None, {"order.unknown"}),
    ],
)
def test_what_a_list_says(listed: ListedOrder | None, as_of: date | None, codes: set[str]) -> None:
    assert order_codes(judged(known(listed, as_of=as_of))) == codes


@pytest.mark.parametrize(
    ("as_of", "severity"), [(DAY, Severity.HOLD), (date(2020, 7, 12), Severity.NOTE), (None, Severity.NOTE)]
)
def test_only_a_list_of_the_day_or_later_can_miss_an_order(as_of: date | None, severity: Severity) -> None:
    finding = found(judged(known(None, as_of=as_of)), "order.unknown")
    assert finding is not None
    assert (finding.severity, finding.unknown) == (severity, severity is Severity.NOTE)


@pytest.mark.parametrize("code", ["order.more_rows_than_codes", "order.unpaid", "order.unknown"])
def test_what_a_person_compares_keeps_nobody_waiting(code: str) -> None:
    listed = {"order.unknown": None, "order.unpaid": replace(LISTED, paid=False)}.get(code, replace(LISTED, codes=1))
    told = judged(known(listed))
    finding = found(told, code)
    assert finding is not None
    assert (finding.severity, finding.stops) == (Severity.HOLD, Stops.NONE)
    assert decide([told.status(n) for n in (1, 2, 3)], told.case, partial=True) is Outcome.PARTIAL


def test_an_order_of_another_unit_stops_the_case_and_names_nobody() -> None:
    told = judged(known(replace(LISTED, unit="重庆市另一中学")))
    finding = found(told, "order.other_unit")
    assert finding is not None
    assert finding.stops is Stops.CASE
    assert "另一中学" not in str((finding.message, finding.facts))
    assert decide([told.status(n) for n in (1, 2, 3)], told.case, partial=True) is Outcome.HOLD


def test_the_people_of_earlier_rosters_count_too() -> None:
    told = judged(known(replace(LISTED, codes=5), base=used(rows=3)))
    finding = found(told, "order.more_rows_than_codes")
    assert finding is not None
    assert finding.facts["order.rows"] == 6
    assert "order.more_rows_than_codes" not in judged(known(replace(LISTED, codes=6), base=used(rows=3))).case_codes


def test_who_stands_in_an_earlier_roster_of_the_order_counts_once() -> None:
    id_hash, phone_hash = HASHER.search(person_id(1)), HASHER.search(phone_of(1))
    prior = {id_hash: PriorPerson("c1", 1, id_hash, phone_hash, "k", "done")}
    five = replace(LISTED, codes=5)
    assert order_codes(judged(known(five, base=replace(used(rows=3), people=prior)))) == {"order.reused"}
    elsewhere = {id_hash: replace(prior[id_hash], case_id="c9")}
    told = judged(known(five, base=replace(used(rows=3), people=elsewhere)))
    assert "order.more_rows_than_codes" in told.case_codes


def test_a_duplicate_row_needs_no_code() -> None:
    record = official([*PEOPLE, (4, *PEOPLE[0][1:])])
    assert order_codes(judge(record, situation(lookups=known()))) == set()


def test_who_bought_alone_needs_no_code() -> None:
    account = Registration(Presence.FOUND, bought=(2020,))
    told = judged(known(replace(LISTED, codes=2)), registrations={HASHER.search(person_id(1)): account})
    assert order_codes(told) == set()
    assert "person.already_paid" in told.codes(1)
    last_year = {HASHER.search(person_id(1)): replace(account, bought=(2019,))}
    assert "order.more_rows_than_codes" in judged(known(replace(LISTED, codes=2)), registrations=last_year).case_codes


def test_a_case_nobody_knows_leaves_the_count_unknown() -> None:
    told = judged(known(replace(LISTED, codes=1), base=Lookups(orders={KEY: ("c1",)})))
    assert "order.more_rows_than_codes" not in told.case_codes


def several(second: ListedOrder | None) -> Judged:
    record = record_of([*labels(order=f"{ORDER}、202007120002"), HEAD, *PEOPLE])
    lookups = known(replace(LISTED, codes=2))
    if second is not None:
        lookups = replace(lookups, listed={**lookups.listed, HASHER.search("202007120002"): second})
    return judge(record, situation(lookups=lookups))


def test_several_orders_are_counted_together() -> None:
    assert order_codes(several(replace(LISTED, codes=1))) == set()
    assert order_codes(several(replace(LISTED, codes=1, paid=False))) == {"order.unpaid"}
    assert order_codes(several(None)) == {"order.unknown"}


ACCOUNT = Registration(Presence.FOUND, as_of=DAY)


def registered(account: Registration) -> dict[str, Registration]:
    return {HASHER.search(person_id(1)): account}


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        (ACCOUNT, {"person.already_registered"}),
        (replace(ACCOUNT, bought=(2020,)), {"person.already_registered", "person.already_paid"}),
        (replace(ACCOUNT, assigned=(2019, 2020)), {"person.already_registered", "person.code_assigned"}),
        (replace(ACCOUNT, completed=(2020,)), {"person.already_registered", "person.year_completed"}),
        (replace(ACCOUNT, bought=(2019,), assigned=(), completed=(2019,)), {"person.already_registered"}),
        (replace(ACCOUNT, name="陈晓二", bought=(2020,)), {"person.identity_conflict", "person.registration_differs"}),
    ],
)
def test_what_a_list_says_of_a_person(told: Registration, codes: set[str]) -> None:
    one = judged(Lookups(), 1, registrations=registered(told))
    assert one.codes(1) == codes
    noted = {finding.severity for finding in one.rows[0] if finding.code != "person.identity_conflict"}
    assert noted == {Severity.NOTE}


def test_what_differs_is_named_by_its_column_and_not_by_its_value() -> None:
    one = judged(Lookups(), 1, registrations=registered(replace(ACCOUNT, name="陈晓二", phone=phone_of(9))))
    finding = next(f for f in one.rows[0] if f.code == "person.registration_differs")
    assert finding.message == "平台账号登记的姓名、手机号码与名单不同（平台资料截至2020-07-13）。"


@pytest.mark.parametrize(
    ("lookups", "address", "held"),
    [
        (Lookups(), "hr@school.example", False),
        (used(), "hr@school.example", False),
        (used(), "colleague@school.example", False),
        (used(), "hr@other.example", True),
        (used(sender="wang@qq.com"), "li@qq.com", True),
        (used(sender="wang@qq.com"), "Wang@QQ.com", False),
        (used(unit="重庆市另一中学"), "hr@other.example", False),
        (Lookups(unit_senders={"unit:重庆市某中学": ("@school.example",)}), "hr@other.example", True),
        (
            Lookups(unit_senders={"unit:重庆市某中学": ("@school.example",)}, bindings=("unit:重庆市某中学",)),
            "hr@school.example",
            False,
        ),
    ],
)
def test_another_address_for_a_unit_or_its_order_is_held(lookups: Lookups, address: str, held: bool) -> None:
    told = judged(lookups, by=address)
    finding = found(told, "sender.other_address")
    assert (finding is not None) == held
    assert finding is None or (finding.severity, finding.stops) == (Severity.HOLD, Stops.CASE)


def test_a_sender_of_whom_our_server_said_nothing_is_asked_about_in_plain_words() -> None:
    unsure = situation(sender=replace(VERIFIED, verified=None))
    finding = found(judge(official(PEOPLE), unsure), "sender.unverified")
    assert finding is not None
    assert finding.message == "发件地址是否通过验证未知，系统无法核对，转人工审核。"


def test_the_unit_is_asked_about_by_tax_number_and_name() -> None:
    record: RosterRecord = official(PEOPLE)
    header = replace(record.header, tax_id="91500000203006749X")
    wants = _wants(replace(record, header=header))
    assert wants == ("tax:91500000203006749X", "unit:重庆市某中学")
    assert _wants(replace(record, header=replace(header, tax_id=None, unit=None))) == ()


def _wants(record: RosterRecord) -> tuple[str, ...]:
    return kind().wants(record, HASHER).units
