"""What lies inside archives, as parts: paths, mails and archives in archives, what is left out, and where it ends."""

import gzip
import tomllib
from email.message import EmailMessage

import pytest

from mailbot.data import rules_dir
from mailbot.domain.content import MESSAGE, RAR, XLSX, ZIP, media_type
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits, parse_limits
from mailbot.domain.mail import Mail, Part
from mailbot.readers.base import ReadFault
from mailbot.readers.sample import sample_workbook
from mailbot.unpacking import Found, Unpacking, is_system_file
from tools.packed import packed, zipped
from tools.rars import rar5

BOOK = sample_workbook()


@pytest.fixture(scope="module")
def limits() -> Limits:
    with (rules_dir() / "limits.toml").open("rb") as file:
        return parse_limits(tomllib.load(file))


def part(name: str = "名单.zip", data: bytes = b"", member: str | None = None) -> Part:
    return Part(number=1, name=name, member=member, sha256="0" * 64, size=len(data), type=media_type(data))


def expand(data: bytes, limits: Limits, *, name: str = "名单.zip", mail: Mail | None = None) -> list[Found]:
    return list(Unpacking(mail or Mail(), limits).expand(part(name, data), data))


def paths(found: list[Found]) -> list[str]:
    return ["/".join(one.path) for one in found]


def message(files: dict[str, bytes], text: str = "见附件") -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "转发", "甲 <a@unit.example>", "b@unit.example"
    mail.set_content(text)
    for name, data in files.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def fault_of(data: bytes, limits: Limits) -> ReadFault:
    with pytest.raises(ReadFault) as caught:
        expand(data, limits)
    return caught.value


def limited(limits: Limits, **changes: int) -> Limits:
    return limits.model_copy(update={"container": limits.container.model_copy(update=changes)})


def test_members_are_told_by_their_content(limits: Limits) -> None:
    found = expand(zipped({"名单/甲.pdf": BOOK, "转发.txt": message({})}), limits)
    assert [(one.path, one.type) for one in found] == [(("名单", "甲.pdf"), XLSX), (("转发.txt",), MESSAGE)]
    assert found[0].data == BOOK


@pytest.mark.parametrize(
    "name",
    [
        "__MACOSX/._名单.xlsx",
        "名单/__MACOSX/x/y",
        "~$名单.xlsx",
        "名单/~$名单.xlsx",
        "Thumbs.db",
        "名单/THUMBS.DB",
        "desktop.ini",
        ".DS_Store",
        "名单/.DS_Store",
        "._名单.xlsx",
    ],
)
def test_what_the_system_leaves_behind_is_no_member(name: str, limits: Limits) -> None:
    assert is_system_file(name)
    unpacking = Unpacking(Mail(), limits)
    data = zipped({name: b"x", "名单.xlsx": BOOK}, charset="utf-8")
    assert paths(list(unpacking.expand(part(data=data), data))) == ["名单.xlsx"]
    assert unpacking.left_out == []


@pytest.mark.parametrize("name", ["名单.xlsx", "a~$b.xlsx", "MACOSX/a", "my desktop.ini.xlsx", "thumbs.db.xlsx"])
def test_what_a_person_put_there_is(name: str) -> None:
    assert not is_system_file(name)


def test_empty_files_are_named_as_left_out(limits: Limits) -> None:
    unpacking = Unpacking(Mail(), limits)
    data = zipped({"名单/空.xlsx": b"", "desktop.ini": b"", "名单.xlsx": BOOK})
    unpacking.expand(part(data=data), data)
    assert unpacking.left_out == ["名单/空.xlsx"]


def test_a_part_stands_with_the_path_that_leads_to_it() -> None:
    found = Found(("名单", "甲.xlsx"), BOOK, XLSX)
    straight = found.numbered(7, part("包.zip")).part
    assert (straight.number, straight.name, straight.member, straight.size) == (7, "包.zip", "名单/甲.xlsx", len(BOOK))
    forwarded = found.numbered(8, part("转发.eml", member="包.zip")).part
    assert (forwarded.name, forwarded.member) == ("转发.eml", "包.zip/名单/甲.xlsx")
    assert straight.sha256 == forwarded.sha256


def test_an_archive_in_an_archive_is_opened(limits: Limits) -> None:
    data = zipped({"一部.zip": zipped({"甲.xlsx": BOOK}), "二部.rar": rar5({"乙.xlsx": BOOK})})
    found = expand(data, limits)
    assert paths(found) == ["一部.zip", "一部.zip/甲.xlsx", "二部.rar", "二部.rar/乙.xlsx"]
    assert [one.type for one in found] == [ZIP, XLSX, RAR, XLSX]


