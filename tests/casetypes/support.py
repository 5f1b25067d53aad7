"""What the tests of the room share: documents from plain rows, a frozen situation, and the verdict of the real rules."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from mailbot.casetypes import kinds
from mailbot.casetypes.roster.kind import RosterKind
from mailbot.domain.decisions import Automation, RowStatus, status_of
from mailbot.domain.document import Cell, Document, Fault, FaultKind, Opened, Sheet
from mailbot.domain.effects import PlannedEffect
from mailbot.domain.evidence import Where
from mailbot.domain.facts.mail import MAIL
from mailbot.domain.findings import Finding
from mailbot.domain.forms import Form
from mailbot.domain.identity import check_char
from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.mail import Mail
from mailbot.domain.outcome import Lookups
from mailbot.domain.ports import Registration
from mailbot.domain.records import RosterRecord
from mailbot.rulebook.book import Rulebook
from mailbot.rulebook.load import load, read_forms

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2020, 7, 13, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
HEAD = ("序号", "姓名\n（姓名中间不能有空格）", "身份证号码\n（身份证号码含X，必须大写）", "手机号码", "备注")
Rows = Sequence[Sequence[Cell]]


class PlainHasher:
    """SHA-256 without a key: stable and collision-free, which is all that these tests need."""

    def search(self, text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def token(self, text: str) -> str:
        return self.search(text)


HASHER = PlainHasher()


@cache
def form() -> Form:
    return Form.model_validate(tomllib.loads((ROOT / "rules/forms/roster.toml").read_text(encoding="utf-8")))


@cache
def kind() -> RosterKind:
    return RosterKind(form())


@cache
def rulebook() -> Rulebook:
    """The rules that ship."""
    every = [vocabulary for one in kinds(read_forms(ROOT / "rules")) for vocabulary in one.vocabularies]
    return load(ROOT / "rules", [MAIL, *every], ROOT / "templates", campaign="2020")


def person_id(number: int = 1, *, born: str = "19850312", region: str = "500103") -> str:
    """A valid ID number of an invented person."""
    first = f"{region}{born}{number % 1000:03d}"
    return first + check_char(first)


def phone_of(number: int = 1) -> str:
    return f"138{number:08d}"


def labels(unit: str = "重庆市某中学", order: Cell = "202007120001") -> list[tuple[Cell, ...]]:
    """The official form's head, down to the order number."""
    return [
        ("重庆市2020年专业技术人员公需科目培训\n学员报名名单",),
        (f"填表单位：{unit}", None, None, "联系人：周敏"),
        ("单位纳税人识别号：", None, None, "联系人电话：023-60000000"),
        ("缴费订单号：", None, order) if not isinstance(order, str) else (f"缴费订单号：{order}",),
    ]


def sheet(rows: Rows, name: str = "Sheet1", index: int = 0, **more: object) -> Sheet:
    return Sheet.model_validate({"name": name, "index": index, "rows": tuple(map(tuple, rows)), **more})


def document(*sheets: Sheet, number: int = 1, name: str = "报名名单.xlsx", **more: object) -> Document:
    digest = hashlib.sha256(repr((sheets, name, more)).encode()).hexdigest()
    base = {"number": number, "name": name, "sha256": digest, "family": "workbook", "sheets": sheets}
    return Document.model_validate({**base, **more})


def broken(fault: FaultKind, number: int = 1, family: Literal["workbook", "unread"] = "unread") -> Document:
    return Document(number=number, name="名单.xlsx", sha256="0" * 64, family=family, fault=Fault(kind=fault))


def opened(*documents: Document) -> Opened:
    return Opened(mail=Mail(), documents=documents)


def records(*documents: Document) -> tuple[RosterRecord, ...]:
    mail = opened(*documents)
    return kind().extract(mail, kind().claims(mail))


def record_of(rows: Rows, name: str = "Sheet1", **more: object) -> RosterRecord:
    """The only record of a workbook with one sheet."""
    (found,) = records(document(sheet(rows, name, 0, **more)))
    return found


def official(people: Rows, **more: object) -> RosterRecord:
    """The official form with these people."""
    return record_of([*labels(), HEAD, *people], "Sheet1", **more)


def situation(
    *,
    lookups: Lookups | None = None,
    registrations: Mapping[str, Registration] | None = None,
    sender: SenderView | None = None,
) -> Situation:
    return Situation(
        now=NOW,
        received_at=NOW,
        mailbox="2020gxkm@cqhrsp.com",
        campaign=rulebook().campaign,
        automation=Automation.CLEAN,
        sender=sender or SenderView("hr@school.example", verified=True, ambiguous=False, lookalike=False),
        lookups=lookups or Lookups(),
        registrations=registrations or {},
        hasher=HASHER,
    )


@dataclass(frozen=True)
class Judged:
    """What the shipped rules say of a record."""

    case: tuple[Finding, ...]
    rows: tuple[tuple[Finding, ...], ...]
    effects: tuple[PlannedEffect | None, ...]

    @property
    def case_codes(self) -> set[str]:
        return {f.code for f in self.case}

    def codes(self, number: int) -> set[str]:
        """The codes of a row, numbered from 1."""
        return {f.code for f in self.rows[number - 1]}

    def status(self, number: int) -> RowStatus:
        return status_of(self.rows[number - 1])


def judge(record: RosterRecord, at: Situation | None = None) -> Judged:
    """Run every rule over every subject, as the flow does."""
    context, book, roster = at or situation(), rulebook(), kind()
    found: list[tuple[Finding, ...]] = []
    for subject in roster.subjects(record, context):

        def where(field: str | None, number: int = subject.number) -> Where:
            return roster.where(record, number, field)

        found.append(tuple(book.check(subject.about, subject.facts, where)))
    items = roster.items(record, HASHER)
    effects = tuple(roster.effect(item, context.campaign, HASHER) for item in items)
    return Judged(found[0], tuple(found[1:]), effects)
