"""Passwords and tokens shown to a server, and its refusals told in readable words."""

import pytest

from mailbot.credentials import Password, SecretError
from mailbot.domain.server_ports import Proof
from mailbot.intake.faults import LoginRefused, Lost
from mailbot.intake.login import BearerTalk
from mailbot.intake.refusals import Cause
from tests.intake.helpers import USER
from tests.intake.opened import Opened
from tests.rig.fake_imap import Box

BOTH = "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER"


class Tokens:
    """A source that shows these tokens, the next one after each refusal."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.rejected: list[str] = []

    def proof(self) -> Proof:
        return Proof(self.tokens[0], bearer=True)

    def refused(self, proof: Proof) -> None:
        self.rejected.append(proof.text)
        if len(self.tokens) > 1:
            self.tokens.pop(0)


def refusal(box: Box, **opened: object) -> LoginRefused:
    with pytest.raises(LoginRefused) as told, Opened(box, **opened):  # type: ignore[arg-type]  # keywords by name
        pass
    return told.value


@pytest.mark.parametrize("answer", [b"NO ", b"NO [AUTHENTICATIONFAILED] ", b"BAD "])
def test_case_03_chinese_words_in_gbk_are_readable_however_they_come(answer: bytes) -> None:
    told = refusal(Box(login=answer + "登录失败，密码错误".encode("gbk")))
    assert "登录失败，密码错误" in str(told)
    assert told.cause is Cause.CREDENTIALS


@pytest.mark.parametrize("verb", ["NO", "BAD"])
def test_case_03_gbk_words_are_readable_at_authenticate_too(verb: str) -> None:
    box = Box(answers={"AUTHENTICATE": f"{verb} ".encode() + "系统繁忙，请稍后再试".encode("gbk")})
    told = refusal(box, secret=Password(lambda: "口令 with umlaut ü"))
    assert "系统繁忙" in str(told)
    assert told.cause is Cause.MOMENT


def test_case_02_the_remedy_is_the_providers() -> None:
    box = Box(login=b"NO Please using authorized code to login", greeting=b"* OK QQMail XMIMAP4Server ready")
    told = refusal(box)
    assert (told.cause, told.wary) == (Cause.CODE, True)
    assert "授权码" in told.remedy


def test_nothing_of_the_secret_stands_in_a_refusal() -> None:
    told = refusal(Box(login=b"NO wrong"), secret=Password(lambda: "geheim-8831"))
    assert "geheim" not in str(told) + repr(told) + repr(Proof("geheim-8831"))


def test_a_secret_that_cannot_be_read_says_so_itself() -> None:
    def missing() -> str:
        raise SecretError("secrets/imap: no such file")

    with pytest.raises(SecretError, match="no such file"), Opened(Box(), secret=Password(missing)):
        pass


def test_oauthbearer_where_it_is_offered() -> None:
    box = Box(capabilities=BOTH, tokens={"tok-1"}).add(1)
    with Opened(box, secret=Tokens("tok-1")) as session:
        assert session.select().exists == 1
    assert box.said == [f"n,a={USER},\1auth=Bearer tok-1\1\1".encode()]
    assert not [line for line in box.commands if line.startswith("LOGIN")]


def test_xoauth2_where_nothing_better_is_offered() -> None:
    box = Box(capabilities="IMAP4rev1 AUTH=XOAUTH2", tokens={"tok-1"})
    with Opened(box, secret=Tokens("tok-1")):
        pass
    assert box.said == [f"user={USER}\1auth=Bearer tok-1\1\1".encode()]


@pytest.mark.parametrize(("offer", "farewell"), [(BOTH, b"\1"), ("IMAP4rev1 AUTH=XOAUTH2", b"")])
def test_a_token_that_is_not_taken_ends_the_exchange_with_the_servers_reason(offer: str, farewell: bytes) -> None:
    box, source = Box(capabilities=offer), Tokens("tok-1")
    told = refusal(box, secret=source)
    assert "401" in str(told)
    assert "consent" in told.remedy
    assert not told.retry
    assert box.said[1::2] == [farewell]
    assert source.rejected == ["tok-1"]


def test_a_token_that_was_called_back_is_fetched_anew_once() -> None:
    box, source = Box(capabilities=BOTH, tokens={"tok-2"}), Tokens("tok-1", "tok-2", "tok-3")
    with Opened(box, secret=source) as session:
        session.select()
    assert source.rejected == ["tok-1"]


def test_two_tokens_refused_in_a_row_are_enough() -> None:
    source = Tokens("tok-1", "tok-2", "tok-3")
    refusal(Box(capabilities=BOTH), secret=source)
    assert source.rejected == ["tok-1"]


def test_a_server_without_oauth2_is_not_shown_the_token() -> None:
    box = Box(capabilities="IMAP4rev1 AUTH=PLAIN", tokens={"tok-1"})
    assert "offers no OAuth2" in str(refusal(box, secret=Tokens("tok-1")))
    assert box.said == []
    assert not [line for line in box.commands if "tok-1" in line]


def test_a_line_that_ends_in_the_login_is_lost_and_no_refusal() -> None:
    with pytest.raises(Lost), Opened(Box(login=b"* BYE tired"), read_seconds=1):
        pass


def test_a_user_name_with_signs_of_the_exchange_is_written_as_it_must_be() -> None:
    talk = BearerTalk("OAUTHBEARER", "n,a=a=2C=3D,\1", b"\1")
    assert talk(b"") == b"n,a=a=2C=3D,\1"
    assert talk('{"status":"错"}'.encode()) == b"\1"
    assert talk.said == '{"status":"错"}'
