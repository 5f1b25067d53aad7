"""The XML inside a workbook, element by element, as untrusted bytes: nothing is fetched, no entity is resolved, and a
file that brings a document type of its own is refused, for no spreadsheet program writes one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final
from xml.etree.ElementTree import Element

from lxml.etree import iterparse

_SAFELY: Final = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def elements(source: IO[bytes], *tags: str) -> Iterator[Element]:
    """Every element of these tags, whole, in the order they end. What the caller has seen is let go of.

    Raises `SyntaxError` for what is no XML and `ValueError` for a document type.
    """
    seen = False
    for _, element in iterparse(source, events=("end",), tag=tags, **_SAFELY):
        if not seen and element.getroottree().docinfo.doctype:
            raise ValueError("a document type in a workbook")
        seen = True
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
