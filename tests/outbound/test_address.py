"""Which addresses and Message-IDs a letter may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.outbound.address import is_message_id, is_plain, on_the_wire


@pytest.mark.parametrize(
    "address", ["hr@unit.example", "a.b+c_d@mail.unit.com.cn", "2020gxkm@cqhrsp.com", "HR@Unit.Example"]
)
def test_plain_addresses(address: str) -> None:
    assert is_plain(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "@", "a@", "@b.example", "a b@c.example", "a@b.example ", "<a@b.example>", "A <a@b.example>", "a@b.example (x)",
        "a@b..example", ".a@b.example", "a..b@c.example", "a@b.example,c@d.example", "a@b.example\n",
        "a@b.example\r\nRCPT TO:<x@y.example>", '"a b"@c.example', "a@[127.0.0.1]", "a" * 65 + "@b.example",
    ],
)  # fmt: skip
def test_addresses_that_are_not_plain(address: str) -> None:
    assert not is_plain(address)


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("hr@Unit.Example", "hr@Unit.Example"),
        ("hr@单位.中国", "hr@xn--nqq01h.xn--fiqs8s"),
        ("张三@单位.中国", "张三@xn--nqq01h.xn--fiqs8s"),
        ("张.三@unit.example", "张.三@unit.example"),
        ("josé@unit.example", "josé@unit.example"),
    ],
)
def test_case_49_an_address_outside_ascii_keeps_its_name_and_names_its_domain_in_ascii(address: str, wire: str) -> None:
    assert is_plain(address)
    assert on_the_wire(address) == wire


@pytest.mark.parametrize(
    "address",
    [
        "张 三@unit.example", "张三", "张三@", "@单位.中国", "张三@单位", "张\u202e三@unit.example", "张，三@unit.example",
        "张\u3000三@unit.example", "张三＠unit.example", "jose\u0301@unit.example", "\ud800@unit.example", "张..三@x.example",
        "张" * 22 + "@unit.example", "张三@" + "单" * 70 + ".中国", "张三@a@unit.example", "张\ue000@unit.example",
        "张三@单位.中国\r\nRCPT TO:<x@y.example>", "hr@单位。中国\n",
    ],
)  # fmt: skip
def test_case_49_what_is_no_address_outside_ascii(address: str) -> None:
    assert not is_plain(address)


@pytest.mark.parametrize("text", ["<a@b>", "<20200708.1.x-y_z@mail.example>", "<no-at-sign>", "<" + "a" * 240 + ">"])
def test_message_ids(text: str) -> None:
    assert is_message_id(text)


@pytest.mark.parametrize(
    "text", ["", "a@b", "<>", "<a b>", "<a@b> <c@d>", "<a\r\n@b>", "<a@<b>>", "<名@b>", "<" + "a" * 241 + ">"]
)
def test_what_is_no_message_id(text: str) -> None:
    assert not is_message_id(text)


@given(st.text(max_size=40))
def test_nothing_with_a_blank_a_bracket_or_a_control_passes(text: str) -> None:
    if any(char.isspace() or char in "<>,;:()" or not char.isprintable() for char in text):
        assert not is_plain(text)
    if any(char.isspace() or not char.isascii() for char in text):
        assert not is_message_id(text)
