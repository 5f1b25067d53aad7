"""From a page's lines, cells and second readings to typed fields with their evidence.

`read` tells what a page is and what stands on it. Labels and status words are data (`labels.toml`). A value is what an
engine read there; nothing is mended, and what nobody can tell is `None`.
"""

from mailbot.ocr.fields.base import Cell, Page, Rereader
from mailbot.ocr.fields.reader import read

__all__ = ["Cell", "Page", "Rereader", "read"]
