"""Authentication-Results: our own topmost word, aligned, or no pass."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.authres import aligned, aligned_pass

OURS = "mx.cqhrsp.com"
UNIT = "unit-a.cn"


@pytest.mark.parametrize(
    "body",
    [
        "dkim=pass header.d=unit-a.cn",
        "dkim=pass (2048-bit key; unprotected) header.d=unit-a.cn header.i=@unit-a.cn header.b=abc",
        "spf=pass smtp.mailfrom=hr@unit-a.cn",
        "spf=pass (mx: domain of hr@unit-a.cn designates 10.0.0.1) smtp.mailfrom=unit-a.cn",
        'spf=pass smtp.mailfrom="hr@unit-a.cn"',
        "spf=pass smtp.mailfrom=<hr@unit-a.cn>",
        "dmarc=pass (p=none dis=none) header.from=unit-a.cn",
        "dkim=fail header.d=unit-a.cn; dkim=pass header.d=unit-a.cn",
        "spf=softfail smtp.mailfrom=x@other.cn; dkim=pass header.d=unit-a.cn",
        "spf=none; dkim=pass header.d=mail.unit-a.cn",
        "DKIM=Pass Header.D=Unit-A.cn",
        "dkim/1 = pass header.d = unit-a.cn",
        'dkim=pass reason="good; really" header.d=unit-a.cn',
        "iprev=pass policy.iprev=10.0.0.1; dmarc=none; spf=pass smtp.mailfrom=unit-a.cn",
    ],
)
def test_passes(body: str) -> None:
    assert aligned_pass((f"{OURS}; {body}",), OURS, UNIT) is True
    assert aligned_pass((f"{OURS.upper()} 1; {body}",), OURS, UNIT) is True


@pytest.mark.parametrize(
    "body",
    [
        "",
        "none",
        "dkim=none; spf=none",
        "dkim=fail header.d=unit-a.cn",
        "dkim=neutral header.d=unit-a.cn",
        "dkim=pass",
        "dkim=pass header.d=evil.cn",
        "dkim=pass header.d=unit-a.cn.evil.cn",
        "dkim=pass header.d=notunit-a.cn",
        "dkim=pass header.d=cn",
        "dkim=pass header.d=unit-a.cn header.d=evil.cn",
        "dkim=pass header.i=@unit-a.cn@evil.cn",
        "dkim=pass header.d=evil.cn header.i=@unit-a.cn",
        "dkim=pass header.d= header.i=@unit-a.cn",
        "spf=pass smtp.mailfrom= smtp.helo=x@unit-a.cn",
        "spf=pass (helo) smtp.mailfrom=  SMTP.HELO=x@unit-a.cn",
        "dkim=pass header.i=@unit-a.cn header.i=@evil.cn",
        "dkim=passed header.d=unit-a.cn",
        "dkim=pass-ish header.d=unit-a.cn",
        "spf=pass smtp.helo=unit-a.cn",
        "spf=pass smtp.mailfrom=",
        "spf=pass smtp.mailfrom=<>",
        "spf=pass smtp.mailfrom=unit-a.cn@evil.cn",
        "spf=pass smtp.mailfrom=hr@unit-a.cn; spf=fail smtp.mailfrom=x@evil.cn",
        "spf=softfail (x) smtp.mailfrom=<a@unit-a.cn>",
        "dmarc=pass header.from=evil.cn",
        "dmarc=pass header.from=evil.cn; dkim=pass header.d=unit-a.cn",
        "dmarc=fail header.from=unit-a.cn; dkim=pass header.d=unit-a.cn",
        "dmarc=pass header.from=unit-a.cn; dmarc=fail header.from=unit-a.cn",
        "x-dkim=pass header.d=unit-a.cn",
        "dkim=fail (dkim=pass header.d=unit-a.cn)",
        "dkim=fail (a (b) dkim=pass header.d=unit-a.cn",
        'dkim=fail reason="; dkim=pass header.d=unit-a.cn"',
        'spf=pass smtp.mailfrom="x;dkim=pass header.d=unit-a.cn"@evil.cn',
        'spf=pass smtp.mailfrom="x\\"; dkim=pass header.d=unit-a.cn"@evil.cn',
        'dkim=fail reason="x header.d=unit-a.cn" header.d=evil.cn',
        "spf=pass smtp.mailfrom=a;dkim=pass/header.d=unit-a.cn@evil.cn",
    ],
)
def test_no_pass(body: str) -> None:
    assert aligned_pass((f"{OURS}; {body}",), OURS, UNIT) is False


OWN_DOMAIN, OTHER = "unit-a.cn", "mail-sender.example"
ODD = (
    # Google, with identity and selector
    (
        (
            "dkim=pass header.i=@unit-a.cn header.s=20161025 header.b=EyvyF+GU; spf=pass (google.com: domain of hr@unit-a.cn"
            " designates 203.0.113.20 as permitted sender) smtp.mailfrom=hr@unit-a.cn; dmarc=pass (p=NONE sp=QUARANTINE dis=NONE)"
            " header.from=unit-a.cn"
        ),
        True,
    ),
    ("dkim=pass header.i=@unit-a.cn header.s=s1 header.b=abc", True),
    ("dkim=pass header.i=hr@unit-a.cn header.s=s1", True),
    ("dkim=pass header.i=@mail-sender.example header.s=s1; spf=pass smtp.mailfrom=b@mail-sender.example", False),
    # Exchange Online
    (
        (
            "spf=pass (sender IP is 203.0.113.9) smtp.mailfrom=unit-a.cn; dkim=pass (signature was verified) header.d=unit-a.cn;"
            "dmarc=pass action=none header.from=unit-a.cn;compauth=pass reason=100"
        ),
        True,
    ),
    (
        (
            "spf=fail (sender IP is 203.0.113.9) smtp.mailfrom=unit-a.cn; dkim=none (message not signed) header.d=none;"
            "dmarc=fail action=oreject header.from=unit-a.cn;compauth=none reason=451"
        ),
        False,
    ),
    ("spf=none (sender IP is ) smtp.mailfrom=unit-a.cn; dkim=none header.d=none;dmarc=none", False),
    # Postfix with OpenDKIM, OpenDMARC, policyd-spf
    (
        (
            "dkim=pass (2048-bit key; unprotected) header.d=unit-a.cn header.i=@unit-a.cn header.a=rsa-sha256 header.s=default"
            ' header.b="Y3j2YPlk"'
        ),
        True,
    ),
    (
        'dkim=pass (1024-bit key; secure) header.d=mail-sender.example header.i=@mail-sender.example header.b="fz"',
        False,
    ),
    ('dkim=fail reason="signature verification failed" (2048-bit key) header.d=unit-a.cn header.i=@unit-a.cn', False),
    ("dmarc=pass (p=reject dis=none) header.from=unit-a.cn", True),
    ("dmarc=none (p=none dis=none) header.from=unit-a.cn", False),
    (
        (
            "spf=pass (mailfrom) smtp.mailfrom=unit-a.cn (client-ip=203.0.113.7; helo=mx.unit-a.cn; envelope-from=hr@unit-a.cn;"
            " receiver=<UNKNOWN>)"
        ),
        True,
    ),
    ("spf=softfail (mailfrom) smtp.mailfrom=<hr@unit-a.cn> (client-ip=203.0.113.7)", False),
    ("spf=none (no SPF record) smtp.mailfrom=hr@unit-a.cn smtp.helo=mx.unit-a.cn", False),
    ("spf=pass smtp.mailfrom=unit-a.cn smtp.helo=mx.other.cn", True),
    # rspamd
    (
        (
            "dkim=pass header.d=unit-a.cn header.s=mail header.b=XyZ; dmarc=pass (policy=none) header.from=unit-a.cn; spf=pass"
            " (mx.x: domain of hr@unit-a.cn designates 203.0.113.7 as permitted sender) smtp.mailfrom=hr@unit-a.cn"
        ),
        True,
    ),
    ('dkim=none; dmarc=fail reason="No valid SPF, No valid DKIM" header.from=unit-a.cn (policy=none); spf=none', False),
    ("arc=none; dkim=none; spf=pass smtp.mailfrom=hr@unit-a.cn", True),
    ("auth=pass smtp.auth=hr@unit-a.cn smtp.mailfrom=hr@unit-a.cn", False),
    # amavis, exim, sympa, Courier, Halon
    ("dkim=pass (2048-bit key) header.d=unit-a.cn", True),
    (
        (
            "iprev=pass (mx.unit-a.cn) smtp.remote-ip=203.0.113.7; spf=pass smtp.mailfrom=unit-a.cn; dkim=pass header.d=unit-a.cn"
            " header.s=s header.a=rsa-sha256"
        ),
        True,
    ),
    ("iprev=fail smtp.remote-ip=203.0.113.7", False),
    ("domainkeys=pass header.from=hr@unit-a.cn", False),
    ("sender-id=pass header.from=hr@unit-a.cn; spf=neutral", False),
    ("dkim=pass (verified; good) header.d = unit-a.cn ; spf = fail", True),
    ("dkim=temperror (DNS timeout) header.d=unit-a.cn; spf=temperror smtp.mailfrom=hr@unit-a.cn", False),
    ("dkim=permerror (bad message/signature format)", False),
    ("dkim=policy (512-bit key too short) header.d=unit-a.cn", False),
    ("bimi=skipped; dmarc=pass header.from=unit-a.cn policy.dmarc=none", True),
    # Coremail, NetEase, Tencent
    ("spf=pass smtp.mail=hr@unit-a.cn", False),
    ("spf=pass smtp.mail=hr@unit-a.cn; dkim=pass header.i=@unit-a.cn;", True),
    ("spf=neutral smtp.mail=hr@unit-a.cn; dkim=none", False),
    # odd shapes
    ("", False),
    (";;;", False),
    ("none;", False),
    ('dkim=pass header.d="unit-a.cn"', True),
    ("dkim=pass header.d=unit-a.cn.", True),
    ("dkim=pass header.d=UNIT-A.CN", True),
    ("dkim=pass\theader.d=unit-a.cn", True),
    ("dkim=pass header.d=unit-a.cn; dkim=pass header.d=mail-sender.example", True),
    ("dkim=pass header.d=mail-sender.example; dkim=fail header.d=unit-a.cn", False),
    ('dkim=pass (a comment with ; and = and " in it) header.d=unit-a.cn', True),
    ("dkim=pass (unclosed header.d=unit-a.cn", False),
    ('dkim=pass reason="unclosed header.d=unit-a.cn', False),
    ('spf=pass smtp.mailfrom="hr; dkim=pass"@unit-a.cn', True),
)


@pytest.mark.parametrize(("body", "expected"), ODD)
def test_case_47_headers_as_servers_write_them(body: str, expected: bool) -> None:
    assert aligned_pass((f"{OURS}; {body}",), OURS, OWN_DOMAIN) is expected
    assert aligned_pass((f"{OURS} (amavisd-new); {body}",), OURS, OWN_DOMAIN) is expected
    assert aligned_pass((f"mx.attacker.example; {body}",), OURS, OWN_DOMAIN) is None
    assert aligned_pass((f"{OURS}; {body}",), OURS, OTHER) in (True, False)


def test_without_a_word_of_ours_nothing_is_known() -> None:
    good = "dkim=pass header.d=unit-a.cn"
    assert aligned_pass((), OURS, UNIT) is None
    assert aligned_pass((f"mx.evil.cn; {good}",), OURS, UNIT) is None
    assert aligned_pass((f"{OURS}.evil.cn; {good}",), OURS, UNIT) is None
    assert aligned_pass((good,), OURS, UNIT) is None
    assert aligned_pass((f"; {good}",), "", UNIT) is None
    assert aligned_pass((f"(x) ({OURS}); {good}",), OURS, UNIT) is None


def test_only_the_topmost_of_ours_counts() -> None:
    good, bad = f"{OURS}; dkim=pass header.d=unit-a.cn", f"{OURS}; dkim=none"
    assert aligned_pass((bad, good), OURS, UNIT) is False
    assert aligned_pass((good, bad), OURS, UNIT) is True
    assert aligned_pass(("mx.other.cn; dkim=fail", bad, good), OURS, UNIT) is False


def test_a_sender_nobody_can_name_has_no_pass() -> None:
    assert aligned_pass((f"{OURS}; dkim=pass header.d=unit-a.cn",), OURS, None) is False


@pytest.mark.parametrize(
    ("vouched", "domain", "expected"),
    [
        ("unit-a.cn", "unit-a.cn", True),
        ("mail.unit-a.cn", "unit-a.cn", True),
        ("unit-a.cn", "mail.unit-a.cn", True),
        ("a.unit-a.cn", "b.unit-a.cn", False),
        ("unit-a.com.cn", "unit-b.com.cn", False),
        ("com.cn", "unit-a.com.cn", False),
        ("unit-a.com.cn", "com.cn", False),
        ("cq.cn", "unit-a.cq.cn", False),
        ("gov.cn", "rsj.gov.cn", False),
        ("cq.gov.cn", "rsj.cq.gov.cn", True),
        ("cn", "unit-a.cn", False),
        ("com.cn", "com.cn", True),
        ("qq.com", "vip.qq.com", True),
    ],
)
def test_alignment(vouched: str, domain: str, expected: bool) -> None:
    assert aligned(vouched, domain) is expected


@pytest.mark.parametrize(
    "local",
    [
        "a;dmarc=pass header.from=unit-a.cn ",
        "a;dmarc=pass header.from=unit-a.cn",
        "a; dmarc=pass header.from=unit-a.cn x=",
        "a;dmarc=pass header.from=unit-a.cn;",
        "a;dkim=pass header.d=unit-a.cn ",
        "a;dkim=pass header.d=unit-a.cn;x",
        "a; dkim=pass header.d=unit-a.cn header.i=",
        "a; dkim=pass header.d=unit-a.cn; x=y ",
        "hr@unit-a.cn;x",
        "hr@unit-a.cn; x=y ",
    ],
)
def test_a_local_part_without_its_quotes_makes_no_result_of_its_own(local: str) -> None:
    for rest in ("", "; dkim=none", "; dmarc=none header.from=unit-a.cn"):
        assert aligned_pass((f"{OURS}; spf=pass smtp.mailfrom={local}@evil.cn{rest}",), OURS, UNIT) is False


@given(st.text(max_size=200))
def test_hostile_text_never_passes(text: str) -> None:
    if UNIT not in text.lower():
        assert aligned_pass((f"{OURS}; {text}",), OURS, UNIT) is False


@given(st.sampled_from(["fail", "none", "neutral", "policy", "temperror", "permerror", "softfail"]), st.booleans())
def test_nothing_but_pass_is_a_pass(result: str, spaced: bool) -> None:
    sign = " = " if spaced else "="
    body = f"dkim{sign}{result} header.d{sign}{UNIT}; spf{sign}{result} smtp.mailfrom{sign}{UNIT}"
    assert aligned_pass((f"{OURS}; {body}",), OURS, UNIT) is False


@pytest.mark.parametrize("piece", ["(", '"', "a=b;", "a=b ", "(x)", '"x"', "\\", "a"])
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    started = time.perf_counter()
    aligned_pass((f"{OURS}; " + piece * (100_000 // len(piece)),), OURS, UNIT)
    assert time.perf_counter() - started < 5
