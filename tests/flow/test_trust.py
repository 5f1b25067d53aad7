"""Who wrote, and what came back: from the mail's bytes to what the staff see."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy

import pytest

from mailbot.domain.mail import MailState
from mailbot.domain.outcome import MailResult
from mailbot.domain.signed import Signed, signed_by
from mailbot.morning import digest
from tests.flow.office import NOW, Office, roster
from tools.stories import units
from tools.stories.people import people
from tools.stories.post import Draft

A, B, C, D = people(7_300, 4)
UNIT = units.DESIGN
NOTICES = "MAILER-DAEMON@mx.cqhrsp.com"


def codes(result: MailResult) -> set[str]:
    """The case's own findings above a note."""
    [case] = result.cases
    return {finding.code for finding in case.findings if finding.severity > 1}


def returned(message_id: str, *, action: str = "failed", status: str = "5.1.1", to: str = UNIT.address) -> bytes:
    """The report of a mail server about a letter."""
    return (
        f"Return-Path: <>\r\nFrom: {NOTICES}\r\nTo: 2020gxkm@cqhrsp.com\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.cqhrsp.com\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n--b--\r\n"
    ).encode()


def answered(office: Office) -> str:
    """A roster that was done and answered; the Message-ID of the answer."""
    office.process(roster(A, unit=UNIT))
    office.drain()
    [letter] = office.letters()
    return letter.message_id


def morning(office: Office) -> str:
    """The morning's page."""
    raw = digest(office.parts, "staff@cqhrsp.com", "<d@x>", NOW).raw
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_case_42_a_report_finds_its_letter_and_staff_see_whom_to_call(office: Office) -> None:
    result = office.process(returned(answered(office)))
    assert (result.state, result.cases, result.letters) == (MailState.IGNORED, (), ())
    assert [finding.code for finding in result.findings] == ["mail.letter_returned"]
    [lost] = office.ledger.reach.unreached(NOW)
    assert (lost.case_id, lost.to, lost.phone) == ("2020-000001", UNIT.address, UNIT.contact_phone)
    page = morning(office)
    assert "联系不上的 1 件" in page
    assert "收件地址不存在" in page
    assert UNIT.contact_phone not in page
    assert len(office.letters()) == 1


def test_case_42_a_forged_report_changes_nothing_and_is_seen(office: Office) -> None:
    message_id = answered(office)
    forged = message_id.replace(message_id[1:9], "00000000")
    result = office.process(returned(forged))
    assert (result.state, result.returned) == (MailState.IGNORED, None)
    assert office.ledger.reach.unreached(NOW) == []
    assert "伪造" in morning(office)


def test_case_42_a_delay_is_filed_and_marks_nothing(office: Office) -> None:
    result = office.process(returned(answered(office), action="delayed", status="4.4.1"))
    assert (result.state, result.marks) == (MailState.IGNORED, ("bounce", "delayed"))
    assert office.ledger.reach.unreached(NOW) == []


def test_case_42_backscatter_about_somebody_elses_mail_is_filed(office: Office) -> None:
    answered(office)
    result = office.process(returned("<spam@elsewhere.example>"))
    assert (result.state, result.findings, result.returned) == (MailState.IGNORED, (), None)


def test_case_41_an_answer_of_absence_is_filed_and_reaches_nobody(office: Office) -> None:
    message_id = answered(office)
    extra = (("Auto-Submitted", "auto-replied (vacation)"),)
    away = Draft(UNIT.address, "自动回复: 报名", "休假中", NOW, answers=message_id, extra=extra)
    result = office.process(away)
    assert (result.state, result.marks, result.letters) == (MailState.IGNORED, ("auto_submitted",), ())
    assert office.ledger.reach.unreached(NOW) == []


@pytest.mark.parametrize(
    ("mark", "value"),
    [("List-Unsubscribe", "<mailto:off@gateway.example>"), ("Precedence", "bulk"), ("X-Auto-Response-Suppress", "All")],
)
def test_a_roster_that_a_gateway_marked_is_for_a_person_and_gets_no_letter(
    office: Office, mark: str, value: str
) -> None:
    result = office.process(roster(A, extra=((mark, value),)))
    assert (result.state, result.letters) == (MailState.SET_ASIDE, ())
    typed = f"名单如下：\n张三 {A.id_number} {A.phone}"
    result = office.process(Draft(UNIT.address, "名单", typed, NOW, extra=((mark, value),)))
    assert (result.state, result.letters) == (MailState.SET_ASIDE, ())


