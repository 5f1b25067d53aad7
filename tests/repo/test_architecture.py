"""The house keeps its import table; and the test that says so is itself proven on planted offences."""

from pathlib import Path

import pytest

from tests.repo.arrows import TABLE, Table, offences, read_table

TOP = Path(__file__).resolve().parents[2]
SIGN = '"""A door sign.\n\nWhat lives here,\nwhat may not.\n"""\n'
SMALL = read_table(
    """
    impure = ["os", "time", "urllib.request"]
    [rooms.__init__]
    [rooms.domain]
    pure = true
    third = ["pydantic"]
    [rooms.casetypes]
    may = ["domain"]
    apart = true
    discovers = true
    [rooms.ledger]
    may = ["domain"]
    third = ["sqlmodel"]
    [rooms.daemon]
    root = true
    [rooms.cli]
    root = true
    [rooms.console]
    may = ["domain"]
    later = true
    """
)
GOOD = {
    "__init__.py": SIGN,
    "daemon.py": "from mailbot.ledger import rows\n",
    "cli.py": "from mailbot import daemon\n",
    "domain/__init__.py": SIGN,
    "domain/mail.py": "from datetime import date\nimport pydantic\nfrom mailbot import __version__\n",
    "casetypes/__init__.py": SIGN + "import importlib\nKINDS = importlib.import_module('mailbot.casetypes.roster')\n",
    "casetypes/roster/__init__.py": SIGN + "from mailbot.casetypes.roster import rows\n",
    "casetypes/roster/rows.py": "from mailbot.domain.mail import Mail\n",
    "casetypes/proof.py": "from mailbot.domain import mail\n",
    "ledger/__init__.py": SIGN,
    "ledger/rows.py": "import os\nimport sqlmodel\nfrom mailbot.domain.mail import Mail\n",
}


def house(folder: Path, changes: dict[str, str]) -> Path:
    for name, text in {**GOOD, **changes}.items():
        path = folder / "mailbot" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_the_house_keeps_its_table() -> None:
    assert offences(TOP, read_table(TABLE.read_text("utf-8"))) == []


def test_a_house_in_order_has_no_offence(tmp_path: Path) -> None:
    assert offences(house(tmp_path, {}), SMALL) == []


@pytest.mark.parametrize(
    ("name", "text", "offence"),
    [
        ("domain/a.py", "from mailbot.ledger.rows import x\n", "mailbot.domain.a:1 forbidden arrow domain -> ledger"),
        ("domain/a.py", "import mailbot.ledger\n", "mailbot.domain.a:1 forbidden arrow domain -> ledger"),
        ("domain/a.py", "from mailbot import ledger\n", "mailbot.domain.a:1 forbidden arrow domain -> ledger"),
        (
            "domain/a.py",
            "if TYPE_CHECKING:\n    from mailbot.ledger import rows\n",
            "mailbot.domain.a:2 forbidden arrow domain -> ledger",
        ),
        ("ledger/a.py", "from mailbot.cli import main\n", "mailbot.ledger.a:1 forbidden arrow ledger -> cli"),
        ("ledger/a.py", "from mailbot.casetypes import x\n", "mailbot.ledger.a:1 forbidden arrow ledger -> casetypes"),
        (
            "ledger/a.py",
            "from mailbot.nowhere import x\n",
            "mailbot.ledger.a:1 import of mailbot.nowhere, which is no room",
        ),
        ("domain/a.py", "import sqlmodel\n", "mailbot.domain.a:1 third-party sqlmodel outside its room"),
        ("cli.py", "from sqlmodel.sql import x\n", "mailbot.cli:1 third-party sqlmodel outside its room"),
        ("domain/a.py", "from os.path import join\n", "mailbot.domain.a:1 os.path in a pure room"),
        ("domain/a.py", "import urllib.request\n", "mailbot.domain.a:1 urllib.request in a pure room"),
        ("domain/a.py", "def f():\n    import re\n", "mailbot.domain.a:2 import of re inside a function"),
        (
            "domain/a.py",
            "class A:\n    def f(self):\n        if 1:\n            from re import sub\n",
            "mailbot.domain.a:4 import of re inside a function",
        ),
        ("domain/a.py", "from . import mail\n", "mailbot.domain.a:1 relative import ."),
        (
            "casetypes/proof.py",
            "from mailbot.casetypes.roster import rows\n",
            "mailbot.casetypes.proof:1 proof imports its sibling roster",
        ),
        (
            "casetypes/roster/rows.py",
            "from mailbot.casetypes import proof\n",
            "mailbot.casetypes.roster.rows:1 roster imports its sibling proof",
        ),
        (
            "ledger/a.py",
            "import importlib\nx = importlib.import_module('mailbot.cli')\n",
            "mailbot.ledger.a:2 import by name outside discovery",
        ),
        ("ledger/a.py", "x = __import__('os')\n", "mailbot.ledger.a:1 import by name outside discovery"),
        ("ledger/__init__.py", '"""One line."""\n', "mailbot.ledger: the door sign has not 3 to 8 lines"),
        ("ledger/__init__.py", "", "mailbot.ledger: the door sign has not 3 to 8 lines"),
        ("ledger/tables/__init__.py", "", "mailbot.ledger.tables: the door sign has not 3 to 8 lines"),
        ("ledger/__init__.py", '"""' + "line\n" * 9 + '"""\n', "mailbot.ledger: the door sign has not 3 to 8 lines"),
        ("extra.py", "x = 1\n", "mailbot/extra is no room of the table"),
    ],
)
def test_a_planted_offence_is_found(tmp_path: Path, name: str, text: str, offence: str) -> None:
    assert offences(house(tmp_path, {name: text}), SMALL) == [offence]


def test_a_cycle_is_found(tmp_path: Path) -> None:
    planted = {
        "ledger/a.py": "from mailbot.ledger import b\n",
        "ledger/b.py": "from mailbot.ledger.c import x\n",
        "ledger/c.py": "import mailbot.ledger.a\n",
    }
    assert offences(house(tmp_path, planted), SMALL) == [
        "cycle: mailbot.ledger.a -> mailbot.ledger.b -> mailbot.ledger.c"
    ]


def test_a_cycle_through_a_door_is_found(tmp_path: Path) -> None:
    planted = {
        "ledger/__init__.py": SIGN + "from mailbot.ledger.rows import x\n",
        "ledger/rows.py": "import mailbot.ledger\n",
    }
    assert offences(house(tmp_path, planted), SMALL) == ["cycle: mailbot.ledger -> mailbot.ledger.rows"]


def test_a_room_that_is_not_there_is_missed_unless_it_comes_later(tmp_path: Path) -> None:
    folder = house(tmp_path, {})
    (folder / "mailbot" / "cli.py").unlink()
    assert offences(folder, SMALL) == ["the room cli is in the table and not in the house"]


def test_the_table_itself_names_only_rooms(tmp_path: Path) -> None:
    wrong = Table(
        {
            **SMALL.rooms,
            "console": read_table('impure = []\n[rooms.console]\nmay = ["attic"]\nlater = true').rooms["console"],
        },
        SMALL.impure,
    )
    assert offences(house(tmp_path, {}), wrong) == ["the table's room console may import attic, which is none"]
