"""What happens in one round: which mail, how it is spoilt, and whom it may still register. All of it follows from the
seed and the number of the round."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import Final

from tools.fuzz import parts
from tools.fuzz.mutants import WHOLE, Mutant
from tools.fuzz.pool import Good, Triple, pool

INSIDE: Final = (
    Mutant("file_cut_off", parts.cut_off, silent=True),
    Mutant("file_spoilt", parts.spoilt, silent=True),
    Mutant("file_led", parts.led),
    Mutant("member_lost", parts.member_lost),
    Mutant("member_cut", parts.member_cut),
    Mutant("member_doubled", parts.member_doubled),
    Mutant("member_renamed", parts.member_renamed),
    Mutant("members_swapped", parts.members_swapped),
    Mutant("member_spoilt", parts.member_spoilt, silent=True),
)
GIVEN: Final = "file_given"
_ALL: Final = (*WHOLE, *INSIDE)


@dataclass(frozen=True, slots=True)
class Round:
    """One spoilt mail, the good ones `before` it. `people` stand in the good mails it is made of; `silent`: a change
    inside its table may look as if the sender had written it, so that only the ID number, which checks itself, can be
    held against them."""

    number: int
    story: str
    how: tuple[str, ...]
    raw: bytes
    before: tuple[bytes, ...]
    people: frozenset[Triple]
    silent: bool

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.number:06d}-{self.story}.eml"


@cache
def _order(seed: int, turn: int) -> tuple[Good, ...]:
    mails = list(pool())
    random.Random(f"{seed} order {turn}").shuffle(mails)  # noqa: S311 - samples, not secrets
    return tuple(mails)


def batch_size() -> int:
    """So many rounds in a row have each a story of its own; one storage may take them all."""
    return len(pool())


def planned(seed: int, number: int) -> Round:
    """The round of this number."""
    good = _order(seed, number // batch_size())[number % batch_size()]
    rng = random.Random(f"{seed} round {number}")  # noqa: S311 - as above
    raw, people, how, silent = good.raw, good.people, [], False
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        if rng.random() < 0.06:
            donor = rng.choice(pool())
            raw, people = parts.given(rng, raw, donor.raw), people | donor.people
            how.append(f"{GIVEN} of {donor.story}")
            continue
        mutant = rng.choice(_ALL)
        raw = mutant.spoil(rng, raw)
        how.append(mutant.name)
        silent = silent or mutant.silent
    return Round(number, good.story, tuple(how), raw, good.before, people, silent)
