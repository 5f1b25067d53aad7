"""The site's settings: `mailbot.toml` in, a frozen `Settings` out; what is unknown or wrong is refused with its line.

What is the office's policy stands in rules/, not here; secrets stand in files of their own (`mailbot.credentials`).
Relative paths count from the folder of the settings file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, time
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from mailbot.config_accounts import (
    Address,
    Domain,
    Location,
    MailboxAccount,
    OAuth2,
    Port,
    Smtp,
    Table,
    Text,
    Word,
)
from mailbot.config_alarm import Alarm
from mailbot.credentials import SecretPlace, Secrets
from mailbot.domain.decisions import Automation
from mailbot.domain.toml_lines import line_of, lines_of, suggest, syntax_place

_SECRET_KEYS: Final = frozenset(
    {"password", "passwd", "pass", "secret", "token", "key", "auth_code", "passphrase"}
    | {"refresh_token", "client_secret", "access_token"}
)
_ELSEWHERE: Final = (
    "a secret does not stand in the settings; write it into a file of its own (chmod 600) and name the file with "
    "{name}_file, or name a systemd credential with {name}_credential"
)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no time zone {value!r}; write one like Asia/Shanghai") from error
    return value


Mode = Literal["rehearsal", "drafts", "live"]


class Site(Table):
    """The office's site: whose it is, where its data lie, in which mode it starts."""

    name: Text
    storage: Location
    campaign: Word
    mode: Mode = "rehearsal"
    start_date: Annotated[date, Field(strict=True)]
    domain: Domain
    authserv_id: Domain | None = None
    zone: Annotated[Text, AfterValidator(_zone)] = "Asia/Shanghai"
    rules: Location | None = None
    templates: Location | None = None
    whole_cells: Annotated[bool, Field(strict=True)] = False
    undo_minutes: Annotated[int, Field(strict=True, ge=0, le=24 * 60)] = 0
    key_file: Location | None = None
    key_credential: Word | None = None

    @model_validator(mode="after")
    def _has_a_key(self) -> Self:
        if self.key_file is None and self.key_credential is None:
            raise ValueError("key_file (or key_credential) is missing: the site's key, which mailbot init makes")
        return self


class Staff(Table):
    """Who gets the morning digest, and when."""

    digest_to: Address
    digest_at: Annotated[time, Field(strict=True)] = time(8, 0)


class Trust(Table):
    """Whether signatures (DKIM) are checked where the own mail server says nothing of a sender: by one name server,
    within so many seconds a mail."""

    dkim: Literal["off", "check"] = "off"
    resolver: Annotated[str, Field(strict=True)] | None = None
    resolver_port: Port = 53
    timeout_seconds: Annotated[int, Field(strict=True, ge=1, le=30)] = 5

    @model_validator(mode="after")
    def _names_a_server(self) -> Self:
        if self.dkim == "check" and self.resolver is None:
            raise ValueError("resolver is missing: the address of the name server that is asked for keys")
        if self.resolver is not None:
            try:
                ip_address(self.resolver)
            except ValueError as error:
                raise ValueError(f"resolver = {self.resolver!r} is no IP address, as in 127.0.0.1") from error
        return self


class PlatformChoice(Table):
    """The adapter of the learning platform, a table of its own words, and options that it alone understands."""

    adapter: Word
    data: Location | None = None
    options: dict[str, Annotated[str, Field(strict=True)]] = Field(default_factory=dict)


ImportValue = Literal["user_name", "phone", "name", "serial", "unit", "empty"]
"""What a column of the 导入人员 table may hold; an ID number leaves by no mail."""


USUAL_COLUMNS: Final[dict[str, ImportValue]] = {"工号": "user_name", "姓名": "name"}


class ImportBook(Table):
    """The 导入人员 table that goes with the news of registered accounts: heading = content, in order. `whole`: filled
    with the user names (phones) and names that a verified sender sent us; without it, and for others, left empty."""

    whole: Annotated[bool, Field(strict=True)] = True
    columns: dict[Annotated[str, Field(min_length=1, max_length=40)], ImportValue] = Field(
        default_factory=USUAL_COLUMNS.copy
    )

    @model_validator(mode="after")
    def _names_people(self) -> Self:
        if not {"user_name", "phone"} & set(self.columns.values()):
            raise ValueError("columns: no column holds user_name or phone, by which the platform finds a person")
        return self


def _some(value: object) -> object:
    if value == []:
        raise ValueError("no mailbox is named")
    return value


def _told_apart(boxes: tuple[MailboxAccount, ...]) -> tuple[MailboxAccount, ...]:
    names = [box.account for box in boxes]
    for taken in {"smtp", "alarm"}.intersection(names):
        raise ValueError(f"a mailbox cannot be called {taken}")
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two mailboxes are called {name}; each account has a name of its own")
    return boxes


