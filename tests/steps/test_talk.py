"""Words in the steps: who may be told, which case is meant, what a withdrawal stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.clock import FixedClock
from mailbot.domain.decisions import RowStatus
from mailbot.domain.document import BODY, Document, Opened
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.intents import Intent, Said
from mailbot.domain.kinds import Manner, SenderView
from mailbot.domain.mail import Mail, MailState, Part
from mailbot.domain.outcome import ItemResult, Lookups, StoredCase
from mailbot.domain.ports import FlowLedger, Opener, Platform
from mailbot.domain.states import ItemState, fold
from mailbot.steps.conversation import about, answered, case_numbers, manner, repeated, resumed
from mailbot.steps.hand import Hand
from mailbot.steps.house import House
from mailbot.steps.judge import judge
from mailbot.steps.revise import DELTA
from mailbot.steps.withdraw import named_people, withdrawn
from tests.casetypes.support import HASHER, NOW, rulebook
from tests.steps.fakes import FRAME, UNVERIFIED, VERIFIED, Kind, Line, Rules, base, part, sheet, situation, stored

S = ItemState
WORDS = rulebook().forms["enquiry"].says
WITHDRAWN = Finding("mail.withdrawal", Severity.HOLD, "撤回", Stops.CASE)
STATUS = Said(frozenset({Intent.STATUS}), only_status=True)
TAKEN_BACK = Said(frozenset({Intent.WITHDRAWAL}))


@dataclass
class Shelf:
    """Cases by their number, and the mail that a letter asks about."""

    cases: dict[str, StoredCase] = field(default_factory=dict)
    open_question: str | None = None
    asked: list[tuple[Sequence[str], str]] = field(default_factory=list)

    def load_case(self, case: str) -> StoredCase:
        return self.cases[case]

    def left_open(self, reply_ids: Sequence[str], sender: str) -> str | None:
        self.asked.append((tuple(reply_ids), sender))
        return self.open_question

    def raw(self, sha256: str) -> bytes:
        return sha256.encode()


class Reader:
    """Opens bytes as a mail with one document that bears their name."""

    def open(self, raw: bytes) -> Opened:
        return Opened(
            mail=Mail(text="名单"),
            documents=(Document(number=1, name=raw.decode(), sha256="0" * 64, family="workbook"),),
        )


def case(
    *states: ItemState, number: str = "2020-000001", to: str | None = VERIFIED.address, **more: object
) -> StoredCase:
    """A case with a row a state, of 人1, 人2, ..."""
    names = [Line(f"人{n}", phone=f"t{n}") for n in range(1, len(states) + 1)]
    first = judge(Kind(), sheet(*names), situation(), Rules(), replace(FRAME, case_id=number, seen=3))
    items = tuple(replace(item, state=state) for item, state in zip(first.items, states, strict=True))
    result = replace(first, items=items, **more)  # type: ignore[arg-type]  # fields by name, from a test
    return StoredCase(result, fold(states), {}, {}, (1,), to=to, arrived_at=NOW)


def hand(*cases: StoredCase, sender: SenderView = VERIFIED, named: tuple[str, ...] = ()) -> Hand:
    house = House(
        ledger=cast("FlowLedger", Shelf({one.result.case_id: one for one in cases})),
        opener=cast("Opener", Reader()),
        platform=cast("Platform", None),
        hasher=HASHER,
        clock=FixedClock(NOW),
        rules=rulebook,
        kinds=lambda _rules: (Kind(),),
        own_addresses=frozenset(),
        authserv_id="mx",
        automation={},
    )
    return Hand(stored(), sender, base(findings=(WITHDRAWN,)), house, rulebook(), Manner.UNSAID, named)


def says(text: str, *parts: Part) -> Opened:
    return Opened(mail=Mail(text=text, parts=parts))


def threads(*numbers: str) -> Lookups:
    return Lookups(threads=numbers)


def own(*numbers: str) -> Lookups:
    return Lookups(own={number: {"unit": None, "tax_id": None} for number in numbers})


# ---- who is told how far a case is ----


def test_the_cases_that_the_mail_answers_are_told_first() -> None:
    one, two = case(S.HELD), case(S.HELD, number="2020-000002")
    at = hand(one, two, named=("2020-000002",))
    for lookups in (threads("2020-000001"), replace(threads("2020-000001"), own=own("2020-000002").own)):
        result = answered(at, says("办好了吗"), STATUS, lookups)
        assert result is not None
        assert (result.state, result.cases, result.follows) == (MailState.DONE, (), ("2020-000001",))
        assert [letter.case_ids for letter in result.letters] == [("2020-000001",)]
    result = answered(at, says("办好了吗"), STATUS, Lookups())
    assert result is not None
    assert result.follows == ("2020-000002",), "then those that it names"


def test_of_the_senders_own_cases_the_open_ones_are_told() -> None:
    cases = [case(S.FULFILLED, number="2020-000004"), case(S.HELD, number="2020-000003"), case(S.CLOSED)]
    numbers = own("2020-000004", "2020-000003", "2020-000001")
    result = answered(hand(*cases), says("办好了吗"), STATUS, numbers)
    assert result is not None
    assert result.follows == ("2020-000003",)
    over = answered(hand(*cases), says("办好了吗"), STATUS, own("2020-000004", "2020-000001"))
    assert over is not None
    assert over.follows == ("2020-000004",), "the latest, where all are over"


def test_no_more_than_a_few_cases_are_told_at_once() -> None:
    cases = [case(S.HELD, number=f"2020-00000{n}") for n in range(1, 8)]
    result = answered(hand(*cases), says("办好了吗"), STATUS, own(*(one.result.case_id for one in cases)))
    assert result is not None
    assert len(result.follows) == 3


@pytest.mark.parametrize(
    ("sender", "to", "said", "parts"),
    [
        (UNVERIFIED, VERIFIED.address, STATUS, ()),
        (replace(VERIFIED, verified=None), VERIFIED.address, STATUS, ()),
        (replace(VERIFIED, address=None, ambiguous=True), VERIFIED.address, STATUS, ()),
        (VERIFIED, "other@unit.example", STATUS, ()),
        (VERIFIED, None, STATUS, ()),
        (VERIFIED, VERIFIED.address, replace(STATUS, only_status=False), ()),
        (VERIFIED, VERIFIED.address, STATUS, (part(1),)),
    ],
)
def test_nobody_else_is_told_and_nothing_but_the_question_is_answered(
    sender: SenderView, to: str | None, said: Said, parts: tuple[Part, ...]
) -> None:
    at = hand(case(S.HELD, to=to), sender=sender, named=("2020-000001",))
    lookups = replace(threads("2020-000001"), own=own("2020-000001").own)
    assert answered(at, says("办好了吗", *parts), said, lookups) is None


def test_a_picture_inside_the_text_is_no_matter_of_its_own() -> None:
    inline = part(1, "logo.png", inline=True)
    assert answered(hand(case(S.HELD)), says("办好了吗", inline), STATUS, threads("2020-000001")) is not None


def test_an_address_is_the_same_however_its_letters_are_written() -> None:
    at = hand(case(S.HELD, to="HR@Unit.EXAMPLE"))
    assert answered(at, says("办好了吗"), STATUS, threads("2020-000001")) is not None


def test_an_enquiry_is_not_what_is_asked_about() -> None:
    enquiry = case(S.HELD, kind="enquiry")
    result = answered(hand(enquiry), says("办好了吗"), STATUS, threads("2020-000001"))
    assert result is not None
    assert [(one.case_id, one.version) for one in result.cases] == [("2020-000001", 2)], "it joins what waits"
    over = case(S.CLOSED, kind="enquiry")
    assert answered(hand(over), says("办好了吗"), STATUS, threads("2020-000001")) is None


# ---- what is added to an open enquiry ----


def test_words_in_the_thread_of_an_open_enquiry_join_it_and_wait_for_a_person() -> None:
    asked = case(S.AWAITING_SENDER, kind="enquiry", header={"topics": ["投诉举报"]})
    result = answered(hand(asked), says("补充：上午打过五次电话"), Said(), threads("2020-000001"))
    assert result is not None
    [now] = result.cases
    assert (now.version, now.seen, now.kind) == (2, 3, "enquiry")
    assert [(item.number, item.state) for item in now.items] == [(0, S.HELD)]
    assert (now.effects, now.claims, now.header) == ((), (), {"topics": ["投诉举报"]})
    assert (result.follows, result.state) == (("2020-000001",), MailState.DONE)
    assert [letter.case_ids for letter in result.letters] == [("2020-000001",)]


@pytest.mark.parametrize("sender", [UNVERIFIED, replace(VERIFIED, verified=None), replace(VERIFIED, address=None)])
def test_nobody_else_joins_an_enquiry(sender: SenderView) -> None:
    asked = case(S.HELD, kind="enquiry")
    assert answered(hand(asked, sender=sender), says("补充"), Said(), threads("2020-000001")) is None


def test_words_join_one_enquiry_or_none() -> None:
    two = (case(S.HELD, kind="enquiry"), case(S.HELD, kind="enquiry", number="2020-000002"))
    assert answered(hand(*two), says("补充"), Said(), threads("2020-000001", "2020-000002")) is None
    other = case(S.HELD, kind="enquiry", to="somebody@else.example")
    assert answered(hand(other), says("补充"), Said(), threads("2020-000001")) is None
    assert answered(hand(case(S.HELD)), says("补充"), Said(), threads("2020-000001")) is None, "a roster is no enquiry"


def test_the_cases_that_a_mail_names_are_followed_by_their_sender_only() -> None:
    at = hand(case(S.HELD), named=("2020-000001", "2020-000009"))
    assert about(replace(at, named=("2020-000001",))).base.follows == ("2020-000001",)
    assert about(replace(at, sender=UNVERIFIED, named=("2020-000001",))).base.follows == ()
    stranger = hand(case(S.HELD, to="somebody@else.example"), named=("2020-000001",))
    assert about(stranger).base.follows == ()


def test_a_case_that_is_named_and_does_not_exist_is_nobodys() -> None:
    with pytest.raises(KeyError):
        hand().house.ledger.load_case("2020-000009")
    assert answered(hand(named=("2020-000009",)), says("办好了吗"), STATUS, Lookups()) is None


# ---- withdrawals ----


def test_a_withdrawal_stops_everything_that_is_not_done() -> None:
    before = case(S.HELD, S.AWAITING_SENDER, S.APPROVED, S.RECEIVED, S.FULFILLED, S.DECLINED, S.CLOSED)
    result = answered(hand(before), says("请撤回名单"), TAKEN_BACK, threads("2020-000001"))
    assert result is not None
    [new] = result.cases
    assert {item.number: item.state for item in new.items} == dict.fromkeys(range(5), S.HELD)
    assert (new.version, new.seen, new.effects, new.claims) == (2, 3, (), ())
    assert new.items[0].findings == (WITHDRAWN,)
    assert new.fingerprint == before.result.fingerprint
    assert new.context[DELTA] == {"manner": "withdrawal", "withdrawn": [1, 2, 3, 4], "done": [5], "unchanged": 3}
    assert result.letters[0].case_ids == ("2020-000001",)


@given(st.lists(st.sampled_from(ItemState), min_size=1, max_size=8))
def test_whatever_is_withdrawn_nothing_is_undone_or_dropped(states: list[ItemState]) -> None:
    before = case(*states)
    new = withdrawn(hand(before), before, "请撤回名单", Lookups())
    was = {item.number: item for item in before.result.items}
    for item in new.items:
        assert item.state is S.HELD
        assert item.due_at is not None
        if item.number:
            assert was[item.number].state not in (S.FULFILLED, S.DECLINED, S.CLOSED)
            assert (item.values, item.place) == (was[item.number].values, was[item.number].place)
    undone = {n for n, item in was.items() if item.state in (S.RECEIVED, S.HELD, S.AWAITING_SENDER, S.APPROVED)}
    assert {item.number for item in new.items} == {0, *undone}


def test_what_stood_against_the_case_stays_with_it() -> None:
    doubt = Finding("mail.changes_settled", Severity.HOLD, "已办理的有更改")
    head = ItemResult(0, "case", None, {}, {}, RowStatus.HOLD, S.HELD, (doubt,))
    before = case(S.HELD)
    before = replace(before, result=replace(before.result, items=(head, *before.result.items)))
    new = withdrawn(hand(before), before, "请撤回名单", Lookups())
    assert new.items[0].findings == (doubt, WITHDRAWN)


def test_a_withdrawal_of_one_of_several_open_cases_is_not_understood() -> None:
    cases = [case(S.HELD), case(S.HELD, number="2020-000002")]
    assert answered(hand(*cases), says("请撤回名单"), TAKEN_BACK, own("2020-000002", "2020-000001")) is None
    over = [case(S.HELD), case(S.FULFILLED, number="2020-000002")]
    result = answered(hand(*over), says("请撤回名单"), TAKEN_BACK, own("2020-000002", "2020-000001"))
    assert result is not None
    assert result.cases[0].case_id == "2020-000001", "what is over cannot be meant"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人1不报了。", ["人1"]),
        ("人1、人3已离职，不报了", ["人1", "人3"]),
        ("人1不报了；人2也不报了。", ["人1", "人2"]),
        ("不报了。\n人1", []),
        ("人1不报了。其余照办。", ["人1"]),
        ("除人1以外都不报了", []),
        ("人1等全部不报了", []),
        ("人1不报了，名单作废", []),
        ("人1不报了。作废。", []),
        ("人9不报了", []),
        ("人1请尽快办理", []),
    ],
)
def test_only_the_people_that_a_withdrawing_sentence_names(text: str, expected: list[str]) -> None:
    people = list(case(S.HELD, S.HELD, S.HELD).result.items)
    assert [item.values["name"] for item in named_people(people, text, WORDS)] == expected


# ---- an answer to our question ----


def answer(**mail: object) -> Opened:
    fields = {"text": "补充", "in_reply_to": ("<l@house>",), "references": ("<m@unit>",), **mail}
    return Opened(mail=Mail.model_validate(fields))


ADDS = Said(frozenset({Intent.ADDITION}), choice=Intent.ADDITION)


def house_with(question: str | None) -> House:
    at = hand().house
    return replace(at, ledger=cast("FlowLedger", Shelf(open_question=question)))


def test_the_list_that_was_asked_about_comes_back_with_the_answer() -> None:
    house = house_with("earlier")
    found = resumed(answer(), VERIFIED, ADDS, house)
    assert [document.name for document in found.documents] == ["earlier"]
    assert found.mail == answer().mail, "the mail itself stays what it is"
    assert cast("Shelf", house.ledger).asked == [(("<l@house>", "<m@unit>"), VERIFIED.address)]


@pytest.mark.parametrize(
    ("sender", "said", "question"),
    [
        (UNVERIFIED, ADDS, "earlier"),
        (replace(VERIFIED, verified=None), ADDS, "earlier"),
        (replace(VERIFIED, address=None), ADDS, "earlier"),
        (VERIFIED, replace(ADDS, choice=None), "earlier"),
        (VERIFIED, ADDS, None),
    ],
)
def test_any_other_mail_stays_as_it_is(sender: SenderView, said: Said, question: str | None) -> None:
    assert resumed(answer(), sender, said, house_with(question)) == answer()


def test_an_answer_that_brings_a_list_speaks_of_that_list() -> None:
    listed = Document(number=1, name="新.xlsx", sha256="1" * 64, family="workbook")
    body = Document(number=BODY, name="", sha256="2" * 64, family="body")
    with_list = answer().model_copy(update={"documents": (listed,)})
    assert resumed(with_list, VERIFIED, ADDS, house_with("earlier")) == with_list
    found = resumed(answer().model_copy(update={"documents": (body,)}), VERIFIED, ADDS, house_with("earlier"))
    assert [document.name for document in found.documents] == ["earlier"]


# ---- small things ----


@pytest.mark.parametrize(
    ("intents", "expected"),
    [
        ((), Manner.UNSAID),
        ((Intent.CORRECTION,), Manner.CORRECTION),
        ((Intent.ADDITION,), Manner.ADDITION),
        ((Intent.CORRECTION, Intent.ADDITION), Manner.UNSAID),
        ((Intent.LATEST, Intent.ADDITION), Manner.LATEST),
        ((Intent.STATUS,), Manner.UNSAID),
    ],
)
def test_how_a_list_is_meant(intents: tuple[Intent, ...], expected: Manner) -> None:
    assert manner(Said(frozenset(intents))) is expected


def test_case_numbers_are_found_in_every_part_of_a_mail_once_and_whole() -> None:
    mail = Mail(
        subject="回复：登记编号2020-000012",
        text="登记编号 2020-000012、2020-000013-2，电话2020-00001",
        quoted="> 2020-000001，订单2020-0000011，x2020-000002，2021-000003",
    )
    assert case_numbers(mail, "2020") == ("2020-000012", "2020-000013-2", "2020-000001")
    assert case_numbers(Mail(text=" ".join(f"2020-{n:06d}" for n in range(50))), "2020") == tuple(
        f"2020-{n:06d}" for n in range(5)
    )


def test_a_list_that_came_before_is_told_and_one_that_is_over_is_for_a_person() -> None:
    at = hand(case(S.FULFILLED), case(S.CLOSED, number="2020-000002"), case(S.DECLINED, number="2020-000003"))
    told = repeated(base(), stored(), VERIFIED, ("2020-000001",), at.house)
    assert (told.state, [letter.case_ids for letter in told.letters]) == (MailState.DONE, [("2020-000001",)])
    for number in ("2020-000002", "2020-000003"):
        over = repeated(base(), stored(), VERIFIED, ("2020-000001", number), at.house)
        assert over.state is MailState.SET_ASIDE
        assert [letter.case_ids for letter in over.letters] == [()], "that it came, and nothing of the cases"
