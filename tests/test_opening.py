"""One mail opened: which parts become documents, what is skipped, what is reported."""

import tomllib
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.data import rules_dir
from mailbot.domain.document import FaultKind, Opened
from mailbot.domain.limits import Limits, parse_limits
from mailbot.domain.mail import Mail
from mailbot.opening import open_mail, warm_up
from mailbot.readers.sample import sample_workbook
from tests.examples import examples
from tools.packed import locked_office, zipped
from tools.rars import rar5


@pytest.fixture(scope="session")
def limits() -> Limits:
    with (rules_dir() / "limits.toml").open("rb") as file:
        return parse_limits(tomllib.load(file))


FILES = {
    "名单.xlsx": sample_workbook(),
    "名单.csv": "姓名,电话,备注\n甲,1,\n乙,2,\n".encode("gbk"),
    "截图.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "说明.txt": "请查收".encode(),
    "加密.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(100),
    "说明.rtf": b"{\\rtf1 }",
}


def roster_mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "名单", "甲 <a@unit.example>", "2020gxkm@cqhrsp.com"
    mail.set_content("见附件")
    for name, data in FILES.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


ROSTER = roster_mail()  # once: its boundary is drawn by lot


def test_opens_what_is_not_a_mere_picture(limits: Limits) -> None:
    opened = open_mail(roster_mail(), limits)
    assert [part.name for part in opened.mail.parts] == list(FILES)
    faults = {document.name: document.fault.kind if document.fault else None for document in opened.documents}
    assert faults == {
        "名单.xlsx": None,
        "名单.csv": None,
        "说明.txt": None,
        "加密.xlsx": FaultKind.PASSWORD,
        "说明.rtf": FaultKind.UNSUPPORTED,
    }
    for document in opened.documents:
        part = opened.mail.parts[document.number - 1]
        assert (part.name, part.sha256) == (document.name, document.sha256)


def test_reports_each_part_before_it_is_read_and_skips_what_it_is_told(limits: Limits) -> None:
    seen: list[int] = []
    opened = open_mail(roster_mail(), limits, {2: FaultKind.BOMB}, seen.append)
    assert seen == [1, 4, 5, 6]
    skipped = next(document for document in opened.documents if document.number == 2)
    assert skipped.fault is not None
    assert skipped.fault.kind is FaultKind.BOMB


def test_a_roster_inside_a_forwarded_mail_is_read_with_its_path(limits: Limits) -> None:
    outer = EmailMessage()
    outer["Subject"], outer["From"] = "转发", "乙 <b@unit.example>"
    outer.set_content("见转发的邮件")
    outer.add_attachment(message_from_bytes(roster_mail(), policy=policy.default))
    opened = open_mail(outer.as_bytes(), limits)
    assert opened.mail.from_values == ("乙 <b@unit.example>",)
    assert [part.member for part in opened.mail.parts] == [None, *FILES]
    roster = opened.documents[0]
    assert (roster.name, roster.member, roster.family) == (opened.mail.parts[0].name, "名单.xlsx", "workbook")
    assert roster.sheets[0].rows[2][2] == "13800000000"


def test_the_same_file_twice_is_two_parts_with_one_hash(limits: Limits) -> None:
    mail = EmailMessage()
    mail.set_content("见附件")
    for name in ("甲.xlsx", "乙.xlsx"):
        mail.add_attachment(sample_workbook(), maintype="application", subtype="octet-stream", filename=name)
    opened = open_mail(mail.as_bytes(), limits)
    assert [document.number for document in opened.documents] == [1, 2]
    assert {part.name for part in opened.mail.parts} == {"甲.xlsx", "乙.xlsx"}


