"""The pages of `mailbot rules check|list|facts` and of `explain`: rows and lines, for a terminal or a web page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailbot.domain.facts.vocabulary import Vocabulary
from mailbot.domain.findings import Severity, Stops
from mailbot.domain.toml_lines import suggest
from mailbot.rulebook.book import Rulebook, RuleTrace
from mailbot.rulebook.evaluate import Answer
from mailbot.rulebook.parse import TYPE_WORDS
from mailbot.rulebook.problems import RulebookError
from mailbot.rulebook.rules import Rule

SEVERITY_WORDS: Mapping[Severity, str] = {
    Severity.NOTE: "记录",
    Severity.FIX: "已代为修正",
    Severity.ASK: "请发件人更正",
    Severity.HOLD: "转人工审核",
}
STOPS_WORDS: Mapping[Stops, str] = {Stops.NONE: "不阻止", Stops.ITEM: "本行", Stops.CASE: "整件"}
ANSWER_WORDS: Mapping[Answer, str] = {Answer.YES: "是", Answer.NO: "否", Answer.UNKNOWN: "未知"}
MASK_WORDS: Mapping[str, str] = {
    "none": "",
    "id_number": "证件号遮盖",
    "phone": "手机号遮盖",
    "person": "姓名遮盖",
    "text": "文中号码遮盖",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as a list shows it, every cell a text."""

    code: str
    about: str
    then: str
    stops: str
    unknown: str
    when: str
    say: str
    source: str
    place: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as a list shows it."""

    name: str
    type: str
    label: str
    source: str
    mask: str


def rule_rows(rulebook: Rulebook, about: str | None = None) -> list[RuleRow]:
    """Every rule, or those about one record, in the order of records and files. Raises `KeyError` (Chinese) for a
    record that is none."""
    return [_rule_row(rule) for one in _records(rulebook, about) for rule in rulebook.rules[one]]


def fact_rows(vocabulary: Vocabulary) -> list[FactRow]:
    """Every fact of a record in the vocabulary's order."""
    return [
        FactRow(fact.name, TYPE_WORDS[fact.type], fact.label, fact.source, MASK_WORDS[fact.mask]) for fact in vocabulary
    ]


def facts_text(rulebook: Rulebook, about: str | None = None) -> str:
    """`rules facts`: the facts of every record, or of one. Raises `KeyError` (Chinese) for a record that is none."""
    blocks = []
    for one in _records(rulebook, about):
        vocabulary = rulebook.vocabularies[one]
        rows = [f"  {r.name}  {r.type}  {r.label}（{r.source}）" for r in fact_rows(vocabulary)]
        blocks.append("\n".join([f"{one} {vocabulary.label}", *rows]))
    return "\n\n".join(blocks)


def list_text(rulebook: Rulebook, about: str | None = None) -> str:
    """`rules list`: a line a rule and its condition below it."""
    return "\n".join(
        f"{r.code}  {r.then}  {r.place}\n  {r.when}\n  {r.say}（{r.source}）" for r in rule_rows(rulebook, about)
    )


def check_text(rulebook: Rulebook) -> str:
    """`rules check` on good files: what is in force, and rules without an example that hits."""
    rules = [rule for about in rulebook.rules for rule in rulebook.rules[about]]
    examples = sum(len(rule.examples) for rule in rules)
    force = f"年度 {rulebook.campaign.code}；版本 {rulebook.hash[:12]}"
    lines = [f"规则有效：{len(rules)} 条，例子 {examples} 个全部成立；{force}"]
    lines += [f"提醒：{rule.place} 规则 {rule.code} 没有一个结果为 true 的例子" for rule in unproven(rules)]
    return "\n".join(lines)


def problems_text(error: RulebookError) -> str:
    """`rules check` on bad files: every fault, a line each, and their number."""
    return "\n".join([*(str(problem) for problem in error.problems), f"共 {len(error.problems)} 处，未启用。"])


def unproven(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that no example shows hitting."""
    return [rule for rule in rules if not any(e.answer == Answer.YES for e in rule.examples)]


def trace_text(traces: Iterable[RuleTrace]) -> str:
    """`explain`: a line a rule, hits and misses, with the facts its condition used."""
    lines = []
    for trace in traces:
        weight = f"，{SEVERITY_WORDS[trace.severity]}" if trace.severity else ""
        facts = "，".join(f"{name}={value}" for name, value in trace.facts.items())
        lines.append(f"{trace.code}  {ANSWER_WORDS[trace.answer]}{weight}  {trace.when}  （{facts}）")
    return "\n".join(lines)


def _rule_row(rule: Rule) -> RuleRow:
    say = "".join(part if isinstance(part, str) else f"{{{part.fact.name}}}" for part in rule.say.parts)
    unknown = SEVERITY_WORDS[rule.unknown] if rule.unknown else "放过"
    then, stops = SEVERITY_WORDS[rule.then], STOPS_WORDS[rule.stops]
    return RuleRow(rule.code, rule.about, then, stops, unknown, rule.when, say, rule.source, rule.place)


def _records(rulebook: Rulebook, about: str | None) -> list[str]:
    if about is None:
        return list(rulebook.vocabularies)
    if about in rulebook.vocabularies:
        return [about]
    near = suggest(about, rulebook.vocabularies)
    raise KeyError(f"不认识的记录 {about}" + (f"，是不是 {near}？" if near else ""))
