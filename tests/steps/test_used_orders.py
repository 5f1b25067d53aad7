"""An earlier case of the same mail, told to the later ones as the ledger would tell it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mailbot.domain.decisions import Outcome, RowStatus
from mailbot.domain.outcome import CaseResult, ItemResult, Lookups, OrderUse
from mailbot.domain.records import order_key
from mailbot.domain.states import ItemState
from mailbot.steps.used_orders import with_orders
from tests.casetypes.support import HASHER
from tests.ledger.proofs import proof
from tests.ledger.world import HASHER as KEYED
from tests.ledger.world import person

KEY = HASHER.search("AB12")


def case(order_no: object, states: Sequence[ItemState] = (), identities: Sequence[str | None] = ()) -> CaseResult:
    rows = enumerate(zip(states, identities, strict=True), start=1)
    items = [ItemResult(n, "person", who, {}, {}, RowStatus.OK, state) for n, (state, who) in rows]
    own = ItemResult(0, "case", None, {}, {}, RowStatus.HOLD, ItemState.HELD)
    return CaseResult(
        case_id="c1", kind="roster", version=1, seen=None, outcome=Outcome.ACCEPT, source={},
        header={"unit": "甲", "tax_id": None, "order_no": order_no}, items=(own, *items), findings=(), effects=(),
        claims=(), due_at=None, provisional=False, rulebook="r",
    )  # fmt: skip


@pytest.mark.parametrize("order_no", ["AB12", "ab-12", ["AB12", "CD34"]])
def test_its_orders_are_used_by_it(order_no: object) -> None:
    found = with_orders(Lookups(orders={KEY: ("c0",)}), case(order_no), "hr@x.cn", HASHER)
    assert found.orders[KEY] == ("c0", "c1")
    assert found.order_units["c1"] == {"unit": "甲", "tax_id": None, "rows": 0, "sender": "hr@x.cn"}
    assert (HASHER.search(order_key("CD34")) in found.orders) == isinstance(order_no, list)


def test_its_people_count_once_and_the_closed_do_not() -> None:
    states = [ItemState.APPROVED, ItemState.HELD, ItemState.HELD, ItemState.CLOSED, ItemState.AWAITING_SENDER]
    found = with_orders(Lookups(), case("AB12", states, ["a", "b", "b", "c", None]), None, HASHER)
    assert found.order_units["c1"]["rows"] == 3


@pytest.mark.parametrize("order_no", [None, [], 7])
def test_a_case_without_an_order_changes_nothing(order_no: object) -> None:
    lookups = Lookups(orders={KEY: ("c0",)})
    assert with_orders(lookups, case(order_no), "hr@x.cn", HASHER) is lookups


def test_the_years_of_a_proof_are_used_for_the_next_case_of_the_mail() -> None:
    first = proof("2020-000001", [2017, 2018], who=1, order="t-0000001")
    order = KEYED.search("T0000001")
    stood = OrderUse("2020-000000", "earlier", 2016, "fulfilled")
    found = with_orders(Lookups(order_uses={order: (stood,)}), first, "a@b.example", KEYED)
    who = KEYED.search(person(1).id_number)
    assert found.order_uses[order] == (
        stood,
        OrderUse("2020-000001", who, 2017, "approved"),
        OrderUse("2020-000001", who, 2018, "approved"),
    )


def test_years_that_are_closed_use_no_order() -> None:
    closed = proof("2020-000001", [2017], state=ItemState.CLOSED)
    assert with_orders(Lookups(), closed, None, KEYED) == Lookups()
