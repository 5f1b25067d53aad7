"""Discovery: every reader is found, one claimant a part, and a failure is a fault."""

import pytest

from mailbot.domain import content
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.readers import find
from mailbot.readers.base import Content
from mailbot.readers.find import TwoClaimants, claimant, discover, read

TYPES = [value for name, value in vars(content).items() if name.isupper() and isinstance(value, str)]


class Greedy:
    """A reader that claims everything, and fails as told."""

    name = "greedy"

    def __init__(self, fault: type[BaseException] = MemoryError) -> None:
        self.fault = fault

    def claims(self, media_type: str) -> bool:
        return True

    def read(self, data: bytes, limits: Limits) -> Content:
        raise self.fault


def part(media_type: str) -> Part:
    return Part(number=4, name="甲.bin", member="a/b", sha256="ab", size=3, type=media_type)


SHEETS = {"html_table", "ods", "text_table", "workbook", "xls", "xlsb", "xml_sheet"}


def test_finds_the_readers_of_the_room() -> None:
    names = [reader.name for reader in discover()]
    assert names == sorted(set(names))
    assert SHEETS | {"encrypted", "pdf", "word"} <= set(names)


@pytest.mark.parametrize("media_type", [*TYPES, "image/png", "application/pdf", "application/zip"])
def test_no_type_has_two_claimants(media_type: str) -> None:
    claimant(media_type)


def test_two_claimants_are_an_error() -> None:
    with pytest.raises(TwoClaimants, match="greedy, greedy"):
        claimant("x/y", (Greedy(), Greedy()))


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        (content.ENCRYPTED_OFFICE, FaultKind.PASSWORD),
        (content.XLS, FaultKind.UNREADABLE),
        (content.ODS, FaultKind.UNREADABLE),
        (content.XML_SHEET, FaultKind.UNREADABLE),
        (content.HTML, FaultKind.UNSUPPORTED),
        ("application/rtf", FaultKind.UNSUPPORTED),
        ("application/pdf", FaultKind.UNREADABLE),
        (content.XLSX, FaultKind.UNREADABLE),
    ],
)
def test_what_cannot_be_read_is_a_fault_in_its_place(media_type: str, kind: FaultKind, limits: Limits) -> None:
    document = read(part(media_type), b"xyz", limits)
    assert document.fault is not None
    assert document.fault.kind is kind
    assert (document.number, document.name, document.member, document.sha256) == (4, "甲.bin", "a/b", "ab")
    assert document.family == "unread"


@pytest.mark.parametrize("fault", [MemoryError, RecursionError])
def test_a_reader_out_of_memory_met_a_bomb(
    fault: type[BaseException], limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "claimant", lambda media_type: Greedy(fault))
    document = read(part("x/y"), b"", limits)
    assert document.fault is not None
    assert (document.fault.kind, document.reader) == (FaultKind.BOMB, "greedy")
