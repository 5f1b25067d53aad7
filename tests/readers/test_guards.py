"""Entities in a workbook are refused by behaviour, and the proof itself would notice if they were not."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest

from mailbot.domain.document import Document, Sheet
from mailbot.domain.limits import Limits
from mailbot.readers import guards


def test_our_reader_expands_no_entity(limits: Limits) -> None:
    assert guards.entities_are_refused(limits)
    assert guards.guarded_by() == "defusedxml, lxml"


def test_the_workbook_would_show_an_unguarded_reader() -> None:
    with zipfile.ZipFile(io.BytesIO(guards.hostile_workbook())) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - the unguarded reader is the point
    assert "entity-was-expanded" in "".join(sheet.itertext())


def test_an_expanded_entity_is_noticed(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    expanded = Document(
        number=1,
        name="x.xlsx",
        sha256="0" * 64,
        family="workbook",
        sheets=(Sheet(name="a", index=0, rows=(("entity-was-expanded",),)),),
    )
    monkeypatch.setattr(guards, "read", lambda *_: expanded)
    assert not guards.entities_are_refused(limits)
