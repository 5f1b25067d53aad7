"""Writes every page of docs/ that is generated: the catalogue and the schema of `mailbot process`.

python -m tools.make_docs            write them
python -m tools.make_docs --check    fail when one differs from what would be written
"""

import argparse
import sys

from tools import make_catalogue, make_schema

MAKERS = (make_catalogue.main, make_schema.main)


def main(arguments: list[str] | None = None) -> int:
    """Every maker is asked, whatever an earlier one said; the exit code is 1 when any failed."""
    parser = argparse.ArgumentParser(description="Write what is generated in docs/.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    words = ["--check"] if parser.parse_args(arguments).check else []
    return max(make(words) for make in MAKERS)


if __name__ == "__main__":
    sys.exit(main())
