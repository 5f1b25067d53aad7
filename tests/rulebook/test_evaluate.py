"""The three answers: the tables of Kleene, empty against unknown, and what more knowledge may change."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.rulebook.evaluate import Answer, answer, gaps
from mailbot.rulebook.parse import parse
from tests.rulebook.world import PAYMENT, condition, known_values, row_of

Y, N, U = Answer.YES, Answer.NO, Answer.UNKNOWN
OF: dict[Answer, FactValue] = {Y: True, N: False, U: UNKNOWN}


def ask(text: str, **given_facts: FactValue) -> Answer:
    values = {f"payment.{name}": value for name, value in given_facts.items()}
    return answer(parse(text, PAYMENT), PAYMENT.row({"campaign.makeup_years": (2016, 2017), **values}))


def missing(text: str, **given_facts: FactValue) -> list[str]:
    values = {f"payment.{name}": value for name, value in given_facts.items()}
    return [name.fact.name for name in gaps(parse(text, PAYMENT), PAYMENT.row(values))]


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (Y, Y, Y, Y),
        (Y, N, N, Y),
        (Y, U, U, Y),
        (N, Y, N, Y),
        (N, N, N, N),
        (N, U, N, U),
        (U, Y, U, Y),
        (U, N, N, U),
        (U, U, U, U),
    ],
)
def test_the_tables_of_kleene(left: Answer, right: Answer, both: Answer, either: Answer) -> None:
    assert ask("payment.paid and payment.refunded", paid=OF[left], refunded=OF[right]) is both
    assert ask("payment.paid or payment.refunded", paid=OF[left], refunded=OF[right]) is either


@pytest.mark.parametrize(("fact", "found"), [(True, N), (False, Y), (UNKNOWN, U), (None, Y)])
def test_not(fact: FactValue, found: Answer) -> None:
    assert ask("not payment.paid", paid=fact) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("payment.year is None", Y),
        ("payment.year is not None", N),
        ("payment.year == 2018", N),
        ("payment.year != 2018", Y),
        ("payment.year == payment.next_year", Y),
        ("payment.year != payment.next_year", N),
        ("payment.year < 2018", U),
        ("payment.year >= 2018", U),
        ("not (payment.year < 2018)", U),
        ("payment.year is not None and payment.year < 2018", N),
        ("2016 <= payment.year <= 2019", U),
        ("payment.year in campaign.makeup_years", N),
        ("payment.year not in campaign.makeup_years", Y),
        ("payment.year in (2016, 2017)", N),
        ("'A1' in payment.other_orders", N),
        ("'A1' not in payment.other_orders", Y),
        ("payment.other_orders is None", Y),
        ("payment.paid", N),
    ],
)
def test_what_is_known_to_be_empty(text: str, found: Answer) -> None:
    assert ask(text, year=None, next_year=None, other_orders=None, paid=None) is found


@pytest.mark.parametrize(
    "text",
    [
        "payment.year is None",
        "payment.year is not None",
        "payment.year == 2018",
        "payment.year != payment.next_year",
        "payment.year in campaign.makeup_years",
        "payment.year not in (2016,)",
        "'A1' in payment.other_orders",
        "payment.amount > 33",
    ],
)
def test_what_is_unknown_stays_unknown(text: str) -> None:
    assert ask(text) is U


def test_values_are_compared_as_what_they_are() -> None:
    assert ask("payment.amount == 33", amount=Decimal("33.00")) is Y
    assert ask("payment.amount < '33.00'", amount=Decimal("32.99")) is Y
    assert ask("payment.year not in campaign.makeup_years", year=2015) is Y
    assert ask("payment.order_id in payment.other_orders", order_id="A1", other_orders=("B2", "A1")) is Y


def test_gaps_name_only_what_was_wanting() -> None:
    assert missing("payment.year < 2018 and payment.paid", paid=True) == ["payment.year"]
    assert missing("payment.year < 2018 and payment.paid", paid=False) == []
    assert missing("(payment.year == 1 and payment.paid) or payment.refunded", paid=False) == ["payment.refunded"]
    assert missing("payment.year < payment.next_year", year=None, next_year=2018) == ["payment.year"]


@given(condition(), row_of(PAYMENT))
def test_not_is_its_own_inverse_and_the_law_of_de_morgan(text: str, facts: list[FactValue]) -> None:
    node = parse(text, PAYMENT)
    assert answer(parse(f"not (not ({text}))", PAYMENT), facts) is answer(node, facts)
    neither = parse(f"not (({text}) or payment.paid)", PAYMENT)
    both_not = parse(f"not ({text}) and not payment.paid", PAYMENT)
    assert answer(neither, facts) is answer(both_not, facts)


@given(condition(), row_of(PAYMENT), st.data())
def test_more_knowledge_settles_the_unknown_and_overturns_nothing(
    text: str, facts: list[FactValue], data: st.DataObject
) -> None:
    node = parse(text, PAYMENT)
    before = answer(node, facts)
    richer = [
        data.draw(st.sampled_from([*known_values(fact), UNKNOWN])) if value is UNKNOWN else value
        for fact, value in zip(PAYMENT, facts, strict=True)
    ]
    assert before in (U, answer(node, richer))


@given(condition(), row_of(PAYMENT))
def test_there_is_a_gap_exactly_where_there_is_no_answer(text: str, facts: list[FactValue]) -> None:
    node = parse(text, PAYMENT)
    assert bool(gaps(node, facts)) == (answer(node, facts) is U)
    assert all(facts[name.index] is UNKNOWN or facts[name.index] is None for name in gaps(node, facts))
