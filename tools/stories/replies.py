"""What a clerk does after a roster was sent: answers in its thread, sends our workbook of rows to correct back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from tools.stories import units
from tools.stories.books import patched, xlsx
from tools.stories.cells import Cell, Row
from tools.stories.clients import QQ, Client
from tools.stories.model import Arrived, CaseTruth, Truth
from tools.stories.people import Person, wrong_check
from tools.stories.post import XLSX, Draft, File
from tools.stories.sheets import Grid, Sheet, lay
from tools.stories.submit import Submission, arrive
from tools.stories.units import Unit

CASE: Final = "2020-000001"
"""The first case of an empty ledger."""
HEADS: Final = (
    "原行号", "序号", "姓名", "身份证号码", "手机号码", "错误说明",
    "正确姓名", "正确身份证号码", "正确手机号码", "位置",
)  # fmt: skip
THANKS: Final = "已更正，请查收。"
PERSON: Final = Truth(("set_aside",), (), None)
"""A mail that only a person can use; what is answered, and whether, is not judged."""
submission = partial(Submission, at="2020-09-14 10:12")


def bad(one: Person) -> Row:
    """A row with a mistyped ID number."""
    return Row(one, "ask", ("id.checksum",), id_number=wrong_check(one.id_number), state="awaiting_sender")


def done(staff: tuple[Person, ...]) -> tuple[Row, ...]:
    """Rows whose accounts are open."""
    return tuple(Row(one, state="fulfilled") for one in staff)


def reply(first: Submission, text: str, at: str = "2020-09-15 16:00", subject: str | None = None) -> Draft:
    """Words in the thread of a roster."""
    draft = first.draft()
    plain = replace(first, at=at, text=text, subject=subject or f"回复：{draft.subject}").draft()
    return replace(plain, files=(), answers=draft.own_id())


def after(first: Submission, now: tuple[Row, ...], outcome: str, state: str, **more: object) -> CaseTruth:
    """The first case after a later mail: its rows in their old places."""
    [sheet] = first.sheets
    truth = replace(first.truth(), rows=((lay(sheet), now),), outcome=outcome, state=state, opened=None, version=2)
    return replace(truth, **more)  # type: ignore[arg-type]  # fields of CaseTruth by name, from a story


def told(draft: Draft, *cases: CaseTruth, codes: tuple[str, ...] = (), letters: int = 1) -> Arrived:
    """A mail that is answered to its sender."""
    return arrive(draft, Truth(("done",), cases, letters, draft.address, codes=codes))


def book(lines: tuple[Mapping[str, Cell], ...], case: str | None = CASE) -> bytes:
    """Our own workbook of rows to correct as its clerk sends it back; without `case` as a program left it that keeps
    no hidden names."""
    cells: dict[tuple[int, int], Cell] = {(1, column): head for column, head in enumerate(HEADS, start=1)}
    for row, line in enumerate(lines, start=2):
        cells |= {(row, HEADS.index(head) + 1): value for head, value in line.items()}
    data = xlsx([Grid("请改这里", cells, (), frozenset(), (), hidden_columns=frozenset({10}))])
    hidden = f'<definedNames><definedName name="mailbot_case" hidden="1">"{case}"</definedName></definedNames>'

    def name(member: str, content: bytes) -> bytes:
        return content.replace(b"</sheets>", b"</sheets>" + hidden.encode()) if member == "xl/workbook.xml" else content

    return patched(data, name) if case else data


def line(row: int, serial: int, one: Person, **right: str) -> dict[str, Cell]:
    """One row of that workbook: what we showed, masked, and what the clerk filled in."""
    shown = {"姓名": one.name[0] + "*" * (len(one.name) - 1), "身份证号码": one.id_number[:3] + "*" * 13 + "00"}
    place = {"原行号": str(row), "序号": str(serial), "手机号码": one.phone[:3] + "****" + one.phone[-4:]}
    return {**place, **shown, "错误说明": "身份证号码校验位不符", **right, "位置": f"Sheet1!1!{row}"}


def corrected(first: Submission, data: bytes, subject: str | None = None) -> Draft:
    """The mail that brings the workbook back."""
    return replace(reply(first, THANKS, subject=subject), files=(File(f"请更正-{CASE}.xlsx", data, XLSX),))


def two_wrong(staff: tuple[Person, ...], unit: Unit = units.PRIMARY, client: Client = QQ) -> Submission:
    """A roster whose last two rows are wrong."""
    lines = (*done(staff[:-2]), bad(staff[-2]), bad(staff[-1]))
    return submission((Sheet(unit, lines),), "partial", "awaiting_sender", client=client)


def placed(first: Submission) -> list[int]:
    """The sheet rows of a submission's people."""
    return [row for row, _ in lay(first.sheets[0]).placed]
