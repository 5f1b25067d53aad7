"""The hot statements are served by indexes, whatever stands in the ledger: none of them scans a table that grows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.outcome import Wanted
from mailbot.domain.ports import EffectEnd
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.tables.base import Base
from tests.ledger.world import (
    DUE,
    HASHER,
    NOW,
    S,
    case,
    claimed,
    deliver,
    finished,
    key_of,
    new_mail,
    person,
    result,
    send,
    watched,
)

GROWING = set(Base.metadata.tables) - {"settings", "cursors", "chain_heads", "bindings"}


def scans(ledger: Ledger, statements: list[str]) -> list[str]:
    """Which of these statements read a growing table from end to end, or sort what no index orders."""
    found: list[str] = []
    for statement in dict.fromkeys(statements):
        for plan in plans(ledger, statement):
            scanned = re.match(r"SCAN (\w+)(?! USING COVERING INDEX)", plan)
            if scanned and scanned[1] in GROWING:
                found.append(f"{plan}: {statement}")
    return found


def plans(ledger: Ledger, statement: str) -> list[str]:
    """How SQLite carries a statement out, line by line."""
    with ledger.db.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert driver is not None
        return [str(row[3]) for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}")]


def filled(ledger: Ledger) -> None:
    """Some of everything, and statistics nowhere: the plans rest on the indexes alone."""
    for uid in range(1, 6):
        finished(ledger, case(f"2020-00000{uid}", [S.APPROVED, S.HELD], people=[uid * 2, uid * 2 + 1]), uid=uid)
    deliver(ledger)
    while send(ledger):
        pass


def claim_and_put_back(ledger: Ledger) -> None:
    mail = claimed(ledger, 50)
    ledger.steps.put_back(mail, "x", NOW)


def look_up(ledger: Ledger) -> None:
    people = tuple(HASHER.search(person(n).id_number) for n in range(3))
    phones = tuple(HASHER.search(person(n).phone) for n in range(3))
    orders = (HASHER.search("D20200701"),)
    ids = ("<m1@unit.example>", "<x@y>")
    ledger.cases.lookups(
        Wanted(
            mail_id=9,
            sha256="0" * 64,
            message_id="<m1@unit.example>",
            content="c",
            reply_ids=ids,
            sender="hr@unit.example",
            fingerprints=("f",),
            people=people,
            phones=phones,
            orders=orders,
        )
    )


def finish(ledger: Ledger) -> None:
    mail = claimed(ledger, 60)
    ledger.cases.finish(mail, result(mail, case("2020-000060", [S.APPROVED, S.HELD], people=[61, 62])))


def conclude(ledger: Ledger) -> None:
    finished(ledger, case("2020-000070", [S.APPROVED, S.APPROVED], people=[71, 72]), uid=70, kind=LetterKind.RECEIPT)
    jobs = ledger.steps.claim_effects(9, NOW)
    ledger.steps.conclude([EffectEnd(job.key, EffectState.PENDING) for job in jobs], NOW)
    send(ledger)
    ledger.steps.conclude([EffectEnd(key_of(71), EffectState.DONE), EffectEnd(key_of(72), EffectState.DONE)], NOW)


def letter(ledger: Ledger) -> None:
    finished(ledger, case("2020-000080", [S.HELD], people=[81]), uid=80, kind=LetterKind.RECEIPT)
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    ledger.steps.letter_view(job.key, NOW)
    send(ledger)


def store(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(90)], None)
    ledger.mails.known_uids("roster", "INBOX", 7)


def desk(ledger: Ledger) -> None:
    ledger.cases.load_case("2020-000001")
    ledger.queries.due(DUE)
    ledger.queries.cases([S.HELD])
    ledger.queries.mails_with("0" * 64)
    ledger.queries.letters_of_case("2020-000001")
    ledger.queries.letters_of_mail(1)
    ledger.queries.events_of(case_id="2020-000001")
    ledger.queries.events_of(mail_id=1)
    ledger.drafts.release(["x"], "张工", NOW)


@pytest.mark.parametrize("work", [store, claim_and_put_back, look_up, finish, conclude, letter, desk])
def test_no_hot_statement_scans_a_growing_table(ledger: Ledger, work: Callable[[Ledger], None]) -> None:
    filled(ledger)
    with watched(ledger) as statements:
        work(ledger)
    assert statements
    assert scans(ledger, statements) == []


def test_the_watch_sees_a_scan(ledger: Ledger) -> None:
    assert len(scans(ledger, ["SELECT * FROM mails WHERE subject = 'x'"])) == 1


def test_the_queues_are_ordered_by_their_index(ledger: Ledger) -> None:
    """The next mail and the next effect are found without sorting all that wait."""
    filled(ledger)
    with watched(ledger) as statements:
        ledger.steps.claim_mail(NOW)
        ledger.steps.claim_effects(9, NOW)
        ledger.steps.due_letter(NOW)
    found = [plan for statement in statements for plan in plans(ledger, statement)]
    assert len(found) >= 4
    assert not [plan for plan in found if "TEMP B-TREE" in plan]
