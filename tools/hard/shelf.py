"""All hard mails. Importing a module of them declares them."""

from __future__ import annotations

from tools.hard import files, subjects, texts, wholes
from tools.hard.model import Hard, told

MODULES = (subjects, texts, files, wholes)


def all_mails() -> list[Hard]:
    """Every hard mail, in order."""
    return told()
