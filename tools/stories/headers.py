"""Stories 200 to 219: what is said about the header, the sheet and the file as a whole."""

from __future__ import annotations

from typing import Final

from tools.stories import units
from tools.stories.broken import bomb_xlsx, encrypted_xlsx, truncated
from tools.stories.cells import Row, rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK, QQ
from tools.stories.model import Arrived, CaseTruth, Truth, story
from tools.stories.people import people
from tools.stories.post import Draft, File, when
from tools.stories.sheets import FORM_NOTES, Sheet, lay
from tools.stories.submit import FILE, TEXT, Submission, arrive
from tools.stories.units import Unit

OLD_TITLE: Final = "重庆市2019年专业技术人员公需科目培训\n学员报名名单"


@story("200-unit-missing")
def _() -> Arrived:
    """The line of the unit is empty: asked for, and the people go ahead."""
    sheet = Sheet(units.PRIMARY, rows(people(500, 4)), header={"unit": None})
    return Submission((sheet,), "partial", "awaiting_sender", ("header.unit_missing",)).arrived()


@story("201-order-missing")
def _() -> Arrived:
    """No order number: asked for, and the people go ahead."""
    sheet = Sheet(units.HOSPITAL, rows(people(505, 4)), header={"order_no": None})
    wanted = Submission((sheet,), "partial", "awaiting_sender", ("header.order_missing",), client=NETEASE)
    return wanted.arrived()


@story("202-order-stored-as-a-number")
def _() -> Arrived:
    """Sixteen digits in a number cell: the order number has lost its last one for good."""
    sheet = Sheet(units.DESIGN, rows(people(510, 4)), labels="beside", header={"order_no": 2.020070312345678e15})
    codes = ("header.order_precision_lost",)
    return Submission((sheet,), "partial", "awaiting_sender", codes, at_least=True, client=OUTLOOK).arrived()


@story("203-two-orders")
def _() -> Arrived:
    """Two order numbers: a person looks, both are shown."""
    two = [units.COLLEGE.order_no, units.BUREAU.order_no]
    sheet = Sheet(units.COLLEGE, rows(people(515, 4)), header={"order_no": "、".join(two)})
    codes = ("header.order_several",)
    return Submission((sheet,), "partial", "held", codes, header={"order_no": two}, client=COREMAIL).arrived()


@story("204-tax-number-repaired")
def _() -> Arrived:
    """Small letters and spaces in the taxpayer number are mended."""
    own = units.MACHINES.tax_id
    sheet = Sheet(units.MACHINES, rows(people(520, 3)), header={"tax_id": f"{own[:8].lower()} {own[8:].lower()}"})
    codes = ("tax_id.case_or_space",)
    wanted = Submission((sheet,), "accept_with_fixes", "fulfilled", codes, header={"tax_id": own}, client=FOXMAIL)
    return wanted.arrived()


@story("205-tax-number-with-wrong-check")
def _() -> Arrived:
    """A taxpayer number whose check character is wrong: the people go ahead, a person looks."""
    own = units.WATER.tax_id
    sheet = Sheet(units.WATER, rows(people(525, 3)), header={"tax_id": own[:17] + ("A" if own[17] != "A" else "B")})
    return Submission((sheet,), "partial", "held", ("tax_id.checksum",), client=OUTLOOK).arrived()


@story("206-old-tax-number")
def _() -> Arrived:
    """A taxpayer number of 15 digits is noted and stops nobody."""
    sheet = Sheet(units.SURVEY, rows(people(530, 3)), header={"tax_id": "500103450900217"})
    notes = ("tax_id.legacy15",)
    wanted = Submission(
        (sheet,), "accept", "fulfilled", notes=notes, header={"tax_id": "500103450900217"}, client=FOXMAIL
    )
    return wanted.arrived()


@story("207-total-contradicts")
def _() -> Arrived:
    """The total says twelve, ten stand there: nobody is registered before a person has looked."""
    sheet = Sheet(units.HIGH_SCHOOL, rows(people(535, 10)), tail=("合计：12人", *FORM_NOTES))
    return Submission((sheet,), "hold", "held", ("count.mismatch",)).arrived()


