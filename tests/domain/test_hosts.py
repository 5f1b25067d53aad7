"""What counts as this machine."""

import pytest

from mailbot.domain.hosts import is_loopback


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "imap.localhost", "127.0.0.1", "127.255.0.9", "::1", "[::1]"]
)
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "cqhrsp.com", "localhost.cqhrsp.com", "notlocalhost", "128.0.0.1", "0.0.0.0", "::", "fe80::1"],  # noqa: S104
)
def test_other_machines(host: str) -> None:
    assert not is_loopback(host)
