"""What became of every mail, as one table, for a terminal and as a picture."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich import box
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailbot.assembly import Parts
from mailbot.cli.output import moment, plain
from mailbot.domain.effects import TRUE_OF_THE_WORLD
from mailbot.domain.mail import MailState
from mailbot.domain.masking import mask_text
from mailbot.domain.outcome import StoredCase
from mailbot.ledger.lines import MailLine
from tools.demo.papers import has_book
from tools.demo.words import COLOURS, ENDS, OUTCOMES, letter_word, mail_word, reason
from tools.stories import DemoMail

WIDTH: Final = 150
"""Columns where stdout is no terminal, and of the picture."""
_FONT_FACE: Final = re.compile(r"\s*@font-face \{\{.*?\}\}", re.DOTALL)
NARROW: Final = 120
"""Below this many columns a terminal gets the four that matter most."""
_COLUMNS: Final = (
    ("收到", 11, False),
    ("主题", None, True),
    ("内容", 11, False),
    ("结果", None, True),
    ("注册账号", 8, True),
    ("回信", 16, True),
    ("时限", 11, False),
)
"""Title, width, and whether a narrow terminal gets it. The two without a width share what is left, the result twice as
much as the subject."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a mail with several cases has one for each."""

    received: str
    subject: str
    what: str
    result: str
    colour: str
    accounts: str
    letter: str
    due: str


def rows(parts: Parts, folder: Path, mails: Sequence[DemoMail]) -> list[Row]:
    """The lines of every delivered mail in the order of arrival."""
    seen: set[str] = set()
    return [row for line in _delivered(parts, mails) for row in _rows(parts, folder, line, seen)]


def show(console: Console, lines: Sequence[Row]) -> None:
    """The table."""
    table = Table(title="来信与结果", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title_style="bold", expand=True)
    shown = [column for column in _COLUMNS if column[2] or console.width >= NARROW]
    for title, width, _ in shown:
        ratio = None if width else 1 + (title == "结果")
        table.add_column(title, no_wrap=True, overflow="ellipsis", width=width, ratio=ratio)
    for line in lines:
        cells = _cells(line)
        table.add_row(*(cells[title] for title, _, _ in shown))
    console.print(table)


def _cells(line: Row) -> dict[str, Text]:
    """The cells of a line by the titles of their columns."""
    return {
        "收到": Text(plain(line.received), "dim"),
        "主题": Text(plain(line.subject)),
        "内容": Text(line.what),
        "结果": Text(plain(line.result), line.colour),
        "注册账号": Text(line.accounts),
        "回信": Text(line.letter, "dim" if line.letter == "不回信" else "cyan"),
        "时限": Text(line.due),
    }


def draw(path: Path, lines: Sequence[Row], summary: Sequence[str]) -> None:
    """The table and the summary as an SVG that stands alone: no font is fetched from anywhere."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    show(console, lines)
    for sentence in summary:
        console.print(sentence, highlight=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    code_format = _FONT_FACE.sub("", CONSOLE_SVG_FORMAT)
    path.write_text(console.export_svg(title="make demo", code_format=code_format, unique_id="demo"), "utf-8")


def _delivered(parts: Parts, mails: Sequence[DemoMail]) -> list[MailLine]:
    """The mails of the first run in the order of arrival: what later runs fetch again are copies of them."""
    wanted = Counter(hashlib.sha256(mail.raw).hexdigest() for mail in mails)
    shown = []
    for line in sorted(parts.ledger.queries.mails(limit=10_000), key=lambda mail: mail.id):
        if wanted[line.sha256] > 0:
            wanted[line.sha256] -= 1
            shown.append(line)
    return sorted(shown, key=lambda mail: (mail.received_at, mail.id))


def _rows(parts: Parts, folder: Path, line: MailLine, seen: set[str]) -> list[Row]:
    zone = parts.zone
    received = moment(line.received_at, zone)[5:]
    subject = mask_text(line.subject or "（无主题）")
    answered = parts.ledger.queries.letters_of_mail(line.id)
    letter = (
        "、".join(letter_word(one) + ("＋表格" if has_book(folder, one.key) else "") for one in answered) or "不回信"
    )
    own = [(case_id, role) for case_id, role in line.cases if role != "copy"]
    if not own:
        why = reason(line.findings) or line.last_error or ""
        result = ENDS[line.state] + (f"：{mask_text(why)}" if why else "")
        colour = COLOURS["hold"] if line.state is MailState.SET_ASIDE else "dim"
        return [Row(received, subject, mail_word(line.marks), result, colour, "", letter, "")]
    out = []
    for number, (case_id, role) in enumerate(own):
        case = parts.ledger.cases.load_case(case_id)
        head = (received, subject, letter) if number == 0 else ("", "", "″")
        out.append(_case_row(case, role, head, moment(case.result.due_at, zone)[5:], seen))
    return out


def _case_row(case: StoredCase, role: str, head: tuple[str, str, str], due: str, seen: set[str]) -> Row:
    received, subject, letter = head
    people = sum(1 for item in case.result.items if item.number)
    what = f"名单 {people} 人" if people else "名单读不出"
    if role == "follows" and not _new(case, seen):
        return Row(received, subject, what, "名单已收到过，不重复办理", "dim", "", letter, "")
    word = case.result.outcome.word
    why = reason([*case.result.findings, *(f for item in case.result.items for f in item.findings)])
    result = OUTCOMES[word] + (f"：{mask_text(why)}" if why else "")
    return Row(received, subject, what, result, COLOURS[word], _accounts(case, seen), letter, due)


def _new(case: StoredCase, seen: set[str]) -> bool:
    return any(key not in seen for key in case.effect_states)


def _accounts(case: StoredCase, seen: set[str]) -> str:
    """Accounts that this case opened, and behind a plus those that an earlier mail opened for the same people."""
    done = {key for key, state in case.effect_states.items() if state in TRUE_OF_THE_WORLD}
    before = len(done & seen)
    seen |= done
    own = len(done) - before
    return f"{own}" + (f"＋已有{before}" if before else "") if done else "—"
