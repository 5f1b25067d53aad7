"""From words to bytes: the finished mail is read again, and what differs from what was meant is not sent."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.ports import PortError
from mailbot.outbound import message
from mailbot.outbound.message import Attachment, Envelope, build
from mailbot.outbound.plain import clean
from tests.examples import examples

MEANT = Envelope(
    sender="office@office.example",
    to="hr@unit.example",
    subject="回复：名单",
    letter_id="<1.2@office.example>",
    at=datetime(2020, 7, 8, 2, 30, tzinfo=UTC),
    auto_submitted="auto-replied",
    case="2020-000001",
    answers="<q@unit.example>",
)
BOOK = Attachment("请更正-2020-000001.xlsx", b"PK\x03\x04" + bytes(range(256)) * 9)


def test_a_plain_letter_is_one_base64_part_in_utf8() -> None:
    raw = build(MEANT, "您好\n.\nFrom x\n", ())
    mail = message_from_bytes(raw, policy=policy.SMTP)
    assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
    assert mail["Content-Transfer-Encoding"] == "base64"
    assert mail.get_content() == "您好\r\n.\r\nFrom x\r\n"
    assert b"Precedence" not in raw


def test_lines_end_as_the_wire_wants_and_are_short() -> None:
    raw = build(replace(MEANT, subject="回复：" + "报名" * 30), "您好\n" * 500, (BOOK,))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()


def test_a_workbook_keeps_its_name_and_bytes() -> None:
    mail = message_from_bytes(build(MEANT, "x\n", (BOOK,)), policy=policy.SMTP)
    (part,) = mail.iter_attachments()
    assert (part.get_filename(), part.get_content()) == (BOOK.name, BOOK.content)
    assert part.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert part["MIME-Version"] is None


def test_two_letters_have_two_boundaries_and_one_letter_has_one() -> None:
    other = replace(MEANT, letter_id="<3.4@office.example>")
    assert build(MEANT, "x\n", (BOOK,)) == build(MEANT, "x\n", (BOOK,))
    boundaries = {
        message_from_bytes(build(one, "x\n", (BOOK,)), policy=policy.SMTP).get_boundary() for one in (MEANT, other)
    }
    assert len(boundaries) == 2


@examples(150)
@given(st.text(st.characters(), max_size=120), st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_clean_subject_and_text_come_through_unchanged(subject: str, body: str) -> None:
    meant = replace(MEANT, subject="回复：" + clean(subject, 60))
    text = body.replace("\r", "")
    mail = message_from_bytes(build(meant, text, ()), policy=policy.SMTP)
    assert mail["Subject"] == meant.subject.strip()
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode() == text.replace("\n", "\r\n")


@pytest.mark.parametrize("field", ["sender", "to"])
@pytest.mark.parametrize(
    "address", ["", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "A <a@b.example>"]
)
def test_only_plain_addresses(field: str, address: str) -> None:
    with pytest.raises(PortError, match="plain address") as fault:
        build(replace(MEANT, **{field: address}), "x\n", ())  # type: ignore[arg-type]  # a keyword chosen by the test
    assert fault.value.retry is False


@pytest.mark.parametrize("letter_id", ["", "1.2@office.example", "<1 2@x>", "<1@x>\r\nBcc: a@b.example"])
def test_only_a_well_formed_message_id(letter_id: str) -> None:
    with pytest.raises(PortError, match="Message-ID"):
        build(replace(MEANT, letter_id=letter_id), "x\n", ())


@pytest.mark.parametrize(
    "subject",
    ["x\r\nBcc: victim@evil.example", "=?utf-8?B?YQ0KQmNjOiB2QHg=?=", "a\nb", "a\x00b", "  ", "lone \ud800"],
)
def test_a_subject_that_was_not_cleaned_stops_the_letter(subject: str) -> None:
    """The last guard, behind `clean`: whatever a library makes of such a subject, it is not sent as something else."""
    try:
        raw = build(replace(MEANT, subject=subject), "x\n", ())
    except (PortError, UnicodeEncodeError):
        return
    mail = message_from_bytes(raw, policy=policy.SMTP)
    assert mail["Bcc"] is None
    assert mail["Subject"] == subject


def sabotage(monkeypatch: pytest.MonkeyPatch, change: object) -> None:
    honest = message._tree

    def tree(envelope: Envelope, body: str, attachments: tuple[Attachment, ...]) -> Message:
        root = honest(envelope, body, attachments)
        assert callable(change)
        change(root)
        return root

    monkeypatch.setattr(message, "_tree", tree)


@pytest.mark.parametrize("name", ["Bcc", "Cc", "To", "Reply-To", "Precedence", "X-Other"])
def test_a_header_that_was_not_meant_stops_the_letter(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    sabotage(monkeypatch, lambda root: root.add_header(name, "v@evil.example"))
    with pytest.raises(PortError, match="differs") as fault:
        build(MEANT, "x\n", ())
    assert fault.value.retry is False


def test_a_text_that_was_not_meant_stops_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    sabotage(monkeypatch, lambda root: root.set_payload("dmljdGlt"))
    with pytest.raises(PortError, match="differs"):
        build(MEANT, "x\n", ())
