"""The MIME tree: the standard library's parser over nodes that cannot be made to raise, and our own walk over it.

A mail inside a mail stays closed here, as a leaf with its exact bytes; whoever opens it counts the depth.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from mailbot.domain.limits import MailLimits
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.params import Field, parse_field


class Node(Message):
    """A MIME entity whose structure is read by our own tolerant parameter reader, not by the library's strict one."""

    _payload: object

    def raw_values(self, name: str) -> list[bytes]:
        """All values of a header as they stood, top first."""
        return [to_bytes(value) for key, value in self.raw_items() if key.lower() == name]

    def field(self, name: str) -> Field:
        """A structured header; an empty one where it does not stand."""
        values = self.raw_values(name)
        return parse_field(values[0]) if values else Field("", {})

    def get_content_type(self) -> str:
        """The type as the library's parser sees it: nothing in a message/* part is opened by it."""
        declared = self.field("content-type").value
        if declared.startswith("message/"):
            return "application/octet-stream"
        return declared if declared.count("/") == 1 else "text/plain"

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


def parse_tree(clean: bytes, marks: Marks) -> Node:
    """The tree of a repaired mail; the bare headers where its nesting is beyond the parser."""
    try:
        return email.message_from_bytes(clean, _class=Node)
    except RecursionError:
        marks.add(Mark.TOO_DEEP)
        head = clean.split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
        bare = email.message_from_bytes(head, _class=Node)
        del bare["content-type"]
        return bare


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
        children = node.get_payload() if node.is_multipart() else None
        if not isinstance(children, list):
            yield _leaf(node, group)
        elif depth >= limits.depth:
            marks.add(Mark.TOO_DEEP)
        else:
            if node.get_content_type() == "multipart/alternative":
                groups += 1
                group = groups
            stack.extend((child, depth + 1, group) for child in reversed(children) if isinstance(child, Node))


def _leaf(node: Node, group: int | None) -> Leaf:
    kind, disposition = node.field("content-type"), node.field("content-disposition")
    name = disposition.parameters.get("filename") or kind.parameters.get("name") or ""
    encoding = (node.raw_values("content-transfer-encoding") or [b""])[0]
    return Leaf(
        node=node,
        group=group,
        declared=kind.value,
        encoding=encoding.decode("ascii", "replace"),
        charset=kind.parameters.get("charset"),
        disposition=disposition.value,
        name=name,
        content_id=bool(node.raw_values("content-id")),
    )
