"""Whole rosters as clerks bend them, in many layouts and formats, against the truth: no account for a wrong person, no
good person refused, every planted fault named, every unit's case with its own findings."""

from __future__ import annotations

import pytest

from tools.rosters import generate
from tools.rosters.bend import bent
from tools.rosters.judge import complaints, wrong_accounts
from tools.rosters.mails import BODY, as_format, in_format, opened

SEEDS = range(300)
"""What every run judges; `python -m tools.rosters --seeds A-B` judges any others."""


@pytest.mark.parametrize("seed", SEEDS)
def test_what_comes_of_a_roster_is_its_truth(seed: int) -> None:
    roster = generate(seed)
    file = as_format(roster, seed)
    assert complaints(roster, opened(file), sheets=file.sheets) == [], (roster.plan, file.name)


@pytest.mark.parametrize("seed", range(100))
def test_no_account_for_a_wrong_person_on_a_page_that_somebody_spoilt(seed: int) -> None:
    spoilt = bent(generate(seed), seed)
    assert wrong_accounts(spoilt, opened(in_format(spoilt, "xlsx"))) == [], spoilt.plan


MENDED = (
    *(595, 1250, 2034, 4294, 4434, 4464, 4543, 5305, 5743, 6483, 7525, 8053, 8055, 8272, 8832),
    *(9386, 9783, 10085, 14569, 14787, 14974, 15017, 16151, 17027, 18033, 20789, 22066, 24414, 33747, 37185, 45752),
    51460,
)
"""Spoilt pages that once opened an account for a wrong person."""


@pytest.mark.parametrize("seed", MENDED)
def test_no_account_where_one_was_opened_for_a_wrong_person(seed: int) -> None:
    spoilt = bent(generate(seed), seed)
    assert wrong_accounts(spoilt, opened(in_format(spoilt, "xlsx"))) == [], spoilt.plan


FORMATS = ("xlsx", "xls", "csv", "tab", "html", "docx", BODY)


@pytest.mark.parametrize("name", FORMATS)
def test_one_roster_comes_out_alike_in_every_format(name: str) -> None:
    flat = [roster for roster in map(generate, range(400)) if roster.flat and len(roster.truth) > 4][:4]
    for roster in flat:
        file = in_format(roster, name)
        assert complaints(roster, opened(file), sheets=file.sheets) == [], roster.plan
