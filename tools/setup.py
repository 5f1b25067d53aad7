"""Set-up from a bare machine: system packages, `.venv` from the lock file, mailbot itself in it.

Runs on the standard library alone, since it is what brings the rest; called by `make setup`. Run again
when all is there, it looks and leaves. Only the distribution's and the language's package registries are
reached, by their ordinary clients and as this machine has them configured.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "requirements" / "build.txt"
LOCK = ROOT / "requirements" / "lock.txt"
STAMP = VENV / ".mailbot-setup"
POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class SystemPackage:
    """A package of the distribution, and what does without it; `None`: nothing does, set-up stops."""

    name: str
    present: bool
    without: str | None


def on_path(program: str) -> bool:
    """Whether `program` is installed; root's programs count too, though users lack them in PATH."""
    folders = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    return shutil.which(program, path=folders) is not None


def can_make_venv() -> bool:
    """Debian keeps ensurepip, and so a working `python -m venv`, in a package of its own."""
    probe = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return probe.returncode == 0


def wanted() -> list[SystemPackage]:
    """Everything that Python's own packages cannot bring, with what this machine has of it."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    lmtp = any(Path(folder, "dovecot/lmtp").exists() for folder in ("/usr/lib", "/usr/libexec"))
    skipped = "the tests that use it are skipped"
    return [
        SystemPackage(f"python{version}-venv", can_make_venv(), None),
        SystemPackage(
            "ca-certificates",
            Path("/etc/ssl/certs/ca-certificates.crt").exists(),
            "no real mail server can be trusted",
        ),
        SystemPackage("libarchive13", find_library("archive") is not None, "archives (zip, rar, 7z) go to a person"),
        SystemPackage("dovecot-imapd", on_path("dovecot"), skipped),
        SystemPackage("dovecot-lmtpd", lmtp, skipped),
        SystemPackage("dovecot-sieve", on_path("sievec"), skipped),
        SystemPackage("postfix", on_path("postfix"), skipped),
        SystemPackage("systemd", on_path("systemd-analyze"), skipped),
    ]


def install_system(missing: list[SystemPackage]) -> None:
    """As root install what is missing, else name the one command; stop only if nothing goes without it."""
    names = " ".join(package.name for package in missing)
    if os.geteuid() == 0 and on_path("apt-get"):
        print(f"setup: installing {names}", flush=True)
        apt_install(missing)
        return
    stops = any(package.without is None for package in missing)
    for package in missing:
        print(f"setup: missing {package.name}: {package.without or 'needed to make .venv'}")
    print(f"setup: this command brings {'them' if len(missing) > 1 else 'it'}:")
    print(f"    sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}", flush=True)
    if stops:
        sys.exit("setup: stopped. Run the command above, then this again.")


def apt_install(missing: list[SystemPackage]) -> None:
    """The needed packages must arrive; the others may fail (another distribution, no mirror)."""
    with no_services_started():
        # Without it a fresh machine knows no package; a mirror that is down shows itself in the next step.
        apt_get("update")
        for needed in (True, False):
            names = [package.name for package in missing if (package.without is None) is needed]
            if not names or apt_get("install", "-y", "--no-install-recommends", *names):
                continue
            if needed:
                sys.exit(f"setup: apt-get could not install {' '.join(names)}; its own words stand above.")
            print(f"setup: going on without {' '.join(names)}")
    for server in ("dovecot", "postfix"):
        if any(package.name.startswith(server) for package in missing):
            keep_off(server)


def apt_get(*arguments: str) -> bool:
    """Run it without questions, waiting for another run's lock; its words are shown only if it fails."""
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        print(done.stdout)
    return done.returncode == 0


@contextmanager
def no_services_started() -> Iterator[None]:
    """Debian starts a daemon when its package is installed, unless a policy-rc.d answers 101.

    The tests run a dovecot and a postfix of their own, on their own ports and folders; one that listens on port
    143 or 25 of the machine serves nobody. A policy that stands there already is somebody's decision, and stays.
    """
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


def keep_off(server: str) -> None:
    """Not at the next boot either; called only if this very run brought the server, so it is no one's."""
    if on_path("systemctl"):
        units = [f"{server}.service", f"{server}.socket"]
        subprocess.run(["systemctl", "disable", *units], capture_output=True, check=False)


def fingerprint() -> str:
    """What the environment was made from; another value, and it is brought up to date."""
    digest = hashlib.sha256(f"{sys.version} {sysconfig.get_platform()} {ROOT}".encode())
    for path in (BUILD, LOCK, ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(wanted_print: str) -> bool:
    """Whether the last run came to its end with the same files, and left a command that can start."""
    if not (VENV / "bin" / "mailbot").exists() or not VENV_PYTHON.exists():
        return False
    return STAMP.is_file() and STAMP.read_text(encoding="ascii").strip() == wanted_print


def has_same_python() -> bool:
    """An environment of another Python, or one broken halfway, is made anew rather than mended."""
    probe = "import sys, pip; print(sys.version)"
    if not VENV_PYTHON.exists():
        return False
    done = subprocess.run([VENV_PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == sys.version.strip()


def build_environment() -> None:
    """The locked packages by their hashes and nothing beside them, then mailbot itself, editable."""
    STAMP.unlink(missing_ok=True)
    if not has_same_python():
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "-qq"]
    for requirements in (BUILD, LOCK):
        locked = ["--no-deps", "--require-hashes", "--no-build-isolation", "--use-pep517", "-r", str(requirements)]
        subprocess.run([*pip, "install", *locked], check=True)
    subprocess.run([*pip, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    subprocess.run([*pip, "check"], check=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two runs in one tree (an editor's and a terminal's) must not write the same .venv."""
    with (ROOT / "pyproject.toml").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def bring_environment() -> None:
    """Make `.venv` what the files say, or leave it if it is."""
    wanted_print = fingerprint()
    if is_current(wanted_print):
        return
    print(f"setup: making .venv with Python {sys.version.split()[0]}, a minute or two", flush=True)
    try:
        build_environment()
    except subprocess.CalledProcessError as failed:
        sys.exit(f"setup: stopped, this command failed: {' '.join(map(str, failed.cmd))}")
    STAMP.write_text(wanted_print + "\n", encoding="ascii")
    print("setup: done. The command is .venv/bin/mailbot")


def main() -> None:
    """Look what is missing, bring it, say what stands."""
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        sys.exit(f"setup: Python 3.11 to 3.13 is needed, this is {sys.version.split()[0]}; say PYTHON=/path/to/it")
    missing = [package for package in wanted() if not package.present]
    if missing:
        install_system(missing)
    with one_at_a_time():
        bring_environment()


if __name__ == "__main__":
    main()
