"""winmail.dat: its files and words, and every way in which it can be broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.content import media_type
from mailbot.domain.limits import MailLimits
from mailbot.mime.parse import parse
from mailbot.mime.tnef import MEDIA_TYPE, Broken, unwrap
from tests.examples import examples
from tests.mime.mails import FILE, mixed, text_part
from tools.hard.outlook import winmail
from tools.hard.pen import part

ONE = winmail(("名单（喆）.xlsx", FILE), body="见附件")


def test_files_names_and_words() -> None:
    found = unwrap(winmail(("名单.xlsx", FILE), ("b.docx", b"x"), body="见附件"), 5)
    assert [(file.path, file.data) for file in found.files] == [(("名单.xlsx",), FILE), (("b.docx",), b"x")]
    assert (found.text, found.html) == ("见附件", False)


@pytest.mark.parametrize("codepage", [936, 54936, 65001, 1252, 0])
def test_short_names_in_gbk_under_any_codepage(codepage: int) -> None:
    found = unwrap(winmail(("名单.xls", b"x"), long_names=False, codepage=codepage), 5)
    assert found.files[0].path == ("名单.xls",)


def test_html_where_there_is_nothing_else() -> None:
    found = unwrap(winmail(page="<p>见附件</p>"), 5)
    assert (found.text, found.html) == ("<p>见附件</p>", True)


def test_its_type_is_told_by_content() -> None:
    assert media_type(ONE) == MEDIA_TYPE


@pytest.mark.parametrize("cut", [1, 7, 40, 200, len(ONE) - 20])
def test_a_file_that_was_cut_off_is_broken(cut: int) -> None:
    with pytest.raises(Broken):
        unwrap(ONE[:-cut], 5)


def test_more_attributes_than_any_mail_has_are_counted_before_they_are_read() -> None:
    many = ONE[:6] + (b"\x01\x00\x00\x00\x00" + bytes(4) + bytes(2)) * 5_001
    with pytest.raises(Broken, match="attribute 5001"):
        unwrap(many, 5)


@examples(60)
@given(st.data())
def test_nothing_but_broken_is_raised(data: st.DataObject) -> None:
    raw = bytearray(ONE)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(6, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        unwrap(bytes(raw), 5)
    except Broken:
        return


def test_its_files_stand_beside_it_in_the_mail(limits: MailLimits) -> None:
    parsed = parse(mixed(text_part("请查收".encode()), part(b"application/ms-tnef", ONE).raw()), limits)
    assert [(one.member, one.type) for one in parsed.mail.parts[:1]] == [(None, MEDIA_TYPE)]
    assert (parsed.parts[1].part.name, parsed.parts[1].data) == ("名单（喆）.xlsx", FILE)
    assert parsed.mail.text == "请查收"
    assert parsed.broken == frozenset()


def test_a_broken_one_is_told_with_its_number(limits: MailLimits) -> None:
    parsed = parse(mixed(text_part(b"x"), part(b"application/ms-tnef", ONE[:-30]).raw()), limits)
    assert parsed.broken == frozenset({1})
    assert parsed.mail.marks == ("repair.tnef",)
