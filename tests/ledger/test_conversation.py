"""Which cases are a sender's own, which list a letter asks about, and what the answered mail changed in a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.intents import ASKS_STATUS, ASKS_WHICH
from mailbot.domain.letters import Delta
from mailbot.domain.mail import MailState, StoredMail
from mailbot.domain.outcome import Json, Wanted
from mailbot.ledger.conversation import OWN_CASES
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import NOW, S, case, claimed, finished, letter, person, result

WHO = "hr@unit.example"
TOLD = ("corrected", "added", "closed", "settled", "withdrawn")


def own(ledger: Ledger, sender: str | None = WHO) -> list[str]:
    asked = Wanted(mail_id=999, sha256="0" * 64, message_id=None, sender=sender)
    return list(ledger.cases.lookups(asked).own)


def asking(ledger: Ledger, uid: int, code: str = ASKS_WHICH, kind: LetterKind = LetterKind.ANSWER) -> StoredMail:
    """A mail whose list may correct or add: it waits, and a letter asks its sender."""
    mail = claimed(ledger, uid)
    finding = Finding(code, Severity.ASK, "请说明是更正还是补充")
    asked = replace(letter(mail, ()), kind=kind)
    ledger.cases.finish(mail, replace(result(mail), findings=(finding,), letters=(asked,)))
    return mail


def id_of_letter(ledger: Ledger, mail: StoredMail) -> str:
    return ledger.queries.letter(f"mail:{mail.id}:1").message_id


def test_a_senders_cases_are_named_the_latest_first(ledger: Ledger) -> None:
    for uid in (1, 2, 3):
        mail = claimed(ledger, uid)
        later = replace(result(mail, case(f"2020-00000{uid}", people=[uid])), at=NOW + timedelta(hours=uid))
        ledger.cases.finish(mail, later)
    assert own(ledger) == ["2020-000003", "2020-000002", "2020-000001"]


@pytest.mark.parametrize("sender", ["HR@Unit.Example", "hr@UNIT.example"])
def test_an_address_is_one_however_its_letters_are_written(ledger: Ledger, sender: str) -> None:
    finished(ledger, case())
    assert own(ledger, sender) == ["2020-000001"]


@pytest.mark.parametrize(
    "sender", [None, "", "colleague@unit.example", "hr@unit.example.evil.cn", "%", "hr@unit_example"]
)
def test_nobody_else_has_them(ledger: Ledger, sender: str | None) -> None:
    finished(ledger, case())
    assert own(ledger, sender) == []


def test_each_is_told_with_its_unit_and_nothing_more(ledger: Ledger) -> None:
    finished(
        ledger, replace(case(), header={"unit": "某某公司", "tax_id": "91500000X", "contact_phone": "13900000001"})
    )
    finished(ledger, replace(case("2020-000002", people=[2]), header={}), uid=2)
    found = ledger.cases.lookups(Wanted(mail_id=9, sha256="0" * 64, message_id=None, sender=WHO)).own
    assert found["2020-000001"] == {"unit": "某某公司", "tax_id": "91500000X"}
    assert found["2020-000002"] == {"unit": None, "tax_id": None}
    assert person(1).phone not in str(found)


def test_who_only_asked_about_a_case_does_not_own_it(ledger: Ledger) -> None:
    finished(ledger, case(), kind=LetterKind.ANSWER)
    assert own(ledger) == []
    finished(ledger, case("2020-000002", people=[2]), uid=2, kind=LetterKind.RECEIPT)
    assert own(ledger) == ["2020-000002"]


def test_only_the_latest_of_very_many_are_named(ledger: Ledger) -> None:
    for uid in range(1, OWN_CASES + 4):
        mail = claimed(ledger, uid)
        one = case(f"2020-{uid:06d}", [S.AWAITING_SENDER], people=[uid])
        ledger.cases.finish(mail, replace(result(mail, one), at=NOW + timedelta(minutes=uid)))
    found = own(ledger)
    assert len(found) == OWN_CASES
    assert found[0] == f"2020-{OWN_CASES + 3:06d}"
    assert "2020-000003" not in found


def test_the_only_open_question_is_meant_whatever_is_answered(ledger: Ledger) -> None:
    mail = asking(ledger, 1)
    assert ledger.cases.left_open((), WHO) == mail.sha256
    assert ledger.cases.left_open(("<unknown@x>",), WHO.upper()) == mail.sha256
    assert ledger.cases.left_open((), "colleague@unit.example") is None


def test_of_several_questions_the_answered_one_is_meant_or_none(ledger: Ledger) -> None:
    first, second = asking(ledger, 1), asking(ledger, 2)
    assert ledger.cases.left_open((), WHO) is None
    assert ledger.cases.left_open((id_of_letter(ledger, first),), WHO) == first.sha256
    assert ledger.cases.left_open(("<x@y>", id_of_letter(ledger, second)), WHO) == second.sha256
    assert ledger.cases.left_open(("<m1@unit.example>",), WHO) == first.sha256


def test_nobody_answers_for_another_by_naming_the_letter(ledger: Ledger) -> None:
    mail = asking(ledger, 1)
    assert ledger.cases.left_open((id_of_letter(ledger, mail),), "forger@else.example") is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [(ASKS_STATUS, LetterKind.ANSWER), (ASKS_WHICH, LetterKind.RECEIPT), ("mail.x", LetterKind.RESULT)],
)
def test_other_letters_ask_nothing(ledger: Ledger, code: str, kind: LetterKind) -> None:
    asking(ledger, 1, code, kind)
    assert ledger.cases.left_open((), WHO) is None


def test_without_any_letter_nothing_is_open(ledger: Ledger) -> None:
    mail = claimed(ledger)
    aside = replace(
        result(mail, kind=None), state=MailState.SET_ASIDE, findings=(Finding(ASKS_WHICH, Severity.HOLD, "x"),)
    )
    ledger.cases.finish(mail, aside)
    assert ledger.cases.left_open((f"<m{mail.id}@unit.example>",), WHO) is None


def revised(ledger: Ledger, told: object) -> StoredMail:
    """A case whose second version was made by a second mail; `told` is what the flow noted of the change."""
    finished(ledger, case(states=[S.AWAITING_SENDER, S.AWAITING_SENDER]))
    mail = claimed(ledger, 2)
    context: Json = {"now": NOW.isoformat(), "delta": told}
    second = replace(case(states=[S.APPROVED, S.HELD]), version=2, seen=1, context=context)
    ledger.cases.finish(mail, result(mail, second))
    return mail


def delta(ledger: Ledger, key: str) -> Delta | None:
    [shown] = ledger.steps.letter_view(key, NOW).cases
    return shown.delta


def test_the_answer_to_a_correction_tells_what_it_changed(ledger: Ledger) -> None:
    told = {"corrected": [1], "added": [2, 3], "settled": [4], "unchanged": 5, "manner": "correction"}
    mail = revised(ledger, told)
    found = delta(ledger, f"mail:{mail.id}:1")
    assert found == Delta(corrected=(1,), added=(2, 3), settled=(4,), unchanged=5)


def test_a_withdrawal_is_told_as_one(ledger: Ledger) -> None:
    mail = revised(ledger, {"withdrawn": [1, 2], "manner": "withdrawal"})
    found = delta(ledger, f"mail:{mail.id}:1")
    assert found == Delta(withdrawn=(1, 2), withdrawal=True)


def test_a_letter_about_an_earlier_version_tells_no_change(ledger: Ledger) -> None:
    revised(ledger, {"corrected": [1], "manner": "correction"})
    assert delta(ledger, "mail:1:1") is None


@pytest.mark.parametrize("told", [None, "corrected", [1], 7])
def test_what_is_no_record_of_a_change_is_none(ledger: Ledger, told: object) -> None:
    mail = revised(ledger, told)
    assert delta(ledger, f"mail:{mail.id}:1") is None


def test_a_first_version_changed_nothing(ledger: Ledger) -> None:
    finished(ledger, replace(case(), context={"delta": {"added": [1]}}))
    assert delta(ledger, "mail:1:1") is None
    assert ledger.queries.letter("mail:1:1").state is EffectState.PLANNED


# ---- what the hotlines told ----


def told(ledger: Ledger, sender: str = WHO, *, before: int = 999, since: timedelta = timedelta(hours=1)) -> list[str]:
    asked = Wanted(mail_id=before, sha256="0" * 64, message_id=None, sender=sender, told_since=NOW - since)
    return list(ledger.cases.lookups(asked).told)


def test_what_a_sender_was_told_of_the_hotlines_since_the_morning_is_known(ledger: Ledger) -> None:
    first = asking(ledger, 1, code="mail.help_password")
    assert told(ledger) == ["mail.help_password"]
    assert told(ledger, WHO.upper()) == ["mail.help_password"]
    asking(ledger, 2, code="mail.help_invoice")
    assert told(ledger) == ["mail.help_invoice", "mail.help_password"]
    assert told(ledger, before=first.id) == [], "what came later is not known to a mail that is read again"
    assert told(ledger, "other@unit.example") == []
    assert told(ledger, since=-timedelta(hours=1)) == [], "nor what was told the day before"


def test_only_answers_of_the_hotlines_count(ledger: Ledger) -> None:
    asking(ledger, 1, code="mail.question")
    asking(ledger, 2, code="mail.help_course", kind=LetterKind.RECEIPT)
    assert told(ledger) == []
    nobody = Wanted(mail_id=999, sha256="0" * 64, message_id=None, sender=WHO)
    assert ledger.cases.lookups(nobody).told == (), "who asks nothing is not looked up"
