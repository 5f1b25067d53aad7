"""Compares an output line with the truth that a story declares: every difference as one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Json = Mapping[str, Any]
DID: Final = frozenset({"done"})


def differences(truth: Json, line: Json) -> list[str]:
    """What of the declared truth does not hold of the line; empty when all holds."""
    return list(_mail(truth, line))


def _mail(truth: Json, line: Json) -> Iterator[str]:
    if line["state"] not in truth["states"]:
        yield f"state {line['state']}, not {' or '.join(truth['states'])}"
    if truth["twin"] != (line["duplicate_of"] is not None):
        yield f"duplicate_of {line['duplicate_of']}"
    yield from _same("subject", truth.get("subject"), line["mail"]["subject"])
    if truth["files"]:
        yield from _same("files", truth["files"], [part["name"] for part in line["mail"]["attachments"]])
    if truth.get("letters") is not None and len(line["replies"]) != truth["letters"]:
        yield f"{len(line['replies'])} letters, not {truth['letters']}"
    if truth.get("letter_to"):
        yield from (f"a letter to {reply['to']}" for reply in line["replies"] if reply["to"] != [truth["letter_to"]])
    found = [*line["findings"], *(finding for case in line["cases"] for finding in case["findings"])]
    yield from _codes("the whole", truth["codes"], found, at_least=True)
    if "cases" in truth:
        yield from _cases(truth["cases"], line["cases"])


def _same(what: str, wanted: object, found: object) -> Iterator[str]:
    if wanted is not None and wanted != found:
        yield f"{what} {found!r}, not {wanted!r}"


def _cases(wanted: Sequence[Json], found: Sequence[Json]) -> Iterator[str]:
    if len(wanted) != len(found):
        yield f"{len(found)} cases, not {len(wanted)}"
        return
    for number, (truth, case) in enumerate(zip(wanted, found, strict=True), start=1):
        yield from (f"case {number}: {what}" for what in _case(truth, case))


def _case(truth: Json, case: Json) -> Iterator[str]:
    for key in ("outcome", "state", "due_at", "version"):
        yield from _same(key, truth.get(key), case[key])
    if truth.get("sheet"):
        yield from _same("sheet", truth["sheet"], case["source"]["sheet"])
    for key, value in truth["header"].items():
        yield from _same(f"header.{key}", value, case["header"].get(key))
    if "codes" in truth:
        yield from _codes("findings", truth["codes"], case["findings"], at_least=truth["at_least"])
    noted = {finding["code"] for finding in case["findings"] if finding["severity"] == "note"}
    yield from (f"note {code} is missing" for code in truth["notes"] if code not in noted)
    done = sum(effect["verb"] == "open_account" and effect["state"] in DID for effect in case["effects"])
    yield from _same("accounts opened", truth.get("opened"), done)
    yield from _people(truth["people"], case["people"])


def _codes(what: str, wanted: Sequence[str], findings: Sequence[Json], *, at_least: bool) -> Iterator[str]:
    found = {finding["code"] for finding in findings if finding["severity"] != "note"}
    missing, more = set(wanted) - found, found - set(wanted)
    if missing:
        yield f"{what} without {', '.join(sorted(missing))}"
    if more and not at_least:
        yield f"{what} with {', '.join(sorted(more))}"


def _people(wanted: Sequence[Json], found: Sequence[Json]) -> Iterator[str]:
    by_place = {(person["sheet"], person["row"], person["panel"]): person for person in found}
    if len(by_place) != len(found):
        yield "two people stand at one place"
    places = {(truth["sheet"], truth["row"], truth["panel"]): truth for truth in wanted}
    if any(not sheet for sheet, _row, _panel in by_place):  # a text table has no sheets
        by_place = {(None, row, panel): person for (_sheet, row, panel), person in by_place.items()}
        places = {(None, row, panel): truth for (_sheet, row, panel), truth in places.items()}
    yield from (f"nobody at {place}" for place in places.keys() - by_place.keys())
    yield from (f"somebody at {place}" for place in by_place.keys() - places.keys())
    for place in sorted(places.keys() & by_place.keys(), key=str):
        yield from (f"row {place[1]}: {what}" for what in _person(places[place], by_place[place]))


def _person(truth: Json, person: Json) -> Iterator[str]:
    yield from _same("status", truth.get("status"), person["status"])
    yield from _same("state", truth.get("state"), person["state"])
    yield from _codes("codes", truth["codes"], person["findings"], at_least=truth["at_least"])
    for key, value in truth["known"].items():
        yield from _same(key, value, person[key])
    yield from (f"{key} {person[key]!r}, not null" for key in truth["null"] if person[key] is not None)
