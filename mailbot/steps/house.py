"""What the flow works with: its ports, the rules in force, and the site's few own facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mailbot.domain.decisions import Automation
from mailbot.domain.kinds import SenderView
from mailbot.domain.mail import Mail
from mailbot.domain.ports import Clock, FlowLedger, Hasher, Opener, Platform, Sight, Signatures
from mailbot.domain.sender import domain_of, has_own_word, sender_address, sender_view
from mailbot.domain.signed import Signed
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
    signatures: Signatures | None = None
    """Who checks the signatures of mails that our own server says nothing about; `None`: nobody."""
    sight: Sight | None = None
    """Who reads pictures; `None`: nobody, and what stands on them stays unknown."""

    def sender_of(self, mail: Mail, rules: Rulebook, signed: Signed | None = None) -> SenderView:
        """Who wrote a mail, by our own server's word, beside the domains that are known."""
        office = rules.campaign.office
        return sender_view(
            mail,
            self.authserv_id,
            self.own_addresses,
            rules.senders,
            self.ledger.bound_domains(),
            office=(office.name, office.short_name),
            signed=signed,
        )

    def signed(self, raw: bytes, mail: Mail) -> Signed | None:
        """What the signatures of a mail say of its sender's domain; `None` where nobody asks, for our own server has
        said something, or there is no sender."""
        address = sender_address(mail.from_values)
        if self.signatures is None or address is None or has_own_word(mail, self.authserv_id):
            return None
        return self.signatures.check(raw, domain_of(address))
