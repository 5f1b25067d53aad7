"""Office files under a password: opened with what the mail tells, and with what Excel itself sets."""

import io
import struct
from hashlib import md5
from pathlib import Path

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from msoffcrypto.method.rc4 import DocumentRC4
from xlwt.CompoundDoc import XlsDoc

from mailbot.domain.content import ENCRYPTED_OFFICE, XLS, XLSX, media_type
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.base import ReadFault
from mailbot.readers.encrypted import READER, unlock
from mailbot.readers.keys import Keys
from mailbot.readers.sample import sample_workbook
from tests.examples import examples
from tools.packed import locked_office

BOOK = sample_workbook()
LOCKED = locked_office(BOOK, "Cq#2020")
_BOF, _FILE_PASS, _SHEET, _INTERFACE = 0x0809, 0x002F, 0x0085, 0x00E1


def old_workbook() -> bytes:
    """The records of a workbook of Excel 97 to 2003."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    for row, text in enumerate(("姓名", "甲", "乙")):
        sheet.write(row, 0, text)
    return bytes(book.get_biff_data())


def compound(stream: bytes) -> bytes:
    out = io.BytesIO()
    XlsDoc().save(out, stream)
    return out.getvalue()


def locked_xls(password: str) -> bytes:
    """A workbook whose records are encrypted with RC4 ([MS-OFFCRYPTO], 2.3.6; [MS-XLS], 2.2.10)."""
    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    check = DocumentRC4.decrypt(password, salt, io.BytesIO(verifier + md5(verifier).digest()), 1024).read()  # noqa: S324
    told = struct.pack("<HHH", 1, 1, 1) + salt + check
    lock = struct.pack("<HH", _FILE_PASS, len(told)) + told
    plain = with_record(old_workbook(), lock)
    stream = DocumentRC4.decrypt(password, salt, io.BytesIO(plain), 1024).read()
    out = bytearray(stream)
    for kind, at, size in records(plain):
        kept = {_BOF: size, _FILE_PASS: size, _INTERFACE: size, _SHEET: 4}.get(kind, 0)
        out[at : at + 4 + kept] = plain[at : at + 4 + kept]
    return compound(bytes(out))


def records(stream: bytes) -> list[tuple[int, int, int]]:
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        found.append((kind, at, size))
        at += 4 + size
    return found


def with_record(stream: bytes, record: bytes) -> bytes:
    """The records with one more behind the first, and the places of the sheets moved by it."""
    _, _, first = records(stream)[0]
    out = bytearray(stream)
    for kind, at, _ in records(stream):
        if kind == _SHEET:
            struct.pack_into("<I", out, at + 4, struct.unpack_from("<I", stream, at + 4)[0] + len(record))
    return bytes(out[: 4 + first]) + record + bytes(out[4 + first :])


def told(text: str, limits: Limits) -> Keys:
    return Keys([text], limits.container)


def fault_of(data: bytes, keys: Keys) -> ReadFault:
    with pytest.raises(ReadFault) as caught:
        unlock(data, media_type(data), keys)
    return caught.value


@pytest.mark.parametrize(
    "text", ["密码：Cq#2020", "附件密码为“Cq#2020”，请查收", "密码：Ｃｑ＃２０２０", "密码wrong1 密码：Cq#2020"]
)
def test_a_workbook_opens_with_the_password_that_the_mail_tells(text: str, limits: Limits) -> None:
    assert media_type(LOCKED) == ENCRYPTED_OFFICE
    opened = unlock(LOCKED, ENCRYPTED_OFFICE, told(text, limits))
    assert (opened, media_type(opened)) == (BOOK, XLSX)


@pytest.mark.parametrize("text", ["见附件", "密码：cq#2020", "密码为手机后四位", "Cq#2020"])
def test_it_stays_shut_without(text: str, limits: Limits) -> None:
    fault = fault_of(LOCKED, told(text, limits))
    assert fault.kind is FaultKind.PASSWORD
    assert "2020" not in fault.detail


def test_the_password_that_excel_itself_sets_need_not_be_told(limits: Limits) -> None:
    keys = told("见附件", limits)
    assert unlock(locked_office(BOOK, "VelvetSweatshop"), ENCRYPTED_OFFICE, keys) == BOOK
    assert unlock(locked_xls("VelvetSweatshop"), XLS, keys) != locked_xls("VelvetSweatshop")


def test_an_old_workbook_opens_too(limits: Limits) -> None:
    data = locked_xls("a1b2")
    assert media_type(data) == XLS
    opened = unlock(data, XLS, told("密码：a1b2", limits))
    assert "甲".encode("utf-16-le") in opened
    assert "甲".encode("utf-16-le") not in data
    assert fault_of(data, told("密码：a1b3", limits)).kind is FaultKind.PASSWORD


def test_what_has_no_password_is_left_alone(limits: Limits) -> None:
    keys = told("密码：a1", limits)
    for data in (BOOK, compound(old_workbook()), b"a,b\n1,2\n", b""):
        assert unlock(data, media_type(data), keys) is data
    assert list(keys.each()) == ["a1"]


def test_a_broken_old_workbook_is_for_its_reader_to_judge(limits: Limits) -> None:
    data = compound(old_workbook())[:1500]
    assert unlock(data, XLS, told("", limits)) is data


@pytest.mark.parametrize("data", [LOCKED[:600], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_an_encryption_that_is_not_understood_asks_for_the_file_without_it(data: bytes, limits: Limits) -> None:
    with pytest.raises(ReadFault) as caught:
        unlock(data, ENCRYPTED_OFFICE, told("密码：Cq#2020", limits))
    assert caught.value.kind is FaultKind.PASSWORD


def test_tries_are_bounded(limits: Limits) -> None:
    few = limits.container.model_copy(update={"tries": 2})
    keys = Keys(["密码：a1 密码：b2 密码：Cq#2020"], few)
    assert fault_of(LOCKED, keys).kind is FaultKind.PASSWORD
    assert list(keys.each()) == []


def test_what_opened_one_file_opens_the_next_at_once(limits: Limits) -> None:
    keys = Keys(["密码：a1 密码：Cq#2020"], limits.container.model_copy(update={"tries": 3}))
    assert unlock(LOCKED, ENCRYPTED_OFFICE, keys) == unlock(LOCKED, ENCRYPTED_OFFICE, keys) == BOOK


def test_the_reader_claims_what_stayed_shut_and_reads_none(limits: Limits) -> None:
    assert READER.claims(ENCRYPTED_OFFICE)
    assert not READER.claims(XLSX)
    with pytest.raises(ReadFault) as caught:
        READER.read(LOCKED, limits)
    assert caught.value.kind is FaultKind.PASSWORD


def test_nothing_is_left_behind(limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    unlock(locked_xls("a1"), XLS, told("密码a1", limits))
    assert list(tmp_path.rglob("*")) == []


@examples(8)
@given(st.data())
def test_mutated_files_never_raise_anything_else(limits: Limits, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([LOCKED, locked_xls("a1")])))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(8, len(raw) - 1))] = data.draw(st.integers(0, 255))
    for media in (ENCRYPTED_OFFICE, XLS):
        try:
            unlock(bytes(raw), media, Keys([], limits.container))
        except (ReadFault, MemoryError):
            continue
