"""docs/catalogue.md: every rule, fact, state, limit, campaign and letter of the rulebook in force, as one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mailbot.domain.effects import EffectState
from mailbot.domain.limits import Limits
from mailbot.domain.states import MOVES, ItemState
from mailbot.rulebook.book import Rulebook
from mailbot.rulebook.texts import fact_rows, rule_rows

HEADER = """\
# 目录

由 `python -m tools.make_catalogue` 生成，请勿手改；内容来自 rules/、templates/ 与事实表。
"""
WRITING = """\
## 规则的写法

每条规则是 rules/ 下文件中的一节 `[[rule]]`：

| 键 | 含义 |
| --- | --- |
| `code` | 代码，全部规则中唯一 |
| `about` | 针对哪种记录（见“事实”各节） |
| `when` | 条件，见下 |
| `then` | 结果：`note` 记录，`fix` 已代为修正，`ask` 请发件人更正，`hold` 转人工审核 |
| `stops` | 阻止什么：`none`、`item` 本行、`case` 整件；不写时 ask、hold 为 `item`，note、fix 为 `none` |
| `unknown` | 答案未知时：`pass` 放过、`note` 记录、`hold` 转人工；不写时 ask、hold 为 `hold`，note、fix 为 `note` |
| `say` | 提示语，一行；`{事实名}` 处填入该事实，证件号、手机号和他人姓名自动遮盖 |
| `source` | 出处 |
| `field` | 可不写：指向哪一栏，如 `phone` |
| `examples` | 例子，每次启用前都要算对，写法见下 |

例子写成 `{ given = { 事实 = 值 }, empty = ["已知为空的事实"], is = true }`，`is` 为 `true`、`false` 或 `"unknown"`；
没有列出的事实为未知，`campaign.` 开头的取自本年度。

条件只能用事实、常数、比较、`and`、`or`、`not`、`in`、`is None`。日期和金额写成文字：`'2020-12-31'`、`'33.00'`。
答案有是、否、未知三种：

- 用到未知的事实，答案未知；但“否 and 未知”为否，“是 or 未知”为是。
- 已知为空的事实：`is None` 为是；是非事实为否；`==` 只与空相等；比大小没有答案，为未知；不在任何列表中。
- 空的列表不含任何成员。
"""
STATE_WORDS = {
    ItemState.RECEIVED: "已收到",
    ItemState.HELD: "待审核",
    ItemState.AWAITING_SENDER: "待发件人补正",
    ItemState.APPROVED: "已通过，办理中",
    ItemState.FULFILLED: "已办结",
    ItemState.DECLINED: "经审核不符合条件",
    ItemState.CLOSED: "已关闭",
}


def catalogue(rulebook: Rulebook) -> str:
    """The whole page in Markdown."""
    parts = [HEADER, _rules(rulebook), WRITING, _facts(rulebook), _states(), _limits(rulebook.limits)]
    return "\n".join([*parts, _campaigns(rulebook), _letters(rulebook)])


def _rules(rulebook: Rulebook) -> str:
    blocks = ["## 规则", ""]
    for about, vocabulary in rulebook.vocabularies.items():
        rows = [
            (f"`{r.code}`", r.then, r.stops, r.unknown, f"`{r.when}`", r.say, r.source)
            for r in rule_rows(rulebook, about)
        ]
        titles = ("代码", "结果", "阻止", "未知时", "条件", "提示语", "出处")
        blocks += [f"### {about}：{vocabulary.label}", "", _table(titles, rows)]
    return "\n".join(blocks)


def _facts(rulebook: Rulebook) -> str:
    blocks = ["## 事实", "", "规则只能使用这里的事实；每项都有“有值、空、未知”三种情形。", ""]
    for about, vocabulary in rulebook.vocabularies.items():
        rows = [(f"`{r.name}`", r.type, r.label, r.source, r.mask) for r in fact_rows(vocabulary)]
        blocks += [f"### {about}：{vocabulary.label}", "", _table(("名称", "类型", "含义", "来历", "显示"), rows)]
    return "\n".join(blocks)


def _states() -> str:
    items = [
        (f"`{state.value}`", STATE_WORDS[state], "、".join(f"`{to.value}`" for to in ItemState if to in MOVES[state]))
        for state in ItemState
    ]
    effects = "、".join(f"`{state.value}`" for state in EffectState)
    return "\n".join(["## 状态", "", _table(("事项状态", "含义", "可转为"), items), f"办理动作的状态：{effects}。", ""])


def _limits(limits: Limits) -> str:
    rows = []
    for name, reason in limits.reasons.items():
        group, _, key = name.partition(".")
        rows.append((f"`{name}`", str(getattr(getattr(limits, group), key)), reason))
    return "\n".join(["## 限额", "", _table(("名称", "数值", "理由"), rows)])


def _campaigns(rulebook: Rulebook) -> str:
    rows = []
    for campaign in rulebook.campaigns.values():
        for kind, policy in campaign.kinds.items():
            rows.append((campaign.code, f"`{kind}`", f"{policy.days} 个工作日", policy.automation.value, policy.source))
    return "\n".join(["## 年度与时限", "", _table(("年度", "来信种类", "时限", "自动程度", "出处"), rows)])


def _letters(rulebook: Rulebook) -> str:
    return "\n".join(["## 信件模板", "", *(f"- `emails/{name}.txt`" for name in rulebook.templates), ""])


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
