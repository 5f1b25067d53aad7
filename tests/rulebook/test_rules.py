"""A rule in force: the keys it was written with, their defaults, and the findings it makes."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.campaign import Campaign
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.findings import Severity, Stops
from mailbot.rulebook.compile import compile_all
from mailbot.rulebook.evaluate import Answer, answer
from mailbot.rulebook.problems import Problem
from mailbot.rulebook.read_rule import Frame, read_rule
from mailbot.rulebook.rules import Rule
from mailbot.rulebook.sources import parse_files
from tests.rulebook.world import PAYMENT, ROW, SHIPPED, at, condition, row_of

CAMPAIGN = Campaign.model_validate(tomllib.loads((SHIPPED / "campaigns" / "2020.toml").read_text("utf-8")))
FRAME = Frame({"payment": PAYMENT, "row": ROW}, CAMPAIGN, frozenset())
PLAIN = {
    "code": '"payment.test"',
    "about": '"payment"',
    "when": '"payment.year < 2018"',
    "then": '"ask"',
    "say": '"年度 {payment.year}。"',
    "source": '"手册六"',
}


def reading(frame: Frame = FRAME, /, **changes: str | None) -> tuple[Rule | None, list[str]]:
    keys = {**PLAIN, **changes}
    text = "[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items() if value is not None)
    problems: list[Problem] = []
    (source,) = parse_files({"a.toml": text.encode()}, problems)
    tables = source.tree["rule"]
    assert isinstance(tables, list)
    rule = read_rule(source, 0, tables[0], frame, problems)
    return rule, [problem.message for problem in problems]


def good(**changes: str | None) -> Rule:
    rule, problems = reading(**changes)
    assert problems == []
    assert rule is not None
    return rule


def facts(**given_facts: FactValue) -> list[FactValue]:
    return PAYMENT.row({f"payment.{name}": value for name, value in given_facts.items()})


@pytest.mark.parametrize(
    ("then", "stops", "unknown"),
    [
        ("note", Stops.NONE, Severity.NOTE),
        ("fix", Stops.NONE, Severity.NOTE),
        ("ask", Stops.ITEM, Severity.HOLD),
        ("hold", Stops.ITEM, Severity.HOLD),
    ],
)
def test_defaults(then: str, stops: Stops, unknown: Severity) -> None:
    rule = good(then=f'"{then}"')
    assert (rule.then.word, rule.stops, rule.unknown, rule.field, rule.examples) == (then, stops, unknown, None, ())


@pytest.mark.parametrize("stops", list(Stops))
@pytest.mark.parametrize("then", ["ask", "hold"])
def test_what_asks_or_holds_may_stop_anything(then: str, stops: Stops) -> None:
    assert good(then=f'"{then}"', stops=f'"{stops.value}"').stops is stops


@pytest.mark.parametrize(("word", "weight"), [("pass", None), ("note", Severity.NOTE), ("hold", Severity.HOLD)])
def test_what_an_unknown_weighs(word: str, weight: Severity | None) -> None:
    assert good(unknown=f'"{word}"').unknown is weight


def test_place_source_and_facts_in_use() -> None:
    rule = good(when='"payment.year < 2018 or (payment.paid and payment.year > 2019)"')
    assert rule.place == "a.toml:1"
    assert rule.source == "手册六"
    assert [name.fact.name for name in rule.uses] == ["payment.year", "payment.paid"]


@pytest.mark.parametrize("key", ["code", "about", "when", "then", "say", "source"])
def test_every_required_key_is_asked_for(key: str) -> None:
    rule, problems = reading(**{key: None})
    assert rule is None
    assert f"缺少 {key}" in problems


@pytest.mark.parametrize("key", ["code", "about", "when", "say", "source"])
@pytest.mark.parametrize("value", ["1", '""', '"  "', "[]", "true"])
def test_a_required_key_is_a_text_with_something_in_it(key: str, value: str) -> None:
    rule, problems = reading(**{key: value})
    assert rule is None
    assert f"{key} 应为文字，且不能为空" in problems


@pytest.mark.parametrize("code", ["payment", "Payment.x", "payment.", ".x", "payment..x", "付款.年度", "payment x.y"])
def test_codes_keep_one_shape(code: str) -> None:
    assert reading(code=f'"{code}"')[1] == ["code 应为小写英文，用点分段，如 payment.year_outside"]


@pytest.mark.parametrize("code", ["payment.year", "a.b.c", "id.fifteen_digit", "tax_id.legacy15"])
def test_codes_of_that_shape_pass(code: str) -> None:
    assert good(code=f'"{code}"').code == code


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("then", '"Hold"', "then 只能是 note、fix、ask、hold，写的是 'Hold'，是不是 hold？"),
        ("then", "3", "then 应为文字，且不能为空"),
        ("stops", "true", "stops 只能是 none、item、case，写的是 True"),
        ("unknown", '"fix"', "unknown 只能是 pass、note、hold，写的是 'fix'"),
        ("examples", "{}", "examples 应为列表"),
        ("field", "7", "不认识的栏目 7"),
        ("Unknown", '"hold"', "不认识的键 Unknown，是不是 unknown？"),
    ],
)
def test_other_values_are_refused_in_words(key: str, value: str, sentence: str) -> None:
    rule, problems = reading(**{key: value})
    assert rule is None
    assert sentence in problems


def test_a_field_is_one_that_the_forms_know() -> None:
    frame = Frame(FRAME.vocabularies, CAMPAIGN, frozenset({"phone", "unit"}))
    assert reading(frame, field='"phone"')[1] == []
    assert reading(frame, field='"untit"')[1] == ["不认识的栏目 untit，是不是 unit？"]
    assert good(field='"anything"').field == "anything"


def test_without_a_campaign_examples_are_read_but_not_run() -> None:
    wrong = "[ { given = { payment.year = 2020 }, is = true } ]"
    assert "应为 true，算得 false" in reading(examples=wrong)[1][0]
    assert reading(Frame(FRAME.vocabularies, None, frozenset()), examples=wrong)[1] == []


def test_a_table_that_is_none_lacks_everything() -> None:
    problems: list[Problem] = []
    (source,) = parse_files({"a.toml": b"rule = [1]"}, problems)
    assert read_rule(source, 0, 1, FRAME, problems) is None
    assert len(problems) == 6


def test_a_finding_carries_what_its_rule_says() -> None:
    rule = good(field='"year"', stops='"case"', then='"hold"', when='"payment.year < 2018 and payment.amount != 33"')
    finding = rule.finding(facts(year=2015, amount=Decimal("66.00")), at, 60)
    assert (finding.code, finding.severity, finding.stops, finding.unknown) == (
        "payment.test",
        Severity.HOLD,
        Stops.CASE,
        False,
    )
    assert finding.where == at("year")
    assert finding.message == "年度 2015。"
    assert finding.facts == {"payment.year": 2015, "payment.amount": "66.00"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (facts(), "缴费年度、下一缴费年度未知，系统无法核对，转人工审核。"),
        (facts(year=2015), "下一缴费年度未知，系统无法核对，转人工审核。"),
        (facts(year=None), "下一缴费年度未知，缴费年度为空，系统无法核对，转人工审核。"),
        (facts(year=None, next_year=2018), "缴费年度为空，系统无法核对，转人工审核。"),
    ],
)
def test_a_doubt_names_what_is_wanting(row: list[FactValue], message: str) -> None:
    doubt = good(when='"payment.year < payment.next_year"').doubt(row, at, 60)
    assert doubt is not None
    assert doubt.message == message


def test_a_doubt_that_is_only_noted_sends_nobody_to_a_person() -> None:
    doubt = good(unknown='"note"').doubt(facts(), at, 60)
    assert doubt is not None
    assert doubt.message == "缴费年度未知，系统未能核对。"
    assert (doubt.severity, doubt.stops) == (Severity.NOTE, Stops.NONE)
    assert good(unknown='"pass"').doubt(facts(), at, 60) is None


@given(condition(), row_of(PAYMENT), st.sampled_from(["pass", "note", "hold"]))
def test_findings_and_answers_tell_the_same(text: str, row: list[FactValue], unknown: str) -> None:
    rule = good(when=f'"""{text}"""', unknown=f'"{unknown}"', examples=None)
    found = {sure for _, sure in compile_all([rule.node], len(PAYMENT.facts))(row)}
    expected = {Answer.YES: {True}, Answer.UNKNOWN: {False}, Answer.NO: set[bool]()}
    assert found == expected[answer(rule.node, row)]
    if found == {False}:
        doubt = rule.doubt(row, at, 60)
        assert (doubt is None) == (unknown == "pass")
        assert doubt is None or (doubt.unknown and doubt.message)


@given(row_of(PAYMENT))
def test_what_a_finding_keeps_is_json_and_tells_no_whole_number(row: list[FactValue]) -> None:
    whole = {"payment.id_number": "110101199003077758", "payment.phone": "13812345678", "payment.payer": "欧阳询真"}
    for name, secret in whole.items():
        row[PAYMENT.index[name]] = secret
    when = " or ".join(f"{fact.name} is None" for fact in PAYMENT)
    finding = good(when=f'"{when}"', say=f'"{"".join("{" + f.name + "}" for f in PAYMENT)}"').finding(row, at, 60)
    assert set(finding.facts) == {fact.name for fact in PAYMENT}
    assert all(kept is None or type(kept) in (bool, int, str, list) for kept in finding.facts.values())
    assert not any(secret in finding.message + str(finding.facts) for secret in whole.values())
    for fact, value in zip(PAYMENT, row, strict=True):
        assert (finding.facts[fact.name] is None) == (value is UNKNOWN)
    assert date(2018, 5, 3) not in finding.facts.values()