def test_one_level_more_makes_the_whole_attachment_a_bomb(limits: Limits) -> None:
    data = zipped({"名单.xlsx": BOOK, "a.zip": zipped({"b.zip": zipped({"甲.xlsx": BOOK})})})
    assert fault_of(data, limits).kind is FaultKind.BOMB
    assert len(expand(data, limited(limits, nesting=2))) == 4


def test_a_mail_in_an_archive_gives_its_attachments(limits: Limits) -> None:
    inner = message({"名单.xlsx": BOOK, "包.zip": zipped({"乙.xlsx": BOOK})})
    found = expand(zipped({"转发.eml": inner}), limits)
    assert paths(found) == ["转发.eml", "转发.eml/名单.xlsx", "转发.eml/包.zip", "转发.eml/包.zip/乙.xlsx"]


def test_mails_in_mails_in_an_archive_too(limits: Limits) -> None:
    inner = message({"里.eml": message({"名单.xlsx": BOOK})})
    assert paths(expand(zipped({"外.eml": inner}), limits))[-1] == "外.eml/里.eml/名单.xlsx"


def test_archives_count_as_deep_as_they_lie_through_mails(limits: Limits) -> None:
    deep = message({"二.zip": zipped({"三.eml": message({"四.zip": zipped({"甲.xlsx": BOOK})})})})
    assert fault_of(zipped({"一.eml": deep}), limits).kind is FaultKind.BOMB


def test_a_broken_or_locked_member_stands_beside_the_others(limits: Limits) -> None:
    data = zipped({"坏.zip": zipped({"a": BOOK})[:-30], "锁.zip": zipped({"a": BOOK}, key="x1"), "名单.xlsx": BOOK})
    found = expand(data, limits)
    assert [one.fault.kind if one.fault else None for one in found] == [FaultKind.UNREADABLE, FaultKind.PASSWORD, None]


def test_a_bomb_in_an_archive_is_the_whole_attachments_matter(limits: Limits) -> None:
    data = zipped({"名单.xlsx": BOOK, "a.zip": zipped({"b": bytes(30_000_000)})})
    assert fault_of(data, limits).kind is FaultKind.BOMB


def test_an_archive_that_holds_itself_ends(limits: Limits) -> None:
    """A quine gives itself again and again; here each level holds the next, as far as anybody would build it."""
    data = zipped({"r.txt": b"x"})
    for _ in range(12):
        data = zipped({"r/r.zip": data})
    assert fault_of(data, limits).kind is FaultKind.BOMB


def test_the_bounds_are_those_of_all_archives_of_the_mail_together(limits: Limits) -> None:
    unpacking = Unpacking(Mail(), limited(limits, members=5))
    data = zipped({f"{n}.csv": b"x" for n in range(3)})
    assert len(unpacking.expand(part(data=data), data)) == 3
    with pytest.raises(ReadFault) as caught:
        unpacking.expand(part(data=data), data)
    assert caught.value.kind is FaultKind.BOMB


def test_what_was_given_up_costs_the_others_nothing(limits: Limits) -> None:
    unpacking = Unpacking(Mail(), limited(limits, members=5))
    bad = zipped({"空.txt": b"", "1.csv": b"x", "z.zip": zipped({f"{n}": b"x" for n in range(4)})})
    with pytest.raises(ReadFault):
        unpacking.expand(part(data=bad), bad)
    good = zipped({f"{n}.csv": b"x" for n in range(5)})
    assert len(unpacking.expand(part(data=good), good)) == 5
    assert unpacking.left_out == []


def test_attachments_of_mails_in_archives_are_counted(limits: Limits) -> None:
    many = message({f"{n}.csv": b"a,b\n" for n in range(8)})
    with pytest.raises(ReadFault) as caught:
        expand(zipped({"1.eml": many}), limited(limits, members=8))
    assert caught.value.kind is FaultKind.BOMB


