"""Real bombs through the real opener, with half the shipped time: held,  the rest of the mail read, the next mail unharmed."""

import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.sample import sample_workbook
from mailbot.sandbox.parent import Sandbox
from tests.readers.files import MAIN, cell, data, xlsx


@pytest.fixture(scope="module")
def sandbox(limits: Limits) -> Iterator[Sandbox]:
    child = limits.child.model_copy(update={"cpu_seconds": 4, "part_seconds": 5})
    with Sandbox(
        limits.model_copy(update={"child": child}), "mailbot.opening:open_mail", "mailbot.opening:warm_up"
    ) as found:
        yield found


def mail_with(*files: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@unit.example", "名单"
    mail.set_content("见附件")
    for number, content in enumerate(files, 1):
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=f"{number}.xlsx")
    return mail.as_bytes()


def many_strings() -> bytes:
    """Two million different shared strings: small packed, no ratio to speak of, tens of seconds for openpyxl."""
    strings = "".join(f"<si><t>{n:x}</t></si>" for n in range(2_000_000))
    sst = f'<?xml version="1.0"?><sst xmlns="{MAIN}">{strings}</sst>'
    return xlsx(data('<c r="A1" t="s"><v>0</v></c>'), extra={"xl/sharedStrings.xml": sst})


def deep_xml() -> bytes:
    return xlsx("<sheetData>" + "<a>" * 3_000_000 + "</a>" * 3_000_000 + "</sheetData>")


def plain_bomb() -> bytes:
    return xlsx(extra={"xl/media/a.bin": bytes(150_000_000)})


BOMBS = {"zip": plain_bomb, "shared strings": many_strings, "deep xml": deep_xml}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_itself_alone(name: str, sandbox: Sandbox) -> None:
    raw = mail_with(sample_workbook(), BOMBS[name](), sample_workbook())
    start = time.monotonic()
    opened = sandbox.open(raw)
    assert time.monotonic() - start < 20
    faults = [document.fault.kind if document.fault else None for document in opened.documents]
    assert faults[0] is faults[2] is None
    assert faults[1] in (FaultKind.BOMB, FaultKind.UNREADABLE, FaultKind.TOO_MANY_ROWS)
    assert len(sandbox.open(mail_with(sample_workbook())).documents[0].sheets) == 1


def test_a_large_roster_passes_through(sandbox: Sandbox) -> None:
    rows = [cell(f"A{n}", f"甲{n}") + cell(f"B{n}", 13800000000 + n) for n in range(1, 30_001)]
    opened = sandbox.open(mail_with(xlsx(data(*rows))))
    assert opened.documents[0].light
    assert len(opened.documents[0].sheets[0].rows) == 30_000