class Settings(Table):
    """A whole site."""

    site: Site
    mailbox: Annotated[tuple[MailboxAccount, ...], AfterValidator(_told_apart), BeforeValidator(_some)]
    smtp: Smtp
    staff: Staff
    platform: PlatformChoice
    import_book: ImportBook = ImportBook()
    alarm: Alarm = Alarm()
    trust: Trust = Trust()
    automation: dict[Annotated[str, Field(pattern=r"^[a-z_]+$")], Automation] = Field(default_factory=dict)

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address that this site reads or writes from, in lower case: nothing from them is answered."""
        ours = [*(box.address for box in self.mailbox), self.smtp.sender, self.smtp.envelope]
        return frozenset(address.lower() for address in ours if address)

    def secrets(self, environ: Mapping[str, str]) -> Secrets:
        """The site's secrets. Raises `credentials.SecretError` when its key is not to be had."""
        places = {box.account: box.secret for box in self.mailbox if box.has_password}
        if self.smtp.has_password:
            places["smtp"] = self.smtp.secret
        if self.alarm.secret is not None:
            places["alarm"] = self.alarm.secret
        return Secrets(SecretPlace(self.site.key_credential, self.site.key_file), places, environ)


_TABLES: Final[Mapping[str, type[BaseModel]]] = {
    "site": Site,
    "mailbox": MailboxAccount,
    "smtp": Smtp,
    "staff": Staff,
    "platform": PlatformChoice,
    "import_book": ImportBook,
    "alarm": Alarm,
    "trust": Trust,
}


class ConfigError(Exception):
    """The settings file cannot be used. `problems` are all its faults, each `file:line: what is wrong`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def load_settings(path: Path) -> Settings:
    """Read the file. Raises `ConfigError` with every fault, its line and what was probably meant."""
    text = _text(path)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column = syntax_place(error, text)
        raise ConfigError([f"{path}:{line}:{column}: {str(error).partition(' (at ')[0]}"]) from None
    try:
        return Settings.model_validate(tree, context={"folder": path.resolve().parent})
    except ValidationError as error:
        lines = lines_of(text)
        told = sorted((line_of(lines, details["loc"]), _say(details)) for details in _worth_saying(error.errors()))
        raise ConfigError([f"{path}:{line}: {what}" for line, what in told]) from None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}; mailbot init DIR writes one"]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path}: not UTF-8, save it as UTF-8"]) from error


def _worth_saying(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """All but the missing keys that stand there mistyped: those are named once, where they stand."""
    mistyped = {(*e["loc"][:-1], _meant(e)) for e in errors if e["type"] == "extra_forbidden"}
    return [e for e in errors if e["type"] != "missing" or e["loc"] not in mistyped]


def _known(loc: tuple[int | str, ...]) -> list[str]:
    """The keys of the table that a key stands in."""
    model: type[BaseModel] = _TABLES.get(str(loc[0]), Settings) if len(loc) > 1 else Settings
    model = OAuth2 if "oauth2" in loc[:-1] else model
    return list(model.model_fields)


def _meant(details: ErrorDetails) -> str | None:
    return suggest(str(details["loc"][-1]), _known(details["loc"]))


def _say(details: ErrorDetails) -> str:
    """One fault in one sentence. No value is repeated: it may be a secret on the wrong line."""
    loc, kind = details["loc"], details["type"]
    key = str(loc[-1])
    place = ".".join(str(part) for part in loc if isinstance(part, str)) or "the file"
    if kind == "extra_forbidden":
        return _unknown(details, place)
    if kind == "missing":
        return f"{place} is missing"
    if kind in {"literal_error", "enum"}:
        return f"{place} must be {details['ctx']['expected']}"
    if kind == "string_pattern_mismatch":
        return f"{place} does not look like {_LOOKS.get(key, 'what is meant here')}"
    if kind in _WANTED:
        return f"{place} must be {_WANTED[kind]}"
    return f"{place}: {details['msg'].removeprefix('Value error, ')}"


_NAME: Final = "a name of letters, digits, - and _"
_WANTED: Final[Mapping[str, str]] = {
    "date_type": "a date without quotes, as in 2020-07-07",
    "time_type": "a time without quotes, as in 08:00:00",
    "int_type": "a whole number without quotes",
    "bool_type": "true or false, without quotes",
    "string_type": "a text in quotes",
    "tuple_type": "one or more [[tables]] in double brackets",
    "model_type": "a [table] of its own",
}

_LOOKS: Final[Mapping[str, str]] = {
    "address": "a mail address",
    "sender": "a mail address",
    "envelope": "a mail address, or an empty text",
    "digest_to": "a mail address",
    "domain": "a domain, as in cqhrsp.com",
    "authserv_id": "a server's name, as in mx.cqhrsp.com",
    "account": "a short name in lower-case letters, digits, - and _",
    "campaign": _NAME,
    "adapter": _NAME,
    "key_credential": _NAME,
    "password_credential": _NAME,
}


def _unknown(details: ErrorDetails, place: str) -> str:
    loc, near = details["loc"], _meant(details)
    if len(loc) > 1 and str(loc[-1]).casefold() in _SECRET_KEYS:
        inside = "client_secret" if "secret" in str(loc[-1]) else "refresh_token"
        outside = "key" if loc[0] == "site" else "password"
        return f"{place}: " + _ELSEWHERE.format(name=inside if "oauth2" in loc[:-1] else outside)
    return f"{place} is not a setting; " + (f"did you mean {near}?" if near else f"known are {', '.join(_known(loc))}")
