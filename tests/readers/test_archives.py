"""Archives opened in memory: every format and charset of names, all or nothing, within the room, nothing written."""

import gzip
import io
import os
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import libarchive
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.content import GZIP, RAR, SEVEN_ZIP, TAR, XLSX, ZIP, media_type
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.archives import likely_chinese, unpack
from mailbot.readers.base import ReadFault
from mailbot.readers.keys import Keys
from mailbot.readers.sample import sample_workbook
from mailbot.readers.stream import Room, Unpacked
from tests.examples import examples
from tests.readers import real_rars
from tools.packed import packed, zipped
from tools.rars import rar4, rar5

BOOK = sample_workbook()
FILES = {"名单/甲单位名单.xlsx": BOOK, "说明.csv": "姓名,电话\n甲,1\n".encode("gbk") * 50}
ROOM = Room(members=200, bytes=100_000_000, member_bytes=25_000_000, ratio=200)
WRITERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip gbk": zipped,
    "zip utf-8 marked": lambda files: zipped(files, charset="utf-8", marked=True),
    "zip utf-8 unmarked": lambda files: zipped(files, charset="utf-8"),
    "zip gbk with unicode path": lambda files: zipped(files, unicode_path=True),
    "rar 5": rar5,
    "rar 4": rar4,
    "rar 4 utf-8": lambda files: rar4(files, charset="utf-8"),
    "7z": lambda files: packed(files, "7zip"),
    "tar": lambda files: packed(files, "ustar"),
    "tgz": lambda files: gzip.compress(packed(files, "ustar")),
}


@pytest.fixture
def no_keys(limits: Limits) -> Keys:
    return Keys([], limits.container)


def told(text: str, limits: Limits) -> Keys:
    return Keys([text], limits.container)


def opened(data: bytes, keys: Keys, room: Room = ROOM) -> Unpacked:
    return unpack(data, media_type(data), keys, room)


def contents(out: Unpacked) -> dict[str, bytes]:
    return {member.name: member.data for member in out.members}


def fault_of(data: bytes, keys: Keys, room: Room = ROOM) -> FaultKind:
    with pytest.raises(ReadFault) as caught:
        opened(data, keys, room)
    return caught.value.kind


@pytest.mark.parametrize("kind", WRITERS)
def test_members_come_out_whole_under_their_chinese_names(kind: str, no_keys: Keys) -> None:
    assert contents(opened(WRITERS[kind](FILES), no_keys)) == FILES


def test_what_an_archive_is_is_told_by_its_bytes() -> None:
    types = {kind: media_type(write(FILES)) for kind, write in WRITERS.items()}
    assert {types[kind] for kind in types if kind.startswith("zip")} == {ZIP}
    assert {types[kind] for kind in types if kind.startswith("rar")} == {RAR}
    assert (types["7z"], types["tar"], types["tgz"]) == (SEVEN_ZIP, TAR, GZIP)
    assert media_type(BOOK) == XLSX


@pytest.mark.parametrize("write", [rar4, rar5])
def test_a_rar_that_ends_with_a_stored_workbook_is_no_zip(write: Callable[..., bytes], no_keys: Keys) -> None:
    data = write({"说明.txt": b"x", "名单.xlsx": BOOK})
    with libarchive.memory_reader(data) as taken:  # the trap: what libarchive makes of it by itself
        assert "xl/workbook.xml" in [entry.pathname for entry in taken]
    assert contents(opened(data, no_keys)) == {"说明.txt": b"x", "名单.xlsx": BOOK}


@pytest.mark.parametrize(
    ("data", "names", "left_out"),
    [
        (real_rars.SOLID5, ["stest1.txt", "stest2.txt"], ()),
        (real_rars.FOLDERS5, ["ro_dir/ro_file.txt"], ()),
        (real_rars.FOLDERS4, ["ro_dir/ro_file.txt"], ()),
        (real_rars.LINKS5, ["stest1.txt"], ("stest2.txt", "stest3.txt")),
    ],
    ids=["solid", "folders 5", "folders 4", "links"],
)
def test_archives_of_winrar_itself(data: bytes, names: list[str], left_out: tuple[str, ...], no_keys: Keys) -> None:
    out = opened(data, no_keys)
    assert [member.name for member in out.members] == names
    assert out.left_out == left_out


