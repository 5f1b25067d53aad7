"""Stories 100 to 102, 109: cells that are repaired safely, told in the letter, and stop nobody."""

from __future__ import annotations

from tools.stories import units
from tools.stories.cells import Cell, Row, rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK
from tools.stories.model import Arrived, story
from tools.stories.people import Person, of, people, person, with_x
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission


def _name(one: Person, code: str, typed: str) -> Row:
    return Row(one, "fixed", (code,), name=typed)


def _number(one: Person, code: str, typed: Cell) -> Row:
    return Row(one, "fixed", (code,), id_number=typed)


def _phone(one: Person, code: str, typed: Cell) -> Row:
    return Row(one, "fixed", (code,), phone=typed)


def wide(text: str) -> str:
    """ASCII letters and digits in full width."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@story("100-names-repaired")
def _() -> Arrived:
    """Spaces, line breaks, invisible characters and odd dots in names go without asking anybody."""
    typed = (
        _name(of("张岚", 200), "name.inner_space", "张 岚"),
        _name(of("冉小军", 201), "name.inner_space", "冉\u3000小军"),
        _name(of("欧阳雨桐", 202), "name.line_break", "欧阳\n雨桐"),
        _name(of("蒲志远", 203), "name.invisible_char", "\u200b蒲志远"),
        _name(of("向红梅", 204), "name.invisible_char", "向红梅\u00a0"),
        _name(of("古丽巴哈尔·艾山", 205), "name.dot_variant", "古丽巴哈尔•艾山"),
        _name(of("扎西·多吉", 206), "name.dot_variant", "扎西.多吉"),
        Row(of("龚静", 207), name="  龚静 "),
        *rows(people(208, 2)),
    )
    sheet = Sheet(units.PRIMARY, typed)
    return Submission((sheet,), "accept_with_fixes", "fulfilled").arrived()


@story("101-id-numbers-repaired")
def _() -> Arrived:
    """A small x, wide digits, separators, apostrophes and invisible characters in numbers."""
    small, wide_one, parted, marked, hidden = with_x(220), *people(231, 4)
    spaced, typed_zero = person(236), person(237)
    number = parted.id_number
    typed = (
        _number(small, "id.lowercase_x", small.id_number.lower()),
        _number(wide_one, "id.fullwidth", wide(wide_one.id_number)),
        _number(parted, "id.separator", f"{number[:6]}-{number[6:14]}-{number[14:]}"),
        _number(spaced, "id.separator", f"{spaced.id_number[:6]} {spaced.id_number[6:14]} {spaced.id_number[14:]}"),
        _number(marked, "id.apostrophe", "'" + marked.id_number),
        _number(typed_zero, "id.apostrophe", "’" + typed_zero.id_number),
        _number(hidden, "id.invisible_char", hidden.id_number[:10] + "\u200b" + hidden.id_number[10:]),
        *rows(people(238, 2)),
    )
    sheet = Sheet(units.HOSPITAL, typed)
    return Submission((sheet,), "accept_with_fixes", "fulfilled", client=NETEASE).arrived()


@story("102-phones-repaired")
def _() -> Arrived:
    """Country code, separators, wide digits, a decimal tail, an invisible mark of a phone's book."""
    one = people(250, 6)
    phone = one[1].phone
    typed = (
        _phone(one[0], "phone.country_code", "+86" + one[0].phone),
        _phone(one[1], "phone.separator", f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"),
        _phone(one[2], "phone.fullwidth", wide(one[2].phone)),
        _phone(one[3], "phone.decimal_tail", one[3].phone + ".0"),
        _phone(one[4], "phone.invisible_char", "\u202d" + one[4].phone + "\u202c"),
        Row(one[5], phone=int(one[5].phone)),
        *rows(people(256, 1)),
    )
    sheet = Sheet(units.DESIGN, typed)
    return Submission((sheet,), "accept_with_fixes", "fulfilled", client=OUTLOOK).arrived()


@story("103-several-repairs-in-one-row")
def _() -> Arrived:
    """One row with a repair in every cell: every repair is named, the row goes ahead."""
    worst = with_x(262)
    codes = ("name.inner_space", "id.lowercase_x", "id.separator", "phone.separator", "phone.country_code")
    named = Person("覃敏", worst.id_number, worst.phone)
    number = worst.id_number.lower()
    row = Row(
        named,
        "fixed",
        codes,
        name="覃 敏",
        id_number=f"{number[:6]} {number[6:]}",
        phone=f"+86 {worst.phone[:3]} {worst.phone[3:7]} {worst.phone[7:]}",
    )
    sheet = Sheet(units.COLLEGE, (row, *rows(people(275, 2))))
    return Submission((sheet,), "accept_with_fixes", "fulfilled", client=COREMAIL).arrived()


@story("104-exact-copy-of-a-row")
def _() -> Arrived:
    """The same person twice, letter for letter: one account, the copy is closed as repaired."""
    staff = people(280, 4)
    copy = Row(staff[1], "fixed", ("row.duplicate_exact",), state="closed")
    sheet = Sheet(units.BUREAU, (*rows(staff), copy))
    return Submission((sheet,), "accept_with_fixes", "fulfilled", client=FOXMAIL).arrived()
