"""`mailbot demo`: the demonstration of the source tree, which an installed package does not carry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from mailbot.domain.ports import PortError

TREE = Path(__file__).resolve().parents[2]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(help="The real daemon on sample mails between embedded servers; ends by itself.")(demo)


def demo(folder: Annotated[Path, typer.Argument(help="where everything it leaves will lie")] = Path("demo")) -> None:
    """Run the demonstration of the source tree this program was started from."""
    if not (TREE / "tools" / "demo").is_dir():
        raise PortError("the demonstration comes with the source tree: clone it and say make demo", retry=False)
    ended = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "tools.demo", str(folder.resolve())], cwd=TREE, check=False
    )
    raise typer.Exit(ended.returncode)
