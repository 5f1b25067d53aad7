"""The language takes what it promises, refuses the rest, and says so to the person who wrote the rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.rulebook.nodes import And, Choice, Const, Empty, Equal, Member, Name, Not, Or, Ordered, Truth, names
from mailbot.rulebook.parse import WhenError, parse
from tests.rulebook.world import PAYMENT, condition


def refusal(text: str) -> str:
    with pytest.raises(WhenError) as caught:
        parse(text, PAYMENT)
    return str(caught.value)


def used(text: str) -> list[str]:
    return [name.fact.name for name in names(parse(text, PAYMENT))]


def test_every_form_has_its_node() -> None:
    assert isinstance(parse("payment.paid", PAYMENT), Truth)
    assert isinstance(parse("payment.year is None", PAYMENT), Empty)
    assert isinstance(parse("payment.year == 2018", PAYMENT), Equal)
    assert isinstance(parse("payment.year < 2018", PAYMENT), Ordered)
    assert isinstance(parse("payment.year in campaign.makeup_years", PAYMENT), Member)
    assert isinstance(parse("not payment.paid", PAYMENT), Not)
    assert isinstance(parse("payment.paid or payment.refunded", PAYMENT), Or)
    assert isinstance(parse("payment.paid and payment.refunded", PAYMENT), And)


def test_opposites_are_a_not_around_the_law() -> None:
    for text in ("payment.year != 2018", "payment.year not in (2016, 2017)", "payment.year is not None"):
        assert isinstance(parse(text, PAYMENT), Not)


def test_a_chain_is_all_of_its_pairs() -> None:
    node = parse("2016 <= payment.year < payment.next_year", PAYMENT)
    assert isinstance(node, And)
    assert [type(part) for part in node.parts] == [Ordered, Ordered]
    assert used("2016 <= payment.year < payment.next_year") == ["payment.year", "payment.year", "payment.next_year"]


def test_dates_and_amounts_are_written_as_text() -> None:
    node = parse("payment.paid_on in ('2018-05-03',)", PAYMENT)
    assert isinstance(node, Member)
    assert isinstance(node.container, Choice)
    assert {type(value).__name__ for value in node.container.values} == {"date"}
    amount = parse("payment.amount == '33.00'", PAYMENT)
    assert isinstance(amount, Equal)
    assert isinstance(amount.right, Const)
    assert str(amount.right.value) == "33.00"


def test_a_negative_number_is_a_constant() -> None:
    assert parse("payment.year > -1", PAYMENT) == Ordered(">", Name(0, PAYMENT.facts[0]), Const(-1))


def test_several_lines_in_brackets() -> None:
    assert used("(payment.paid\n  and payment.refunded)") == ["payment.paid", "payment.refunded"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("payment.yaer == 2018", "不认识的事实 payment.yaer，是不是 payment.year？"),
        ("payment == 1", "不认识的事实 payment，是不是 payment."),
        ("zzz.qqq", "不认识的事实 zzz.qqq（payment 的事实见 mailbot rules facts payment）"),
        ("payment.yaer == 1 and payment.amout == 1", "payment.yaer，是不是 payment.year？；不认识的事实 payment.amout"),
        ("payment.year == '2018'", "payment.year 是整数，'2018' 是文字，不能相比"),
        ("payment.order_id == 5", "payment.order_id 是文字，5 是整数，不能相比"),
        ("payment.paid == 1", "payment.paid 是是非，1 是整数，不能相比"),
        ("payment.order_id > 'A'", "是文字，不能比较大小"),
        ("payment.paid < payment.refunded", "是是非，不能比较大小"),
        ("payment.year", "payment.year 是整数，不能单独作条件"),
        ("payment.year and payment.paid", "payment.year 是整数，不能单独作条件"),
        ("payment.order_id in campaign.makeup_years", "campaign.makeup_years 的成员是整数，payment.order_id 是文字"),
        ("'超' in payment.remark", "in 后面须是列表"),
        ("payment.year in ('2016', 2017)", "payment.year 是整数，'2016' 是文字，不能相比"),
        ("payment.year in ()", "in 后面的列表是空的"),
        ("2016 in (2016, 2017)", "in 前面须是单个的事实"),
        ("campaign.makeup_years == payment.year", "列表只能用 in、not in 或 is None"),
        ("payment.year == None", "与空值比较请写 is None 或 is not None"),
        ("payment.paid is True", "is 后面只能是 None"),
        ("None is None", "条件里不能用 None"),
        ("2018 is None", "is None 前面只能是事实"),
        ("1 == 1", "两个常数相比没有意义"),
        ("True", "条件没有用到任何事实"),
        ("payment.amount == 33.0", "小数会失真，金额请写成文字，如 '33.00'"),
        ("payment.amount == 'abc'", "'abc' 不是金额，应写成 '33.00'"),
        ("payment.amount == 'NaN'", "'NaN' 不是金额"),
        ("payment.paid_on > '2020-13-01'", "'2020-13-01' 不是日期，应写成 '2020-12-31'"),
        ("payment.year + 1 == 2019", "条件里不能用 payment.year + 1"),
        ("-payment.year == 1", "条件里不能用 -payment.year"),
        ("len(payment.order_id) == 1", "不认识的事实 len"),
        ("payment.other_orders[0] == 'A'", "条件里不能用 payment.other_orders[0]"),
        ("payment.paid if payment.refunded else payment.paid", "条件里不能用"),
        ("(lambda: payment.paid)()", "条件里不能用"),
        ("f'{payment.year}' == 'A'", "条件里不能用"),
        ("[payment.year for x in payment.other_orders]", "不认识的事实 x"),
        ("(x := payment.paid)", "不认识的事实 x"),
        ("payment.year in (2016, payment.next_year)", "条件里不能用 payment.next_year"),
        ("payment.paid()", "条件里不能用 payment.paid()"),
        ("__import__('os').system('id')", "不认识的事实 __import__"),
        ("payment.year ＝＝ 2018", "有全角符号“＝”，请改用半角"),
        ("payment.paid and", "条件写法有误"),
        ("payment.paid\nand payment.refunded", "条件写法有误"),
        ("payment.paid # 注释", "条件里不能写注释"),
        ("payment.order_id == 'a\\n'", "条件里不能用反斜杠"),
        ("", "条件为空或超过 1000 字"),
        ("not " * 400 + "payment.paid", "条件为空或超过 1000 字"),
        ("(" * 300 + "payment.paid" + ")" * 300, "条件写法有误"),
        ("payment.paid\0", "条件写法有误"),
    ],
)
def test_refused_with_a_sentence(text: str, sentence: str) -> None:
    assert sentence in refusal(text)


def test_a_hash_inside_a_text_is_no_comment() -> None:
    assert used("payment.order_id == 'A#1'") == ["payment.order_id"]


def test_an_integer_may_stand_beside_an_amount() -> None:
    assert used("payment.amount < 33") == ["payment.amount"]


@given(condition())
def test_every_condition_of_the_language_is_taken(text: str) -> None:
    assert used(text)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_in_words_or_taken(text: str) -> None:
    try:
        node = parse(text, PAYMENT)
    except WhenError as refused:
        sentence = str(refused)
    else:
        sentence = " ".join(name.fact.name for name in names(node))
    assert sentence
