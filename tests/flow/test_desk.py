"""Verdicts of people on the real ledger: what they change, what follows to the end, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.desk import Refused
from mailbot.domain.decisions import Automation, Decision, Verdict
from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.outcome import StaleCase
from mailbot.domain.states import ItemState
from tests.flow.conftest import Make
from tests.flow.office import NOW, STAFF, Office, roster, roster_kind
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import people
from tools.stories.post import when
from tools.stories.sheets import Sheet
from tools.stories.submit import Submission

A, B, C = people(720, 3)
V = Verdict
CASE = "2020-000001"
HELD_ROW = Row(B, remark="已缴费")


@pytest.fixture
def careful(make: Make) -> Office:
    """An office where a person confirms everything."""
    return make(automation=Automation.CONFIRM)


def test_approving_what_was_proposed_opens_the_account_and_tells_the_sender(careful: Office) -> None:
    careful.process(roster(A, B))
    careful.drain()
    assert [letter.kind for letter in careful.letters()] == [LetterKind.RECEIPT]
    result = careful.decide(CASE, {1: V.APPROVE, 2: V.APPROVE})
    assert [(item.state.value, item.decided_by, item.proposed) for item in result.items] == [
        ("approved", "staff", False),
        ("approved", "staff", False),
    ]
    careful.drain()
    assert careful.accounts(A, B) == [True, True]
    assert careful.states(CASE) == ["fulfilled", "fulfilled"]
    assert [letter.kind for letter in careful.letters()] == [LetterKind.RECEIPT, LetterKind.RESULT]
    assert "2人" in careful.post.letters[-1].text


def test_every_part_of_the_result_is_told_once(careful: Office) -> None:
    careful.process(roster(A, B))
    careful.drain()
    careful.decide(CASE, {1: V.APPROVE})
    careful.drain()
    assert careful.states(CASE) == ["fulfilled", "held"]
    assert len(careful.post.letters) == 2
    careful.decide(CASE, {2: V.APPROVE})
    careful.drain()
    careful.drain()
    assert [letter.key for letter in careful.letters()] == ["mail:1:1", f"result:{CASE}:1", f"result:{CASE}:2"]
    assert len(careful.post.letters) == 3


@pytest.mark.parametrize(
    ("verdict", "state", "letters"),
    [(V.ASK, "awaiting_sender", 1), (V.DECLINE, "declined", 1), (V.CLOSE, "closed", 1), (V.REOPEN, "received", 0)],
)
def test_every_other_verdict_has_its_state_and_causes_nothing(
    careful: Office, verdict: Verdict, state: str, letters: int
) -> None:
    careful.process(roster(A))
    careful.drain()
    before = len(careful.post.letters)
    result = careful.decide(CASE, {1: verdict}, reason="请提供缴费凭证")
    assert (result.effects, result.claims) == ((), ())
    careful.drain()
    assert careful.states(CASE) == [state]
    assert careful.effects() == []
    assert careful.accounts(A) == [False]
    told = careful.post.letters[before:]
    assert len(told) == letters
    assert all(letter.to == units.PRIMARY.address for letter in told)
    assert all("请提供缴费凭证" in letter.text for letter in told)


def test_a_row_that_is_closed_while_others_wait_is_told_with_the_end_of_the_case(careful: Office) -> None:
    careful.process(roster(A, B))
    careful.drain()
    careful.decide(CASE, {1: V.CLOSE}, reason="重复报名")
    careful.drain()
    assert len(careful.post.letters) == 1, "the receipt"
    careful.decide(CASE, {2: V.CLOSE}, reason="单位来函撤回")
    careful.drain()
    assert {letter.template for letter in careful.letters()} == {"roster/hold", "roster/closed"}
    assert "说明：单位来函撤回" in careful.post.letters[-1].text


def test_the_reason_of_a_refusal_is_not_replaced_by_that_of_a_closing(careful: Office) -> None:
    careful.process(roster(A, B))
    careful.decide(CASE, {1: V.DECLINE}, reason="不在培训范围")
    careful.decide(CASE, {2: V.CLOSE}, reason="重复报名")
    careful.drain()
    assert "理由：不在培训范围" in careful.post.letters[-1].text
    assert "重复报名" not in careful.post.letters[-1].text


def test_only_the_named_items_change(careful: Office) -> None:
    careful.process(roster(A, B, C))
    careful.decide(CASE, {2: V.DECLINE})
    assert careful.states(CASE) == ["held", "declined", "held"]
    stored = careful.case(CASE).result
    assert [item.decided_by for item in stored.items] == [None, "staff", None]


def test_the_clock_of_what_waits_for_the_sender_or_ended_stands(careful: Office) -> None:
    careful.process(roster(A, B))
    due = careful.case(CASE).result.due_at
    assert due is not None
    careful.decide(CASE, {1: V.ASK})
    assert [item.due_at for item in careful.case(CASE).result.items] == [None, due]
    careful.decide(CASE, {2: V.DECLINE})
    assert careful.case(CASE).result.due_at is None


def refused(office: Office, verdicts: dict[int, Verdict], **words: object) -> str:
    """Why a verdict was refused; nothing was written."""
    before = office.case(CASE)
    with pytest.raises(Refused) as why:
        office.decide(CASE, verdicts, **words)  # type: ignore[arg-type]  # words of `decide`, from a test
    assert office.case(CASE) == before
    assert office.effects() == []
    return str(why.value)


def test_a_finding_is_waived_by_its_code_or_stands(office: Office) -> None:
    office.process(roster(HELD_ROW))
    assert refused(office, {1: V.APPROVE}).startswith("第 1 项尚有未放行的问题：row.remark（")
    assert "row.remark" in refused(office, {1: V.APPROVE}, waived=["id.checksum"])
    office.decide(CASE, {1: V.APPROVE}, waived=["row.remark"])
    office.drain()
    assert office.accounts(B) == [True]
    event = next(e for e in office.ledger.queries.events_of(case_id=CASE) if e.actor == STAFF)
    assert event.detail is not None
    assert event.detail["waived"] == {"row.remark": "已电话核实"}


@pytest.mark.parametrize("row", [Row(A, phone=None, remark="换号"), Row(A, id_number=None, remark="换号")])
def test_nobody_can_register_what_nobody_knows(office: Office, row: Row) -> None:
    office.process(roster(row, auth="none"))
    case = office.case(CASE).result
    held = next(item for item in case.items if item.number == 1)
    assert held.state is ItemState.HELD
    codes = [finding.code for finding in (*case.findings, *held.findings)]
    assert "不全，无法注册账号。请先请来信人更正。" in refused(office, {1: V.APPROVE}, waived=codes)


def test_what_the_sender_was_asked_is_not_approved_over_his_head(office: Office) -> None:
    office.process(roster(Row(A, id_number=4.0e17)))
    assert "第 1 项现为 awaiting_sender，不能改为 approved" in refused(
        office, {1: V.APPROVE}, waived=["id.precision_lost"]
    )


def test_what_stops_the_whole_case_is_waived_first(office: Office) -> None:
    office.process(roster(A, auth="none"))
    why = refused(office, {1: V.APPROVE})
    assert why.startswith("以下问题针对整件，须先逐一注明放行理由：")
    assert "sender.unverified" in why
    office.decide(CASE, {0: V.APPROVE, 1: V.APPROVE}, waived=["sender.unverified"])
    office.drain()
    assert office.states(CASE) == ["fulfilled", "fulfilled"]
    assert office.accounts(A) == [True]


def test_declining_needs_no_waiver(office: Office) -> None:
    office.process(roster(A, auth="none"))
    office.decide(CASE, {0: V.CLOSE, 1: V.DECLINE})
    assert office.states(CASE) == ["closed", "declined"]


def test_an_item_that_is_not_there_is_named(careful: Office) -> None:
    careful.process(roster(A))
    assert refused(careful, {1: V.APPROVE, 7: V.APPROVE}) == "本件没有第 7 项。"


def test_a_move_outside_the_table_is_named(office: Office) -> None:
    office.process(roster(A))
    office.drain()
    with pytest.raises(Refused, match="第 1 项现为 fulfilled，不能改为 declined"):
        office.decide(CASE, {1: V.DECLINE})
    assert office.states(CASE) == ["fulfilled"]


@pytest.mark.parametrize(("actor", "reason"), [("", "有理由"), ("  ", "有理由"), ("张工", ""), ("张工", " \n")])
def test_a_verdict_has_a_name_and_a_reason(careful: Office, actor: str, reason: str) -> None:
    careful.process(roster(A))
    assert refused(careful, {1: V.APPROVE}, actor=actor, reason=reason) == "请写明办理人姓名和理由。"


def test_a_verdict_on_what_has_changed_since_is_not_taken(careful: Office) -> None:
    careful.process(roster(A, B))
    seen = careful.case(CASE).result.seen
    assert seen is not None
    careful.decide(CASE, {1: V.DECLINE})
    late = Decision("李工", "同意", CASE, seen, {1: V.APPROVE, 2: V.APPROVE})
    with pytest.raises(StaleCase):
        careful.parts.desk().verdict(late, NOW)
    assert careful.states(CASE) == ["declined", "held"]


def test_two_people_who_decide_at_once_do_not_both_win(careful: Office) -> None:
    careful.process(roster(A))
    desk = careful.parts.desk()
    stored = careful.case(CASE)
    assert stored.result.seen is not None
    mine = Decision("张工", "同意", CASE, stored.result.seen, {1: V.APPROVE})

    class Slow:
        """Reads before, and writes after, the other one."""

        def load_case(self, _case: str) -> object:
            return stored

        def __getattr__(self, name: str) -> object:
            return getattr(desk.ledger, name)

    careful.decide(CASE, {1: V.DECLINE})
    with pytest.raises(StaleCase):
        replace(desk, ledger=Slow()).verdict(mine, NOW)  # type: ignore[arg-type]  # the desk's ledger, slowed
    assert careful.states(CASE) == ["declined"]
    assert careful.effects() == []


def test_a_binding_comes_with_the_verdict_and_lets_the_next_roster_go(make: Make) -> None:
    trusting = make(automation=Automation.TRUSTED)
    first = trusting.process(roster(A)).cases[0]
    kind = roster_kind(trusting.parts)
    unit = kind.unit_key(first.header)
    assert unit is not None
    trusting.decide(CASE, {1: V.APPROVE}, bind=(units.PRIMARY.address, unit))
    [after] = trusting.process(roster(B, at="2020-09-16 09:30")).cases[0].items
    assert after.state.value == "approved"


def test_a_refused_verdict_binds_nobody(make: Make) -> None:
    trusting = make(automation=Automation.TRUSTED)
    first = trusting.process(roster(HELD_ROW)).cases[0]
    kind = roster_kind(trusting.parts)
    unit = kind.unit_key(first.header)
    assert unit is not None
    refused(trusting, {1: V.APPROVE}, bind=(units.PRIMARY.address, unit))
    [after] = trusting.process(roster(A, at="2020-09-16 09:30")).cases[0].items
    assert (after.state.value, after.proposed) == ("held", True)


def test_what_was_declined_can_be_reopened_and_approved(careful: Office) -> None:
    careful.process(roster(A))
    careful.decide(CASE, {1: V.DECLINE})
    careful.drain()
    careful.decide(CASE, {1: V.REOPEN}, reason="单位来电更正")
    assert careful.states(CASE) == ["received"]
    careful.decide(CASE, {1: V.APPROVE})
    careful.drain()
    assert careful.states(CASE) == ["fulfilled"]
    assert careful.accounts(A) == [True]
    assert [effect.state for effect in careful.effects()] == [EffectState.DONE]


def test_what_is_done_is_done_once_even_when_reopened(office: Office) -> None:
    office.process(roster(A))
    office.drain()
    office.decide(CASE, {1: V.REOPEN})
    office.decide(CASE, {1: V.APPROVE})
    office.drain()
    assert office.states(CASE) == ["fulfilled"]
    assert len(office.effects()) == 1
    assert office.effects()[0].attempts == 1


def test_two_cases_for_one_phone_cannot_both_be_approved(careful: Office) -> None:
    careful.process(roster(A))
    careful.process(roster(replace(B, phone=A.phone), unit=units.HOSPITAL))
    second = "2020-000002"
    careful.decide(CASE, {1: V.APPROVE})
    codes = [finding.code for finding in careful.case(second).result.items[0].findings]
    with pytest.raises(Refused, match="第 1 项的身份证号码或手机号码已用于另一份登记"):
        careful.decide(second, {1: V.APPROVE}, waived=codes)
    assert careful.states(second) == ["held"]
    careful.drain()
    assert careful.accounts(A) == [True]
    assert len(careful.effects()) == 1


def test_one_person_in_two_units_is_approved_in_both_and_opened_once(careful: Office) -> None:
    careful.process(roster(A))
    careful.process(roster(A, B, unit=units.HOSPITAL))
    careful.decide(CASE, {1: V.APPROVE})
    careful.decide("2020-000002", {1: V.APPROVE, 2: V.APPROVE})
    careful.drain()
    assert careful.states(CASE) == ["fulfilled"]
    assert careful.states("2020-000002") == ["fulfilled", "fulfilled"]
    assert [effect.attempts for effect in careful.effects()] == [1, 1]
    careful.process(roster(replace(A, phone=C.phone), unit=units.DESIGN))
    codes = [finding.code for finding in careful.case("2020-000003").result.items[0].findings]
    with pytest.raises(Refused, match="已用于另一份登记"):
        careful.decide("2020-000003", {1: V.APPROVE}, waived=codes)


def test_asking_for_one_row_and_approving_another_is_one_letter_after_the_effect(careful: Office) -> None:
    careful.process(roster(A, B))
    careful.drain()
    before = len(careful.post.letters)
    careful.decide(CASE, {1: V.APPROVE, 2: V.ASK}, reason="第2行请附证明")
    [letter] = careful.letters(EffectState.PLANNED)
    assert letter.kind == LetterKind.RESULT
    careful.drain()
    assert careful.states(CASE) == ["fulfilled", "awaiting_sender"]
    assert len(careful.post.letters) == before + 1
    assert "第2行请附证明" in careful.post.letters[-1].text


def test_a_sender_without_an_address_is_decided_about_and_not_written_to(office: Office) -> None:
    office.process(roster(A, froms=("a@qq.com", "b@qq.com")))
    codes = [finding.code for finding in office.case(CASE).result.findings]
    office.decide(CASE, {0: V.CLOSE, 1: V.DECLINE}, waived=codes)
    office.drain()
    assert office.states(CASE) == ["closed", "declined"]
    assert office.letters() == []


def test_the_decision_stands_in_the_chain_under_its_name(careful: Office) -> None:
    careful.process(roster(A))
    careful.decide(CASE, {1: V.APPROVE}, actor="王主任", reason="已核对原件")
    event = careful.ledger.queries.events_of(case_id=CASE)[-1]
    assert (event.kind, event.actor) == ("case.decided", "王主任")
    assert event.detail is not None
    assert (event.detail["reason"], event.detail["verdicts"]) == ("已核对原件", {"1": "approve"})
    assert careful.ledger.audit.verify().intact


def test_a_case_of_file_trouble_is_settled_by_its_own_item(office: Office) -> None:
    sheet = Sheet(units.DESIGN, (Row(A),))
    draft = Submission((sheet,), None, None, at="2020-09-16 09:00").draft()
    broken = replace(draft, files=(replace(draft.files[0], data=draft.files[0].data[:900]),))
    [case] = office.process(broken).cases
    assert [(item.number, item.state.value) for item in case.items] == [(0, "awaiting_sender")]
    office.decide(CASE, {0: V.CLOSE}, reason="已另行来信")
    assert office.states(CASE) == ["closed"]


def test_what_the_mail_has_against_its_cases_is_waived_like_the_rest(make: Make) -> None:
    late = make(automation=Automation.CLEAN)
    late.process(roster(A), at=when("2021-01-04 09:30"))
    assert late.states(CASE) == ["held", "held"]
    with pytest.raises(Refused, match=r"mail\.after_closing"):
        late.decide(CASE, {1: V.APPROVE})
    late.decide(CASE, {0: V.APPROVE, 1: V.APPROVE}, waived=["mail.after_closing"])
    late.drain()
    assert late.accounts(A) == [True]


def test_what_was_settled_for_the_case_needs_no_second_waiver(make: Make) -> None:
    office = make(automation=Automation.CLEAN)
    office.process(roster(A, B, auth="none"))
    office.decide(CASE, {0: V.APPROVE, 1: V.APPROVE}, waived=["sender.unverified"])
    office.decide(CASE, {2: V.APPROVE})
    office.drain()
    assert office.accounts(A, B) == [True, True]
