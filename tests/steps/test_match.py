"""What identifies a mail and a record, and the one question to the ledger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.kinds import SenderView, Wants
from mailbot.domain.mail import Mail
from mailbot.domain.sender import binding_key
from mailbot.steps.classify import Request
from mailbot.steps.match import Asked, asked, content_hash, fingerprint, wanted
from tests.casetypes.support import HASHER
from tests.domain.test_lookalike import DOMAINS
from tests.steps.fakes import UNVERIFIED, VERIFIED, Kind, part, sheet, stored

MAIL = Mail(
    subject="名单",
    from_values=("张 <hr@unit.example>",),
    date="Mon, 13 Jul 2020 09:30:00 +0800",
    message_id="<1@unit.example>",
    text="请查收",
    headers={"received": ("from a by b",), "x-mailer": ("Foxmail",)},
    parts=(part(1),),
)
WANT = Wants(("p1", "p2"), ("t1",), ("o1",), "print")
REQUEST = Request(Kind(), sheet("甲"))


def changed(**fields: object) -> Mail:
    return MAIL.model_copy(update=fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": {"received": ("from c by d", "from a by b"), "authentication-results": ("mx; spf=pass",)}},
        {"to": ("cqgxkm@cqhrsp.com",), "cc": ("boss@unit.example",)},
        {"marks": ("header_repaired",)},
        {"message_id": "<2@unit.example>"},
        {"quoted": "> 原文"},
    ],
)
def test_the_way_a_mail_came_makes_no_other_content(fields: dict[str, object]) -> None:
    assert content_hash(changed(**fields), HASHER) == content_hash(MAIL, HASHER)


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "名单（更正）"},
        {"from_values": ("李 <hr@unit.example>",)},
        {"from_values": (*MAIL.from_values, "x@y.example")},
        {"date": "Mon, 13 Jul 2020 09:31:00 +0800"},
        {"date": None},
        {"text": "请查收。"},
        {"parts": ()},
        {"parts": (part(1), part(2))},
        {"parts": (part(2),)},
        {"parts": (part(1, member="甲.xlsx"),)},
    ],
)
def test_whatever_a_person_changed_makes_another_content(fields: dict[str, object]) -> None:
    assert content_hash(changed(**fields), HASHER) != content_hash(MAIL, HASHER)


def test_a_file_sent_under_another_name_is_the_same_content() -> None:
    assert content_hash(changed(parts=(part(1, "另存.xlsx"),)), HASHER) == content_hash(MAIL, HASHER)


def sender(address: str | None = "hr@unit.example", *, verified: bool | None = True) -> SenderView:
    key = None if address is None else binding_key(address, DOMAINS)
    return SenderView(address, verified, ambiguous=address is None, lookalike=False, key=key)


def test_a_fingerprint_is_the_senders_own() -> None:
    mine = fingerprint(WANT, VERIFIED, HASHER)
    assert mine == fingerprint(WANT, sender(), HASHER)
    assert mine == fingerprint(WANT, sender("HR@Unit.Example"), HASHER)
    strangers = [sender("other@unit.example", verified=False), sender("hr@unit.example.com"), sender("hr@qq.com")]
    others = [UNVERIFIED, sender(verified=None), *strangers, sender("other@qq.com"), sender(None, verified=False)]
    prints = {fingerprint(WANT, other, HASHER) for other in others}
    assert len(prints) == len(others)
    assert mine not in prints


def test_a_colleague_who_forwards_from_the_units_own_domain_is_the_same_sender() -> None:
    assert fingerprint(WANT, sender("boss@unit.example"), HASHER) == fingerprint(WANT, VERIFIED, HASHER)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_two_records_share_no_fingerprint(one: str, other: str, address: str, second: str) -> None:
    left = fingerprint(Wants((), (), (), one), sender(address, verified=False), HASHER)
    right = fingerprint(Wants((), (), (), other), sender(second, verified=False), HASHER)
    same = (one, address.casefold()) == (other, second.casefold())
    separated = "\x1f" in one + other + address + second
    assert separated or (left == right) is same


def test_the_question_names_everything_once_and_in_order() -> None:
    view = changed(in_reply_to=("<a@x>",), references=("<b@x>", "<a@x>"))
    more = Wants(("p2", "p3"), ("t1", "t2"), ("o2", "o1"), "other")
    question = wanted(stored(), view, VERIFIED, (Asked(REQUEST, WANT, "f1"), Asked(REQUEST, more, "f2")), HASHER)
    assert question.people == ("p1", "p2", "p3")
    assert question.phones == ("t1", "t2")
    assert question.orders == ("o1", "o2")
    assert question.fingerprints == ("f1", "f2")
    assert question.reply_ids == ("<a@x>", "<b@x>", "<a@x>")
    assert (question.mail_id, question.sha256, question.message_id) == (7, "ab" * 32, "<1@unit.example>")
    assert (question.sender, question.content) == ("hr@unit.example", content_hash(view, HASHER))


def test_a_mail_without_requests_is_asked_about_all_the_same() -> None:
    question = wanted(stored(), changed(message_id=None), sender(None), (), HASHER)
    assert (question.people, question.phones, question.orders, question.fingerprints) == ((), (), (), ())
    assert (question.sender, question.message_id) == (None, None)
    assert question.content is not None


def test_every_request_is_read_once() -> None:
    [one, other] = asked((request for request in (REQUEST, Request(Kind(), sheet("乙")))), VERIFIED, HASHER)
    assert one.request is REQUEST
    assert one.wants == Kind().wants(sheet("甲"), HASHER)
    assert one.fingerprint == fingerprint(one.wants, VERIFIED, HASHER)
    assert other.fingerprint != one.fingerprint


def test_pictures_of_all_requests_go_in_once_each_beside_its_look() -> None:
    one = Wants((), (), (), "a", pictures=("p1", "p2"), looks=("same", "same"))
    two = Wants((), (), (), "b", pictures=("p2", "p3", "p4"), looks=("same", "other"))
    both = [Asked(REQUEST, one, "1"), Asked(REQUEST, two, "2")]
    found = wanted(stored(1), MAIL, VERIFIED, both, HASHER)
    assert (found.pictures, found.looks) == (("p1", "p2", "p3", "p4"), ("same", "same", "other", ""))


def test_a_look_without_a_picture_is_nothing() -> None:
    assert Wants((), (), (), "a", pictures=("p1",), looks=("l1", "l2")).shown == (("p1", "l1"),)
