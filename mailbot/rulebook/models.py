"""Campaigns, forms and limits are pydantic models; here their faults become problems with a line, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mailbot.domain.limits import Limits, parse_limits
from mailbot.domain.toml_lines import Path, suggest
from mailbot.rulebook.problems import Problem
from mailbot.rulebook.sources import Source

M = TypeVar("M", bound=BaseModel)

_WANTED: Final[Mapping[str, str]] = {
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "string_type": "应为文字（加引号）",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期，如 2020-12-31",
    "date_parsing": "应为日期，如 2020-12-31",
    "date_from_datetime_parsing": "应为日期，如 2020-12-31",
    "time_type": "应为时刻，如 17:30:00",
    "time_parsing": "应为时刻，如 17:30:00",
    "tuple_type": "应为列表",
    "dict_type": "应为一节",
    "mapping_type": "应为一节",
    "model_type": "应为一节",
    "string_pattern_mismatch": "格式不对",
    "string_too_short": "不能为空",
    "too_short": "不能为空",
}
_QUOTED: Final = re.compile(r"'([^']*)'")


def validated(source: Source, model: type[M], problems: list[Problem]) -> M | None:
    """The file as a model, or its faults among the problems."""
    return _tried(source, lambda: model.model_validate(dict(source.tree)), model, problems)


def read_limits(source: Source, problems: list[Problem]) -> Limits | None:
    """The limits, or their faults among the problems."""
    return _tried(source, lambda: parse_limits(source.tree), Limits, problems)


def _tried(source: Source, make: Callable[[], M], model: type[BaseModel], problems: list[Problem]) -> M | None:
    try:
        return make()
    except ValidationError as error:
        problems += [_problem(source, model, fault) for fault in error.errors(include_url=False)]
    return None


def _problem(source: Source, model: type[BaseModel], fault: ErrorDetails) -> Problem:
    path: Path = fault["loc"]
    if path[:1] == ("reasons",) and len(path) > 1:
        path = (*str(path[1]).split("."), "reason")
        return source.problem(f'{_dotted(path[:-1])} 应写成 {{ value = 数值, reason = "理由" }}', *path)
    return source.problem(_sentence(model, fault, path), *path)


def _sentence(model: type[BaseModel], fault: ErrorDetails, path: Path) -> str:
    if fault["type"] == "missing":
        return f"缺少 {_dotted(path)}"
    if fault["type"] == "extra_forbidden":
        near = suggest(str(path[-1]), _fields_at(model, path[:-1]))
        return f"不认识的键 {_dotted(path)}" + (f"，是不是 {near}？" if near else "")
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    given = fault["input"]
    shown = f" {given!r} " if isinstance(given, bool | int | float | str) else ""
    return f"{_dotted(path)} 的值{shown}不对：{_wanted(fault)}"


def _wanted(fault: ErrorDetails) -> str:
    context: dict[str, Any] = fault.get("ctx", {})  # pydantic's own type
    if fault["type"] in ("enum", "literal_error"):
        words = _QUOTED.findall(str(context.get("expected", "")))
        near = suggest(str(fault["input"]), words)
        return f"只能是 {'、'.join(words)}" + (f"，是不是 {near}？" if near else "")
    for bound, sign in (("gt", "大于"), ("ge", "不小于"), ("le", "不大于"), ("lt", "小于")):
        if bound in context:
            return f"应{sign} {context[bound]}"
    return _WANTED.get(fault["type"], fault["msg"])


def _dotted(path: Path) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path if part != "[key]")


def _fields_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The keys that a model has at a path."""
    kind: object = model
    for key in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and key in kind.model_fields:
            kind = _inner(kind.model_fields[str(key)].annotation)
        elif get_origin(kind) in (dict, tuple):
            kind = _inner(get_args(kind)[1 if get_origin(kind) is dict else 0])
        else:
            return ()
    return tuple(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else ()


def _inner(annotation: object) -> object:
    """`X` of `X | None`; anything else as it is."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return parts[0] if type(None) in get_args(annotation) and len(parts) == 1 else annotation
