"""Stories 500 to 519: the same thing twice, two things at once, the wrong mailbox. Nobody is registered twice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from tools.stories import units
from tools.stories.books import xlsx
from tools.stories.cells import Row, rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK
from tools.stories.model import Arrived, CaseTruth, Truth, story
from tools.stories.people import Person, people, wrong_check
from tools.stories.post import PROOF_BOX, ROSTER_BOX, File, post, when
from tools.stories.sheets import Sheet, lay
from tools.stories.submit import TEXT, Submission, arrive, known_header

submission = partial(Submission, at="2020-09-14 10:12")
COPY: Final = Truth(("ignored",), (), 0, twin=True)
AGAIN: Final = Truth(("done",), None, None)
"""A roster that came before, in a new mail: whatever is answered, nobody is registered twice."""


@story("500-same-bytes-twice")
def _() -> tuple[Arrived, ...]:
    """The very same bytes again: a copy, told as such, without case or letter."""
    first = submission((Sheet(units.PRIMARY, rows(people(770, 4))),), "accept", "fulfilled").arrived()
    return first, replace(first, at=when("2020-09-14 10:20"), truth=COPY)


@story("501-resent-in-a-new-mail")
def _() -> tuple[Arrived, ...]:
    """The same workbook in a new mail next day: answered perhaps, done nothing twice."""
    first = submission((Sheet(units.HOSPITAL, rows(people(775, 4))),), "accept", "fulfilled", client=NETEASE)
    again = replace(
        first.draft(),
        at=when("2020-09-15 09:05"),
        subject="再发一次：公需科目名单",
        text="昨天的邮件不知收到没有，再发一次。",
    )
    return first.arrived(), arrive(again, AGAIN)


@story("502-copy-in-both-mailboxes")
def _() -> tuple[Arrived, ...]:
    """One mail to both mailboxes: two deliveries, one case, the second is a copy."""
    both = (ROSTER_BOX, PROOF_BOX)
    wanted = submission((Sheet(units.COLLEGE, rows(people(780, 5))),), "accept", "fulfilled", client=COREMAIL)
    first = replace(wanted, mail={"to": both}).arrived()
    draft = replace(wanted.draft(), to=both, delivered_to=PROOF_BOX)
    return first, arrive(draft, COPY)


@story("503-reply-with-a-corrected-workbook")
def _() -> tuple[Arrived, ...]:
    """Two rows came back corrected, in the whole workbook: only those two are still done."""
    staff = people(790, 6)
    bad = (
        Row(staff[4], "ask", ("id.checksum",), id_number=wrong_check(staff[4].id_number)),
        Row(staff[5], "ask", ("phone.missing",), phone=None, unknown=("phone",)),
    )
    first = submission((Sheet(units.DESIGN, (*rows(staff[:4]), *bad)),), "partial", "awaiting_sender", client=OUTLOOK)
    again = submission((Sheet(units.DESIGN, rows(staff)),), "accept", "fulfilled", client=OUTLOOK)
    draft = replace(
        again.draft(),
        at=when("2020-09-15 16:00"),
        subject="答复: 公需科目报名名单",
        text="已更正，请查收。",
        answers=first.draft().own_id(),
    )
    corrected = replace(again.truth(), opened=None, version=2)
    return first.arrived(), arrive(draft, Truth(("done",), (corrected,), 1, draft.address))


@story("504-two-rosters-in-one-mail")
def _() -> Arrived:
    """Two workbooks of two departments of one unit in one mail: two cases, one letter."""
    one = submission((Sheet(units.MACHINES, rows(people(800, 3))),), "accept", "fulfilled", file="一车间名单.xlsx")
    two = submission((Sheet(units.MACHINES, rows(people(804, 4))),), "accept", "fulfilled", file="二车间名单.xlsx")
    draft = replace(one.draft(), files=(one.attachment(), two.attachment()), client=FOXMAIL)
    return arrive(draft, Truth(("done",), (one.truth(), two.truth()), 1, draft.address))


@story("505-two-units-in-one-workbook")
def _() -> Arrived:
    """A town sends the rosters of two units as two sheets of one workbook: two cases, one letter."""
    sheets = (
        Sheet(units.CLINIC, rows(people(810, 3)), name="卫生院"),
        Sheet(units.KINDERGARTEN, rows(people(814, 3)), name="幼儿园"),
    )
    base = submission((sheets[0],), "accept", "fulfilled", client=NETEASE).draft()
    cases = tuple(
        CaseTruth("accept", "fulfilled", ((lay(sheet), sheet.rows),), known_header(sheet), opened=3, sheet=sheet.name)
        for sheet in sheets
    )
    files = (File("两单位名单.xlsx", xlsx([lay(sheet) for sheet in sheets])),)
    return arrive(replace(base, files=files), Truth(("done",), cases, 1, base.address))


@story("506-roster-to-the-proof-mailbox")
def _() -> Arrived:
    """A roster in the other mailbox is handled like any other."""
    mail: dict[str, object] = {"to": (PROOF_BOX,), "delivered_to": PROOF_BOX}
    wanted = submission((Sheet(units.BUREAU, rows(people(820, 4))),), "accept", "fulfilled", client=FOXMAIL, mail=mail)
    return wanted.arrived()


@story("507-one-person-in-two-units")
def _() -> tuple[Arrived, ...]:
    """Two units name one person: the account is opened once."""
    shared = people(826, 1)
    first = submission((Sheet(units.PRIMARY, rows((*shared, *people(828, 2)))),), "accept", "fulfilled")
    typed = rows((*shared, *people(831, 2)))
    second = submission((Sheet(units.HIGH_SCHOOL, typed),), "accept", "fulfilled", at="2020-09-15 11:00")
    truth = Truth(("done",), (replace(second.truth(), opened=None),), 1, units.HIGH_SCHOOL.address)
    return first.arrived(), replace(second.arrived(), truth=truth)


@story("508-phone-of-somebody-else")
def _() -> tuple[Arrived, ...]:
    """A second roster gives another person the phone that opened an account: no account for a wrong person."""
    owner, other, third = people(835, 3)
    thief = Person(other.name, other.id_number, owner.phone)
    first = submission((Sheet(units.PRIMARY, rows((owner,))),), "accept", "fulfilled")
    typed = (Row(thief, "hold", ("person.identity_conflict",), at_least=True), *rows((third,)))
    second = submission((Sheet(units.LIBRARY, typed),), "partial", "held", at="2020-09-16 10:00")
    return first.arrived(), second.arrived()


@story("509-one-message-id-two-contents")
def _() -> tuple[Arrived, ...]:
    """Two different rosters under one Message-ID: both are done, neither is lost."""
    mail: dict[str, object] = {"message_id": "<roster.2020@linxi-water.example>"}
    first = submission((Sheet(units.WATER, rows(people(840, 3))),), "accept", "fulfilled", client=OUTLOOK, mail=mail)
    second = submission(
        (Sheet(units.WATER, rows(people(845, 3))),),
        "accept",
        "fulfilled",
        client=OUTLOOK,
        mail=mail,
        at="2020-09-14 15:00",
        subject="第二批名单",
        file="第二批.xlsx",
    )
    return first.arrived(), second.arrived()


@story("510-order-of-another-unit")
def _() -> tuple[Arrived, ...]:
    """A second unit names the order number that another unit's roster came with: a person looks."""
    first = submission((Sheet(units.PRIMARY, rows(people(850, 2))),), "accept", "fulfilled")
    order = units.PRIMARY.order_no
    second = submission(
        (Sheet(units.MUSEUM, rows(people(853, 2)), header={"order_no": order}),),
        "hold",
        "held",
        ("order.other_unit",),
        header={"order_no": order},
        at="2020-09-17 09:00",
    )
    return first.arrived(), second.arrived()


@story("511-no-message-id-resent")
def _() -> tuple[Arrived, ...]:
    """The same mail without any Message-ID twice: the bytes tell."""
    wanted = submission((Sheet(units.SURVEY, rows(people(856, 3))),), "accept", "fulfilled", client=FOXMAIL)
    raw = post(wanted.draft())
    lines = [line for line in raw.split(b"\r\n") if not line.startswith(b"Message-ID:")]
    first = replace(wanted.arrived(), raw=b"\r\n".join(lines))
    return first, replace(first, at=when("2020-09-14 11:00"), truth=COPY)


@story("512-addition-later")
def _() -> tuple[Arrived, ...]:
    """A second roster of the same unit with other people: added, the first ones stay as they are."""
    first = submission((Sheet(units.POWER, rows(people(860, 3))),), "accept", "fulfilled", client=FOXMAIL)
    second = replace(
        first,
        sheets=(Sheet(units.POWER, rows(people(864, 2))),),
        at="2020-09-21 10:00",
        subject="补充名单",
        text="补充两人，订单号同前。" + TEXT,
    )
    return first.arrived(), second.arrived()
