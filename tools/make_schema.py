"""Writes `docs/process.schema.json`: the JSON Schema of an output line of `mailbot process`, from the code's types.

python -m tools.make_schema            write the file
python -m tools.make_schema --check    fail when the file differs from what would be written
"""

import argparse
import json
import sys
from pathlib import Path

from mailbot.contract import Line

FILE = Path(__file__).resolve().parent.parent / "docs" / "process.schema.json"


def schema_text() -> str:
    """The schema, as it is written."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Written by python -m tools.make_schema from mailbot/contract.py.",
        **Line.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def main(arguments: list[str] | None = None, file: Path = FILE) -> int:
    """Write or check; the exit code is 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(description="Write docs/process.schema.json from mailbot/contract.py.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    checking = parser.parse_args(arguments).check
    text = schema_text()
    if file.is_file() and file.read_text("utf-8") == text:
        return 0
    if checking:
        print(f"make_schema: {file.name} is not what tools/make_schema.py writes; run make docs")
        return 1
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    print(f"make_schema: wrote {file.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
