"""The readable part of an output line that a golden file keeps: what decides, not what merely passes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tools.stories.model import Toml

_CASE: Final = ("kind", "state", "outcome", "proposed", "due_at", "version", "follows", "decided_by")
_PERSON: Final = ("sheet", "row", "panel", "serial", "name", "id_number", "phone", "remark", "status", "state")


def golden(line: Mapping[str, Any]) -> Toml:
    """One line as the golden file keeps it. Nulls are left out, for TOML has none."""
    mail = line["mail"]
    return {
        "file": line["file"].rsplit("/", 1)[-1],
        "state": line["state"],
        "duplicate_of": line["duplicate_of"],
        "from": mail["from"],
        "subject": mail["subject"],
        "attachments": [f"{part['name']} ({part['type']})" for part in mail["attachments"]],
        "marks": line["marks"],
        "findings": _findings(line["findings"]),
        "replies": [{"to": reply["to"], "template": reply["template"]} for reply in line["replies"]],
        "case": [_case(case) for case in line["cases"]],
    }


def _case(case: Mapping[str, Any]) -> Toml:
    out: Toml = {key: case[key] for key in _CASE}
    out["source"] = " / ".join(str(case["source"][key]) for key in ("attachment", "sheet") if case["source"][key])
    out["header"] = case["header"]
    out["findings"] = _findings(case["findings"])
    out["people"] = [_person(person) for person in case["people"]]
    out["effects"] = [f"{effect['verb']} row {effect['row']}: {effect['state']}" for effect in case["effects"]]
    return out


def _person(person: Mapping[str, Any]) -> Toml:
    return {key: person[key] for key in _PERSON} | {"codes": sorted(f["code"] for f in person["findings"])}


def _findings(findings: Iterable[Mapping[str, Any]]) -> list[Toml]:
    out = [{"severity": f["severity"], "code": f["code"], "field": f["where"]["field"]} for f in findings]
    return sorted(out, key=str)


def without_nulls(value: object) -> object:
    """The value as TOML can hold it, for comparing with what a golden file says."""
    if isinstance(value, Mapping):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [without_nulls(item) for item in value]
    return value
