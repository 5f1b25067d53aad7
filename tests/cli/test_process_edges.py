"""`process` at its edges: odd characters, odd places, odd names; nothing lost and no traceback."""

from __future__ import annotations

import json
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mailbot.cli.app import app
from mailbot.cli.rehearsal import one_line
from mailbot.domain.ports import PortError

AT = "2020-09-01T10:00:00+08:00"


def mail(text: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "hr@unit.example"
    message["To"] = "2020gxkm@cqhrsp.com"
    message["Subject"] = "名单"
    message["Message-ID"] = "<edge@unit.example>"
    message.set_content(text)
    return message.as_bytes()


def run(folder: Path, *paths: Path, out: Path | None = None, storage: Path | None = None) -> Result:
    words = ["process", *map(str, paths), "--storage", str(storage or folder / "state")]
    words += ["--out", str(out or folder / "out"), "--at", AT, "--json", str(folder / "lines.jsonl")]
    return CliRunner().invoke(app, words)


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(text) for text in (folder / "lines.jsonl").read_text("utf-8").splitlines()]


def test_a_line_separator_in_a_mail_ends_no_line_and_breaks_no_later_run(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail("第一行\u2028第二行\u0085第三行\u2029第四行"))
    for repeat in (False, True):
        assert run(tmp_path, path).exit_code == 0
        [line] = lines(tmp_path)
        assert line["repeat"] is repeat


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_one_line_is_one_line_and_the_same_value(char: str) -> None:
    text = json.dumps({"a": f"x{char}y"}, ensure_ascii=False)
    assert len(one_line(text).splitlines()) == 1
    assert json.loads(one_line(text)) == {"a": f"x{char}y"}


def test_the_ending_of_a_file_name_may_be_written_large(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "B.EML").write_bytes(mail("好"))
    (folder / "notes.txt").write_text("no mail")
    assert run(tmp_path, folder).exit_code == 0
    assert [Path(str(line["file"])).name for line in lines(tmp_path)] == ["B.EML"]


def test_two_like_files_of_one_run_are_a_mail_and_its_copy(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mail.eml").write_bytes(mail("好"))
    assert run(tmp_path, tmp_path / "one", tmp_path / "two").exit_code == 0
    first, second = lines(tmp_path)
    assert (first["state"], second["state"]) == ("set_aside", "ignored")
    assert second["duplicate_of"] == "mail.eml"
    assert (first["repeat"], second["repeat"]) == (False, False)


def test_a_storage_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail("好"))
    storage = tmp_path / "file"
    storage.write_text("x")
    result = run(tmp_path, path, storage=storage)
    assert isinstance(result.exception, PortError)
    assert "storage folder" in str(result.exception)


def test_letters_that_could_not_be_written_stop_the_run_before_any_decision(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail("好"))
    blocked = tmp_path / "blocked"
    blocked.write_text("x")
    result = run(tmp_path, path, out=blocked)
    assert result.exit_code == 2
    assert "letters cannot be written" in result.output
    assert not (tmp_path / "state" / "ledger.sqlite3").exists()
