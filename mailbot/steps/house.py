"""What the flow works with: its ports, the rules in force, and the site's few own facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mailbot.domain.decisions import Automation
from mailbot.domain.kinds import SenderView
from mailbot.domain.mail import Mail
from mailbot.domain.ports import Clock, FlowLedger, Hasher, Opener, Platform
from mailbot.domain.sender import sender_view
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

    def sender_of(self, mail: Mail, rules: Rulebook) -> SenderView:
        """Who wrote a mail, by our own server's word, beside the domains that are known."""
        return sender_view(mail, self.authserv_id, self.own_addresses, rules.senders, self.ledger.bound_domains())
