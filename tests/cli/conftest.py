"""A rehearsal's storage, filled by the real `process`: once for all, and a copy for each test that changes it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.mails import AT, Who, mail, people, workbook
from tests.cli.shell import mailbot

ALIKE = people(3)
"""The three people of the first case: nothing is wrong with them."""
MIXED = people(4, seed=2)


def mixed() -> list[Who]:
    """Two good rows, one without a phone, one whose remark a person must look at."""
    good, other, asked, held = MIXED
    return [good, other, replace(asked, phone=""), replace(held, remark="已离职")]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Case 2020-000001 (proposed), 2020-000002 (mixed), 2020-000003 (not verified); mail 4 is set aside."""
    home = tmp_path_factory.mktemp("filled")
    mails = {
        "1.eml": mail(workbook(ALIKE), number=1),
        "2.eml": mail(workbook(mixed(), order="2020070297223099"), number=2),
        "3.eml": mail(workbook(people(2, seed=3), order="2020070297223088"), number=3, verified=False),
        "4.eml": mail(None, subject="咨询", text="请问名单怎么交？", number=4),
    }
    for name, raw in mails.items():
        (home / name).write_bytes(raw)
    ran = mailbot("process", *(home / name for name in mails), "--storage", home / "storage", "--out", home / "out",
                  "--at", AT, "--json", home / "lines.jsonl")  # fmt: skip
    assert ran.code == 0, ran.err
    return home


@pytest.fixture
def storage(filled: Path, tmp_path: Path) -> Path:
    """A copy of the filled storage, for one test to change."""
    return Path(shutil.copytree(filled / "storage", tmp_path / "storage"))
