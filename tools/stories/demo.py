"""The mails of `make demo`: what a roster mailbox sees in three weeks of September 2020, in order of arrival."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tools.stories.shelf import all_stories

SHOWN: Final = re.findall(
    r"[0-9]{3}",
    "014 016 104 118 111 501 500 504 505 506 212 214 018 507 010 116 400 402 403 405 "
    "411 409 412 301 123 011 100 207 112 120 703",
)
"""By story number; a story of several mails gives them all."""
APART: Final = timedelta(minutes=23)


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A mail to deliver: its bytes, the mailbox it goes to, and its arrival."""

    raw: bytes
    address: str
    internaldate: datetime


def demo_mails() -> list[DemoMail]:
    """About thirty mails in the order of their arrival. Stories that begin in the same minute are told one after the
    other."""
    stories = {story.name[:3]: story for story in all_stories()}
    begun: Counter[datetime] = Counter()
    mails: list[DemoMail] = []
    for story in (stories[number] for number in SHOWN):
        late = APART * begun[story.mails[0].at]
        begun[story.mails[0].at] += 1
        mails += [DemoMail(mail.raw, mail.mailbox, mail.at + late) for mail in story.mails]
    return sorted(mails, key=lambda mail: mail.internaldate)
