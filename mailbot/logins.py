"""What each account of the settings logs in with: a password of a file, or an OAuth2 token."""

from __future__ import annotations

from mailbot.config_accounts import Account, OAuth2
from mailbot.credentials import Password, Secrets
from mailbot.domain.ports import Clock
from mailbot.domain.server_ports import Secret
from mailbot.tokens import Endpoint, Keys, PrintedToken, RefreshedToken


def secret_of(account: Account, name: str, secrets: Secrets, clock: Clock) -> Secret:
    """The secret of the account that the settings call `name` (`smtp` for the way out). Nothing is read or asked yet.

    Raises `KeyError` for an account without one.
    """
    if account.oauth2 is not None:
        return token_of(account.oauth2, secrets, clock)
    return Password(secrets.password(name))


def token_of(oauth2: OAuth2, secrets: Secrets, clock: Clock) -> Secret:
    """The source of tokens that a table of the settings describes. Raises `ValueError` for half a table."""
    if oauth2.command:
        return PrintedToken(oauth2.command)
    place, client_secret = oauth2.refresh_token, oauth2.client_secret
    if oauth2.token_url is None or oauth2.client_id is None or place is None:
        raise ValueError("token_url, client_id and a refresh token go together")
    keys = Keys(
        refresh_token=secrets.reader(place),
        client_secret=secrets.reader(client_secret) if client_secret else None,
        refresh_file=secrets.writable(place),
    )
    return RefreshedToken(Endpoint(oauth2.token_url, oauth2.client_id, oauth2.scope, oauth2.ca_file), keys, clock)
