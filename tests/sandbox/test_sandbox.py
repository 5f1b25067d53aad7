"""Nothing that a child does harms the parent, the next mail or the other parts of its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailbot.domain.document import FaultKind, Opened
from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.sandbox.parent import Sandbox

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def quick(limits: Limits) -> Limits:
    """The shipped limits with short times, so that a hang does not hang the test."""
    child = limits.child.model_copy(
        update={"cpu_seconds": 1, "wall_seconds": 2, "part_seconds": 1, "total_seconds": 5, "result_bytes": 1_000_000}
    )
    return limits.model_copy(update={"child": child})


@pytest.fixture(scope="module")
def sandbox(quick: Limits) -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("MAILBOT_SECRET", "hunter2")
        with Sandbox(quick, "tests.sandbox.hostile:obey") as found:
            yield found


def kinds(opened: Opened) -> list[FaultKind | None]:
    return [document.fault.kind if document.fault else None for document in opened.documents]


def is_alive(pid: int) -> bool:
    """Whether a process runs; 0 is one that was killed before it could note its number."""
    if pid == 0:
        return False
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_an_honest_mail(sandbox: Sandbox) -> None:
    assert kinds(sandbox.open(b"read read")) == [None, None]


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("spin", FaultKind.BOMB),
        ("sleep", FaultKind.BOMB),
        ("eat", FaultKind.BOMB),
        ("flood", FaultKind.BOMB),
        ("garbage", FaultKind.BOMB),
        ("segfault", FaultKind.UNREADABLE),
        ("fail", FaultKind.UNREADABLE),
    ],
)
def test_one_bad_part_costs_itself_alone(act: str, kind: FaultKind, sandbox: Sandbox) -> None:
    start = time.monotonic()
    assert kinds(sandbox.open(f"read {act} read".encode())) == [None, kind, None]
    assert time.monotonic() - start < 5
    assert kinds(sandbox.open(b"read")) == [None]


def test_several_bad_parts_end_in_time(sandbox: Sandbox) -> None:
    start = time.monotonic()
    assert kinds(sandbox.open(b"read sleep segfault sleep read")) == [None, *kinds_after_two()]
    assert time.monotonic() - start < 6


def kinds_after_two() -> list[FaultKind | None]:
    """The third try reads nothing behind the second bad part: there is no fourth."""
    return [FaultKind.BOMB, FaultKind.UNREADABLE, FaultKind.UNREADABLE, FaultKind.UNREADABLE]


@pytest.mark.parametrize("act", ["sleep", "segfault", "eat", "fail"])
def test_a_mail_that_cannot_be_read_at_all_is_an_error_without_retry(act: str, sandbox: Sandbox) -> None:
    with pytest.raises(PortError) as caught:
        sandbox.open(f"before {act}".encode())
    assert not caught.value.retry
    assert "500103199003070012" not in str(caught.value)
    assert kinds(sandbox.open(b"read")) == [None]


def test_noise_on_the_standard_streams_goes_nowhere(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    assert kinds(sandbox.open(b"shout")) == [None]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("act", ["grandchild", "runaway", "orphan"])
def test_no_grandchild_survives(act: str, sandbox: Sandbox, tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    assert kinds(sandbox.open(f"{act}:{noted} read".encode())) == [None, None]
    assert kinds(sandbox.open(b"read")) == [None]
    deadline = time.monotonic() + 2
    while noted.exists() and is_alive(int(noted.read_text() or "0")) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not noted.exists() or not is_alive(int(noted.read_text() or "0"))


def test_a_file_cannot_grow_beyond_its_limit(sandbox: Sandbox, tmp_path: Path, quick: Limits) -> None:
    path = tmp_path / "big"
    assert kinds(sandbox.open(f"write:{path}".encode())) != [None]
    assert path.stat().st_size <= quick.child.file_bytes


def test_a_dead_zygote_is_replaced(sandbox: Sandbox) -> None:
    with pytest.raises(PortError) as caught:
        sandbox.open(b"kill_zygote")
    assert caught.value.retry
    assert kinds(sandbox.open(b"read")) == [None]


def test_a_zygote_that_died_between_mails_is_replaced(sandbox: Sandbox) -> None:
    process = sandbox._children._link._process
    assert process is not None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert kinds(sandbox.open(b"read")) == [None]


def test_the_child_inherits_no_secret_and_no_descriptor(sandbox: Sandbox) -> None:
    assert kinds(sandbox.open(b"descriptors")) == [None]
    text = sandbox.open(b"environment").mail.text
    assert "PYTHONPATH" in text
    assert "hunter2" not in text


def test_threads_share_one_sandbox(sandbox: Sandbox) -> None:
    results: list[list[FaultKind | None]] = []
    threads = [threading.Thread(target=lambda: results.append(kinds(sandbox.open(b"read")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[None]] * 8


def test_descriptors_and_processes_do_not_pile_up(sandbox: Sandbox) -> None:
    sandbox.open(b"read")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for act in ("read", "segfault read", "read"):
        sandbox.open(act.encode())
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("lie", ["foreign", "twice", "shapeless"])
def test_a_lying_child_is_not_believed(lie: str, quick: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Sandbox(quick, "tests.sandbox.hostile:lie") as liar, pytest.raises(PortError) as caught:
        liar.open(lie.encode())
    assert not caught.value.retry


@pytest.mark.parametrize("target", ["no.such.module:f", "mailbot.opening:no_such_function"])
def test_a_wrong_target_is_told_at_the_start(target: str, quick: Limits) -> None:
    with pytest.raises(PortError, match="zygote"):
        Sandbox(quick, target)


def test_closing_ends_the_zygote_and_twice_is_harmless(quick: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    sandbox = Sandbox(quick, "tests.sandbox.hostile:obey")
    process = sandbox._children._link._process
    assert process is not None
    sandbox.close()
    sandbox.close()
    assert not is_alive(process.pid)


def test_nothing_outlives_a_killed_parent(tmp_path: Path) -> None:
    noted = tmp_path / "pids"
    program = (
        "import os, tomllib\n"
        "from pathlib import Path\n"
        "from mailbot.data import rules_dir\n"
        "from mailbot.domain.limits import parse_limits\n"
        "from mailbot.sandbox.parent import Sandbox\n"
        "limits = parse_limits(tomllib.loads((rules_dir() / 'limits.toml').read_text()))\n"
        "sandbox = Sandbox(limits, 'tests.sandbox.hostile:obey')\n"
        f"Path('{noted}').write_text(str(sandbox._children._link._process.pid))\n"
        f"sandbox.open(b'grandchild:{noted}.child sleep')\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT)})
    child = Path(f"{noted}.child")
    wait_until(lambda: child.exists() and child.read_text() != "")
    parent.kill()
    parent.wait()
    pids = [int(path.read_text()) for path in (noted, child)]
    wait_until(lambda: not any(is_alive(pid) for pid in pids))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_no_child_to_be_had_is_worth_a_retry(quick: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Sandbox(quick, "tests.sandbox.hostile:obey") as sandbox:
        process = sandbox._children._link._process
        assert process is not None
        process.kill()
        process.wait()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", "/bin/false")
            with pytest.raises(PortError) as caught:
                sandbox.open(b"read")
            assert caught.value.retry
        assert kinds(sandbox.open(b"read")) == [None]


def test_a_closed_sandbox_starts_again_when_it_is_asked(quick: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Sandbox(quick, "tests.sandbox.hostile:obey") as sandbox:
        sandbox.close()
        assert kinds(sandbox.open(b"read")) == [None]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(b"", []), (b"nonsense", [FaultKind.UNREADABLE]), (b"read nonsense", [None, FaultKind.UNREADABLE])],
)
def test_a_mail_that_its_reader_did_not_expect(raw: bytes, expected: list[FaultKind | None], sandbox: Sandbox) -> None:
    assert kinds(sandbox.open(raw)) == expected


def test_a_mail_that_its_reader_cannot_even_decode(sandbox: Sandbox) -> None:
    with pytest.raises(PortError, match="UnicodeDecodeError"):
        sandbox.open(b"\xff\xfe")
    assert kinds(sandbox.open(b"read")) == [None]
