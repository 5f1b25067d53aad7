"""How the program logs: one line an event on stderr, as plain words on a terminal and as JSON elsewhere, every text
masked. ID numbers and phones never stand whole in a log, whoever wrote the line.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from mailbot.domain.masking import mask_text

Event = MutableMapping[str, Any]
CHATTERERS = ("apscheduler", "alembic")
"""Libraries that tell of every tick: only their warnings are news."""


def masked(_logger: object, _method: str, event: Event) -> Event:
    """Every text value of an event, masked."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = mask_text(value)
        elif not isinstance(value, bool | int | float | None):
            event[key] = mask_text(str(value))
    return event


def quiet() -> None:
    """Warnings and worse only: for verbs that print their own result."""
    configure(logging.WARNING)


def configure(level: int, stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logging through one masked line format."""
    out = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        masked,
    ]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if out.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=last, foreign_pre_chain=shared))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatterer in CHATTERERS:
        logging.getLogger(chatterer).setLevel(max(level, logging.WARNING))
