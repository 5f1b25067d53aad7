"""What bytes are, by their content."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain import content
from mailbot.domain.content import delimiter, is_message, markup_text, media_type, plain_text
from tools.stories import binaries, formats, units
from tools.stories.books import patched
from tools.stories.books import xlsx as written
from tools.stories.broken import word_form
from tools.stories.cells import rows
from tools.stories.people import people
from tools.stories.sheets import Sheet, lay

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


GRID = lay(Sheet(units.SURVEY, rows(people(0, 3))))
BOOK = written([GRID])
XML = formats.xml_sheet([GRID])


def respelt(data: bytes, old: str, new: str) -> bytes:
    """The package with one member under another name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name.replace(old, new), source.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (respelt(BOOK, "xl/workbook.xml", "XL\\Workbook.xml"), content.XLSX),
        (respelt(BOOK, "xl/workbook.xml", "xl/book7.xml"), content.XLSX),
        (respelt(formats.with_macros([GRID]), "xl/", "excel/"), content.XLSM),
        (respelt(word_form((("甲", "乙"),), "名单"), "word/document.xml", "word/document2.xml"), content.DOCX),
        (formats.strict([GRID]), content.XLSX),
        (formats.ods([GRID]), content.ODS),
        (respelt(formats.ods([GRID]), "mimetype", "Mimetype"), content.ODS),
        (formats.ods([GRID])[:900], content.ODS),
        (formats.flat_ods([GRID]), content.FLAT_ODS),
        (archive("content.xml", "META-INF/manifest.xml"), content.ZIP),
        (binaries.xlsb([GRID]), content.XLSB),
    ],
)
def test_packages_of_odd_writers(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


def test_a_member_that_cannot_be_read_says_nothing() -> None:
    odd = respelt(BOOK, "xl/workbook.xml", "xl/book7.xml")
    place = odd.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    assert media_type(odd[:place] + b"\xff" * 40 + odd[place + 40 :]) == content.ZIP


def test_content_types_are_read_within_bounds() -> None:
    def swollen(member: str, data: bytes) -> bytes:
        return b" " * 5_000_000 + data if member == "[Content_Types].xml" else data

    assert media_type(respelt(patched(BOOK, swollen), "xl/workbook.xml", "xl/book7.xml")) == content.ZIP


XLS = formats.xls([GRID])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (XLS, content.XLS),
        (formats.renamed_stream(XLS, "ETWorkbook"), content.XLS),
        (formats.renamed_stream(XLS, "BOOK"), content.XLS),
        (formats.renamed_stream(XLS, "WordDocument"), content.DOC),
        (XLS[: len(XLS) // 2], content.XLS),
        (binaries.excel5(GRID), content.XLS),
        (binaries.excel2(GRID), content.XLS),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(40), content.XLS),
        (OLE[:512] + b"\xec\xa5\xc1\x00" + bytes(100), content.DOC),
    ],
)
def test_compound_files_are_told_by_their_root(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


def test_a_workbook_inside_a_word_file_does_not_make_it_one() -> None:
    """A name anywhere in the bytes says nothing while the directory can be read."""
    inside = formats.renamed_stream(XLS, "Contents").replace(b"\x09\x08\x10\x00", b"\x09\x00\x00\x00", 1)
    assert media_type(inside + "Workbook".encode("utf-16-le") + b"\0\0" + bytes(494)) == "application/x-ole-storage"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_markup_in_every_charset(charset: str) -> None:
    page = "<html><body><table><tr><td>甲</td></tr></table></body></html>"
    assert media_type(page.encode(charset)) == content.HTML
    assert media_type(formats.xml_sheet([GRID], charset)) == content.XML_SHEET


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<!-- saved by x --><style>td{}</style>" + " " * 4000 + "<table><tr><td>1", content.HTML),
        ("<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN'><html xmlns='x'>", content.HTML),
        ("<meta http-equiv=Content-Type content='text/html;charset=gbk'><table>", content.HTML),
        ("<ss:Workbook xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>", content.XML_SHEET),
        ("<?xml version='1.0'?><!-- <html> --><x/>", "application/xml"),
        ("<html xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>", content.HTML),
        ("Warning: deprecated in x.php\n<table><tr><td>1", content.HTML),
        ("<svg><path/></svg>", "text/plain"),
        ("<", "text/plain"),
    ],
)
def test_markup_is_told_by_its_first_element(text: str, kind: str) -> None:
    assert media_type(text.encode()) == kind


