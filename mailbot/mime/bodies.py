"""The mail's own text: one leaf of each alternative, HTML as text (never rendered, nothing fetched)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree, html

from mailbot.domain.limits import MailLimits
from mailbot.mime.charsets import decode
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.tree import Leaf

_SILENT: Final = frozenset(("script", "style", "head", "title", "meta", "template", "noscript"))
_BLOCK: Final = re.compile(
    "p|div|tr|table|[uod]l|li|d[td]|h[1-6r]|blockquote|pre|section|article|header|footer|form|center"
)
_TAB: Final = "\t"
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_ENDS: Final = re.compile(r"\r\n?|\u2028|\u2029")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
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


def cut(text: str, limits: MailLimits, marks: Marks) -> str:
    """Text within its limit, with a mark where something was cut off."""
    if len(text) > limits.text_characters:
        marks.add(Mark.TEXT_CUT)
    return text[: limits.text_characters]


def _text(body: Body, limits: MailLimits, marks: Marks) -> str:
    is_html = body.leaf.declared == "text/html"
    decoded = decode(body.data[: limits.text_characters * _HTML_FACTOR], body.leaf.charset, html=is_html)
    if decoded.mended:
        marks.add(Mark.CHARSET)
    if decoded.lossy:
        marks.add(Mark.LOST_CHARACTERS)
    text = html_text(decoded.text) if is_html else decoded.text
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def html_text(source: str) -> str:
    """The readable text of HTML: cells of a row on one line with tabs between, blocks on lines of their own."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    out: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            _put(out, "\n" * bool(_BLOCK.fullmatch(tag)), element.text, silent=silent)
        else:
            silent -= tag in _SILENT
            gap = _TAB if tag in ("td", "th") else "\n" * bool(_BLOCK.fullmatch(tag))
            if tag == "br":
                out.append("\n")
            _put(out, gap, element.tail, silent=silent)
    lines = (" ".join(part.split(" ")).strip(" \t") for part in "".join(out).split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _put(out: list[str], gap: str, text: str | None, *, silent: int) -> None:
    """A break and a stretch of text, in which HTML's own line breaks are spaces."""
    if gap and (gap == _TAB or not out or not out[-1].endswith("\n")):
        out.append(gap)
    if text and not silent:
        out.append(re.sub(r"[ \t\r\n\f]+", " ", text))
