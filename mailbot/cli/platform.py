"""`mailbot platform …`: the group of its verbs: what waits there and came of it (`worklist.py`), and what lists tell of
its people (`accounts.py`)."""

from __future__ import annotations

import typer

from mailbot.cli import worklist
from mailbot.cli.accounts import take_accounts


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="The platform: import workbooks out, its answers in.")
    worklist.register(group)
    group.command("import", help="Take in a list of people: accounts, codes bought or assigned, completed years.")(
        take_accounts
    )
    app.add_typer(group, name="platform")
