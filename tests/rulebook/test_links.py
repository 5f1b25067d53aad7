"""rules/links.toml: read with the other files, not needed, and refused with its line where it is wrong."""

from datetime import date
from pathlib import Path

import pytest

from mailbot.data import rules_dir, templates_dir
from mailbot.domain.facts.mail import MAIL, Around, mail_facts
from mailbot.domain.links import CloudLinks
from mailbot.domain.mail import Link, Mail
from mailbot.rulebook.load import load
from mailbot.rulebook.problems import RulebookError
from tests.rulebook.world import good_folder, loaded, templates_folder

PAN = Link(url="https://pan.baidu.com/s/1", words="名单")


def test_the_shipped_table_is_read() -> None:
    text = (rules_dir() / "links.toml").read_text(encoding="utf-8")
    assert "pan.baidu.com" in text
    assert templates_dir().is_dir()


def test_an_office_without_the_file_has_an_empty_table(tmp_path: Path) -> None:
    assert loaded(tmp_path).links == CloudLinks()


def test_the_file_is_read(tmp_path: Path) -> None:
    rules = good_folder(tmp_path)
    (rules / "links.toml").write_text('places = ["disk.example"]\nwords = ["云附件"]\nsource = "x"\n', encoding="utf-8")
    (rules / "payment.toml").unlink()
    book = load(rules, (), templates_folder(tmp_path))
    assert (book.links.places, book.links.words) == (("disk.example",), ("云附件",))


def test_a_fault_is_told_with_its_place(tmp_path: Path) -> None:
    rules = good_folder(tmp_path)
    (rules / "links.toml").write_text('places = "disk.example"\n', encoding="utf-8")
    with pytest.raises(RulebookError) as fault:
        load(rules, (), templates_folder(tmp_path))
    assert any(problem.file == "links.toml" and problem.line == 1 for problem in fault.value.problems)


@pytest.mark.parametrize(
    ("mail", "to_rosters", "cloud"),
    [
        (Mail(links=(PAN,), to=("2020GXKM@cqhrsp.com",)), True, True),
        (Mail(links=(PAN,), cc=("名单 <2020gxkm@cqhrsp.com>",)), True, True),
        (Mail(links=(PAN,), headers={"delivered-to": ("2020gxkm@cqhrsp.com",)}), True, True),
        (Mail(links=(PAN,), to=("cqgxkm@cqhrsp.com",)), False, True),
        (Mail(to=("2020gxkm@cqhrsp.com",)), True, False),
    ],
)
def test_the_facts(tmp_path: Path, mail: Mail, to_rosters: bool, cloud: bool) -> None:
    table = CloudLinks(places=("pan.baidu.com",))
    campaign = loaded(tmp_path).campaign
    row = mail_facts(mail, arrived=date(2020, 9, 1), claimed=False, campaign=campaign, around=Around(links=table))
    names = [fact.name for fact in MAIL.facts]
    assert row[names.index("mail.to_rosters")] is to_rosters
    assert row[names.index("mail.cloud_link")] is cloud
