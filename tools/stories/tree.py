"""The folder of fixture mails: written by the builder, read by the runner."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.stories.model import Arrived, Story, Toml
from tools.stories.tomls import dump

FOLDER: Final = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "mails"
STORY: Final = "story.toml"
EXPECTED: Final = "expected.toml"
HEAD: Final = (
    "# Written by `python -m tools.stories build` from the story's declaration: the truth, as its author says it.\n\n"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A story as it lies in its folder. `mails` are the tables of story.toml: file, at, truth."""

    folder: Path
    proves: str
    mails: tuple[dict[str, Any], ...]

    @property
    def name(self) -> str:
        return self.folder.name

    def expected(self) -> Sequence[dict[str, Any]]:
        """The golden lines, one a mail; empty before the first `expect`."""
        path = self.folder / EXPECTED
        return tomllib.loads(path.read_text(encoding="utf-8"))["line"] if path.exists() else ()


def write(stories: Sequence[Story], folder: Path = FOLDER) -> list[str]:
    """Writes every story's mails and truth; golden files stay. Folders of stories that are no more are removed.

    Returns the names of the folders that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for gone in {path.name for path in folder.iterdir() if path.is_dir()} - {story.name for story in stories}:
        shutil.rmtree(folder / gone)
        changed.append(gone)
    return sorted(changed + [story.name for story in stories if _write_one(story, folder / story.name)])


def _write_one(story: Story, folder: Path) -> bool:
    folder.mkdir(exist_ok=True)
    files = _files(story)
    old = {path.name for path in folder.iterdir()} - {EXPECTED}
    for name in old - set(files):
        (folder / name).unlink()
    changed = [name for name, data in files.items() if name not in old or (folder / name).read_bytes() != data]
    for name in changed:
        (folder / name).write_bytes(files[name])
    return bool(changed) or old != set(files)


def _files(story: Story) -> dict[str, bytes]:
    names = ["mail.eml"] if len(story.mails) == 1 else [f"{n}.eml" for n in range(1, len(story.mails) + 1)]
    tables: list[Toml] = [
        {"file": name, "at": mail.at, "mailbox": mail.mailbox, **_lists(mail), "truth": [mail.truth.toml()]}
        for name, mail in zip(names, story.mails, strict=True)
    ]
    text = HEAD + dump({"proves": story.proves, "mail": tables})
    lists = {one.name: one.data for mail in story.mails for one in mail.lists}
    return {STORY: text.encode()} | {name: mail.raw for name, mail in zip(names, story.mails, strict=True)} | lists


def _lists(mail: Arrived) -> Toml:
    """The lists that are taken in before a mail; nothing where there are none."""
    told = [{"verb": one.verb, "file": one.name, "as_of": one.as_of.isoformat()} for one in mail.lists]
    return {"lists": told} if told else {}


def read(folder: Path = FOLDER) -> list[Told]:
    """All stories of the folder, by number."""
    return [_told(path.parent) for path in sorted(folder.glob(f"*/{STORY}"))]


def _told(folder: Path) -> Told:
    values = tomllib.loads((folder / STORY).read_text(encoding="utf-8"))
    return Told(folder, values["proves"], tuple(values["mail"]))
