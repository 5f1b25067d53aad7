"""Pictures at the verbs: `read` prints and draws them, `check` proves that they are read, `process` looks at each one
once, `replay` at none."""

from __future__ import annotations

import io
import os
import tomllib
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from mailbot import assembly
from mailbot.cli.check_sight import sight_facts
from mailbot.cli.checked import Level
from mailbot.data import rules_dir
from mailbot.domain.limits import parse_limits
from tests.cli.mails import AT, mail, people, workbook
from tests.cli.shell import mailbot
from tests.sandbox.standin import ASKED

ROOT = Path(__file__).resolve().parents[2]


def picture(tone: int = 120, size: tuple[int, int] = (400, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (tone, tone, tone)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stand-in reads pictures; a file stands here for each that it was asked to read."""
    notes = tmp_path / "notes" / "asked"
    notes.mkdir(parents=True)
    (tmp_path / "worker.py").touch()
    monkeypatch.setenv(ASKED, os.pathsep.join((str(ROOT), str(notes.parent))))
    monkeypatch.setattr(assembly, "READER", "tests.sandbox.standin:read")
    monkeypatch.setattr(assembly, "READER_WARM_UP", None)
    monkeypatch.setattr(assembly, "OCR", tmp_path)
    monkeypatch.setattr(assembly, "ENGINES", ("pytest",))
    return notes


def written(folder: Path, *pictures: tuple[str, bytes], name: str = "a.eml", roster: bool = False) -> Path:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "缴费证明", "甲 <a@example.cn>", "cqgxkm@cqhrsp.com"
    made["Message-ID"] = f"<{name}@example.cn>"
    made.set_content("附件为我的缴费截图。")
    if roster:
        made.add_attachment(workbook(people(2)), maintype="application", subtype="octet-stream", filename="名单.xlsx")
    for file, data in pictures:
        made.add_attachment(data, maintype="image", subtype="png", filename=file)
    path = folder / name
    path.write_bytes(made.as_bytes())
    return path


def test_read_prints_fields_with_their_evidence_and_draws_the_boxes(asked: Path, tmp_path: Path) -> None:
    file, boxes = tmp_path / "shot.png", tmp_path / "boxes.png"
    file.write_bytes(picture())
    ran = mailbot("read", file, "--boxes", boxes)
    assert ran.code == 0, ran.err
    assert "图片 1.1（order，400×300，转 0 度）" in ran.out
    assert "order1.phone" in ran.out
    assert "standin 0.75；两种识读一致；校验通过 length" in ran.out
    assert "13800000000" not in ran.out
    assert "[0.50] 33.00" in ran.out
    with Image.open(boxes) as drawn:
        assert drawn.convert("RGB").getpixel((10, 20)) == (210, 40, 40)
    assert len(list(asked.iterdir())) == 1


def test_read_reveals_and_draws_one_file_a_picture(asked: Path, tmp_path: Path) -> None:
    file = written(tmp_path, ("a.png", picture(1)), ("b.png", picture(2)))
    ran = mailbot("read", file, "--reveal", "--boxes", tmp_path / "boxes.png")
    assert ran.out.count("“13800000000”") == 2
    assert (tmp_path / "boxes.png").exists()
    assert (tmp_path / "boxes-2.png").exists()
    assert len(list(asked.iterdir())) == 2


def test_a_picture_that_cannot_be_read_fails_the_verb(asked: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut.png"
    file.write_bytes(picture()[:60])
    ran = mailbot("read", file)
    assert ran.code == 1
    assert "无法识读：unreadable" in ran.out
    assert list(asked.iterdir()) == []


def test_without_a_reader_the_verb_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "OCR", tmp_path / "none")
    file = tmp_path / "shot.png"
    file.write_bytes(picture())
    ran = mailbot("read", file)
    assert (ran.code, "没有安装识读程序" in ran.out) == (0, True)


LIMITS = parse_limits(tomllib.loads((rules_dir() / "limits.toml").read_text(encoding="utf-8")))


def test_check_reads_a_picture_of_its_own(asked: Path) -> None:
    first = next(iter(sight_facts(LIMITS)))
    assert first.level is Level.OK, first.text
    assert len(list(asked.iterdir())) == 1


@pytest.mark.usefixtures("asked")
def test_check_fails_where_readers_do_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "READER", "tests.sandbox.standin:nothing")
    first = next(iter(sight_facts(LIMITS)))
    assert (first.level, first.about) == (Level.FAIL, "pictures")
    assert first.remedy


@pytest.mark.usefixtures("asked")
def test_check_fails_where_they_read_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.cli.check_sight.sample", lambda: (picture(), ("2018", "otherwise")))
    first = next(iter(sight_facts(LIMITS)))
    assert (first.level, "reads otherwise" in first.text) == (Level.FAIL, True)


def test_check_warns_where_nobody_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "OCR", tmp_path / "none")
    assert [fact.level for fact in sight_facts(LIMITS)] == [Level.WARN]


def processed(home: Path, *files: Path) -> None:
    ran = mailbot("process", *files, "--storage", home / "storage", "--out", home / "out", "--at", AT, "--json", "-")
    assert ran.code == 0, ran.err


def test_process_looks_at_the_same_bytes_once_also_over_restarts(asked: Path, tmp_path: Path) -> None:
    one = written(tmp_path, ("a.png", picture(1)), ("b.png", picture(2)), name="1.eml")
    processed(tmp_path, one)
    assert len(list(asked.iterdir())) == 2
    two = written(tmp_path, ("c.png", picture(2)), ("d.png", picture(3)), name="2.eml")
    processed(tmp_path, two)
    assert len(list(asked.iterdir())) == 3


def test_process_looks_at_nothing_of_rosters_logos_and_copies(asked: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.eml"
    roster.write_bytes(mail(workbook(people(2))))
    logo = written(tmp_path, ("logo.png", picture(9, (300, 3))), name="logo.eml", roster=True)
    processed(tmp_path, roster, logo)
    assert list(asked.iterdir()) == []
    shot = written(tmp_path, ("a.png", picture(5)), name="shot.eml")
    copy = tmp_path / "copy.eml"
    copy.write_bytes(shot.read_bytes())
    processed(tmp_path, shot, copy)
    assert len(list(asked.iterdir())) == 1
