"""Who we are, told to a server that has just answered: by password or token, and by ID.

A password goes by LOGIN, which every server has, or by AUTHENTICATE PLAIN what LOGIN cannot carry (RFC 9051, 6.2.3); a
token by OAUTHBEARER (RFC 7628) or XOAUTH2 (Google's older form of it, the only one that some servers have).
"""

from __future__ import annotations

from typing import Final

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from mailbot.domain.server_ports import Proof, Secret
from mailbot.intake.account import Account
from mailbot.intake.faults import LoginRefused, code_of, readable, server_text
from mailbot.intake.profiles import Profile
from mailbot.intake.wire import Client

_BARE: Final = set(' "\\(){}%*')
_NO_MECHANISM: Final = "this server offers no OAuth2 login (neither OAUTHBEARER nor XOAUTH2): give it a password"
_CONSENT: Final = (
    "the token is not taken: check user, client_id and scope, and that the consent for this mailbox still stands"
)


def log_in(client: Client, account: Account, secret: Secret, profile: Profile) -> None:
    """Log in. A token that was kept and is refused is fetched anew once: it may have been called back early.

    Raises `LoginRefused`, `OSError` and imaplib's abort where the line breaks, and what `secret` raises.
    """
    proof = secret.proof()
    try:
        _show(client, account, proof, profile)
    except LoginRefused:
        secret.refused(proof)
        fresh = secret.proof() if proof.bearer else proof
        if fresh == proof:
            raise
        _show(client, account, fresh, profile)


def _show(client: Client, account: Account, proof: Proof, profile: Profile) -> None:
    user = account.server.user
    talk = _talk(client, user, proof)
    try:
        if talk is not None:
            client.authenticate(talk.mechanism, talk)
        elif user.isascii() and proof.text.isascii() and not set(user) & _BARE:
            client.login(user, proof.text)
        else:
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{proof.text}".encode())
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        if isinstance(error.__context__, IMAPClientAbortError):
            raise error.__context__ from None
        said = " ".join(filter(None, (server_text(error), talk.said if talk else "")))
        raise _refusal(user, said, profile, bearer=proof.bearer) from None


def _refusal(user: str, said: str, profile: Profile, *, bearer: bool) -> LoginRefused:
    remedy = _CONSENT if bearer else profile.remedy
    message = f"login of {user} refused: {said}"
    return LoginRefused(message, code_of(said), said=said or "no", remedy=remedy, wary=profile.wary)


def _talk(client: Client, user: str, proof: Proof) -> BearerTalk | None:
    """The exchange for a token, by the better mechanism that is offered. Raises `LoginRefused` where none is."""
    if not proof.bearer:
        return None
    offered = set(client.capabilities())
    if b"AUTH=OAUTHBEARER" in offered:
        name = user.replace("=", "=3D").replace(",", "=2C")
        return BearerTalk("OAUTHBEARER", f"n,a={name},\1auth=Bearer {proof.text}\1\1", b"\1")
    if b"AUTH=XOAUTH2" in offered:
        return BearerTalk("XOAUTH2", f"user={user}\1auth=Bearer {proof.text}\1\1", b"")
    raise LoginRefused(f"login of {user}: {_NO_MECHANISM}")


class BearerTalk:
    """The answers to a server's challenges: the token at first, then the empty word that it waits for after it has
    said why the token is not taken (RFC 7628, 3.2.3); without it the line hangs. `said` is that reason."""

    def __init__(self, mechanism: str, first: str, farewell: bytes) -> None:
        self.mechanism = mechanism
        self.said = ""
        self._first, self._farewell = first.encode(), farewell
        self._shown = False

    def __call__(self, challenge: bytes) -> bytes:
        if not self._shown:
            self._shown = True
            return self._first
        self.said = readable(challenge)
        return self._farewell