@pytest.mark.parametrize(
    ("where", "mail", "name", "member"),
    [
        ("subject", Mail(subject="名单，密码a1"), "名单.zip", "名单.csv"),
        ("text", Mail(text="解压密码：a1"), "名单.zip", "名单.csv"),
        ("quoted", Mail(quoted="解压密码：a1"), "名单.zip", "名单.csv"),
        ("its name", Mail(parts=(part("名单（密码a1）.zip"),)), "名单（密码a1）.zip", "名单.csv"),
    ],
)
def test_passwords_are_found_wherever_the_mail_tells_them(
    where: str, mail: Mail, name: str, member: str, limits: Limits
) -> None:
    data = zipped({member: b"a,b\n"}, key="a1")
    assert paths(expand(data, limits, name=name, mail=mail)) == [member], where


def test_a_members_name_and_an_inner_mail_tell_passwords_too(limits: Limits) -> None:
    by_name = zipped({"包（密码b2）.zip": zipped({"甲.csv": b"a,b\n"}, key="b2")})
    assert paths(expand(by_name, limits))[-1] == "包（密码b2）.zip/甲.csv"
    inner = message({"包.zip": zipped({"甲.csv": b"a,b\n"}, key="c3")}, "密码：c3")
    assert paths(expand(zipped({"转发.eml": inner}), limits))[-1] == "转发.eml/包.zip/甲.csv"


def test_one_gzipped_file_is_called_like_it(limits: Limits) -> None:
    assert paths(expand(gzip.compress(BOOK), limits, name="名单.xlsx.gz")) == ["名单.xlsx"]
    assert paths(expand(gzip.compress(packed({"甲.xlsx": BOOK}, "ustar")), limits, name="名单.tgz")) == ["甲.xlsx"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.d/名单.xlsx", "etc/cron.d/名单.xlsx"),
        ("/名单.xlsx", "名单.xlsx"),
        ("./a//名单.xlsx", "a/名单.xlsx"),
        ("a/\r\n名\u202e单.xlsx", "a/名单.xlsx"),
        ("名" * 400 + ".xlsx", "名" * 194 + "….xlsx"),
        ("/".join("abcdefghijkl") + "/名单.xlsx", "f/g/h/i/j/k/l/名单.xlsx"),
        ("..", "附件1"),
    ],
)
def test_names_are_made_fit_to_be_shown(name: str, shown: str, limits: Limits) -> None:
    assert paths(expand(zipped({name: BOOK}, charset="utf-8"), limits)) == [shown]


def test_out_of_memory_is_a_bomb(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("mailbot.unpacking.unpack", exhausted)
    assert fault_of(zipped({"a": BOOK}), limits).kind is FaultKind.BOMB


def test_every_member_has_one_fate_whatever_lies_in_an_archive(limits: Limits) -> None:
    files = {"名单.xlsx": BOOK, "空.csv": b"", "~$名单.xlsx": b"x", "子/表.csv": b"a,b\n1,2\n", "转发.eml": message({})}
    unpacking = Unpacking(Mail(), limits)
    data = zipped(files)
    found = paths(list(unpacking.expand(part(data=data), data)))
    assert sorted(found + unpacking.left_out) == sorted(name for name in files if not is_system_file(name))


@pytest.mark.parametrize("size", [0, 1, 4, 22, 40])
def test_a_stump_of_an_archive_is_a_fault_and_not_an_empty_attachment(size: int, limits: Limits) -> None:
    data = zipped({"名单.xlsx": BOOK})[:size]
    stump = part(data=data).model_copy(update={"type": ZIP})
    with pytest.raises(ReadFault):
        Unpacking(Mail(), limits).expand(stump, data)


def test_the_same_attachment_again_gives_the_same(limits: Limits) -> None:
    unpacking = Unpacking(Mail(), limits)
    data = zipped({"一.zip": zipped({"甲.xlsx": BOOK}), "乙.csv": b"a,b\n"})
    first, second = (unpacking.expand(part(data=data), data) for _ in range(2))
    assert first == second
    assert paths(list(first)) == ["一.zip", "一.zip/甲.xlsx", "乙.csv"]


def test_a_password_of_one_attachment_opens_the_next(limits: Limits) -> None:
    unpacking = Unpacking(Mail(), limits)
    told, locked = zipped({"说明（密码k9）.csv": b"a,b\n"}), zipped({"名单.csv": b"a,b\n"}, key="k9")
    with pytest.raises(ReadFault) as caught:
        unpacking.expand(part(data=locked), locked)
    assert caught.value.kind is FaultKind.PASSWORD
    unpacking.expand(part(data=told), told)
    assert paths(list(unpacking.expand(part(data=locked), locked))) == ["名单.csv"]
