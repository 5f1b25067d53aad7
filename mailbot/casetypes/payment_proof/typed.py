"""What an applicant typed: the labels and rows of Annex 2 in any sheet, and the same in lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mailbot.casetypes.payment_proof.clean import cleaned, years
from mailbot.casetypes.payment_proof.values import Payment, Said, Side, Value
from mailbot.casetypes.payment_proof.words import Words, holds, shown, squeeze
from mailbot.domain.document import Cell, Document, Merge, Sheet
from mailbot.domain.evidence import Where
from mailbot.domain.identity import lost_digits

_KEYS: Final = frozenset({"year", "order_id", "paid_at", "payer", "platform"})
_FORM_LABELS: Final = 2
ROWS: Final = 400
"""Rows of a sheet that are read: the form has about fifteen a person."""
_DIGITS_KEPT: Final = ("id_number", "order_id")
_NO_COLUMNS: Final[Mapping[str, tuple[int, int]]] = {}


@dataclass(slots=True)
class Typed:
    """One person as typed, with the payments under them."""

    person: dict[str, Said] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)

    @property
    def filled(self) -> bool:
        return bool(self.person or self.payments)


def read_document(document: Document, words: Words) -> tuple[Typed, ...]:
    """The people of a document, in the order they stand; empty where it holds no form."""
    found = [one for sheet in document.sheets if sheet.visible for one in _Walk(document, sheet, words).run()]
    return tuple(one for one in found if one.filled)


def read_lines(lines: Iterable[str], words: Words) -> Typed:
    """What the labels of a text say, of one person; payments end where a label comes again."""
    typed = Typed()
    row: dict[str, str] = {}
    for line in lines:
        for name, text in words.spoken(line):
            if name in words.labels.values():
                _put(typed.person, name, text, Where(field=name))
                continue
            if name in row and name in ("year", "order_id"):
                typed.payments += _payments(row, Where())
                row = {}
            row.setdefault(name, text)
    typed.payments += _payments(row, Where())
    return typed


class _Walk:
    """The state of a walk down one sheet: the person in work, and the columns of the heading that was met last."""

    def __init__(self, document: Document, sheet: Sheet, words: Words) -> None:
        self.document, self.sheet, self.words = document, sheet, words
        self.people: list[Typed] = [Typed()]
        self.columns: Mapping[str, tuple[int, int]] = _NO_COLUMNS
        self.started = False

    def run(self) -> list[Typed]:
        for number, cells in enumerate(self.sheet.rows[:ROWS], start=1):
            if number not in self.sheet.hidden_rows and number not in self.sheet.struck_rows:
                self._row(number, cells)
        return self.people

    def _row(self, number: int, cells: tuple[Cell, ...]) -> None:
        first = next((shown(cell) for cell in cells if shown(cell)), "")
        if not first:
            return
        heading = self._heading(cells)
        if heading:
            self.columns = heading
        elif squeeze(first).startswith(self.words.notes) or self._labels(number, cells):
            self.columns = _NO_COLUMNS
        elif self.columns:
            self._payment(number, cells)

    def _heading(self, cells: tuple[Cell, ...]) -> Mapping[str, tuple[int, int]]:
        """The columns of a heading with their first and last place; empty for another row."""
        named: list[tuple[str, int]] = []
        for place, cell in enumerate(cells):
            text = shown(cell)
            name = self.words.column(text) or self.words.label(text)
            if text and name is None and named:
                named.append(("", place))
            elif name:
                named.append((name, place))
        columns = {name for name, _ in named if name in _KEYS}
        if len(columns) < 2 or not columns & {"year", "order_id"}:
            return _NO_COLUMNS
        ends = [*(place for _, place in named[1:]), max(len(cells), named[-1][1] + 1)]
        spans: dict[str, tuple[int, int]] = {}
        for (name, place), end in zip(named, ends, strict=True):
            spans.setdefault(name, (place, end))
        return spans

    def _labels(self, number: int, cells: tuple[Cell, ...]) -> bool:
        """Whether the row holds labels of a person; what stands behind them is taken in."""
        found = False
        for place, cell in enumerate(cells):
            text = shown(cell)
            name = self.words.label(text) if text else None
            if name:
                found = True
                self._take(name, *self._behind(number, place, cells))
                continue
            for said, value in self.words.spoken(text) if text else ():
                if said in self.words.labels.values():
                    found = True
                    self._take(said, value, self._place(number, place, said))
        return found

    def _behind(self, number: int, place: int, cells: tuple[Cell, ...]) -> tuple[Cell, Where]:
        """The cell right of a label, beyond its merged range; empty where another label stands there."""
        merge = _merge_at(self.sheet, number, place + 1)
        start = merge.right if merge else place + 1
        for column in range(start, len(cells)):
            text = shown(cells[column])
            if text:
                value = None if self.words.label(text) or self.words.column(text) else cells[column]
                return value, self._place(number, column, None)
            if _merge_at(self.sheet, number, column + 1) is None:
                break
        return None, self._place(number, start, None)

    def _take(self, name: str, cell: Cell, place: Where) -> None:
        """One field of a person. The name, or the number, once more begins the next person."""
        typed = self.people[-1]
        text = shown(cell)
        fresh = name == "name" and (self.started and (name in typed.person or typed.payments))
        if fresh or (name == "id_number" and name in typed.person and text and not _same(typed.person[name], text)):
            typed = Typed()
            self.people.append(typed)
        self.started = True
        if not (name in _DIGITS_KEPT and lost_digits(cell, from_text_table=False)):
            _put(typed.person, name, text, replace(place, field=name))

    def _payment(self, number: int, cells: tuple[Cell, ...]) -> None:
        """One row under the heading: its payments, and whom it names where the heading has columns for that."""
        row: dict[str, str] = {}
        lost = False
        for name, (start, end) in self.columns.items():
            cell = next((cells[at] for at in range(start, min(end, len(cells))) if shown(cells[at])), None)
            if not name or not shown(cell):
                continue
            if name in self.words.labels.values():
                self._take(name, cell, self._place(number, start, name))
            elif name in _DIGITS_KEPT and lost_digits(cell, from_text_table=False):
                lost = True
            else:
                row[name] = shown(cell)
        first = min((start for start, _ in self.columns.values()), default=0)
        self.people[-1].payments += _payments(row, self._place(number, first, None), lost=lost)

    def _place(self, number: int, place: int, name: str | None) -> Where:
        line = self.sheet.lines[number - 1] if self.sheet.lines else None
        row, page = (line.row, line.page) if line else (number, None)
        document = self.document
        attachment = document.name or None
        sheet = self.sheet.name or None
        return Where(attachment, document.member, sheet, row, place + 1, page=page, field=name)


def _merge_at(sheet: Sheet, row: int, column: int) -> Merge | None:
    return next((m for m in sheet.merges if m.top <= row <= m.bottom and m.left <= column <= m.right), None)


def _same(said: Said, text: str) -> bool:
    return any(value.text == cleaned("id_number", text) for value in said.values)


def _put(person: dict[str, Said], name: str, text: str, place: Where) -> None:
    value = cleaned(name, text)
    if value is not None:
        person[name] = person.get(name, Said()).with_(Said((Value(value, place),)))


def _payments(row: Mapping[str, str], place: Where, *, lost: bool = False) -> Iterator[Payment]:
    """The payments of one row: one for each year that it names."""
    values = {
        name: Value(value, replace(place, field=name))
        for name, text in row.items()
        if name != "year" and (value := cleaned(name, text)) is not None
    }
    named = years(row.get("year", ""))
    if not (values or named or lost):
        return
    for year in named or (None,):
        told = {**values, **({"year": Value(str(year), replace(place, field="year"))} if year else {})}
        yield Payment(Side(told, place, lost=lost), together=len(named) > 1)


def is_form(document: Document, words: Words) -> bool:
    """Whether a document is Annex 2: its title or a heading of payments stands there with labels, and it is no
    commitment letter."""
    texts = [shown(cell) for sheet in document.sheets for row in sheet.rows[:ROWS] for cell in row if cell is not None]
    whole = "\n".join(texts)
    return holds(whole, words.titles) and not holds(whole, words.commitments) and _has_labels(texts, words)


def _has_labels(texts: list[str], words: Words) -> bool:
    named = {name for text in texts for name in (words.label(text), words.column(text)) if name}
    named |= {name for text in texts for name, _ in words.spoken(text)}
    return len(named & {"name", "id_number", "year", "order_id", "platform"}) >= _FORM_LABELS
