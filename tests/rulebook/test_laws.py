"""Every operator over every kind of operand, as the catalogue tells it to the people who write rules.

Both evaluators are asked, so this table is the language's definition. v: a value, e: known to be empty, ?: unknown.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.rulebook.compile import compile_all
from mailbot.rulebook.evaluate import Answer, answer
from mailbot.rulebook.parse import parse
from tests.rulebook.world import PAYMENT

E = None
WORDS = {Answer.YES: "是", Answer.NO: "否", Answer.UNKNOWN: "?"}


def both(text: str, **given_facts: FactValue) -> str:
    """The answer, where both evaluators give the same."""
    node = parse(text, PAYMENT)
    facts = PAYMENT.row({name.replace("__", "."): value for name, value in given_facts.items()})
    slow = answer(node, facts)
    fast = dict(compile_all([node], len(PAYMENT.facts))(facts))
    assert fast == {Answer.YES: {0: True}, Answer.UNKNOWN: {0: False}, Answer.NO: dict[int, bool]()}[slow]
    return WORDS[slow]


@pytest.mark.parametrize(
    ("left", "right", "eq", "ne", "lt", "le", "gt", "ge"),
    [
        (2016, 2016, "是", "否", "否", "是", "否", "是"),
        (2016, 2018, "否", "是", "是", "是", "否", "否"),
        (2018, 2016, "否", "是", "否", "否", "是", "是"),
        (2016, E, "否", "是", "?", "?", "?", "?"),
        (E, 2016, "否", "是", "?", "?", "?", "?"),
        (E, E, "是", "否", "?", "?", "?", "?"),
        (2016, UNKNOWN, "?", "?", "?", "?", "?", "?"),
        (UNKNOWN, 2016, "?", "?", "?", "?", "?", "?"),
        (E, UNKNOWN, "?", "?", "?", "?", "?", "?"),
        (UNKNOWN, E, "?", "?", "?", "?", "?", "?"),
        (UNKNOWN, UNKNOWN, "?", "?", "?", "?", "?", "?"),
    ],
)
def test_comparing_two_facts(
    left: FactValue, right: FactValue, eq: str, ne: str, lt: str, le: str, gt: str, ge: str
) -> None:
    for sign, found in (("==", eq), ("!=", ne), ("<", lt), ("<=", le), (">", gt), (">=", ge)):
        text = f"payment.year {sign} payment.next_year"
        assert both(text, payment__year=left, payment__next_year=right) == found, text


@pytest.mark.parametrize(
    ("amount", "eq", "lt"),
    [
        (Decimal("33.00"), "是", "否"),
        (Decimal("32.99"), "否", "是"),
        (Decimal(33), "是", "否"),
        (E, "否", "?"),
        (UNKNOWN, "?", "?"),
    ],
)
def test_an_amount_and_a_constant(amount: FactValue, eq: str, lt: str) -> None:
    for constant in ("33", "'33.00'", "'33'"):
        assert both(f"payment.amount == {constant}", payment__amount=amount) == eq
        assert both(f"payment.amount < {constant}", payment__amount=amount) == lt
        assert both(f"{constant} > payment.amount", payment__amount=amount) == lt


@pytest.mark.parametrize(
    ("day", "before", "inside"),
    [
        (date(2020, 12, 31), "否", "是"),
        (date(2020, 12, 30), "是", "否"),
        (date(2021, 1, 1), "否", "否"),
        (E, "?", "否"),
        (UNKNOWN, "?", "?"),
    ],
)
def test_a_day_and_a_constant(day: FactValue, before: str, inside: str) -> None:
    assert both("payment.paid_on < '2020-12-31'", payment__paid_on=day) == before
    assert both("payment.paid_on in ('2020-12-31', '2020-06-01')", payment__paid_on=day) == inside


@pytest.mark.parametrize(
    ("element", "container", "inside", "outside"),
    [
        ("A1", ("A1", "B2"), "是", "否"),
        ("C3", ("A1", "B2"), "否", "是"),
        ("A1", (), "否", "是"),
        ("A1", E, "否", "是"),
        (E, ("A1",), "否", "是"),
        (E, E, "否", "是"),
        (UNKNOWN, ("A1",), "?", "?"),
        ("A1", UNKNOWN, "?", "?"),
        (UNKNOWN, E, "?", "?"),
        (E, UNKNOWN, "?", "?"),
    ],
)
def test_membership(element: FactValue, container: FactValue, inside: str, outside: str) -> None:
    given_facts = {"payment__order_id": element, "payment__other_orders": container}
    assert both("payment.order_id in payment.other_orders", **given_facts) == inside
    assert both("payment.order_id not in payment.other_orders", **given_facts) == outside
    assert both("not (payment.order_id in payment.other_orders)", **given_facts) == outside


@pytest.mark.parametrize(
    ("element", "inside", "outside"), [("A1", "是", "否"), ("C3", "否", "是"), (E, "否", "是"), (UNKNOWN, "?", "?")]
)
def test_membership_in_constants(element: FactValue, inside: str, outside: str) -> None:
    for constants in ("('A1', 'B2')", "['B2', 'A1']", "{'A1'}"):
        assert both(f"payment.order_id in {constants}", payment__order_id=element) == inside
        assert both(f"payment.order_id not in {constants}", payment__order_id=element) == outside


@pytest.mark.parametrize(
    ("fact", "plain", "negated", "equal", "unequal", "empty"),
    [
        (True, "是", "否", "是", "否", "否"),
        (False, "否", "是", "否", "是", "否"),
        (E, "否", "是", "否", "是", "是"),
        (UNKNOWN, "?", "?", "?", "?", "?"),
    ],
)
def test_a_yes_or_no_fact(fact: FactValue, plain: str, negated: str, equal: str, unequal: str, empty: str) -> None:
    assert both("payment.paid", payment__paid=fact) == plain
    assert both("not payment.paid", payment__paid=fact) == negated
    assert both("payment.paid == True", payment__paid=fact) == equal
    assert both("payment.paid != True", payment__paid=fact) == unequal
    assert both("payment.paid is None", payment__paid=fact) == empty


@pytest.mark.parametrize(
    ("year", "chain"),
    [(2015, "否"), (2016, "是"), (2019, "是"), (2020, "否"), (E, "?"), (UNKNOWN, "?")],
)
def test_a_chain(year: FactValue, chain: str) -> None:
    assert both("2016 <= payment.year <= 2019", payment__year=year) == chain
    assert both("payment.year >= 2016 and payment.year <= 2019", payment__year=year) == chain


@pytest.mark.parametrize(
    ("year", "guarded", "or_empty"),
    [(2015, "是", "是"), (2018, "否", "否"), (E, "否", "是"), (UNKNOWN, "?", "?")],
)
def test_emptiness_is_asked_for_where_it_matters(year: FactValue, guarded: str, or_empty: str) -> None:
    assert both("payment.year is not None and payment.year < 2018", payment__year=year) == guarded
    assert both("payment.year is None or payment.year < 2018", payment__year=year) == or_empty


def test_a_no_settles_and_and_a_yes_settles_or_whatever_is_unknown() -> None:
    assert both("payment.paid and payment.year < 2018", payment__paid=False) == "否"
    assert both("payment.year < 2018 and payment.paid", payment__paid=False) == "否"
    assert both("payment.paid or payment.year < 2018", payment__paid=True) == "是"
    assert both("payment.year < 2018 or payment.paid", payment__paid=True) == "是"
    assert both("payment.paid and payment.year < 2018", payment__paid=True) == "?"
    assert both("payment.paid or payment.year < 2018", payment__paid=False) == "?"


def test_constants_beside_facts() -> None:
    assert both("payment.paid and True", payment__paid=True) == "是"
    assert both("payment.paid or False", payment__paid=False) == "否"
    assert both("payment.paid and False") == "否"
    assert both("payment.paid or True") == "是"
