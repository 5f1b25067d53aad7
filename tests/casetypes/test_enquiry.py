"""Enquiries: told by the office's own phrases, from the fresh words of a mail without a file, always for a person."""

from __future__ import annotations

import pytest

from mailbot.casetypes.enquiry import LABELS, EnquiryKind, build
from mailbot.domain.decisions import Outcome
from mailbot.domain.document import BODY, Document, FaultKind, Opened
from mailbot.domain.intents import TOPICS, Intent
from mailbot.domain.kinds import Manner
from mailbot.domain.mail import Mail, Part
from mailbot.domain.outcome import CaseResult
from tests.casetypes.support import HASHER, broken, document, kind, rulebook, sheet, situation

KIND: EnquiryKind = build(rulebook().forms)


def mail(text: str, *documents: Document, **more: object) -> Opened:
    fields = {"text": text, "message_id": "<1@unit.example>", "from_values": ("hr@unit.example",), **more}
    return Opened(mail=Mail.model_validate(fields), documents=documents)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("名单发错了，请先不要办理。", ["撤回"]),
        ("请问注册好了吗？", ["询问进度"]),
        ("我要投诉。", ["投诉举报"]),
        ("对结果有异议，申请复核。", ["复核异议"]),
        ("我单位联系人变更为李老师。", ["更换联系人"]),
        ("张三换了手机号。", ["更换手机号码"]),
        ("注册好了吗？再不办我要投诉了。", ["投诉举报", "询问进度"]),
    ],
)
def test_what_is_asked_is_told_by_words_and_named_in_chinese(text: str, labels: list[str]) -> None:
    opened = mail(text)
    assert KIND.claims(opened) == frozenset({BODY})
    [record] = KIND.extract(opened, frozenset({BODY}))
    assert sorted(KIND.header(record)["topics"]) == sorted(labels)  # type: ignore[call-overload]  # a list, as built
    assert KIND.source(record).number == BODY


@pytest.mark.parametrize("text", ["", "请查收。", "您好，附件为名单。", "已更正，请查收。", "以最新为准，上一封作废。"])
def test_a_covering_letter_is_no_enquiry(text: str) -> None:
    assert KIND.claims(mail(text)) == frozenset()


def test_quoted_history_asks_for_nothing() -> None:
    assert KIND.claims(mail("收到，谢谢。", quoted="> 请撤回名单")) == frozenset()


def test_a_mail_with_a_file_is_about_its_file() -> None:
    listed = document(sheet([["姓名", "身份证号码"], ["陈一", "1"]]))
    assert KIND.claims(mail("注册好了吗？", listed)) == frozenset()
    assert KIND.claims(mail("注册好了吗？", broken(FaultKind.UNREADABLE))) == frozenset()


def test_a_picture_beside_the_words_takes_nothing_away() -> None:
    part = Part(number=1, name="截图.png", sha256="0" * 64, size=9, type="image/png")
    assert KIND.claims(mail("我要投诉。", parts=(part,))) == frozenset({BODY})


def test_a_table_in_the_text_is_somebody_elses_if_anybodys() -> None:
    body = document(sheet([["张三", "5001"]]), number=BODY, name="")
    assert KIND.claims(mail("注册好了吗？", body)) == frozenset({BODY})
    assert KIND.yields


def test_an_exact_correction_is_the_rosters() -> None:
    opened = mail("第3行张三手机号改为13800000001")
    assert kind().claims(opened) == frozenset(), "without the office's phrases nothing is understood"
    assert KIND.claims(opened) == frozenset({BODY})


def test_the_same_words_in_another_mail_are_another_enquiry() -> None:
    def print_of(opened: Opened) -> str:
        [record] = KIND.extract(opened, frozenset({BODY}))
        return KIND.wants(record, HASHER).fingerprint

    one = print_of(mail("注册好了吗？"))
    assert one == print_of(mail("注册好了吗？"))
    assert one != print_of(mail("注册好了吗？", message_id="<2@unit.example>"))
    assert one != print_of(mail("注册好了吗？", from_values=("other@unit.example",)))


def test_an_enquiry_has_no_rows_causes_nothing_and_asks_the_rules_nothing() -> None:
    [record] = KIND.extract(mail("我要投诉。"), frozenset({BODY}))
    assert (KIND.items(record, HASHER), KIND.people(record), KIND.vocabularies) == ((), (), ())
    assert list(KIND.subjects(record, situation())) == []
    assert (KIND.names(record), KIND.unit_key(KIND.header(record))) == (None, None)
    assert KIND.extract(mail("我要投诉。"), frozenset()) == ()


def test_an_enquiry_never_continues_a_case() -> None:
    [record] = KIND.extract(mail("我要投诉。"), frozenset({BODY}))
    case = CaseResult(
        "2020-000001", "enquiry", 1, 3, Outcome.HOLD, {}, {}, (), (), (), (), None, provisional=False, rulebook="r"
    )
    found = KIND.following(record, case, Manner.LATEST, HASHER)
    assert (found.merged.matches, found.merged.missing, found.rejudged) == ((), (), None)


def test_every_topic_has_a_name() -> None:
    assert set(LABELS) == TOPICS | {Intent.QUESTION} <= set(Intent)
