"""Examples: what a kind of case could give is taken with its type, anything else is refused, and a false example is told."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.rulebook.evaluate import Answer, answer
from mailbot.rulebook.examples import ExampleError, read_example, run_example
from mailbot.rulebook.parse import parse
from mailbot.rulebook.rules import Example
from tests.rulebook.world import PAYMENT, YEARS, condition, row_of

CAMPAIGN: dict[str, FactValue] = {"campaign.makeup_years": YEARS, "campaign.study_closes": date(2020, 12, 31)}


def read(toml: str) -> Example:
    return read_example(tomllib.loads(f"e = {toml}")["e"], PAYMENT)


def refusal(toml: str) -> str:
    with pytest.raises(ExampleError) as caught:
        read(toml)
    return str(caught.value)


@pytest.mark.parametrize(
    ("toml", "fact", "value"),
    [
        ("payment.year = 2018", "payment.year", 2018),
        ("payment.year = -1", "payment.year", -1),
        ("payment.paid = false", "payment.paid", False),
        ('payment.order_id = ""', "payment.order_id", ""),
        ('payment.order_id = "2018"', "payment.order_id", "2018"),
        ("payment.paid_on = 2018-05-03", "payment.paid_on", date(2018, 5, 3)),
        ('payment.paid_on = "2018-05-03"', "payment.paid_on", date(2018, 5, 3)),
        ('payment.amount = "33.00"', "payment.amount", Decimal("33.00")),
        ("payment.amount = 33", "payment.amount", Decimal(33)),
        ("campaign.makeup_years = [2016]", "campaign.makeup_years", (2016,)),
        ("campaign.makeup_years = []", "campaign.makeup_years", ()),
        ('payment.other_orders = ["A1", "B2"]', "payment.other_orders", ("A1", "B2")),
        ('"payment.year" = 2018', "payment.year", 2018),
        ("payment = { year = 2018 }", "payment.year", 2018),
    ],
)
def test_a_value_is_read_as_its_fact_s_type(toml: str, fact: str, value: FactValue) -> None:
    found = read(f"{{ given = {{ {toml} }}, is = true }}").given
    assert found == {fact: value}
    assert type(found[fact]) is type(value)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("payment.year = 2018.0", "payment.year 是整数，例子里写的是 2018.0"),
        ("payment.year = true", "payment.year 是整数，例子里写的是 True"),
        ("payment.paid = 1", "payment.paid 是是非，例子里写的是 1"),
        ("payment.order_id = 2018", "payment.order_id 是文字，例子里写的是 2018"),
        ('payment.paid_on = "03.05.2018"', "payment.paid_on 是日期，例子里写的是 '03.05.2018'"),
        ("payment.paid_on = 10:00:00", "payment.paid_on 是日期，例子里写的是 10:00:00"),
        ('payment.amount = "33元"', "payment.amount 是金额，例子里写的是 '33元'"),
        ('payment.amount = "inf"', "payment.amount 是金额，例子里写的是 'inf'"),
        ("payment.amount = true", "payment.amount 是金额，例子里写的是 True"),
        ('campaign.makeup_years = ["2016"]', "campaign.makeup_years 是整数列表，例子里写的是 ['2016']"),
        ("campaign.makeup_years = [true]", "campaign.makeup_years 是整数列表，例子里写的是 [True]"),
        ("payment.other_orders = [1]", "payment.other_orders 是文字列表，例子里写的是 [1]"),
        ('payment.other_orders = "A1"', "payment.other_orders 是文字列表，例子里写的是 'A1'"),
        ("payment.yaer = 2018", "不认识的事实 payment.yaer，是不是 payment.year？"),
        ("payment.year.value = 2018", "不认识的事实 payment.year.value，是不是 payment.year？"),
    ],
)
def test_what_no_case_could_give_is_refused(toml: str, sentence: str) -> None:
    assert refusal(f"{{ given = {{ {toml} }}, is = true }}") == sentence


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("{ given = {} }", 'is 只能是 true、false 或 "unknown"'),
        ("{ given = {}, is = 1 }", 'is 只能是 true、false 或 "unknown"'),
        ('{ given = {}, is = "yes" }', 'is 只能是 true、false 或 "unknown"'),
        ('{ given = "payment.year", is = true }', "given 应写成 { 事实 = 值 }"),
        ('{ empty = "payment.year", is = true }', 'empty 应写成事实名的列表，如 ["name.clean"]'),
        ("{ empty = [1], is = true }", 'empty 应写成事实名的列表，如 ["name.clean"]'),
        ('{ empty = ["payment.yaer"], is = true }', "不认识的事实 payment.yaer，是不是 payment.year？"),
        ("{ Given = {}, is = true }", "不认识的键 Given，是不是 given？"),
        ("{ zzz = {}, is = true }", "不认识的键 zzz"),
        ("[1]", "应写成 { given = { … }, is = true }"),
    ],
)
def test_the_frame_of_an_example(toml: str, sentence: str) -> None:
    assert refusal(toml) == sentence


def test_empty_is_a_value_and_what_is_not_listed_is_unknown() -> None:
    example = read('{ empty = ["payment.year"], is = "unknown" }')
    assert example.given == {"payment.year": None}
    run_example(example, parse("payment.year < 2018", PAYMENT), PAYMENT, CAMPAIGN)
    run_example(example, parse("payment.paid", PAYMENT), PAYMENT, CAMPAIGN)


def test_the_campaign_fills_in_its_own_facts_unless_the_example_gives_them() -> None:
    node = parse("payment.year not in campaign.makeup_years", PAYMENT)
    run_example(read("{ given = { payment.year = 2015 }, is = true }"), node, PAYMENT, CAMPAIGN)
    own = read("{ given = { payment.year = 2015, campaign.makeup_years = [2015] }, is = false }")
    run_example(own, node, PAYMENT, CAMPAIGN)


@pytest.mark.parametrize(
    ("example", "sentence"),
    [
        ("{ given = { payment.year = 2018 }, is = true }", "应为 true，算得 false（payment.year=2018）"),
        ("{ given = { payment.year = 2017 }, is = false }", "应为 false，算得 true（payment.year=2017）"),
        ('{ given = { payment.year = 2017 }, is = "unknown" }', '应为 "unknown"，算得 true（payment.year=2017）'),
        ("{ given = {}, is = false }", '应为 false，算得 "unknown"（payment.year=未知）'),
        ('{ empty = ["payment.year"], is = false }', '应为 false，算得 "unknown"（payment.year=空）'),
    ],
)
def test_an_example_that_does_not_hold_is_told_with_its_facts(example: str, sentence: str) -> None:
    with pytest.raises(ExampleError) as caught:
        run_example(read(example), parse("payment.year < 2018", PAYMENT), PAYMENT, {})
    assert str(caught.value) == sentence


def test_personal_values_are_masked_even_in_a_failing_example() -> None:
    example = read('{ given = { payment.phone = "13812345678" }, is = true }')
    with pytest.raises(ExampleError) as caught:
        run_example(example, parse("payment.phone is None", PAYMENT), PAYMENT, {})
    assert "13812345678" not in str(caught.value)
    assert "138" in str(caught.value)


def _toml(value: FactValue) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(part) for part in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | date) else f'"{value}"'


@given(condition(), row_of(PAYMENT), st.sampled_from(list(Answer)))
def test_an_example_holds_exactly_where_the_rule_says_so(text: str, facts: list[FactValue], claimed: Answer) -> None:
    node = parse(text, PAYMENT)
    known = [(f.name, v) for f, v in zip(PAYMENT, facts, strict=True) if v is not UNKNOWN and v is not None]
    empty = [f.name for f, v in zip(PAYMENT, facts, strict=True) if v is None]
    given_facts = ", ".join(f"{name} = {_toml(value)}" for name, value in known)
    word = {Answer.YES: "true", Answer.NO: "false", Answer.UNKNOWN: '"unknown"'}[claimed]
    example = read(f"{{ given = {{ {given_facts} }}, empty = {_toml(tuple(empty))}, is = {word} }}")
    assert PAYMENT.row(example.given) == facts
    try:
        run_example(example, node, PAYMENT, {})
        holds = True
    except ExampleError:
        holds = False
    assert holds == (answer(node, facts) is claimed)


def test_a_time_of_day_makes_no_date() -> None:
    with pytest.raises(ExampleError, match=r"payment\.paid_on 是日期"):
        read_example({"given": {"payment": {"paid_on": datetime(2018, 5, 3, 10)}}, "is": True}, PAYMENT)  # noqa: DTZ001 - TOML's local time
