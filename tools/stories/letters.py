"""Stories 550 to 559: mails that would have our answer say or reach something else than was meant."""

from __future__ import annotations

from tools.stories import units
from tools.stories.clients import FOXMAIL, NETEASE
from tools.stories.containers import book, good, roster, sent
from tools.stories.model import Arrived, story
from tools.stories.post import File

FILE = "报名名单.xlsx"


@story("550-subject-of-broken-encoded-words")
def _() -> Arrived:
    """A subject that no charset can decode, with half a character and a lone surrogate in it: the answer is clean."""
    sheet = roster(units.HOSPITAL, 2700, 3)
    odd = b"=?x-unknown?Q?=D0=BC?= =?utf-8?B?7aCA?= =?utf-8?Q?=E5=90?= =?gb2312?B?sajD+w==?="
    return sent(units.HOSPITAL, [File(FILE, book(sheet))], good(sheet), raw_subject=odd, client=NETEASE)


@story("551-a-crowd-in-copy")
def _() -> Arrived:
    """Thirty colleagues stand in copy: the answer, with the names of people in it, goes to the sender alone."""
    sheet = roster(units.PRIMARY, 2710, 3)
    crowd = ", ".join(f"colleague{number}@{units.PRIMARY.address.rpartition('@')[2]}" for number in range(30))
    return sent(units.PRIMARY, [File(FILE, book(sheet))], good(sheet), extra=(("Cc", crowd),))


@story("552-a-receipt-is-wanted-elsewhere")
def _() -> Arrived:
    """Receipts are asked for, to another address: none is sent, and the one answer goes to the sender."""
    sheet = roster(units.DESIGN, 2720, 2)
    elsewhere = "collector@elsewhere.example"
    wanted = (
        ("Disposition-Notification-To", elsewhere),
        ("Return-Receipt-To", elsewhere),
        ("X-Confirm-Reading-To", elsewhere),
    )
    return sent(units.DESIGN, [File(FILE, book(sheet))], good(sheet), extra=wanted, client=FOXMAIL)
