"""From the text of a `when` to typed nodes, against one vocabulary.

The syntax is Python's, cut down to names with dots, constants, comparisons (chained too), `and`, `or`, `not`, `in` and
`is None`. There are no calls, no arithmetic, no subscripts: what needs them is a fact, computed and tested in Python.
Every refusal is a Chinese sentence for the person who wrote the rule.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from mailbot.domain.facts.vocabulary import Vocabulary
from mailbot.domain.toml_lines import suggest
from mailbot.rulebook.nodes import (
    And,
    Choice,
    Const,
    Empty,
    Equal,
    Member,
    Name,
    Node,
    Not,
    Operand,
    Or,
    Order,
    Ordered,
    Scalar,
    Truth,
    names,
)

MAX_LENGTH: Final = 1_000
TYPE_WORDS: Final[Mapping[str, str]] = {
    "bool": "是非",
    "int": "整数",
    "text": "文字",
    "date": "日期",
    "money": "金额",
    "ints": "整数列表",
    "texts": "文字列表",
}
_ELEMENT: Final[Mapping[str, str]] = {"ints": "int", "texts": "text"}
_ORDERED: Final = frozenset({"int", "money", "date"})
_ORDER: Final[Mapping[type[ast.cmpop], Order]] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_WIDE: Final = "（），。＝＜＞！“”‘’；：【】"


class WhenError(ValueError):
    """A condition that cannot be used; the message is a Chinese sentence."""


def parse(text: str, vocabulary: Vocabulary) -> Node:
    """The condition as nodes. Raises `WhenError`."""
    tree = _syntax(text)
    if unknown := [word for word in _spelled(tree) if word not in vocabulary.index]:
        raise WhenError("；".join(unknown_fact(word, vocabulary) for word in dict.fromkeys(unknown)))
    node = _Reader(vocabulary).condition(tree)
    if next(names(node), None) is None:
        raise WhenError("条件没有用到任何事实")
    return node


def unknown_fact(word: str, vocabulary: Vocabulary) -> str:
    """The sentence about a fact that the vocabulary does not have, with the one that was likely meant."""
    near = suggest(word, vocabulary.index)
    hint = f"，是不是 {near}？" if near else f"（{vocabulary.about} 的事实见 mailbot rules facts {vocabulary.about}）"
    return f"不认识的事实 {word}{hint}"


def _syntax(text: str) -> ast.expr:
    if not text.strip() or len(text) > MAX_LENGTH:
        raise WhenError(f"条件为空或超过 {MAX_LENGTH} 字")
    if "\\" in text:
        raise WhenError("条件里不能用反斜杠")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise WhenError(_syntax_sentence(text, error)) from None
    if text.count("#") != sum(word.count("#") for word in _texts(tree)):
        raise WhenError("条件里不能写注释，请写在上一行")
    return tree


def _syntax_sentence(text: str, error: Exception) -> str:
    wide = next((mark for mark in text if mark in _WIDE), None)
    if wide:
        return f"条件写法有误：有全角符号“{wide}”，请改用半角"
    place = f"（第 {error.offset} 个字附近）" if isinstance(error, SyntaxError) and error.offset else ""
    return f"条件写法有误{place}"


def _texts(tree: ast.expr) -> Iterator[str]:
    return (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _spelled(tree: ast.AST) -> Iterator[str]:
    """Every dotted name, as written."""
    word = _dotted(tree)
    if word is not None:
        yield word
        return
    for child in ast.iter_child_nodes(tree):
        yield from _spelled(child)


def _dotted(tree: ast.AST) -> str | None:
    if isinstance(tree, ast.Name):
        return tree.id
    if isinstance(tree, ast.Attribute):
        head = _dotted(tree.value)
        return None if head is None else f"{head}.{tree.attr}"
    return None


class _Reader:
    """Builds nodes and checks types on the way."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def condition(self, tree: ast.expr) -> Node:
        match tree:
            case ast.BoolOp(op=ast.And(), values=values):
                return And(tuple(self.condition(value) for value in values))
            case ast.BoolOp(values=values):
                return Or(tuple(self.condition(value) for value in values))
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return Not(self.condition(inner))
            case ast.Compare():
                return self._chain(tree)
        operand = self._operand(tree)
        if _type(operand) != "bool":
            raise WhenError(f"{_said(operand)} 是{_word(operand)}，不能单独作条件，请写成比较")
        return Truth(operand)

    def _chain(self, tree: ast.Compare) -> Node:
        lefts = [tree.left, *tree.comparators]
        pairs = [self._pair(a, op, b) for a, op, b in zip(lefts, tree.ops, tree.comparators, strict=False)]
        return pairs[0] if len(pairs) == 1 else And(tuple(pairs))

    def _pair(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Node:
        match op:
            case ast.Is() | ast.IsNot():
                return _maybe_not(self._empty(left, right), negated=isinstance(op, ast.IsNot))
            case ast.In() | ast.NotIn():
                return _maybe_not(self._member(left, right), negated=isinstance(op, ast.NotIn))
        for side in (left, right):
            if isinstance(side, ast.Constant) and side.value is None:
                raise WhenError("与空值比较请写 is None 或 is not None")
        a, b = _fitted(self._operand(left), self._operand(right))
        if isinstance(op, ast.Eq | ast.NotEq):
            return _maybe_not(_equal(a, b), negated=isinstance(op, ast.NotEq))
        return _ordered(_ORDER[type(op)], a, b)

    def _empty(self, left: ast.expr, right: ast.expr) -> Node:
        if not (isinstance(right, ast.Constant) and right.value is None):
            raise WhenError("is 后面只能是 None；是非事实请直接写事实名或加 not")
        operand = self._operand(left)
        if not isinstance(operand, Name):
            raise WhenError("is None 前面只能是事实")
        return Empty(operand)

    def _member(self, left: ast.expr, right: ast.expr) -> Node:
        element = self._operand(left)
        if isinstance(right, ast.Tuple | ast.List | ast.Set):
            return Member(element, _choice(element, [_constant(part) for part in right.elts]))
        container = self._operand(right)
        wanted = _ELEMENT.get(_type(container))
        if not isinstance(container, Name) or wanted is None:
            raise WhenError("in 后面须是列表；要判断文字里是否含有某些字，请用专门的事实")
        if _type(element) != wanted:
            raise WhenError(f"{_said(container)} 的成员是{TYPE_WORDS[wanted]}，{_said(element)} 是{_word(element)}")
        return Member(element, container)

    def _operand(self, tree: ast.expr) -> Operand:
        word = _dotted(tree)
        if word is not None:
            index = self.vocabulary.index[word]
            return Name(index, self.vocabulary.facts[index])
        return _constant(tree)


def _maybe_not(node: Node, *, negated: bool) -> Node:
    return Not(node) if negated else node


def _constant(tree: ast.expr) -> Const:
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub) and isinstance(tree.operand, ast.Constant):
        value = tree.operand.value
        if isinstance(value, int) and not isinstance(value, bool):
            return Const(-value)
    if isinstance(tree, ast.Constant):
        if isinstance(tree.value, float):
            raise WhenError("小数会失真，金额请写成文字，如 '33.00'")
        if isinstance(tree.value, bool | int | str):
            return Const(tree.value)
    raise WhenError(f"条件里不能用 {ast.unparse(tree)}：只能用事实、常数、比较、and、or、not、in、is None")


