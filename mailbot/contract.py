"""The output of `mailbot process` as types: one `Line` a mail. docs/process.schema.json is generated from here.

Keys are always present; a value that is not known is `null`. Rows, columns, panels and pages count from 1.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["note", "fix", "ask", "hold"]


class Out(BaseModel):
    """Base of every object of the contract."""

    model_config = ConfigDict(extra="forbid")


class WhereOut(Out):
    """The place a finding speaks of."""

    attachment: str | None = None
    member: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    cell: str | None = None
    panel: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    field: str | None = None


class FindingOut(Out):
    """One rule that hit: its code, weight, Chinese sentence, place and the facts its condition used."""

    code: str
    severity: Severity
    message: str
    where: WhereOut
    facts: dict[str, object] = Field(default_factory=dict)


class AttachmentOut(Out):
    """One attachment; `type` is told by content, `member` is the path inside containers."""

    name: str
    sha256: str
    size: int
    type: str
    member: str | None = None


class MailOut(Out):
    """The readable side of the mail; `text` is the fresh body text."""

    subject: str
    from_: str = Field(alias="from")
    to: list[str]
    message_id: str | None
    text: str
    attachments: list[AttachmentOut]


class PersonOut(Out):
    """One roster row. `status` comes from the row's own findings only, `state` is the item's."""

    row: int
    serial: str | None
    panel: int
    sheet: str | None
    member: str | None
    name: str | None
    id_number: str | None
    phone: str | None
    remark: str | None
    status: Literal["ok", "fixed", "ask", "hold"]
    state: str
    proposed: bool
    findings: list[FindingOut]


Source = Literal["typed", "seen", "registered"]
"""Who says a value: the applicant in mail or form, a picture, the platform."""


class FieldOut(Out):
    """One value about the applicant. `confidence` from 0 to 1; `page` and `box` (left, top, right, bottom in pixels of
    the upright page) where it was seen."""

    value: str | None
    source: Source | None
    verified: bool
    confidence: float | None
    page: int | None
    box: tuple[float, float, float, float] | None


class PaymentOut(Out):
    """One payment as one source tells it. `paid_at` is `YYYY-MM-DD[ HH:MM[:SS]]`, `amount` `33.00`."""

    year: int | None
    order_id: str | None
    merchant_order_id: str | None
    payer: str | None
    paid_at: str | None
    platform: str | None
    amount: str | None
    status: Literal["paid", "unpaid", "refunded", "partly_refunded", "closed"] | None
    source: Source | None
    verified: bool
    page: int | None
    box: tuple[float, float, float, float] | None


class YearOut(Out):
    """One make-up year that is asked for, as an item of the case. `codes` are those of its findings, which stand among
    the case's."""

    item: int
    year: int | None
    order_id: str | None
    status: Literal["ok", "fixed", "ask", "hold"]
    state: str
    proposed: bool
    codes: list[str]


class EffectPerson(Out):
    """Who an effect is about."""

    name: str
    id_number: str
    phone: str


class EffectOut(Out):
    """One effect. Only `done` changed the world; `pending` is asked of the platform and not confirmed."""

    verb: Literal["open_account", "grant", "revoke", "withdraw_account", "register_commitment", "withdraw_commitment"]
    key: str
    person: EffectPerson
    year: int | None
    row: int | None
    state: Literal["planned", "done", "already", "pending", "conflict", "rejected", "uncertain", "cancelled"]


class SourceOut(Out):
    """Where the case was read from."""

    attachment: str | None
    member: str | None
    sheet: str | None
    block: int | None


class CaseOut(Out):
    """One request. `outcome` is the rules' answer; what the automation level lets go by itself shows in the states."""

    id: str
    kind: Literal["roster", "payment_proof", "commitment", "enquiry"]
    state: str
    due_at: str | None
    version: int
    follows: list[str]
    decided_by: Literal["auto", "staff"] | None
    outcome: Literal["accept", "accept_with_fixes", "partial", "ask", "hold"]
    proposed: bool
    source: SourceOut
    header: dict[str, object]
    people: list[PersonOut]
    fields: dict[str, FieldOut]
    payments: list[PaymentOut]
    years: list[YearOut]
    findings: list[FindingOut]
    effects: list[EffectOut]


class ReplyOut(Out):
    """One letter that was written; `file` is relative to `--out`."""

    to: list[str]
    subject: str
    template: str
    file: str | None


class Line(Out):
    """One mail's line."""

    file: str
    sha256: str
    received_at: str
    repeat: bool
    mail: MailOut
    marks: list[str]
    state: Literal["done", "ignored", "set_aside"]
    duplicate_of: str | None
    findings: list[FindingOut]
    cases: list[CaseOut]
    replies: list[ReplyOut]
