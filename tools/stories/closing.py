"""Stories 930 to 949: what the sender is told at the end, and the last days in which a roster is worth sending."""

from __future__ import annotations

from tools.stories import units
from tools.stories.cells import Row, rows
from tools.stories.clients import FOXMAIL, NETEASE, WPS
from tools.stories.model import Arrived, story
from tools.stories.people import people, wrong_check
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission


@story("930-due-on-the-last-day-of-study")
def _() -> Arrived:
    """Tuesday 29 December: due on the 31st, and done at once, for by then its codes would be too late."""
    sheet = Sheet(units.PRIMARY, rows(people(3000, 3)))
    due = "2020-12-31T17:30:00+08:00"
    return Submission((sheet,), "accept", "fulfilled", at="2020-12-29 10:20", due_at=due).arrived()


@story("931-one-row-to-correct-in-the-last-days")
def _() -> Arrived:
    """30 December: the good rows are registered, one goes back and nobody's clock runs for it any more."""
    staff = people(3010, 4)
    wrong = Row(staff[2], "ask", ("id.checksum",), id_number=wrong_check(staff[2].id_number), state="awaiting_sender")
    sheet = Sheet(units.HOSPITAL, (Row(staff[0]), Row(staff[1]), wrong, Row(staff[3])))
    wanted = Submission((sheet,), "partial", "awaiting_sender", at="2020-12-30 09:10", client=NETEASE)
    return wanted.arrived()


@story("932-every-fate-in-one-roster")
def _() -> Arrived:
    """Forty rows of which every tenth goes back and every thirteenth waits for a person: the others are registered, and
    none is passed over."""
    staff = people(3020, 40)

    def fate(number: int) -> Row:
        one = staff[number - 1]
        if number % 10 == 0:
            return Row(one, "ask", ("phone.missing",), phone=None, unknown=("phone",), state="awaiting_sender")
        if number % 13 == 0:
            return Row(one, "hold", ("row.remark",), remark="已自行缴费", state="held")
        return Row(one, state="fulfilled")

    sheet = Sheet(units.COLLEGE, tuple(fate(number) for number in range(1, 41)))
    return Submission((sheet,), "partial", "held", client=FOXMAIL).arrived()


@story("933-two-hundred-people")
def _() -> Arrived:
    """A full import batch of two hundred people at once: one run of rows in the letter, all of them in its workbook."""
    sheet = Sheet(units.WATER, rows(people(3100, 200)))
    return Submission((sheet,), "accept", "fulfilled", client=WPS).arrived()
