"""The `[alarm]` table of a site's settings: by which road people hear that the site needs them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from mailbot.config_accounts import Location, Table, Text, Word
from mailbot.credentials import SecretPlace
from mailbot.domain.hosts import travels_safely


class Alarm(Table):
    """A command (its arguments as a list; no shell), a webhook, or both. An address that holds a key stands in a file
    of its own."""

    command: tuple[Text, ...] = ()
    webhook: Annotated[str, Field(strict=True)] | None = None
    webhook_file: Location | None = None
    webhook_credential: Word | None = None
    ca_file: Location | None = None

    @model_validator(mode="after")
    def _one_safe_address(self) -> Self:
        if self.webhook is not None and self.secret is not None:
            raise ValueError("either webhook, or webhook_file (or webhook_credential)")
        if self.webhook is not None and not travels_safely(self.webhook):
            raise ValueError("webhook must be https://; only this machine itself may be told without TLS")
        return self

    @property
    def secret(self) -> SecretPlace | None:
        """Where the address stands, if not here."""
        if self.webhook_file is None and self.webhook_credential is None:
            return None
        return SecretPlace(self.webhook_credential, self.webhook_file)

    @property
    def is_set(self) -> bool:
        """Whether anybody is told."""
        return bool(self.command or self.webhook or self.secret)
