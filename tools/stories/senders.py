"""Stories 300 to 309: who wrote, and whether that can be believed. A good roster of a doubtful sender stands still."""

from __future__ import annotations

from typing import Final

from tools.stories import units
from tools.stories.cells import rows
from tools.stories.clients import FOXMAIL, NETEASE, OUTLOOK, QQ, Client
from tools.stories.model import Arrived, story
from tools.stories.people import people
from tools.stories.post import Auth
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission
from tools.stories.units import Unit

UNVERIFIED: Final = ("sender.unverified",)


def _doubted(unit: Unit, first: int, auth: Auth, client: Client) -> Arrived:
    sheet = Sheet(unit, rows(people(first, 3)))
    return Submission((sheet,), "hold", "held", UNVERIFIED, client=client, mail={"auth": auth}).arrived()


@story("300-no-authentication-results")
def _() -> Arrived:
    """Our own server said nothing about the sender: a person looks, nobody is registered."""
    return _doubted(units.PRIMARY, 700, "none", QQ)


@story("301-forged-results-below-ours")
def _() -> Arrived:
    """Our server says fail; the sender wrote a pass in our name below it: the topmost counts."""
    return _doubted(units.HOSPITAL, 704, "forged", NETEASE)


@story("302-results-of-another-server")
def _() -> Arrived:
    """A pass under another server's name says nothing to us."""
    return _doubted(units.DESIGN, 708, "foreign", OUTLOOK)


@story("303-pass-for-another-domain")
def _() -> Arrived:
    """SPF and DKIM pass for a sending service, not for the domain in From."""
    return _doubted(units.MACHINES, 712, "unaligned", FOXMAIL)


@story("304-authentication-failed")
def _() -> Arrived:
    """Our server says that the mail is not from where it says."""
    return _doubted(units.WATER, 716, "fail", OUTLOOK)


@story("305-two-from-headers")
def _() -> Arrived:
    """Two From headers: nobody knows whom to answer, so nobody is answered."""
    sheet = Sheet(units.HIGH_SCHOOL, rows(people(720, 3)))
    froms = ("cq98zx@qq.com", "renshi@beilu-college.edu.cn")
    wanted = Submission(
        (sheet,), "hold", "held", ("sender.ambiguous",), at_least=True, letters=0, mail={"froms": froms}
    )
    return wanted.arrived()


@story("306-two-addresses-in-from")
def _() -> Arrived:
    """One From with two addresses is as ambiguous as two."""
    sheet = Sheet(units.COLLEGE, rows(people(724, 3)))
    froms = ("hr@beilu-college.edu.cn, someone@beilu-college.edu.cn",)
    wanted = Submission(
        (sheet,), "hold", "held", ("sender.ambiguous",), at_least=True, letters=0, mail={"froms": froms}
    )
    return wanted.arrived()


@story("307-domain-that-imitates-ours")
def _() -> Arrived:
    """A domain one letter beside our own, verified as itself: a person looks."""
    sheet = Sheet(units.SURVEY, rows(people(728, 3)))
    wanted = Submission(
        (sheet,), "hold", "held", ("sender.lookalike",), letters=None, mail={"address": "2020gxkm@cqhrps.com"}
    )
    return wanted.arrived()


@story("308-display-name-with-an-address")
def _() -> Arrived:
    """Another address as the display name: whatever is decided, no address but the real one is answered."""
    sheet = Sheet(units.LIBRARY, rows(people(732, 3)))
    froms = ('"renshi@yuzhong-edu.example" <yunchuang@icloud.com>',)
    return Submission((sheet,), None, None, None, letters=None, mail={"froms": froms}).arrived()


@story("309-reply-to-elsewhere")
def _() -> Arrived:
    """A Reply-To in another domain is not followed: a person looks, and the answer goes to the verified From."""
    sheet = Sheet(units.CLINIC, rows(people(736, 3)))
    extra = (("Reply-To", "collector@mailer-cloud.example"),)
    codes = ("sender.reply_elsewhere",)
    wanted = Submission((sheet,), "hold", "held", codes, client=NETEASE, mail={"extra": extra})
    return wanted.arrived()
