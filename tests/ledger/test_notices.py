"""Notices to staff: rendered and planned once a key, kept where the site rehearses."""

from __future__ import annotations

from mailbot.domain.effects import EffectState
from mailbot.domain.letters import Composed
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import Mode
from tests.ledger.world import NOW, composed, send


def test_a_notice_is_rendered_and_planned_once_per_key(ledger: Ledger) -> None:
    asked: list[str] = []

    def compose(message_id: str) -> Composed:
        asked.append(message_id)
        return composed(f"digest {message_id}")

    assert ledger.notices.plan("digest:2020-07-15", "staff@example.org", compose, NOW) is True
    assert ledger.notices.plan("digest:2020-07-15", "staff@example.org", compose, NOW) is False
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert [job.message_id] == asked
    assert job.raw == composed(f"digest {job.message_id}").raw
    assert send(ledger) == "digest:2020-07-15"
    assert send(ledger) is None


def test_a_rehearsing_site_keeps_its_notices_too(ledger: Ledger) -> None:
    ledger.switches.set_mode(Mode.REHEARSAL, "张工", NOW)
    ledger.notices.plan("digest:1", "staff@example.org", lambda _: composed(), NOW)
    [line] = ledger.queries.letters([EffectState.PLANNED], draft=True)
    assert (line.key, send(ledger)) == ("digest:1", None)
