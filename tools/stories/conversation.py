"""Stories 900 to 929: the conversation until a roster is right. Corrections, additions, withdrawals, questions.

The letters of a run cannot be known beforehand, so a clerk answers in the thread of the roster itself, as some clients
do; what answers our own letters is tested with the letters at hand (tests/flow).
"""

from __future__ import annotations

from dataclasses import replace

from tools.stories import units
from tools.stories.cells import Row, rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK, QQ
from tools.stories.model import Arrived, CaseTruth, story
from tools.stories.people import Person, people
from tools.stories.post import PROOF_BOX, Draft
from tools.stories.replies import (
    CASE,
    PERSON,
    THANKS,
    after,
    bad,
    book,
    corrected,
    done,
    line,
    placed,
    reply,
    submission,
    told,
    two_wrong,
)
from tools.stories.sheets import Grid, Sheet, lay
from tools.stories.submit import Submission, arrive
from tools.stories.units import Unit


@story("900-our-workbook-filled-in")
def _() -> tuple[Arrived, ...]:
    """Our workbook of rows to correct comes back filled in: the machine places both rows, and only they are done."""
    staff = people(1900, 6)
    first = two_wrong(staff)
    where = placed(first)
    filled = (
        line(where[4], 5, staff[4], 正确身份证号码=staff[4].id_number),
        line(where[5], 6, staff[5], 正确身份证号码=staff[5].id_number),
    )
    draft = corrected(first, book(filled))
    return first.arrived(), told(draft, after(first, done(staff), "accept", "fulfilled", opened=6))


@story("901-our-workbook-half-filled")
def _() -> tuple[Arrived, ...]:
    """One of two rows is filled in: that one is done, the other waits on and is asked for again."""
    staff = people(1910, 5)
    first = two_wrong(staff, units.HOSPITAL, client=NETEASE)
    where = placed(first)
    filled = (line(where[3], 4, staff[3], 正确身份证号码=staff[3].id_number), line(where[4], 5, staff[4]))
    now = (*done(staff[:4]), bad(staff[4]))
    draft = corrected(first, book(filled))
    return first.arrived(), told(draft, after(first, now, "partial", "awaiting_sender", opened=4))


@story("902-our-workbook-from-a-stranger")
def _() -> tuple[Arrived, ...]:
    """The hidden case number proves nothing: from another address the workbook is a matter for a person."""
    staff = people(1920, 4)
    first = two_wrong(staff)
    where = placed(first)
    filled = (line(where[2], 3, staff[2], 正确身份证号码=staff[2].id_number),)
    draft = replace(corrected(first, book(filled)), address="somebody-else@163.com", answers=None)
    truth = CaseTruth("hold", "held", codes=("file.correction",), at_least=True, opened=0)
    return first.arrived(), told(draft, truth)


@story("903-our-workbook-saved-elsewhere")
def _() -> tuple[Arrived, ...]:
    """A program dropped the hidden name, the client the thread: row, serial, masked name and sender tell the case."""
    staff = people(1930, 4)
    first = two_wrong(staff, units.DESIGN, client=OUTLOOK)
    where = placed(first)
    filled = tuple(line(where[n], n + 1, staff[n], 正确身份证号码=staff[n].id_number) for n in (2, 3))
    draft = replace(corrected(first, book(filled, None), subject="更正表"), answers=None)
    return first.arrived(), told(draft, after(first, done(staff), "accept", "fulfilled", opened=4))


@story("904-only-the-wrong-rows-again")
def _() -> tuple[Arrived, ...]:
    """A list of nothing but the two corrected rows, without unit or order: the case knows them, nobody is dropped."""
    staff = people(1940, 6)
    first = two_wrong(staff, units.COLLEGE, client=COREMAIL)
    short = Sheet(units.COLLEGE, rows(staff[4:]), labels="none", title=None, tail=())
    draft = replace(submission((short,), None, None).draft(), at=reply(first, "").at, answers=first.draft().own_id())
    draft = replace(draft, subject="回复：名单", text=THANKS)
    return first.arrived(), told(draft, after(first, done(staff), "accept", "fulfilled", opened=6))


@story("905-corrected-rows-pasted-in-the-mail")
def _() -> tuple[Arrived, ...]:
    """The corrected rows stand in the mail itself, as lines of text under their headings."""
    staff = people(1950, 4)
    first = two_wrong(staff)
    lines = "\n".join(f"{one.name}\t{one.id_number}\t{one.phone}" for one in staff[2:])
    draft = reply(first, f"老师好，更正如下：\n姓名\t身份证号码\t手机号码\n{lines}\n谢谢！")
    return first.arrived(), told(draft, after(first, done(staff), "accept", "fulfilled", opened=4))


