"""Every limit of the house, once, typed: sizes, depths, counts and times from rules/limits.toml, with their reasons.

Rooms take the group they need (`MailLimits`, `SheetLimits`, ...) and keep no number of their own. Bytes are bytes,
times are seconds unless the name says minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from mailbot.domain.mail import Record

Positive = Annotated[int, Field(strict=True, gt=0)]
Waits = Annotated[tuple[Positive, ...], Field(min_length=1)]


class MailLimits(Record):
    """One mail: its bytes, its tree, its headers and the text that is kept of it."""

    bytes: Positive
    depth: Positive
    forward_depth: Positive
    parts: Positive
    attachments: Positive
    headers: Positive
    header_bytes: Positive
    header_characters: Positive
    addresses: Positive
    received_lines: Positive
    text_characters: Positive
    name_characters: Positive
    line_pixels: Positive = 4
    logo_pixels: Positive = 65_536


class ArchiveLimits(Record):
    """Anything that is a zip inside (a workbook too). `bytes` is what came out, `ratio` that to the packed size."""

    members: Positive
    bytes: Positive
    ratio: Positive


class ContainerLimits(Record):
    """The archives of one mail, together: their members, what came out of them, and how deep one lies in another;
    the passwords that the mail names, and how often one is tried."""

    members: Positive
    member_bytes: Positive
    bytes: Positive
    nesting: Positive
    passwords: Positive
    tries: Positive


class SheetLimits(Record):
    """One workbook or text table. Above `full_rows` the quick reader alone reads, and a person looks."""

    sheets: Positive
    rows: Positive
    full_rows: Positive
    columns: Positive
    cell_characters: Positive
    empty_rows: Positive


class DocumentLimits(Record):
    """One text PDF: its pages, the characters on all of them together, and what is drawn on one of them."""

    pages: Positive
    characters: Positive
    drawn: Positive


class ChildLimits(Record):
    """One child process that reads or recognises, and the one JSON that may come out of it."""

    memory_bytes: Positive
    cpu_seconds: Positive
    wall_seconds: Positive
    part_seconds: Positive = 8
    total_seconds: Positive = 20
    tries: Positive = 3
    file_bytes: Positive
    open_files: Positive
    result_bytes: Positive


class PictureLimits(Record):
    """One picture on its way to the reader: how many of a mail, what is decoded, and how large a page is drawn.
    `page_characters`: a page with fewer is a picture. `jpeg_bytes`: a larger PNG is handed on as JPEG."""

    pictures: Positive = 40
    pixels: Positive = 40_000_000
    side: Positive = 12_000
    least_side: Positive = 40
    page_side: Positive = 4_000
    page_dpi: Positive = 220
    page_characters: Positive = 20
    jpeg_bytes: Positive = 12_000_000
    memory_bytes: Positive = 1_073_741_824
    seconds: Positive = 20


class OcrLimits(Record):
    """The processes that read pictures: how many, what each may use for a page, when it is replaced by a fresh one, and
    how long one mail may keep them. `tries`: how often a picture is tried at which its reader was stopped."""

    workers: Positive = 2
    start_seconds: Positive = 60
    page_seconds: Positive = 45
    cpu_seconds: Positive = 40
    memory_bytes: Positive = 4_294_967_296
    recycle_bytes: Positive = 1_000_000_000
    pages: Positive = 100
    tries: Positive = 2
    mail_seconds: Positive = 40
    result_bytes: Positive = 8_000_000


class IntakeLimits(Record):
    """The mailboxes: the unconditional poll and its deadline, and how much one FETCH asks for."""

    poll_seconds: Positive
    poll_deadline_seconds: Positive
    batch_mails: Positive
    batch_bytes: Positive
    fetch_attempts: Positive
    fetch_retry_seconds: Positive
    listing_mails: Positive
    connect_seconds: Positive
    read_seconds: Positive
    reconnect_min_seconds: Positive
    reconnect_max_seconds: Positive
    login_attempts: Positive
    login_retry_seconds: Positive
    wary_attempts: Positive = 2
    wary_retry_seconds: Positive = 900
    slowest_bytes_per_second: Positive
    largest_mail_bytes: Positive


class EngineLimits(Record):
    """Starts of work on one mail before a person gets it."""

    attempts: Positive


class OutboundLimits(Record):
    """Letters: waiting times of one letter, of the whole way out and after a refused login; the caps for receipts,
    requests and answers to one address (never for results); the brakes of a mailbox and of the house."""

    unknown_wait_minutes: Positive
    retry_minutes: Waits
    reconnect_minutes: Waits
    login_minutes: Waits
    sender_per_hour: Positive
    sender_per_day: Positive
    gathered_cases: Positive
    same_text_hours: Positive
    mailbox_per_hour: Positive
    house_per_hour: Positive
    send_seconds: Positive
    subject_characters: Positive


class MessageLimits(Record):
    """What a rule's sentence may show of a value that a sender wrote."""

    value_characters: Positive


class Limits(Record):
    """All limits. `reasons` maps `group.name` to the reason text of the file."""

    mail: MailLimits
    archive: ArchiveLimits
    container: ContainerLimits
    sheet: SheetLimits
    document: DocumentLimits
    child: ChildLimits
    picture: PictureLimits = PictureLimits()
    ocr: OcrLimits = OcrLimits()
    intake: IntakeLimits
    engine: EngineLimits
    outbound: OutboundLimits
    message: MessageLimits
    reasons: Mapping[str, str] = Field(min_length=1)


def parse_limits(tree: Mapping[str, object]) -> Limits:
    """The limits from a parsed rules/limits.toml, where every limit is `{ value = ..., reason = "..." }`.

    Raises `pydantic.ValidationError` for an unknown, missing or unreasonable limit; a limit without a reason is refused
    under the path (group, name, "reason").
    """
    values: dict[str, object] = {}
    reasons: dict[str, object] = {}
    for group, entries in tree.items():
        if not isinstance(entries, Mapping):
            values[group] = entries
            continue
        values[group] = {name: _value(entry) for name, entry in entries.items()}
        reasons.update({f"{group}.{name}": _reason(entry) for name, entry in entries.items()})
    return Limits.model_validate({**values, "reasons": reasons})


def _value(entry: object) -> object:
    return entry.get("value") if isinstance(entry, Mapping) and set(entry) == {"value", "reason"} else entry


def _reason(entry: object) -> object:
    return entry.get("reason") if isinstance(entry, Mapping) else None
