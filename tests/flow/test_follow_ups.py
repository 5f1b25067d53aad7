"""What follows a case: the corrected roster in reply becomes its next version, and only the difference happens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.domain.decisions import Verdict
from mailbot.domain.document import Opened
from mailbot.domain.effects import LetterKind
from mailbot.domain.mail import MailState
from mailbot.rulebook import Rulebook
from mailbot.steps.classify import AnyKind
from tests.flow.office import Office, roster, roster_kind
from tests.flow.talk import CASE, Overtaken, asked, bad, reply
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import people

A, B, C, D = people(780, 4)


def test_the_corrected_row_alone_goes_on_in_the_same_case(office: Office) -> None:
    question = asked(office, A, bad(B))
    assert office.states(CASE) == ["fulfilled", "awaiting_sender"]
    result = reply(office, question, B)
    [case] = result.cases
    assert (case.case_id, case.version) == (CASE, 2)
    office.drain()
    assert office.states(CASE) == ["fulfilled", "fulfilled"]
    assert office.accounts(A, B) == [True, True]
    assert [effect.attempts for effect in office.effects()] == [1, 1]
    assert len(office.ledger.queries.cases()) == 1
    assert len(office.post.letters) == 2


def test_the_whole_corrected_list_again_does_nothing_twice(office: Office) -> None:
    question = asked(office, A, bad(B), C)
    reply(office, question, A, B, C)
    office.drain()
    assert office.states(CASE) == ["fulfilled"] * 3
    assert len(office.effects()) == 3
    assert {effect.attempts for effect in office.effects()} == {1}


def test_a_shorter_list_in_reply_drops_nobody(office: Office) -> None:
    question = asked(office, A, bad(B), bad(C))
    reply(office, question, B)
    office.drain()
    assert office.states(CASE) == ["fulfilled", "fulfilled", "awaiting_sender"]
    [version_one, version_two] = office.ledger.queries.versions(CASE)
    assert (version_one.version, version_two.version) == (1, 2)


def test_people_who_are_added_once_all_is_settled_get_numbers_behind(office: Office) -> None:
    question = asked(office, A, B)
    reply(office, question, A, B, C)
    office.drain()
    assert office.states(CASE) == ["fulfilled"] * 3
    assert office.accounts(C) == [True]


def test_somebody_new_while_a_row_is_asked_about_is_asked_of_the_sender(office: Office) -> None:
    question = asked(office, A, bad(B))
    result = reply(office, question, A, D, text="请查收。")
    assert result.state is MailState.DONE
    assert [finding.code for finding in result.findings] == ["mail.correction_or_addition"]
    assert (result.cases, result.follows) == ((), (CASE,))
    office.drain()
    assert office.letters()[-1].template == "roster/choice"
    assert "更正：" in office.post.letters[-1].text
    assert "补充：" in office.post.letters[-1].text
    assert office.accounts(D) == [False]
    assert office.states(CASE) == ["fulfilled", "awaiting_sender"]


def test_another_phone_for_somebody_who_is_registered_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B))
    [case] = reply(office, question, replace(A, phone=D.phone), B).cases
    [matter] = [item for item in case.items if item.number == 0]
    assert [finding.code for finding in matter.findings] == ["mail.changes_settled"]
    office.drain()
    assert office.states(CASE) == ["held", "fulfilled", "fulfilled"], "what is clear goes on"
    assert [effect.attempts for effect in office.effects()] == [1, 1], "and no account is opened a second time"
    assert office.case(CASE).result.items[1].values["phone"] == A.phone


@pytest.mark.parametrize(
    "mail", [{"auth": "fail"}, {"address": "other@qq.com"}, {"address": units.PRIMARY.address, "auth": "none"}]
)
def test_a_reply_that_is_not_surely_the_senders_touches_no_case(office: Office, mail: dict[str, str]) -> None:
    question = asked(office, A, bad(B))
    before = office.case(CASE).result
    result = reply(office, question, B, **mail)
    assert all(case.case_id != CASE for case in result.cases)
    assert office.case(CASE).result.items == before.items
    office.drain()
    assert office.accounts(B) == [False]


def test_a_question_in_the_thread_without_a_roster_is_for_a_person(office: Office) -> None:
    question = asked(office, A, bad(B))
    draft = roster(B, at="2020-09-16 11:00", answers=question, subject="回复：名单")
    result = office.process(replace(draft, files=()))
    assert result.state is MailState.SET_ASIDE
    assert result.follows == (CASE,)


def test_what_a_person_reopened_a_person_decides(office: Office) -> None:
    question = asked(office, A, bad(B))
    office.decide(CASE, {1: Verdict.REOPEN}, reason="单位来电")
    reply(office, question, A, B)
    office.drain()
    assert office.states(CASE) == ["received", "fulfilled"]


def test_a_case_that_a_person_changed_while_its_reply_was_read_is_read_again(office: Office) -> None:
    question = asked(office, A, bad(B))

    ledger = Overtaken(office, {1: Verdict.REOPEN})
    result = reply(office.with_house(ledger=ledger), question, A, B)
    assert ledger.rounds == 2
    assert [item.number for item in result.cases[0].items] == [2]
    office.drain()
    assert office.states(CASE) == ["received", "fulfilled"]


def test_a_receipt_then_a_result_for_a_second_version_that_waits(office: Office) -> None:
    question = asked(office, A, bad(B))
    reply(office, question, Row(B, remark="已缴费"))
    office.drain()
    assert office.states(CASE) == ["fulfilled", "held"]
    assert office.letters()[-1].kind == LetterKind.RECEIPT
    office.decide(CASE, {2: Verdict.APPROVE}, waived=["row.remark"])
    office.drain()
    assert office.states(CASE) == ["fulfilled", "fulfilled"]
    assert office.letters()[-1].kind == LetterKind.RESULT


def test_two_kinds_that_claim_one_part_give_the_mail_to_a_person(office: Office) -> None:
    real = roster_kind(office.parts)

    class Greedy:
        """A second kind that takes every part for its own."""

        name = "payment_proof"
        yields = False

        def claims(self, opened: Opened) -> frozenset[int]:
            return frozenset(document.number for document in opened.documents)

        def extract(self, opened: Opened, parts: frozenset[int]) -> tuple[object, ...]:
            raise AssertionError("nothing is read of a part that two kinds claim")

    def both(_rules: Rulebook) -> tuple[AnyKind, ...]:
        return (real, Greedy())  # type: ignore[return-value]  # as much of a kind as is asked

    result = office.with_house(kinds=both).process(roster(A))
    assert result.state is MailState.SET_ASIDE
    [finding] = result.findings
    assert finding.code == "mail.two_kinds"
    assert finding.facts["kinds"] == ["roster", "payment_proof"]
    assert (result.cases, [letter.case_ids for letter in result.letters]) == ((), [()])
    assert office.ledger.queries.mail(result.mail_id).state is MailState.SET_ASIDE
