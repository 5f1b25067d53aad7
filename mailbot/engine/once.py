"""Effects, at most once in effect: intent committed, look before a second leap, act, evidence committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from mailbot.domain.effects import EffectState, Verb
from mailbot.domain.ports import (
    Answer,
    EffectEnd,
    EffectJob,
    Platform,
    PortError,
    Presence,
    RowResult,
    StepLedger,
    Wish,
)
from mailbot.failpoints import failpoint

_END = {
    RowResult.DONE: EffectState.DONE,
    RowResult.ALREADY: EffectState.ALREADY,
    RowResult.PENDING: EffectState.PENDING,
    RowResult.CONFLICT: EffectState.CONFLICT,
    RowResult.REJECTED: EffectState.REJECTED,
    RowResult.UNKNOWN: EffectState.UNCERTAIN,
}
Act = Callable[[Sequence[Wish]], list[Answer]]


def once(jobs: Sequence[EffectJob], platform: Platform, now: datetime, retry_after: timedelta) -> list[EffectEnd]:
    """Deliver jobs of one verb whose intent is committed. What was tried before is probed first: found as wanted is
    done, and what can neither be probed nor recognised by its key becomes `uncertain`, for a person. A fault of the
    whole site fails nothing: all are planned again, or go to a person where trying again cannot help."""
    try:
        known = probe([job for job in jobs if job.attempts > 1], platform)
        rest = [job for job in jobs if job.key not in known]
        failpoint("effect.before_act")
        answers = _act(jobs[0].verb, platform)([Wish(j.key, j.person, j.year) for j in rest]) if rest else []
        failpoint("effect.after_act")
    except PortError as fault:
        return [_after_fault(job, fault, now + retry_after) for job in jobs]
    said = {answer.key: _end(answer, now + retry_after) for answer in answers}
    silent = "the platform gave no answer for this row"
    return [known.get(j.key) or said.get(j.key) or EffectEnd(j.key, EffectState.UNCERTAIN, silent) for j in jobs]


def probe(jobs: Sequence[EffectJob], platform: Platform) -> dict[str, EffectEnd]:
    """What the outside world shows of earlier attempts, for those it can tell of."""
    if not jobs:
        return {}
    ends: dict[str, EffectEnd] = {}
    found = platform.find([job.person for job in jobs])
    for job, seen in zip(jobs, found, strict=True):
        same = seen.id_number in (None, job.person.id_number) and seen.phone in (None, job.person.phone)
        if job.verb is Verb.OPEN_ACCOUNT and seen.presence is Presence.FOUND and same:
            ends[job.key] = EffectEnd(job.key, EffectState.DONE, "found by looking before a second attempt")
        elif seen.presence is Presence.UNKNOWN and not platform.caps.keyed:
            ends[job.key] = EffectEnd(job.key, EffectState.UNCERTAIN, "an earlier attempt has an unknown end")
    return ends


def _after_fault(job: EffectJob, fault: PortError, retry_at: datetime) -> EffectEnd:
    """Planned again where another attempt can help; a person decides where none can."""
    if fault.retry:
        return EffectEnd(job.key, EffectState.PLANNED, str(fault), retry_at)
    return EffectEnd(job.key, EffectState.UNCERTAIN, str(fault))


def _end(answer: Answer, retry_at: datetime) -> EffectEnd:
    if answer.result is RowResult.RETRY:
        return EffectEnd(answer.key, EffectState.PLANNED, answer.detail, retry_at)
    return EffectEnd(answer.key, _END[answer.result], answer.detail)


def _act(verb: Verb, platform: Platform) -> Act:
    acts: dict[Verb, Act] = {
        Verb.OPEN_ACCOUNT: platform.ensure_accounts,
        Verb.GRANT: platform.grant,
        Verb.REVOKE: platform.revoke,
    }
    if verb not in acts:
        raise PortError(f"no adapter delivers {verb.value}", retry=False)
    return acts[verb]


def collect(ledger: StepLedger, platform: Platform, now: datetime) -> int:
    """Answers that came in for pending wishes, concluded; how many."""
    answers = platform.collect()
    if answers:
        ledger.conclude([_end(answer, now) for answer in answers], now)
    return len(answers)
