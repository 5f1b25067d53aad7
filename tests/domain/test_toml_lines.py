"""Every key is found on the line where a person sees it, whatever TOML allows around it."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.toml_lines import Path, line_of, lines_of, suggest, syntax_place

TEXT = '''\
# [not.a.table]
title = "a # b" # c = 1
"quoted.key" = 1

[office]
name = 'x [y]'
hours = { opens = 09:00:00, "closes" = 17:30:00 }

[[rule]]
code = "one"
say = """
[[rule]]
code = "inside"
"""
examples = [
  { given = { payment.year = 2015 }, is = true }, # ]
  { given = {}, is = false },
]

[rule.more]
note = \'\'\'a
b\'\'\'

[[rule]]
code = "two"
list = [
  [1, 2],
  ["x]",
   'y'],
]
a.b.c = 1979-05-27T07:32:00Z
[[rule.part]]
n = 1
[[rule.part]]
n = """quotes at the end"""""
last = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("quoted.key",), 3),
        (("office",), 5),
        (("office", "name"), 6),
        (("office", "hours", "opens"), 7),
        (("office", "hours", "closes"), 7),
        (("rule", 0), 9),
        (("rule", 0, "code"), 10),
        (("rule", 0, "say"), 11),
        (("rule", 0, "examples"), 15),
        (("rule", 0, "examples", 0), 16),
        (("rule", 0, "examples", 0, "given", "payment", "year"), 16),
        (("rule", 0, "examples", 1, "is"), 17),
        (("rule", 0, "more"), 20),
        (("rule", 0, "more", "note"), 21),
        (("rule", 1), 24),
        (("rule", 1, "code"), 25),
        (("rule", 1, "list", 1, 0), 28),
        (("rule", 1, "list", 1, 1), 29),
        (("rule", 1, "a", "b", "c"), 31),
        (("rule", 1, "part", 0), 32),
        (("rule", 1, "part", 1, "n"), 35),
        (("rule", 1, "part", 1, "last"), 36),
    ],
)
def test_the_line_of_a_path(path: Path, line: int) -> None:
    assert lines_of(TEXT)[path] == line


def test_a_path_that_is_not_there_gives_the_nearest_around_it() -> None:
    lines = lines_of(TEXT)
    assert line_of(lines, ("rule", 1, "missing")) == 24
    assert line_of(lines, ("rule", 0, "examples", 0, "given", "nothing")) == 16
    assert line_of(lines, ("nowhere",)) == 1
    assert line_of(lines, ()) == 1


def _paths(tree: object, at: Path = ()) -> list[Path]:
    if isinstance(tree, dict):
        return [p for key, value in tree.items() for p in [(*at, key), *_paths(value, (*at, key))]]
    if isinstance(tree, list):
        return [p for n, value in enumerate(tree) for p in [(*at, n), *_paths(value, (*at, n))]]
    return []


def test_it_sees_exactly_what_tomllib_sees() -> None:
    assert set(lines_of(TEXT)) == set(_paths(tomllib.loads(TEXT)))


_KEY = st.sampled_from(["a", "b-c", "D_1", "42", '"x.y"', "'q # r'", '"中 文"', '"tab\\t"'])
_VALUE = st.recursive(
    st.sampled_from(
        [
            "1",
            "-3.5e2",
            "true",
            "1979-05-27",
            "07:32:00",
            '"s"',
            '"[[rule]]\\""',
            "'a = 1'",
            '"""x\n= y"""',
            "'''\n[t]'''",
        ]
    ),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "[ " + ",\n  ".join(parts) + " ] # end ]"),
    max_leaves=4,
)


@given(st.lists(st.tuples(st.sampled_from(["", "[[r]]", "[t.u]"]), _KEY, _VALUE, st.integers(0, 2)), max_size=6))
def test_generated_files_are_seen_as_tomllib_sees_them(parts: list[tuple[str, str, str, int]]) -> None:
    text = ""
    for header, key, value, blank in parts:
        text += (header + "\n" if header else "") + "\n" * blank + f"{key} = {value.replace(' # end ]', '')} # {{ [\n"
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a key or table twice: no valid text
        return
    lines = lines_of(text)
    assert set(lines) == set(_paths(tree))
    content = text.split("\n")
    for path, number in lines.items():
        if len(path) == 1 and str(path[0]).isalnum():
            assert str(path[0]) in content[number - 1]


def test_windows_line_ends_count_once() -> None:
    assert lines_of("a = 1\r\nb = 2\r\n")[("b",)] == 2


@pytest.mark.parametrize(("text", "place"), [("a = \n", (1, 5)), ("x = 1\ny = [1,", (2, 8)), ("[a]\nb c", (2, 3))])
def test_where_a_syntax_error_stands(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert syntax_place(caught.value, text) == place


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("payment.yaer", "payment.year"),
        ("Payment.Year", "payment.year"),
        ("paymentyear", "payment.year"),
        ("zzz", None),
    ],
)
def test_the_word_that_was_meant(word: str, meant: str | None) -> None:
    assert suggest(word, ["payment.year", "payment.amount", "roster.rows"]) == meant


def test_nothing_is_meant_where_there_is_nothing_to_choose_from() -> None:
    assert suggest("a", []) is None
