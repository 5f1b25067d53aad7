"""Which pictures of a mail somebody looks at, before it is judged: none of a mail that nobody judges, and none that
stands in a list which is read by its cells."""

from __future__ import annotations

from typing import Final

from mailbot.domain.document import Opened
from mailbot.domain.mail import StoredMail
from mailbot.domain.robots import robot_reason
from mailbot.domain.scan import PictureRef
from mailbot.domain.signed import Signed
from mailbot.rulebook import Rulebook
from mailbot.steps.classify import AnyKind
from mailbot.steps.house import House
from mailbot.steps.mailrules import before_start
from mailbot.steps.match import wanted

BY_CELLS: Final = "roster"
"""The kind whose documents are read by their cells: a stamp or a logo that stands in one says nothing more."""


def worth_a_look(opened: Opened, kinds: tuple[AnyKind, ...]) -> tuple[PictureRef, ...]:
    """The pictures that may say what nothing else of the mail says."""
    shown = tuple(picture for picture in opened.pictures if not picture.decoration)
    read = {document.number for document in opened.documents if document.fault is None}
    if all(picture.number not in read for picture in shown):
        return shown
    listed = {number for kind in kinds if kind.name == BY_CELLS for number in kind.claims(opened) if number in read}
    return tuple(picture for picture in shown if picture.number not in listed)


def passed_over(mail: StoredMail, opened: Opened, house: House, rules: Rulebook) -> str | None:
    """Why nobody judges a mail: a robot wrote it, or it is older than the site's work."""
    hops = rules.limits.mail.received_lines
    return robot_reason(opened.mail, house.own_addresses, hops) or before_start(mail, house.start)


def look(mail: StoredMail, opened: Opened, raw: bytes, house: House, signed: Signed | None = None) -> Opened:
    """The mail with what its pictures show. One that nobody judges is not looked at, nor a copy of one that came
    before. Raises `PortError` (retry) where nobody can look now. `signed`: `House.signed`."""
    if house.sight is None or not opened.pictures:
        return opened
    rules = house.rules()
    worth = worth_a_look(opened, house.kinds(rules))
    if not worth or passed_over(mail, opened, house, rules) is not None:
        return opened
    sender = house.sender_of(opened.mail, rules, signed)
    if house.ledger.lookups(wanted(mail, opened.mail, sender, (), house.hasher)).twin is not None:
        return opened
    seen = house.sight.look(raw, opened.model_copy(update={"pictures": worth}))
    return opened.model_copy(update={"scans": seen.scans})
