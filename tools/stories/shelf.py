"""All stories in order of their numbers. Importing a module of stories declares them."""

from __future__ import annotations

from tools.stories import (
    asked,
    clean,
    closing,
    containers,
    conversation,
    documents,
    doubted,
    headers,
    hostile,
    layouts,
    letters,
    lists,
    others,
    posted,
    repaired,
    senders,
    sheetformats,
    times,
    trust,
    twins,
    wants,
)
from tools.stories.model import Story, told

MODULES = (
    clean,
    repaired,
    asked,
    doubted,
    headers,
    senders,
    others,
    twins,
    hostile,
    times,
    closing,
    layouts,
    lists,
    documents,
    sheetformats,
    containers,
    conversation,
    posted,
    wants,
    letters,
    trust,
)


def all_stories() -> list[Story]:
    """Every story of every module, by number."""
    return told()
