"""A rehearsal that takes everybody for registered: for proofs alone, and for nobody whom the platform knows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mailbot.domain.effects import Person
from mailbot.domain.ports import Presence, Registration
from mailbot.steps.hand import REGISTERED_FIRST, _assumed

WHO = Person("谭晓", "500101199001010018", "13800000001")
UNKNOWN = Registration(Presence.UNKNOWN)


def test_who_is_not_known_is_registered_as_they_say() -> None:
    found = _assumed(WHO, UNKNOWN)
    assert (found.presence, found.name, found.id_number, found.phone) == (Presence.FOUND, *_values(WHO))


@pytest.mark.parametrize("known", [Registration(Presence.ABSENT), Registration(Presence.FOUND, name="别人")])
def test_what_is_known_stays_as_it_is(known: Registration) -> None:
    assert _assumed(WHO, known) == known


def test_rosters_are_not_meant() -> None:
    assert "roster" not in REGISTERED_FIRST


def _values(person: Person) -> Sequence[str]:
    return person.name, person.id_number, person.phone
