"""Word documents (docx; ECMA-376, part 1, WordprocessingML), read straight from their XML: what a reader of the printed
page would see, from top to bottom.

Text that was deleted under tracked changes is not read, inserted text is. The XML is untrusted: nothing is fetched, no
entity is resolved, and a document type is refused.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from mailbot.domain.content import DOCX
from mailbot.domain.document import Cell, FaultKind, Merge
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.cells import text_cell
from mailbot.readers.scroll import Scroll
from mailbot.readers.zips import check_zip

_USUAL: Final = "word/document.xml"
_RELATIONS: Final = "_rels/.rels"
_FAULTS: Final = (
    KeyError,
    ValueError,
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    NotImplementedError,
)
"""What the archive and the XML parser raise on broken files."""
_WRAPPERS: Final = frozenset(("sdt", "sdtContent", "ins", "customXml", "moveTo"))
_UNSEEN: Final = frozenset(("del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "tblPr", "sectPr"))
"""Elements that show nothing: what was deleted or moved away, the second copy of a shape, properties."""
_BREAKS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "\ufffd"}
_NO: Final = ("0", "false", "off")
_SHORT: Final = 60
"""A document of pictures has at most so many characters of text beside them."""
_WIDEST: Final = 64


class WordReader:
    """Reads docx."""

    name = "word"

    def claims(self, media_type: str) -> bool:
        return media_type == DOCX

    def read(self, data: bytes, limits: Limits) -> Content:
        """The whole document as one sheet. Raises `ReadFault`; ocr_only for pages that are pictures."""
        check_zip(data, limits.archive)
        try:
            root = _document(data)
        except _FAULTS as fault:
            raise ReadFault(FaultKind.UNREADABLE, type(fault).__name__) from fault
        scroll = Scroll(limits.sheet)
        body = next((child for child in root if _tag(child) == "body"), None)
        if body is None:
            raise ReadFault(FaultKind.UNREADABLE, "no body")
        _Blocks(scroll, limits.sheet).lay(body)
        sheet = scroll.sheet()
        shown = sum(len(cell) for row in sheet.rows for cell in row if isinstance(cell, str))
        if shown <= _SHORT and any(_tag(element) in ("drawing", "pict", "object") for element in body.iter()):
            raise ReadFault(FaultKind.OCR_ONLY, "pictures without text")
        return Content("document", (sheet,))


def _document(data: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = frozenset(archive.namelist())
        member = _main_part(archive.read(_RELATIONS)) if _RELATIONS in names else _USUAL
        return _root(archive.read(member if member in names else _USUAL))


def _main_part(relations: bytes) -> str:
    """The member that holds the document: some programs number it."""
    for relation in _root(relations):
        if relation.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(relation.get("Target", "")).lstrip("/")
    return _USUAL


def _root(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a document type in a document")
    return root


def _tag(element: etree._Element) -> str:
    """The name without its namespace, which differs between transitional and strict files; empty for a comment."""
    name: object = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _value(element: etree._Element, name: str = "val") -> str | None:
    return next((str(text) for key, text in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def _find(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of a name, and so on down the path."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if _tag(child) == name), None)
    return element


def _on(element: etree._Element | None) -> bool:
    """Whether a property that is a switch stands there and is on."""
    return element is not None and _value(element) not in _NO


@dataclass(slots=True)
class _Table:
    """One table as it is read: its rows, merges, hidden and crossed-out rows, and the tables inside its cells, which
    come below it."""

    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)
    inside: list[etree._Element] = field(default_factory=list)
    down: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By first column: the first row of a cell that goes on downwards, and its last column."""


