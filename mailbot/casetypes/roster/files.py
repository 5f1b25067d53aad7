"""What is said of the file that a record was read from, or could not be read from: the facts `file.*`."""

from __future__ import annotations

from typing import Final

from mailbot.casetypes.roster.elsewhere import name_of
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.domain.document import FaultKind
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.records import RosterRecord

_FAULTS: Final = {
    "file.unreadable": (FaultKind.UNREADABLE, FaultKind.UNSUPPORTED),
    "file.password_needed": (FaultKind.PASSWORD,),
    "file.ocr_only": (FaultKind.OCR_ONLY,),
    "file.bomb": (FaultKind.BOMB,),
    "file.too_many_rows": (FaultKind.TOO_MANY_ROWS,),
}
_NAMED: Final = 3
"""So many files are named; of more, how many there are."""


def file_facts(record: RosterRecord, lexicon: Lexicon) -> dict[str, FactValue]:
    """The facts of one record's file."""
    return {
        **{name: record.fault in kinds for name, kinds in _FAULTS.items()},
        "file.problem": _problem(record, lexicon),
        "file.correction": record.correction,
        "file.light": record.light,
        "file.wrong_form": record.wrong_form is not None,
        "file.name": _names(record),
    }


def _problem(record: RosterRecord, lexicon: Lexicon) -> str | None:
    """What the form's words say of a part that cannot be read, by its type, else by its fault."""
    if record.fault is FaultKind.UNREADABLE:
        return lexicon.problems.get(FaultKind.UNREADABLE)
    if record.fault is FaultKind.UNSUPPORTED:
        return lexicon.problems.get(record.file_type) or lexicon.problems.get(FaultKind.UNSUPPORTED)
    return None


def _names(record: RosterRecord) -> str:
    names = record.files or (name_of(record),)
    more = f"等{len(names)}个文件" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
