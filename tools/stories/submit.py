"""A roster as a unit submits it: sheets into a workbook, the workbook into a mail, the truth beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tools.stories.books import table, xlsx
from tools.stories.clients import QQ, Client
from tools.stories.model import Arrived, CaseTruth, Toml, Truth
from tools.stories.post import XLSX, Draft, File, post, when
from tools.stories.sheets import LABELS, Grid, Sheet, lay
from tools.stories.units import Unit

FILE: Final = "重庆市2020年专技人员继续教育公需科目学员报名名单.xlsx"
TEXT: Final = "您好！\n附件是我单位2020年公需科目学员报名名单，请协助注册账号，谢谢！\n\n{unit}  {contact}"
WORKING_DAYS: Final = (7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25)
GOING: Final = ("accept", "accept_with_fixes", "partial")


@dataclass(frozen=True, slots=True)
class Submission:
    """One mail with one workbook that is one case. `outcome`, `state`, `codes` (the case's own findings above a note),
    `header`, `due_at`, `notes` are the author's truth; `opened` is given where it does not follow from the rows,
    `at` where the time matters."""

    sheets: tuple[Sheet, ...]
    outcome: str | None
    state: str | None
    codes: tuple[str, ...] | None = ()
    notes: tuple[str, ...] = ()
    header: Toml = field(default_factory=dict)
    opened: int | None = None
    at_least: bool = False
    due_at: str | None = None
    at: str = ""
    client: Client = QQ
    file: str = FILE
    subject: str = ""
    text: str = TEXT
    charset: str | None = None
    wps: bool = False
    others: tuple[Grid, ...] = ()
    letters: int | None = 1
    mail: dict[str, object] = field(default_factory=dict)

    @property
    def unit(self) -> Unit:
        return self.sheets[0].unit

    def grids(self) -> tuple[Grid, ...]:
        return tuple(lay(sheet) for sheet in self.sheets)

    def attachment(self) -> File:
        grids = self.grids()
        if self.charset:
            return File(self.file, table(grids[0], self.charset), "text/csv")
        return File(self.file, xlsx((*grids, *self.others), wps=self.wps), XLSX)

    def draft(self) -> Draft:
        unit = self.unit
        first = Draft(
            address=unit.address,
            name=unit.contact,
            subject=self.subject or f"{unit.name}2020年公需科目报名名单",
            text=self.text.format(unit=unit.name, contact=unit.contact),
            at=when(self.at) if self.at else some_working_time(self.sheets[0]),
            files=(self.attachment(),),
            client=self.client,
        )
        return replace(first, **self.mail)  # type: ignore[arg-type]  # fields of Draft by name, from a story

    def truth(self) -> CaseTruth:
        return CaseTruth(
            outcome=self.outcome,
            state=self.state,
            rows=tuple((grid, sheet.rows) for grid, sheet in zip(self.grids(), self.sheets, strict=True)),
            header=known_header(self.sheets[0]) | self.header,
            codes=self.codes,
            at_least=self.at_least,
            notes=self.notes,
            due_at=self.due_at,
            opened=accounts(self.sheets, self.outcome) if self.opened is None else self.opened,
        )

    def arrived(self) -> Arrived:
        draft = self.draft()
        files = tuple(file.name for file in draft.files)
        truth = Truth(("done",), (self.truth(),), self.letters, draft.address, subject=draft.subject, files=files)
        if draft.raw_subject is not None or draft.bare or not self.letters:
            truth = replace(truth, subject=None, files=(), letter_to=None)
        return arrive(draft, truth)


def some_working_time(sheet: Sheet) -> datetime:
    """A time in office hours of a working day in September 2020, another for every roster."""
    seed = sheet.unit.name + (sheet.rows[0].person.id_number if sheet.rows else "")
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])
    return when(f"2020-09-{WORKING_DAYS[number % len(WORKING_DAYS)]:02d} 09:00") + timedelta(minutes=number % 480)


def arrive(draft: Draft, truth: Truth) -> Arrived:
    """The draft as a mail that arrived."""
    return Arrived(post(draft), draft.at, truth, draft.delivered_to)


def known_header(sheet: Sheet) -> Toml:
    """The header values that stand in the sheet as its unit's own."""
    if sheet.labels == "none":
        return {}
    keys = [key for key, _text in LABELS if key not in sheet.drop and key not in sheet.header]
    return {key: sheet.unit.value(key) for key in keys}


def accounts(sheets: tuple[Sheet, ...], outcome: str | None) -> int | None:
    """How many accounts are opened: the good rows, unless they are copies; none where the whole case stands."""
    if outcome is None:
        return None
    if outcome not in GOING:
        return 0
    return sum(row.status in ("ok", "fixed") and row.state != "closed" for sheet in sheets for row in sheet.rows)
