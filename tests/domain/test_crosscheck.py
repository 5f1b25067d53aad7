"""Extra columns against the identity number: yes, no, or cannot be told."""

from datetime import date

import pytest

from mailbot.domain import crosscheck, identity
from mailbot.domain.document import Cell, Special

WOMAN = "50010719900102122" + identity.check_char("50010719900102122")


@pytest.mark.parametrize(
    ("cell", "differs"),
    [
        ("女", False),
        (" 女 ", False),
        ("女性", False),
        ("Ｆ", False),
        ("female", False),
        ("男", True),
        ("M", True),
        ("未知", None),
        ("", None),
        (None, None),
        (1, None),
        (True, None),
        (Special(kind="error", text="#N/A"), None),
    ],
)
def test_sex(cell: Cell, differs: bool | None) -> None:
    assert crosscheck.sex_differs(WOMAN, cell) is differs


@pytest.mark.parametrize(
    ("cell", "differs"),
    [
        ("1990-01-02", False),
        ("1990/1/2", False),
        ("1990.1.2", False),
        ("1990年1月2日", False),
        ("1990年1月", False),
        ("1990.01", False),
        ("199001", False),
        ("19900102", False),
        ("１９９０－０１－０２", False),
        ("1990-01-02 00:00:00", False),
        (19900102, False),
        (199001.0, False),
        (1990.01, False),
        ((date(1990, 1, 2) - date(1899, 12, 30)).days, False),
        (Special(kind="date", text="1990-01-02"), False),
        (Special(kind="date", text="1990-01-02T00:00:00"), False),
        ("1990-01-03", True),
        ("1991年1月", True),
        (19900201, True),
        ("1990-13-02", None),
        ("1990-02-30", None),
        ("九零年", None),
        ("90.1.2", None),
        ("", None),
        (None, None),
        (False, None),
        (12.5, None),
        (Special(kind="no_value", text="=A1"), None),
    ],
)
def test_birth(cell: Cell, differs: bool | None) -> None:
    assert crosscheck.birth_differs(WOMAN, cell) is differs


def test_a_number_without_a_real_date_cannot_be_told() -> None:
    assert crosscheck.birth_differs("500107199013021229", "1990-01-02") is None
