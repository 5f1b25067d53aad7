"""Campaign facts for rules come from the campaign's own fields, and an impossible campaign is refused."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from mailbot.domain.campaign import Campaign
from mailbot.domain.facts.campaign import campaign_facts
from mailbot.domain.facts.vocabulary import Fact, FactType, Vocabulary

FILE = Path(__file__).resolve().parents[2] / "rules" / "campaigns" / "2020.toml"
CAMPAIGN = Campaign.model_validate(tomllib.loads(FILE.read_text("utf-8")))


def facts(*named: tuple[str, FactType]) -> Vocabulary:
    return Vocabulary("test", "测试", tuple(Fact(name, kind, "事实", "测试") for name, kind in named))


def test_values_stand_without_their_sources() -> None:
    vocabulary = facts(
        ("row.name", "text"),
        ("campaign.year", "int"),
        ("campaign.makeup_years", "ints"),
        ("campaign.study_closes", "date"),
        ("campaign.fee", "money"),
        ("campaign.office.name", "text"),
        ("campaign.credits.total", "int"),
        ("campaign.user_name", "text"),
    )
    assert campaign_facts(CAMPAIGN, vocabulary) == {
        "campaign.year": 2020,
        "campaign.makeup_years": (2016, 2017, 2018, 2019),
        "campaign.study_closes": date(2020, 12, 31),
        "campaign.fee": Decimal("33.00"),
        "campaign.office.name": "重庆市人力资源开发服务中心",
        "campaign.credits.total": 30,
        "campaign.user_name": "手机号码",
    }


def test_what_a_campaign_leaves_out_is_known_to_be_empty() -> None:
    plain = CAMPAIGN.model_copy(update={"credits": None, "user_name": None})
    vocabulary = facts(("campaign.credits.total", "int"), ("campaign.user_name", "text"))
    assert campaign_facts(plain, vocabulary) == {"campaign.credits.total": None, "campaign.user_name": None}


@pytest.mark.parametrize("name", ["campaign.fees", "campaign.office", "campaign.kinds", "campaign.office.nmae"])
def test_what_no_campaign_can_give_is_a_fault_of_the_vocabulary(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        campaign_facts(CAMPAIGN, facts((name, "text")))


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("office", "cut_off", "08:00:00"),
        ("office", "closes", "17:00:00"),
        ("opens", "value", "2021-07-07"),
        ("warn_from", "value", "2021-01-15"),
        ("fee", "value", "33"),
        ("fee", "source", ""),
        ("site", "value", ""),
    ],
)
def test_an_impossible_campaign_is_refused(section: str, key: str, value: str) -> None:
    tree = tomllib.loads(FILE.read_text("utf-8"))
    tree[section][key] = value
    with pytest.raises(ValidationError):
        Campaign.model_validate(tree)
