"""Stories 110 to 119: rows that go back to the sender, while the good ones go ahead."""

from __future__ import annotations

from typing import Final

from tools.stories import units
from tools.stories.cells import Formula, Row, rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK, WPS
from tools.stories.model import Arrived, story
from tools.stories.people import Person, id_number, of, people, person, wrong_check
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission

PARTIAL: Final = ("partial", "awaiting_sender")


def _ask(one: Person, code: str, **cells: object) -> Row:
    return Row(one, "ask", (code,), **cells)  # type: ignore[arg-type]  # cells by column, as Row has them


@story("110-names-to-correct")
def _() -> Arrived:
    """No name, a character that a system lost, signs that stand in no name."""
    typed = (
        *rows(people(300, 3)),
        _ask(person(303), "name.missing", name=None, unknown=("name",)),
        _ask(person(304), "name.lost_char", name="邓?梅"),
        _ask(person(305), "name.lost_char", name="向□娟"),
        _ask(person(306), "name.illegal_char", name="荀3敏"),
    )
    sheet = Sheet(units.HOSPITAL, typed)
    return Submission((sheet,), *PARTIAL, client=NETEASE).arrived()


@story("111-id-numbers-to-correct")
def _() -> Arrived:
    """Every way a number can be wrong that its sender can put right."""
    staff = people(310, 11)
    number = [one.id_number for one in staff]
    typed = (
        *rows(staff[:2]),
        _ask(staff[2], "id.missing", id_number=None, unknown=("id_number",)),
        _ask(staff[3], "id.length", id_number=number[3][:17]),
        _ask(staff[4], "id.length", id_number=number[4] + "1"),
        _ask(staff[5], "id.charset", id_number=number[5][:9] + "O" + number[5][10:]),
        _ask(staff[6], "id.checksum", id_number=wrong_check(number[6])),
        _ask(staff[7], "id.birth_invalid", id_number=id_number("50010319850230012")),
        _ask(staff[8], "id.birth_invalid", id_number=id_number("50010320300101012")),
        _ask(staff[9], "id.fifteen_digit", id_number=number[9][:6] + number[9][8:17]),
        _ask(staff[10], "id.masked", id_number=number[10][:6] + "********" + number[10][14:], unknown=("id_number",)),
    )
    sheet = Sheet(units.MACHINES, typed)
    return Submission((sheet,), *PARTIAL, client=FOXMAIL).arrived()


@story("112-id-numbers-stored-as-numbers")
def _() -> Arrived:
    """Number cells and scientific text have lost their last digits for good: never repaired."""
    staff = people(325, 5)
    lost = [float(int(one.id_number[:15] + "000")) if one.id_number[:17].isdigit() else 0.0 for one in staff]
    typed = (
        _ask(staff[0], "id.precision_lost", id_number=lost[0], unknown=("id_number",)),
        _ask(staff[1], "id.precision_lost", id_number=lost[1], unknown=("id_number",)),
        _ask(staff[2], "id.precision_lost", id_number=f"{lost[2]:.5E}", unknown=("id_number",)),
        *rows(staff[3:]),
    )
    sheet = Sheet(units.CLINIC, typed)
    return Submission((sheet,), *PARTIAL, client=NETEASE).arrived()


@story("113-csv-with-lost-digits")
def _() -> Arrived:
    """A csv that a spreadsheet saved: zeros behind the fifteenth digit, or scientific text."""
    staff = people(335, 4)
    typed = (
        _ask(staff[0], "id.precision_lost", id_number=staff[0].id_number[:15] + "000", unknown=("id_number",)),
        _ask(staff[1], "id.precision_lost", id_number="5.00103E+17", unknown=("id_number",)),
        *rows(staff[2:]),
    )
    sheet = Sheet(units.SURVEY, typed, labels="beside", tail=())
    return Submission((sheet,), *PARTIAL, client=FOXMAIL, file="名单.csv", charset="gb18030").arrived()


