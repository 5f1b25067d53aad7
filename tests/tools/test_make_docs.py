"""The generated pages are today's: the schema describes real output, and the catalogue names every setting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailbot.config import Settings
from mailbot.contract import Line
from tests.cli.mails import AT, mail, people, workbook
from tests.cli.shell import mailbot
from tools import make_docs, make_schema
from tools.settings_page import meanings, rows


def test_the_pages_in_the_tree_are_today_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_docs.main(["--check"]) == 0, capsys.readouterr().out


def test_a_missing_or_touched_schema_fails_the_check_and_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "process.schema.json"
    assert make_schema.main(["--check"], file) == 1
    assert make_schema.main([], file) == 0
    assert make_schema.main(["--check"], file) == 0
    file.write_text("{}", "utf-8")
    assert make_schema.main(["--check"], file) == 1


def faults(value: object, schema: dict[str, Any], whole: dict[str, Any], at: str = "$") -> list[str]:
    """What of a value the schema does not allow: as much of JSON Schema as the contract uses."""
    if "$ref" in schema:
        return faults(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, at)
    if "anyOf" in schema:
        tried = [faults(value, option, whole, at) for option in schema["anyOf"]]
        return [] if [] in tried else [found for one in tried for found in one]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    kinds = {
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
        "array": list,
        "object": dict,
        "number": float,
    }
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return [f"{at}: {value!r} is no {schema['type']}"]
    if isinstance(value, list):
        return [
            found for n, one in enumerate(value) for found in faults(one, schema.get("items", {}), whole, f"{at}[{n}]")
        ]
    return _of_object(value, schema, whole, at) if isinstance(value, dict) and "properties" in schema else []


def _of_object(value: dict[str, Any], schema: dict[str, Any], whole: dict[str, Any], at: str) -> list[str]:
    known = schema["properties"]
    found = [f"{at}: {key} is missing" for key in schema.get("required", ()) if key not in value]
    found += [f"{at}: {key} is not in the schema" for key in value if key not in known]
    return found + [
        one for key in known if key in value for one in faults(value[key], known[key], whole, f"{at}.{key}")
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Real output: a roster with good and bad rows, a question, and both again."""
    home = tmp_path_factory.mktemp("schema")
    rows_of = [*people(2), people(3)[2].__class__("赵六", "110105194912310021", "1380000")]
    (home / "1.eml").write_bytes(mail(workbook(rows_of)))
    (home / "2.eml").write_bytes(mail(None, subject="咨询", text="请问？", number=2))
    words = ("--storage", home / "st", "--out", home / "out", "--at", AT, "--automation", "clean", "--json", "-")
    out = [mailbot("process", home / "1.eml", home / "2.eml", *words).out for _ in range(2)]
    return [json.loads(line) for run in out for line in run.splitlines()]


def test_real_lines_are_as_the_schema_says(told: list[dict[str, Any]]) -> None:
    schema = json.loads(make_schema.FILE.read_text("utf-8"))
    assert len(told) == 4
    assert told[0]["cases"][0]["people"]
    assert [fault for line in told for fault in faults(line, schema, schema)] == []


@pytest.mark.parametrize("damage", ["gone", "more", "type", "word"])
def test_a_line_of_another_shape_is_found(told: list[dict[str, Any]], damage: str) -> None:
    schema = json.loads(make_schema.FILE.read_text("utf-8"))
    line = json.loads(json.dumps(told[0]))
    person = line["cases"][0]["people"][0]
    if damage == "gone":
        del person["phone"]
    elif damage == "more":
        person["age"] = 7
    elif damage == "type":
        person["row"] = "6"
    else:
        person["status"] = "fine"
    assert len(faults(line, schema, schema)) == 1


def test_the_schema_is_that_of_the_contract() -> None:
    assert json.loads(make_schema.schema_text())["title"] == Line.__name__


def test_every_setting_stands_in_the_catalogue_with_its_meaning() -> None:
    found = {name.strip("`"): (kind, default, meaning) for name, kind, default, meaning in rows()}
    for table, field in Settings.model_fields.items():
        assert any(name.startswith(f"{table}.") for name in found), (table, field)
    assert {"site.mode", "mailbox.password_file", "smtp.envelope", "staff.digest_at", "platform.adapter"} <= set(found)
    assert [name for name, (_, _, meaning) in found.items() if not meaning] == []
    assert found["site.mode"][:2] == ("rehearsal、drafts、live", "`rehearsal`")
    assert found["mailbox.port"][:2] == ("整数", "必填")
    assert found["staff.digest_at"][0] == "时间"


def test_meanings_are_those_of_the_file_that_init_writes() -> None:
    told_by_init = meanings()
    assert told_by_init["site", "start_date"].startswith("此日之前")
    assert "视为未经验证" in told_by_init["site", "authserv_id"]
