"""When a mail arrived: INTERNALDATE, else our own server's line on top, else now; never the sender's Date."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.arrival import EARLIEST, arrived, plausible

NOW = datetime(2020, 9, 30, 10, 0, tzinfo=UTC)
STAMP = datetime(2020, 9, 30, 9, 59, 1, tzinfo=UTC)
LINE = b"Received: from unit ([10.0.0.1])\r\n by mx.cqhrsp.com (Coremail) with SMTP id 1;\r\n\tWed, 30 Sep 2020 17:59:01 +0800 (CST)\r\n"
LATER = b"Received: from x by y; Thu, 1 Oct 2020 09:00:00 +0800\r\n"
DATE = b"Date: Mon, 1 Jan 2018 00:00:00 +0800\r\n"


def test_the_servers_word_counts_and_nothing_else_is_looked_at() -> None:
    told = datetime(2020, 9, 29, tzinfo=UTC)
    assert arrived(told, LINE + DATE + b"\r\n", NOW) == told


@pytest.mark.parametrize("told", [None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)])
def test_case_16_without_a_sane_date_the_topmost_line_counts(told: datetime | None) -> None:
    assert arrived(told, LINE + LATER + DATE + b"\r\n", NOW) == STAMP
    assert arrived(told, DATE + LINE.replace(b"\r\n", b"\n") + b"\n", NOW) == STAMP


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        DATE + b"\r\n",
        b"Subject: x\r\n\r\n" + LINE,
        b"Received: no date here\r\n\r\n",
        b"Received: x; Wed, 99 Foo 2020\r\n\r\n",
        b"Received: x; Mon, 1 Jan 1900 00:00:00 +0000\r\n\r\n",
        b"Received: x; Mon, 1 Jan 99999 00:00:00 +0000\r\n\r\n",
        b"Received: \xff\xfe; \xd6\xd0\r\n\r\n",
    ],
)
def test_case_16_without_that_either_it_arrived_now(raw: bytes) -> None:
    assert arrived(None, raw, NOW) == NOW


@given(st.datetimes(timezones=st.just(UTC)))
def test_only_what_can_be_is_plausible(at: datetime) -> None:
    assert plausible(at, NOW) == (EARLIEST <= at <= NOW + timedelta(days=1))


@given(st.none() | st.datetimes(timezones=st.just(UTC)), st.binary(max_size=300))
def test_whatever_comes_the_arrival_is_sane(told: datetime | None, raw: bytes) -> None:
    assert plausible(arrived(told, raw, NOW), NOW)
    assert plausible(arrived(told, b"Received: " + raw + b"\r\n\r\n", NOW), NOW)
