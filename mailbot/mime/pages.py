"""HTML as a reader of mail sees it: its text line by line, and the page without the history that it quotes.

Nothing is rendered and nothing is fetched. Where the quote begins, one rule says for text and page alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree, html

from mailbot.mime.quotes import quote_at

_SILENT: Final = frozenset(("script", "style", "head", "title", "meta", "template", "noscript"))
_BLOCK: Final = re.compile(
    "p|div|tr|table|[uod]l|li|d[td]|h[1-6r]|blockquote|pre|section|article|header|footer|form|center"
)
_TAB: Final = "\t"
_QUOTING: Final = re.compile(
    r"\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix|isReplyContent|isForwardContent|ntes-pcmail-quote|divRplyFwdMsg"
    r"|appendonsend|mailOriginal|mail_reply_original)\b"
)
"""Classes and ids by which mail programs mark what they quote."""
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text in one line, and where it stands: in an element before its children, or behind it."""

    line: int
    text: str
    element: etree._Element
    behind: bool


def html_text(source: str) -> str:
    """The readable text of HTML: cells of a row on one line with tabs between, blocks on lines of their own."""
    root = _parsed(source)
    lines = [] if root is None else _lines(list(_runs(root)))
    shown = (" ".join(line.split(" ")).strip(" \t") for line in lines)
    return _EMPTY_LINES.sub("\n\n", "\n".join(shown)).strip()


def fresh_page(source: str) -> str:
    """The page up to where it begins to quote earlier mail; empty for what is no page or nothing but a quote."""
    root = _parsed(source)
    if root is None:
        return ""
    runs = list(_runs(root))
    lines = _lines(runs)
    at = quote_at(lines)
    if not any(line.strip() for line in lines[:at]):
        return ""
    first = next((run for run in runs if run.line >= at), None)
    if first is not None:
        _cut(first.element, behind=first.behind)
    return str(etree.tostring(root, method="html", encoding="unicode"))


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
            if _quotes(element, tag):
                yield pen.run("> ", element, behind=False)
            if element.text and not silent:
                yield pen.run(element.text, element, behind=False)
            continue
        silent -= tag in _SILENT
        if tag in ("td", "th"):
            yield pen.tab(element)
        elif _BLOCK.fullmatch(tag):
            pen.break_line()
        if tag == "br":
            pen.new_line()
        if element.tail and not silent:
            yield pen.run(element.tail, element, behind=True)


def _quotes(element: etree._Element, tag: str) -> bool:
    """Whether an element holds what the mail program quoted; a blockquote alone may be a mere indent."""
    if tag == "blockquote" and element.get("type") == "cite":
        return True
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _QUOTING.search(marks) is not None


class _Pen:
    """Counts lines: a block begins on a line of its own, a break always begins one."""

    def __init__(self) -> None:
        self._line = 0
        self._clean = True

    def run(self, text: str, element: etree._Element, *, behind: bool) -> _Run:
        self._clean = False
        return _Run(self._line, _SPACES.sub(" ", text), element, behind)

    def tab(self, element: etree._Element) -> _Run:
        self._clean = False
        return _Run(self._line, _TAB, element, behind=True)

    def break_line(self) -> None:
        if not self._clean:
            self.new_line()

    def new_line(self) -> None:
        self._line += 1
        self._clean = True


def _lines(runs: list[_Run]) -> list[str]:
    out: list[str] = [""] * (runs[-1].line + 1 if runs else 0)
    for run in runs:
        out[run.line] += run.text
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
