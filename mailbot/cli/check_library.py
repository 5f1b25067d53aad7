"""Known faults of this Python's mail library, told by behaviour, and the proof that the house's own guards hold.

The first two were measured on CPython 3.11.7: an encoded-word in a Subject may inject headers (CVE-2024-6923 family),
and `parseaddr` reads a sender who is somebody else (CVE-2023-27043).
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr

from mailbot.cli.checked import Fact, bad, good, warn
from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.domain.sender import plain_address
from mailbot.mime.parse import parse
from mailbot.outbound.message import Envelope, build
from mailbot.outbound.wording import reply_subject
from mailbot.readers.archives import MISSING
from mailbot.readers.guards import entities_are_refused, guarded_by

_INJECTION = "=?utf-8?B?YQ0KQmNjOiB2QHg=?="
"""A Subject that decodes to `a`, a line break and `Bcc: v@x`."""
_TWO_SENDERS = "hr@unit-a.example)evil@evil.example,hr@unit-a.example"
_LONG_ID = f"<{'a' * 90}.{'b' * 60}@mail.example.com>"
_AT = datetime(2020, 9, 1, 2, tzinfo=UTC)
_REMEDY = "take the newest patch release of Python, and do not run this one"


def library_facts(limits: Limits) -> Iterator[Fact]:
    """One fact a known fault: whether this Python has it, and whether our guard holds. A guard that does not hold is
    a FAIL whatever this Python does."""
    yield _about("headers", "an encoded Subject can inject headers", python_injects, lambda: guard_injects(limits))
    yield _about("addresses", "parseaddr reads a sender that is another's", python_misreads, guard_misreads)
    yield _about("long ids", "a long Message-ID is torn when written", python_tears, guard_tears)
    yield _xml(limits)
    yield _archives(MISSING)


def _about(about: str, fault: str, python: Callable[[], bool], guard: Callable[[], bool]) -> Fact:
    version = platform.python_version()
    if guard():
        return bad(about, f"{fault}, and mailbot's own guard does not hold on Python {version}", _REMEDY)
    if python():
        return warn(about, f"Python {version}: {fault}; mailbot's own guard holds", "a newer patch release is better")
    return good(about, f"Python {version} is not known to have the fault ({fault}); mailbot's own guard holds")


def python_injects() -> bool:
    """Whether a Subject's encoded-word makes a header of its own when this Python writes the mail."""
    mail = EmailMessage()
    mail["Subject"] = _INJECTION
    try:
        written = mail.as_bytes(policy=policy.SMTP)
    except (MessageError, ValueError):
        return False
    return message_from_bytes(written)["Bcc"] is not None


def guard_injects(limits: Limits) -> bool:
    """Whether that Subject, read by us and answered by us, makes a header."""
    raw = f"From: a@example.com\r\nTo: b@example.com\r\nSubject: {_INJECTION}\r\n\r\nx\r\n".encode()
    subjects = [reply_subject(parse(raw, limits.mail).mail.subject, 60), reply_subject(_INJECTION, 60), "a\r\nBcc: v@x"]
    return any(_written(subject)["Bcc"] is not None for subject in subjects)


def python_misreads() -> bool:
    """Whether `parseaddr` makes one plain address of two senders."""
    return parseaddr(_TWO_SENDERS)[1] != ""


def guard_misreads() -> bool:
    """Whether our own grammar does."""
    return plain_address(_TWO_SENDERS) is not None


def python_tears() -> bool:
    """Whether a long Message-ID comes back otherwise than it was set."""
    mail = EmailMessage()
    mail["In-Reply-To"] = _LONG_ID
    written = message_from_bytes(mail.as_bytes(policy=policy.SMTP))
    return str(written["In-Reply-To"]).strip() != _LONG_ID


def guard_tears() -> bool:
    """Whether ours does."""
    written = _written("x", answers=_LONG_ID)
    return str(written["In-Reply-To"]).strip() != _LONG_ID


def _written(subject: str, answers: str | None = None) -> EmailMessage | dict[str, None]:
    """A letter of ours as a receiver reads it; nothing where it was refused, which is as good."""
    envelope = Envelope("a@example.com", "b@example.com", subject, "<c@example.com>", _AT, "auto-replied", "", answers)
    try:
        raw = build(envelope, "x\n", ())
    except PortError:
        return {"Bcc": None}
    return message_from_bytes(raw, policy=policy.SMTP)


def _xml(limits: Limits) -> Fact:
    """Whether the workbook reader refuses entities (billion laughs, external files)."""
    if not entities_are_refused(limits):
        remedy = "install defusedxml and lxml beside openpyxl (make setup does)"
        return bad("xml", "the workbook reader expands XML entities", remedy)
    return good("xml", f"the workbook reader refuses XML entities ({guarded_by()})")


def _archives(missing: str | None) -> Fact:
    """Whether zip, rar and 7z can be opened; without the library every archive is for a person."""
    if missing:
        return warn("archives", f"no archive can be opened ({missing})", "install libarchive13 (make setup does)")
    return good("archives", "zip, rar, 7z and tar archives are opened")
