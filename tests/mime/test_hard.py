"""The collection of hard mails: every one read right, by both readings alike, and written again byte for byte."""

import hashlib
from pathlib import Path

import pytest

from mailbot.domain.limits import MailLimits
from mailbot.mime.extract import by_mailparser, by_walk
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.repair import repair
from mailbot.mime.tree import leaves, parse_tree
from tests.mime.conftest import shipped
from tools.hard.judge import FIELDS, Seen, mailparser_alone, ours, table, wrong
from tools.hard.shelf import all_mails
from tools.hard.spin import spun
from tools.hard.tree import TRUTH, Kept, kept, read, write

COLLECTION = read()
STORIES = sorted((Path(__file__).parents[1] / "fixtures" / "mails").glob("*/*.eml"))
SEEDS = range(200)


@pytest.mark.parametrize("hard", COLLECTION, ids=lambda hard: hard.name)
def test_a_hard_mail_is_read_right(hard: Kept, limits: MailLimits) -> None:
    assert wrong(hard, ours(limits)(hard.raw)) == ()


def test_there_are_enough_of_them_and_of_each_kind() -> None:
    assert len(COLLECTION) >= 110
    for kind in ("subject-", "sender-", "text-", "html-", "coding-", "name-", "winmail", "uuencode", "forward"):
        assert sum(kind in hard.name for hard in COLLECTION) >= 3, kind


def test_they_are_those_that_the_builder_writes(tmp_path: Path) -> None:
    write(all_mails(), tmp_path)
    assert read(tmp_path) == COLLECTION
    assert (tmp_path / TRUTH).is_file()


def test_mail_parser_alone_stands_beside_and_behind(limits: MailLimits) -> None:
    shown = table(COLLECTION, {"ours": ours(limits), "alone": mailparser_alone})
    ours_line, alone_line = shown.splitlines()[2:]
    assert f"| {len(COLLECTION)} of {len(COLLECTION)} |" in ours_line
    right = int(alone_line.split("|")[2].split()[0])
    assert right < len(COLLECTION) * 0.8


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_mail_is_read_right(seed: int, limits: MailLimits) -> None:
    hard = kept(spun(seed))
    assert wrong(hard, ours(limits)(hard.raw)) == ()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_both_readings_agree_on_every_story(path: Path, limits: MailLimits) -> None:
    _agree(path.read_bytes(), limits)


@pytest.mark.parametrize("hard", COLLECTION, ids=lambda hard: hard.name)
def test_both_readings_agree_on_every_hard_mail(hard: Kept, limits: MailLimits) -> None:
    _agree(hard.raw, limits)


def _agree(raw: bytes, limits: MailLimits) -> None:
    marks = Marks()
    parts = list(leaves(parse_tree(repair(raw, limits, marks), limits, marks), limits, marks))
    assert parts or Mark.TOO_DEEP in marks
    assert by_mailparser(parts, Marks()) == by_walk(parts)


def _right(hard: Kept) -> Seen:
    return Seen(hard.subject, hard.sender, "\n".join(hard.words), hard.files, hard.marks)


FULL = next(hard for hard in COLLECTION if hard.files and hard.words and hard.marks)
OTHER = ("x", hashlib.sha256(b"").hexdigest())


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, ()),
        ({"subject": "x"}, ("subject",)),
        ({"sender": "x@y.example"}, ("sender",)),
        ({"text": ""}, ("words",)),
        ({"files": ()}, ("files", "names")),
        ({"files": (OTHER,)}, ("files", "names")),
        ({"files": tuple(("x", digest) for _, digest in FULL.files)}, ("names",)),
        ({"marks": ()}, ("marks",)),
        ({"marks": None}, ()),
    ],
)
def test_the_judge_sees_every_fault(change: dict[str, object], fields: tuple[str, ...]) -> None:
    right = _right(FULL)
    seen = Seen(**{name: change.get(name, getattr(right, name)) for name in Seen.__slots__})  # type: ignore[arg-type]  # each of its own type
    assert wrong(FULL, seen) == fields
    assert set(fields) <= set(FIELDS)


def test_a_seed_gives_the_same_mail_each_time_and_another_one_another() -> None:
    assert spun(7) == spun(7)
    assert spun(7).raw != spun(8).raw
    assert shipped().parts == 1_000
