"""The tree: nothing in a header makes the parser raise, leaves come in order, mails inside stay closed."""

from email.policy import Policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.limits import MailLimits
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.tree import Leaf, Node, leaves, parse_tree, to_bytes
from tests.mime.conftest import shipped
from tests.mime.mails import HEAD, file_part, mixed, text_part

LIMITS = shipped()


def tree(raw: bytes) -> Node:
    return parse_tree(raw, LIMITS, Marks())


def walk(raw: bytes, limits: MailLimits) -> list[Leaf]:
    return list(leaves(tree(raw), limits, Marks()))


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (b"text/html; charset=gbk", "text/html"),
        (b"TEXT/HTML", "text/html"),
        (b'"text/html"', "text/html"),
        (b"", "text/plain"),
        (b"nonsense", "text/plain"),
        (b"a/b/c", "text/plain"),
        (b"message/rfc822", "application/octet-stream"),
        (b"message/delivery-status", "application/octet-stream"),
        ("文本/plain".encode("gbk"), "text/plain"),
    ],
)
def test_content_types(header: bytes, kind: str) -> None:
    found = tree(b"Content-Type: " + header + b"\r\n\r\nx").get_content_type()
    assert found == kind or (found.endswith("/plain") and not header.isascii())


@pytest.mark.parametrize(
    ("parameter", "boundary"),
    [
        (b'boundary="a b"', "a b"),
        (b"boundary=a", "a"),
        (b"boundary*=utf-8''a%20b", "a b"),
        (b"boundary*0=a; boundary*1=b", "ab"),
        (b'boundary="=_\\"x"', '=_"x'),
        (b"charset=x", None),
        (b'boundary=""', None),
    ],
)
def test_boundaries(parameter: bytes, boundary: str | None) -> None:
    assert tree(b"Content-Type: multipart/mixed; " + parameter + b"\r\n\r\n").get_boundary() == boundary


@given(st.binary(max_size=120))
def test_no_structure_header_raises(limits: MailLimits, value: bytes) -> None:
    value = value.replace(b"\r", b" ").replace(b"\n", b" ")
    raw = b"Content-Type: multipart/mixed; boundary=" + value + b"\r\nContent-Disposition: " + value + b"\r\n\r\nx"
    assert len(walk(raw, limits)) >= 1


def test_leaves_come_in_order_with_their_alternative(limits: MailLimits) -> None:
    inner = b'Content-Type: multipart/alternative; boundary="A"\r\n\r\n--A\r\n' + text_part(b"1") + b"\r\n--A\r\n"
    inner += text_part(b"2", kind=b"html") + b"\r\n--A--\r\n"
    found = walk(mixed(text_part(b"0"), inner, file_part(b"3"), inner.replace(b'"A"', b'"A"')), limits)
    assert [leaf.declared for leaf in found] == [
        "text/plain",
        "text/plain",
        "text/html",
        "",
        "text/plain",
        "text/html",
    ]
    groups = [leaf.group for leaf in found]
    assert groups[0] is groups[3] is None
    assert groups[1] == groups[2] != groups[4] == groups[5]


def test_what_a_leaf_says_of_itself(limits: MailLimits) -> None:
    raw = mixed(
        file_part(
            b"x",
            b'Content-Type: image/png; name="b.png"; charset=GBK',
            b'Content-Disposition: INLINE; filename="a.png"',
            b"Content-ID: <1>",
        )
    )
    leaf = walk(raw, limits)[0]
    assert (leaf.name, leaf.declared, leaf.disposition, leaf.charset) == ("a.png", "image/png", "inline", "GBK")
    assert leaf.content_id
    assert leaf.encoding == "base64"
    assert not leaf.is_text


def test_a_mail_inside_keeps_its_exact_bytes(limits: MailLimits) -> None:
    inner = b"From: x@y.example\r\nSubject: \xc3\xfb\xb5\xa5\r\n\r\nbody \xff\r\n"
    leaf = walk(mixed(b"Content-Type: message/rfc822\r\n\r\n" + inner), limits)[0]
    assert leaf.node.raw_payload() + b"\r\n" == inner + b""[:0] or leaf.node.raw_payload() == inner
    assert leaf.declared == "message/rfc822"


def test_the_depth_is_counted(limits: MailLimits) -> None:
    marks = Marks()
    small = limits.model_copy(update={"depth": 2})
    deep = b'Content-Type: multipart/mixed; boundary="D"\r\n\r\n--D\r\n' + text_part(b"x") + b"\r\n--D--\r\n"
    assert len(list(leaves(parse_tree(mixed(text_part(b"y"), deep), LIMITS, marks), small, marks))) == 1
    assert Mark.TOO_DEEP in marks


def test_the_number_is_counted(limits: MailLimits) -> None:
    marks = Marks()
    small = limits.model_copy(update={"parts": 4})
    assert len(list(leaves(parse_tree(mixed(*[text_part(b"y")] * 9), LIMITS, marks), small, marks))) == 3
    assert Mark.TOO_MANY_PARTS in marks


@given(st.binary(max_size=100))
def test_raw_bytes_survive_the_parser(value: bytes) -> None:
    value = value.replace(b"\r", b"").replace(b"\n", b"")
    assert tree(HEAD + b"\r\n" + value).raw_payload() == value
    assert to_bytes(value.decode("ascii", "surrogateescape")) == value


@pytest.mark.parametrize("count", [3_000, 60_000])
def test_no_more_nodes_are_made_than_the_limit_allows(
    count: int, limits: MailLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0
    begin = Node.__init__

    def counted(node: Node, *policy: Policy) -> None:
        nonlocal made
        made += 1
        begin(node, *policy)

    monkeypatch.setattr(Node, "__init__", counted)
    marks = Marks()
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\nx\r\n" * count
    assert len(list(leaves(parse_tree(raw, limits, marks), limits, marks))) == limits.parts // 2
    assert Mark.TOO_MANY_PARTS in marks
    assert made <= 3 * limits.parts


def test_a_text_of_many_rules_is_no_mail_of_many_parts(limits: MailLimits) -> None:
    marks = Marks()
    raw = HEAD + b"\r\n" + b"one\r\n-- \r\n" * 5_000
    [leaf] = leaves(parse_tree(raw, limits, marks), limits, marks)
    assert leaf.node.raw_payload().count(b"--") == 5_000
    assert not list(marks)