@pytest.mark.parametrize("name", ["名单.xlsx", "名单.csv", "加密.xlsx"])
@pytest.mark.parametrize("shown", ["名单.pdf", "名单", "a.txt", "../../x.exe", "名单.xls"])
def test_the_name_decides_nothing(name: str, shown: str, limits: Limits) -> None:
    mail = EmailMessage()
    mail.set_content("见附件")
    mail.add_attachment(FILES[name], maintype="application", subtype="pdf", filename=shown)
    document = open_mail(mail.as_bytes(), limits).documents[0]
    assert document.reader == {"名单.xlsx": "workbook", "名单.csv": "text_table", "加密.xlsx": "encrypted"}[name]


def with_files(files: dict[str, bytes], text: str = "见附件", subject: str = "名单") -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "甲 <a@unit.example>", "2020gxkm@cqhrsp.com"
    mail.set_content(text)
    for name, data in files.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


PACKED = {
    "甲.zip": zipped(
        {"名单/甲.xlsx": sample_workbook(), "图.png": FILES["截图.png"], "x.exe": b"MZ\0\0", "空.csv": b""}
    ),
    "直.xlsx": sample_workbook(),
    "乙.rar": rar5({"乙.csv": FILES["名单.csv"], "内.zip": zipped({"丙.xlsx": sample_workbook()})}),
}


def test_members_of_archives_are_parts_behind_those_of_the_mail(limits: Limits) -> None:
    opened = open_mail(with_files(PACKED), limits)
    assert [(part.number, part.name, part.member) for part in opened.mail.parts] == [
        (1, "甲.zip", None),
        (2, "直.xlsx", None),
        (3, "乙.rar", None),
        (4, "甲.zip", "名单/甲.xlsx"),
        (5, "甲.zip", "图.png"),
        (6, "甲.zip", "x.exe"),
        (7, "乙.rar", "乙.csv"),
        (8, "乙.rar", "内.zip"),
        (9, "乙.rar", "内.zip/丙.xlsx"),
    ]
    read = {(d.number, d.name, d.member): d.reader for d in opened.documents if d.fault is None}
    assert read == {
        (2, "直.xlsx", None): "workbook",
        (4, "甲.zip", "名单/甲.xlsx"): "workbook",
        (7, "乙.rar", "乙.csv"): "text_table",
        (9, "乙.rar", "内.zip/丙.xlsx"): "workbook",
    }
    assert opened.left_out == ("空.csv", "x.exe")


def test_progress_rises_through_parts_and_members(limits: Limits) -> None:
    seen: list[int] = []
    open_mail(with_files(PACKED), limits, None, seen.append)
    assert seen == sorted(set(seen)) == [1, 2, 3, 4, 6, 7, 8, 9]


def test_a_member_that_is_skipped_is_only_that_member(limits: Limits) -> None:
    raw = with_files(PACKED)
    whole, opened = open_mail(raw, limits), open_mail(raw, limits, {4: FaultKind.BOMB})
    assert opened.mail == whole.mail
    faults = {d.member: d.fault.kind for d in opened.documents if d.fault and d.fault.kind is not FaultKind.UNSUPPORTED}
    assert faults == {"名单/甲.xlsx": FaultKind.BOMB}
    assert [d for d in opened.documents if d.number != 4] == [d for d in whole.documents if d.number != 4]


def test_an_archive_that_is_skipped_has_no_members(limits: Limits) -> None:
    opened = open_mail(with_files(PACKED), limits, {1: FaultKind.BOMB})
    assert [part.member for part in opened.mail.parts] == [None, None, None, "乙.csv", "内.zip", "内.zip/丙.xlsx"]
    assert [(d.number, d.fault.kind) for d in opened.documents if d.fault] == [(1, FaultKind.BOMB)]


LOCKED = {
    "名单（密码cq88）.zip": zipped({"甲.xlsx": sample_workbook()}, key="cq88"),
    "名单.xlsx": locked_office(sample_workbook(), "Ab#1"),
}