def test_case_46_the_offices_name_before_another_address_is_held(office: Office) -> None:
    names = ("重庆市人力资源开发服务中心", "市人服中心", "【重庆市人力资源开发服务中心】公需科目")
    for who, name in zip((A, B, C), names, strict=True):
        result = office.process(roster(who, unit=UNIT, name=name))
        assert "sender.posing" in codes(result), name


def test_case_46_a_served_units_name_before_another_address_is_held(office: Office) -> None:
    office.process(roster(A, unit=UNIT))
    office.drain()
    posing = roster(B, unit=units.PRIMARY, name=UNIT.name)
    assert codes(office.process(posing)) == {"sender.posing"}
    assert office.accounts(B) == [False]


def test_case_46_ones_own_units_name_is_no_pose(office: Office) -> None:
    for who in (A, B):
        result = office.process(roster(who, unit=UNIT, name=UNIT.name))
        office.drain()
        assert codes(result) == set()


@pytest.mark.parametrize(
    ("reply_to", "held"),
    [
        ("collector@mailer-cloud.example", True),
        (f"{UNIT.address}, collector@mailer-cloud.example", True),
        ("2020gxkm@cqhrsp.com", True),
        ('"a@b" <x y@unit.example>', True),
        (UNIT.address, False),
        (f"caiwu@{UNIT.domain}", False),
        (f"caiwu@mail.{UNIT.domain}", False),
    ],
)
def test_case_46_an_answer_asked_to_elsewhere_is_held(office: Office, reply_to: str, held: bool) -> None:
    result = office.process(roster(A, unit=UNIT, extra=(("Reply-To", reply_to),)))
    assert codes(result) == ({"sender.reply_elsewhere"} if held else set())
    office.drain()
    assert {letter.to for letter in office.letters()} == {UNIT.address}


def test_another_address_for_the_same_tax_number_is_held_at_every_level(office: Office) -> None:
    """Without any order in common, and though nobody ever confirmed anybody."""
    office.process(roster(A, unit=UNIT))
    office.drain()
    other = replace(UNIT, order_no="2020999900001111", address="someone@outlook.com")
    assert codes(office.process(roster(B, unit=other))) == {"sender.other_address"}
    colleague = replace(UNIT, order_no="2020999900002222", address=f"caiwu@{UNIT.domain}")
    assert codes(office.process(roster(C, unit=colleague))) == set()


def test_a_stranger_who_is_first_does_not_keep_the_unit_waiting(office: Office) -> None:
    stranger = replace(UNIT, address="someone@outlook.com")
    office.process(roster(A, unit=stranger, auth="none"))
    own = replace(UNIT, order_no="2020999900003333")
    assert codes(office.process(roster(B, unit=own))) == set()


@dataclass
class Told:
    """Signatures that say what they are told, and remember whom they were asked about."""

    word: Signed
    asked: list[str] = field(default_factory=list)

    def check(self, raw: bytes, domain: str) -> Signed:
        assert raw.startswith(b"Delivered-To:")
        self.asked.append(domain)
        return self.word


@pytest.mark.parametrize(
    ("word", "held"), [(Signed.PASS, False), (Signed.FAIL, True), (Signed.NONE, True), (Signed.UNKNOWN, True)]
)
def test_case_47_a_signature_counts_where_our_own_server_says_nothing(office: Office, word: Signed, held: bool) -> None:
    told = Told(word)
    result = office.with_house(signatures=told).process(roster(A, unit=UNIT, auth="none"))
    assert told.asked == [UNIT.domain]
    assert codes(result) == ({"sender.unverified"} if held else set())
    line = office.ledger.queries.mail(result.mail_id)
    assert signed_by(line.marks) is word


@pytest.mark.parametrize("auth", ["pass", "fail", "forged", "unaligned"])
def test_case_47_where_our_own_server_speaks_no_signature_is_asked(office: Office, auth: str) -> None:
    told = Told(Signed.PASS)
    result = office.with_house(signatures=told).process(roster(A, unit=UNIT, auth=auth))
    assert told.asked == []
    assert ("sender.unverified" in codes(result)) is (auth != "pass")


def test_nobody_asks_about_a_sender_who_has_no_address(office: Office) -> None:
    told = Told(Signed.PASS)
    froms = ("a@unit.example, b@unit.example",)
    office.with_house(signatures=told).process(roster(A, auth="none", froms=froms))
    assert told.asked == []