@story("906-one-sentence-puts-it-right")
def _() -> tuple[Arrived, ...]:
    """An exact sentence is done by the machine; the letter says which row it put right."""
    staff = people(1960, 4)
    first = submission((Sheet(units.BUREAU, (*done(staff[:3]), bad(staff[3]))),), "partial", "awaiting_sender")
    one, row = staff[3], placed(first)[3]
    draft = reply(first, f"您好，第{row}行{one.name}身份证号码应为{one.id_number}，谢谢！")
    return first.arrived(), told(draft, after(first, done(staff), "accept", "fulfilled", opened=4))


@story("907-a-sentence-that-is-not-exact")
def _() -> tuple[Arrived, ...]:
    """A sentence that asks for more than it says exactly goes to a person whole; nothing of it is done."""
    staff = people(1970, 3)
    first = submission((Sheet(units.CLINIC, (*done(staff[:2]), bad(staff[2]))),), "partial", "awaiting_sender")
    one, row = staff[2], placed(first)[2]
    draft = reply(first, f"第{row}行{one.name}身份证号码应为{one.id_number}，第{row - 1}行请删除。")
    now = replace(first.truth(), opened=2)
    return first.arrived(), arrive(draft, replace(PERSON, cases=(now,)))


@story("908-addition-after-asking")
def _() -> tuple[Arrived, ...]:
    """Somebody new while a row is asked about: the sender is asked which it is, answers 补充, and she is added."""
    staff = people(1980, 4)
    first, unclear, late = undecided(staff, units.KINDERGARTEN)
    answer = reply(first, "您好，是补充，谢谢。", at="2020-09-16 09:10", subject="回复：名单")
    answer = replace(answer, answers=late.own_id())
    old, new = first.sheets[0], replace(first.sheets[0], rows=rows((staff[0], staff[3])), name="新增")
    truth = after(first, (*done(staff[:2]), bad(staff[2])), "accept", "awaiting_sender", opened=3)
    known = ((lay(old), truth.rows[0][1]), (only(lay(new), 1), done(staff[3:])))
    return first.arrived(), unclear, told(answer, replace(truth, rows=known))


@story("909-correction-after-asking")
def _() -> tuple[Arrived, ...]:
    """The same question, answered 更正: the new row takes the place of the one that was asked about."""
    staff = people(1990, 4)
    first, unclear, late = undecided(staff, units.LIBRARY)
    answer = replace(reply(first, "更正", at="2020-09-16 09:10", subject="回复：名单"), answers=late.own_id())
    now = (*done(staff[:2]), Row(staff[3], state="fulfilled"))
    return first.arrived(), unclear, told(answer, after(first, now, "accept", "fulfilled", opened=3))


def undecided(staff: tuple[Person, ...], unit: Unit) -> tuple[Submission, Arrived, Draft]:
    """A roster with one wrong row, and a list that names a known person and a new one."""
    first = submission((Sheet(unit, (*done(staff[:2]), bad(staff[2]))),), "partial", "awaiting_sender")
    sheet = replace(first.sheets[0], rows=rows((staff[0], staff[3])), name="新增")
    second = replace(first, sheets=(sheet,), at="2020-09-15 16:00", text="请查收。", subject="回复：名单")
    draft = replace(second.draft(), answers=first.draft().own_id())
    asks = told(draft, replace(first.truth(), opened=2), codes=("mail.correction_or_addition",))
    return first, asks, draft


def only(grid: Grid, place: int) -> Grid:
    """A grid of which one row is declared."""
    return replace(grid, placed=(grid.placed[place],))


def taken_back(one: Person) -> Row:
    """A row that was asked about and is wanted no longer."""
    row = bad(one)
    return replace(row, state="held", codes=(*row.codes, "mail.withdrawal"))


