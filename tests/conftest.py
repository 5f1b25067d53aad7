"""Tests that need a system program are skipped where it is missing; on CI they run and fail, so nothing hides."""

import os
import shutil

import pytest

PROGRAMS = {"dovecot": "dovecot", "systemd": "systemd-analyze"}
SBIN = os.pathsep.join(["/usr/local/sbin", "/usr/sbin", "/sbin"])


def is_installed(program: str) -> bool:
    return shutil.which(program) is not None or shutil.which(program, path=SBIN) is not None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("CI"):
        return
    for marker, program in PROGRAMS.items():
        if is_installed(program):
            continue
        skip = pytest.mark.skip(reason=f"{program} is not installed; make setup brings it or names it")
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(skip)
