"""The figures of the house rules: printed, and hard. Every one is counted anew from the sources.

`pytest tests/repo/test_shape.py -s` shows them.
"""

from pathlib import Path

import pytest

from tests.repo.figures import Source, code_lines, median, ninetieth, read

TOP = Path(__file__).resolve().parents[2]
CODE = read(TOP / "mailbot")
TESTS = read(TOP / "tests")
TOOLS = read(TOP / "tools")
ALL = [*CODE, *TESTS, *TOOLS]

BROAD_EXCEPTS = {"mailbot/engine/worker.py": 1}
"""The loop that sets a mail aside whatever happened to it."""
CLOCK = "mailbot/clock.py"
TESTS_PER_LINE = 1.3
TOLD = 0.8
"""A protocol's verbs and a property with a good name need no second telling; most others do."""


def show(name: str, value: object) -> None:
    print(f"  {name:<40} {value}")  # noqa: T201 - the figures are to be seen


def test_files_are_short() -> None:
    lines = {source.name: source.lines for source in CODE if source.lines}
    show("files", len(lines))
    show("lines", sum(lines.values()))
    show("median lines of a file (at most 120)", median(lines.values()))
    show("longest file (at most 400)", max(lines.items(), key=lambda item: item[1]))
    assert median(lines.values()) <= 120
    assert {source.name: source.lines for source in ALL if source.lines > 400} == {}


def test_functions_are_short() -> None:
    functions = [function for source in CODE for function in source.functions()]
    show("functions", len(functions))
    show("lines that 90 % do not exceed (22)", ninetieth(function.lines for function in functions))
    show("longest function (at most 40)", max((function.lines, function.name) for function in functions))
    assert ninetieth(function.lines for function in functions) <= 22
    assert {f"{f.place} {f.name}": f.lines for f in functions if f.lines > 40} == {}


def test_everything_is_annotated() -> None:
    functions = [function for source in ALL for function in source.functions()]
    untyped = {f"{function.place} {function.name}": function.untyped for function in functions if function.untyped}
    show("annotated functions", f"{len(functions) - len(untyped)} of {len(functions)}")
    assert untyped == {}


def test_every_module_says_what_it_owns() -> None:
    silent = [source.name for source in ALL if source.text.strip() and not source.documented]
    show("modules with a docstring", f"{len(ALL) - len(silent)} of {len(ALL)}")
    assert silent == []


def test_public_classes_say_what_they_are() -> None:
    assert [place for source in CODE for place in source.undocumented_classes()] == []


def test_most_public_functions_say_what_they_do() -> None:
    public = [function for source in CODE for function in source.functions() if function.public]
    told = sum(function.documented for function in public)
    show("public functions with a docstring", f"{told} of {len(public)}")
    assert told >= TOLD * len(public)


def test_no_handler_swallows_everything_but_the_loops() -> None:
    found = [place for source in CODE for place in source.broad_excepts()]
    counts = {name: sum(place.startswith(name + ":") for place in found) for name in {p.split(":")[0] for p in found}}
    show("broad excepts", found)
    assert counts == BROAD_EXCEPTS


def test_the_clock_is_read_in_one_file() -> None:
    found = [place for source in CODE for place in source.clock_reads() if source.name != CLOCK]
    show("clock reads outside clock.py", len(found))
    assert found == []


def test_nothing_is_put_off() -> None:
    sources = [source for source in ALL if not source.name.startswith("tests/repo/")]
    assert [place for source in sources for place in source.delayed()] == []


def test_there_is_more_test_than_code() -> None:
    code, tests = code_lines(CODE), code_lines(TESTS)
    show("lines of test per line of code (1.3)", f"{tests} / {code} = {tests / code:.2f}")
    assert tests >= TESTS_PER_LINE * code


OFFENDER = '''
"""A file with one offence of each kind."""
import datetime as dt
from datetime import datetime
from time import time as now
import time


class Bare:
    def untyped(self, a, *args: int, **more) -> None:
        """Two lines
        of docstring."""
        return None


def _hidden() -> None:
    try:
        datetime.now(), dt.date.today(), now(), time.monotonic()
    except Exception:
        pass
    try:
        time.time()
    except (ValueError, BaseException):
        raise
    try:
        pass
    except:
        pass
    # TODO: this
'''


def test_the_counting_finds_planted_offences() -> None:
    source = Source("x.py", OFFENDER)
    bare, hidden = source.functions()
    assert (bare.name, bare.lines, bare.untyped, bare.public, bare.documented) == (
        "Bare.untyped",
        2,
        ("a", "more"),
        True,
        True,
    )
    assert (hidden.public, hidden.documented, hidden.untyped) == (False, False, ())
    assert list(source.undocumented_classes()) == ["x.py:9 Bare"]
    assert list(source.broad_excepts()) == ["x.py:19", "x.py:27"]
    assert [place.split()[1] for place in source.clock_reads()] == [
        "datetime.now",
        "datetime.date.today",
        "time.time",
        "time.time",
    ]
    assert list(source.delayed()) == ["x.py:29"]


def test_lines_of_code_are_those_that_do_something() -> None:
    text = (
        '"""Doc.\n\nMore.\n"""\n\n# comment\nx = """a\nb"""\n\n\ndef f() -> int:\n    """Doc."""\n    return 1  # why\n'
    )
    assert code_lines([Source("x.py", text)]) == 4


@pytest.mark.parametrize(("values", "expected"), [([1], 1), (range(1, 11), 9), (range(1, 101), 90), ([5, 1], 5)])
def test_the_ninetieth_of_a_hundred(values: list[int], expected: int) -> None:
    assert ninetieth(values) == expected