@story("910-the-newest-list-counts")
def _() -> tuple[Arrived, ...]:
    """以最新为准，上一封作废: what was not done is closed, what was done stays, and a person looks at it."""
    staff = people(2000, 5)
    first = submission((Sheet(units.POWER, (*done(staff[:2]), bad(staff[2]))),), "partial", "awaiting_sender")
    sheet = replace(first.sheets[0], rows=rows((staff[1], staff[3], staff[4])), name="最新")
    second = replace(first, sheets=(sheet,), at="2020-09-15 16:00", subject="最新名单", text="以最新为准，上一封作废。")
    old = (done(staff[:1])[0], replace(bad(staff[2]), state="closed"))
    grid, new = lay(first.sheets[0]), lay(sheet)
    left = (replace(grid, placed=(grid.placed[0], grid.placed[2])), old)
    named = (new, done((staff[1], staff[3], staff[4])))
    truth = replace(after(first, (), "accept", "held", opened=4), rows=(left, named))
    draft = replace(second.draft(), answers=first.draft().own_id())
    return first.arrived(), told(draft, truth)


@story("911-a-roster-is-withdrawn")
def _() -> tuple[Arrived, ...]:
    """A withdrawal stops what is not done and undoes nothing: a person looks."""
    staff = people(2010, 4)
    first = two_wrong(staff, units.MUSEUM)
    draft = reply(first, "您好，因单位调整，我单位申请撤回报名名单，谢谢。")
    now = (*done(staff[:2]), *(taken_back(one) for one in staff[2:]))
    return first.arrived(), told(draft, after(first, now, "partial", "held", opened=2), codes=("mail.withdrawal",))


@story("912-one-person-is-withdrawn")
def _() -> tuple[Arrived, ...]:
    """Who is named in the withdrawal stops, the others go on."""
    staff = people(2020, 4)
    first = two_wrong(staff, units.WATER)
    draft = reply(first, f"{staff[3].name}已离职，不报了。")
    now = (*done(staff[:2]), bad(staff[2]), taken_back(staff[3]))
    return first.arrived(), told(draft, after(first, now, "partial", "held", opened=2), codes=("mail.withdrawal",))


@story("913-how-far-is-it")
def _() -> tuple[Arrived, ...]:
    """办到哪一步了: answered with the state, to the sender of the case."""
    staff = people(2030, 4)
    first = two_wrong(staff, units.SURVEY, client=FOXMAIL)
    draft = reply(first, "您好，请问我单位的名单办到哪一步了？谢谢！")
    return first.arrived(), told(draft, first.truth())


@story("914-how-far-is-it-asks-a-stranger")
def _() -> tuple[Arrived, ...]:
    """The same question by somebody else with the case number at hand: a neutral line, and a person."""
    staff = people(2040, 4)
    first = two_wrong(staff)
    text = f"请问登记编号{CASE}的名单办到哪一步了？"
    draft = replace(reply(first, text, subject="查询"), address="curious@163.com", name="", answers=None)
    return first.arrived(), told(draft, CaseTruth("ask", "held", opened=0))


@story("915-a-question-that-asks-more")
def _() -> tuple[Arrived, ...]:
    """A question about the state beside one about invoices: no half answer, a person reads it."""
    staff = people(2050, 3)
    first = submission((Sheet(units.SURVEY, rows(staff)),), "accept", "fulfilled")
    draft = reply(first, "请问办好了吗？另外发票什么时候能开？")
    return first.arrived(), told(draft, CaseTruth("ask", "held", opened=0))


@story("916-a-complaint")
def _() -> Arrived:
    """A complaint in plain words is a case for a person, and its sender is told so."""
    first = submission((Sheet(units.HIGH_SCHOOL, ()),), None, None, client=QQ)
    draft = replace(reply(first, "电话一直打不通，我要投诉。"), answers=None, subject="投诉")
    return told(draft, CaseTruth("hold", "held", opened=0), codes=("mail.complaint",))


@story("917-a-shorter-list-drops-nobody")
def _() -> tuple[Arrived, ...]:
    """One corrected row of two comes back alone: the other one waits on, and those that are done stay done."""
    staff = people(2060, 5)
    first = two_wrong(staff, units.MACHINES)
    sheet = replace(first.sheets[0], rows=rows(staff[3:4]))
    second = replace(first, sheets=(sheet,), at="2020-09-15 16:00", subject="回复：名单", text=THANKS)
    draft = replace(second.draft(), answers=first.draft().own_id())
    now = (*done(staff[:4]), bad(staff[4]))
    return first.arrived(), told(draft, after(first, now, "accept", "awaiting_sender", opened=4))


