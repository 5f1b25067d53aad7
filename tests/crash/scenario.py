"""The fixed scenario: ten mails of September 2020, and what the world must look like when they are done.

The truth is written by hand from the notice and the rows, never taken from the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tools.stories import units
from tools.stories.books import xlsx
from tools.stories.broken import truncated
from tools.stories.cells import Row, rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK
from tools.stories.people import Person, people, wrong_check
from tools.stories.post import PROOF_BOX, ROSTER_BOX, Draft, File, post, when
from tools.stories.sheets import Sheet, lay
from tools.stories.submit import Submission

START: Final = when("2020-09-16 10:00")
"""The daemon's clock at the first start: a Wednesday, all mails have arrived."""
STAFF: Final = "staff@cqhrsp.com"
BOXES: Final = {"roster": ROSTER_BOX, "proof": PROOF_BOX}


@dataclass(frozen=True, slots=True)
class Answer:
    """One letter that answers a mail: of whose accounts it tells (`of`), how many of them it must call registered
    (`registered`, one number a section, `None` where that depends on the moment), and what it must say besides."""

    registered: tuple[int, ...] | None = ()
    of: tuple[Person, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the scenario: its draft, the account it lies in, the state it must end in, its answers in order, and
    the people whose accounts it opens."""

    name: str
    draft: Draft
    state: str
    answers: tuple[Answer, ...] = ()
    opens: tuple[Person, ...] = ()
    account: str = "roster"

    @property
    def raw(self) -> bytes:
        return post(self.draft)

    @property
    def at(self) -> datetime:
        return self.draft.at

    @property
    def purpose(self) -> tuple[str, str]:
        """What its letters are known by in the world: the address it goes to, and the mail it answers."""
        return self.draft.address, self.draft.own_id()


def _clean() -> Mail:
    staff = people(900, 2)
    draft = Submission((Sheet(units.PRIMARY, rows(staff)),), None, None, at="2020-09-14 09:00").draft()
    return Mail("clean", draft, "done", (Answer((2,), staff),), staff)


def _partial() -> Mail:
    good, bad = people(903, 2), people(905, 1)[0]
    wrong = Row(bad, "ask", ("id.checksum",), id_number=wrong_check(bad.id_number))
    sheet = Sheet(units.HOSPITAL, (*rows(good), wrong))
    draft = Submission((sheet,), None, None, at="2020-09-14 09:20", client=NETEASE).draft()
    return Mail("partial", draft, "done", (Answer((2,), good, ("校验",)),), good)


def _held() -> Mail:
    staff = people(907, 2)
    sheet = Sheet(units.DESIGN, rows(staff))
    draft = Submission((sheet,), None, None, at="2020-09-14 09:40", client=OUTLOOK, mail={"auth": "none"}).draft()
    return Mail("held", draft, "done", (Answer(says=("待审核：2人",)), Answer((2,), staff)), staff)


def _robot() -> Mail:
    text = "您好！我正在休假，9月28日返回，邮件将在返回后处理。"
    extra = (("Auto-Submitted", "auto-replied"),)
    at = when("2020-09-14 10:00")
    return Mail("robot", Draft("hr@beilu-college.edu.cn", "自动回复", text, at, extra=extra), "ignored")


def _unreadable() -> Mail:
    book = truncated(xlsx([lay(Sheet(units.WATER, rows(people(909, 4))))]))
    at = when("2020-09-14 10:20")
    draft = Draft(units.WATER.address, "公需科目名单", "请查收。", at, files=(File("名单.xlsx", book),), client=FOXMAIL)
    return Mail("unreadable", draft, "done", (Answer(says=("打不开",)),))


def _two_rosters() -> Mail:
    first, second = people(915, 2), people(918, 1)
    one = Submission((Sheet(units.MACHINES, rows(first)),), None, None, at="2020-09-14 10:40", file="一车间.xlsx")
    two = Submission((Sheet(units.MACHINES, rows(second)),), None, None, file="二车间.xlsx")
    draft = replace(one.draft(), files=(one.attachment(), two.attachment()), client=FOXMAIL)
    return Mail("two-rosters", draft, "done", (Answer((2, 1), (*first, *second)),), (*first, *second))


def _csv() -> Mail:
    staff = people(920, 2)
    sheet = Sheet(units.SURVEY, rows(staff), labels="beside")
    wanted = Submission((sheet,), None, None, at="2020-09-14 11:00", file="名单.csv", charset="gbk", client=COREMAIL)
    draft = replace(wanted.draft(), to=(ROSTER_BOX, PROOF_BOX))
    return Mail("csv", draft, "done", (Answer((2,), staff),), staff)


def _shared() -> Mail:
    known, fresh = people(900, 1), people(923, 1)
    draft = Submission((Sheet(units.HIGH_SCHOOL, rows((*known, *fresh))),), None, None, at="2020-09-14 11:20").draft()
    return Mail("shared", draft, "done", (Answer((2,), (*known, *fresh)),), fresh)


def _resent() -> Mail:
    again = replace(_clean().draft, at=when("2020-09-15 09:05"), subject="再发一次", text="再发一次。")
    return Mail("resent", again, "done", (Answer(None, people(900, 2), ("没有重复办理",)),))


def _twin() -> Mail:
    draft = replace(_csv().draft, delivered_to=PROOF_BOX)
    return Mail("twin", draft, "ignored", account="proof")


BUSY_FOR: Final = people(915, 1)[0]
"""The platform is busy the first time it is asked for this person (of the two rosters), and at the first account."""

MAILS: Final[Sequence[Mail]] = (
    _clean(),
    _partial(),
    _held(),
    _robot(),
    _unreadable(),
    _two_rosters(),
    _csv(),
    _shared(),
    _resent(),
    _twin(),
)
