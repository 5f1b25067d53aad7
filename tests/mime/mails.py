"""Hard mails of the kinds that Chinese clients, gateways and attackers send, as bytes, by name. All people are invented."""

import base64
from collections.abc import Sequence

XLSX_HEAD = b"PK\x03\x04 not really a workbook"
HEAD = b"From: =?gb2312?B?1cXI/Q==?= <hr@unit.example>\r\nTo: 2020gxkm@cqhrsp.com\r\nMessage-ID: <m1@unit.example>\r\n"


def mail(*lines: bytes, head: bytes = HEAD) -> bytes:
    return head + b"\r\n".join(lines)


def mixed(*parts: bytes, head: bytes = HEAD, subject: bytes = b"Subject: roster") -> bytes:
    mark = b"B%d" % sum(part.count(b"boundary=") for part in parts)
    body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts)
    return head + subject + b'\r\nContent-Type: multipart/mixed; boundary="%s"\r\n\r\n%s--%s--\r\n' % (mark, body, mark)


def text_part(data: bytes, charset: bytes = b"utf-8", kind: bytes = b"plain") -> bytes:
    encoded = base64.encodebytes(data)
    return b"Content-Type: text/%s; charset=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s" % (
        kind,
        charset,
        encoded,
    )


def file_part(data: bytes, *headers: bytes, encoding: bytes = b"base64") -> bytes:
    lines: Sequence[bytes] = headers or (b'Content-Disposition: attachment; filename="a.xlsx"',)
    return b"\r\n".join([*lines, b"Content-Transfer-Encoding: " + encoding, b"", base64.encodebytes(data)])


GBK_ONLY = "朱镕基 喆 䶮 𠀀 名单".encode("gb18030")
FILE = XLSX_HEAD + bytes(range(256))

MAILS: dict[str, bytes] = {
    "plain": mail(b"Subject: hi", b"", b"hello"),
    "empty": b"",
    "headers only": HEAD,
    "no headers": b"just text\r\nand more\r\n",
    "mislabelled gb2312": mixed(text_part(GBK_ONLY, b"gb2312"), file_part(FILE)),
    "utf-8 called gbk": mixed(text_part("报名名单见附件".encode(), b"gbk"), file_part(FILE)),
    "gbk called utf-8": mixed(text_part("报名名单见附件".encode("gbk"), b"utf-8")),
    "unknown charset": mixed(text_part("报名名单".encode("gbk"), b"x-unknown")),
    "raw gbk headers": mail("Subject: 报名名单".encode("gbk"), b"", "正文".encode("gbk")),
    "raw utf-8 name": mixed(file_part(FILE, 'Content-Disposition: attachment; filename="名单.xlsx"'.encode())),
    "raw gbk name": mixed(file_part(FILE, 'Content-Disposition: attachment; filename="名单.xlsx"'.encode("gbk"))),
    "rfc 2231": mixed(
        file_part(
            FILE,
            b"Content-Disposition: attachment;\r\n filename*0*=gbk''%C3%FB;\r\n filename*1*=%B5%A5;\r\n filename*2=.xlsx",
        )
    ),
    "rfc 2047 in quotes": mixed(
        file_part(FILE, b'Content-Type: application/octet-stream; name="=?gb2312?B?w/u1pS54bHN4?="')
    ),
    "no name at all": mixed(file_part(FILE, b"Content-Type: application/octet-stream")),
    "traversal": mixed(file_part(FILE, b'Content-Disposition: attachment; filename="../../etc/cron.d/x.xlsx"')),
    "base64 with a tail": mixed(file_part(FILE) + b"\r\n_____________________\r\nScanned by Gateway. All clear\r\n"),
    "odd encodings": mixed(file_part(FILE, encoding=b"BASE64; "), file_part(FILE, encoding=b" Base64")),
    "base64 without padding": mixed(
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(FILE).rstrip(b"=")
    ),
    "excel as plain text": mixed(
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(FILE)
    ),
    "excel is the mail": HEAD
    + b"Subject: roster\r\nContent-Type: application/vnd.ms-excel; name=a.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(FILE),
    "bom and blank lines": b"\xef\xbb\xbf\r\n\r\n" + mixed(file_part(FILE)),
    "mbox line": b"From hr@unit.example Wed Jul  8 10:00:00 2020\r\n" + mixed(file_part(FILE)),
    "junk header line": HEAD + b"this line is no header\r\n" + mixed(file_part(FILE), head=b""),
    "bare cr": mixed(file_part(FILE)).replace(b"\r\n", b"\r"),
    "cr cr lf": mixed(file_part(FILE)).replace(b"\r\n", b"\r\r\n"),
    "bare lf": mixed(file_part(FILE)).replace(b"\r\n", b"\n"),
    "nul in headers": mixed(file_part(FILE), subject=b"Subject: a\0b"),
    "no final boundary": mixed(file_part(FILE)).replace(b"--B0--\r\n", b""),
    "boundary never opens": HEAD + b'Content-Type: multipart/mixed; boundary="X"\r\n\r\ntext without parts\r\n',
    "bad rfc 2231 boundary": HEAD
    + b"Content-Type: multipart/mixed; boundary*0*=x'y; boundary*=\r\n\r\n--x\r\n\r\nhi\r\n",
    "forward": mixed(
        text_part("转发".encode()),
        b"Content-Type: message/rfc822\r\n\r\n" + mixed(file_part(FILE), subject=b"Subject: inner"),
    ),
    "forward in base64": mixed(
        b'Content-Type: application/octet-stream; name="old.eml"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(mixed(file_part(FILE), subject=b"Subject: inner"))
    ),
    "punycode charset": mixed(text_part(b"abc\xe9", b"punycode")),
    "two subjects": mail(b"Subject: first", b"Subject: second", b"", b"x"),
}
