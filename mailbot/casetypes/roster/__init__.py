"""Rosters: the list of people (notice, annex 1) that a unit mails so that accounts are opened for them.

Lives here: telling a roster by content, finding its heading, labels and people in any layout, its facts, items and
effects. Not here: what a fault weighs (rules/roster.toml), how columns are called (rules/forms/roster.toml), reading
files.
"""

from __future__ import annotations

from collections.abc import Mapping

from mailbot.casetypes.roster.kind import RosterKind
from mailbot.domain.forms import Form


def build(forms: Mapping[str, Form]) -> RosterKind:
    """The kind by its form. Raises `KeyError` where rules/forms/roster.toml is missing."""
    said = forms.get("enquiry")
    return RosterKind(forms["roster"], said.says if said else None)


KIND = build
