"""The MIME tree: the standard library's parser over nodes that cannot be made to raise, and our own walk over it.

A mail inside a mail stays closed here, as a leaf with its exact bytes; whoever opens it counts the depth. The number of
nodes is counted while they are made, so that a mail of a million parts costs no more than one of the allowed number.
"""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import Policy, compat32
from typing import Final

from mailbot.domain.limits import MailLimits
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.mend import mended
from mailbot.mime.params import Field, parse_field

_BOUNDARY_LINE: Final = re.compile(rb"\n--")


class _TooMany(Exception):
    """A mail has more parts than its tree may have."""


class Node(Message):
    """A MIME entity whose structure is read by our own tolerant parameter reader, not by the library's strict one."""

    _payload: object

    def __init__(self, policy: Policy = compat32) -> None:
        super().__init__(policy)
        self._fields: dict[str, Field] = {}
        self._kind = ""

    def raw_values(self, name: str) -> list[bytes]:
        """All values of a header as they stood, top first."""
        return [to_bytes(value) for key, value in self.raw_items() if key.lower() == name]

    def field(self, name: str) -> Field:
        """A structured header; an empty one where it does not stand. The parser asks often, once a node is complete."""
        found = self._fields.get(name)
        if found is None:
            values = self.raw_values(name)
            found = self._fields[name] = parse_field(values[0]) if values else Field("", {})
        return found

    def get_content_type(self) -> str:
        """The type as the library's parser sees it: nothing in a message/* part is opened by it."""
        if not self._kind:
            declared = self.field("content-type").value
            known = declared if declared.count("/") == 1 else "text/plain"
            self._kind = "application/octet-stream" if declared.startswith("message/") else known
        return self._kind

    def get_boundary(self, failobj: object = None) -> object:  # type: ignore[override]  # the library's own stub differs
        boundary = self.field("content-type").parameters.get("boundary", "").rstrip()
        return boundary or failobj

    def raw_payload(self) -> bytes:
        """The body's bytes as they stood, still in their transfer encoding."""
        return to_bytes(self._payload) if isinstance(self._payload, str) else b""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entity that carries bytes. `group` numbers the innermost multipart/alternative around it (`None`: none)."""

    node: Node
    group: int | None
    declared: str
    encoding: str
    charset: str | None
    disposition: str
    name: str
    content_id: bool

    @property
    def is_text(self) -> bool:
        """Text, also where a multipart's parts were not found: what stands there is for a person to read."""
        return self.declared in ("text/plain", "text/html", "") or self.declared.startswith("multipart/")


def to_bytes(text: object) -> bytes:
    """The bytes behind a string of the library's parser, which keeps 8-bit ones as surrogates."""
    return str(text).encode("utf-8", "surrogateescape")


def parse_tree(clean: bytes, limits: MailLimits, marks: Marks) -> Node:
    """The tree of a repaired mail, within the limit of parts; bare headers where its nesting is beyond the parser."""
    try:
        return _parsed(clean, limits)
    except _TooMany:
        marks.add(Mark.TOO_MANY_PARTS)
        return parse_tree(_first_parts(clean, limits.parts // 2), limits, marks)
    except RecursionError:
        marks.add(Mark.TOO_DEEP)
        head = clean.split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
        return email.message_from_bytes(head, _class=Node)


def _parsed(clean: bytes, limits: MailLimits) -> Node:
    if clean.count(b"\n--") <= limits.parts:
        return email.message_from_bytes(clean, _class=Node)
    return email.message_from_bytes(clean, _class=_counting(2 * limits.parts))


def _counting(most: int) -> Callable[..., Node]:
    """Makes nodes, and raises `_TooMany` beyond so many."""
    made = 0

    def node(policy: Policy = compat32) -> Node:
        nonlocal made
        made += 1
        if made > most:
            raise _TooMany
        return Node(policy)

    return node


def _first_parts(clean: bytes, most: int) -> bytes:
    """The mail up to the boundary line of that number: fewer parts than that stand before it."""
    for number, found in enumerate(_BOUNDARY_LINE.finditer(clean)):
        if number == most:
            return clean[: found.start() + 1]
    return clean


def leaves(tree: Node, limits: MailLimits, marks: Marks) -> Iterator[Leaf]:
    """Every entity that carries bytes, in order, within the limits of depth and number."""
    stack: list[tuple[Node, int, int | None]] = [(tree, 1, None)]
    seen = groups = 0
    while stack:
        node, depth, group = stack.pop()
        seen += 1
        if seen > limits.parts:
            marks.add(Mark.TOO_MANY_PARTS)
            return
        children = _children(node, limits, marks)
        if children is None:
            yield _leaf(node, group)
        elif depth >= limits.depth:
            marks.add(Mark.TOO_DEEP)
        else:
            if node.get_content_type() == "multipart/alternative":
                groups += 1
                group = groups
            stack.extend((child, depth + 1, group) for child in reversed(children))


def _children(node: Node, limits: MailLimits, marks: Marks) -> list[Node] | None:
    """The parts of an entity, also where its own lines had to be mended first; `None` for one that carries bytes."""
    if not node.is_multipart():
        again = mended(node, node.field("content-type").value, node.raw_payload())
        if again is None:
            return None
        marks.add(again.mark)
        whole = parse_tree(again.clean, limits, marks)
        return _children(whole, limits, marks) if whole.is_multipart() else [whole]
    behind, opening = node.epilogue or "", f"--{node.get_boundary()}"
    if opening not in behind:
        return _nodes(node)
    marks.add(Mark.BOUNDARY)
    head = b"Content-Type: " + node.raw_values("content-type")[0] + b"\r\n\r\n"
    rest = to_bytes(behind.replace(f"{opening}--", opening))
    return _nodes(node) + _nodes(parse_tree(head + rest, limits, marks))


def _nodes(node: Node) -> list[Node]:
    found = node.get_payload()
    return [child for child in found if isinstance(child, Node)] if isinstance(found, list) else []


def _leaf(node: Node, group: int | None) -> Leaf:
    kind, disposition = node.field("content-type"), node.field("content-disposition")
    encoding = (node.raw_values("content-transfer-encoding") or [b""])[0]
    return Leaf(
        node=node,
        group=group,
        declared=kind.value,
        encoding=encoding.decode("ascii", "replace"),
        charset=kind.parameters.get("charset"),
        disposition=disposition.value,
        name=_better(disposition.parameters.get("filename") or "", kind.parameters.get("name") or ""),
        content_id=bool(node.raw_values("content-id")),
    )


def _better(first: str, second: str) -> str:
    """The name that was not lost: a program that cannot write Chinese puts question marks in its place."""
    lost = not first or "\ufffd" in first or first.count("?") > 1
    return second if lost and second and "?" not in second and "\ufffd" not in second else first
