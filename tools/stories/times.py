"""Stories 700 to 719: when a mail counts as received, and until when it is due. Two working days for rosters; the
office closes at 17:30, and what arrives later counts as the next working day's."""

from __future__ import annotations

from dataclasses import replace

from tools.stories import units
from tools.stories.cells import rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, QQ
from tools.stories.model import Arrived, story
from tools.stories.people import people
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission
from tools.stories.units import Unit


def _arrives(unit: Unit, first: int, at: str, due: str) -> Submission:
    sheet = Sheet(unit, rows(people(first, 2)))
    client = {"qq.com": QQ, "163.com": NETEASE, "126.com": NETEASE}.get(unit.domain, FOXMAIL)
    return Submission((sheet,), "accept", "fulfilled", at=at, due_at=f"{due}T17:30:00+08:00", client=client)


@story("700-after-office-hours")
def _() -> Arrived:
    """Monday 17:45 counts as Tuesday: due on Thursday."""
    return _arrives(units.PRIMARY, 920, "2020-09-14 17:45", "2020-09-17").arrived()


@story("701-in-office-hours")
def _() -> Arrived:
    """Monday 10:12: due on Wednesday."""
    return _arrives(units.PRIMARY, 923, "2020-09-14 10:12", "2020-09-16").arrived()


@story("702-friday-evening")
def _() -> Arrived:
    """Friday 17:59 counts as Monday: due on Wednesday."""
    return _arrives(units.HOSPITAL, 926, "2020-09-18 17:59", "2020-09-23").arrived()


@story("703-working-sunday")
def _() -> Arrived:
    """Sunday 27 September 2020 is a working day: due on Tuesday."""
    return _arrives(units.DESIGN, 929, "2020-09-27 10:00", "2020-09-29").arrived()


@story("704-before-national-day")
def _() -> Arrived:
    """The last day before the holidays: the next working days are Friday and the working Saturday."""
    return _arrives(units.COLLEGE, 932, "2020-09-30 10:00", "2020-10-10").arrived()


@story("705-in-national-day")
def _() -> Arrived:
    """A mail in the holidays counts as Friday's: Saturday works, Sunday does not, due on Monday."""
    return _arrives(units.BUREAU, 935, "2020-10-04 09:30", "2020-10-12").arrived()


@story("706-last-night-of-the-year")
def _() -> Arrived:
    """31 December 23:50: not too late, and due in the new year's calendar."""
    return _arrives(units.MACHINES, 938, "2020-12-31 23:50", "2021-01-06").arrived()


@story("707-after-closing")
def _() -> Arrived:
    """The first working day of 2021: too late for this campaign, so a person decides."""
    sheet = Sheet(units.WATER, rows(people(941, 2)))
    late = Submission(
        (sheet,), "hold", "held", at="2021-01-04 09:00", due_at="2021-01-06T17:30:00+08:00", client=FOXMAIL
    )
    arrived = late.arrived()
    return replace(arrived, truth=replace(arrived.truth, codes=("mail.after_closing",)))


@story("708-date-of-1970")
def _() -> Arrived:
    """The Date header says 1970: the server's arrival counts."""
    sheet = Sheet(units.SURVEY, rows(people(944, 2)))
    mail: dict[str, object] = {"date": "Thu, 01 Jan 1970 00:00:00 +0000"}
    due = "2020-08-20T17:30:00+08:00"
    late = Submission((sheet,), "accept", "fulfilled", at="2020-08-18 11:00", due_at=due, client=COREMAIL, mail=mail)
    return late.arrived()


@story("709-before-opening-hours")
def _() -> Arrived:
    """Before nine in the morning of a working day is that day."""
    return _arrives(units.CLINIC, 947, "2020-07-15 06:30", "2020-07-17").arrived()


@story("710-saturday")
def _() -> Arrived:
    """A plain Saturday counts as Monday."""
    return _arrives(units.KINDERGARTEN, 950, "2020-11-07 10:00", "2020-11-11").arrived()
