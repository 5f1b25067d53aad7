"""The rules, limits and campaign that ship: they load, every rule is shown to hit and to miss, and the facts are the notice's."""

from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path

import pytest

from mailbot.domain.campaign import Campaign
from mailbot.domain.decisions import Automation
from mailbot.domain.evidence import NOWHERE
from mailbot.domain.facts.mail import MAIL, mail_facts
from mailbot.domain.findings import Severity, Stops
from mailbot.domain.mail import Mail
from mailbot.domain.toml_lines import lines_of
from mailbot.domain.topics import HELP, Topic
from mailbot.rulebook import Answer, Rulebook, load
from tests.rulebook.world import SHIPPED, TOP, good_folder, templates_folder


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("shipped")
    rules_dir = good_folder(folder, "")
    (rules_dir / "mail.toml").write_bytes((SHIPPED / "mail.toml").read_bytes())
    return load(rules_dir, [MAIL], templates_folder(folder))


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Campaign.model_validate(tomllib.loads((SHIPPED / "campaigns" / "2020.toml").read_text("utf-8")))


def test_the_facts_of_the_notice(campaign: Campaign) -> None:
    assert campaign.document == "渝人服函〔2020〕2号"
    assert campaign.opens.value == date(2020, 7, 7)
    assert campaign.study_closes.value == date(2020, 12, 31)
    assert campaign.makeup_years.value == (2016, 2017, 2018, 2019)
    assert campaign.fee.value == "33.00"
    assert campaign.site.value == "http://www.cqrspx.cn"
    assert campaign.initial_password.value == "000000"
    assert campaign.assign_path.value == "个人信息 → 消费足迹 → 我的激活码 → 赠送"
    hotlines = campaign.hotlines
    assert (hotlines.policy, hotlines.platform, hotlines.qq_group) == ("400-023-9229", "400-618-7500", "1136638281")
    assert campaign.credits is not None
    assert (campaign.credits.required, campaign.credits.elective, campaign.credits.total) == (20, 10, 30)
    assert campaign.app is not None
    assert (campaign.app.name, campaign.app.company_id) == ("云端学习", "cqrl")


def test_the_office_and_its_policies(campaign: Campaign) -> None:
    office = campaign.office
    assert (office.opens, office.closes, office.cut_off, office.zone) == (
        time(9),
        time(17, 30),
        time(17, 30),
        "Asia/Shanghai",
    )
    assert {kind: (policy.days, policy.automation) for kind, policy in campaign.kinds.items()} == {
        "roster": (2, Automation.TRUSTED),
        "payment_proof": (3, Automation.CONFIRM),
        "commitment": (3, Automation.OFF),
        "enquiry": (3, Automation.OFF),
    }
    assert campaign.kinds["commitment"].second_reader
    assert campaign.kinds["roster"].partial


def test_every_letter_that_the_campaign_names_is_there(campaign: Campaign) -> None:
    emails = TOP / "templates" / "emails"
    letters = [f"{kind}/{name}.txt" for kind, policy in campaign.kinds.items() for name in policy.letters]
    assert letters
    assert [letter for letter in letters if not (emails / letter).is_file()] == []


def test_every_fact_names_its_source() -> None:
    tree = tomllib.loads((SHIPPED / "campaigns" / "2020.toml").read_text("utf-8"))
    sections = [value for value in tree.values() if isinstance(value, dict)]
    flat = [part for part in sections if "source" not in part]
    assert len(flat) == 1
    assert all(policy["source"] for policy in flat[0].values())


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_file_gives_its_lines(path: Path) -> None:
    text = path.read_text("utf-8")
    lines, content = lines_of(text), text.splitlines()
    for keys, number in lines.items():
        if isinstance(keys[-1], str) and len(keys) > 1:
            assert str(keys[-1]) in content[number - 1]


def test_every_shipped_rule_of_a_mail_is_shown_to_hit_and_to_miss(book: Rulebook) -> None:
    for rule in book.rules["mail"]:
        answers = {example.answer for example in rule.examples}
        assert {Answer.YES, Answer.NO} <= answers, rule.code
    then = {rule.code: rule.then for rule in book.rules["mail"]}
    stops = {
        f"mail.{what}" for what in ("too_big", "too_deep", "unreadable", "after_closing", "unclaimed", "withdrawal")
    }
    stops |= {f"mail.{what}" for what in ("complaint", "review", "text_corrects", "personal_data")}
    told = {f"mail.{what}" for what in ("latest", "question", "case_question", "contact_changed", "phone_changed")}
    told |= {f"mail.{what}" for what in ("thanks", "advertising", "phishing", "same_message_id", "other_mailbox")}
    told |= {"archive.member_ignored", *(f"{HELP}{topic}" for topic in Topic)}
    assert {then[code] for code in stops} == {Severity.HOLD}
    assert {then[code] for code in told} == {Severity.NOTE}


def codes(book: Rulebook, mail: Mail, arrived: date, *, claimed: bool = True) -> list[str]:
    facts = mail_facts(mail, arrived=arrived, claimed=claimed, campaign=book.campaign)
    return [finding.code for finding in book.check("mail", facts, lambda _: NOWHERE)]


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("mail.too_big", "mail.too_big"),
        ("mail.too_deep", "mail.too_deep"),
        ("mail.too_many_parts", "mail.too_many_parts"),
        ("mail.too_many_attachments", "mail.too_many_attachments"),
        ("mail.too_many_addresses", "mail.too_many_addresses"),
        ("mail.forward_too_deep", "mail.forward_too_deep"),
        ("mail.headers_cut", "mail.headers_cut"),
        ("mail.text_cut", "mail.text_cut"),
        ("mail.unreadable", "mail.unreadable"),
    ],
)
def test_a_mark_of_the_limits_is_a_finding(book: Rulebook, mark: str, code: str) -> None:
    assert codes(book, Mail(marks=(mark, "repair.line_ends")), date(2020, 9, 1)) == [code]


def test_an_ordinary_mail_has_no_finding(book: Rulebook) -> None:
    assert codes(book, Mail(), date(2020, 12, 31)) == []


def test_a_mail_behind_the_last_day_waits_for_a_person_with_its_case(book: Rulebook) -> None:
    facts = mail_facts(Mail(), arrived=date(2021, 1, 1), claimed=True, campaign=book.campaign)
    (finding,) = book.check("mail", facts, lambda _: NOWHERE)
    assert (finding.code, finding.stops) == ("mail.after_closing", Stops.CASE)
    assert finding.message == "来信于2021年1月1日收到，晚于学习截止日2020年12月31日，转人工审核。"


def test_a_mail_that_nobody_claims_goes_to_a_person(book: Rulebook) -> None:
    assert codes(book, Mail(), date(2020, 9, 1), claimed=False) == ["mail.unclaimed"]
