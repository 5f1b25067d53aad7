"""Confirmed senders from the shell: listed, and taken back by a named person."""

from pathlib import Path

from mailbot.cli.exits import ExitCode
from tests.cli.shell import mailbot
from tests.cli.test_case import ONE, decide


def bound(storage: Path) -> tuple[str, str]:
    """The one confirmation of a storage, as the ledger has it."""
    listed = mailbot("sender", "list", "--storage", storage)
    assert listed.code == 0
    [row] = [text.split("│") for text in listed.out.splitlines() if "王审核" in text]
    return row[1].strip(), row[2].strip()


def test_a_confirmation_is_listed_and_taken_back(storage: Path) -> None:
    assert decide(storage, ONE, "--proposed", "--approve", "--bind", "--yes").code == 0
    sender, unit = bound(storage)
    assert sender.startswith("@") or "@" in sender
    ran = mailbot("sender", "unbind", sender, unit, "--by", "李主任", "--storage", storage)
    assert ran.code == 0
    assert "王审核" not in mailbot("sender", "list", "--storage", storage).out


def test_what_was_never_confirmed_cannot_be_taken_back(storage: Path) -> None:
    ran = mailbot("sender", "unbind", "@nobody.example", "tax:1", "--by", "李主任", "--storage", storage)
    assert ran.code == ExitCode.REFUSED
    assert "没有这一条确认" in ran.err


def test_taking_back_needs_a_name(storage: Path) -> None:
    assert mailbot("sender", "unbind", "@nobody.example", "tax:1", "--by", " ", "--storage", storage).code != 0
