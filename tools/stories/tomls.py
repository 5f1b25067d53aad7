"""Writes plain values as TOML that reads well in a diff: one line a person, one line a finding."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

_BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_INLINE: Final = frozenset({"people", "findings", "effects", "replies", "known", "header", "payments"})


def dump(values: Mapping[str, object]) -> str:
    """The mapping as TOML. `None` is left out, for TOML has no such value; lists of tables of a name in `_INLINE` are
    arrays of inline tables, one a line."""
    return "\n".join(_table(values, ())).strip() + "\n"


def _table(values: Mapping[str, object], path: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    later: list[tuple[str, Sequence[Mapping[str, object]]]] = []
    for key, value in values.items():
        if value is None:
            continue
        if _is_tables(value) and key not in _INLINE:
            later.append((key, value))  # type: ignore[arg-type]  # a sequence of mappings, as just asked
        else:
            lines.append(f"{_key(key)} = {_lines(value)}")
    for key, tables in later:
        for table in tables:
            lines += ["", f"[[{'.'.join(map(_key, (*path, key)))}]]", *_table(table, (*path, key))]
    return lines


def _is_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _lines(value: object) -> str:
    if _is_tables(value) or (isinstance(value, list | tuple) and len(_value(value)) > 100):
        items = value if isinstance(value, list | tuple) else ()
        return "[\n" + "".join(f"  {_value(item)},\n" for item in items) + "]"
    return _value(value)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items() if item is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _text(str(value))


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's; what cannot be seen is escaped as well, so that a diff shows it."""
    out = []
    for char in json.dumps(text, ensure_ascii=False)[1:-1]:
        hidden = not char.isprintable() or "\ue000" <= char <= "\uf8ff"
        out.append(f"\\U{ord(char):08X}" if hidden else char)
    return f'"{"".join(out)}"'


def _key(key: str) -> str:
    return key if key and set(key) <= _BARE else _text(key)
