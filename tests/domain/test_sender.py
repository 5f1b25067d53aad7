"""Who wrote: one plain From or nobody; what our server says of it; whether the domain imitates a known one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain import sender
from mailbot.domain.kinds import SenderView
from mailbot.domain.mail import Mail
from tests.domain.test_lookalike import DOMAINS

OWN = ("2020gxkm@cqhrsp.com", "cqgxkm@cqhrsp.com")
OURS = "mx.cqhrsp.com"
LOCALS = st.from_regex(r"[a-z0-9_+-]{1,20}(\.[a-z0-9]{1,8})?", fullmatch=True).filter(str.isascii)
NAMES = st.from_regex(r"([a-z0-9]{1,12}\.){1,3}(cn|com|net)", fullmatch=True).filter(str.isascii)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("hr@unit-a.cn", "hr@unit-a.cn"),
        ("  hr@unit-a.cn ", "hr@unit-a.cn"),
        ("<hr@unit-a.cn>", "hr@unit-a.cn"),
        ("Hr.Dept+x@Unit-A.CN", "Hr.Dept+x@unit-a.cn"),
        ("张三 <hr@unit-a.cn>", "hr@unit-a.cn"),
        ("张三(人事) <hr@unit-a.cn>", "hr@unit-a.cn"),
        ('"张三, 人事" <hr@unit-a.cn>', "hr@unit-a.cn"),
        ('"a \\"b\\" c" <hr@unit-a.cn>', "hr@unit-a.cn"),
        ("hr@unit-a.cn <hr@unit-a.cn>", "hr@unit-a.cn"),
        ('"HR@unit-a.cn" <hr@unit-a.cn>', "hr@unit-a.cn"),
        ("hr@unit-a.cn (Zhang San)", "hr@unit-a.cn"),
        ('"张三@人事处" <12345678@qq.com>', "12345678@qq.com"),
        ("hr@xn--fiqs8s.cn", "hr@xn--fiqs8s.cn"),
        ("hr@a.b.xn--fiqs8s", "hr@a.b.xn--fiqs8s"),
    ],
)
def test_plain_addresses(value: str, address: str) -> None:
    assert sender.plain_address(value) == address


@pytest.mark.parametrize(
    "value",
    [
        "",
        "张三",
        "hr",
        "hr@localhost",
        "hr@unit-a.example)evil@evil.example,hr@unit-a.example",
        "hr@unit-a.cn, evil@evil.cn",
        "a <hr@unit-a.cn>, b <evil@evil.cn>",
        "hr@unit-a.cn <evil@evil.cn>",
        '"hr@unit-a.cn" <evil@evil.cn>',
        "hr＠unit-a.cn <evil@evil.cn>",
        '"hr﹫unit-a.cn" <evil@evil.cn>',
        "<hr@unit-a.cn> <evil@evil.cn>",
        "evil@evil.cn (hr@unit-a.cn)",
        "group: hr@unit-a.cn;",
        "group: hr <hr@unit-a.cn>",
        "<@relay.cn:hr@unit-a.cn>",
        "<@evil.cn,@b.cn:hr@unit-a.cn>",
        '"hr evil"@unit-a.cn',
        "hr..dept@unit-a.cn",
        ".hr@unit-a.cn",
        "hr@unit-a..cn",
        "hr@-unit.cn",
        "hr@[10.0.0.1]",
        "hr@unit-а.cn",
        "人事@unit-a.cn",
        "hr@单位.cn",
        "hr@unit-a.cn\x00",
        "hr@unit-a.cn\nBcc: x@y.cn",
        "x" * 65 + "@unit-a.cn",
        "张三 <hr@unit-a.cn> x",
        "hr@unit-a.cn>",
        "<hr@unit-a.cn",
        'a "<b@c.cn>" <hr@unit-a.cn',
    ],
)
def test_what_is_not_plain_is_nobody(value: str) -> None:
    assert sender.plain_address(value) is None


@given(LOCALS, NAMES, st.text(alphabet="张三李四 abc.()", max_size=10))
def test_every_ordinary_mailbox_is_found(local: str, domain: str, name: str) -> None:
    assert sender.plain_address(f"{name} <{local}@{domain}>") == f"{local}@{domain}"


@given(st.text(max_size=80))
def test_any_value_gets_an_answer_that_is_one_ascii_address_or_none(value: str) -> None:
    address = sender.plain_address(value)
    if address is not None:
        assert address.isascii()
        assert address.count("@") == 1
        assert not set(address) & set(' <>(),;:"\\')


@given(LOCALS, NAMES, NAMES)
def test_a_second_address_never_wins(local: str, domain: str, evil: str) -> None:
    real = f"{local}@{domain}"
    for value in (f"{real}, x@{evil}", f"x@{evil}, {real}", f"{real};x@{evil}", f"<{real}>,<x@{evil}>"):
        assert sender.plain_address(value) is None


def test_one_from_and_no_more() -> None:
    assert sender.sender_address(()) is None
    assert sender.sender_address(("a@b.cn", "a@b.cn")) is None
    assert sender.sender_address(("a@b.cn",)) == "a@b.cn"


def test_keys() -> None:
    assert sender.address_key("Hr@unit-a.cn") == "hr@unit-a.cn"
    assert sender.binding_key("Hr@unit-a.cn", DOMAINS) == "@unit-a.cn"
    assert sender.binding_key("Zhang@QQ.com", DOMAINS) == "zhang@qq.com"
    assert sender.domain_of("a@b.cn") == "b.cn"


def view(from_value: str, *results: str, known: tuple[str, ...] = ()) -> SenderView:
    mail = Mail(from_values=(from_value,), headers={"authentication-results": results} if results else {})
    return sender.sender_view(mail, OURS, OWN, DOMAINS, known)


def test_a_verified_sender() -> None:
    seen = view("张三 <hr@unit-a.cn>", f"{OURS}; dkim=pass header.d=unit-a.cn")
    assert (seen.address, seen.verified, seen.ambiguous, seen.lookalike) == ("hr@unit-a.cn", True, False, False)
    assert (seen.key, view("Zhang@QQ.com").key) == ("@unit-a.cn", "zhang@qq.com")


def test_nobody_vouches() -> None:
    assert view("hr@unit-a.cn").verified is None
    assert view("hr@unit-a.cn", f"{OURS}; dkim=none").verified is False


def test_an_ambiguous_sender_is_never_verified() -> None:
    seen = view("hr@unit-a.cn, x@evil.cn", f"{OURS}; dkim=pass header.d=unit-a.cn")
    assert (seen.address, seen.verified, seen.ambiguous) == (None, False, True)


def test_a_domain_that_imitates_ours_or_a_bound_one() -> None:
    assert view("hr@cqhrsp.corn.cn").lookalike
    assert view("hr@cqhrsq.com").lookalike
    assert not view("hr@cqhrsp.com").lookalike
    assert view("hr@un1t-alpha.cn", known=("unit-alpha.cn",)).lookalike
    assert not view("hr@un1t-alpha.cn").lookalike
