"""7z archives under a password, opened by py7zr in memory."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py7zr import SevenZipFile

from mailbot.domain.content import SEVEN_ZIP
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.archives import unpack
from mailbot.readers.base import ReadFault
from mailbot.readers.keys import Keys
from mailbot.readers.sample import sample_workbook
from mailbot.readers.sevens import unpack_locked_seven
from mailbot.readers.stream import Room
from tests.examples import examples

FILES = {"名单/甲单位.xlsx": sample_workbook(), "说明.csv": b"1,2\n" * 100}
ROOM = Room(members=200, bytes=100_000_000, member_bytes=25_000_000, ratio=200)
BROKEN = ReadFault(FaultKind.UNREADABLE, "as libarchive said")


def seven(files: dict[str, bytes], password: str | None, *, hidden: bool = False, bare: bool = False) -> bytes:
    """An archive; `hidden` encrypts its header too, `bare` leaves it as it is instead of packing it."""
    out = io.BytesIO()
    with SevenZipFile(out, "w", password=password, header_encryption=hidden) as archive:
        if bare:
            archive.set_encoded_header_mode(False)
        for name, data in files.items():
            archive.writestr(data, name)
    return out.getvalue()


LOCKED = seven(FILES, "cq#2020")
HIDDEN = seven(FILES, "cq#2020", hidden=True)


def told(text: str, limits: Limits) -> Keys:
    return Keys([text], limits.container)


@pytest.mark.parametrize("data", [LOCKED, HIDDEN], ids=["content", "names too"])
def test_opens_with_a_password_of_the_mail(data: bytes, limits: Limits) -> None:
    out = unpack(data, SEVEN_ZIP, told("密码：wrong1 密码：cq#2020", limits), ROOM)
    assert {member.name: member.data for member in out.members} == FILES
    assert out.seen == 2


@pytest.mark.parametrize("data", [LOCKED, HIDDEN], ids=["content", "names too"])
@pytest.mark.parametrize("text", ["见附件", "密码：cq2020", "密码为手机后四位"])
def test_stays_shut_without_it(data: bytes, text: str, limits: Limits) -> None:
    with pytest.raises(ReadFault) as caught:
        unpack(data, SEVEN_ZIP, told(text, limits), ROOM)
    assert caught.value.kind is FaultKind.PASSWORD
    assert "cq2020" not in caught.value.detail


def test_a_chinese_password(limits: Limits) -> None:
    out = unpack(seven({"a.csv": b"x"}, "公需2020"), SEVEN_ZIP, told("密码“公需2020”", limits), ROOM)
    assert [member.data for member in out.members] == [b"x"]


def test_what_is_broken_and_not_locked_stays_broken(limits: Limits) -> None:
    for data in (seven(FILES, None)[:-20], b"7z\xbc\xaf\x27\x1c" + bytes(50), b""):
        with pytest.raises(ReadFault) as caught:
            unpack_locked_seven(data, told("密码：a1", limits), ROOM, BROKEN)
        assert caught.value is BROKEN


def test_empty_members_and_folders_are_told(limits: Limits) -> None:
    out = unpack(seven({"空.txt": b"", "a.csv": b"x"}, "a1"), SEVEN_ZIP, told("密码a1", limits), ROOM)
    assert ([member.name for member in out.members], out.left_out) == (["a.csv"], ("空.txt",))


@pytest.mark.parametrize(
    "files",
    [{"a": bytes(26_000_000)}, {f"{n}": bytes(9_000_000) for n in range(3)}, {f"{n}": b"x" for n in range(201)}],
)
def test_a_locked_bomb_is_one_before_anything_comes_out(files: dict[str, bytes], limits: Limits) -> None:
    room = Room(members=200, bytes=20_000_000, member_bytes=25_000_000, ratio=200)
    with pytest.raises(ReadFault) as caught:
        unpack(seven(files, "a1"), SEVEN_ZIP, told("密码a1", limits), room)
    assert caught.value.kind is FaultKind.BOMB


def test_a_name_that_leads_out_writes_nothing(limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain = seven({"aaaaaa.txt": b"x"}, "a1", bare=True)
    name, worse = "aaaaaa.txt".encode("utf-16-le"), "../../.txt".encode("utf-16-le")
    hostile = _with_header(plain, name, worse)  # py7zr itself refuses to write such a name
    assert hostile != plain
    with pytest.raises(ReadFault):
        unpack(hostile, SEVEN_ZIP, told("密码a1", limits), ROOM)
    assert list(tmp_path.rglob("*")) == []


def _with_header(data: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with its plain header changed and its sums made right again."""
    offset, size = struct.unpack_from("<QQ", data, 12)
    changed = bytearray(data.replace(old, new))
    struct.pack_into("<I", changed, 28, zlib.crc32(bytes(changed[32 + offset : 32 + offset + size])))
    struct.pack_into("<I", changed, 8, zlib.crc32(bytes(changed[12:32])))
    return bytes(changed)


@examples(12)
@given(st.data())
def test_mutated_locked_archives_never_raise_anything_else(limits: Limits, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([LOCKED, HIDDEN])))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(60, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        out = unpack_locked_seven(bytes(raw), told("密码：cq#2020", limits), ROOM, BROKEN)
    except (ReadFault, MemoryError):
        return
    assert {member.name: member.data for member in out.members}.items() <= FILES.items()
