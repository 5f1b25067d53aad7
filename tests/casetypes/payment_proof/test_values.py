"""What stands in a record: payments with two sides, pictures that add up, and the value to go by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.payment_proof.values import (
    NOBODY,
    Payment,
    Pictures,
    ProofRecord,
    Said,
    Side,
    Value,
)
from mailbot.domain.evidence import NOWHERE, Where
from mailbot.domain.records import Source
from tests.casetypes.payment_proof.support import ID, NAME, ORDER

TYPED = Side({"year": Value("2018"), "payer": Value(NAME)}, Where(attachment="表.docx"))
SEEN = Side(
    {
        "year": Value("2017", origin="seen"),
        "order_id": Value(ORDER, origin="seen"),
        "status": Value("paid", origin="seen", sure=False),
    },
    Where(attachment="截图.png"),
)


@pytest.mark.parametrize(
    ("payment", "name", "text"),
    [
        (Payment(TYPED, SEEN), "year", "2018"),
        (Payment(TYPED, SEEN), "order_id", ORDER),
        (Payment(TYPED, SEEN), "payer", NAME),
        (Payment(TYPED, SEEN), "amount", None),
        (Payment(None, SEEN), "year", "2017"),
        (Payment(TYPED, None), "order_id", None),
        (Payment(), "year", None),
    ],
)
def test_what_is_claimed_goes_before_what_is_shown(payment: Payment, name: str, text: str | None) -> None:
    value = payment.told(name)
    assert (value.text if value else None) == text


@pytest.mark.parametrize(
    ("payment", "year"),
    [
        (Payment(TYPED, SEEN), 2018),
        (Payment(None, SEEN), 2017),
        (Payment(Side(), SEEN), 2017),
        (Payment(Side(), None), None),
        (Payment(), None),
    ],
)
def test_a_payment_is_for_the_year_that_is_told(payment: Payment, year: int | None) -> None:
    assert payment.year == year


@pytest.mark.parametrize(
    ("payment", "place"),
    [
        (Payment(TYPED, SEEN), TYPED.place),
        (Payment(None, SEEN), SEEN.place),
        (Payment(), NOWHERE),
    ],
)
def test_a_payment_stands_where_it_is_claimed(payment: Payment, place: Where) -> None:
    assert payment.place == place


def test_a_side_is_sure_of_what_it_holds_alone() -> None:
    assert SEEN.sure("order_id")
    assert not SEEN.sure("status")
    assert not SEEN.sure("amount")
    assert SEEN.get("amount") is None


def test_a_record_goes_by_what_was_typed() -> None:
    said = Said((Value("李明二", origin="seen"), Value(NAME)))
    record = ProofRecord(Source(None), {"name": said, "id_number": Said()})
    assert record.known("name") == NAME
    assert record.known("id_number") is None
    assert record.known("phone") is None
    assert ProofRecord(Source(None), NOBODY).known("name") is None


counts = st.builds(
    Pictures,
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=3, unique=True).map(tuple),
)


@given(counts, counts, counts)
def test_pictures_add_up_in_any_order(one: Pictures, two: Pictures, three: Pictures) -> None:
    assert one.with_(two).with_(three) == one.with_(two.with_(three))
    assert one.with_(Pictures()) == one
    both = one.with_(two)
    assert both.total == one.total + two.total
    assert set(both.shown) == {*one.shown, *two.shown}
    assert len(set(both.shown)) == len(both.shown)


words = st.sampled_from([NAME, "李明二", ID])
origins = st.sampled_from(["typed", "seen"])
values = st.builds(Value, words, origin=origins, sure=st.booleans())
said_values = st.lists(values, max_size=4).map(lambda found: Said(tuple(found)))


@given(said_values, said_values)
def test_more_values_never_take_a_doubt_away(one: Said, two: Said) -> None:
    both = one.with_(two)
    assert both.differs >= one.differs
    assert {value.text for value in both.values} == {value.text for value in (*one.values, *two.values)}
    assert not (both.verified and both.differs)