@story("208-no-heading")
def _() -> Arrived:
    """A table without a heading: the columns are guessed, so a person confirms them."""
    sheet = Sheet(units.KINDERGARTEN, rows(people(546, 6)), headless=True, labels="beside", tail=())
    return Submission((sheet,), "hold", "held", ("header.inferred",), client=NETEASE).arrived()


@story("209-form-of-2019")
def _() -> Arrived:
    """The form of last year: a person looks before anybody is registered for this one."""
    sheet = Sheet(units.CLINIC, rows(people(553, 4)), title=OLD_TITLE)
    return Submission((sheet,), None, "held", ("roster.other_year",), opened=None, client=NETEASE).arrived()


@story("210-blank-form")
def _() -> Arrived:
    """The blank form itself came back: the sender is asked for the filled one."""
    labels = dict.fromkeys(("unit", "contact", "contact_phone", "tax_id", "order_no"))
    sheet = Sheet(units.LIBRARY, (), empty=16, header=dict(labels))
    wanted = Submission((sheet,), "ask", "awaiting_sender", ("roster.empty",), at_least=True)
    return wanted.arrived()


@story("211-hidden-old-sheet")
def _() -> Arrived:
    """A hidden sheet with another list beside the roster: nobody of it is registered by itself."""
    sheet = Sheet(units.POWER, rows(people(560, 4)), name="2020报名名单")
    left = tuple(Row(one, "hold", ("row.hidden",)) for one in people(565, 3))
    old = lay(Sheet(units.POWER, left, name="旧", visible=False, tail=()))
    wanted = Submission((sheet,), "accept", "fulfilled", client=FOXMAIL, others=(old,))
    hidden = CaseTruth("hold", "held", ((old, left),), codes=None, opened=0, sheet="旧")
    return arrive(wanted.draft(), Truth(("done",), (wanted.truth(), hidden), 1, units.POWER.address))


def _file(unit: Unit, name: str, data: bytes, truth: CaseTruth, at: str = "2020-09-15 09:40") -> Arrived:
    draft = Draft(
        address=unit.address,
        name=unit.contact,
        subject="公需科目名单",
        text=TEXT.format(unit=unit.name, contact=unit.contact),
        at=when(at),
        files=(File(name, data),),
        client=QQ,
    )
    return arrive(draft, Truth(("done",), (truth,), 1, unit.address, subject="公需科目名单", files=(name,)))


def _asks(code: str) -> CaseTruth:
    return CaseTruth("ask", "awaiting_sender", codes=(code,), opened=0, at_least=True)


@story("212-password")
def _() -> Arrived:
    """A workbook with a password: the sender is asked for one without."""
    return _file(units.PRIMARY, "名单（加密）.xlsx", encrypted_xlsx(), _asks("file.password_needed"))


@story("213-truncated-workbook")
def _() -> Arrived:
    """A workbook that was cut off on its way: the sender is asked to send it again."""
    whole = Submission((Sheet(units.PRIMARY, rows(people(570, 30))),), "accept", "fulfilled").attachment()
    return _file(units.PRIMARY, FILE, truncated(whole.data), _asks("file.unreadable"))


@story("214-bomb-workbook")
def _() -> Arrived:
    """A workbook that unpacks to 120 megabytes: stopped, and a person looks."""
    truth = CaseTruth("hold", "held", codes=("file.bomb",), opened=0, at_least=True)
    return _file(units.HOSPITAL, FILE, bomb_xlsx(), truth)


@story("215-orders-without-a-row")
def _() -> Arrived:
    """Only a heading, labels filled in, nobody below: the roster is empty."""
    sheet = Sheet(units.MUSEUM, (), empty=16)
    wanted = Submission((sheet,), "ask", "awaiting_sender", ("roster.empty",), client=NETEASE)
    return wanted.arrived()


@story("216-unit-and-order-missing")
def _() -> Arrived:
    """Two gaps in the header are asked for in one letter."""
    sheet = Sheet(units.BUREAU, rows(people(575, 3)), drop=("unit", "order_no"))
    codes = ("header.order_missing", "header.unit_missing")
    return Submission((sheet,), "partial", "awaiting_sender", codes, client=FOXMAIL).arrived()