def test_locked_files_open_with_what_the_mail_tells(limits: Limits) -> None:
    opened = open_mail(with_files(LOCKED, "名单密码为Ab#1，谢谢"), limits)
    assert [(d.number, d.member, d.reader, d.fault) for d in opened.documents] == [
        (2, None, "workbook", None),
        (3, "甲.xlsx", "workbook", None),
    ]
    assert opened.documents[0].sheets == opened.documents[1].sheets
    assert opened.mail.parts[1].type == "application/encrypted"


def test_what_stays_locked_says_so(limits: Limits) -> None:
    opened = open_mail(with_files({"a.zip": LOCKED["名单（密码cq88）.zip"], "b.xlsx": LOCKED["名单.xlsx"]}), limits)
    assert [d.fault.kind for d in opened.documents if d.fault] == [FaultKind.PASSWORD, FaultKind.PASSWORD]
    assert [d.reader for d in opened.documents] == ["archive", "encrypted"]


def test_a_password_goes_no_further_than_the_text_that_told_it(limits: Limits) -> None:
    for text in ("密码：Ab#1", "见附件"):
        opened = open_mail(with_files(LOCKED, text), limits)
        rest = opened.model_copy(update={"mail": opened.mail.model_copy(update={"text": ""})})
        assert "cq88" not in rest.model_dump_json()
        assert "Ab#1" not in rest.model_dump_json()
        assert opened.mail.parts[0].name == "名单（密码****）.zip"


def test_the_innermost_sender_is_nobody(limits: Limits) -> None:
    inner = with_files({"名单.xlsx": sample_workbook()}).replace(b"a@unit.example", b"z@other.example")
    opened = open_mail(with_files({"转发.zip": zipped({"转发.eml": inner})}), limits)
    assert opened.mail.from_values == ("甲 <a@unit.example>",)
    assert "other.example" not in opened.model_dump_json()
    assert [d.member for d in opened.documents] == ["转发.eml/名单.xlsx"]


def test_the_same_file_beside_and_inside_an_archive_has_one_hash(limits: Limits) -> None:
    book = sample_workbook()
    opened = open_mail(with_files({"名单.xlsx": book, "名单.zip": zipped({"名单.xlsx": book})}), limits)
    assert [d.number for d in opened.documents] == [1, 3]
    assert len({d.sha256 for d in opened.documents}) == 1


def test_an_empty_mail_opens(limits: Limits) -> None:
    assert open_mail(b"", limits) == Opened(mail=Mail())


def test_a_mail_that_is_too_big_opens_with_its_headers(limits: Limits) -> None:
    small = limits.model_copy(update={"mail": limits.mail.model_copy(update={"bytes": 5_000})})
    opened = open_mail(roster_mail(), small)
    assert (opened.mail.subject, opened.documents) == ("名单", ())
    assert "mail.too_big" in opened.mail.marks


def test_a_file_without_a_byte_is_no_empty_list_but_a_broken_file(limits: Limits) -> None:
    """The clerk is told that the file is broken, not that people, unit and order number are missing."""
    mail = message_from_bytes(ROSTER, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    mail.add_attachment(b"", maintype="application", subtype="octet-stream", filename="空.xlsx")
    opened = open_mail(mail.as_bytes(), limits)
    [empty] = [document for document in opened.documents if document.name == "空.xlsx"]
    assert empty.fault is not None
    assert (empty.fault.kind, empty.family, empty.sheets) == (FaultKind.UNREADABLE, "unread", ())
    assert len(opened.documents) == len(open_mail(ROSTER, limits).documents) + 1


def test_the_result_survives_json(limits: Limits) -> None:
    opened = open_mail(roster_mail(), limits)
    assert Opened.model_validate_json(opened.model_dump_json(), strict=True) == opened


def test_warming_up_works_within_the_shipped_limits(limits: Limits) -> None:
    warm_up(limits)


@examples(60)
@given(st.data())
def test_mutated_mails_never_raise(limits: Limits, data: st.DataObject) -> None:
    raw = bytearray(ROSTER)
    for _ in range(data.draw(st.integers(1, 10))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
    open_mail(bytes(raw), limits).model_dump_json()
