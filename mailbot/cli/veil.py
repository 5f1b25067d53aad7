"""Masks the objects of the process contract: every ID number and phone in them, wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping

from mailbot import contract
from mailbot.domain.effects import Person
from mailbot.domain.masking import mask_id, mask_order, mask_phone, mask_text

_FILES = frozenset({"file", "follows", "duplicate_of"})
"""Keys whose values are names of files: the mails' as they were given, the letters' with a hash in them. One that is
masked where a digest or a folder looks like a number would not be found again."""
_OPEN = _FILES | {"sha256", "order_no", "tax_id", "message_id", "key", "id", "received_at", "due_at"}
"""Keys whose values name no person: files, hashes, numbers of orders, units, cases, and times."""
_MASKS = {
    "id_number": mask_id,
    "phone": mask_phone,
    "contact_phone": mask_phone,
    "order_id": mask_order,
    "merchant_order_id": mask_order,
}


class Veil:
    """Masks, or with `reveal` shows everything as it is."""

    def __init__(self, *, reveal: bool) -> None:
        self.reveal = reveal

    def text(self, value: str) -> str:
        """Free text that may hold numbers."""
        return value if self.reveal else mask_text(value)

    def person(self, person: Person) -> str:
        """Somebody in few words: name, ID number, phone."""
        return f"{person.name} {self.value(person.id_number, 'id_number')} {self.value(person.phone, 'phone')}"

    def value(self, value: object, key: str = "") -> object:
        """A JSON value; `key` is the name it stands under."""
        if self.reveal or key in _OPEN:
            return value
        if isinstance(value, str):
            return _MASKS.get(key, mask_text)(value)
        if isinstance(value, Mapping):
            return {str(name): self.value(item, key if name == "value" else str(name)) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item, key) for item in value]
        return value


def veiled(line: contract.Line, veil: Veil) -> contract.Line:
    """The line as it is printed."""
    if veil.reveal:
        return line
    return contract.Line.model_validate(veil.value(line.model_dump(mode="json", by_alias=True)))
