"""A generated roster in a mail, opened as the product opens it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from email.message import EmailMessage

from mailbot.domain.document import Opened
from mailbot.opening import open_mail
from tools.rosters.formats import FLAT, TYPED, page
from tools.rosters.judge import limits
from tools.rosters.model import Roster

BODY = "body"
"""The format of a table that is pasted into the mail's own text."""


@dataclass(frozen=True)
class File:
    """One roster as it is sent; `sheets`: whether its format gives sheets their names. Without a name it is the mail's
    own body."""

    name: str
    data: bytes
    sheets: bool = True


def as_format(roster: Roster, seed: int) -> File:
    """The roster in one of the formats that hold it, by its seed."""
    rng = random.Random(f"format {seed}")  # noqa: S311 - samples, not secrets
    if roster.flat and rng.random() < 0.6:
        chosen = rng.choice([*sorted(FLAT), BODY])
        return in_format(roster, chosen)
    return in_format(roster, rng.choice(["xlsx", "xlsx", "xls"]))


def in_format(roster: Roster, name: str) -> File:
    """The roster in this format."""
    if name == BODY:
        return File("", page(roster).encode(), sheets=False)
    file, write = {**TYPED, **FLAT}[name]
    return File(file, write(roster), sheets=name in TYPED)


def opened(file: File) -> Opened:
    """The mail with this file, opened."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hr@unit.example", "2020gxkm@cqhrsp.com", "公需科目"
    mail.set_content("您好，名单请查收。")
    if file.name:
        mail.add_attachment(file.data, maintype="application", subtype="octet-stream", filename=file.name)
    else:
        mail.add_alternative(file.data.decode(), subtype="html")
    return open_mail(mail.as_bytes(), limits())
