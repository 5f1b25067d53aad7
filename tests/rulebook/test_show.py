"""What a sentence shows: Chinese words for the three kinds of nothing, masks, and no trick of a sender's text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import Fact, FactValue
from mailbot.rulebook.say import SayError, parse_say
from mailbot.rulebook.show import as_json, shown
from tests.rulebook.world import PAYMENT, row_of

TEXT = Fact("row.text", "text", "文字", "测试")
ID = Fact("row.id", "text", "身份证号码", "测试", "id_number")
PHONE = Fact("row.phone", "text", "手机号码", "测试", "phone")
PEOPLE = Fact("row.people", "texts", "同名人员", "测试", "person")
FREE = Fact("row.remark", "text", "备注", "测试", "text")


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        (TEXT, None, "空"),
        (TEXT, "", "空"),
        (TEXT, UNKNOWN, "未知"),
        (TEXT, "张三", "张三"),
        (TEXT, True, "是"),
        (TEXT, False, "否"),
        (TEXT, 2018, "2018"),
        (TEXT, 0, "0"),
        (TEXT, Decimal("33.00"), "33.00"),
        (TEXT, date(2020, 7, 7), "2020年7月7日"),
        (TEXT, (2016, 2017), "2016、2017"),
        (TEXT, (), "空"),
        (ID, "110101199003077758", "110*************58"),
        (PHONE, "13812345678", "138****5678"),
    ],
)
def test_words(fact: Fact, value: FactValue, words: str) -> None:
    found = shown(fact, value, 60)
    assert found.replace("*", "") == words.replace("*", "")
    assert ("*" in found) == ("*" in words)


def test_masks_hold_in_lists_free_text_and_json() -> None:
    assert "欧阳询真" not in shown(PEOPLE, ("欧阳询真", "司马光远"), 60)
    assert "13812345678" not in shown(FREE, "电话13812345678，已缴费", 60)
    assert "110101199003077758" not in str(as_json(ID, "110101199003077758", 60))
    assert "欧阳询真" not in str(as_json(PEOPLE, ("欧阳询真",), 60))


def test_a_long_text_is_cut_and_unseen_characters_are_made_visible() -> None:
    assert shown(TEXT, "甲" * 100, 60) == "甲" * 60 + "…"
    assert shown(TEXT, "张\u200b三\r\nBcc: x\u202e", 60) == "张□三□□Bcc: x□"


def test_json_tells_unknown_empty_and_values() -> None:
    assert as_json(TEXT, UNKNOWN, 60) is None
    assert as_json(TEXT, None, 60) == ""
    assert as_json(TEXT, False, 60) is False
    assert as_json(TEXT, date(2020, 7, 7), 60) == "2020-07-07"
    assert as_json(TEXT, Decimal("33.00"), 60) == "33.00"
    assert as_json(TEXT, (2016, 2017), 60) == [2016, 2017]


@given(st.text(max_size=200))
def test_no_text_breaks_a_line(text: str) -> None:
    found = shown(TEXT, text, 60)
    assert len(found.splitlines()) == 1
    assert len(found) <= 61


@given(row_of(PAYMENT))
def test_a_sentence_of_all_facts_is_one_line(facts: list[FactValue]) -> None:
    say = parse_say("、".join(f"{{{fact.name}}}" for fact in PAYMENT), PAYMENT)
    assert say.render(facts, 60).count("\n") == 0


def test_braces_and_order() -> None:
    say = parse_say("{{原样}}{payment.year}年{payment.order_id}", PAYMENT)
    assert say.render(PAYMENT.row({"payment.year": 2018, "payment.order_id": "{x}"}), 60) == "{原样}2018年{x}"


@pytest.mark.parametrize("text", ["{payment.year!r}", "{payment.year:d}", "{}", "{0}", "{payment", "a}", " ", "一\n二"])
def test_sentences_that_are_refused(text: str) -> None:
    with pytest.raises(SayError):
        parse_say(text, PAYMENT)
