"""The mail as a whole: what sets it aside, what stops its cases, what is filed without a word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailbot.domain.document import Opened
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.kinds import SenderView
from mailbot.domain.mail import Mail, MailState
from mailbot.domain.outcome import Lookups
from mailbot.steps import mailrules
from mailbot.steps.summary import summary
from tests.casetypes.support import NOW, rulebook
from tests.steps.fakes import VERIFIED, base, finding, part, stored
from tools.stories.post import when


def checked(
    mail: Mail, *, claimed: bool = True, at: str = "2020-07-13 09:30", lookups: Lookups | None = None
) -> tuple[Finding, ...]:
    seen = mailrules.Seen(when(at), "2020gxkm@cqhrsp.com", ("roster",) if claimed else (), lookups or Lookups())
    return mailrules.check(rulebook(), Opened(mail=mail), mailrules.heard(mail, rulebook()), seen)


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in found]


def test_a_plain_mail_that_somebody_claims_has_nothing_against_it() -> None:
    assert checked(Mail(subject="名单")) == ()


def test_a_mail_that_nobody_claims_is_for_a_person() -> None:
    found = checked(Mail(), claimed=False)
    assert codes(found) == ["mail.unclaimed"]
    assert mailrules.for_a_person(found)
    assert mailrules.stopping(found) == ()


@pytest.mark.parametrize(
    ("arrived", "late"),
    [("2020-12-31 23:59", False), ("2021-01-01 00:00", True), ("2021-03-01 09:00", True)],
)
def test_the_closing_day_is_the_offices_own_and_whole(arrived: str, late: bool) -> None:
    found = checked(Mail(), at=arrived)
    assert codes(found) == (["mail.after_closing"] if late else [])
    assert bool(mailrules.stopping(found)) is late
    assert not mailrules.for_a_person(found), "its cases are stopped, the mail itself is understood"


def test_late_mail_that_nobody_claims_is_set_aside_for_that() -> None:
    found = checked(Mail(), claimed=False, at="2021-02-01 09:00")
    assert set(codes(found)) == {"mail.after_closing", "mail.unclaimed"}
    assert mailrules.for_a_person(found)


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("stops", list(Stops))
def test_what_holds_sets_aside_unless_it_only_stops_cases(severity: Severity, stops: Stops) -> None:
    found = (finding(severity, stops),)
    assert mailrules.for_a_person(found) is (severity is Severity.HOLD and stops is not Stops.CASE)
    assert bool(mailrules.stopping(found)) is (severity >= Severity.ASK and stops is Stops.CASE)


def test_before_the_start_is_told_to_the_second() -> None:
    start = NOW
    assert mailrules.before_start(stored(at=NOW), start) is None
    assert mailrules.before_start(stored(at=NOW - timedelta(seconds=1)), start) == mailrules.BEFORE_START
    assert mailrules.before_start(stored(at=NOW - timedelta(days=900)), None) is None


@pytest.mark.parametrize(
    ("reason", "files", "state"),
    [
        ("no_reply", True, MailState.SET_ASIDE),
        ("no_reply", False, MailState.IGNORED),
        ("list", True, MailState.SET_ASIDE),
        ("auto_submitted", True, MailState.IGNORED),
        ("bounce", True, MailState.IGNORED),
        (mailrules.COPY, True, MailState.IGNORED),
        (mailrules.BEFORE_START, True, MailState.IGNORED),
    ],
)
def test_what_is_filed_says_why_and_a_file_from_a_machine_is_looked_at(
    reason: str, files: bool, state: MailState
) -> None:
    filed = mailrules.filed(base(marks=("header_repaired",)), Mail(parts=(part(1),) if files else ()), reason)
    assert (filed.state, filed.marks) == (state, ("header_repaired", reason))
    assert (filed.cases, filed.letters) == ((), ())


def test_a_picture_in_a_signature_is_no_file() -> None:
    assert mailrules.filed(base(), Mail(parts=(part(1, inline=True),)), "no_reply").state is MailState.IGNORED


def test_a_clash_is_one_line_for_staff() -> None:
    result = mailrules.clash(base(), 2, ("roster", "payment_proof"))
    [found] = result.findings
    assert (result.state, found.code, found.severity) == (MailState.SET_ASIDE, "mail.two_kinds", Severity.HOLD)
    assert found.message == "附件 2 同时符合两类来信（roster、payment_proof），请人工确认。"
    assert found.facts == {"part": 2, "kinds": ["roster", "payment_proof"]}


def test_an_unclear_correction_keeps_what_was_found_and_names_the_case() -> None:
    note = finding(Severity.NOTE)
    result = mailrules.unclear(base(findings=(note,), follows=("2020-000001",)), "无法判断")
    assert result.state is MailState.SET_ASIDE
    assert [found.code for found in result.findings] == [note.code, "mail.correction_unclear"]
    assert result.findings[1].message == "无法判断"
    assert result.findings[1].facts == {"cases": ["2020-000001"]}


def test_the_readable_side_is_kept_whole() -> None:
    mail = Mail(
        subject="名单",
        from_values=("张 <hr@unit.example>",),
        to=("a@x.cn", "b@x.cn"),
        message_id="<1@x>",
        text="请查收",
        parts=(part(1), part(2, "甲.xlsx", member="包.zip/甲.xlsx")),
    )
    told = summary(mail, VERIFIED)
    assert (told["subject"], told["from"], told["to"]) == ("名单", "hr@unit.example", ["a@x.cn", "b@x.cn"])
    assert (told["message_id"], told["text"]) == ("<1@x>", "请查收")
    attachments = told["attachments"]
    assert isinstance(attachments, list)
    assert [(one["name"], one["member"], one["size"]) for one in attachments] == [
        ("名单.xlsx", None, 9),
        ("甲.xlsx", "包.zip/甲.xlsx", 9),
    ]


def test_without_a_plain_address_the_senders_stand_as_they_came() -> None:
    nobody = SenderView(None, verified=None, ambiguous=True, lookalike=False)
    assert summary(Mail(from_values=("a@x.cn", "b@x.cn")), nobody)["from"] == "a@x.cn；b@x.cn"
    assert summary(Mail(), nobody)["from"] == ""


@pytest.mark.parametrize("text", ["", "收到，谢谢！", "谢谢老师", "好的，收到"])
def test_a_word_of_thanks_waits_for_nothing(text: str) -> None:
    assert mailrules.says_nothing(Mail(subject="回复：名单", text=text), rulebook())


@pytest.mark.parametrize(
    "mail",
    [
        Mail(text="请问怎么注册？"),
        Mail(text="谢谢！" * 11),
        Mail(subject="请问什么时候开班"),
        Mail(text="谢谢", parts=(part(1),)),
    ],
)
def test_whoever_asks_or_brings_anything_waits(mail: Mail) -> None:
    assert not mailrules.says_nothing(mail, rulebook())


def test_people_in_a_forwarded_list_are_more_than_thanks() -> None:
    listed = "发件人：某单位\n张三 500103199001011239 13800000001"
    assert not mailrules.says_nothing(Mail(subject="转发：名单", text="谢谢", quoted=listed), rulebook())
    ours = "已收到报名名单，登记编号 2020-000001。第8行张*：500***********39，订单 2020070345834539"
    assert mailrules.says_nothing(Mail(subject="回复：名单", text="谢谢", quoted=ours), rulebook())


OTHER_BOX = "cqgxkm@cqhrsp.com"


def read(mail: Mail, *kinds: str, at: str = "2020gxkm@cqhrsp.com", lookups: Lookups | None = None) -> list[str]:
    seen = mailrules.Seen(NOW, at, kinds, lookups or Lookups())
    return codes(mailrules.check(rulebook(), Opened(mail=mail), mailrules.heard(mail, rulebook()), seen))


@pytest.mark.parametrize(
    ("at", "to", "told"),
    [
        (OTHER_BOX, (OTHER_BOX,), True),
        (OTHER_BOX.upper(), (), True),
        (OTHER_BOX, (OTHER_BOX, "2020gxkm@cqhrsp.com"), False),
        ("2020gxkm@cqhrsp.com", (), False),
        ("test@unit.example", (), False),
    ],
)
def test_a_roster_in_the_other_mailbox_is_told(at: str, to: tuple[str, ...], told: bool) -> None:
    assert ("mail.other_mailbox" in read(Mail(to=to), "roster", at=at)) is told
    assert "mail.other_mailbox" not in read(Mail(to=to), "enquiry", at=at), "words may go to either"
    assert "mail.other_mailbox" not in read(Mail(to=to), "roster", "payment_proof", at=at), "one of them is right"


def test_a_message_id_that_was_there_before_is_noted_and_marked() -> None:
    found = read(Mail(), "roster", lookups=Lookups(same_id=3))
    assert found == ["mail.same_message_id"]
    assert read(Mail(), "roster", lookups=Lookups(same_id=3, twin=3)) == [], "a copy is none"
    seen = mailrules.Seen(NOW, OTHER_BOX, ("roster",), Lookups(same_id=3))
    hits = mailrules.check(rulebook(), Opened(mail=Mail()), mailrules.heard(Mail(), rulebook()), seen)
    assert mailrules.checked(base(), hits).marks == (mailrules.SAME_ID,)
    assert mailrules.checked(base(), ()).marks == ()


ADVERT = Mail(subject="代开发票", text="代开各类增值税发票，税点优惠，联系电话13900000000")


@pytest.mark.parametrize(
    "known",
    [Lookups(own={"2020-000001": {}}), Lookups(bindings=("unit:x",)), Lookups(threads=("2020-000001",))],
)
def test_who_is_known_here_is_no_advertiser(known: Lookups) -> None:
    assert read(ADVERT) == ["mail.advertising"]
    assert read(ADVERT, lookups=known) == ["mail.unclaimed"]
    assert read(ADVERT, "roster") == [], "what is claimed is what it is"


def test_the_words_of_thanks_and_of_a_question_for_the_hotlines_are_no_case() -> None:
    assert read(Mail(subject="回复：名单", text="收到，谢谢！")) == ["mail.thanks"]
    assert read(Mail(text="密码忘了怎么办？")) == ["mail.help_password"]
    assert read(Mail(text="密码忘了怎么办？名单见附件。")) == ["mail.unclaimed", "mail.help_password"]


def test_what_was_told_is_asked_from_the_morning_on() -> None:
    asks, thanks = (mailrules.heard(Mail(text=text), rulebook()) for text in ("密码忘了怎么办？", "谢谢"))
    since = mailrules.told_since(stored(at=when("2020-09-16 00:30")), asks, rulebook())
    assert since == when("2020-09-16 00:00")
    assert mailrules.told_since(stored(), thanks, rulebook()) is None
