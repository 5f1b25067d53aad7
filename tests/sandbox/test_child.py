"""What a child is: limited, alone in its session, without privileges to gain, and fresh for every mail."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mailbot.domain.limits import Limits
from mailbot.sandbox.parent import Sandbox

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sandbox(limits: Limits) -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with Sandbox(limits, "tests.sandbox.hostile:report", "tests.sandbox.hostile:warm") as found:
            yield found


def told(sandbox: Sandbox, raw: bytes = b"x") -> Mapping[str, object]:
    found: Mapping[str, object] = json.loads(sandbox.open(raw).mail.text)
    return found


def test_the_limits_of_the_rules_hold_in_the_child(sandbox: Sandbox, limits: Limits) -> None:
    child = limits.child
    assert told(sandbox)["limits"] == {
        "RLIMIT_AS": [child.memory_bytes] * 2,
        "RLIMIT_CPU": [child.cpu_seconds] * 2,
        "RLIMIT_CORE": [0, 0],
        "RLIMIT_FSIZE": [child.file_bytes] * 2,
        "RLIMIT_NOFILE": [child.open_files] * 2,
    }


def test_it_is_alone_and_can_gain_nothing(sandbox: Sandbox) -> None:
    found = told(sandbox)
    assert found["leader"] is True
    assert found["no_new_privileges"] == "1"
    assert found["folder"] == "/"
    assert found["umask"] == 0o077
    assert found["skip"] == {}


def test_every_mail_has_a_child_of_its_own(sandbox: Sandbox) -> None:
    assert len({told(sandbox)["pid"] for _ in range(5)}) == 5


def test_the_zygote_was_warmed_up_once(sandbox: Sandbox, limits: Limits) -> None:
    assert [told(sandbox)["warmed"] for _ in range(2)] == [[limits.mail.bytes]] * 2


@pytest.mark.parametrize("size", [0, 1, 65_536, 5_000_000])
def test_all_bytes_of_a_mail_arrive(size: int, sandbox: Sandbox) -> None:
    assert told(sandbox, bytes(size))["size"] == size
