"""The ledger's answers to the flow: true of one moment, and nothing where nothing is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import Lookups, PriorPerson, Wanted
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import HASHER, NOW, S, case, claimed, deliver, finished, key_of, new_mail, person, result

NOTHING = Wanted(mail_id=99, sha256="0" * 64, message_id=None)


def ask(ledger: Ledger, **question: object) -> Lookups:
    return ledger.cases.lookups(replace(NOTHING, **question))  # type: ignore[arg-type]  # every test names real fields


def test_an_empty_ledger_knows_nothing(ledger: Ledger) -> None:
    people = (HASHER.search("x"),)
    question = replace(NOTHING, message_id="<a@x>", content="c", reply_ids=("<b@x>",), sender="a@x.cn")
    question = replace(question, fingerprints=("f",), people=people, phones=people, orders=people)
    assert ledger.cases.lookups(question) == Lookups()


def test_the_same_bytes_are_a_copy_of_the_earlier_mail_only(ledger: Ledger) -> None:
    first, second = ledger.mails.store(
        [new_mail(1), replace(new_mail(1), arrival=replace(new_mail(1).arrival, account="proofs"))], None
    )
    sha256 = ledger.queries.mail(first).sha256
    assert ask(ledger, mail_id=second, sha256=sha256).twin == first
    assert ask(ledger, mail_id=first, sha256=sha256).twin is None


def test_the_same_id_and_content_are_a_copy_whatever_way_they_came(ledger: Ledger) -> None:
    mail = finished(ledger, case())
    same = {"message_id": f"<m{mail.id}@unit.example>", "content": f"content-{mail.id}"}
    found = ask(ledger, **same)
    assert (found.twin, found.same_id) == (mail.id, mail.id)


def test_the_same_id_with_other_content_is_told_and_no_copy(ledger: Ledger) -> None:
    mail = finished(ledger, case())
    found = ask(ledger, message_id=f"<m{mail.id}@unit.example>", content="other")
    assert (found.twin, found.same_id) == (None, mail.id)
    assert ask(ledger, message_id=f"<m{mail.id}@unit.example>").twin is None


def test_a_mail_is_no_copy_of_itself(ledger: Ledger) -> None:
    mail = finished(ledger, case())
    mine = {"message_id": f"<m{mail.id}@unit.example>", "content": f"content-{mail.id}"}
    found = ask(ledger, mail_id=mail.id, sha256=mail.sha256, **mine)
    assert (found.twin, found.same_id) == (None, None)


def test_a_copy_is_a_copy_of_the_original_not_of_a_copy(ledger: Ledger) -> None:
    first = finished(ledger, case())
    copy = claimed(ledger, 2)
    said = {"message_id": "<m1@unit.example>", "content": "content-1"}
    ignored = replace(result(copy, kind=None), state=MailState.IGNORED, duplicate_of=first.id)
    ledger.cases.finish(copy, replace(ignored, message_id=said["message_id"], content=said["content"]))
    assert ask(ledger, **said).twin == first.id


def test_an_answer_to_our_letter_joins_its_cases(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001"), case("2020-000001-2", people=[2]))
    [told] = ledger.queries.letters([EffectState.PLANNED])
    found = ask(ledger, reply_ids=("<unknown@x>", told.message_id), sender="somebody@else.example")
    assert found.threads == ("2020-000001", "2020-000001-2")


def test_a_sender_who_goes_on_in_the_own_thread_joins_and_a_stranger_does_not(ledger: Ledger) -> None:
    finished(ledger, case())
    own = {"reply_ids": ("<m1@unit.example>",)}
    assert ask(ledger, **own, sender="hr@unit.example").threads == ("2020-000001",)
    assert ask(ledger, **own, sender="forger@else.example").threads == ()
    assert ask(ledger, **own, sender=None).threads == ()


def test_an_earlier_identical_roster_is_named_first_come(ledger: Ledger) -> None:
    finished(ledger, replace(case("2020-000001"), fingerprint="same"))
    finished(ledger, replace(case("2020-000002", people=[2]), fingerprint="same"), uid=2)
    assert ask(ledger, fingerprints=("same", "other")).same_content == {"same": "2020-000001"}


def test_who_was_asked_for_is_known_by_id_and_by_phone(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.HELD]))
    one, two = (person(n) for n in (1, 2))
    id_hash, phone_hash = HASHER.search(one.id_number), HASHER.search(one.phone)
    prior = PriorPerson("2020-000001", 1, id_hash, phone_hash, key_of(1), "planned")
    asked = (HASHER.search(two.id_number), id_hash)
    phones = (phone_hash, HASHER.search(two.phone))
    found = ask(ledger, people=asked, phones=phones)
    assert found.people == {id_hash: prior}
    assert found.phones == {phone_hash: prior}
    deliver(ledger)
    assert ask(ledger, people=asked).people[id_hash].effect_state == "done"


def test_the_first_who_asked_is_named_and_a_cancelled_wish_holds_nothing(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001"))
    finished(ledger, case("2020-000002", people=[1], claim=False), uid=2)
    id_hash = HASHER.search(person(1).id_number)
    assert ask(ledger, people=(id_hash,)).people[id_hash].case_id == "2020-000001"
    ledger.drafts.cancel([key_of(1)], "张工", "mistake", NOW)
    assert ask(ledger, people=(id_hash,)).people == {}


def test_orders_name_every_case_that_used_them(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001"))
    finished(ledger, replace(case("2020-000002", people=[2]), header={"order_no": ["D20200701", "Z"]}), uid=2)
    used, other = HASHER.search("D20200701"), HASHER.search("unused")
    assert ask(ledger, orders=(used, other)).orders == {used: ("2020-000001", "2020-000002")}


@pytest.mark.parametrize("key", ["HR@unit.example", "unit.example", "@UNIT.example"])
def test_a_binding_of_the_address_or_its_domain_is_found(ledger: Ledger, key: str) -> None:
    ledger.switches.bind(key, "91500000X", "张工", NOW)
    assert ask(ledger, sender="hr@Unit.example").bindings == ("91500000X",)
    assert ask(ledger, sender="hr@other.example").bindings == ()
    assert ask(ledger, sender="hr@evil-unit.example").bindings == ()
    assert ledger.switches.unbind(key, "91500000X", "张工", NOW) is True
    assert ledger.switches.unbind(key, "91500000X", "张工", NOW) is False
    assert ask(ledger, sender="hr@unit.example").bindings == ()


def test_many_questions_at_once_are_answered_in_full(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED] * 1200))
    hashes = tuple(HASHER.search(person(n).id_number) for n in range(1, 2400))
    assert len(ask(ledger, people=hashes).people) == 1200
