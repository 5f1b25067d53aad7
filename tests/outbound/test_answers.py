"""What a server's answer makes of a letter: answers as real servers give them, by the stage they come at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.ports import About, SendState
from mailbot.outbound.answers import TABLE, Stage, verdict

WAIT, REFUSED = SendState.DEFERRED, SendState.REFUSED
FIRST, FROM, TO, BODY, DOT = Stage
CASES = [
    # the whole way out: rest for every letter
    (FIRST, "421 HL:REP 220.0.0.1 has a bad reputation", WAIT, About.LINE),
    (FIRST, "450 4.7.1 try again", WAIT, About.LINE),
    (FROM, "421 4.7.0 too many errors", WAIT, About.LINE),
    (FROM, "451 4.3.0 queue file write error", WAIT, About.LINE),
    (FROM, "452 4.3.1 Insufficient system storage", WAIT, About.LINE),
    (FROM, "550 RP:CEL 1.2.3.4", WAIT, About.LINE),
    (TO, "421 4.3.2 shutting down", WAIT, About.LINE),
    (TO, "450 MI:DMC 10.0.0.1", WAIT, About.LINE),
    (TO, "451 RP:DRC http://mail.163.com/help", WAIT, About.LINE),
    (TO, "550 Ip frequency limited", WAIT, About.LINE),
    (TO, "450 4.7.1 Error: too many connections from 1.2.3.4", WAIT, About.LINE),
    (DOT, "451 MI:SFQ 15 minutes", WAIT, About.LINE),
    (DOT, "421 4.4.2 timeout exceeded", WAIT, About.LINE),
    (DOT, "550 发信频率过高", WAIT, About.LINE),
    # our login, our address, our configuration: a person must act
    (FROM, "530 5.7.0 Must issue a STARTTLS command first", WAIT, About.LOGIN),
    (FROM, "535 5.7.8 authentication failed", WAIT, About.LOGIN),
    (FROM, "553 Mail from must equal authorized user", WAIT, About.LOGIN),
    (FROM, "550 5.7.1 sender rejected", WAIT, About.LOGIN),
    (FIRST, "554 5.7.1 your host is blacklisted", WAIT, About.LOGIN),
    (TO, "554 5.7.1 <a@b.cn>: Relay access denied", WAIT, About.LOGIN),
    (TO, "550 5.7.1 Unable to relay", WAIT, About.LOGIN),
    (TO, "553 sorry, that domain isn't in my list of allowed rcpthosts", WAIT, About.LOGIN),
    # this address
    (TO, "550 5.1.1 <a@b.cn>: Recipient address rejected: User unknown", REFUSED, About.ADDRESS),
    (TO, "550 User not found: a@163.com", REFUSED, About.ADDRESS),
    (TO, "550 Mailbox not found or access denied", REFUSED, About.ADDRESS),
    (TO, "552 5.2.2 mailbox full", REFUSED, About.ADDRESS),
    (TO, "450 4.1.2 <a@b.cn>: Recipient address rejected: Domain not found", REFUSED, About.ADDRESS),
    (TO, "556 5.1.10 Recipient address has null MX", REFUSED, About.ADDRESS),
    (TO, "550 5.4.4 Invalid domain", REFUSED, About.ADDRESS),
    (TO, "512 Host not found", REFUSED, About.ADDRESS),
    (DOT, "550 5.1.1 RESOLVER.ADR.RecipNotFound", REFUSED, About.ADDRESS),
    # these words
    (DOT, "554 DT:SPM 126 smtp1", REFUSED, About.TEMPLATE),
    (BODY, "554 DT:SPM", REFUSED, About.TEMPLATE),
    (DOT, "550 Mail content denied. http://service.mail.qq.com", REFUSED, About.TEMPLATE),
    (DOT, "554 Reject by content spam at DATA State", REFUSED, About.TEMPLATE),
    (DOT, "550 5.7.1 message classified as spam", REFUSED, About.TEMPLATE),
    # this letter
    (FROM, "552 5.3.4 Message size exceeds fixed limit", REFUSED, About.LETTER),
    (DOT, "552 message too large", REFUSED, About.LETTER),
    (DOT, "554 5.6.0 malformed", REFUSED, About.LETTER),
    (TO, "450 4.2.0 <a@b.cn>: Recipient address rejected: Greylisted", WAIT, About.LETTER),
    (TO, "451 4.7.1 Greylisting in action, please come back later", WAIT, About.LETTER),
    (TO, "452 4.2.2 mailbox full", WAIT, About.LETTER),
    (TO, "450 4.4.3 temporary lookup failure", WAIT, About.LETTER),
    (DOT, "451 DT:SPM try again in two minutes", WAIT, About.LETTER),
    (DOT, "451 4.3.0 later", WAIT, About.LETTER),
]


@pytest.mark.parametrize(("stage", "said", "state", "about"), CASES)
def test_case_44_and_50_what_an_answer_means(stage: Stage, said: str, state: SendState, about: About) -> None:
    found = verdict(stage, int(said[:3]), said)
    assert (found.state, found.about) == (state, about)


@pytest.mark.parametrize(
    "said",
    [
        "450 4.1.1 <a@evil.example>: unverified address: host mx.evil.example said: 421 HL:REP too many connections",
        "550 5.1.1 unverified address: host mx said: 550 Relay access denied",
        "550 5.1.1 host mx.evil.example said: 554 DT:SPM",
    ],
)
def test_the_words_of_a_recipients_server_hold_up_nobody_else(said: str) -> None:
    assert verdict(TO, int(said[:3]), said).about in (About.LETTER, About.ADDRESS)


@pytest.mark.parametrize("code", [250, 251, 299])
def test_behind_the_dot_a_yes_is_a_yes(code: int) -> None:
    assert verdict(DOT, code, f"{code} queued").state is SendState.SENT


@given(st.integers(min_value=-1, max_value=999), st.sampled_from(Stage), st.text(max_size=80))
def test_only_behind_the_dot_may_the_server_have_it(code: int, stage: Stage, text: str) -> None:
    found = verdict(stage, code, text)
    assert (found.state is SendState.SENT) == (stage is DOT and 200 <= code < 300)
    if found.state is SendState.UNKNOWN:
        assert stage is DOT
        assert not 200 <= code < 300
        assert not 400 <= code < 600
    if not 500 <= code < 600 and found.state is REFUSED:
        assert found.about is About.ADDRESS


def test_every_line_of_the_table_is_the_first_to_fit_some_answer() -> None:
    used = {next(line.source for line in TABLE if line.fits(stage, int(said[:3]), said)) for stage, said, _, _ in CASES}
    assert used | {"RFC 3463, 3.4: x.3.4 and x.2.3 too"} == {line.source for line in TABLE}
