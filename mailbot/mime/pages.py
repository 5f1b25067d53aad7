"""HTML as a reader of mail sees it: its text line by line, and the page without the history that it quotes.

Nothing is rendered and nothing is fetched. Where the quote begins, one rule says for text and page alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from lxml import etree, html

from mailbot.mime.quotes import MARK, SEPARATOR, attributes, quote_at

_SILENT: Final = frozenset(("script", "style", "head", "title", "meta", "template", "noscript"))
_BLOCK: Final = re.compile(
    "p|div|tr|table|[uod]l|li|d[td]|h[1-6r]|blockquote|pre|section|article|header|footer|form|center"
)
_TAB: Final = "\t"
_HOLDS_QUOTE: Final = re.compile(
    r"\b(?:isReplyContent|isForwardContent|ntes-pcmail-quote|yahoo_quoted|ReferenceQuote|history-quote-wrapper"
    r"|mail_reply_original|zmail_extra)\b"
)
"""Classes and ids of an element that holds what a mail program quoted, and nothing else."""
_BEGINS_QUOTE: Final = re.compile(r"\b(?:divRplyFwdMsg|appendonsend|mailOriginal)\b")
"""Classes and ids that stand where the quote begins."""
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text in one line, and where it stands: in an element before its children, or behind it. `quoted`:
    inside of what the mail program marked as quoted."""

    line: int
    text: str
    element: etree._Element
    behind: bool
    quoted: bool = False


def html_text(source: str) -> str:
    """The readable text of HTML: cells of a row on one line with tabs between, blocks on lines of their own."""
    root = _parsed(source)
    lines = [] if root is None else _lines(list(_runs(root)))
    shown = (" ".join(line.split(" ")).strip(" \t") for line in lines)
    return _EMPTY_LINES.sub("\n\n", "\n".join(shown)).strip()


def fresh_page(source: str) -> str:
    """The page up to where it begins to quote earlier mail; empty for what is no page or nothing but a quote."""
    root = fresh_tree(source)
    return "" if root is None else str(etree.tostring(root, method="html", encoding="unicode"))


def fresh_tree(source: str) -> etree._Element | None:
    """The same as a tree, `None` where it is empty."""
    root = _parsed(source)
    if root is None:
        return None
    runs = list(_runs(root))
    lines = _lines(runs)
    at = quote_at(lines)
    if not any(line.strip() for line in lines[:at]):
        return None
    first = next((run for run in runs if run.line >= at), None)
    if first is not None:
        _cut(first.element, behind=first.behind)
    return root


def _parsed(source: str) -> etree._Element | None:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _runs(root: etree._Element) -> Iterator[_Run]:
    """Every stretch of text in order, HTML's own line breaks in it as spaces."""
    pen = _Pen()
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            if _BLOCK.fullmatch(tag):
                pen.break_line()
            if begins := _quote_of(element, tag, pen.above):
                yield from pen.open_quote(begins, element)
            if element.text and not silent:
                yield pen.run(element.text, element, behind=False)
            continue
        silent -= tag in _SILENT
        if tag in ("td", "th"):
            yield pen.tab(element)
        elif _BLOCK.fullmatch(tag):
            pen.break_line()
        pen.close_quote(element)
        if tag == "br":
            pen.new_line()
        if element.tail and not silent:
            yield pen.run(element.tail, element, behind=True)


class _Quote(Enum):
    """How a mail program marks its quote: by an element around it, or by one that stands where it begins."""

    HELD = auto()
    BEGUN = auto()


def _quote_of(element: etree._Element, tag: str, above: str) -> _Quote | None:
    """Whether an element marks a quote; a blockquote alone may be a mere indent, unless the line above it says who
    wrote what follows."""
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('name') or ''}"
    if tag == "blockquote" and (element.get("type") == "cite" or "gmail_quote" in marks or attributes(above)):
        return _Quote.HELD
    if not marks.strip():
        return None
    if _HOLDS_QUOTE.search(marks):
        return _Quote.HELD
    return _Quote.BEGUN if _BEGINS_QUOTE.search(marks) else None


class _Pen:
    """Counts lines: a block begins on a line of its own, a break always begins one. `above` is the last line that holds
    anything."""

    def __init__(self) -> None:
        self._line = 0
        self._clean = True
        self._words = ""
        self._above = ""
        self._quotes: list[etree._Element] = []

    @property
    def above(self) -> str:
        return self._words.strip() or self._above

    def run(self, text: str, element: etree._Element, *, behind: bool) -> _Run:
        self._clean = False
        self._words += text
        return _Run(self._line, _SPACES.sub(" ", text), element, behind, quoted=bool(self._quotes))

    def tab(self, element: etree._Element) -> _Run:
        self._clean = False
        return _Run(self._line, _TAB, element, behind=True, quoted=bool(self._quotes))

    def open_quote(self, how: _Quote, element: etree._Element) -> Iterator[_Run]:
        """From here on is quoted: up to the end of the element, or to the end of the page."""
        if how is _Quote.HELD:
            self._quotes.append(element)
            return
        self.break_line()
        yield self.run(SEPARATOR, element, behind=False)
        self.break_line()

    def close_quote(self, element: etree._Element) -> None:
        """An element ends, and with it what it held; an empty line tells what follows from a broken quoted one."""
        if self._quotes and self._quotes[-1] is element:
            self.break_line()
            self.new_line()
            self._quotes.pop()

    def break_line(self) -> None:
        if not self._clean:
            self.new_line()

    def new_line(self) -> None:
        self._above, self._words = self.above, ""
        self._line += 1
        self._clean = True


def _lines(runs: list[_Run]) -> list[str]:
    """The lines of the text; a line of a quote bears its mark."""
    out: list[str] = [""] * (runs[-1].line + 1 if runs else 0)
    for run in runs:
        out[run.line] += (MARK if run.quoted and not out[run.line] else "") + run.text
    return out


def _cut(element: etree._Element, *, behind: bool) -> None:
    """Take away everything from here on: an element or only what follows it, and all that follows its parents."""
    node, gone = element, not behind
    while (parent := node.getparent()) is not None:
        for sibling in list(node.itersiblings()):
            parent.remove(sibling)
        node.tail = None
        if gone:
            parent.remove(node)
        node, gone = parent, False
