"""The marks that reading leaves on a mail: what was mended in its bytes, and which limit it met.

`mail.*` marks are named like the rule codes they lead to; `repair.*` marks are for staff and for `explain`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum


class Mark(StrEnum):
    """One thing that was noticed."""

    TOO_BIG = "mail.too_big"
    TOO_DEEP = "mail.too_deep"
    FORWARD_TOO_DEEP = "mail.forward_too_deep"
    TOO_MANY_PARTS = "mail.too_many_parts"
    TOO_MANY_ATTACHMENTS = "mail.too_many_attachments"
    TOO_MANY_ADDRESSES = "mail.too_many_addresses"
    HEADERS_CUT = "mail.headers_cut"
    TEXT_CUT = "mail.text_cut"
    UNREADABLE = "mail.unreadable"
    LEADING_LINES = "repair.leading_lines"
    LINE_ENDS = "repair.line_ends"
    HEADER_LINES = "repair.header_lines"
    REPEATED_HEADER = "repair.repeated_header"
    CHARSET = "repair.charset"
    LOST_CHARACTERS = "repair.lost_characters"
    TRANSFER = "repair.transfer_encoding"
    BOUNDARY = "repair.boundary"
    PART_HEADERS = "repair.part_headers"
    UUENCODED = "repair.uuencoded"
    TNEF = "repair.tnef"
    QUOTE_CUT = "repair.quote_cut"
    SECOND_READER = "repair.second_reader"


class Marks:
    """Marks in the order they were noticed, each once."""

    def __init__(self) -> None:
        self._seen: dict[Mark, None] = {}

    def add(self, mark: Mark) -> None:
        self._seen.setdefault(mark)

    def __contains__(self, mark: Mark) -> bool:
        return mark in self._seen

    def __iter__(self) -> Iterator[str]:
        return (mark.value for mark in self._seen)
