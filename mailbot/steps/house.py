"""What the flow works with: its ports, the rules in force, and the site's few own facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mailbot.domain.decisions import Automation
from mailbot.domain.ports import Clock, FlowLedger, Hasher, Opener, Platform
from mailbot.rulebook import Rulebook
from mailbot.steps.classify import AnyKind


@dataclass(frozen=True, slots=True)
class House:
    """Ports, the kinds of case under a rulebook, the rules in force, and whose site it is."""

    ledger: FlowLedger
    opener: Opener
    platform: Platform
    hasher: Hasher
    clock: Clock
    rules: Callable[[], Rulebook]
    kinds: Callable[[Rulebook], tuple[AnyKind, ...]]
    own_addresses: frozenset[str]
    authserv_id: str
    automation: Mapping[str, Automation]
    start: datetime | None = None
    """Mail that arrived before is only stored: no case, no letter, no effect."""
