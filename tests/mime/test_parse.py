"""Whole mails: nothing lost, nothing damaged, every limit held, nothing raises."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.content import MESSAGE, XLSX
from mailbot.domain.limits import MailLimits
from mailbot.mime.parse import Parsed, parse
from tests.examples import examples
from tests.mime.mails import FILE, HEAD, MAILS, XLSX_HEAD, file_part, mail, mixed, text_part


def read(name: str, limits: MailLimits) -> Parsed:
    return parse(MAILS[name], limits)


WITH_THE_FILE = [name for name, raw in MAILS.items() if b"UEsDBCBub3Qg" in raw and not name.startswith("forward")]


@pytest.mark.parametrize("name", WITH_THE_FILE)
def test_the_file_comes_out_byte_for_byte(name: str, limits: MailLimits) -> None:
    parsed = read(name, limits)
    assert FILE in [part.data for part in parsed.parts]
    for part in parsed.parts:
        assert part.part.sha256 == hashlib.sha256(part.data).hexdigest()
        assert part.part.size == len(part.data)
    assert [found.part for found in parsed.parts] == list(parsed.mail.parts)
    assert [part.number for part in parsed.mail.parts] == list(range(1, len(parsed.parts) + 1))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("raw utf-8 name", "名单.xlsx"),
        ("raw gbk name", "名单.xlsx"),
        ("rfc 2231", "名单.xlsx"),
        ("rfc 2047 in quotes", "名单.xlsx"),
        ("no name at all", "附件1.zip"),
        ("traversal", "x.xlsx"),
        ("excel as plain text", "附件1.zip"),
        ("excel is the mail", "a.xlsx"),
    ],
)
def test_names(name: str, shown: str, limits: MailLimits) -> None:
    assert read(name, limits).mail.parts[0].name == shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mislabelled gb2312", "朱镕基 喆 䶮 𠀀 名单"),
        ("utf-8 called gbk", "报名名单见附件"),
        ("gbk called utf-8", "报名名单见附件"),
        ("unknown charset", "报名名单"),
        ("raw gbk headers", "正文"),
        ("no headers", "just text\nand more"),
        ("boundary never opens", "text without parts"),
        ("punycode charset", "abc\ufffd"),
    ],
)
def test_texts(name: str, text: str, limits: MailLimits) -> None:
    assert read(name, limits).mail.text == text


def test_headers(limits: MailLimits) -> None:
    raw = (
        b"Authentication-Results: mx.cqhrsp.com; spf=pass\r\nReceived: a\r\nReceived: b\r\nX-Autoreply: yes\r\n"
        b"Comments: gone\r\nReply-To: x@y.example\r\nIn-Reply-To: <a@b> (1)\r\nReferences: <c@d>\r\n <a@b>\r\n" + HEAD
    )
    found = parse(raw + b"Subject: =?gb2312?B?w/u1pQ==?=\r\nCc: a@b.example, c@d.example\r\n\r\nx", limits).mail
    assert (found.subject, found.message_id) == ("名单", "<m1@unit.example>")
    assert found.from_values == ("张三 <hr@unit.example>",)
    assert (found.to, found.cc) == (("2020gxkm@cqhrsp.com",), ("a@b.example", "c@d.example"))
    assert (found.in_reply_to, found.references) == (("<a@b>",), ("<c@d>", "<a@b>"))
    assert found.header("received") == ("a", "b")
    assert found.header("x-autoreply") == ("yes",)
    assert found.header("authentication-results") == ("mx.cqhrsp.com; spf=pass",)
    assert found.reply_to == ("x@y.example",)
    assert found.header("comments") == ()


@pytest.mark.parametrize(("raw", "shown"), [(b"a@b", "<a@b>"), (b"<a@b> x", "<a@b>"), (b"a b", None), (b"", None)])
def test_message_ids(raw: bytes, shown: str | None, limits: MailLimits) -> None:
    assert parse(b"Message-ID: " + raw + b"\r\n\r\n", limits).mail.message_id == shown


def test_two_of_a_kind_are_marked_and_all_senders_kept(limits: MailLimits) -> None:
    parsed = parse(b"From: a@b.example\r\nFrom: c@d.example\r\nSubject: 1\r\nSubject: 2\r\n\r\n", limits)
    assert parsed.mail.from_values == ("a@b.example", "c@d.example")
    assert parsed.mail.subject == "1"
    assert parsed.mail.marks == ("repair.repeated_header",)


@pytest.mark.parametrize("name", ["forward", "forward in base64"])
def test_a_mail_inside_a_mail_is_walked_with_its_path(name: str, limits: MailLimits) -> None:
    parsed = read(name, limits)
    outer, inner = parsed.mail.parts
    assert outer.type == MESSAGE
    assert (inner.name, inner.member) == (outer.name, "a.xlsx")
    assert parsed.parts[1].data == FILE
    assert parsed.mail.subject == "roster"
    assert "inner" in parsed.mail.quoted


def test_forwards_are_opened_to_their_depth(limits: MailLimits) -> None:
    raw = mixed(file_part(FILE))
    for _ in range(limits.forward_depth + 3):
        raw = mixed(b"Content-Type: message/rfc822\r\n\r\n" + raw)
    parsed = parse(raw, limits)
    assert [part.type for part in parsed.mail.parts] == [MESSAGE] * (limits.forward_depth + 1)
    assert parsed.mail.parts[-1].member == "/".join([f"附件{n}.eml" for n in range(2, limits.forward_depth + 2)])
    assert "mail.forward_too_deep" in parsed.mail.marks


def test_inline_pictures_are_told_apart(limits: MailLimits) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    cid = file_part(png, b"Content-Type: image/png", b"Content-ID: <1>")
    inline = file_part(FILE, b'Content-Disposition: inline; filename="a.xlsx"')
    parts = parse(mixed(cid, inline, file_part(png)), limits).mail.parts
    assert [(part.type, part.inline) for part in parts][::2] == [("image/png", True), ("image/png", False)]
    assert parts[1].inline


def test_type_is_told_by_content_not_by_name(limits: MailLimits) -> None:
    part = file_part(b"%PDF-1.4 x", b'Content-Type: application/vnd.ms-excel; name="a.xlsx"')
    assert parse(mixed(part), limits).mail.parts[0].type == "application/pdf"
    assert XLSX_HEAD.startswith(b"PK")
    assert read("rfc 2231", limits).mail.parts[0].type != XLSX


def test_the_quote_is_set_apart(limits: MailLimits) -> None:
    raw = mixed(text_part("补充订单号\r\n\r\n-----原始邮件-----\r\n旧内容".encode()))
    found = parse(raw, limits).mail
    assert (found.text, found.quoted) == ("补充订单号", "-----原始邮件-----\n旧内容")


def test_a_mail_that_is_too_big_keeps_its_headers(limits: MailLimits) -> None:
    small = limits.model_copy(update={"bytes": 1_000})
    parsed = parse(mixed(file_part(FILE * 10)), small)
    assert (parsed.mail.subject, parsed.parts) == ("roster", ())
    assert parsed.mail.marks == ("mail.too_big",)


def test_a_mail_of_many_parts_is_bounded(limits: MailLimits) -> None:
    parsed = parse(mixed(*[b"Content-Type: text/plain\r\n\r\nx"] * 3_000), limits)
    assert "mail.too_many_parts" in parsed.mail.marks
    many = parse(mixed(*[file_part(FILE)] * 80), limits)
    assert len(many.parts) == limits.attachments
    assert "mail.too_many_attachments" in many.mail.marks


@pytest.mark.parametrize("depth", [99, 100, 101, 1_500])
def test_a_mail_of_many_levels_is_bounded(depth: int, limits: MailLimits) -> None:
    lines = [b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d' % (n, n) for n in range(depth)]
    raw = HEAD + b"\r\n".join(lines) + b"\r\nContent-Type: text/plain\r\n\r\ndeep"
    parsed = parse(raw, limits)
    assert parsed.mail.from_values == ("张三 <hr@unit.example>",)
    assert ("mail.too_deep" in parsed.mail.marks) == (depth >= limits.depth)


def test_many_recipients_and_hops_are_bounded(limits: MailLimits) -> None:
    received = b"".join(b"Received: from %d\r\n" % n for n in range(200))
    raw = received + b"To: " + b", ".join(b"u%d@b.example" % n for n in range(5_000)) + b"\r\nSubject: s\r\n\r\nx"
    found = parse(raw, limits).mail
    assert len(found.to) == limits.addresses
    assert len(found.header("received")) == limits.received_lines + 1
    assert found.subject == "s"


def test_control_characters_never_come_through(limits: MailLimits) -> None:
    raw = mail(b"Subject: =?utf-8?B?YQ0KQmNjOiB2QHg=?=", b"X-Robot: =?utf-8?B?AAAKYg==?=", b"", b"x\x00\x1b[2Jy")
    found = parse(raw, limits).mail
    assert found.subject == "a Bcc: v@x"
    assert found.header("x-robot") == ("b",)
    assert found.text == "x[2Jy"


@pytest.mark.parametrize("name", MAILS)
def test_the_result_survives_json(name: str, limits: MailLimits) -> None:
    found = read(name, limits).mail
    assert type(found).model_validate_json(found.model_dump_json(), strict=True) == found


@examples(150)
@given(st.data())
def test_mutated_mails_never_raise(limits: MailLimits, data: st.DataObject) -> None:
    raw = bytearray(MAILS[data.draw(st.sampled_from(sorted(MAILS)))])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw)))
        piece = data.draw(
            st.sampled_from([b"", b"\r\n", b"\0", b"--B0", b"--B0--", b'"', b";", b"\xff", b"=?gbk?B?", b": "])
        )
        raw[at : at + data.draw(st.integers(0, 20))] = piece
    parse(bytes(raw), limits).mail.model_dump_json()


@given(st.binary(max_size=500))
def test_any_bytes_never_raise(limits: MailLimits, raw: bytes) -> None:
    parse(raw, limits).mail.model_dump_json()


def test_nine_thousand_recipients_are_cut_with_a_mark(limits: MailLimits) -> None:
    raw = b"From: a@b.example\r\nTo: " + b",\r\n ".join(b"u%d@b.example" % n for n in range(9_000)) + b"\r\n\r\nx"
    found = parse(raw, limits).mail
    assert len(found.to) == limits.addresses
    assert {"mail.headers_cut", "mail.too_many_addresses"} <= set(found.marks)
    assert found.from_values == ("a@b.example",)


def test_what_a_quote_lost_is_no_matter_of_the_mail(limits: MailLimits) -> None:
    quote = "补充订单号\n\n-----原始邮件-----\n" + "旧" * limits.text_characters
    parsed = parse(mixed(text_part(quote.encode())), limits)
    assert parsed.mail.text == "补充订单号"
    assert parsed.mail.marks == ("repair.quote_cut",)


def test_a_stub_beside_the_page_gives_way_to_it(limits: MailLimits) -> None:
    stub, page = (
        text_part("请用 HTML 查看。".encode()),
        text_part(f"<p>{'名单共三十人。' * 60}</p>".encode(), kind=b"html"),
    )
    body = b'Content-Type: multipart/alternative; boundary="A"\r\n\r\n--A\r\n' + stub + b"\r\n--A\r\n" + page
    assert parse(mixed(body + b"\r\n--A--\r\n"), limits).mail.text.startswith("名单共三十人。")
    same = text_part("<p>请用 HTML 查看。</p>".encode(), kind=b"html")
    body = b'Content-Type: multipart/alternative; boundary="A"\r\n\r\n--A\r\n' + stub + b"\r\n--A\r\n" + same
    assert parse(mixed(body + b"\r\n--A--\r\n"), limits).mail.text == "请用 HTML 查看。"
