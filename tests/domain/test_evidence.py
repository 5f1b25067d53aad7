"""Unknown is a third thing, which nobody can take for yes or no; a vocabulary keeps its facts in order."""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from mailbot.domain.effects import SETTLED, TRUE_OF_THE_WORLD, EffectState
from mailbot.domain.evidence import NOWHERE, UNKNOWN, Where
from mailbot.domain.facts.vocabulary import Fact, Vocabulary
from mailbot.domain.outcome import ClaimTaken
from mailbot.domain.ports import PortError


def test_unknown_is_neither_yes_nor_no() -> None:
    with pytest.raises(TypeError, match="neither"):
        bool(UNKNOWN)
    with pytest.raises(TypeError, match="neither"):
        assert not UNKNOWN
    assert repr(UNKNOWN) == "UNKNOWN"
    assert UNKNOWN is not None


def test_a_place_has_every_key_of_the_contract() -> None:
    place = Where(attachment="名单.xlsx", sheet="Sheet1", row=6, column=3, cell="C6", field="id_number").as_dict()
    assert set(place) == {
        *("attachment", "member", "sheet", "row", "column", "cell", "panel", "page", "box", "field"),
    }
    assert (place["row"], place["cell"], place["page"]) == (6, "C6", None)
    assert set(NOWHERE.as_dict().values()) == {None}


ROW = Vocabulary(
    about="row",
    label="名单的一行",
    facts=(
        Fact("row.number", "int", "行号", "名单"),
        Fact("name.raw", "text", "姓名原文", "名单", mask="person"),
        Fact("fee", "money", "金额", "通知"),
    ),
)


def test_a_vocabulary_gives_values_their_places() -> None:
    assert ROW.row({"fee": Decimal("33.00"), "row.number": 6}) == [6, UNKNOWN, Decimal("33.00")]
    assert ROW.row({"name.raw": None})[1] is None
    assert [fact.name for fact in ROW] == ["row.number", "name.raw", "fee"]
    assert ROW.index["fee"] == 2


def test_a_foreign_fact_is_refused() -> None:
    with pytest.raises(KeyError):
        ROW.row({"row.nubmer": 1})


def test_a_fact_stands_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Vocabulary(about="row", label="行", facts=(ROW.facts[0], ROW.facts[0]))


def test_a_vocabulary_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        ROW.about = "x"  # type: ignore[misc]  # the fault under test


def test_only_done_and_already_are_true_of_the_world() -> None:
    assert {EffectState.DONE, EffectState.ALREADY} == TRUE_OF_THE_WORLD
    assert TRUE_OF_THE_WORLD < SETTLED
    assert set(EffectState) - SETTLED == {EffectState.PLANNED, EffectState.DOING, EffectState.PENDING}


@pytest.mark.parametrize("retry", [True, False])
def test_a_ports_fault_says_whether_to_try_again(retry: bool) -> None:
    fault = PortError("the server is away", retry=retry)
    assert fault.retry is retry
    assert str(fault) == "the server is away"


def test_a_taken_claim_names_its_keys_to_the_code_and_not_to_the_log() -> None:
    fault = ClaimTaken(("account:abc", "order:def"))
    assert fault.keys == ("account:abc", "order:def")
    assert "abc" not in str(fault)
