"""A later mail to a proof: what was missing is added, years are matched, what cannot be placed goes to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.casetypes.payment_proof.follow import DOUBT, merged
from mailbot.casetypes.payment_proof.header import header_json, stored_record
from mailbot.casetypes.payment_proof.values import ProofRecord, Value
from mailbot.domain.document import Opened
from mailbot.domain.kinds import Change, Following, Manner
from mailbot.domain.outcome import CaseResult
from tests.casetypes.payment_proof.support import (
    ID,
    NAME,
    ORDER,
    PAID,
    TEXT,
    but,
    codes,
    form,
    judge,
    kind,
    mail,
    order,
    picture,
    record_of,
    scan,
    with_order,
    without,
)
from tests.casetypes.support import HASHER, person_id, phone_of

SECOND = "2019100922001412345678905678"
SHOT = Opened(mail=mail("补学", picture()), scans=(scan(order()),))
"""A screenshot and not a word of who it is."""


def says(text: str) -> Opened:
    return Opened(mail=mail(text))


def follow(first: Opened, second: Opened) -> Following[ProofRecord]:
    case = judge(record_of(first))
    return kind().following(record_of(second), case, Manner.UNSAID, HASHER)


def verdict(first: Opened, second: Opened) -> CaseResult:
    return judge(follow(first, second).record)


def changes(following: Following[ProofRecord]) -> dict[int, tuple[object, Change]]:
    """By item number: the year, and what became of the item."""
    return {match.number: (match.item.values["year"], match.change) for match in following.merged.matches}


def test_the_person_that_was_missing_makes_the_proof_whole() -> None:
    found = follow(SHOT, says(TEXT))
    assert found.doubt is None
    assert changes(found) == {1: (2018, Change.CORRECTED)}
    case = judge(found.record)
    assert codes(case) == set()
    assert len(case.effects) == 1


def test_one_value_that_was_missing_is_enough() -> None:
    first = Opened(mail=mail(f"补学\n姓名：{NAME}\n身份证号码：{ID}", picture()), scans=(scan(order()),))
    assert codes(judge(record_of(first))) >= {"phone.missing"}
    assert codes(verdict(first, says(f"补学\n手机号码：{phone_of(1)}"))) == set()


def test_the_screenshot_that_was_missing_proves_the_claim() -> None:
    first = Opened(mail=mail("", subject=""), documents=(form(("2018", ORDER)),))
    assert codes(judge(record_of(first))) == {"payment.proof_missing"}
    found = follow(first, SHOT)
    assert changes(found) == {1: (2018, Change.UNCHANGED)}
    assert codes(judge(found.record)) == set()


def test_the_order_number_that_was_missing_fills_its_year() -> None:
    first = Opened(mail=mail("", subject=""), documents=(form(("2018", None), ("2019", SECOND)),))
    found = follow(first, says(f"补学\n缴费年度：2018\n订单编号：{ORDER}"))
    assert changes(found) == {1: (2018, Change.CORRECTED), 2: (2019, Change.UNCHANGED)}
    assert [payment.again for payment in found.record.payments] == [False, False]
    assert [item.values["order_id"] for item in kind().items(found.record, HASHER)] == [ORDER, SECOND]


def test_an_order_number_without_its_year_fills_the_only_gap() -> None:
    first = Opened(mail=mail("", subject=""), documents=(form(("2018", None)),))
    found = follow(first, says(f"补学\n订单编号：{ORDER}"))
    assert changes(found) == {1: (2018, Change.CORRECTED)}


def test_an_order_number_that_could_be_either_years_is_given_to_neither() -> None:
    first = Opened(mail=mail("", subject=""), documents=(form(("2018", None), ("2019", None)),))
    found = follow(first, says(f"补学\n订单编号：{ORDER}"))
    assert changes(found)[3] == (None, Change.ADDED)
    assert not judge(found.record).effects


def test_a_number_whose_digits_were_lost_is_replaced_by_the_text() -> None:
    first = Opened(mail=mail("", subject=""), documents=(form(("2018", 2018100922001412345678901234.0)),))
    assert "payment.order_precision_lost" in codes(judge(record_of(first)))
    found = follow(first, Opened(mail=mail("", subject=""), documents=(form(("2018", ORDER)),)))
    assert "payment.order_precision_lost" not in codes(judge(found.record))
    assert [payment.year for payment in found.record.payments] == [2018]


def test_the_year_that_was_missing_is_taken_from_the_answer() -> None:
    first = with_order({**without(PAID, "year"), "course": "公需科目"})
    assert codes(judge(record_of(first))) >= {"payment.year_missing"}
    found = follow(first, says("补学\n缴费年度：2018年度"))
    assert [payment.year for payment in found.record.payments] == [2018]
    assert "payment.year_missing" not in codes(judge(found.record))


def test_another_year_is_an_item_of_its_own() -> None:
    second = with_order(but(year="2019", order_id=SECOND, paid_at="2019-05-05", course="2019年度公需科目"))
    found = follow(with_order(), second)
    assert changes(found) == {1: (2018, Change.UNCHANGED), 2: (2019, Change.ADDED)}
    assert found.doubt is None
    assert {effect.year for effect in judge(found.record).effects} == {2018, 2019}


def test_another_order_for_the_same_year_is_for_a_person() -> None:
    found = follow(with_order(), with_order(but(order_id=SECOND)))
    assert [payment.again for payment in found.record.payments] == [False, True]
    case = judge(found.record)
    assert "payment.years_together" in codes(case)
    assert [item.inert for item in kind().items(found.record, HASHER)] == [False, True]


def test_the_same_mail_again_adds_nothing() -> None:
    found = follow(with_order(), with_order())
    assert changes(found) == {1: (2018, Change.UNCHANGED)}
    assert found.merged.missing == ()


@pytest.mark.parametrize("first", [with_order(order_id={"complete": False}), with_order(but(order_id=None))])
def test_a_whole_screenshot_takes_the_place_of_one_without_its_number(first: Opened) -> None:
    assert codes(judge(record_of(first))) & {"payment.order_cut", "payment.unreadable"}
    found = follow(first, SHOT)
    assert changes(found) == {1: (2018, Change.CORRECTED)}
    assert codes(judge(found.record)) == set()


def test_a_screenshot_of_another_order_does_not_take_its_place() -> None:
    first = with_order(order_id={"complete": False})
    second = with_order(but(year="2019", order_id=SECOND, paid_at="2019-05-05", course="2019年度公需科目"))
    found = follow(first, second)
    assert changes(found) == {1: (2018, Change.UNCHANGED), 2: (2019, Change.ADDED)}
    assert "payment.order_cut" in codes(judge(found.record))


def test_a_picture_sent_anew_is_not_asked_for_again() -> None:
    first = Opened(mail=mail(TEXT, picture()), scans=(scan(fault="unreadable", kind="other"),))
    assert "proof.unreadable" in codes(judge(record_of(first)))
    assert codes(verdict(first, with_order())) == set()


def test_one_good_picture_does_not_answer_for_two_that_were_broken() -> None:
    broken = (scan(fault="unreadable", kind="other"), scan(fault="unreadable", kind="other", number=2))
    first = Opened(mail=mail(TEXT, picture(), picture(2)), scans=broken)
    assert "proof.unreadable" in codes(verdict(first, with_order()))


def test_a_number_that_was_wrong_is_replaced_and_a_good_one_is_contradicted() -> None:
    wrong = Opened(mail=mail(TEXT.replace(ID, ID[:-1] + "0"), picture()), scans=(scan(order()),))
    first = judge(record_of(wrong))
    assert "id.wrong" in codes(first)
    assert codes(verdict(wrong, says(TEXT))) == set()
    phone = says(f"补学\n姓名：{NAME}\n身份证号码：{ID}\n手机号码：{phone_of(7)}")
    case = verdict(with_order(), phone)
    assert "applicant.typed_differs" in codes(case)
    assert not case.effects


def test_another_persons_proof_is_none_of_the_case() -> None:
    text = f"补学\n姓名：王二\n身份证号码：{person_id(2)}\n手机号码：{phone_of(2)}"
    other = Opened(mail=mail(text, picture()), scans=(scan(order(but(order_id=SECOND))),))
    found = follow(with_order(), other)
    assert found.record.known("id_number") == person_id(2)
    assert {match.change for match in found.merged.matches} == {Change.ADDED}
    assert ORDER not in {value.text for side in sides(found.record) for value in side}


def sides(record: ProofRecord) -> list[list[Value]]:
    both = ((payment.claimed, payment.shown) for payment in record.payments)
    return [list(side.values.values()) for pair in both for side in pair if side]


def test_another_name_without_a_number_is_another_person() -> None:
    first = Opened(mail=mail(f"补学\n姓名：{NAME}", picture()), scans=(scan(order()),))
    found = follow(first, says(f"补学\n姓名：王二\n手机号码：{phone_of(2)}"))
    assert found.record.known("name") == "王二"
    assert found.record.payments == ()


def test_a_case_whose_header_cannot_be_read_is_a_doubt() -> None:
    case = replace(judge(record_of(with_order())), header={"fields": 1})
    found = kind().following(record_of(SHOT), case, Manner.UNSAID, HASHER)
    assert found.doubt == DOUBT


def test_a_year_of_the_case_that_nothing_names_any_more_is_a_doubt() -> None:
    case = judge(record_of(with_order()))
    case = replace(case, items=(*case.items, replace(case.items[0], number=2, values={"year": 2016})))
    found = kind().following(record_of(SHOT), case, Manner.UNSAID, HASHER)
    assert found.merged.missing == (2,)
    assert found.doubt == DOUBT


def test_what_a_case_knows_survives_any_number_of_mails() -> None:
    whole = record_of(with_order())
    again = merged(stored_record(header_json(whole)), whole)
    third = merged(stored_record(header_json(again)), record_of(says(TEXT)))
    assert {name: third.known(name) for name in third.person} == {name: whole.known(name) for name in whole.person}
    assert [payment.year for payment in third.payments] == [2018]
