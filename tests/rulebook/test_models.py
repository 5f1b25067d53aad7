"""Faults of campaigns, forms and limits: found by pydantic, said in Chinese with the line and the key that was meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Literal

import pytest
from pydantic import Field

from mailbot.domain.campaign import Sourced
from mailbot.domain.decisions import Automation
from mailbot.domain.mail import Record
from mailbot.rulebook.models import read_limits, validated
from mailbot.rulebook.problems import Problem
from mailbot.rulebook.sources import Source, parse_files


class Inner(Record):
    colour: Literal["red", "green"] = "red"
    level: Automation = Automation.OFF
    days: int = Field(default=1, ge=1, lt=10)


class Outer(Record):
    name: str = Field(default="x", min_length=1, pattern="^[a-z]+$")
    flag: bool = True
    on: date = date(2020, 1, 1)
    at: time = time(9)
    words: tuple[str, ...] = ()
    inner: Inner = Inner()
    maybe: Inner | None = None
    by_key: dict[str, Inner] = Field(default_factory=dict)
    several: tuple[Inner, ...] = ()
    fact: Sourced[int] | None = None


def source(text: str) -> Source:
    problems: list[Problem] = []
    (found,) = parse_files({"a.toml": text.encode()}, problems)
    return found


def said(text: str) -> list[str]:
    problems: list[Problem] = []
    assert validated(source(text), Outer, problems) is None
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nmae = 'a'", "a.toml:1 不认识的键 nmae，是不是 name？"),
        ("zzz = 'a'", "a.toml:1 不认识的键 zzz"),
        ("name = 1", "a.toml:1 name 的值 1 不对：应为文字（加引号）"),
        ("name = 'A1'", "a.toml:1 name 的值 'A1' 不对：格式不对"),
        ("flag = 'maybe'", "a.toml:1 flag 的值 'maybe' 不对：应为 true 或 false"),
        ("on = 'soon'", "a.toml:1 on 的值 'soon' 不对：应为日期，如 2020-12-31"),
        ("at = 'noon'", "a.toml:1 at 的值 'noon' 不对：应为时刻，如 17:30:00"),
        ("words = 'a'", "a.toml:1 words 的值 'a' 不对：应为列表"),
        ("words = [\n'a',\n1]", "a.toml:3 words.2 的值 1 不对：应为文字（加引号）"),
        ("inner = 1", "a.toml:1 inner 的值 1 不对：应为一节"),
        ("by_key = 1", "a.toml:1 by_key 的值 1 不对：应为一节"),
        ("[inner]\ndyas = 1", "a.toml:2 不认识的键 inner.dyas，是不是 days？"),
        ("[maybe]\ncolor = 'red'", "a.toml:2 不认识的键 maybe.color，是不是 colour？"),
        ("[by_key.one]\ndyas = 1", "a.toml:2 不认识的键 by_key.one.dyas，是不是 days？"),
        ("[[several]]\n[[several]]\ndyas = 1", "a.toml:3 不认识的键 several.2.dyas，是不是 days？"),
        ("[inner]\n\ncolour = 'rde'", "a.toml:3 inner.colour 的值 'rde' 不对：只能是 red、green，是不是 red？"),
        ("[inner]\ncolour = 5", "a.toml:2 inner.colour 的值 5 不对：只能是 red、green"),
        (
            "[inner]\nlevel = 'trust'",
            "a.toml:2 inner.level 的值 'trust' 不对：只能是 off、confirm、trusted、clean，是不是 trusted？",
        ),
        ("[inner]\ndays = 0", "a.toml:2 inner.days 的值 0 不对：应不小于 1"),
        ("[inner]\ndays = 10", "a.toml:2 inner.days 的值 10 不对：应小于 10"),
        ("[inner]\ndays = 'x'", "a.toml:2 inner.days 的值 'x' 不对：应为整数"),
        ("[inner]\ndays = 1.5", "a.toml:2 inner.days 的值 1.5 不对：应为整数"),
        ("[fact]\nvalue = 1", "a.toml:1 缺少 fact.source"),
        ("[fact]\nvalue = 1\nsource = ''", "a.toml:3 fact.source 的值 '' 不对：不能为空"),
        ("[fact]\nvalue = 1\nsuorce = 'x'\nsource = 'y'", "a.toml:3 不认识的键 fact.suorce，是不是 source？"),
    ],
)
def test_each_fault_in_words(text: str, sentence: str) -> None:
    assert said(text) == [sentence]


def test_all_faults_at_once() -> None:
    found = said("name = 1\nflag = 'x'\n[inner]\ndays = 0\n")
    assert [line.partition(" ")[0] for line in found] == ["a.toml:1", "a.toml:2", "a.toml:4"]


def test_a_good_file_is_its_model() -> None:
    problems: list[Problem] = []
    found = validated(source("name = 'abc'\n[by_key.one]\ndays = 3\n"), Outer, problems)
    assert problems == []
    assert found is not None
    assert (found.name, found.by_key["one"].days) == ("abc", 3)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("depth  ", "dpeth  ", 1), "不认识的键 mail.dpeth，是不是 depth？"),
        (lambda text: text.replace("[engine]", "[engines]"), "不认识的键 engines，是不是 engine？"),
        (lambda text: text + "\n[engine.more]\nx = 1\n", "不认识的键 engine.more"),
        (
            lambda text: text.replace("retry_minutes        = { value = [1, 5", "retry_minutes = { value = [1, 0"),
            "outbound.retry_minutes.2 的值 0 不对：应大于 0",
        ),
        (
            lambda text: text.replace('attempts = { value = 3, reason = "一', 'attempts = { value = 3, note = "一'),
            'engine.attempts 应写成 { value = 数值, reason = "理由" }',
        ),
    ],
)
def test_faults_of_limits(change: Callable[[str], str], sentence: str, limits_text: str) -> None:
    changed = change(limits_text)
    assert changed != limits_text
    problems: list[Problem] = []
    assert read_limits(source(changed), problems) is None
    assert any(sentence in str(problem) for problem in problems), problems