@pytest.mark.parametrize(
    "data", [real_rars.LOCKED4, real_rars.HIDDEN4, rar5(FILES, encrypted=True), rar5(FILES, hidden=True)]
)
def test_a_rar_under_a_password_is_never_read_as_noise(data: bytes, limits: Limits) -> None:
    assert fault_of(data, told("密码：123456", limits)) is FaultKind.PASSWORD


def test_a_rar_that_libarchive_cannot_read_is_unreadable(no_keys: Keys) -> None:
    assert fault_of(real_rars.SOLID4, no_keys) is FaultKind.UNREADABLE


@pytest.mark.parametrize("write", [rar4, rar5])
def test_a_stored_rar_member_is_summed_up(write: Callable[..., bytes], no_keys: Keys) -> None:
    data = bytearray(write(FILES))
    data[data.index(BOOK) + 700] ^= 1
    assert fault_of(bytes(data), no_keys) is FaultKind.UNREADABLE


def test_names_are_read_where_the_locale_knows_no_chinese() -> None:
    script = (
        "import sys\n"
        "from mailbot.domain.content import media_type\n"
        "from mailbot.domain.limits import ContainerLimits\n"
        "from mailbot.readers.archives import unpack\n"
        "from mailbot.readers.keys import Keys\n"
        "from mailbot.readers.stream import Room\n"
        "bounds = ContainerLimits(members=9, member_bytes=9, bytes=9, nesting=1, passwords=1, tries=1)\n"
        "data = sys.stdin.buffer.read()\n"
        "out = unpack(data, media_type(data), Keys([], bounds), Room(9, 10**8, 10**8, 200))\n"
        "sys.stdout.buffer.write('|'.join(member.name for member in out.members).encode())\n"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for kind in ("zip utf-8 marked", "zip gbk", "rar 5", "7z"):
        done = subprocess.run(
            [sys.executable, "-c", script], input=WRITERS[kind](FILES), env=environment, capture_output=True, check=True
        )
        assert done.stdout.decode().split("|") == list(FILES), kind


def test_without_the_library_archives_wait_and_nothing_else() -> None:
    script = (
        "from mailbot.domain.limits import ContainerLimits\n"
        "from mailbot.readers import archives\n"
        "from mailbot.readers.base import ReadFault\n"
        "import mailbot.opening\n"
        "try:\n"
        "    archives.unpack(b'', 'application/zip', None, None)\n"
        "except ReadFault as fault:\n"
        "    print(fault.kind, bool(archives.MISSING))\n"
    )
    environment = {**os.environ, "LIBARCHIVE": "/no/such/library.so"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "unsupported True\n"


def test_a_gzip_that_holds_one_file(no_keys: Keys) -> None:
    assert contents(opened(gzip.compress(b"a,b\n"), no_keys)) == {"": b"a,b\n"}


def test_backslashes_of_bad_writers_lead_through_folders(no_keys: Keys) -> None:
    assert list(contents(opened(zipped({"名单\\甲.csv": b"x"}), no_keys))) == ["名单/甲.csv"]


def test_a_chinese_name_that_happens_to_be_valid_bytes_elsewhere(no_keys: Keys) -> None:
    assert list(contents(opened(zipped({"联通公司.csv": b"x"}), no_keys))) == ["联通公司.csv"]


@pytest.mark.parametrize("write", [zipped, rar4])
@pytest.mark.parametrize("name", ["图.png", "模.xlsx", "说明.txt", "汇总/图.png", "甲乙丙.csv", "readme.txt"])
def test_a_gbk_name_that_reads_as_utf_8_by_chance(write: Callable[..., bytes], name: str, no_keys: Keys) -> None:
    assert list(contents(opened(write({name: b"x"}), no_keys))) == [name]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("ͼ.png", "图.png"), ("名单.xlsx", "名单.xlsx"), ("a.txt", "a.txt"), ("é.txt", "茅.txt"), ("ßa", "脽a")],
)
def test_letters_beyond_ascii_alone_are_gbk(name: str, meant: str) -> None:
    assert likely_chinese(name) == meant


