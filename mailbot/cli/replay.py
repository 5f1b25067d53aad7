"""`mailbot replay`: what stored mails would come to under today's rules or others, against what was decided. No effect,
no letter, nothing written; works beside a running daemon.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from json import dumps
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer

from mailbot import casetypes
from mailbot.assembly import TARGET, WARM_UP, PerRulebook, calm_collector, open_rules, terms
from mailbot.cli.again import DUE, Again, NotJudged
from mailbot.cli.differences import MailChange, compared
from mailbot.cli.options import MOST, JsonOption, LimitOption, automation_of, moment_of
from mailbot.cli.output import line
from mailbot.cli.place import ConfigOption, NothingThere, Place, StorageOption, place_of
from mailbot.cli.replay_page import change_json, print_changes, print_summary, summary_json
from mailbot.domain.masking import mask_text
from mailbot.domain.ports import PortError
from mailbot.ledger.ledger import read_ledger
from mailbot.ledger.lines import MailLine
from mailbot.rulebook import Rulebook
from mailbot.sandbox.parent import Sandbox

USUAL: Final = 500
"""How many mails are judged again where nobody says which."""
TOLD_EVERY: Final = 25
"""Mails between two lines of progress where nobody sits at a terminal."""

SinceOption = Annotated[
    str | None, typer.Option("--since", help="mails that arrived since then: 2020-09-01, or a time")
]
LastOption = Annotated[
    int | None, typer.Option("--last", min=1, max=MOST, help=f"the last so many of them; {USUAL} without --since")
]
RulesOption = Annotated[Path | None, typer.Option("--rules", help="another rules folder than the one in force")]
LevelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--automation", help="a level, or kind=level, instead of the one each case was judged at; again for more"
    ),
]


@dataclass(frozen=True, slots=True)
class Unread:
    """A mail that could not be judged again, and why."""

    mail: MailLine
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything a replay found. `waiting` are mails that were never judged yet."""

    changes: tuple[MailChange, ...]
    unread: tuple[Unread, ...]
    waiting: tuple[int, ...]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(help="Judge stored mails again, under these rules or others, and show what differs. Writes nothing.")(
        replay
    )


def replay(
    since: SinceOption = None,
    last: LastOption = None,
    rules: RulesOption = None,
    automation: LevelOption = None,
    limit: LimitOption = 200,
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """Judge and compare. With `--json` a line a mail and a last one with the counts."""
    start, levels = moment_of(since), automation_of(automation)
    place = place_of(config, storage, timeless=True)
    with _judge(place, rules) as again:
        mails = again.ledger.queries.arrived(start, last or (None if start else USUAL))
        found = _replayed(replace(again, levels=levels), mails)
    summary = summary_json(found.changes, len(found.unread), found.waiting, again.rules.hash)
    if json:
        for change in found.changes:
            _json_line(change_json(change, place.zone))
        for one in found.unread:
            _json_line({"mail": one.mail.id, "error": one.why})
        _json_line({"summary": summary})
        return
    print_changes(found.changes, limit)
    for one in found.unread:
        line(f"邮件 {one.mail.id}（{one.mail.received_at.astimezone(place.zone):%Y-%m-%d %H:%M}）无法重算：{one.why}")
    print_summary(summary)


@contextmanager
def _judge(place: Place, folder: Path | None) -> Iterator[Again]:
    """Whoever judges again, over the place's ledger opened for reading. Raises `RulebookError` for bad rules."""
    if not place.has_ledger:
        raise NothingThere(place.facts.storage)
    in_force, other = _rulebooks(place, folder)
    with Sandbox(other.limits, TARGET, WARM_UP) as opener:
        ledger = read_ledger(place.facts.storage, terms(place.facts, in_force, in_force.limits, place.secrets))
        calm_collector()
        kinds = {book.hash: PerRulebook(lambda rules: casetypes.kinds(rules.forms)) for book in (in_force, other)}
        try:
            yield Again(
                ledger, opener, place.secrets, place.facts, other, in_force, lambda rules: kinds[rules.hash](rules)
            )
        finally:
            ledger.close()


def _rulebooks(place: Place, folder: Path | None) -> tuple[Rulebook, Rulebook]:
    """The rules in force, and those to try."""
    in_force = open_rules(place.facts).current
    if folder is None:
        return in_force, in_force
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is no folder")
    return in_force, open_rules(replace(place.facts, rules=folder)).current


def _replayed(again: Again, mails: list[MailLine]) -> Found:
    changes: list[MailChange] = []
    unread: list[Unread] = []
    waiting: list[int] = []
    for done, mail in enumerate(mails, start=1):
        try:
            changes.append(compared(mail, again.judge(mail), again.rules.hash))
        except NotJudged as fault:
            if mail.state in DUE:
                waiting.append(mail.id)
            else:
                unread.append(Unread(mail, str(fault)))
        except PortError as fault:
            unread.append(Unread(mail, mask_text(str(fault))))
        _progress(done, len(mails), sys.stderr)
    return Found(tuple(changes), tuple(unread), tuple(waiting))


def _progress(done: int, total: int, out: TextIO) -> None:
    """How far it is: one line that counts on a terminal, a line now and then elsewhere."""
    if out.isatty():
        out.write(f"\r已重算 {done}/{total}" + ("\n" if done == total else ""))
        out.flush()
    elif done == total or done % TOLD_EVERY == 0:
        out.write(f"已重算 {done}/{total}\n")


def _json_line(value: object) -> None:
    line(dumps(value, ensure_ascii=False))
