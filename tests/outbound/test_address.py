"""Which addresses and Message-IDs a letter may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.outbound.address import is_message_id, is_plain


@pytest.mark.parametrize(
    "address", ["hr@unit.example", "a.b+c_d@mail.unit.com.cn", "2020gxkm@cqhrsp.com", "HR@Unit.Example"]
)
def test_plain_addresses(address: str) -> None:
    assert is_plain(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "@", "a@", "@b.example", "a b@c.example", "a@b.example ", "<a@b.example>", "A <a@b.example>", "a@b.example (x)",
        "a@b..example", ".a@b.example", "a..b@c.example", "张三@单位.中国", "a@b.example,c@d.example", "a@b.example\n",
        "a@b.example\r\nRCPT TO:<x@y.example>", '"a b"@c.example', "a@[127.0.0.1]", "a" * 65 + "@b.example",
    ],
)  # fmt: skip
def test_addresses_that_are_not_plain(address: str) -> None:
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
    if any(char.isspace() or not char.isascii() or not char.isprintable() for char in text):
        assert not is_plain(text)
        assert not is_message_id(text)
