"""What `check` says: one fact, how it stands, and the remedy where it does not stand well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a fact stands. Only FAIL keeps the site from starting."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the check."""

    level: Level
    about: str
    text: str
    remedy: str = ""


def good(about: str, text: str) -> Fact:
    """A fact that stands as it should."""
    return Fact(Level.OK, about, text)


def warn(about: str, text: str, remedy: str) -> Fact:
    """A fact to know, with what to do about it."""
    return Fact(Level.WARN, about, text, remedy)


def bad(about: str, text: str, remedy: str) -> Fact:
    """A fact that keeps the site from starting, with the remedy."""
    return Fact(Level.FAIL, about, text, remedy)
