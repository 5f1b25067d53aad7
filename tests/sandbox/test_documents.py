"""Word, PDF and the mail's own words in a real child under the shipped limits; hostile PDFs cost themselves only."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from email.message import EmailMessage
from time import monotonic

import pytest

from mailbot.domain.document import BODY, Document, FaultKind
from mailbot.domain.limits import Limits
from mailbot.sandbox.parent import Sandbox
from tests.readers.pdfs import ruled
from tests.readers.words import word

ROWS = [("姓名", "身份证号码", "手机号码"), ("张三", "500103199003070017", "13800000000")]
GOOD = word(ROWS)
LONGEST = 20
"""Seconds within which any mail has its end (rules/limits.toml, child.total_seconds)."""


@pytest.fixture(scope="module")
def sandbox(limits: Limits) -> Iterator[Sandbox]:
    """The shipped limits with half the time."""
    child = limits.child.model_copy(update={"cpu_seconds": 4, "part_seconds": 5})
    halved = limits.model_copy(update={"child": child})
    with Sandbox(halved, "mailbot.opening:open_mail", "mailbot.opening:warm_up") as opened:
        yield opened


def mail(*files: bytes, text: str = "见附件") -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@unit.example", "名单"
    made.set_content(text)
    for number, data in enumerate(files, start=1):
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=f"{number}.bin")
    return made.as_bytes()


def pdf(content: bytes, *, packed: bool = True, kids: str = "[3 0 R]") -> bytes:
    """A PDF of one page with this content stream; its table of places is left for the reader to rebuild."""
    stream = zlib.compress(content, 9) if packed else content
    coded = b"/Filter /FlateDecode " if packed else b""
    return b"".join(
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
            b"2 0 obj<</Type/Pages/Kids %s/Count 1>>endobj\n" % kids.encode(),
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R",
            b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n",
            b"4 0 obj<<%s/Length %d>>stream\n%s\nendstream endobj\n" % (coded, len(stream), stream),
            b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        )
    )


def test_papers_and_words_are_read_in_a_child(sandbox: Sandbox) -> None:
    typed = " ".join(ROWS[1])
    opened = sandbox.open(mail(GOOD, ruled(["单位：某小学"], ROWS, widths=(80, 150, 100)), text=f"名单：\n{typed}"))
    assert [document.number for document in opened.documents] == [BODY, 1, 2]
    assert [document.reader for document in opened.documents] == ["body", "word", "pdf"]
    assert all(ROWS[1] in document.sheets[0].rows for document in opened.documents)


HOSTILE = {
    "a bomb of blanks": lambda: pdf(b" " * 200_000_000),
    "a bomb of text": lambda: pdf(b"BT /F 9 Tf 9 9 Td (500103199003070017) Tj ET\n" * 300_000),
    "a million lines": lambda: pdf(b"BT /F 9 Tf 9 9 Td (x) Tj ET\n" + b"9 9 m 99 99 l S 0 0 9 9 re S\n" * 500_000),
    "a tree that bites its tail": lambda: pdf(b"BT /F 9 Tf (x) Tj ET", kids="[2 0 R]"),
    "a stack without end": lambda: pdf(b"q " * 3_000_000 + b"BT /F 9 Tf (x) Tj ET"),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_ends_in_time_and_harms_nothing_else(name: str, sandbox: Sandbox) -> None:
    raw = mail(HOSTILE[name](), GOOD)
    start = monotonic()
    first, second = sandbox.open(raw).documents
    assert monotonic() - start < LONGEST
    assert _is_no_roster(first)
    assert (second.fault, second.sheets[0].rows[1]) == (None, ROWS[1])


def _is_no_roster(document: Document) -> bool:
    faults = (FaultKind.BOMB, FaultKind.UNREADABLE, FaultKind.TOO_MANY_ROWS, FaultKind.OCR_ONLY)
    return document.fault.kind in faults if document.fault else len(document.sheets[0].rows) < 3