def test_a_name_that_says_it_is_unicode_is_taken_at_its_word(no_keys: Keys) -> None:
    assert list(contents(opened(zipped({"ͼ.png": b"x"}, charset="utf-8", marked=True), no_keys))) == ["ͼ.png"]
    assert list(contents(opened(rar5({"ͼ.png": b"x"}), no_keys))) == ["ͼ.png"]


def test_folders_links_and_empty_files_are_no_members(no_keys: Keys) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, target in (
            ("夹", tarfile.DIRTYPE, ""),
            ("链", tarfile.SYMTYPE, "/etc/passwd"),
            ("硬", tarfile.LNKTYPE, "a"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("空.csv"))
        info = tarfile.TarInfo("a.csv")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"x"))
    unpacked = opened(out.getvalue(), no_keys)
    assert (contents(unpacked), unpacked.left_out, unpacked.seen) == ({"a.csv": b"x"}, ("链", "硬", "空.csv"), 5)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "C:\\Windows\\x", "..\\..\\x"])
@pytest.mark.parametrize("kind", ["zip gbk", "rar 5", "rar 4", "7z", "tar"])
def test_no_name_leads_anywhere(
    kind: str, name: str, no_keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(contents(opened(WRITERS[kind]({name: b"x"}), no_keys)).values()) == [b"x"]
    assert list(tmp_path.rglob("*")) == []


def test_an_encrypted_zip_opens_with_a_password_of_the_mail(limits: Limits) -> None:
    data = zipped(FILES, key="cq#2020")
    assert contents(opened(data, told("解压密码是cq#2020，请查收", limits))) == FILES
    assert fault_of(data, told("密码：cq2020", limits)) is FaultKind.PASSWORD
    assert fault_of(data, told("见附件", limits)) is FaultKind.PASSWORD


@pytest.mark.parametrize("strength", ["aes128", "aes256", "zipcrypt"])
def test_every_zip_encryption(strength: str, limits: Limits) -> None:
    data = packed(FILES, "zip", password="abc123", options=f"zip:encryption={strength}")
    assert contents(opened(data, told("密码：wrong 密码：abc123", limits))) == FILES
    assert fault_of(data, told("密码：wrong", limits)) is FaultKind.PASSWORD


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_chinese_password_in_either_spelling(charset: str, limits: Limits) -> None:
    data = packed({"a.csv": b"x,y"}, "zip", password="公需2020".encode(charset), options="zip:encryption=aes256")
    assert contents(opened(data, told("密码“公需2020”", limits))) == {"a.csv": b"x,y"}


def test_a_wrong_password_is_never_taken_for_the_right_one(limits: Limits) -> None:
    """The old encryption checks one byte: of 256 wrong passwords one is let in, and must fail at the content."""
    data = zipped({"a.csv": b"1,2\n" * 100}, key="right")
    few = limits.container.model_copy(update={"passwords": 900, "tries": 900})
    assert fault_of(data, Keys([f"密码：w{n}" for n in range(900)], few)) is FaultKind.PASSWORD


def test_the_password_that_opened_one_archive_is_tried_first_on_the_next(limits: Limits) -> None:
    keys = Keys(["密码：a1 密码：b2"], limits.container.model_copy(update={"tries": 3}))
    for _ in range(2):
        assert contents(opened(zipped({"a": b"x"}, key="b2"), keys)) == {"a": b"x"}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("cut", [0.2, 0.5, 0.8])
def test_an_archive_that_was_cut_off_gives_nothing(kind: str, cut: float, no_keys: Keys) -> None:
    data = WRITERS[kind]({**FILES, "c.bin": os.urandom(3_000)})
    assert fault_of(data[: int(len(data) * cut)], no_keys) is FaultKind.UNREADABLE


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "tar"])
def test_the_last_byte_counts(kind: str, no_keys: Keys) -> None:
    assert fault_of(WRITERS[kind](FILES)[:-1], no_keys) is FaultKind.UNREADABLE


