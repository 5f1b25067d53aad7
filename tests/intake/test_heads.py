"""A mail's Message-ID, out of header bytes as servers hand them over."""

from __future__ import annotations

import pytest

from mailbot.intake.heads import message_id


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"Subject: x\r\nMessage-ID: <a@b.example>\r\nDate: y\r\n", "<a@b.example>"),
        (b"message-id:<a@b.example>\n", "<a@b.example>"),
        (b"MESSAGE-ID:\r\n <folded@b.example>\r\n", "<folded@b.example>"),
        (b"Message-ID: <one@b.example>\r\nMessage-ID: <two@b.example>\r\n", "<one@b.example>"),
        (b"Message-ID: <\xd6\xd0@b.example>\r\n", "<\ufffd\ufffd@b.example>"),
        (b"X-Message-ID: <other@b.example>\r\nIn-Reply-To: <a@b.example>\r\n", None),
        (b"Message-ID: bare@b.example\r\n", None),
        (b"Message-ID: <torn\r\n@b.example>\r\n", None),
        (b"", None),
    ],
)
def test_the_message_id_of_a_header_block(head: bytes, found: str | None) -> None:
    assert message_id(head) == found
