"""The pages for people: nothing of the rulebook is missing on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.domain.states import MOVES, ItemState
from mailbot.rulebook import RulebookError, load
from mailbot.rulebook.catalogue import catalogue
from mailbot.rulebook.texts import (
    check_text,
    fact_rows,
    facts_text,
    list_text,
    problems_text,
    rule_rows,
    trace_text,
    unproven,
)
from tests.rulebook.world import PAYMENT, ROW, RULE, good_folder, loaded, templates_folder

PIPE = RULE.replace('"payment.year not in campaign.makeup_years"', "\"payment.order_id == 'A|B'\"").split("examples")[0]


def test_the_list_has_every_rule_with_its_sentence_as_written(tmp_path: Path) -> None:
    (row,) = rule_rows(loaded(tmp_path))
    assert row.say == "缴费年度 {payment.year} 不在补学范围（{campaign.makeup_years}）。"
    assert (row.then, row.stops, row.unknown) == ("请发件人更正", "本行", "转人工审核")
    text = list_text(loaded(tmp_path / "again"), "payment")
    assert "payment.year_outside  请发件人更正  payment.toml:2" in text
    assert "手册六、公需科目补学" in text


def test_the_facts_of_one_record_or_of_all(tmp_path: Path) -> None:
    book = loaded(tmp_path)
    assert [row.name for row in fact_rows(PAYMENT)] == [fact.name for fact in PAYMENT]
    assert "row.hidden" not in facts_text(book, "payment")
    assert "payment.year  整数  缴费年度（凭证表）" in facts_text(book)
    assert "row.hidden" in facts_text(book)


def test_a_record_that_is_none_is_said_with_the_one_meant(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="不认识的记录 paymnet，是不是 payment？"):
        list_text(loaded(tmp_path), "paymnet")


def test_a_good_check_says_what_is_in_force(tmp_path: Path) -> None:
    book = loaded(tmp_path)
    assert check_text(book).startswith("规则有效：1 条，例子 2 个全部成立；年度 2020；版本 ")
    assert book.hash[:12] in check_text(book)


def test_a_rule_that_no_example_shows_hitting_is_reminded_of(tmp_path: Path) -> None:
    book = loaded(tmp_path, PIPE)
    assert [rule.code for rule in unproven(book.rules["payment"])] == ["payment.year_outside"]
    assert "提醒：payment.toml:2 规则 payment.year_outside 没有一个结果为 true 的例子" in check_text(book)


def test_a_bad_check_has_every_fault_and_their_number(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        load(good_folder(tmp_path, "x = 1\ny = 2\n"), [PAYMENT, ROW], templates_folder(tmp_path))
    assert problems_text(caught.value).splitlines() == [
        "payment.toml:1 不认识的键 x，规则写在 [[rule]] 里",
        "payment.toml:2 不认识的键 y，规则写在 [[rule]] 里",
        "共 2 处，未启用。",
    ]


def test_a_trace_has_a_line_a_rule(tmp_path: Path) -> None:
    book = loaded(tmp_path)
    text = trace_text(book.explain("payment", PAYMENT.row({"payment.year": 2015, "campaign.makeup_years": (2016,)})))
    assert text.startswith("payment.year_outside  是，请发件人更正  payment.year not in campaign.makeup_years")
    assert "payment.year=2015" in text
    miss = trace_text(book.explain("payment", PAYMENT.row({"payment.year": 2016, "campaign.makeup_years": (2016,)})))
    assert miss.startswith("payment.year_outside  否  ")


def test_the_catalogue_is_complete(tmp_path: Path) -> None:
    book = load(good_folder(tmp_path), [PAYMENT, ROW], templates_folder(tmp_path, "roster/receipt"))
    page = catalogue(book)
    assert all(f"`{fact.name}`" in page for fact in (*PAYMENT, *ROW))
    assert all(f"`{rule.code}`" in page for rules in book.rules.values() for rule in rules)
    assert all(f"`{name}`" in page for name in book.limits.reasons)
    assert all(f"`{state.value}`" in page for state in ItemState)
    assert "- `emails/roster/receipt.txt`" in page
    assert f"| `held` | 待审核 | {'、'.join(f'`{s.value}`' for s in ItemState if s in MOVES[ItemState.HELD])} |" in page
    assert "| 2020 | `roster` | 2 个工作日 | trusted |" in page


def test_a_bar_in_a_condition_does_not_break_the_table(tmp_path: Path) -> None:
    page = catalogue(loaded(tmp_path, PIPE))
    assert "payment.order_id == 'A\\|B'" in page


def test_the_catalogue_is_the_same_every_time(tmp_path: Path) -> None:
    assert catalogue(loaded(tmp_path / "a")) == catalogue(loaded(tmp_path / "b"))
