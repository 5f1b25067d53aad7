"""Order numbers stay readable; a person's number that stands in the place of one does not."""

from __future__ import annotations

import pytest

from mailbot.domain.masking import mask_order


@pytest.mark.parametrize(
    "order", ["2018060522001412345678901234", "2018060522001412", "123456789012345678", "T200P1234567890123", "", "无"]
)
def test_an_order_number_stays_as_it_is(order: str) -> None:
    assert mask_order(order) == order


@pytest.mark.parametrize(
    "number",
    [
        "500101199001010018",
        "50010119900101001x",
        "５００１０１１９９００１０１００１８",
        "13812345678",
        "+86 138 1234 5678",
    ],
)
def test_a_persons_number_is_masked(number: str) -> None:
    assert "*" in mask_order(number)
