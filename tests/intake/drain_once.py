"""A process to be killed: drains one mailbox into files. Arguments: port, user, password, folder."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from mailbot.credentials import Password
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Cursor, FetchTry, Kept, NewMail
from mailbot.intake.mailbox import Mailbox
from tests.intake.helpers import StillClock, account, limits


class FileStore:
    """Mails as files by UID, and the cursor in a file that is replaced after them."""

    def __init__(self, folder: Path) -> None:
        self._kept, self._cursor = folder / "kept", folder / "cursor.json"
        self._kept.mkdir(exist_ok=True)

    def cursor(self, account: str, mailbox: str) -> Cursor | None:
        return Cursor(*json.loads(self._cursor.read_text("ascii"))) if self._cursor.exists() else None

    def move(self, account: str, mailbox: str, cursor: Cursor) -> None:
        raise AssertionError(cursor)

    def newest(self, account: str, mailbox: str, uidvalidity: int, count: int) -> list[Kept]:
        return []

    def raw(self, sha256: str) -> bytes:
        raise AssertionError(sha256)

    def tries(self, account: str, mailbox: str, uidvalidity: int) -> list[FetchTry]:
        return []

    def keep_tries(self, account: str, mailbox: str, uidvalidity: int, tries: Sequence[FetchTry]) -> None:
        raise AssertionError(tries)

    def known_uids(self, account: str, mailbox: str, uidvalidity: int) -> set[int]:
        return {int(path.name) for path in self._kept.iterdir()}

    def store(self, mails: Sequence[NewMail], cursor: Cursor | None) -> list[int]:
        for mail in mails:
            path = self._kept / f"{mail.arrival.uid:08d}"
            path.with_suffix(".new").write_bytes(mail.raw)
            path.with_suffix(".new").rename(path)
        if cursor is not None:
            fresh = self._cursor.with_suffix(".new")
            fresh.write_text(json.dumps([cursor.uidvalidity, cursor.high_water]), "ascii")
            fresh.rename(self._cursor)
        return []

    def store_poison(self, arrival: Arrival, address: str, size: int, detail: str, cursor: Cursor | None) -> None:
        raise AssertionError(detail)


if __name__ == "__main__":
    port, user, password, folder = sys.argv[1:]
    box = Mailbox(
        account(int(port), user=user), Password(lambda: password), FileStore(Path(folder)), StillClock(), limits()
    )
    box.drain(Event())
