"""A small world for the tests of this room: one vocabulary, its values, and a rules folder that is good as it stands."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from mailbot.domain.evidence import UNKNOWN, Where
from mailbot.domain.facts.vocabulary import Fact, FactValue, Vocabulary
from mailbot.rulebook import Rulebook, load

TOP = Path(__file__).resolve().parents[2]
SHIPPED = TOP / "rules"

PAYMENT = Vocabulary(
    "payment",
    "缴费",
    (
        Fact("payment.year", "int", "缴费年度", "凭证表"),
        Fact("payment.next_year", "int", "下一缴费年度", "凭证表"),
        Fact("payment.amount", "money", "金额", "凭证"),
        Fact("payment.paid_on", "date", "缴费日期", "凭证"),
        Fact("payment.order_id", "text", "订单编号", "凭证表"),
        Fact("payment.payer", "text", "付款人", "凭证表", "person"),
        Fact("payment.id_number", "text", "身份证号码", "凭证表", "id_number"),
        Fact("payment.phone", "text", "手机号码", "凭证表", "phone"),
        Fact("payment.refunded", "bool", "已退款", "凭证"),
        Fact("payment.paid", "bool", "已支付", "凭证"),
        Fact("payment.other_orders", "texts", "其他订单", "台账"),
        Fact("payment.remark", "text", "备注", "凭证表", "text"),
        Fact("campaign.makeup_years", "ints", "补学年度", "本年度事实文件"),
        Fact("campaign.study_closes", "date", "学习截止日", "本年度事实文件"),
    ),
)
ROW = Vocabulary("row", "名单行", (Fact("row.hidden", "bool", "隐藏行", "名单"),))

YEARS = (2016, 2017, 2018, 2019)
_DAYS = (date(2018, 5, 3), date(2020, 12, 31), date(2021, 1, 1))
_KNOWN: Mapping[str, list[FactValue]] = {
    "bool": [True, False],
    "int": [2015, 2016, 2018, 2020],
    "money": [Decimal("33.00"), Decimal(33), Decimal("66.00")],
    "date": [*_DAYS],
    "text": ["A1", "B2", ""],
    "ints": [YEARS, (), (2015,)],
    "texts": [("A1", "C3"), ()],
}


def value_of(fact: Fact) -> st.SearchStrategy[FactValue]:
    """Any value that a kind of case may give for a fact: values, empty, unknown."""
    return st.sampled_from([*_KNOWN[fact.type], None, UNKNOWN])


def row_of(vocabulary: Vocabulary) -> st.SearchStrategy[list[FactValue]]:
    """Any row of facts."""
    return st.tuples(*(value_of(fact) for fact in vocabulary)).map(list)


def known_values(fact: Fact) -> list[FactValue]:
    """What an unknown fact may turn out to be."""
    return [*_KNOWN[fact.type], None]


_LEAVES = [
    "payment.refunded",
    "payment.paid",
    "True",
    "payment.paid == True",
    "payment.refunded != payment.paid",
    "payment.year is None",
    "payment.amount is not None",
    "payment.other_orders is None",
    "payment.year == 2018",
    "2018 != payment.year",
    "payment.year == payment.next_year",
    "payment.year < payment.next_year <= 2020",
    "2016 <= payment.year <= 2019",
    "payment.year > 2016",
    "payment.amount >= 33",
    "payment.amount == '33.00'",
    "payment.amount != payment.year",
    "payment.paid_on <= '2020-12-31'",
    "payment.paid_on > campaign.study_closes",
    "payment.paid_on in ('2018-05-03', '2021-01-01')",
    "payment.year in campaign.makeup_years",
    "payment.year not in [2016, 2018]",
    "2015 in campaign.makeup_years",
    "payment.order_id in payment.other_orders",
    "payment.order_id in ('A1', 'B2')",
    "payment.order_id == payment.payer",
]


def condition() -> st.SearchStrategy[str]:
    """Any condition of the language over PAYMENT, as text."""
    return st.recursive(
        st.sampled_from(_LEAVES),
        lambda part: st.one_of(
            part.map(lambda text: f"not ({text})"),
            st.lists(part, min_size=2, max_size=3).map(lambda texts: " and ".join(f"({t})" for t in texts)),
            st.lists(part, min_size=2, max_size=3).map(lambda texts: " or ".join(f"({t})" for t in texts)),
        ),
        max_leaves=6,
    ).filter(lambda text: "payment" in text or "campaign" in text)


RULE = """
[[rule]]
code = "payment.year_outside"
about = "payment"
when = "payment.year not in campaign.makeup_years"
then = "ask"
unknown = "hold"
say = "缴费年度 {payment.year} 不在补学范围（{campaign.makeup_years}）。"
source = "手册六、公需科目补学"
examples = [ { given = { payment.year = 2015 }, is = true }, { given = {}, is = "unknown" } ]
"""


def good_folder(folder: Path, rules: str = RULE) -> Path:
    """A rules folder that loads: the shipped limits and campaign (naming no letters), and these rules."""
    rules_dir = folder / "rules"
    (rules_dir / "campaigns").mkdir(parents=True)
    for name in ("limits.toml", "senders.toml"):
        shutil.copy(SHIPPED / name, rules_dir)
    campaign = (SHIPPED / "campaigns" / "2020.toml").read_text("utf-8").splitlines(keepends=True)
    plain = "".join(line for line in campaign if not line.startswith("letters"))
    (rules_dir / "campaigns" / "2020.toml").write_text(plain, encoding="utf-8")
    (rules_dir / "payment.toml").write_text(rules, encoding="utf-8")
    return rules_dir


def templates_folder(folder: Path, *names: str) -> Path:
    """A templates folder with these letters (`kind/name`)."""
    templates = folder / "templates"
    (templates / "emails").mkdir(parents=True, exist_ok=True)
    for name in names:
        path = templates / "emails" / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("您好", encoding="utf-8")
    return templates


def loaded(folder: Path, rules: str = RULE) -> Rulebook:
    """The rulebook of these rules about payments."""
    return load(good_folder(folder, rules), [PAYMENT, ROW], templates_folder(folder))


def at(field: str | None) -> Where:
    """A place that names the field it was asked for."""
    return Where(sheet="缴费", row=7, field=field)