def test_a_tar_that_ends_between_two_members_is_not_taken_for_whole(no_keys: Keys) -> None:
    whole = packed({"a.csv": b"1" * 512, "b.csv": b"2" * 512}, "ustar")
    assert list(contents(opened(whole, no_keys))) == ["a.csv", "b.csv"]
    assert fault_of(whole[: whole.index(b"b.csv")], no_keys) is FaultKind.UNREADABLE


def test_a_zip_whose_content_does_not_match_its_sum_gives_nothing(no_keys: Keys) -> None:
    """The library only warns of it, and its Python wrapper goes on."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", b"1,2\n" * 100)
    data = bytearray(out.getvalue())
    data[100] ^= 1
    assert fault_of(bytes(data), no_keys) is FaultKind.UNREADABLE


def test_a_zip_without_its_directory_is_not_guessed_at(no_keys: Keys) -> None:
    data = zipped({"a.csv": b"1", "b.csv": b"2"})
    assert fault_of(data[: data.index(b"PK\x01\x02")], no_keys) is FaultKind.UNREADABLE


BOMBS: dict[str, Callable[[], bytes]] = {
    "one large member": lambda: zipped({"a.bin": os.urandom(1 << 20) * 30}),
    "1028 to 1": lambda: zipped({"a.xlsx": bytes(24_000_000)}),
    "many members of middle size": lambda: zipped({f"{n}": bytes(9_000_000) for n in range(12)}),
    "many members": lambda: zipped({f"{n}.txt": b"x" for n in range(201)}),
    "7z": lambda: packed({"a.bin": bytes(90_000_000)}, "7zip"),
    "7z of many": lambda: packed({f"{n}.txt": b"x" for n in range(201)}, "7zip"),
    "gzip": lambda: gzip.compress(bytes(90_000_000), 1),
    "tgz": lambda: gzip.compress(packed({"a.bin": bytes(90_000_000)}, "ustar"), 1),
    "rar of many": lambda: rar5({f"{n}.txt": b"x" for n in range(201)}),
    "rar 4 of many": lambda: rar4({f"{n}.txt": b"x" for n in range(201)}),
    "locked": lambda: zipped({"a.bin": bytes(24_000_000)}, key="a1"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_one(name: str, limits: Limits) -> None:
    assert fault_of(BOMBS[name](), told("密码：a1", limits)) is FaultKind.BOMB


def test_members_that_overlap_are_a_bomb(no_keys: Keys) -> None:
    data = zipped({"a.csv": zlib.compress(bytes(100)), "b.csv": b"2"})
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    overlapping = data[: second + 42] + bytes(4) + data[second + 46 :]
    assert fault_of(overlapping, no_keys) is FaultKind.BOMB


def test_what_is_left_of_the_room_counts(no_keys: Keys) -> None:
    data = zipped(FILES)
    assert fault_of(data, no_keys, ROOM.less(199, 0)) is FaultKind.BOMB
    assert fault_of(data, no_keys, ROOM.less(0, ROOM.bytes - 100)) is FaultKind.BOMB
    assert fault_of(rar5(FILES), no_keys, ROOM.less(199, 0)) is FaultKind.BOMB


ARCHIVES = [write(FILES) for write in WRITERS.values()]
CRC_SAFE = [WRITERS[kind](FILES) for kind in ("zip gbk", "rar 4", "rar 5", "7z", "tgz")]


@examples(150)
@given(st.data())
def test_mutated_archives_never_raise_anything_else(limits: Limits, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(ARCHIVES)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    for media in (ZIP, RAR, SEVEN_ZIP, GZIP, TAR):
        with suppress(ReadFault):
            unpack(bytes(raw), media, told("密码：a1", limits), ROOM)


@examples(150)
@given(st.data())
def test_one_damaged_byte_never_changes_what_a_member_says(limits: Limits, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(CRC_SAFE)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(ReadFault):
        for member in (
            opened(bytes(raw), told("", limits)).members
            if media_type(bytes(raw)) in (ZIP, RAR, SEVEN_ZIP, GZIP)
            else ()
        ):
            assert member.data in FILES.values()
