"""The section of docs/catalogue.md about mailbot.toml: every setting with its type, default and meaning.

Names, types and defaults come from `mailbot.config.Settings`, meanings from the comments of the file that `init`
writes: what a new site reads is what the catalogue says.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from mailbot.config import Settings
from mailbot.init_text import init_text

_HEADER: Final = re.compile(r"^\[+(\w+)\]+")
_INNER: Final = re.compile(r"^# \[(\w+)\.(\w+)\]\s*#\s*(.+)$")
"""A table inside another one, which a new site need not have: a setting of the outer one."""
_KEY: Final = re.compile(r"^(?:# )?(\w+)\s*=\s*(?:\"[^\"]*\"|\{[^}]*\}|[^\s#]+)\s*(?:#\s*(.+))?$")
_TYPES: Final = {"string": "文字", "integer": "整数", "boolean": "true 或 false", "object": "表", "array": "列表"}
_FORMATS: Final = {"path": "路径", "date": "日期", "time": "时间"}


def settings_section() -> str:
    """The section in Markdown."""
    lines = ["", "## 站点设置（mailbot.toml）", "", "| 设置 | 类型 | 默认 | 说明 |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows()), ""])


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Name, type, default and meaning of every setting, in the order of the model."""
    schema = Settings.model_json_schema()
    told = meanings()
    for table, of_table in _tables(schema):
        needed = set(of_table.get("required", ()))
        for key, field in of_table["properties"].items():
            default = "必填" if key in needed else _default(field)
            yield f"`{table}.{key}`", _type(field, schema), default, told.get((table, key)) or _same_word(told, key)
    words = "、".join(schema["$defs"]["Automation"]["enum"])
    yield "`automation.<来信种类>`", words, "按年度规定", "该种来信的自动程度，优先于年度规定"


def meanings() -> dict[tuple[str, str], str]:
    """The comments of the file that `init` writes, by table and key; a comment on its own line is the next key's."""
    told: dict[tuple[str, str], str] = {}
    table, above = "", ""
    for line in init_text(campaign="2020", start_date=date(2020, 7, 7)).splitlines():
        header, inner, key = _HEADER.match(line), _INNER.match(line), _KEY.match(line)
        if inner:
            told[inner[1], inner[2]], table = inner[3], f"{inner[1]}.{inner[2]}"
        elif header:
            table, above = header[1], ""
        elif key:
            told.setdefault((table, key[1]), key[2] or above)
            above = ""
        else:
            above = line.removeprefix("# ") if line.startswith("# ") else ""
    return {place: text for place, text in told.items() if text}


def _same_word(told: Mapping[tuple[str, str], str], key: str) -> str:
    """A login's keys mean the same in every table."""
    return next((text for (_, name), text in told.items() if name == key), "")


def _tables(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for table, field in schema["properties"].items():
        name = str(field.get("$ref") or field.get("items", {}).get("$ref", "")).rpartition("/")[2]
        if name in schema["$defs"] and "properties" in schema["$defs"][name]:
            yield table, schema["$defs"][name]


def _type(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The type in a word or two; a choice by its words."""
    if "$ref" in field:
        return _type(schema["$defs"][field["$ref"].rpartition("/")[2]], schema)
    if "enum" in field:
        return "、".join(field["enum"])
    options = [option for option in field.get("anyOf", ()) if option.get("type") != "null"]
    if options:
        return _type(options[0], schema)
    if field.get("format") in _FORMATS:
        return _FORMATS[field["format"]]
    return _TYPES[field["type"]]


def _default(field: Mapping[str, Any]) -> str:
    default = field.get("default")
    if default in (None, "", {}, []):
        return "无"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
