"""Runs the demonstration: `python -m tools.demo [FOLDER] [--picture FILE.svg]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.demo.play import play


def main() -> int:
    """Read the arguments, play, and end with the play's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("demo"), help="where everything is left")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help="also draw the table as a picture")
    given = parser.parse_args()
    return play(given.folder, picture=given.picture)


if __name__ == "__main__":
    sys.exit(main())
