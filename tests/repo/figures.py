"""Counts the figures of the house rules (CONTRIBUTING.md) over source trees, by the syntax tree."""

import ast
import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

DELAYED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime",
    "time.gmtime", "time.ctime", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today",
}  # fmt: skip
"""Calls that read the time of day. `time.monotonic` only measures and is free."""
Def = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """One function or method. `lines` are those from `def` to the end, without the docstring."""

    place: str
    name: str
    lines: int
    untyped: tuple[str, ...]
    public: bool
    documented: bool


@dataclass
class Source:
    """One source file."""

    name: str
    text: str
    tree: ast.Module = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text, self.name)

    @cached_property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def documented(self) -> bool:
        return bool((ast.get_docstring(self.tree) or "").strip())

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        yield from _functions(self.name, self.tree, "", public=True)

    def undocumented_classes(self) -> Iterator[str]:
        """Public classes at the top of the file without a docstring."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                yield f"{self.name}:{node.lineno} {node.name}"

    def broad_excepts(self) -> Iterator[str]:
        """Handlers that catch everything, save those that end by raising it again."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ExceptHandler) and _broad(node.type) and not _raises_again(node):
                yield f"{self.name}:{node.lineno}"

    def clock_reads(self) -> Iterator[str]:
        """Where the time of day is read; an alias of an imported module is seen through."""
        aliases = dict(_aliases(self.tree))
        for line, dotted in sorted(_names(self.tree)):
            head, _, rest = dotted.partition(".")
            full = f"{aliases.get(head, head)}.{rest}".rstrip(".")
            if full in CLOCKS:
                yield f"{self.name}:{line} {full}"

    def delayed(self) -> Iterator[str]:
        """Comments and strings that put work off."""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if DELAYED.search(line):
                yield f"{self.name}:{number}"


def _functions(place: str, node: ast.AST, prefix: str, *, public: bool) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Def):
            seen = public and not child.name.startswith("_")
            yield Function(
                place=f"{place}:{child.lineno}",
                name=prefix + child.name,
                lines=_own_lines(child),
                untyped=tuple(_untyped(child)),
                public=seen,
                documented=ast.get_docstring(child) is not None,
            )
            yield from _functions(place, child, f"{prefix}{child.name}.", public=False)
        elif isinstance(child, ast.ClassDef):
            yield from _functions(place, child, f"{prefix}{child.name}.", public=public and child.name[0] != "_")
        else:
            yield from _functions(place, child, prefix, public=public)


def _own_lines(node: Def) -> int:
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is None:
        return whole
    return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)


def _untyped(node: Def) -> Iterator[str]:
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    extra = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    for number, argument in enumerate([*named, *extra]):
        if argument.annotation is None and not (number == 0 and argument.arg in {"self", "cls"}):
            yield argument.arg
    if node.returns is None:
        yield "return"


def _broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(map(_broad, caught.elts))
    return caught is None or _dotted(caught).rpartition(".")[2] in {"Exception", "BaseException"}


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name in use with its line, dotted as far as it goes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            yield node.lineno, _dotted(node)


def _aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The local name of every import and what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname, alias.name) for alias in node.names if alias.asname)
        elif isinstance(node, ast.ImportFrom) and node.module in {"datetime", "time"}:
            for alias in node.names:
                own = alias.name if node.module == "datetime" else f"time.{alias.name}"
                yield alias.asname or alias.name, own


def code_lines(sources: Iterable[Source]) -> int:
    """Lines that hold something besides comments, docstrings and blanks."""
    return sum(_code_lines(source) for source in sources)


def _code_lines(source: Source) -> int:
    strings = {
        line
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(source.text.splitlines(), start=1)
    return sum(1 for number, line in lines if number not in strings and line.strip() and line.lstrip()[0] != "#")


def read(folder: Path, *, without: Iterable[str] = ()) -> list[Source]:
    """Every Python file below a folder; `without` are parts of paths to leave out."""
    paths = (path for path in sorted(folder.rglob("*.py")) if not any(part in path.as_posix() for part in without))
    return [Source(path.relative_to(folder.parent).as_posix(), path.read_text("utf-8")) for path in paths]


def ninetieth(values: Iterable[int]) -> int:
    """The smallest value that nine tenths of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 9 // 10) - 1)]


def median(values: Iterable[int]) -> float:
    return statistics.median(values)
