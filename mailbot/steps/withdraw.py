"""A sender takes a case back: what is not done yet stops and waits for a person; nothing is undone by a machine."""

from __future__ import annotations

from dataclasses import replace

from mailbot.domain.findings import Finding
from mailbot.domain.intents import Intent, Plain, Words, sentences
from mailbot.domain.outcome import CaseResult, ItemResult, Lookups, StoredCase
from mailbot.domain.states import OPEN, RUNNING, UNDECIDED, ItemState
from mailbot.steps import mailrules
from mailbot.steps.clocks import timed
from mailbot.steps.context import context_of
from mailbot.steps.hand import Hand, known
from mailbot.steps.revise import DELTA, held_matter


def withdrawn(hand: Hand, stored: StoredCase, text: str, lookups: Lookups) -> CaseResult:
    """The next version of a case that its sender withdraws, whole or the people that the text names and nobody else.

    An effect that has not started is cancelled with it; one that is under way ends as it ends, and a person sees it.
    """
    old, words = stored.result, mailrules.words_of(hand.rules)
    why = mailrules.stopping(hand.base.findings)
    people = [item for item in old.items if item.number]
    meant = named_people(people, text, words) or people
    clocks = timed(stored, sorted({0, *(item.number for item in old.items)}), hand.mail.arrival.received_at, hand.rules)
    stopped = [item for item in meant if item.state in OPEN]
    held = [
        replace(
            item,
            findings=(*item.findings, *(one for one in why if one not in item.findings)),
            state=ItemState.HELD,
            proposed=False,
            decided_by=None,
            clock=clocks[item.number].clock,
            due_at=clocks[item.number].due.at,
        )
        for item in stopped
    ]
    matter = replace(held_matter((*_standing(old), *why)), clock=clocks[0].clock, due_at=clocks[0].due.at)
    changed = {item.number for item in held}
    rest = [item for item in people if item.number not in changed and item.state in RUNNING]
    return replace(
        old,
        version=old.version + 1,
        items=(matter, *held),
        effects=(),
        claims=(),
        due_at=min((item.due_at for item in (matter, *held, *rest) if item.due_at), default=None),
        rulebook=hand.rules.hash,
        context={**context_of(known(hand, old.kind, lookups, {})), DELTA: _delta(people, held)},
    )


def named_people(people: list[ItemResult], text: str, words: Words) -> list[ItemResult]:
    """The items whose people the withdrawing sentences name, each of them somebody; none where they may speak of more
    than those."""
    phrases = words.get(Intent.WITHDRAWAL, ())
    spoken = [one for one in sentences(text) if any(phrase in one for phrase in phrases)]
    named = [[item for item in people if _is_named(item, sentence)] for sentence in spoken]
    if not all(named) or any(word in one for word in words.get(Plain.EVERYBODY, ()) for one in spoken):
        return []
    numbers = {item.number for found in named for item in found}
    return [item for item in people if item.number in numbers]


def _is_named(item: ItemResult, sentence: str) -> bool:
    name = item.values.get("name")
    return isinstance(name, str) and len(name) > 1 and name in sentence


def _standing(old: CaseResult) -> tuple[Finding, ...]:
    """What the case's own item holds already and no person has settled."""
    return next((item.findings for item in old.items if item.number == 0 and item.state in UNDECIDED), ())


def _delta(people: list[ItemResult], held: list[ItemResult]) -> dict[str, object]:
    done = [item.number for item in people if item.state is ItemState.FULFILLED]
    numbers = [item.number for item in held]
    return {"manner": "withdrawal", "withdrawn": numbers, "done": done, "unchanged": len(people) - len(numbers)}
