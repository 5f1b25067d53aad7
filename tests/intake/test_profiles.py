"""Which provider a server belongs to, told by its own words before its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.profiles import GENERIC, PROFILES, Profile, Signs, profile_of
from tests.intake.opened import Opened
from tests.rig.fake_imap import Box

OURS = "imap.cqhrsp.com"


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("netease", "* OK Coremail System IMap Server Ready(163com[10774b260cc7a37d26d71b52404dcf5c])"),
        ("netease", "* OK Coremail System IMap Server Ready(126com[aa])"),
        ("netease", "* OK Coremail System IMap Server Ready(qiye[10])"),
        ("coremail", "* OK Coremail System IMap Server Ready(gov.example[1])"),
        ("tencent", "* OK [CAPABILITY IMAP4 IMAP4rev1 ID AUTH=PLAIN NAMESPACE] QQMail XMIMAP4Server ready"),
        ("aliyun", "* OK AliYun IMAP Server Ready(10.147.40.164)"),
        ("exchange", "* OK The Microsoft Exchange IMAP4 service is ready. [TQBXADIA]"),
        ("dovecot", "* OK [CAPABILITY IMAP4rev1 SASL-IR] Dovecot (Debian) ready."),
        ("generic", "* OK IMAP4rev1 server ready"),
        ("generic", "* OK mail.tencent-office.example aliyun-ecs-1 ready"),
    ],
)
def test_the_first_line_tells(name: str, greeting: str) -> None:
    assert profile_of("auto", Signs(OURS, greeting)).name == name


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("coremail", "name Coremail Imap vendor Mailtech TransID I082JmAAAB"),
        ("dovecot", "name Dovecot"),
        ("generic", "name fake"),
    ],
)
def test_the_answer_to_id_tells(name: str, identity: str) -> None:
    assert profile_of("auto", Signs(OURS, "* OK IMAP4 ready", identity)).name == name


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("netease", "imap.163.com"),
        ("netease", "IMAP.qiye.163.com."),
        ("netease", "imap.vip.188.com"),
        ("tencent", "imap.exmail.qq.com"),
        ("aliyun", "imap.mxhichina.com"),
        ("exchange", "outlook.office365.com"),
        ("generic", "imap.not163.com"),
        ("generic", "qq.com.example.org"),
    ],
)
def test_a_server_that_says_nothing_is_known_by_its_host(name: str, host: str) -> None:
    assert profile_of("auto", Signs(host, "* OK IMAP4 ready")).name == name


def test_netease_is_netease_although_its_server_calls_itself_coremail() -> None:
    signs = Signs("imap.126.com", "* OK IMAP4 ready", "name Coremail Imap vendor Mailtech")
    assert profile_of("auto", signs).name == "netease"


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_settings_overrule_what_a_server_says(profile: Profile) -> None:
    assert profile_of(profile.name, Signs("imap.qq.com", "* OK Dovecot ready.")) is profile
    assert profile_of("generic", Signs("imap.qq.com", "* OK Dovecot ready.")) is GENERIC


def test_every_profile_names_its_evidence_and_a_remedy() -> None:
    for profile in PROFILES:
        assert len(profile.evidence) > 20
        assert profile.remedy
        assert profile.says


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_any_words_give_some_profile(host: str, greeting: str, identity: str) -> None:
    assert profile_of("auto", Signs(host, greeting, identity)).name


def test_what_is_offered_counts_for_more_than_the_profile() -> None:
    box = Box(capabilities="IMAP4rev1", greeting=b"* OK QQMail XMIMAP4Server ready").add(1)
    with Opened(box) as session:
        assert session.profile.name == "tencent"
        assert not session.moves
    with Opened(Box(capabilities="IMAP4rev1 MOVE", greeting=b"* OK AliYun IMAP Server Ready")) as session:
        assert session.profile.name == "aliyun"
        assert session.moves


def test_a_session_corrects_itself_by_the_answer_to_id() -> None:
    with Opened(Box(identity=b'("name" "Coremail Imap" "vendor" "Mailtech")')) as session:
        assert session.profile.name == "coremail"


@pytest.mark.parametrize("identity", [b"NIL", b'("name" NIL)', b"()", b'("name")', b'("a" ("b" ("c")))'])
def test_an_odd_answer_to_id_is_no_fault(identity: bytes) -> None:
    with Opened(Box(identity=identity)) as session:
        assert session.profile.name == "generic"
        assert session.select().uidvalidity == 7


def test_id_that_is_refused_is_no_fault() -> None:
    with Opened(Box(answers={"ID": b"BAD what"})) as session:
        assert session.select().uidvalidity == 7


def test_a_named_profile_sends_id_though_it_is_not_offered() -> None:
    from_settings = Box(capabilities="IMAP4rev1", wants_id=True)
    with Opened(from_settings, profile="netease") as session:
        assert session.select().uidvalidity == 7
    assert [line for line in from_settings.commands if line.startswith("ID")]
