"""What is shipped and what it is made from: the wheel's contents, the lock file, the set-up's promises."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).resolve().parent.parent.parent
LOCK = TOP / "requirements" / "lock.txt"
PROBE = """
import json, mailbot
from importlib.metadata import entry_points, version
from mailbot import data
scripts = entry_points(group="console_scripts", name="mailbot")
folders = {"rules": data.rules_dir(), "templates": data.templates_dir()}
print(json.dumps({
    "version": version("mailbot"), "attribute": mailbot.__version__,
    "package": mailbot.__file__, "scripts": [script.value for script in scripts],
    "folders": {name: str(folder) for name, folder in folders.items()},
    "files": {name: sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
              for name, folder in folders.items()},
}))
"""


def pyproject() -> dict[str, Any]:
    return tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))


def asked() -> list[Requirement]:
    """What pyproject.toml asks for: run time and extras."""
    table = pyproject()["project"]
    return [
        Requirement(line)
        for group in (table["dependencies"], *table["optional-dependencies"].values())
        for line in group
    ]


def tracked(folder: str) -> list[str]:
    """The files git knows in that folder: what a clone builds from."""
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-files", "--cached", folder],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return sorted(path.removeprefix(f"{folder}/") for path in listed if (TOP / path).is_file())


def locked() -> dict[str, list[str]]:
    """Requirement line -> its hashes."""
    blocks = re.split(r"\n(?=\S)", LOCK.read_text("utf-8"))
    entries = [block for block in blocks if block.strip() and not block.startswith("#")]
    return {entry.split(" \\\n")[0].strip(): re.findall(r"--hash=(\S+)", entry) for entry in entries}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    built = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(out.glob("mailbot-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh environment with nothing but the wheel says about itself, asked from a foreign folder."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--quiet", "--python", str(python), "install"]
    subprocess.run([*command, "--no-deps", "--no-index", str(wheel)], check=True)
    asked = subprocess.run([str(python), "-I", "-c", PROBE], cwd=home, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(asked.stdout)
    return answer


def test_an_installed_wheel_finds_its_own_rules_and_templates(installed: dict[str, Any]) -> None:
    package = Path(installed["package"]).parent
    assert TOP not in package.parents
    assert installed["folders"] == {
        "rules": str(package / "_data" / "rules"),
        "templates": str(package / "_data" / "templates"),
    }


@pytest.mark.parametrize("folder", ["rules", "templates"])
def test_the_wheel_carries_every_file_of(folder: str, installed: dict[str, Any]) -> None:
    assert set(tracked(folder)) - set(installed["files"][folder]) == set()


def test_the_version_is_one(installed: dict[str, Any]) -> None:
    assert installed["version"] == installed["attribute"]


def test_the_command_is_there(installed: dict[str, Any]) -> None:
    assert installed["scripts"] == ["mailbot.cli:main"]


def test_every_locked_package_has_one_version_and_hashes() -> None:
    for line, hashes in locked().items():
        requirement = Requirement(line)
        assert [spec.operator for spec in requirement.specifier] == ["=="], line
        assert hashes, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), line


def test_the_lock_names_no_address_and_no_path() -> None:
    text = LOCK.read_text("utf-8")
    assert [line for line in text.splitlines() if "/" in line or "index" in line or " @ " in line] == []


def test_the_lock_meets_every_bound_of_the_project() -> None:
    versions = {canonicalize_name(Requirement(line).name): Requirement(line).specifier for line in locked()}
    build = [Requirement(line) for line in pyproject()["build-system"]["requires"]]
    for requirement in [*asked(), *build]:
        pinned = next(iter(versions[canonicalize_name(requirement.name)])).version
        assert requirement.specifier.contains(pinned), f"{requirement} but the lock has {pinned}; run make lock"


def test_every_dependency_is_explained_with_its_licence() -> None:
    page = (TOP / "docs" / "decisions" / "0002-dependencies.md").read_text("utf-8")
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in page.splitlines() if line.startswith("| `")]
    explained = {canonicalize_name(name.strip("`")) for name, licence, why in rows if licence and why}
    assert explained == {canonicalize_name(requirement.name) for requirement in asked()}


def test_no_file_names_a_package_index() -> None:
    hosts = "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "deb" + r"ian\.org/debian", "--index" + "-url"])
    found = subprocess.run(["git", "grep", "-InE", hosts], cwd=TOP, capture_output=True, text=True, check=False)
    assert found.stdout == ""
    assert found.returncode == 1
