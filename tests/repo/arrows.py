"""Reads the import table and the sources, and lists every arrow, cycle and door sign that breaks the table."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TABLE = Path(__file__).with_name("rooms.toml")
DOOR_LINES = range(3, 9)
FINDERS = {"import_module", "__import__"}


@dataclass(frozen=True)
class Room:
    name: str
    may: frozenset[str] = frozenset()
    third: frozenset[str] = frozenset()
    pure: bool = False
    root: bool = False
    apart: bool = False
    discovers: bool = False
    later: bool = False


@dataclass(frozen=True)
class Table:
    rooms: dict[str, Room]
    impure: frozenset[str]


@dataclass
class Module:
    """One source file. `name` is dotted; `imports` are (line, dotted name, inside a function)."""

    name: str
    path: Path
    tree: ast.Module
    imports: list[tuple[int, str, bool]] = field(default_factory=list)

    @property
    def room(self) -> str:
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "__init__"


def read_table(text: str) -> Table:
    data = tomllib.loads(text)
    rooms = {
        name: Room(name, frozenset(keys.pop("may", ())), frozenset(keys.pop("third", ())), **keys)
        for name, keys in data["rooms"].items()
    }
    return Table(rooms, frozenset(data["impure"]))


def read_sources(top: Path) -> dict[str, Module]:
    """Every module under `top`/mailbot by its dotted name, with what it imports."""
    modules = {}
    for path in sorted((top / "mailbot").rglob("*.py")):
        parts = list(path.relative_to(top).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        name = ".".join(parts)
        modules[name] = Module(name, path, ast.parse(path.read_text("utf-8"), str(path)))
    for module in modules.values():
        module.imports = list(_imports(module.tree, modules, hidden=False))
    return modules


def _imports(node: ast.AST, known: dict[str, Module], *, hidden: bool) -> Iterator[tuple[int, str, bool]]:
    for child in ast.iter_child_nodes(node):
        inside = hidden or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(child, ast.Import):
            yield from ((child.lineno, alias.name, inside) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = "." * child.level + (child.module or "")
            for alias in child.names:
                whole = f"{base}.{alias.name}"
                yield child.lineno, whole if whole in known else base, inside
        yield from _imports(child, known, hidden=inside)


def offences(top: Path, table: Table) -> list[str]:
    """Every offence as one line; empty for a house in order."""
    modules = read_sources(top)
    found = [line for module in modules.values() for line in _of_module(module, table)]
    found += [f"cycle: {' -> '.join(cycle)}" for cycle in cycles(modules)]
    found += _of_rooms({module.room for module in modules.values()}, table)
    return sorted(found)


def _of_rooms(present: set[str], table: Table) -> Iterator[str]:
    yield from (f"mailbot/{name} is no room of the table" for name in present - table.rooms.keys())
    for name, room in table.rooms.items():
        if name not in present and not room.later:
            yield f"the room {name} is in the table and not in the house"
        yield from (
            f"the table's room {name} may import {other}, which is none" for other in room.may - table.rooms.keys()
        )


def _of_module(module: Module, table: Table) -> Iterator[str]:
    room = table.rooms.get(module.room)
    if room is None:
        return
    place = f"{module.name}:"
    if module.path.name == "__init__.py" and len((ast.get_docstring(module.tree) or "").splitlines()) not in DOOR_LINES:
        yield f"{place} the door sign has not 3 to 8 lines"
    for line, target, hidden in module.imports:
        if hidden:
            yield f"{place}{line} import of {target} inside a function"
        fault = _arrow(module, room, target, table)
        if fault:
            yield f"{place}{line} {fault}"
    if not room.discovers:
        yield from (f"{place}{line} import by name outside discovery" for line in _imports_by_name(module.tree))


def _arrow(module: Module, room: Room, target: str, table: Table) -> str | None:
    """What is wrong with one import, `None` where nothing is."""
    top, _, rest = target.partition(".")
    if target.startswith("."):
        return f"relative import {target}"
    if top == "mailbot":
        other = rest.split(".")[0] if rest else "__init__"
        return _inner(module, room, other, target, table)
    if top in sys.stdlib_module_names:
        impure = room.pure and any(target == name or target.startswith(name + ".") for name in table.impure)
        return f"{target} in a pure room" if impure else None
    return None if top in room.third else f"third-party {top} outside its room"


def _inner(module: Module, room: Room, other: str, target: str, table: Table) -> str | None:
    if other == room.name:
        return _between_children(module, target) if room.apart else None
    reached = table.rooms.get(other)
    if reached is None:
        return f"import of {target}, which is no room"
    if room.root or other in room.may or other == "__init__":
        return None
    return f"forbidden arrow {room.name} -> {other}"


def _between_children(module: Module, target: str) -> str | None:
    here, there = module.name.split(".")[2:3], target.split(".")[2:3]
    return f"{here[0]} imports its sibling {there[0]}" if here and there and here != there else None


def _imports_by_name(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in FINDERS:
                yield node.lineno


def cycles(modules: dict[str, Module]) -> list[list[str]]:
    """The import cycles among modules, each once, from its first name (Tarjan's strongly connected components)."""
    graph = {
        name: sorted({target for _, target, _ in module.imports if target in modules and target != name})
        for name, module in modules.items()
    }
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = low[name] = len(number)
        stack.append(name)
        for target in graph[name]:
            if target not in number:
                visit(target)
            if target in stack:
                low[name] = min(low[name], low[target])
        if low[name] == number[name]:
            at = stack.index(name)
            knot = stack[at:]
            del stack[at:]
            if len(knot) > 1:
                found.append(sorted(knot))

    for name in graph:
        if name not in number:
            visit(name)
    return found