def _type(operand: Operand) -> str:
    if isinstance(operand, Name):
        return operand.fact.type
    return _type_of(operand.value)


def _type_of(value: Scalar) -> str:
    for kind, word in ((bool, "bool"), (int, "int"), (str, "text"), (date, "date")):
        if isinstance(value, kind):
            return word
    return "money"


def _word(operand: Operand) -> str:
    return TYPE_WORDS[_type(operand)]


def _said(operand: Operand) -> str:
    return operand.fact.name if isinstance(operand, Name) else repr(operand.value)


def _fitted(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """Both sides, a text constant beside a date or an amount turned into one."""
    if isinstance(left, Const) and isinstance(right, Const):
        raise WhenError("两个常数相比没有意义")
    if isinstance(left, Const):
        return _fit(left, _type(right)), right
    return left, _fit(right, _type(left)) if isinstance(right, Const) else right


def _fit(const: Const, wanted: str) -> Const:
    if not isinstance(const.value, str) or wanted not in ("date", "money"):
        return const
    try:
        return Const(date.fromisoformat(const.value) if wanted == "date" else _amount(const.value))
    except (ValueError, InvalidOperation):
        example = "2020-12-31" if wanted == "date" else "33.00"
        raise WhenError(f"{const.value!r} 不是{TYPE_WORDS[wanted]}，应写成 '{example}'") from None


def _amount(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    return value


def _alike(left: str, right: str) -> bool:
    return left == right or {left, right} == {"int", "money"}


def _equal(left: Operand, right: Operand) -> Node:
    if _type(left) in _ELEMENT or _type(right) in _ELEMENT:
        raise WhenError("列表只能用 in、not in 或 is None")
    _refuse_unlike(left, right)
    return Equal(left, right)


def _ordered(op: Order, left: Operand, right: Operand) -> Node:
    _refuse_unlike(left, right)
    if _type(left) not in _ORDERED:
        raise WhenError(f"{_said(left)} 是{_word(left)}，不能比较大小")
    return Ordered(op, left, right)


def _refuse_unlike(left: Operand, right: Operand) -> None:
    if not _alike(_type(left), _type(right)):
        raise WhenError(f"{_said(left)} 是{_word(left)}，{_said(right)} 是{_word(right)}，不能相比")


def _choice(element: Operand, parts: list[Const]) -> Choice:
    if not parts:
        raise WhenError("in 后面的列表是空的")
    if _type(element) in _ELEMENT or isinstance(element, Const):
        raise WhenError("in 前面须是单个的事实")
    fitted = [_fit(part, _type(element)) for part in parts]
    for part in fitted:
        _refuse_unlike(element, part)
    return Choice(frozenset(part.value for part in fitted))
