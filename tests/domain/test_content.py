"""What bytes are, by their content."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain import content
from mailbot.domain.content import delimiter, is_message, media_type, plain_text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def archive(*names: str, inner: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, inner)
    return out.getvalue()


def stream(name: str) -> bytes:
    return OLE + name.encode("utf-16-le") + b"\0\0"


XLSX = archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (XLSX, content.XLSX),
        (archive("xl/workbook.xml", "xl/vbaProject.bin"), content.XLSM),
        (archive("xl/workbook.bin"), content.XLSB),
        (archive("word/document.xml"), content.DOCX),
        (archive("名单.xlsx", inner=XLSX), "application/zip"),
        (XLSX[: len(XLSX) // 2], content.XLSX),
        (archive("a.txt")[:40], "application/zip"),
        (b"Rar!\x1a\x07\x01\x00" + XLSX, "application/vnd.rar"),
        (stream("EncryptedPackage"), content.ENCRYPTED_OFFICE),
        (stream("Workbook"), content.XLS),
        (stream("WordDocument"), content.DOC),
        (OLE, "application/x-ole-storage"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"BM\x46\0\0\0\0\0\0\0", "image/bmp"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (b"<html><body>", "text/html"),
        (b"\xef\xbb\xbf  <table border=1>", "text/html"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', content.XML_SHEET),
        (b"<?xml version='1.0'?><a/>", "application/xml"),
        (b"From: a@b\r\nSubject: x\r\n\r\nhi", content.MESSAGE),
        ("姓名,电话,备注\n甲,1,\n乙,2,\n".encode("gbk"), content.CSV),
        ("姓名\t电话\n甲\t1\n".encode("utf-16"), content.TSV),
        ("姓名;电话\n甲;1\n".encode(), content.CSV),
        ("各位老师好，名单如附件。\n谢谢\n".encode(), "text/plain"),
        (b"\x00\x01\x02\x03\xff", content.UNKNOWN_TYPE),
        (b"", "text/plain"),
    ],
)
def test_media_type(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", OLE, b"<?xml", b"From: a\r\nTo: b\r\n", XLSX]))
def test_any_bytes_have_a_type(data: bytes, head: bytes) -> None:
    assert "/" in media_type(head + data)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_finds_the_text_of_an_undeclared_charset(charset: str) -> None:
    text = "姓名,身份证号码\r\n镕喆,500103199003070012\r\n"
    assert plain_text(text.encode(charset)) == text


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03", bytes(range(256)), b"\xff\xfe\x00"])
def test_binary_is_no_text(data: bytes) -> None:
    assert plain_text(data) is None


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("单位,重庆某公司\n联系人,甲\n电话,1\n订单,2\n姓名,证件,电话\n甲,1,2\n乙,3,4\n丙,5,6\n", ","),
        ("a\tb\n1\t2,5\n", "\t"),
        ("a;b\n1;2\n", ";"),
        ('"甲, 乙",b,d\n"丙, 丁",c,e\n', ","),
        ("one line, only", None),
        ("Dear all, please find\nthe list attached, thanks\nbye\n", None),
        ("no\nmarks\nat all", None),
    ],
)
def test_delimiter(text: str, mark: str | None) -> None:
    assert delimiter(text) == mark


def test_a_form_in_text_is_no_mail() -> None:
    assert not is_message("单位: 甲\n电话: 1\n".encode())
    assert not is_message(b"name: a\r\nphone: b\r\n\r\n")
    assert is_message(b"Received: x\r\n by y\r\nDate: z\r\n\r\n")
