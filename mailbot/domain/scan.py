"""What was read from a picture: its lines with every engine's reading, and the fields that they hold with evidence.

A picture is a part of the mail, one that stands inside a document, or a page of one that has no text of its own. Boxes
are in pixels of the upright page: left, top, right, bottom. Nothing here is ever repaired: a value is what was read.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from mailbot.domain.mail import Record

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the upright page, of which the picture's size is told beside it."""

ScanKind = Literal["order", "order_list", "proof_form", "commitment", "roster", "identity_card", "other"]
"""What a picture shows: one order, a list of them, Annex 2, a commitment letter, a roster, an identity card, or none of
these."""

SEEN_FIELDS: Final = (
    "name",
    "id_number",
    "phone",
    "user_name",
    "order_id",
    "merchant_order_id",
    "payer",
    "paid_at",
    "created_at",
    "amount",
    "refund",
    "status",
    "platform",
    "year",
    "course",
    "paid_course",
    "paid_on",
    "apply_years",
    "reason",
    "signed",
    "signed_on",
    "serial",
    "remark",
)
"""The names that a field may have. `paid_at`, `created_at`: `YYYY-MM-DD[ HH:MM[:SS]]`; `paid_on`, `signed_on`:
`YYYY-MM-DD`; `amount`, `refund`: `33.00`; `status`: paid, unpaid, refunded, partly_refunded, closed; `year`: `2018`;
`apply_years`: years with commas, `2017,2018`; `signed`: yes or no. All others stand as they were read."""


ScanFault = Literal["unreadable", "too_large", "too_small", "unsupported", "stopped"]
"""Why a picture was not read: broken, beyond the limits, too small to hold text, of no kind we open, or its reader was
stopped at it."""


class PictureRef(Record):
    """A picture that a mail holds, before anybody looked at it. `number` is that of the part that it is or stands in,
    `index` its place among that part's pictures from 1, `page` the page of a document, `sha256` that of its own bytes
    (of a page without text: of the document's bytes, a colon and the page)."""

    number: int
    index: int = 1
    page: int | None = None
    sha256: str
    size: int
    type: str
    name: str
    member: str | None = None
    decoration: bool = False


class Reading(Record):
    """What one engine read of one place, and how sure it says it is, from 0 to 1."""

    engine: str
    text: str
    confidence: float


class SeenField(Record):
    """One value with its evidence. `value` is `None` where the place is there and nobody can tell what stands in it.

    `readings` are those of every engine that read the place. `checks` are the structure checks that the value passed
    (`length`, `checksum`, `date`, `alphabet`), `failed` those that it did not. `complete` says whether all of it is on
    the picture, `None` where that cannot be told. `agreed`: two engines of different kind read the very same.
    """

    name: str
    value: str | None
    box: Box
    readings: tuple[Reading, ...] = ()
    confidence: float = 0.0
    checks: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    complete: bool | None = None
    agreed: bool = False


class SeenGroup(Record):
    """Fields that belong together: one order, one row of a form or roster, or the person of a form. `number` counts the
    rows of a kind from 1 in reading order."""

    about: Literal["order", "row", "person"]
    number: int
    fields: tuple[SeenField, ...]

    def get(self, name: str) -> SeenField | None:
        """The field of that name, `None` where the group has none."""
        return next((field for field in self.fields if field.name == name), None)


class SeenLine(Record):
    """One line of text as it stands on the page, with every engine's reading of it."""

    text: str
    box: Box
    confidence: float
    readings: tuple[Reading, ...] = ()


class Plate(BaseModel):
    """A picture decoded, turned upright as its camera says, and written anew as plain PNG or JPEG; `data` is empty
    where it could not be. Travels as JSON with its bytes in base64."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    data: bytes = b""
    fault: ScanFault | None = None
    detail: str = ""


class Scan(Record):
    """One picture as it was read. `number` is that of the part in the mail that it is or stands in, `index` its place
    among that part's pictures from 1, `page` the page of a document.

    `sha256` is that of the picture's own bytes, `pixels` that of its upright pixels, `looks` a 64-bit perceptual hash
    of its content in hex, whatever its tone and size. `turned` are the degrees that it was turned clockwise to stand
    upright. `text_height` is the median height of its lines in pixels of the picture as it came.
    """

    number: int
    index: int = 1
    page: int | None = None
    sha256: str
    pixels: str = ""
    looks: str = ""
    width: int = 0
    height: int = 0
    turned: int = 0
    text_height: float = 0.0
    kind: ScanKind = "other"
    lines: tuple[SeenLine, ...] = ()
    groups: tuple[SeenGroup, ...] = ()
    engine: str = ""
    """Who read it, with version: a stored reading of another one is not used."""
    fault: ScanFault | None = None
    """Why it could not be read at all; such a scan has no lines."""
    detail: str = ""
    """For staff and the log, never for a sender."""

    @property
    def text(self) -> str:
        """All lines in reading order."""
        return "\n".join(line.text for line in self.lines)
