"""The texts of a workbook, shared and in cells: what is shown, without fonts and without the reading aids of ruby."""

from __future__ import annotations

from typing import IO
from xml.etree.ElementTree import Element

from openpyxl.xml.constants import SHEET_MAIN_NS

from mailbot.readers.xml import elements

_STRING, _TEXT, _RUN = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("si", "t", "r"))
_ESCAPED = "x005F_"
"""How an underscore is written that would otherwise begin an escape (ECMA-376, 22.9.2.19, ST_Xstring)."""


def string_of(element: Element) -> str:
    """The text of a string item: its own, then those of its runs."""
    shown = [child.text for child in element if child.tag == _TEXT]
    shown += [run.findtext(_TEXT) for run in element if run.tag == _RUN]
    return "".join(filter(None, shown))


def read_strings(source: IO[bytes]) -> list[str]:
    """The table of shared strings. Raises as `elements` does."""
    return [string_of(element).replace(_ESCAPED, "") for element in elements(source, _STRING)]
