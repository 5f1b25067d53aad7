"""Which folder keeps what was sent, and which one the settings mean; readable names on the line and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.faults import Refused
from mailbot.intake.folders import Listing, named, sent_among
from tests.intake.opened import Opened
from tests.rig.fake_imap import Box

HANDLED = "已处理"
LISTED = "&XfJZBHQG-"
"""已处理 in modified UTF-7 (RFC 3501, 5.1.3)."""


def folders(*names: str, mark: str = "/") -> list[Listing]:
    return [Listing(name, mark) for name in names]


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ("已发送", ["INBOX", "草稿箱", "已发送", "已删除"]),
        ("Sent Messages", ["INBOX", "Sent Messages", "Drafts", "Deleted Messages", "其他文件夹/Sent"]),
        ("Sent Items", ["INBOX", "Sent Items", "Deleted Items"]),
        ("Sent", ["INBOX", "Sent", "Sent Items Archive"]),
        ("INBOX/Sent", ["INBOX", "INBOX/Sent"]),
        ("已发送邮件", ["INBOX", "已发送邮件"]),
        (None, ["INBOX", "Presented", "Unsent", "待发送", "已处理"]),
        (None, []),
    ],
)
def test_the_folder_of_sent_mail_by_its_name(sent: str | None, names: list[str]) -> None:
    assert sent_among(folders(*names)) == sent


def test_the_attribute_counts_for_more_than_any_name() -> None:
    listed = [Listing("Sent"), Listing("寄信", "/", frozenset({"\\sent", "\\hasnochildren"}))]
    assert sent_among(listed) == "寄信"


def test_a_folder_that_does_not_open_is_none() -> None:
    listed = [Listing("Sent", "/", frozenset({"\\noselect", "\\sent"})), Listing("已发送")]
    assert sent_among(listed) == "已发送"
    assert named(listed, "Sent") is None


def test_the_folder_that_the_settings_mean() -> None:
    assert named(folders("INBOX", HANDLED), HANDLED) == HANDLED
    assert named(folders("INBOX", f"其他文件夹/{HANDLED}"), HANDLED) == f"其他文件夹/{HANDLED}"
    assert named(folders("INBOX", f"INBOX.{HANDLED}", mark="."), HANDLED) == f"INBOX.{HANDLED}"
    assert named(folders("Inbox"), "INBOX") == "Inbox"
    assert named(folders("a/x", "b/x"), "x") is None
    assert named(folders("a/x", "x"), "x") == "x"
    assert named(folders("a/x"), "a/x") == "a/x"
    assert named(folders("X"), "x") is None


@given(st.lists(st.text(max_size=8), max_size=6), st.text(max_size=8), st.sampled_from(["/", ".", ""]))
def test_whatever_the_names_the_answer_is_one_of_them(names: list[str], wanted: str, mark: str) -> None:
    listed = folders(*names, mark=mark)
    assert named(listed, wanted) in {*names, None}
    assert sent_among(listed) in {*names, None}


def test_names_are_readable_here_and_modified_utf7_on_the_line() -> None:
    box = Box(folders=[("\\HasNoChildren", "INBOX"), ("", LISTED), ("", "&UXZO1mWHTvZZOQ-/&XfJT0ZAB-")])
    with Opened(box) as session:
        assert [folder.name for folder in session.folders()] == ["INBOX", HANDLED, "其他文件夹/已发送"]
        session.select(HANDLED)
        session.make_folder("待人工")
        assert session.sent_folder() == "其他文件夹/已发送"
    assert any(LISTED in command for command in box.commands if command.startswith("SELECT"))
    assert any("&" in command for command in box.commands if command.startswith("CREATE"))


def test_xlist_where_the_server_knows_nothing_newer() -> None:
    box = Box(capabilities="IMAP4rev1 XLIST ID", folders=[("\\Inbox", "INBOX"), ("\\Sent \\HasNoChildren", "Gesendet")])
    with Opened(box) as session:
        assert session.sent_folder() == "Gesendet"
    assert [line for line in box.commands if line.startswith("XLIST")]
    newer = Box(capabilities="IMAP4rev1 XLIST SPECIAL-USE")
    with Opened(newer) as session:
        assert session.sent_folder() is None
    assert not [line for line in newer.commands if line.startswith("XLIST")]


def test_a_server_that_tells_no_folders_says_so() -> None:
    with Opened(Box(answers={"LIST": b"NO not today"})) as session, pytest.raises(Refused, match="not today"):
        session.folders()


def test_a_keyword_only_where_the_folder_takes_new_ones() -> None:
    for permanent, words in ((b"\\Seen \\*", "mailbot"), (b"\\Answered \\Seen \\Deleted", ""), (b"", "")):
        box = Box(permanent=permanent).add(1, 2)
        with Opened(box) as session:
            session.select()
            session.mark_seen([1, 2])
        stored = [command for command in box.commands if "STORE" in command]
        assert len(stored) == 1
        assert ("mailbot" in stored[0]) is bool(words)


def test_a_server_that_offers_keywords_and_refuses_ours_gets_plain_flags() -> None:
    box = Box(permanent=b"\\*", answers={"STORE": b"NO no such flag"}).add(1)
    with Opened(box) as session:
        session.select()
        with pytest.raises(Refused):
            session.mark_seen([1])
        with pytest.raises(Refused):
            session.mark_seen([1])
    stored = [command for command in box.commands if "STORE" in command]
    assert ["mailbot" in command for command in stored] == [True, False, False]
