"""The platform without an API: import workbooks and a waiting list for people, who carry them there and say what came.

Every wish stays `pending` until a person confirms it or the platform's error file answers it; silence is not success.
A workbook once written is never changed, for somebody may have imported it already. The second call with a key finds
its row and writes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailbot.domain.effects import Person
from mailbot.domain.ports import Answer, Caps, PortError, Presence, Registration, RowResult, Wish
from mailbot.failpoints import failpoint
from mailbot.platform import known
from mailbot.platform import worklist_store as memory
from mailbot.platform.error_file import read_errors
from mailbot.platform.feeding import Fed, sort_out
from mailbot.platform.known import Known
from mailbot.platform.registry import PlatformSettings
from mailbot.platform.store import Store
from mailbot.platform.worklist_book import OVERVIEW_ROWS, import_book, one_writer, overview_book, write_whole
from mailbot.platform.worklist_data import ListVerb, WorklistData, read_data

FOLDER: Final = "worklist"
BATCH_SIZE: Final = 200
LIST_WORDS: Final[dict[ListVerb, str]] = {"open_account": "待注册", "grant": "待开通", "revoke": "待收回"}
"""What a list is called, by what it asks of the platform."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch for the shell: its file, and how many rows stand in which state."""

    name: str
    verb: ListVerb
    made_at: str
    file: Path
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row that waits for the platform: where it stands, whose it is (whole values), the wishes that it serves."""

    batch: str
    row: int
    verb: ListVerb
    made_at: str
    name: str
    phone: str
    year: int | None
    keys: tuple[str, ...]


class Worklist:
    """The adapter. It knows whom imported lists name, and answers through `confirm`, `mark` and `feed_errors`."""

    def __init__(self, settings: PlatformSettings) -> None:
        """Open the list in the site's storage folder. Raises `PortError` for a bad table or an unusable file."""
        self._folder = settings.folder / FOLDER
        self._clock = settings.clock
        self._data: WorklistData = read_data(settings.data)
        self._store = Store(self._folder / "worklist.sqlite", memory.SCHEMA + known.SCHEMA)
        self.known = Known(self._store)
        """What imported lists told."""
        self._told: set[int] = set()
        self._caps = Caps(
            name="worklist",
            authoritative=False,
            asynchronous=True,
            batch_size=_batch_size(settings),
            password_policy=settings.password_policy,
        )

    @property
    def caps(self) -> Caps:
        """Not authoritative, asynchronous; one workbook holds at most `batch_size` rows."""
        return self._caps

    def check(self) -> None:
        """Whether the folder can be written; workbooks that a crash left out are written. Raises `PortError`."""
        self._write_missing()

    def close(self) -> None:
        """Close the list's file."""
        self._store.close()

    def find(self, people: Sequence[Person]) -> list[Registration]:
        """What imported lists told of these people; nobody can be asked, so all others are unknown."""
        with self._store.transaction() as db:
            return known.find(db, people)

    def ensure_accounts(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Put the missing people on the list and into import workbooks; each answer says where its row stands."""
        return self._list("open_account", wishes)

    def grant(self, wishes: Sequence[Wish]) -> list[Answer]:
        """As `ensure_accounts`, for make-up years (待开通)."""
        return self._list("grant", wishes)

    def revoke(self, wishes: Sequence[Wish]) -> list[Answer]:
        """As `ensure_accounts`, for what is to be taken back (待收回): a year, or with no year the account."""
        return self._list("revoke", wishes)

    def collect(self) -> list[Answer]:
        """Answers not told before. What one call tells is settled by the next call of the same process, so that
        answers lost in a crash between here and the caller's commit are told again."""
        with self._store.transaction() as db:
            memory.settle(db, sorted(self._told))
            found = memory.answers(db)
        self._told = {row for row, _ in found}
        return [answer for _, answer in found]

    def batches(self) -> list[Batch]:
        """Every batch with its file and counts, oldest first."""
        with self._store.transaction() as db:
            lines = memory.tallies(db)
        batches: dict[int, Batch] = {}
        for number, verb, made_at, state, count in lines:
            fresh = Batch(memory.batch_name(number), verb, made_at, self._file(verb, number), {})
            batches.setdefault(number, fresh).counts[state] = count
        return list(batches.values())

    def waiting(self) -> list[Waiting]:
        """Every row that waits for the platform, the oldest first. The row numbers are those of its workbook."""
        with self._store.transaction() as db:
            found = memory.open_wishes(db)
        rows: dict[int, tuple[memory.Row, str, list[str]]] = {}
        for row, made_at, key in found:
            rows.setdefault(row.id, (row, made_at, []))[2].append(key)
        return [
            Waiting(
                memory.batch_name(row.batch),
                row.position + 1,
                row.verb,
                made_at,
                row.name,
                row.phone,
                row.year,
                tuple(keys),
            )
            for row, made_at, keys in rows.values()
        ]

    def confirm(self, actor: str, *, batch: str | None = None, keys: Sequence[str] = (), reason: str = "") -> int:
        """A named person says that these rows came true; how many were waiting. Raises `PortError` for an unknown
        batch or key: then nothing is confirmed."""
        said = f"confirmed by {actor}" + (f": {reason}" if reason else "")
        return self._mark(batch, keys, RowResult.DONE, said, actor)

    def mark(self, actor: str, keys: Sequence[str], result: RowResult, detail: str) -> int:
        """A named person says how single rows ended. Raises `PortError` for an unknown key or what is no end."""
        if result in (RowResult.PENDING, RowResult.RETRY):
            raise PortError(f"{result.value} is no end of a row", retry=False)
        return self._mark(None, keys, result, detail, actor)

    def feed_errors(self, file: Path, actor: str, *, batch: str | None = None) -> Fed:
        """Answer the rows that the platform's error file speaks of, and no others; the same file again answers none.
        Raises `PortError` for a file that cannot be read or belongs to another batch; then nothing is answered."""
        _named(actor)
        errors = read_errors(file, self._data.error_file)
        with self._store.transaction() as db:
            number = None if batch is None else _batch_number(db, batch)
            found = sort_out(db, errors, self._data.meaning, number)
            for said in found.said.values():
                self._answer(db, said.row, said.result, f"{file.name}: {'; '.join(said.messages)}", actor)
            fed = found.fed(memory.still_waiting(db, number))
        self._refresh()
        return fed

    def keys_at(self, batch: str, rows: Sequence[int]) -> list[str]:
        """The keys that these rows of a batch's workbook serve, one a row; row 1 holds the headings. Raises
        `PortError` for an unknown batch or row."""
        with self._store.transaction() as db:
            keys = memory.keys_by_position(db, _batch_number(db, batch))
        missing = [row for row in rows if row - 1 not in keys]
        if missing:
            raise PortError(f"batch {batch} has no row {missing[0]}", retry=False)
        return [keys[row - 1] for row in rows]

    def _list(self, verb: ListVerb, wishes: Sequence[Wish]) -> list[Answer]:
        self._write_missing()
        with self._store.transaction() as db:
            desk = _Desk(db, verb, self._caps.batch_size, self._clock.now().isoformat())
            told = known.find(db, [wish.person for wish in wishes] if verb != "revoke" else [])
            listed = dict(zip((wish.key for wish in wishes), told, strict=False))
            answers = [desk.place(wish, listed.get(wish.key)) for wish in wishes]
        failpoint("worklist.intended")
        self._write_missing()
        return answers

    def _write_missing(self) -> None:
        """Write every workbook that is intended and not known to be in its place; writing one again is harmless."""
        with one_writer(self._folder):
            with self._store.transaction() as db:
                missing = memory.unwritten(db)
            for number, verb in missing:
                self._write_batch(number, verb)
            if missing:
                self._write_overviews()

    def _write_batch(self, number: int, verb: ListVerb) -> None:
        with self._store.transaction() as db:
            rows = [row.listed for row in memory.batch_rows(db, number)]
        write_whole(self._file(verb, number), import_book(self._data.columns(verb), rows))
        failpoint("worklist.written")
        with self._store.transaction() as db:
            memory.mark_written(db, number)

    def _write_overviews(self) -> None:
        for verb, name in LIST_WORDS.items():
            path = self._folder / f"{name}清单.xlsx"
            with self._store.transaction() as db:
                rows, total = memory.waiting(db, verb, OVERVIEW_ROWS)
            if rows or path.exists():
                write_whole(path, overview_book([row.listed for row in rows], total))

    def _refresh(self) -> None:
        with one_writer(self._folder):
            self._write_overviews()

    def _file(self, verb: ListVerb, number: int) -> Path:
        return self._folder / f"{LIST_WORDS[verb]}-{memory.batch_name(number)}.xlsx"

    def _mark(self, batch: str | None, keys: Sequence[str], result: RowResult, detail: str, actor: str) -> int:
        _named(actor)
        with self._store.transaction() as db:
            rows = {row.id: row for row in self._chosen(db, batch, keys) if row.state is RowResult.PENDING}
            for row in rows.values():
                self._answer(db, row, result, detail, actor)
        self._refresh()
        return len(rows)

    def _chosen(self, db: sqlite3.Connection, batch: str | None, keys: Sequence[str]) -> list[memory.Row]:
        rows = [] if batch is None else memory.batch_rows(db, _batch_number(db, batch))
        for key in keys:
            row = memory.by_key(db, key)
            if row is None:
                raise PortError(f"no row serves the key {key}", retry=False)
            rows.append(row)
        return rows

    def _answer(self, db: sqlite3.Connection, row: memory.Row, result: RowResult, detail: str, actor: str) -> None:
        said = f"{row.detail}; {detail}"
        memory.answer_row(db, row, result, said, (actor, self._clock.now().isoformat()))
        if result in memory.SUCCESS and row.verb == "revoke":
            memory.end_others(db, "open_account" if row.year is None else "grant", row)


class _Desk:
    """Places wishes of one call into rows: found again, joined to the same person's row, in conflict, or new."""

    def __init__(self, db: sqlite3.Connection, verb: ListVerb, size: int, now: str) -> None:
        self._db, self._verb, self._size, self._now = db, verb, size, now
        self._batch, self._position = 0, size

    def place(self, wish: Wish, listed: Registration | None) -> Answer:
        """The wish's answer, with its row in the list where it needs one. Who has the account by an imported list
        (`listed`) needs no other, and a year goes to no phone that a list says is another's."""
        mine = memory.by_key(self._db, wish.key)
        if mine is not None and mine.serves(wish) and (mine.live or not mine.settled):
            return Answer(wish.key, mine.state, mine.detail)
        if listed is not None and self._answered(listed, wish):
            return known.answer(listed, wish)
        dead = None if mine is None or mine.live else mine.id
        rivals = [row for row in memory.rivals(self._db, self._verb, wish) if row.id != dead]
        if any(not row.serves(wish) for row in rivals):
            where = memory.batch_name(rivals[0].batch)
            return Answer(
                wish.key, RowResult.CONFLICT, f"batch {where} holds this phone or ID number with other values"
            )
        if rivals:
            return self._join(wish, rivals[0])
        row = self._add(wish)
        return Answer(wish.key, row.state, row.detail)

    def _answered(self, listed: Registration, wish: Wish) -> bool:
        """Whether what a list told of the person is the answer already."""
        found = listed.presence is Presence.FOUND
        return found and (self._verb == "open_account" or known.is_another(listed, wish.person))

    def _join(self, wish: Wish, row: memory.Row) -> Answer:
        memory.bind(self._db, wish.key, row.id)
        result = RowResult.ALREADY if row.state in memory.SUCCESS else row.state
        return Answer(wish.key, result, row.detail)

    def _add(self, wish: Wish) -> memory.Row:
        if self._position >= self._size:
            self._batch, self._position = memory.add_batch(self._db, self._verb, self._now), 0
        self._position += 1
        return memory.add_row(self._db, self._verb, self._batch, self._position, wish)


def open_platform(settings: PlatformSettings) -> Worklist:
    """The door that `registry.load` looks for. Options: `batch_size` (rows a workbook)."""
    return Worklist(settings)


def _named(actor: str) -> None:
    if not actor.strip():
        raise PortError("a named person answers for a row", retry=False)


def _batch_size(settings: PlatformSettings) -> int:
    text = settings.options.get("batch_size", str(BATCH_SIZE))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise PortError(f"[platform] batch_size must be a number from 1 to 10000, not {text!r}", retry=False)
    return int(text)


def _batch_number(db: sqlite3.Connection, name: str) -> int:
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
    if not memory.batch_rows(db, number):
        raise PortError(f"there is no batch {name!r}", retry=False)
    return number
