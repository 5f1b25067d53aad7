"""Whether pictures can be read: a picture of our own goes the whole way, from a mail to its lines."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from time import monotonic

from mailbot.assembly import can_read, sight
from mailbot.cli.checked import Fact, bad, good, warn
from mailbot.cli.read_pictures import Nothing
from mailbot.clock import SystemClock
from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.opening import open_mail
from mailbot.sight_boxes import sample
from mailbot.sight_develop import HEIC

_REMEDY = "install rapidocr with onnxruntime, or tesseract with pytesseract (make setup does)"


def sight_facts(limits: Limits) -> Iterator[Fact]:
    """Whether pictures are read, and whether the photos of newer telephones can be opened."""
    if not can_read():
        yield warn("pictures", "no picture is read: what stands on one is for a person", _REMEDY)
        return
    yield _reading(limits)
    if not HEIC:
        yield warn("pictures", "HEIC photos cannot be opened and go to a person", "install pillow-heif")


def _reading(limits: Limits) -> Fact:
    data, words = sample()
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "check", "check@example.invalid", "check@example.invalid"
    mail.set_content("")
    mail.add_attachment(data, maintype="image", subtype="png", filename="check.png")
    raw, start = mail.as_bytes(), monotonic()
    try:
        with sight(limits, Nothing(), SystemClock()) as found:
            scans = found.look(raw, open_mail(raw, limits)).scans
    except PortError as fault:
        return bad("pictures", str(fault), _REMEDY)
    text = "".join(scan.text for scan in scans)
    broken = next((scan for scan in scans if scan.fault is not None), None)
    if broken is not None or not all(word in text for word in words):
        why = "it reads otherwise" if broken is None else f"{broken.fault}: {broken.detail}"
        return bad("pictures", f"a picture of our own was not read ({why})", _REMEDY)
    engine = scans[0].engine
    return good("pictures", f"a picture of our own is read in {monotonic() - start:.1f} s with its start ({engine})")
