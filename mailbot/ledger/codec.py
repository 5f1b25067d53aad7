"""Domain values to what a column holds, and back. Nothing is lost on the way but the type of a finding's facts.

Text from outside may hold what no database takes (a lone surrogate, NUL): it is made harmless here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from mailbot.domain.effects import Person
from mailbot.domain.evidence import Where
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.outcome import Json
from mailbot.domain.workdays import ItemClock

T = TypeVar("T")
Columns = dict[str, object]
CHUNK = 900
"""Values in one IN list, well below every database's limit of bound parameters."""


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists short enough for one statement."""
    everything = list(values)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


def dumps(value: object) -> str:
    """JSON, compact and readable; escaped whole where a lone surrogate would not survive UTF-8."""
    text = _READABLE.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ESCAPED.encode(value)
    return text


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return None
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    raise TypeError(f"a {type(value).__name__} cannot be stored as JSON")


_READABLE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
_ESCAPED = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_plain)


def clean(text: str) -> str:
    """Text fit for a text column."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "�")


def clean_or_none(text: str | None) -> str | None:
    """As `clean`, and nothing stays nothing."""
    return None if text is None else clean(text)


def finding_out(finding: Finding) -> Columns:
    """A finding as stored; places that do not apply are left out."""
    out: Columns = {"code": finding.code, "severity": finding.severity.word, "message": finding.message}
    where = {key: value for key, value in finding.where.as_dict().items() if value is not None}
    if finding.stops is not Stops.NONE:
        out["stops"] = finding.stops.value
    if where:
        out["where"] = where
    if finding.facts:
        out["facts"] = finding.facts
    if finding.unknown:
        out["unknown"] = True
    return out


def findings_out(findings: Sequence[Finding]) -> list[Columns] | None:
    """Findings as stored: nothing where there are none."""
    return [finding_out(finding) for finding in findings] or None


def finding_in(stored: Json) -> Finding:
    """A stored finding as a domain value; facts come back as JSON has them."""
    facts = stored.get("facts")
    return Finding(
        code=str(stored["code"]),
        severity=Severity[str(stored["severity"]).upper()],
        message=str(stored["message"]),
        stops=Stops(str(stored.get("stops", "none"))),
        where=_where_in(stored.get("where")),
        facts=facts if isinstance(facts, Mapping) else {},
        unknown=bool(stored.get("unknown", False)),
    )


def findings_in(stored: Sequence[Json] | None) -> tuple[Finding, ...]:
    """Stored findings as domain values."""
    return tuple(finding_in(finding) for finding in stored or ())


def _where_in(stored: object) -> Where:
    if not isinstance(stored, Mapping):
        return Where()
    box = stored.get("box")
    return Where(**{**stored, "box": tuple(box) if box else None})


def clock_out(clock: ItemClock | None) -> Columns | None:
    """A clock as stored: nothing where it runs since the case arrived."""
    if clock is None:
        return None
    waits = [[since.isoformat(), until.isoformat()] for since, until in clock.waits]
    return {"started": clock.started.isoformat(), "waits": waits}


def clock_in(stored: Json | None) -> ItemClock | None:
    """A stored clock as the domain's record."""
    if stored is None:
        return None
    read = datetime.fromisoformat
    waits = stored["waits"]
    pairs = waits if isinstance(waits, list) else []
    return ItemClock(read(str(stored["started"])), tuple((read(since), read(until)) for since, until in pairs))


def person_out(person: Person) -> Columns:
    """A person as stored."""
    return {"name": person.name, "id_number": person.id_number, "phone": person.phone}


def person_in(stored: Json) -> Person:
    """A stored person; empty values where they were purged."""
    return Person(*(str(stored.get(key, "")) for key in ("name", "id_number", "phone")))
