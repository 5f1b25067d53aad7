"""The letters of the demonstration as files, and the workbooks that were in them."""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes, policy
from pathlib import Path

from mailbot.assembly import Parts
from tools.servers import Letter

LETTERS, BOOKS = "letters", "workbooks"


def keep_letters(folder: Path, parts: Parts, letters: Sequence[Letter]) -> None:
    """Every letter that left, as .eml, and the workbooks in them beside it."""
    place, books = folder / LETTERS, folder / BOOKS
    place.mkdir(exist_ok=True)
    books.mkdir(exist_ok=True)
    names = _names(parts)
    for letter in letters:
        mail = message_from_bytes(letter.raw, policy=policy.default)
        name = names.get(str(mail["Message-ID"]), "staff-digest")
        (place / f"{name}.eml").write_bytes(letter.raw)
        for attachment in mail.iter_attachments():
            content = attachment.get_content()
            if isinstance(content, bytes):
                (books / f"{name}-{attachment.get_filename()}").write_bytes(content)


def file_name(key: str) -> str:
    """A letter's file name without its ending, by its key in the ledger."""
    return key.replace(":", "-").replace("/", "-")


def has_book(folder: Path, key: str) -> bool:
    """Whether a workbook came with the letter of that key."""
    return any((folder / BOOKS).glob(f"{file_name(key)}-*"))


def _names(parts: Parts) -> dict[str, str]:
    """The file name of every letter that answers a mail, by its Message-ID."""
    queries = parts.ledger.queries
    lines = (letter for mail in queries.mails(limit=10_000) for letter in queries.letters_of_mail(mail.id))
    return {letter.message_id: file_name(letter.key) for letter in lines}
