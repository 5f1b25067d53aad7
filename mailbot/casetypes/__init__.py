"""The kinds of case, one module or package each: is this part mine, what does it say, what follows from it.

Pure, and strangers to each other, to the rulebook and to every adapter. A kind is found by standing here and naming its
builder `KIND`; one that cannot be imported or built stops the program at the start.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from mailbot.domain.forms import Form
from mailbot.domain.kinds import CaseKind


class BrokenKind(Exception):
    """A module of this room that is no kind of case; the message names it and says why."""


def kinds(forms: Mapping[str, Form]) -> tuple[CaseKind[Any], ...]:
    """All kinds by name, each built from the forms (rules/forms/*.toml). Raises `BrokenKind`."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    built = tuple(_built(name, forms) for name in found)
    for name, kind in zip(found, built, strict=True):
        if kind.name != name:
            raise BrokenKind(f"casetypes.{name} calls itself {kind.name}")
    return built


def _built(name: str, forms: Mapping[str, Form]) -> CaseKind[Any]:
    module = importlib.import_module(f"{__name__}.{name}")
    build = getattr(module, "KIND", None)
    if not callable(build):
        raise BrokenKind(f"casetypes.{name} has no KIND")
    try:
        kind: CaseKind[Any] = build(forms)
    except (KeyError, ValueError) as error:
        raise BrokenKind(f"casetypes.{name} cannot be built: {error}") from error
    return kind
