"""The mail's own text: one leaf of each alternative, HTML as text (never rendered, nothing fetched)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mailbot.domain.limits import MailLimits
from mailbot.mime.charsets import decode
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.pages import fresh_page, html_text
from mailbot.mime.tree import Leaf

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_ENDS: Final = re.compile(r"\r\n?|\u2028|\u2029")
_HTML_FACTOR: Final = 10
"""HTML is cut at this many times the text that is kept of it: the rest would be thrown away."""


@dataclass(frozen=True, slots=True)
class Body:
    """One leaf of readable text."""

    leaf: Leaf
    data: bytes


def body_text(bodies: Iterable[Body], limits: MailLimits, marks: Marks) -> str:
    """The text of a mail: its body leaves in order; of an alternative the plain one, or the HTML if that is empty."""
    texts: list[str] = []
    groups: dict[int, int] = {}
    for body in bodies:
        text = _text(body, limits, marks)
        group = body.leaf.group
        if not text.strip():
            continue
        if group is None or group not in groups:
            if group is not None:
                groups[group] = len(texts)
            texts.append(text)
        elif body.leaf.declared != "text/html" and group in groups:
            texts[groups[group]] = text
    return cut("\n\n".join(texts), limits, marks)


def body_page(bodies: Iterable[Body], limits: MailLimits, marks: Marks) -> str:
    """The mail's own words as HTML, without the history that it quotes, where there is a table in them; else empty."""
    tabled = (body for body in bodies if body.leaf.declared == "text/html" and b"<table" in body.data.lower())
    return "\n".join(fresh_page(_decoded(body, limits, marks)) for body in tabled)


def cut(text: str, limits: MailLimits, marks: Marks) -> str:
    """Text within its limit, with a mark where something was cut off."""
    if len(text) > limits.text_characters:
        marks.add(Mark.TEXT_CUT)
    return text[: limits.text_characters]


def _text(body: Body, limits: MailLimits, marks: Marks) -> str:
    decoded = _decoded(body, limits, marks)
    text = html_text(decoded) if body.leaf.declared == "text/html" else decoded
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _decoded(body: Body, limits: MailLimits, marks: Marks) -> str:
    is_html = body.leaf.declared == "text/html"
    most = limits.text_characters * _HTML_FACTOR
    if len(body.data) > most:
        marks.add(Mark.TEXT_CUT)
    decoded = decode(body.data[:most], body.leaf.charset, html=is_html)
    if decoded.mended:
        marks.add(Mark.CHARSET)
    if decoded.lossy:
        marks.add(Mark.LOST_CHARACTERS)
    return decoded.text
