"""Text files: lists typed in them are tables, the rest is lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.base import ReadFault
from mailbot.readers.find import read
from mailbot.readers.plain_text import READER
from tests.readers.files import part_of

LIST = "单位：某小学\n张三 500103199003070017 13800000000\n"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_a_typed_list_in_any_charset(charset: str, limits: Limits) -> None:
    document = read(part_of(LIST.encode(charset)), LIST.encode(charset), limits)
    assert (document.family, document.reader) == ("document", "plain_text")
    assert document.sheets[0].rows == (("单位：某小学",), ("张三", "500103199003070017", "13800000000"))


def test_prose_is_lines_and_no_table(limits: Limits) -> None:
    assert READER.read("请查收附件".encode(), limits).sheets[0].lines == (None,)


def test_what_is_no_text_or_too_long_is_not_read(limits: Limits) -> None:
    for data, kind in ((b"\x00\x01\xff", FaultKind.UNREADABLE), (b"a" * 300_000, FaultKind.TOO_MANY_ROWS)):
        with pytest.raises(ReadFault) as fault:
            READER.read(data, limits)
        assert fault.value.kind is kind


@given(st.binary(max_size=300))
def test_any_bytes_raise_nothing_else(limits: Limits, content: bytes) -> None:
    read(part_of(b"plain text").model_copy(update={"type": "text/plain"}), content, limits)
