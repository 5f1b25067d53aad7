"""Domains that imitate a known one, and honest ones that do not."""

import tomllib
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.lookalike import SenderDomains
from mailbot.domain.lookalike import imitated as imitates

RULES = Path(__file__).resolve().parents[2] / "rules" / "senders.toml"
DOMAINS = SenderDomains.model_validate(tomllib.loads(RULES.read_text("utf-8")))
KNOWN = {"cqhrsp.com", "unit-alpha.cn", "cqut.edu.cn", "abc.cn", "163.com"}


def imitated(domain: str, known: Collection[str]) -> str | None:
    """By the shipped words."""
    return imitates(domain, known, DOMAINS)


@pytest.mark.parametrize(
    ("domain", "own"),
    [
        ("cqhr5p.com", "cqhrsp.com"),
        ("cqhrsp.cn", "cqhrsp.com"),
        ("cqhrsp.com.cn", "cqhrsp.com"),
        ("mail.cqhrsp.net", "cqhrsp.com"),
        ("cqhrspp.com", "cqhrsp.com"),
        ("cqhrp.com", "cqhrsp.com"),
        ("cqrhsp.com", "cqhrsp.com"),
        ("cq-hrsp.com", "cqhrsp.com"),
        ("cqhrsp.com.evil.cn", "cqhrsp.com"),
        ("cqhrsp-com.cn", "cqhrsp.com"),
        ("login.cqhrsp-com.evil.cn", "cqhrsp.com"),
        ("unit-a1pha.cn", "unit-alpha.cn"),
        ("un1t-alpha.cn", "unit-alpha.cn"),
        ("xn--" + "unit-аlpha".encode("punycode").decode() + ".cn", "unit-alpha.cn"),
        ("unit-álpha.cn", "unit-alpha.cn"),
        ("l63.com", "163.com"),
        ("gmai1.com", "gmail.com"),
        ("CQHRSQ.COM", "cqhrsp.com"),
    ],
)
def test_imitations(domain: str, own: str) -> None:
    assert imitated(domain, KNOWN) == own


@pytest.mark.parametrize(
    "domain",
    [
        "cqhrsp.com",
        "mail.cqhrsp.com",
        "unit-beta.cn",
        "cqu.edu.cn",
        "cqnu.edu.cn",
        "abd.cn",
        "abc.com",
        "126.com",
        "139.com",
        "189.cn",
        "sina.cn",
        "rsj.cq.gov.cn",
        "xn--fiqs8s.cn",
        "xn--\u0661.cn",
        "xn--99999999999.cn",
        "localhost",
    ],
)
def test_honest_domains(domain: str) -> None:
    assert imitated(domain, KNOWN) is None


@pytest.mark.parametrize("provider", sorted(DOMAINS.providers))
def test_no_provider_imitates_another(provider: str) -> None:
    assert imitated(provider, KNOWN) is None


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(domain: str) -> None:
    assert imitated(domain, KNOWN) in {None, *KNOWN, *DOMAINS.providers}


@given(st.integers(0, 5), st.sampled_from("abcdefghijkmnopqrtuvwxyz"))
def test_one_letter_changed_is_noticed(place: int, letter: str) -> None:
    changed = "cqhrsp"[:place] + letter + "cqhrsp"[place + 1 :]
    assert imitated(f"{changed}.com", {"cqhrsp.com"}) == (None if changed == "cqhrsp" else "cqhrsp.com")
