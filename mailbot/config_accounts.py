"""The mail accounts of a site's settings: how a server is reached, and what proves who we are there.

Types that every table of the settings uses stand here too. Values are checked, nothing is read or connected.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from mailbot.credentials import SecretPlace
from mailbot.domain.hosts import is_loopback


def _place(value: object, info: ValidationInfo) -> object:
    folder = info.context["folder"] if isinstance(info.context, dict) else Path()
    return folder / value if isinstance(value, str) and value else value


Text = Annotated[str, Field(strict=True, min_length=1, pattern=r"\S")]
Address = Annotated[str, Field(strict=True, pattern=r"^[!-~]+@[0-9A-Za-z.-]+\.[0-9A-Za-z-]+$")]
MaybeAddress = Annotated[str, Field(strict=True, pattern=r"^([!-~]+@[0-9A-Za-z.-]+\.[0-9A-Za-z-]+)?$")]
Domain = Annotated[str, Field(strict=True, pattern=r"^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+$")]
Word = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Location = Annotated[Path, BeforeValidator(_place)]
Tls = Literal["tls", "starttls", "plain"]
Profile = Literal["auto", "netease", "tencent", "aliyun", "coremail", "exchange", "dovecot", "generic"]


def _token_url(value: str) -> str:
    parts = urlsplit(value)
    host = parts.hostname or ""
    if parts.scheme not in {"https", "http"} or not host or parts.username or parts.fragment:
        raise ValueError("must look like https://login.example.com/oauth2/token")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(f"{host} is asked over https only, the refresh token would travel readable")
    return value


TokenUrl = Annotated[Text, AfterValidator(_token_url)]


class Table(BaseModel):
    """A table of the file: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class OAuth2(Table):
    """How a login gets its access token: by a refresh token at the provider's token endpoint (RFC 6749, 6), or from a
    `command` of the site's own that prints one. Tokens and the client's secret stand in files of their own."""

    token_url: TokenUrl | None = None
    client_id: Text | None = None
    scope: Annotated[str, Field(strict=True)] = ""
    ca_file: Location | None = None
    refresh_token_file: Location | None = None
    refresh_token_credential: Word | None = None
    client_secret_file: Location | None = None
    client_secret_credential: Word | None = None
    command: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        asked = (self.token_url, self.client_id, self.refresh_token)
        if self.command and any(asked):
            raise ValueError("either command, or token_url, client_id and refresh_token_file")
        if not self.command and not all(asked):
            raise ValueError("token_url, client_id and refresh_token_file (or refresh_token_credential) go together")
        return self

    @property
    def refresh_token(self) -> SecretPlace | None:
        """Where the refresh token lies."""
        return _secret_place(self.refresh_token_credential, self.refresh_token_file)

    @property
    def client_secret(self) -> SecretPlace | None:
        """Where the client's secret lies; a public client has none (RFC 6749, 2.1)."""
        return _secret_place(self.client_secret_credential, self.client_secret_file)


def _secret_place(credential: str | None, file: Path | None) -> SecretPlace | None:
    return None if credential is None and file is None else SecretPlace(credential, file)


class Account(Table):
    """A login to a mail server. Only loopback may go without TLS: the password would travel readable."""

    host: Text
    port: Port
    tls: Tls = "tls"
    ca_file: Location | None = None
    password_file: Location | None = None
    password_credential: Word | None = None
    oauth2: OAuth2 | None = None

    @model_validator(mode="after")
    def _is_encrypted(self) -> Self:
        if self.tls == "plain" and not is_loopback(self.host):
            raise ValueError(f"tls = 'plain' to {self.host}: only this machine itself may go without TLS")
        return self

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if self.oauth2 is not None and self.has_password:
            raise ValueError("a password and an oauth2 table: one of the two")
        return self

    @property
    def secret(self) -> SecretPlace:
        """Where the password lies."""
        return SecretPlace(self.password_credential, self.password_file)

    @property
    def has_password(self) -> bool:
        """Whether the login goes by a password."""
        return self.password_file is not None or self.password_credential is not None

    @property
    def has_secret(self) -> bool:
        """Whether there is anything to log in with."""
        return self.has_password or self.oauth2 is not None


class MailboxAccount(Account):
    """One mailbox that is read. `account` is its name in the ledger and in logs, and never changes. Decided mails are
    moved to `handled_folder`, those that wait for a person to `person_folder`; empty: they stay where they came in."""

    account: Annotated[Word, Field(pattern=r"^[a-z]")]
    address: Address
    user: Text
    folder: Text = "INBOX"
    profile: Profile = "auto"
    handled_folder: Annotated[str, Field(strict=True)] = ""
    person_folder: Annotated[str, Field(strict=True)] = ""
    sent_folder: Annotated[str, Field(strict=True)] = "auto"

    @model_validator(mode="after")
    def _has_a_password(self) -> Self:
        if not self.has_secret:
            raise ValueError("password_file (or password_credential, or an oauth2 table) is missing")
        if self.folder in {self.handled_folder, self.person_folder}:
            raise ValueError(f"{self.folder} is the folder that is read: handled mails need another")
        return self


class Smtp(Account):
    """The way out. `sender` is the From of letters; `envelope` where bounces go, empty for none (RFC 3834, 3.3)."""

    user: Text | None = None
    sender: Address
    envelope: MaybeAddress = ""

    @model_validator(mode="after")
    def _user_and_password(self) -> Self:
        if (self.user is None) == self.has_secret:
            raise ValueError("user and password_file (or password_credential, or an oauth2 table) go together")
        return self