LONG = "姓名,身份证号码\r\n" + "".join(f"谭丽华{n},5001031990{n:08d}\r\n" for n in range(40))


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_broken_bytes_cost_themselves_alone(charset: str) -> None:
    data = LONG.encode(charset)
    cut = data[:-3] + "镕".encode(charset)[:1]
    text = plain_text(cut)
    assert text == cut.decode(charset, "replace")
    assert text is not None
    assert text.startswith(LONG[:200])
    assert text.count("\ufffd") == 1


@given(st.integers(0, len(LONG.encode()) - 1), st.sampled_from([b"\xff", b"\x80", b"\xe8"]))
def test_broken_utf_8_is_never_read_as_gb18030(place: int, byte: bytes) -> None:
    data = LONG.encode()
    text = plain_text(data[:place] + byte + data[place:])
    assert text is not None
    assert text.replace("\ufffd", "").count("谭") >= 39


@given(st.binary(min_size=64, max_size=400))
def test_noise_is_no_text(noise: bytes) -> None:
    assert plain_text(noise.replace(b"\0", b"\1") + b"\x01\x02") is None
    assert plain_text(noise + b"\0\0\1\1" * 200) is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<meta charset=gb2312>镕".encode(), "<meta charset=gb2312>镕"),
        ("<meta charset=utf-8>镕".encode("gb18030"), "<meta charset=utf-8>镕"),
        ("<meta charset=iso-8859-1>镕喆".encode("gb18030"), "<meta charset=iso-8859-1>镕喆"),
        ("<meta charset=big5>張三豐".encode("big5"), "<meta charset=big5>張三豐"),
        ("<meta charset=no-such-thing>甲".encode("gb18030"), "<meta charset=no-such-thing>甲"),
        ("<?xml version='1.0' encoding='big5'?>陳".encode("big5"), "<?xml version='1.0' encoding='big5'?>陳"),
        ("<p>甲\x01乙".encode(), "<p>甲乙"),
        ("<p>甲乙丙".encode("gb18030") + b"\xff", "<p>甲乙丙\ufffd"),
        ("\ufeff<p>甲".encode("utf-16-le") + b"\x41", "<p>甲\ufffd"),
    ],
)
def test_markup_always_has_a_text(data: bytes, text: str) -> None:
    assert markup_text(data) == text


@given(st.binary(max_size=300), st.sampled_from([b"", b"<meta charset=big5>", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_any_bytes_have_a_markup_text(data: bytes, head: bytes) -> None:
    assert "\0" not in markup_text(head + data)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("sep=*\r\na*b\r\n", "*"),
        ("SEP=;\na,b\n", ";"),
        ("姓名\uff0c证件\uff0c电话\n甲\uff0c1\uff0c2\n乙\uff0c3\uff0c4\n", "\uff0c"),
        ("各位老师\uff0c好\n名单见附件\uff0c请查收\uff0c谢谢\n单位\n", None),
        ("您好\uff0c附件是名单\uff0c请查收。\n另外\uff0c缴费\uff0c已完成。\n再见\uff0c祝好\uff0c谢谢。\n", None),
        ("| 姓名 | 电话 |\n|---|---|\n| 甲 | 1 |\n", "|"),
        ("1,甲,500\t,138\t\n2,乙,501\t,139\t\n3,丙,502\t,137\t\n", ","),
        ("1\t甲\t重庆市,渝中区\n2\t乙\t重庆市,江北区\n", "\t"),
        ("名单\n单位,某公司\n姓名,证件,电话\n甲,1,2\n", ","),
    ],
)
def test_delimiters_of_clerks(text: str, mark: str | None) -> None:
    assert delimiter(text) == mark
