"""Runs the demonstration: `python -m tools.demo [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.demo.play import play

if __name__ == "__main__":
    sys.exit(play(Path(sys.argv[1] if len(sys.argv) > 1 else "demo")))
