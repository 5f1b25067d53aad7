"""The rules folder as files: what is read, what a syntax error says, and which hash answers which question."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.rulebook.problems import Problem, RulebookError
from mailbot.rulebook.sources import Source, bytes_hash, meaning_hash, parse_files, read_files


def parsed(**files: str) -> list[Source]:
    problems: list[Problem] = []
    found = parse_files({f"{name}.toml": text.encode() for name, text in files.items()}, problems)
    assert problems == []
    return found


def faults(name: str, raw: bytes) -> list[str]:
    problems: list[Problem] = []
    assert parse_files({name: raw}, problems) == []
    return [str(problem) for problem in problems]


def test_files_below_the_folder_by_their_relative_names(tmp_path: Path) -> None:
    for name in ("b.toml", "a.toml", "forms/roster.toml", "notes.md", ".hidden.toml", ".git/x.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    assert read_files(tmp_path) == {
        "a.toml": b"a.toml",
        "b.toml": b"b.toml",
        "forms/roster.toml": b"forms/roster.toml",
    }


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="规则目录不存在：rules"):
        read_files(tmp_path / "rules")


def test_name_parts() -> None:
    source = Source("forms/roster.toml", {}, {})
    assert (source.folder, source.stem) == ("forms", "roster")
    assert (Source("mail.toml", {}, {}).folder, Source("mail.toml", {}, {}).stem) == ("", "mail")


def test_a_problem_stands_on_the_line_of_its_path() -> None:
    (source,) = parsed(a="x = 1\n[t]\ny = 2\n")
    assert str(source.problem("错", "t", "y")) == "a.toml:3 错"
    assert str(source.problem("错", "t", "z", rule="a.b")) == "a.toml:2 规则 a.b：错"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 'x\n", "a.toml:2:1 TOML 写法有误：引号没有闭合"),
        ("a = b\n", "a.toml:1:5 TOML 写法有误：值的写法不对，文字要加引号"),
        ("a = 1\na = 2\n", "a.toml:2:6 TOML 写法有误：同一个键写了两次"),
        ("[a]\n[a]\n", "a.toml:2:3 TOML 写法有误：同一节写了两次"),
        ("a = [1, 2\nb = 3\n", "a.toml:2:1 TOML 写法有误：方括号没有闭合"),
        ("a = { b = 1\n}", "a.toml:1:12 TOML 写法有误：花括号没有闭合（花括号须写在一行里）"),
        ("a = 1 2\n", "a.toml:1:7 TOML 写法有误：这一行后面多了内容，文字要加引号"),
        ("姓名 = 1\n", "a.toml:1:1 TOML 写法有误：这一行不是“键 = 值”，也许有全角符号"),
    ],
)
def test_syntax_errors_in_chinese_with_line_and_column(text: str, said: str) -> None:
    (found,) = faults("a.toml", text.encode())
    assert found.startswith(said)


def test_another_encoding_and_its_line() -> None:
    assert faults("a.toml", b"a = 1\nb = '\xd6\xd0'\n") == ["a.toml:2 不是 UTF-8 编码，请另存为 UTF-8"]


def test_brackets_without_end_are_no_crash() -> None:
    (found,) = faults("a.toml", b"a = " + b"[" * 100_000)
    assert found.startswith("a.toml:1 括号嵌套过深")


def test_a_folder_of_another_name() -> None:
    assert faults("form/a.toml", b"") == ["form/a.toml 不认识的目录 form，是不是 forms？"]
    assert faults("forms/old/a.toml", b"") == ["forms/old/a.toml 不认识的目录 forms/old，是不是 forms？"]


def test_the_meaning_is_the_same_whatever_the_form() -> None:
    one = parsed(a="x = 1\n[t]\ny = [1, 2]\n", b="z = 2020-12-31\n")
    other = parsed(b="# 注\nz   =   2020-12-31", a="t.y = [\n1,\n2]\nx = 0x1\n")
    assert meaning_hash(one, "2020") == meaning_hash(other, "2020")
    assert meaning_hash(one, "2020") != meaning_hash(one, "2021")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "y = 1"),
        ("x = 1", 'x = "1"'),
        ("x = 1", "x = true"),
        ("x = 1", "x = 1.0"),
        ("x = 2020-12-31", 'x = "2020-12-31"'),
        ("x = 2020-12-31", 'x = "date:2020-12-32"'),
        ("x = [1, 2]", "x = [2, 1]"),
        ("x = 17:30:00", "x = 17:30:01"),
    ],
)
def test_another_meaning_has_another_hash(one: str, other: str) -> None:
    assert meaning_hash(parsed(a=one), "") != meaning_hash(parsed(a=other), "")


@given(st.dictionaries(st.sampled_from(["a", "b", "ab"]), st.binary(max_size=4), max_size=3))
def test_touched_bytes_show(files: dict[str, bytes]) -> None:
    assert bytes_hash(files) == bytes_hash(dict(reversed(files.items())))
    assert bytes_hash(files) != bytes_hash({**files, "c": b""})
    for name, raw in files.items():
        assert bytes_hash(files) != bytes_hash({**files, name: raw + b"x"})


def test_names_and_bytes_do_not_run_together() -> None:
    assert bytes_hash({"a": b"bc"}) != bytes_hash({"ab": b"c"})
    assert bytes_hash({"a": b"1", "b": b""}) != bytes_hash({"a": b"", "b": b"1"})


def test_problems_stand_in_the_order_of_files_and_lines() -> None:
    error = RulebookError([Problem("b", "三", 1), Problem("a", "二", 10), Problem("a", "一", 9), Problem("a", "零")])
    assert str(error) == "a 零\na:9 一\na:10 二\nb:1 三"
    assert [problem.message for problem in error.problems] == ["零", "一", "二", "三"]


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.toml", "错"), "a.toml 错"),
        (Problem("a.toml", "错", 3), "a.toml:3 错"),
        (Problem("a.toml", "错", 3, 7), "a.toml:3:7 错"),
        (Problem("a.toml", "错", 3, rule="a.b"), "a.toml:3 规则 a.b：错"),
    ],
)
def test_how_a_problem_reads(problem: Problem, text: str) -> None:
    assert str(problem) == text
