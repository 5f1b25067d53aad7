"""Stories 880 to 899: lists of orders and people are at hand. Rows against codes, whose order it is, who has an account
or a code already; and what no list tells stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from tools.stories.cells import Row, rows
from tools.stories.clients import FOXMAIL, NETEASE, OUTLOOK
from tools.stories.model import Arrived, ListFile, story
from tools.stories.people import Person, of, people, phone
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission
from tools.stories.units import Unit, unit

submission = partial(Submission, at="2020-09-14 10:12")
later = partial(Submission, at="2020-09-16 15:40")
DAY: Final = date(2020, 9, 14)
ALREADY: Final = "fulfilled"
"""The state of a row whose account was there: nothing is done for it, and nothing is to be done."""

SCHOOL = unit(31, "重庆市北碚区梧桐溪中学", "wutongxi_zx@qq.com")
CLINIC = unit(32, "綦江区石壕镇卫生院", "shihao_wsy@163.com")
BRIDGE = unit(33, "重庆虹跨桥梁工程有限公司", "renli@hongkua-bridge.cn", kind="91")
PRESS = unit(34, "重庆墨舟印务有限公司", "mozhou_hr@foxmail.com", kind="91")
THEATRE = unit(35, "重庆市川江号子艺术团", "haozi_yst@sina.com")
FARM = unit(36, "潼南区柠檬研究所", "ningmeng_yjs@126.com")
ORDERS_HEAD: Final = "订单编号,购买单位,纳税人识别号,购买数量,支付状态"
PEOPLE_HEAD: Final = "姓名,身份证号码,手机号码,用户名"


def bought(by: Unit, codes: int, paid: str = "已支付") -> str:
    """One line of the platform's list of orders."""
    return f"{by.order_no},{by.name},{by.tax_id},{codes},{paid}"


def orders(*lines: str, day: date = DAY, name: str = "订单清单.csv", head: str = ORDERS_HEAD) -> ListFile:
    return ListFile("orders", name, "\r\n".join([head, *lines, ""]).encode("gb18030"), day)


def registered(*lines: str, day: date = DAY, head: str = PEOPLE_HEAD) -> ListFile:
    return ListFile("platform", "人员清单.csv", "\r\n".join([head, *lines, ""]).encode("utf-8-sig"), day)


def account(person: Person, *more: str) -> str:
    """One line of the platform's list of people."""
    return ",".join((person.name, person.id_number, person.phone, *more))


def after(lists: Sequence[ListFile], wanted: Submission) -> Arrived:
    """The mail with the lists that were taken in before it."""
    return replace(wanted.arrived(), lists=tuple(lists))


@story("880-as-many-rows-as-codes")
def _() -> Arrived:
    """The order stands in the list, is the unit's own and paid, and buys as many codes as there are people: nothing to
    say."""
    wanted = submission((Sheet(SCHOOL, rows(people(8800, 3))),), "accept", "fulfilled")
    return after([orders(bought(SCHOOL, 3))], wanted)


@story("881-more-rows-than-codes")
def _() -> Arrived:
    """Four people on an order of three codes: the accounts are opened, for they cost nothing, and a person compares."""
    wanted = submission(
        (Sheet(CLINIC, rows(people(8805, 4))),), "partial", "held", ("order.more_rows_than_codes",), client=NETEASE
    )
    return after([orders(bought(CLINIC, 3))], wanted)


@story("882-fewer-rows-than-codes")
def _() -> Arrived:
    """Fewer people than codes: noted, for the others may come later."""
    wanted = submission(
        (Sheet(BRIDGE, rows(people(8810, 2))),), "accept", "fulfilled", notes=("order.fewer_rows_than_codes",)
    )
    return after([orders(bought(BRIDGE, 9))], wanted)


@story("883-several-rosters-on-one-order")
def _() -> tuple[Arrived, ...]:
    """Three people, then three more on an order of five codes: the second roster is one too many."""
    first = submission((Sheet(PRESS, rows(people(8815, 3))),), "accept", "fulfilled", client=FOXMAIL)
    more = ("order.more_rows_than_codes",)
    second = later((Sheet(PRESS, rows(people(8820, 3))),), "partial", "held", more, ("order.reused",), client=FOXMAIL)
    return after([orders(bought(PRESS, 5))], first), second.arrived()


@story("884-order-that-another-unit-bought")
def _() -> Arrived:
    """The list says that another unit bought this order: nobody is registered, and nobody is told who it was."""
    sheet = Sheet(THEATRE, rows(people(8825, 3)), header={"order_no": FARM.order_no})
    wanted = submission((sheet,), "hold", "held", ("order.other_unit",), ("order.fewer_rows_than_codes",))
    return after([orders(bought(FARM, 30))], replace(wanted, header={"order_no": FARM.order_no}))


@story("885-order-that-no-list-names")
def _() -> Arrived:
    """The list is of the day of the mail and does not name the order: a person compares, the accounts go ahead."""
    wanted = submission((Sheet(FARM, rows(people(8830, 3))),), "partial", "held", ("order.unknown",))
    return after([orders(bought(SCHOOL, 3))], wanted)


@story("886-list-older-than-the-order")
def _() -> Arrived:
    """The list is older than the mail, so the order may be younger than the list: not known, and noted as that."""
    wanted = submission((Sheet(SCHOOL, rows(people(8835, 3))),), "accept", "fulfilled", notes=("order.unknown",))
    return after([orders(bought(FARM, 3), day=date(2020, 9, 1))], wanted)


@story("887-order-that-is-not-paid")
def _() -> Arrived:
    """The order waits for payment: a person asks about it, the accounts go ahead."""
    wanted = submission((Sheet(CLINIC, rows(people(8840, 3))),), "partial", "held", ("order.unpaid",), client=NETEASE)
    return after([orders(bought(CLINIC, 3, "待支付"))], wanted)


