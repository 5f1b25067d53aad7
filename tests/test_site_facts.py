"""What the settings say about a site's own name on the net reaches the ledger that makes Message-IDs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.assembly import facts_of, open_rules, terms
from mailbot.config import load_settings
from mailbot.data import rules_dir

GOOD = Path(__file__).parent / "config" / "good" / "mailbot.toml"


class Keyed:
    """A hasher that says what it was asked."""

    def search(self, text: str) -> str:
        return text

    def token(self, text: str) -> str:
        return text


def test_the_domain_of_the_settings_stands_in_message_ids(tmp_path: Path) -> None:
    text = GOOD.read_text("utf-8")
    settings = load_settings(GOOD)
    other = tmp_path / "mailbot.toml"
    other.write_text(text.replace(f'"{settings.site.domain}"', '"letters.example.cn"', 1), "utf-8")
    facts = replace(facts_of(load_settings(other)), rules=rules_dir(), campaign="2020")
    rulebook = open_rules(facts).current
    assert facts.message_domain == load_settings(other).site.domain == "letters.example.cn"
    assert terms(facts, rulebook, rulebook.limits, Keyed()).domain == "letters.example.cn"


@pytest.mark.parametrize("domain", [None, ""])
def test_without_one_the_senders_domain_stands_there(domain: str | None) -> None:
    facts = replace(facts_of(load_settings(GOOD)), domain=domain, sender="a@b.example.cn")
    assert facts.message_domain == "b.example.cn"
