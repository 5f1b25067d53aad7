"""Archives through the real opener in a real child: bombs cost themselves alone, what kills a reader inside one costs
that member alone, and locked files open under the child's limits.
"""

import gzip
import time
from collections.abc import Callable, Iterator

import pytest

from mailbot.domain.document import FaultKind, Opened
from mailbot.domain.limits import Limits
from mailbot.readers.sample import sample_workbook
from mailbot.sandbox.parent import Sandbox
from tests.sandbox.test_real_bombs import mail_with, many_strings
from tools.packed import locked_office, packed, zipped
from tools.rars import rar4, rar5

BOOK = sample_workbook()
ZEROS = bytes(24_000_000)


@pytest.fixture(scope="module")
def sandbox(limits: Limits) -> Iterator[Sandbox]:
    child = limits.child.model_copy(update={"cpu_seconds": 3, "part_seconds": 3})
    with Sandbox(
        limits.model_copy(update={"child": child}), "mailbot.opening:open_mail", "mailbot.opening:warm_up"
    ) as found:
        yield found


def nested(levels: int, width: int) -> bytes:
    """What 42.zip is: archives of archives, each the same many times over, with gigabytes at the bottom."""
    data = zipped({"0.bin": ZEROS})
    for _ in range(levels):
        data = zipped({f"{n}.zip": data for n in range(width)})
    return data


BOMBS: dict[str, Callable[[], bytes]] = {
    "1028 to 1": lambda: zipped({"名单.xlsx": ZEROS}),
    "zip of zips": lambda: nested(5, 16),
    "zip of zips without depth": lambda: nested(1, 16),
    "many members": lambda: zipped({f"{n}.csv": b"x" for n in range(5_000)}),
    "7z": lambda: packed({"a.bin": bytes(90_000_000)}, "7zip"),
    "gzip": lambda: gzip.compress(bytes(90_000_000), 1),
    "rar of a bomb": lambda: rar5({"a.zip": nested(2, 16)}),
}


def faults(opened: Opened) -> dict[tuple[str, str | None], FaultKind | None]:
    return {(d.name, d.member): d.fault.kind if d.fault else None for d in opened.documents}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_itself_alone(name: str, sandbox: Sandbox) -> None:
    raw = mail_with(BOOK, BOMBS[name](), zipped({"名单.xlsx": BOOK}))
    start = time.monotonic()
    opened = sandbox.open(raw)
    assert time.monotonic() - start < 20
    assert faults(opened) == {
        ("1.xlsx", None): None,
        ("2.xlsx", None): FaultKind.BOMB,
        ("3.xlsx", "名单.xlsx"): None,
    }
    assert faults(sandbox.open(mail_with(BOOK))) == {("1.xlsx", None): None}


@pytest.mark.timeout(60)
def test_a_member_that_kills_its_reader_is_only_that_member(sandbox: Sandbox) -> None:
    start = time.monotonic()
    opened = sandbox.open(mail_with(zipped({"甲.xlsx": BOOK, "杀.xlsx": many_strings(), "乙.xlsx": BOOK}), BOOK))
    assert time.monotonic() - start < 20
    assert faults(opened) == {
        ("2.xlsx", None): None,
        ("1.xlsx", "甲.xlsx"): None,
        ("1.xlsx", "杀.xlsx"): FaultKind.BOMB,
        ("1.xlsx", "乙.xlsx"): None,
    }
    assert [part.member for part in opened.mail.parts] == [None, None, "甲.xlsx", "杀.xlsx", "乙.xlsx"]


def test_every_format_opens_under_the_childs_limits(sandbox: Sandbox) -> None:
    files = {"名单/甲单位.xlsx": BOOK}
    made = (zipped(files), rar4(files), rar5(files), packed(files, "7zip"), gzip.compress(packed(files, "ustar")))
    opened = sandbox.open(mail_with(*made))
    assert faults(opened) == {(f"{n}.xlsx", "名单/甲单位.xlsx"): None for n in range(1, len(made) + 1)}


def test_locked_files_open_under_the_childs_limits(sandbox: Sandbox) -> None:
    raw = mail_with(zipped({"a.xlsx": BOOK}, key="cq88"), locked_office(BOOK, "cq88"))
    told = raw.replace(b"Subject: =?utf-8?b?5ZCN5Y2V?=", "Subject: 名单 密码：cq88".encode())
    assert told != raw
    assert set(faults(sandbox.open(told)).values()) == {None}
    assert set(faults(sandbox.open(raw)).values()) == {FaultKind.PASSWORD}


def test_a_mail_of_many_members_passes_through(sandbox: Sandbox) -> None:
    opened = sandbox.open(mail_with(zipped({f"{n}部.xlsx": BOOK for n in range(60)})))
    assert len(opened.documents) == 60
    assert not any(document.fault for document in opened.documents)