@story("918-another-phone-after-the-account")
def _() -> tuple[Arrived, ...]:
    """Another phone for somebody whose account is open: a person decides, and no second account is opened."""
    staff = people(2070, 4)
    first = submission((Sheet(units.PRIMARY, done(staff[:3])),), "accept", "fulfilled")
    changed = Person(staff[0].name, staff[0].id_number, staff[3].phone)
    sheet = replace(first.sheets[0], rows=rows((changed, *staff[1:3])))
    second = replace(first, sheets=(sheet,), at="2020-09-15 16:00", subject="回复：名单", text="请查收。")
    draft = replace(second.draft(), answers=first.draft().own_id())
    truth = after(first, done(staff[:3]), "partial", "held", opened=3, codes=None)
    return first.arrived(), told(draft, replace(truth, outcome=None))


@story("919-forwarded-by-a-colleague")
def _() -> tuple[Arrived, ...]:
    """A colleague forwards the same roster from the unit's own domain: one case, and he is told so."""
    first = submission((Sheet(units.DESIGN, rows(people(2080, 4))),), "accept", "fulfilled", client=OUTLOOK)
    again = replace(first.draft(), address=f"zongban@{units.DESIGN.domain}", name="", subject="转发：公需科目名单")
    again = replace(again, at=reply(first, "").at, text="请查收。")
    return first.arrived(), told(again, first.truth())


@story("920-to-both-mailboxes-in-two-mails")
def _() -> tuple[Arrived, ...]:
    """The same roster to the other mailbox in a mail of its own: one case, and the sender is told so."""
    first = submission((Sheet(units.HOSPITAL, rows(people(2090, 4))),), "accept", "fulfilled", client=NETEASE)
    mail: dict[str, object] = {"to": (PROOF_BOX,), "delivered_to": PROOF_BOX}
    again = replace(first, at="2020-09-14 10:20", mail=mail)
    return first.arrived(), told(again.draft(), first.truth())


@story("921-corrected-list-in-a-new-mail")
def _() -> tuple[Arrived, ...]:
    """The whole corrected list in a mail that answers nothing: sender and content find its case."""
    staff = people(2100, 5)
    first = two_wrong(staff, units.CLINIC)
    second = replace(
        first, sheets=(replace(first.sheets[0], rows=rows(staff)),), at="2020-09-16 09:00", text="请查收。"
    )
    draft = replace(second.draft(), subject="更正后的名单", text="请查收。")
    return first.arrived(), told(draft, after(first, done(staff), "accept", "fulfilled", opened=5))


@story("922-another-contact")
def _() -> tuple[Arrived, ...]:
    """A unit names another contact: a person enters it."""
    first = submission((Sheet(units.COLLEGE, rows(people(2110, 3))),), "accept", "fulfilled", client=COREMAIL)
    draft = reply(first, "您好，我单位联系人变更为李老师，以后请与她联系。")
    return first.arrived(), told(draft, CaseTruth("ask", "held", opened=0))


@story("923-the-first-list-after-its-correction")
def _() -> tuple[Arrived, ...]:
    """The first, wrong list comes again after its correction: nothing is undone, and the sender is told so."""
    staff = people(2120, 4)
    first = two_wrong(staff)
    where = placed(first)
    filled = tuple(line(where[n], n + 1, staff[n], 正确身份证号码=staff[n].id_number) for n in (2, 3))
    now = after(first, done(staff), "accept", "fulfilled", opened=4)
    second = told(corrected(first, book(filled)), now)
    again = replace(first.draft(), at=reply(first, "", at="2020-09-17 10:00").at, subject="再发一次")
    return first.arrived(), second, told(again, now)


@story("924-a-list-and-a-withdrawal-in-one")
def _() -> Arrived:
    """The text beside a list takes somebody back who stands in it: a person looks before anything is done."""
    staff = people(2130, 3)
    text = f"名单见附件，其中{staff[2].name}已调离，不报了。"
    wanted = submission((Sheet(units.WATER, rows(staff)),), "hold", "held", text=text)
    return replace(wanted.arrived(), truth=replace(wanted.arrived().truth, codes=("mail.withdrawal",)))


@story("925-an-order-number-in-words")
def _() -> tuple[Arrived, ...]:
    """The order number that the roster lacked comes in one line of text: the case is complete."""
    staff = people(2140, 3)
    sheet = Sheet(units.POWER, done(staff), header={"order_no": None})
    codes = ("header.order_missing",)
    first = submission((sheet,), "partial", "awaiting_sender", codes, header={"order_no": None})
    draft = reply(first, f"老师好，订单号：{units.POWER.order_no}")
    header = first.truth().header | {"order_no": units.POWER.order_no}
    truth = after(first, done(staff), "accept", "fulfilled", codes=(), header=header, opened=3)
    return first.arrived(), told(draft, truth)
