"""The files of the rules folder: read once, parsed with their lines, and the hash of what they say.

The hash is taken over the meaning, so that a comment or a space changes nothing, and a changed severity does.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailbot.domain.toml_lines import Path as Keys
from mailbot.domain.toml_lines import line_of, lines_of, suggest, syntax_place
from mailbot.rulebook.problems import Problem

LIMITS: Final = "limits.toml"
SENDERS: Final = "senders.toml"
LINKS: Final = "links.toml"
FOLDERS: Final = ("campaigns", "forms", "calendar")
_SYNTAX: Final = (
    ("Illegal character", "引号没有闭合，或有不可见的字符"),
    ("Unterminated string", "引号没有闭合"),
    ('Expected "\'"', "引号没有闭合"),
    ("Expected '=' after a key", "键后面缺少等号"),
    ("Cannot overwrite a value", "同一个键写了两次"),
    ("Duplicate inline table key", "同一个键写了两次"),
    ("Cannot declare", "同一节写了两次"),
    ("Unclosed array", "方括号没有闭合"),
    ("Unclosed inline table", "花括号没有闭合（花括号须写在一行里）"),
    ("Invalid value", "值的写法不对，文字要加引号"),
    ("Invalid initial character for a key part", "键名写法不对；花括号里的内容须写在一行里"),
    ("Unescaped '\\'", "文字里的反斜杠要写两个"),
    ("Invalid statement", "这一行不是“键 = 值”，也许有全角符号"),
    ("Expected newline or end of document", "这一行后面多了内容，文字要加引号"),
)
"""How `tomllib` begins its sentences, and what they mean to a person."""


@dataclass(frozen=True, slots=True)
class Source:
    """One parsed file: its path below the rules folder (with `/`), its values, and where they stand."""

    name: str
    tree: Mapping[str, object]
    lines: Mapping[Keys, int]

    @property
    def folder(self) -> str:
        """`campaigns`, `forms`, `calendar`, or empty at the top."""
        return self.name.rpartition("/")[0]

    @property
    def stem(self) -> str:
        return self.name.rpartition("/")[2].removesuffix(".toml")

    def problem(self, message: str, *path: str | int, rule: str | None = None) -> Problem:
        """A fault at a path of this file."""
        return Problem(self.name, message, line_of(self.lines, path), rule=rule)


def read_files(rules_dir: Path) -> dict[str, bytes]:
    """The bytes of every `*.toml` below the folder by its relative name; hidden files (an editor's) are left out.

    Raises `OSError` where the folder or a file cannot be read.
    """
    found: dict[str, bytes] = {}
    if not rules_dir.is_dir():
        raise FileNotFoundError(f"规则目录不存在：{rules_dir.name}")
    for path in sorted(rules_dir.rglob("*.toml")):
        name = path.relative_to(rules_dir)
        if not any(part.startswith(".") for part in name.parts):
            found[name.as_posix()] = path.read_bytes()
    return found


def parse_files(files: Mapping[str, bytes], problems: list[Problem]) -> list[Source]:
    """Every file that is TOML and stands where rule files stand; the others become problems."""
    parsed = []
    for name, raw in files.items():
        source = _parsed(name, raw, problems)
        if source is not None and _in_place(source, problems):
            parsed.append(source)
    return parsed


def _parsed(name: str, raw: bytes, problems: list[Problem]) -> Source | None:
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        problems.append(Problem(name, "不是 UTF-8 编码，请另存为 UTF-8", raw.count(b"\n", 0, error.start) + 1))
        return None
    try:
        return Source(name, tomllib.loads(text), lines_of(text))
    except tomllib.TOMLDecodeError as error:
        line, column = syntax_place(error, text)
        problems.append(Problem(name, f"TOML 写法有误：{_syntax_sentence(str(error))}", line, column))
    except RecursionError:
        problems.append(Problem(name, "括号嵌套过深", 1))
    return None


def _syntax_sentence(english: str) -> str:
    """In Chinese where the sentence is known; without the place, which stands in front."""
    plain = english.partition(" (at ")[0]
    return next((chinese for begin, chinese in _SYNTAX if plain.startswith(begin)), plain)


def _in_place(source: Source, problems: list[Problem]) -> bool:
    folder = source.folder
    if not folder or folder in FOLDERS:
        return True
    near = suggest(folder, FOLDERS)
    problems.append(Problem(source.name, f"不认识的目录 {folder}" + (f"，是不是 {near}？" if near else "")))
    return False


def meaning_hash(sources: list[Source], chosen: str) -> str:
    """SHA-256, hex, over the values of all files and the code of the campaign in force."""
    content = {source.name: source.tree for source in sources}
    text = json.dumps([chosen, content], sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def bytes_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256, hex, over names and bytes: whether anything was touched at all."""
    digest = hashlib.sha256()
    for name, raw in sorted(files.items()):
        digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
    return digest.hexdigest()


def _plain(value: object) -> str:
    """TOML's dates and times for JSON; the type's name keeps them apart from a text that looks the same."""
    return f"{type(value).__name__}:{value}"