@story("888-a-newer-list-supersedes")
def _() -> tuple[Arrived, ...]:
    """By the first list the order is not paid and buys three; by the newer one it is, and buys six."""
    first = submission((Sheet(BRIDGE, rows(people(8845, 3))),), "partial", "held", ("order.unpaid",))
    second = later((Sheet(BRIDGE, rows(people(8850, 3))),), "accept", "fulfilled", notes=("order.reused",))
    newer = orders(bought(BRIDGE, 6), day=date(2020, 9, 16), name="订单清单0916.csv")
    return after([orders(bought(BRIDGE, 3, "未付款"))], first), after([newer], second)


@story("889-already-registered")
def _() -> Arrived:
    """Two of four have an account already: a line of success, no second account."""
    staff = people(8855, 4)
    wanted = submission((Sheet(PRESS, rows(staff)),), "accept", "fulfilled", opened=2, client=FOXMAIL)
    listed = registered(account(staff[0], "wangxm88"), account(staff[2], staff[2].phone))
    return after([listed], wanted)


@story("890-paid-assigned-or-done-already")
def _() -> Arrived:
    """One bought a code alone, one was assigned one, one has finished this year: each has an account and is noted."""
    staff = people(8860, 4)
    wanted = submission((Sheet(THEATRE, rows(staff)),), "accept", "fulfilled", opened=1)
    lines = (
        account(staff[0], staff[0].phone, "个人购买", ""),
        account(staff[1], staff[1].phone, "已分配", ""),
        account(staff[2], staff[2].phone, "", "2019、2020"),
    )
    return after([registered(*lines, head=f"{PEOPLE_HEAD},激活码状态,已完成年度")], wanted)


@story("891-registered-with-another-phone")
def _() -> Arrived:
    """The account of one has another phone: a person looks at that row, the letter tells nothing of it."""
    staff = people(8865, 3)
    other = Person(staff[1].name, staff[1].id_number, phone(8999))
    sheet = Sheet(FARM, (Row(staff[0]), Row(staff[1], "hold", ("person.identity_conflict",)), Row(staff[2])))
    return after([registered(account(other, ""))], submission((sheet,), "partial", "held"))


@story("892-phone-of-another-account")
def _() -> Arrived:
    """The phone of one is the user name of another person's account: a person looks."""
    staff = people(8870, 3)
    holder = Person("游大海", people(8898, 1)[0].id_number, staff[0].phone)
    sheet = Sheet(SCHOOL, (Row(staff[0], "hold", ("person.identity_conflict",)), *rows(staff[1:])))
    return after([registered(account(holder, holder.phone))], submission((sheet,), "partial", "held"))


@story("893-another-address-for-the-same-order")
def _() -> tuple[Arrived, ...]:
    """Somebody else, verified too, sends a roster of the same unit on the same order: a person looks first."""
    first = submission((Sheet(CLINIC, rows(people(8875, 3))),), "accept", "fulfilled", client=NETEASE)
    stranger = later(
        (Sheet(CLINIC, rows(people(8880, 2))),),
        "hold",
        "held",
        ("sender.other_address",),
        client=OUTLOOK,
        mail={"address": "shihao.weisheng@outlook.com"},
    )
    return first.arrived(), stranger.arrived()


@story("894-colleague-of-the-same-domain")
def _() -> tuple[Arrived, ...]:
    """A colleague writes from the unit's own domain: the same sender, who goes on."""
    first = submission((Sheet(BRIDGE, rows(people(8885, 2))),), "accept", "fulfilled")
    colleague = later(
        (Sheet(BRIDGE, rows(people(8888, 2))),), "accept", "fulfilled", mail={"address": "caiwu@hongkua-bridge.cn"}
    )
    return first.arrived(), colleague.arrived()


@story("895-one-person-in-two-rosters-of-one-order")
def _() -> tuple[Arrived, ...]:
    """The second roster names one of the first again: one account, one code, and the order is not exceeded."""
    staff = people(8890, 5)
    first = submission((Sheet(PRESS, rows(staff[:3])),), "accept", "fulfilled", client=FOXMAIL)
    second = later((Sheet(PRESS, rows(staff[2:])),), "accept", "fulfilled", client=FOXMAIL, opened=2)
    return after([orders(bought(PRESS, 5))], first), second.arrived()


@story("896-who-paid-alone-needs-no-code")
def _() -> Arrived:
    """Four people on three codes, of whom one bought a code alone: as many as are needed."""
    staff = people(8900, 4)
    wanted = submission((Sheet(THEATRE, rows(staff)),), "accept", "fulfilled", opened=3)
    paid = registered(account(staff[3], staff[3].phone, "2020年"), head=f"{PEOPLE_HEAD},个人购买")
    return after([orders(bought(THEATRE, 3)), paid], wanted)


@story("897-order-number-with-dashes")
def _() -> Arrived:
    """The platform writes the number with dashes, the clerk without: one order."""
    number = FARM.order_no
    written = f"{number[:4]}-{number[4:8]}-{number[8:]}"
    wanted = submission((Sheet(FARM, rows(people(8905, 3))),), "accept", "fulfilled")
    return after([orders(bought(replace(FARM, order_no=written), 3))], wanted)


@story("898-list-without-quantities")
def _() -> Arrived:
    """The list tells numbers and units alone: what it does not tell is not known, and nobody waits for it."""
    staff = (*people(8910, 2), of("欧阳明月", 8912))
    line = f"{SCHOOL.order_no},{SCHOOL.name}"
    wanted = submission((Sheet(SCHOOL, rows(staff)),), "accept", "fulfilled")
    return after([orders(line, head="订单编号,购买单位")], wanted)