class _Blocks:
    """Lays paragraphs and tables out on a scroll."""

    def __init__(self, scroll: Scroll, limits: SheetLimits) -> None:
        self._scroll = scroll
        self._limits = limits

    def lay(self, parent: etree._Element) -> None:
        """Everything inside a body or a container of it, in order."""
        waiting = list(reversed(parent))
        while waiting:
            element = waiting.pop()
            tag = _tag(element)
            if tag == "p":
                self._paragraph(element)
            elif tag == "tbl":
                waiting.extend(reversed(self._table(element)))
            elif tag and tag not in _UNSEEN:
                waiting.extend(reversed(element))

    def _paragraph(self, element: etree._Element) -> None:
        for box in _boxes(element):
            for inner in _paragraphs(box):
                self._scroll.text(_text(inner))
        self._scroll.text(_text(element))

    def _table(self, element: etree._Element) -> list[etree._Element]:
        """Lays out a table; the tables inside it that are still to come."""
        table = _Table()
        for row in _parts(element, "tr"):
            if _find(row, "trPr", "del") is None:
                self._row(row, table)
        _close(table, set())
        self._scroll.table(table.rows, table.merges, frozenset(table.hidden), frozenset(table.struck))
        return table.inside

    def _row(self, row: etree._Element, table: _Table) -> None:
        number = len(table.rows) + 1
        cells: list[Cell] = [None] * _number(_find(row, "trPr", "gridBefore"), 0)
        going: set[int] = set()
        for cell in _parts(row, "tc"):
            properties = _find(cell, "tcPr")
            first, wide = len(cells) + 1, _number(_find(properties, "gridSpan"), 1)
            merge = _find(properties, "vMerge")
            goes_on = merge is not None and _value(merge) != "restart" and first in table.down
            if goes_on:
                going.add(first)
            elif merge is not None:
                _close(table, going, first)
                table.down[first] = (number, first + wide - 1)
                going.add(first)
            elif wide > 1:
                table.merges.append(Merge(top=number, left=first, bottom=number, right=first + wide - 1))
            table.inside.extend(_tables_in(cell))
            text = None if goes_on else text_cell(_cell_text(cell), self._limits.cell_characters)
            cells += [text, *([None] * (wide - 1))]
        if _on(_find(row, "trPr", "hidden")):
            table.hidden.add(number)
        if any(map(_is_struck, _parts(row, "tc"))):
            table.struck.add(number)
        _close(table, going)
        table.rows.append(tuple(cells))


def _close(table: _Table, going: set[int], only: int | None = None) -> None:
    """End the cells that do not go on downwards in the row that is read."""
    for first in [only] if only is not None else [column for column in table.down if column not in going]:
        top, right = table.down.pop(first, (0, 0))
        if top and (len(table.rows) > top or right > first):
            table.merges.append(Merge(top=top, left=first, bottom=max(top, len(table.rows)), right=right))


def _number(element: etree._Element | None, default: int) -> int:
    text = (_value(element) or "") if element is not None else ""
    return min(int(text), _WIDEST) if text.isascii() and text.isdigit() and len(text) < 4 else default


def _parts(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, also those inside content controls; none of a table within."""
    return _within(element, name, lambda tag: tag in _WRAPPERS)


def _tables_in(cell: etree._Element) -> Iterator[etree._Element]:
    """The tables of a cell that stand in no other of them."""
    return _within(cell, "tbl", lambda tag: tag not in _UNSEEN)


def _paragraphs(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs of a cell or a text box, without those of the tables in it."""
    return _within(parent, "p", lambda tag: tag != "tbl" and tag not in _UNSEEN)


def _within(parent: etree._Element, name: str, enters: Callable[[str], bool]) -> Iterator[etree._Element]:
    """The elements of a name in order, looked for in what may be entered and never inside one of their own."""
    waiting = list(reversed(parent))
    while waiting:
        found = waiting.pop()
        tag = _tag(found)
        if tag == name:
            yield found
        elif tag and enters(tag):
            waiting.extend(reversed(found))


def _boxes(paragraph: etree._Element) -> list[etree._Element]:
    """The text boxes that hang on a paragraph."""
    return [found for found in _seen(paragraph, frozenset()) if _tag(found) == "txbxContent"]


def _cell_text(cell: etree._Element) -> str:
    return "\n".join(filter(None, (_text(paragraph).strip("\n") for paragraph in _paragraphs(cell))))


def _is_struck(cell: etree._Element) -> bool:
    """Whether a cell shows text that is crossed out."""
    runs = (run for paragraph in _paragraphs(cell) for run in _seen(paragraph, frozenset({"txbxContent"})))
    return any(
        _tag(run) == "r"
        and (_on(_find(run, "rPr", "strike")) or _on(_find(run, "rPr", "dstrike")))
        and any(_tag(part) == "t" and (part.text or "").strip() for part in run)
        for run in runs
    )


def _text(paragraph: etree._Element) -> str:
    """What a paragraph shows, without the text boxes that hang on it."""
    out: list[str] = []
    for element in _seen(paragraph, frozenset({"txbxContent"})):
        tag = _tag(element)
        out.append((element.text or "") if tag == "t" else _BREAKS.get(tag, ""))
    return "".join(out)


def _seen(parent: etree._Element, closed: frozenset[str]) -> Iterator[etree._Element]:
    """What lies inside and is shown, in order. What is inside of `closed` elements is left out, and so are hidden
    runs."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        tag = _tag(element)
        if not tag or tag in _UNSEEN or tag in closed or (tag == "r" and _on(_find(element, "rPr", "vanish"))):
            continue
        yield element
        waiting.extend(reversed(element))


READER = WordReader()
