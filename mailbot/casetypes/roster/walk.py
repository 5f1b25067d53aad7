"""A walk down one sheet: headings, label rows, titles, totals and people, in the order they stand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mailbot.casetypes.roster.answers import answered, asked_in, other_headings, with_words
from mailbot.casetypes.roster.barred import alone_in, spoken_of
from mailbot.casetypes.roster.folding import blank, text_of
from mailbot.casetypes.roster.grid import Grid, Row
from mailbot.casetypes.roster.heads import Columns, Head, could_be_head, find_head
from mailbot.casetypes.roster.infer import complete
from mailbot.casetypes.roster.labels import LabelHit, labels_of
from mailbot.casetypes.roster.lexicon import Lexicon, year_in
from mailbot.casetypes.roster.lines import Line, count_of, holds_person, line_of
from mailbot.casetypes.roster.misheaded import doubt_headings
from mailbot.casetypes.roster.rows import Raw, has_digits, is_example, take, valid_ids
from mailbot.casetypes.roster.slips import doubted
from mailbot.casetypes.roster.tables import Asked, Reading, Table
from mailbot.casetypes.roster.torn import absorbed, remarked, surrounded, whole

TITLE_ROWS: Final = 12
"""Another form says so in its first rows."""

SAMPLE_PEOPLE: Final = 5
"""Sample rows stand among the first people of a table."""


def other_form(grid: Grid, lexicon: Lexicon) -> str | None:
    """The title of another form among the first rows."""
    texts = (text for row in range(1, min(grid.height, TITLE_ROWS) + 1) for _, text in grid.texts(row))
    return next(filter(None, map(lexicon.other_form, texts)), None)


def walk(grid: Grid, lexicon: Lexicon, columns: Columns | None = None) -> Reading:
    """The sheet from top to bottom by its headings; or by `columns` that were told without one."""
    return _Walk(grid, lexicon, columns).run()


class _Walk:
    """The state of a walk: the open table, the labels and year that wait for the people below them, and the unit that
    a line of its own gave to the rows below it, and the line that says of them that they are not to be registered."""

    def __init__(self, grid: Grid, lexicon: Lexicon, columns: Columns | None = None) -> None:
        self.grid = grid
        self.lexicon = lexicon
        self.out = Reading()
        self.labels: list[LabelHit] = []
        self.year: int | None = None
        self.titled: str | None = None
        self.table: Table | None = None
        self.group: str | None = None
        self.signed = False
        self.barred: str | None = None
        if columns:
            self._open((columns,), frozenset(columns.values()), frozenset(), inferred=True)

    def run(self) -> Reading:
        row = 1
        while row <= self.grid.height:
            row = self._step(row, self.grid.row(row))
        out = self.out
        doubt_headings(self.grid, out.tables)
        for table in out.tables:
            table.people = answered(self.grid, table)
            table.people = doubted(self.grid, table, self.lexicon)
        out.tail, out.year = self.labels, self.year
        out.strays.difference_update(
            *(valid_ids(raw.id_number) for table in out.tables for raw in table.people if out.strays)
        )
        return out

    def _step(self, row: int, cells: Row) -> int:
        """Take one line in; the number of the next."""
        if self._plain(row, cells) or all(blank(cell) for cell in cells):
            return row + 1
        self.out.filled = True
        head = find_head(self.grid, row, self.lexicon) if could_be_head(cells, self.lexicon) else None
        if head:
            self._head(head)
            return head.bottom + 1
        panels = self.table.panels if self.table else ()
        raws = self._raws(row, cells)
        width = self._beside(row, cells)
        line = line_of(self.grid, row, raws, panels, self.lexicon, width)
        if self._of_others(row, line):
            line = Line.OTHER if line is Line.PEOPLE else line
        match line:
            case Line.PEOPLE:
                self._people(raws)
                self._strays(cells, {column for panel in panels for column in panel.values()})
            case Line.GROUP:
                self.group = self.lexicon.unit_of_group(next(text for _, text in self.grid.texts(row))) or self.group
            case Line.LABELS:
                hits = labels_of(self.grid, row, self.lexicon, self._free)
                self.labels.extend(hits)
                return max([row, *(hit.row for hit in hits)]) + 1
            case found:
                self._words(row, cells, title=found is Line.TITLE)
        return row + 1

    def _of_others(self, row: int, line: Line) -> bool:
        """Take in a line that speaks of the people above or below it; whether it is one."""
        text = alone_in(self.grid, row, self.table, self.lexicon)
        if text is None:
            return False
        above = spoken_of(text, self.table.people, self.lexicon) if self.table else []
        if self.table and above:
            self.table.people = [with_words(raw, text) if raw in above else raw for raw in self.table.people]
            return True
        bars = self.lexicon.excludes(text) and not self.lexicon.begins_note(text)
        if bars or line in (Line.TITLE, Line.GROUP) or "以下" in text:
            self.barred = text if bars else None
        return bars

    def _waiting(self) -> bool:
        """Whether labels or a title wait for the people below them."""
        return bool(self.labels or self.year or self.titled)

    def _plain(self, row: int, cells: Row) -> bool:
        """The short way for what nearly every line is: a person with a well-formed ID number, in a single panel."""
        table = self.table
        if (
            table is None
            or len(table.panels) > 1
            or len(table.people) < SAMPLE_PEOPLE
            or self._waiting()
            or self.barred
        ):
            return False
        width = len(cells)
        if self.group or (width > table.width and any(not blank(cell) for cell in cells[table.width :])):
            return False
        if table.loose and any(column <= width and not blank(cells[column - 1]) for column in table.loose):
            return False
        columns = table.panels[0]
        column = columns.get("id_number", 0)
        number = cells[column - 1] if 0 < column <= len(cells) else None
        if not (isinstance(number, str) and len(number) == 18 and number.isascii() and number[:17].isdigit()):
            return False
        if self.grid.spans and (row, columns.get("remark", 0)) in self.grid.spans:
            return False
        table.people.append(take(cells, columns, row, 1, table.first))
        if len(cells) > len(columns):
            self._strays(cells, columns.values())
        return True

    def _head(self, head: Head) -> None:
        panels = tuple(self._completed(head, panel) for panel in head.panels)
        for row in range(head.top, head.bottom + 1):
            self.labels.extend(labels_of(self.grid, row, self.lexicon, behind=max(head.headed)))
        if self.table is None or self.table.panels != panels or self._waiting():
            headed = head.headed.union(*(panel.values() for panel in panels))
            inferred = panels != head.panels or not head.even
            asked = asked_in(self.grid, head, panels, self.lexicon)
            table = self._open(panels, headed, head.remarks, asked, inferred=inferred)
            table.headings = other_headings(self.grid, head, panels)

    def _beside(self, row: int, cells: Row) -> int:
        """Take in the labels right of the list, where a row holds anything of the list; the last column that is then
        left to be looked at."""
        table = self.table
        if table is None or all(blank(cell) for cell in cells[: table.width]):
            return len(cells)
        if len(cells) > table.width:
            table.labels.extend(labels_of(self.grid, row, self.lexicon, behind=table.width))
        return table.width

    def _open(
        self,
        panels: tuple[Columns, ...],
        headed: frozenset[int],
        remarks: frozenset[int],
        asked: tuple[Asked, ...] = (),
        *,
        inferred: bool,
    ) -> Table:
        """Begin a table; what waited belongs to it."""
        if self.table is None or self.table.panels != panels:
            self.out.columns.extend(panels)
        first = len(self.out.columns) - len(panels)
        self.signed = False
        if any(hit.key == "unit" for hit in self.labels):
            self.group = None
        self.table = Table(panels, first, inferred, headed, remarks, asked, self.labels, self.year, self.titled)
        self.out.tables.append(self.table)
        self.labels, self.year, self.titled = [], None, None
        return self.table

    def _completed(self, head: Head, panel: Columns) -> Columns:
        """The panel with what its heading does not name, from columns that no heading names."""
        lefts = sorted(min(other.values()) for other in head.panels)
        start = min(panel.values()) if len(lefts) > 1 else 1
        end = next((left for left in lefts if left > start and len(lefts) > 1), None)
        named = {column for column, text in self.grid.texts(head.bottom) if self.lexicon.column(text)}
        named |= {column for other in head.panels for column in other.values()}
        return complete(
            self.grid, panel, head.bottom + 1, lambda c: c not in named and start <= c and (end is None or c < end)
        )

    def _raws(self, row: int, cells: Row) -> list[Raw]:
        table = self.table
        if table is None:
            return []
        return [
            whole(take(cells, panel, row, n, table.first + n - 1), cells, panel, table.headed)
            for n, panel in enumerate(table.panels, start=1)
        ]

    def _free(self, row: int) -> bool:
        """Whether a row may hold the values of the labels above it: neither a heading nor anybody's ID number."""
        if row > self.grid.height or find_head(self.grid, row, self.lexicon):
            return False
        return not any(map(valid_ids, self.grid.row(row)))

    def _words(self, row: int, cells: Row, *, title: bool) -> None:
        """A title, a total, a note: the year, the number of people, and ID numbers where none belong."""
        if title:
            self.out.title = True
            text = "".join(text for _, text in self.grid.texts(row))
            self.year, self.titled = year_in(text) or self.year, self.lexicon.unit_in_title(text) or self.titled
        columns = {column for panel in (self.table.panels if self.table else ()) for column in panel.values()}
        count = count_of(self.grid, row, self.lexicon, columns)
        if count is not None and self.table:
            self.table.declared.append(count)
        elif count is not None:
            self.labels.append(LabelHit("count", count, row, 1))
        self.signed = self.signed or self.lexicon.begins_note("".join(text for _, text in self.grid.texts(row)))
        self._strays(cells, ())

    def _people(self, raws: list[Raw]) -> None:
        """Take people in. Below a note or signature a line needs a number: names and offices sign there too."""
        table = self.table
        if table is None or (self.signed and not any(map(has_digits, raws))):
            return
        self.signed = False
        if self._waiting() and table.people:
            headings = table.headings
            table = self._open(table.panels, table.headed, table.remarks, table.asked, inferred=table.inferred)
            table.headings = headings
        elif self._waiting():
            table.labels, table.year = table.labels + self.labels, self.year or table.year
            table.titled = self.titled or table.titled
            self.labels, self.year, self.titled = [], None, None
        for raw in raws:
            self._take_in(raw, table)

    def _take_in(self, raw: Raw, table: Table) -> None:
        """One panel of a line with people."""
        panel = table.panels[raw.panel - 1]
        if len(table.people) < SAMPLE_PEOPLE and is_example(raw, self.lexicon):
            self.out.strays.update(valid_ids(raw.id_number))
        elif holds_person(self.grid, raw, panel, self.lexicon):
            last = next((other for other in reversed(table.people) if other.panel == raw.panel), None)
            both = absorbed(self.grid, raw, panel, last)
            if both and last:
                table.people[table.people.index(last)] = both
            else:
                raw = surrounded(self.grid, raw, panel, self.group)
                raw = remarked(raw, self.grid.row(raw.row), table, self.lexicon)
                table.people.append(with_words(raw, self.barred) if self.barred else raw)

    def _strays(self, cells: Row, mapped: Collection[int]) -> None:
        for column, cell in enumerate(cells, start=1):
            if column not in mapped and not blank(cell):
                self.out.strays.update(valid_ids(text_of(cell)))
