"""The letter that asks for a normal attachment; the blank form goes with it where a roster was meant."""

from mailbot.domain.effects import LetterKind
from mailbot.domain.letters import FindingView
from tests.outbound.letters import composer, parsed, text, view

LINK = FindingView("mail.cloud_link", "ask", "来信只有文件的下载链接。")
ROSTER = FindingView("mail.cloud_roster", "note", "附空白表。")


def test_it_asks_for_a_normal_attachment_and_claims_nothing() -> None:
    letter = composer().compose(view(kind=LetterKind.ANSWER, about=(LINK,)))
    assert letter.template == "mail/attach"
    said = text(letter)
    assert "请将文件作为普通附件重新发送" in said
    assert "没有办理" in said
    assert "登记编号" in said
    assert letter.attachments == ()


def test_the_blank_form_goes_with_it_where_a_roster_was_meant() -> None:
    letter = composer().compose(view(kind=LetterKind.ANSWER, about=(LINK, ROSTER)))
    assert letter.template == "mail/attach"
    assert len(letter.attachments) == 1
    assert letter.attachments[0].endswith(".xlsx")
    assert "附件为空白的《报名名单》" in text(letter)
    assert [part.get_filename() for part in parsed(letter).iter_attachments()] == list(letter.attachments)


def test_another_letter_gets_no_form_for_a_link() -> None:
    letter = composer().compose(view(kind=LetterKind.ANSWER, about=()))
    assert letter.template == "mail/received"
    assert letter.attachments == ()
