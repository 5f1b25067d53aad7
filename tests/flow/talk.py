"""What a clerk does with our letters: fills in the workbook, answers in words, sends a list again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from mailbot.domain.decisions import Verdict
from mailbot.domain.outcome import MailResult
from tests.flow.office import Office, Posted, roster
from tools.stories.cells import Row
from tools.stories.people import Person, wrong_check
from tools.stories.post import XLSX, Draft, File

CASE = "2020-000001"


@dataclass
class Overtaken:
    """The real ledger, with a person who decides on the case just before the first commit."""

    office: Office
    verdicts: Mapping[int, Verdict]
    rounds: int = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.office.ledger.cases, name)

    def finish(self, mail: object, result: MailResult) -> None:
        self.rounds += 1
        if self.rounds == 1:
            self.office.decide(CASE, dict(self.verdicts), reason="单位来电")
        self.office.ledger.cases.finish(mail, result)  # type: ignore[arg-type]  # what the flow hands over


RIGHT = {"name": 7, "id_number": 8, "phone": 9}
SHOWN = {"name": 3, "id_number": 4, "phone": 5}


def bad(person: Person) -> Row:
    """A row whose ID number is mistyped."""
    return Row(person, id_number=wrong_check(person.id_number))


def asked(office: Office, *rows: Row | Person, **mail: Any) -> str:
    """A roster that was answered with a question; the Message-ID of our letter."""
    office.process(roster(*rows, **mail))
    office.drain()
    return str(office.post.letters[-1].message["Message-ID"])


def reply(office: Office, to: str, *rows: Row | Person, at: str = "2020-09-16 11:00", **mail: Any) -> MailResult:
    """The sender's answer to our letter, with a roster."""
    return office.process(roster(*rows, at=at, answers=to, subject="回复：名单", **mail))


def says(office: Office, text: str, to: str | None = None, *, at: str = "2020-09-16 11:00", **mail: Any) -> MailResult:
    """The sender's words alone."""
    draft = roster(ANYBODY, at=at, answers=to, subject=mail.pop("subject", "回复：名单"), **mail)
    return office.process(replace(draft, files=(), text=text))


def book_of(letter: Posted) -> bytes:
    """The workbook of rows to correct that came with a letter."""
    [part] = [part for part in letter.message.iter_attachments() if str(part.get_filename()).startswith("请更正")]
    content = part.get_content()
    assert isinstance(content, bytes)
    return content


def filled(book: bytes, rows: Mapping[int, Mapping[str, str]], columns: Mapping[str, int] | None = None) -> bytes:
    """The workbook with cells filled in: by its own row number from 2, by field."""
    workbook = load_workbook(BytesIO(book))
    sheet = workbook.worksheets[0]
    for row, values in rows.items():
        for field, value in values.items():
            sheet.cell(row, (columns or RIGHT)[field]).value = value
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def returned(book: bytes, *, answers: str | None = None, at: str = "2020-09-16 11:00", **mail: Any) -> Draft:
    """A mail that brings our workbook back."""
    draft = roster(ANYBODY, at=at, answers=answers, subject="回复：名单", **mail)
    return replace(draft, text="已更正，请查收。", files=(File("请更正.xlsx", book, XLSX),))


ANYBODY = Person("无名", "110101199003070134", "13800000000")
"""Stands in a list that is taken out of the mail again."""
