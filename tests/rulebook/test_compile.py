"""The fast form says what the slow one says, on every condition and every row; and it is fast."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.facts.vocabulary import Fact, FactValue, Vocabulary
from mailbot.rulebook.compile import compile_all
from mailbot.rulebook.evaluate import Answer, answer
from mailbot.rulebook.parse import parse
from tests.rulebook.world import PAYMENT, condition, row_of

SAYS = {True: Answer.YES, False: Answer.UNKNOWN}


@given(st.lists(condition(), min_size=1, max_size=5), st.lists(row_of(PAYMENT), min_size=1, max_size=4))
def test_both_evaluators_agree(texts: list[str], rows: list[list[FactValue]]) -> None:
    nodes = [parse(text, PAYMENT) for text in texts]
    check = compile_all(nodes, len(PAYMENT.facts))
    for facts in rows:
        fast = {number: SAYS[sure] for number, sure in check(facts)}
        slow = {number: answer(node, facts) for number, node in enumerate(nodes)}
        assert fast == {number: found for number, found in slow.items() if found is not Answer.NO}


def test_hits_come_in_the_order_of_the_rules_and_misses_not_at_all() -> None:
    texts = ["payment.paid", "payment.refunded", "payment.year == 2018", "payment.paid is not None"]
    check = compile_all([parse(text, PAYMENT) for text in texts], len(PAYMENT.facts))
    facts = PAYMENT.row({"payment.paid": True, "payment.refunded": False})
    assert check(facts) == [(0, True), (2, False), (3, True)]


def test_a_row_of_another_length_is_refused() -> None:
    check = compile_all([parse("payment.paid", PAYMENT)], len(PAYMENT.facts))
    with pytest.raises(ValueError, match="unpack"):
        check([True])


def test_a_record_without_rules_has_no_findings() -> None:
    assert compile_all([], 2)([True, False]) == []


def test_constants_of_a_rule_file_are_data_not_code() -> None:
    hostile = "payment.order_id == \"__import__('os').system('id')\""
    check = compile_all([parse(hostile, PAYMENT)], len(PAYMENT.facts))
    assert check(PAYMENT.row({"payment.order_id": "__import__('os').system('id')"})) == [(0, True)]
    assert check(PAYMENT.row({"payment.order_id": "A1"})) == []


def test_forty_rules_over_many_rows_stay_below_half_a_microsecond_each() -> None:
    facts = tuple(Fact(f"row.f{n}", "bool" if n < 30 else "int", "事实", "测试") for n in range(40))
    vocabulary = Vocabulary("row", "行", facts)
    texts = [f"row.f{n}" for n in range(25)] + [f"row.f{n} < 16 or row.f{n} not in (20, 30)" for n in range(30, 40)]
    texts += [f"not row.f{n} and row.f{n + 1}" for n in range(5)]
    check = compile_all([parse(text, vocabulary) for text in texts], len(facts))
    row: list[FactValue] = [False] * 30 + [20] * 10
    assert check(row) == []
    rounds = 2_000
    best = min(_timed(check, row, rounds) for _ in range(5))
    assert best / rounds / len(texts) < 0.5e-6


def _timed(check: object, row: list[FactValue], rounds: int) -> float:
    assert callable(check)
    began = time.perf_counter()
    for _ in range(rounds):
        check(row)
    return time.perf_counter() - began
