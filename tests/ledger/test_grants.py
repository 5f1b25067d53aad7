"""A granted year from commit 2 to the letter: delivered by the platform, settled, told as it is, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.domain.decisions import Decision, Verdict
from mailbot.domain.effects import LetterKind, Verb
from mailbot.domain.letters import Composed
from mailbot.domain.ports import Platform, SendResult, SendState, Wish
from mailbot.engine.once import collect, once
from mailbot.ledger.ledger import Ledger
from mailbot.platform.ledger import EmbeddedLedger
from mailbot.platform.worklist import Worklist
from tests.ledger.proofs import proof
from tests.ledger.world import MINUTE, NOW, S, case, finished, person
from tests.outbound.letters import composer, text
from tests.platform.people import settings

CASE = "2020-000001"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[EmbeddedLedger]:
    made = EmbeddedLedger(settings(tmp_path / "platform"))
    yield made
    made.close()


def work(ledger: Ledger, platform: Platform) -> None:
    """What the worker does with the effects that are due, verb by verb."""
    jobs = ledger.steps.claim_effects(500, NOW)
    for verb in sorted({job.verb for job in jobs}):
        ends = once([job for job in jobs if job.verb is verb], platform, NOW, MINUTE)
        ledger.steps.conclude(ends, NOW)


def register(platform: Platform, who: int = 1) -> None:
    platform.ensure_accounts([Wish(f"account:{who}", person(who))])


def states(ledger: Ledger) -> tuple[set[str], set[str]]:
    """Of the effects, and of the items."""
    stored = ledger.cases.load_case(CASE)
    return set(stored.effect_states.values()), {item.state.value for item in stored.result.items}


def told(ledger: Ledger, key: str = "mail:1:1") -> str:
    return text(composer().compose(ledger.steps.letter_view(key, NOW)))


def test_a_granted_year_is_done_and_told_by_its_year(ledger: Ledger, platform: EmbeddedLedger) -> None:
    register(platform)
    finished(ledger, proof(CASE, [2017, 2018]))
    work(ledger, platform)
    assert states(ledger) == ({"done"}, {"fulfilled"})
    assert "系统已核对，已开通2017、2018年度补学权限。" in told(ledger)


def test_who_has_no_account_is_held_and_nothing_is_told_as_done(ledger: Ledger, platform: EmbeddedLedger) -> None:
    finished(ledger, proof(CASE))
    work(ledger, platform)
    assert states(ledger) == ({"conflict"}, {"held"})
    letter = told(ledger)
    assert "待审核：2018年度" in letter
    assert "已开通" not in letter


def test_what_was_granted_before_is_success(ledger: Ledger, platform: EmbeddedLedger) -> None:
    register(platform)
    platform.grant([Wish("before", person(1), 2018)])
    finished(ledger, proof(CASE))
    work(ledger, platform)
    assert states(ledger) == ({"already"}, {"fulfilled"})
    assert "已开通2018年度补学权限" in told(ledger)


def test_accounts_and_grants_of_one_commit_are_delivered_each_by_its_verb(
    ledger: Ledger, platform: EmbeddedLedger
) -> None:
    register(platform)
    finished(ledger, proof(CASE), replace(case("2020-000001-2", people=[2]), kind="roster"))
    work(ledger, platform)
    other = ledger.cases.load_case("2020-000001-2")
    assert (states(ledger)[0], set(other.effect_states.values())) == ({"done"}, {"done"})
    verbs = {effect.verb for effect in (*other.result.effects, *ledger.cases.load_case(CASE).result.effects)}
    assert verbs == {Verb.GRANT, Verb.OPEN_ACCOUNT}


def test_a_crash_between_the_act_and_its_commit_grants_once(ledger: Ledger, platform: EmbeddedLedger) -> None:
    register(platform)
    finished(ledger, proof(CASE))
    once(ledger.steps.claim_effects(500, NOW), platform, NOW, MINUTE)
    ledger.steps.recover(NOW)
    work(ledger, platform)
    assert states(ledger) == ({"already"}, {"fulfilled"})


def test_a_grant_on_the_worklist_is_pending_until_a_person_says_so(ledger: Ledger, tmp_path: Path) -> None:
    worklist = Worklist(settings(tmp_path / "list"))
    finished(ledger, proof(CASE, [2018, 2019]))
    work(ledger, worklist)
    assert states(ledger) == ({"pending"}, {"approved"})
    letter = told(ledger)
    assert "系统已核对，待开通2018至2019年度" not in letter
    assert "系统已核对，待开通2018、2019年度补学权限，开通后另行回信。" in letter
    [batch] = worklist.batches()
    assert (batch.verb, batch.file.name) == ("grant", "待开通-0001.xlsx")
    worklist.confirm("张工", batch=batch.name)
    assert collect(ledger.steps, worklist, NOW) == 2
    assert states(ledger) == ({"done"}, {"fulfilled"})
    assert "已开通2018、2019年度补学权限" in told(ledger)


def test_a_year_can_be_taken_back_and_granted_again(platform: EmbeddedLedger) -> None:
    register(platform)
    wish = Wish("grant", person(1), 2018)
    assert [a.result.value for a in platform.grant([wish])] == ["done"]
    assert [a.result.value for a in platform.revoke([wish])] == ["done"]
    assert [a.result.value for a in platform.grant([wish])] == ["done"]


def test_what_a_person_approved_is_told_as_reviewed(ledger: Ledger, platform: EmbeddedLedger) -> None:
    register(platform)
    finished(ledger, proof(CASE, state=S.HELD))
    seen = ledger.cases.load_case(CASE).result
    [held] = seen.items
    approved = replace(held, state=S.APPROVED, decided_by="staff", due_at=None)
    going = proof(CASE)
    verdict = Decision("张工", "凭证清楚", CASE, seen.seen or 0, {1: Verdict.APPROVE})
    ledger.cases.finish_case(
        replace(seen, items=(approved,), effects=going.effects, claims=going.claims), (), verdict, NOW
    )
    work(ledger, platform)
    letter = told(ledger)
    assert "经审核，已开通2018年度补学权限。" in letter
    assert "系统已核对" not in letter


@pytest.mark.parametrize(("template", "asked"), [("payment_proof/ask", True), ("payment_proof/hold", False)])
def test_the_view_knows_whether_an_earlier_letter_asked(ledger: Ledger, template: str, asked: bool) -> None:
    finished(ledger, proof(CASE, state=S.AWAITING_SENDER), uid=1, kind=LetterKind.RECEIPT)
    assert not ledger.steps.letter_view("mail:1:1", NOW).cases[0].asked_before
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    ledger.steps.store_letter(job.key, Composed(template, "回复", b"Subject: x\r\n\r\nx\r\n"), NOW)
    assert ledger.steps.start_sending(job.key, NOW)
    ledger.steps.conclude_letter(job.key, SendResult(SendState.SENT, "250 ok"), NOW)
    assert not ledger.steps.letter_view("mail:1:1", NOW).cases[0].asked_before
    seen = ledger.cases.load_case(CASE).result
    finished(ledger, replace(seen, version=2), uid=2, kind=LetterKind.RECEIPT)
    later = ledger.steps.letter_view("mail:2:1", NOW + timedelta(days=1))
    assert later.cases[0].asked_before is asked
