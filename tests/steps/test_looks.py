"""Which pictures are looked at: none of a mail that nobody judges or that came before, none inside a list of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from mailbot.domain.document import Document, Fault, FaultKind, Opened
from mailbot.domain.mail import Arrival, Mail, MailState, StoredMail
from mailbot.domain.scan import PictureRef, Scan
from mailbot.steps import looks
from mailbot.steps.classify import AnyKind
from mailbot.steps.house import House


def ref(number: int, *, decoration: bool = False) -> PictureRef:
    return PictureRef(number=number, sha256=f"{number}", size=1, type="image/png", name="a", decoration=decoration)


def document(number: int, fault: FaultKind | None = None) -> Document:
    return Document(
        number=number, name="a", sha256="0", family="workbook", fault=None if fault is None else Fault(kind=fault)
    )


@dataclass
class Claims:
    """A kind of which only its claims are asked."""

    name: str
    parts: frozenset[int]

    def claims(self, opened: Opened) -> frozenset[int]:
        return self.parts


def kinds(*found: Claims) -> tuple[AnyKind, ...]:
    return cast("tuple[AnyKind, ...]", found)


def worth(opened: Opened, *found: Claims) -> list[int]:
    return [picture.number for picture in looks.worth_a_look(opened, kinds(*found))]


def test_decorations_are_not_worth_a_look() -> None:
    opened = Opened(mail=Mail(), pictures=(ref(1, decoration=True), ref(2)))
    assert worth(opened) == [2]


def test_a_stamp_inside_a_roster_is_not_but_a_screenshot_beside_it_is() -> None:
    opened = Opened(mail=Mail(), documents=(document(1),), pictures=(ref(1), ref(2)))
    assert worth(opened, Claims("roster", frozenset({1}))) == [2]


def test_pictures_inside_any_other_document_are() -> None:
    opened = Opened(mail=Mail(), documents=(document(1), document(3)), pictures=(ref(1), ref(3)))
    assert worth(opened, Claims("roster", frozenset()), Claims("payment_proof", frozenset({1}))) == [1, 3]


def test_a_scanned_roster_is_looked_at_though_it_is_claimed() -> None:
    opened = Opened(mail=Mail(), documents=(document(1, FaultKind.OCR_ONLY),), pictures=(ref(1),))
    assert worth(opened, Claims("roster", frozenset({1}))) == [1]


@dataclass
class Eye:
    """Looks, and remembers at what."""

    asked: list[list[int]] = field(default_factory=list)

    def look(self, raw: bytes, opened: Opened) -> Opened:
        assert raw == b"raw"
        self.asked.append([picture.number for picture in opened.pictures])
        scans = tuple(Scan(number=picture.number, sha256=picture.sha256) for picture in opened.pictures)
        return opened.model_copy(update={"scans": scans})


NOW = datetime(2020, 10, 12, 9, 0, tzinfo=UTC)
MAIL = StoredMail(1, Arrival("a", "INBOX", 1, 1, NOW), "b@example.cn", "0", 1, MailState.WORKING, 1)


def house(eye: Eye | None, twin: int | None = None, start: datetime | None = None) -> House:
    limits = SimpleNamespace(mail=SimpleNamespace(received_lines=50))
    made = SimpleNamespace(
        sight=eye,
        start=start,
        own_addresses=frozenset({"b@example.cn"}),
        rules=lambda: SimpleNamespace(limits=limits),
        kinds=lambda _: kinds(Claims("roster", frozenset({1}))),
        sender_of=lambda *_: SimpleNamespace(address="a@example.cn", name=""),
        hasher=SimpleNamespace(search=lambda text: text),
        ledger=SimpleNamespace(lookups=lambda _: SimpleNamespace(twin=twin)),
    )
    return cast("House", made)


SHOWN = Opened(
    mail=Mail(from_values=("a@example.cn",)),
    documents=(document(1),),
    pictures=(ref(1), ref(2), ref(3, decoration=True)),
)


def test_only_what_is_worth_it_is_looked_at_and_the_mail_keeps_its_pictures() -> None:
    eye = Eye()
    seen = looks.look(MAIL, SHOWN, b"raw", house(eye))
    assert eye.asked == [[2]]
    assert [scan.number for scan in seen.scans] == [2]
    assert seen.pictures == SHOWN.pictures


@pytest.mark.parametrize(
    "opened",
    [
        Opened(mail=Mail()),
        Opened(mail=Mail(), pictures=(ref(3, decoration=True),)),
        Opened(mail=Mail(), documents=(document(1),), pictures=(ref(1),)),
        SHOWN.model_copy(update={"mail": Mail(headers={"auto-submitted": ("auto-replied",)})}),
    ],
    ids=["none", "a logo", "a stamp in a roster", "a robot's"],
)
def test_nobody_looks(opened: Opened) -> None:
    eye = Eye()
    assert looks.look(MAIL, opened, b"raw", house(eye)) is opened
    assert eye.asked == []


def test_nobody_looks_at_a_copy() -> None:
    eye = Eye()
    assert looks.look(MAIL, SHOWN, b"raw", house(eye, twin=7)) is SHOWN
    assert eye.asked == []


def test_nobody_looks_at_a_mail_from_before_the_start() -> None:
    eye = Eye()
    assert looks.look(MAIL, SHOWN, b"raw", house(eye, start=datetime(2020, 11, 1, tzinfo=UTC))) is SHOWN
    assert eye.asked == []


def test_without_anybody_who_reads_the_mail_stays_as_it_is() -> None:
    assert looks.look(MAIL, SHOWN, b"raw", house(None)) is SHOWN
