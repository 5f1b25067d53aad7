"""All conditions about one record as one Python function, for rosters of many thousand rows.

The function is put together from syntax nodes of our own making, never from text: nothing that stands in a rule file
is run as code. Per condition it holds two two-valued expressions: `may` (yes or unknown) and `sure` (yes). A miss, by
far the most frequent answer, costs the first alone. The laws are those of `evaluate`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType
from typing import Final, cast

from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import Facts
from mailbot.rulebook.nodes import (
    And,
    Choice,
    Empty,
    Equal,
    Member,
    Name,
    Node,
    Not,
    Operand,
    Or,
    Ordered,
    Truth,
    names,
)

Checker = Callable[[Facts], list[tuple[int, bool]]]
"""Facts in; out come the numbers of the conditions that are yes (with `True`) or unknown (with `False`)."""

_OPS: Final = {"<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}
_UNKNOWN: Final = "UNKNOWN"


def compile_all(conditions: Sequence[Node], size: int) -> Checker:
    """One function over rows of `size` facts. It raises `ValueError` for a row of another length."""
    writer = _Writer()
    body: list[ast.stmt] = [_unpack(size), _assign("out", ast.List(elts=[], ctx=ast.Load()))]
    body += [writer.rule(number, node) for number, node in enumerate(conditions)]
    body.append(ast.Return(value=_load("out")))
    function = cast("ast.FunctionDef", ast.parse("def check(facts): pass").body[0])
    function.body = body
    module = ast.fix_missing_locations(ast.Module(body=[function], type_ignores=[]))
    code = next(c for c in compile(module, "<rules>", "exec").co_consts if isinstance(c, CodeType))
    return cast("Checker", FunctionType(code, {**writer.constants, _UNKNOWN: UNKNOWN}))


def _unpack(size: int) -> ast.stmt:
    targets = [ast.Name(id=f"f{n}", ctx=ast.Store()) for n in range(size)]
    return ast.Assign(targets=[ast.List(elts=[*targets], ctx=ast.Store())], value=_load("facts"))


class _Writer:
    """Writes expressions; constants that syntax has no literal for become globals of the function."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {}

    def rule(self, number: int, node: Node) -> ast.stmt:
        """`if may: out.append((number, sure))`."""
        pair = ast.Tuple(elts=[ast.Constant(value=number), self.sure(node)], ctx=ast.Load())
        append = ast.Attribute(value=_load("out"), attr="append", ctx=ast.Load())
        call = ast.Expr(value=ast.Call(func=append, args=[pair], keywords=[]))
        return ast.If(test=self.may(node), body=[call], orelse=[])

    def may(self, node: Node) -> ast.expr:
        """Yes or unknown."""
        match node:
            case Not(part):
                return _not(self.sure(part))
            case And(parts):
                return _all([self.may(part) for part in parts])
            case Or(parts):
                return _any([self.may(part) for part in parts])
        return _any([*self._gaps(node), self._holds(node)])

    def sure(self, node: Node) -> ast.expr:
        """Yes."""
        match node:
            case Not(part):
                return _not(self.may(part))
            case And(parts):
                return _all([self.sure(part) for part in parts])
            case Or(parts):
                return _any([self.sure(part) for part in parts])
        return _all([*(_not(gap) for gap in self._gaps(node)), self._holds(node)])

    def _gaps(self, node: Node) -> list[ast.expr]:
        """One test an operand that would leave the leaf without an answer."""
        tests: list[ast.expr] = []
        for name in dict.fromkeys(names(node)):
            tests.append(_is(_fact(name), _load(_UNKNOWN)))
            if isinstance(node, Ordered):
                tests.append(_is(_fact(name), ast.Constant(value=None)))
        return tests

    def _holds(self, node: Node) -> ast.expr:
        match node:
            case Truth(operand):
                return _is(self._operand(operand), ast.Constant(value=True))
            case Empty(name):
                return _is(_fact(name), ast.Constant(value=None))
            case Equal(left, right):
                return ast.Compare(self._operand(left), [ast.Eq()], [self._operand(right)])
            case Ordered(op, left, right):
                return ast.Compare(self._operand(left), [_OPS[op]()], [self._operand(right)])
            case Member(element, Choice(values)):
                return ast.Compare(self._operand(element), [ast.In()], [self._global(values)])
            case Member(element, Name() as container):
                inside = ast.Compare(self._operand(element), [ast.In()], [_fact(container)])
                return _all([_not(_is(_fact(container), ast.Constant(value=None))), inside])
        raise AssertionError(node)

    def _operand(self, operand: Operand) -> ast.expr:
        if isinstance(operand, Name):
            return _fact(operand)
        if isinstance(operand.value, bool | int | str):
            return ast.Constant(value=operand.value)
        return self._global(operand.value)

    def _global(self, value: object) -> ast.expr:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return _load(name)


def _load(name: str) -> ast.expr:
    return ast.Name(id=name, ctx=ast.Load())


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)


def _fact(name: Name) -> ast.expr:
    return _load(f"f{name.index}")


def _is(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [ast.Is()], [right])


def _not(part: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=part)


def _all(parts: list[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(op=ast.And(), values=parts)


def _any(parts: list[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(op=ast.Or(), values=parts)
