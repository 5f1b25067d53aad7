"""Steps 6 and 7 for every request of a mail: what is known about it is looked up and frozen, then it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.domain.mail import register_number
from mailbot.domain.outcome import CaseResult, Lookups, PriorPerson
from mailbot.domain.ports import Hasher
from mailbot.steps import mailrules
from mailbot.steps.follow import Continued, continued, next_version
from mailbot.steps.hand import Hand, situation
from mailbot.steps.judge import Frame, judge
from mailbot.steps.match import Asked
from mailbot.steps.revise import Unclear
from mailbot.steps.used_orders import with_orders


def cases(hand: Hand, requests: Sequence[Asked], lookups: Lookups) -> tuple[CaseResult, ...]:
    """Steps 6 and 7 for every request. What an earlier request of the mail asks for is known to the later ones. Raises
    `Unclear` and `Undecided`."""
    mail, rules = hand.mail, hand.rules
    stopping = mailrules.stopping(hand.base.findings)
    results: list[CaseResult] = []
    for number, one in enumerate(requests, start=1):
        if results:
            lookups = with_wishes(lookups, results[-1], hand.house.hasher)
            lookups = with_orders(lookups, results[-1], hand.sender.address, hand.house.hasher)
        request = one.request
        due = rules.due_at(mail.arrival.received_at, rules.campaign, request.kind.name)
        name = case_id(rules.campaign.code, mail.id, number)
        frame = Frame(name, due.at, due.provisional, fingerprint=one.fingerprint)
        before = continued(hand, request, lookups)
        if before is None:
            result = judge(request.kind, request.record, situation(hand, request, lookups), rules, frame, stopping)
        else:
            _once(before, results)
            result = next_version(hand, request, lookups, frame, before)
        results.append(replace(result, units=one.wants.units, pictures=one.wants.shown))
    return tuple(results)


def _once(before: Continued, results: Sequence[CaseResult]) -> None:
    """Raises `Unclear` where one mail would continue a case twice: which of its lists counts, nobody said."""
    if any(result.case_id == before.stored.result.case_id for result in results):
        raise Unclear("同一封来信里有几份名单或更正表都涉及同一件登记，请人工核对。")


def with_wishes(lookups: Lookups, case: CaseResult, hasher: Hasher) -> Lookups:
    """The look-ups as if what this case asks for had been asked for before."""
    people, phones = dict(lookups.people), dict(lookups.phones)
    for effect in case.effects:
        person = effect.person
        id_hash, phone_hash = hasher.search(person.id_number), hasher.search(person.phone)
        wish = PriorPerson(case.case_id, effect.items[0], id_hash, phone_hash, effect.key, "planned")
        people.setdefault(id_hash, wish)
        phones.setdefault(phone_hash, wish)
    return replace(lookups, people=people, phones=phones)


def case_id(campaign: str, mail_id: int, number: int) -> str:
    """The number of a case, made of that of its mail: known before anything is written, and the same each time."""
    return register_number(campaign, mail_id) + (f"-{number}" if number > 1 else "")
