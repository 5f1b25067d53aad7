"""The mails of `make demo`: what a roster mailbox sees in three weeks of September 2020, in order of arrival."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tools.stories.shelf import all_stories

SHOWN: Final = re.findall(
    r"[0-9]{3}",
    "010 014 011 100 701 111 018 501 112 401 403 120 016 123 207 405 500 507 118 212 301 113 104 703 410 409 404 506",
)
"""By story number; a story of several mails gives them all."""


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A mail to deliver: its bytes, the mailbox it goes to, and its arrival."""

    raw: bytes
    address: str
    internaldate: datetime


def demo_mails() -> list[DemoMail]:
    """About thirty mails in the order of their arrival."""
    stories = {story.name[:3]: story for story in all_stories()}
    mails = [mail for number in SHOWN for mail in stories[number].mails]
    return [DemoMail(mail.raw, mail.mailbox, mail.at) for mail in sorted(mails, key=lambda mail: mail.at)]