@story("114-phones-to-correct")
def _() -> Arrived:
    """No phone, a landline, two numbers in one cell, a digit short."""
    staff = people(345, 7)
    typed = (
        *rows(staff[:2]),
        _ask(staff[2], "phone.missing", phone=None, unknown=("phone",)),
        _ask(staff[3], "phone.landline", phone="023-67891234"),
        _ask(staff[4], "phone.several", phone=f"{staff[4].phone}/{person(900).phone}"),
        _ask(staff[5], "phone.format", phone=staff[5].phone[:10]),
        _ask(staff[6], "phone.format", phone="12" + staff[6].phone[2:]),
    )
    sheet = Sheet(units.WATER, typed)
    return Submission((sheet,), *PARTIAL, client=OUTLOOK).arrived()


@story("115-cells-without-a-value")
def _() -> Arrived:
    """An error value from a broken look-up, and a formula that no program has calculated."""
    staff = people(355, 4)
    error = Formula("=VLOOKUP(B7,[旧表.xlsx]Sheet1!A:C,3,0)", "#N/A")
    typed = (
        *rows(staff[:2]),
        Row(staff[2], "ask", ("cell.error_value",), phone=error, at_least=True, unknown=("phone",)),
        Row(
            staff[3],
            "ask",
            ("cell.no_cached_value",),
            id_number=Formula('=TEXT(H9,"0")'),
            at_least=True,
            unknown=("id_number",),
        ),
    )
    sheet = Sheet(units.DESIGN, typed)
    return Submission((sheet,), *PARTIAL, client=OUTLOOK).arrived()


@story("116-swapped-and-merged-fields")
def _() -> Arrived:
    """Number and phone in each other's column; name, number and phone in one cell."""
    staff = people(362, 5)
    swapped = Row(
        staff[3], "ask", ("row.swapped_fields",), id_number=staff[3].phone, phone=staff[3].id_number, at_least=True
    )
    text = f"{staff[4].name} {staff[4].id_number}"
    merged = Row(staff[4], "ask", ("row.merged_fields",), name=text, id_number=None, at_least=True)
    sheet = Sheet(units.POWER, (*rows(staff[:3]), swapped, merged))
    return Submission((sheet,), *PARTIAL, client=FOXMAIL).arrived()


@story("117-doubles-that-contradict")
def _() -> Arrived:
    """One number under two names, one phone for two people: all four are asked."""
    staff = people(370, 6)
    twice = Person(person(377).name, staff[2].id_number, person(377).phone)
    shared = Person(staff[5].name, staff[5].id_number, staff[4].phone)
    typed = (
        *rows(staff[:2]),
        _ask(staff[2], "id.duplicate_conflict"),
        _ask(twice, "id.duplicate_conflict"),
        _ask(staff[4], "phone.duplicate"),
        _ask(shared, "phone.duplicate"),
    )
    sheet = Sheet(units.HIGH_SCHOOL, typed)
    return Submission((sheet,), *PARTIAL).arrived()


@story("118-every-row-to-correct")
def _() -> Arrived:
    """No row is good: nothing goes ahead, one letter asks for everything at once."""
    staff = people(380, 3)
    typed = (
        _ask(staff[0], "id.checksum", id_number=wrong_check(staff[0].id_number)),
        _ask(staff[1], "phone.missing", phone=None, unknown=("phone",)),
        Row(staff[2], "ask", ("name.missing", "id.missing"), name=None, id_number=None, unknown=("name", "id_number")),
    )
    sheet = Sheet(units.KINDERGARTEN, typed)
    return Submission((sheet,), "ask", "awaiting_sender", client=COREMAIL).arrived()


@story("119-four-faults-in-one-row")
def _() -> Arrived:
    """All faults of a row are named at once, and a repair beside them."""
    one = of("滕佳怡", 388)
    codes = ("name.inner_space", "id.checksum", "phone.landline")
    worst = Row(one, "ask", codes, name="滕 佳怡", id_number=wrong_check(one.id_number), phone="67891234")
    sheet = Sheet(units.MUSEUM, (worst, *rows(people(390, 3))))
    return Submission((sheet,), *PARTIAL, client=WPS).arrived()
