"""The ledger's side of the comparison with a server."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from mailbot.domain.mail import MailState
from mailbot.domain.server_ports import Swept
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.sweeps import GAP
from tests.ledger.world import NOW, ZONE, new_mail, raw


def poison(ledger: Ledger, uid: int) -> int:
    ledger.mails.store_poison(new_mail(uid).arrival, "2020gxkm@example.org", 500, "NO", None)
    [line] = ledger.queries.mails([MailState.SET_ASIDE])
    return line.id


def test_a_mail_that_is_given_at_last_is_work_like_any_other(ledger: Ledger) -> None:
    number = poison(ledger, 13)
    assert ledger.sweeps.not_given("roster", "INBOX", 7) == {13}
    assert ledger.sweeps.give(new_mail(13))
    claimed = ledger.steps.claim_mail(NOW)
    assert claimed is not None
    assert (claimed.id, claimed.size) == (number, len(raw(13)))
    assert ledger.cases.raw(claimed.sha256) == raw(13)
    assert claimed.attempts == 1
    assert ledger.sweeps.not_given("roster", "INBOX", 7) == set()
    assert [event.kind for event in ledger.queries.events_of(mail_id=number)] == ["mail.poison", "mail.given"]


def test_what_has_its_bytes_is_given_no_others(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(13)], None)
    assert not ledger.sweeps.give(replace(new_mail(13), raw=b"other"))
    assert not ledger.sweeps.give(new_mail(14))
    assert [line.size for line in ledger.queries.mails()] == [len(raw(13))]


def test_alike_is_the_arrival_and_the_size_of_any_folder_of_the_account(ledger: Ledger) -> None:
    mail = new_mail(3)
    ledger.mails.store([replace(mail, arrival=replace(mail.arrival, mailbox="已处理"))], None)
    poison(ledger, 4)
    at, size = mail.arrival.received_at, len(mail.raw)
    asked = {(at.astimezone(ZONE), size), (at, size + 1), (at + timedelta(seconds=1), size)}
    assert ledger.sweeps.alike("roster", asked) == {(at, size)}
    assert ledger.sweeps.alike("proof", asked) == set()
    assert ledger.sweeps.alike("roster", set()) == set()
    assert ledger.sweeps.alike("roster", {(new_mail(4).arrival.received_at, 500)}) == set()


def test_bytes_are_known_by_their_digest(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(1)], None)
    here = hashlib.sha256(raw(1)).hexdigest()
    assert ledger.sweeps.have({here, "0" * 64}) == {here}
    assert ledger.sweeps.have(set()) == set()


def test_the_last_comparison_is_kept_and_only_a_gap_is_an_event(ledger: Ledger) -> None:
    assert ledger.sweeps.last("roster") is None
    before = ledger.queries.last_event_at()
    ledger.sweeps.note("roster", [Swept("roster", "INBOX", listed=9)], NOW + timedelta(days=1))
    assert ledger.queries.last_event_at() == before
    found = [Swept("roster", "INBOX", listed=9, taken=2), Swept("roster", "已处理", listed=4, taken=1)]
    ledger.sweeps.note("roster", found, NOW + timedelta(days=2))
    last = ledger.sweeps.last("roster")
    assert last is not None
    assert (last.at, last.folders, last.taken) == (NOW + timedelta(days=2), tuple(found), 3)
    assert ledger.sweeps.last("proof") is None
    assert ledger.queries.last_event_at() == NOW + timedelta(days=2)
    assert GAP == "mails.missing"
