"""Who wrote a mail: exactly one From with one plain address, by a small grammar of our own, and what backs it.

Library parsers repair what they do not understand, and a repaired address is somebody else's (CVE-2023-27043). What is
not plain makes a person look, and gets no letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from mailbot.domain.authres import aligned_pass
from mailbot.domain.kinds import SenderView
from mailbot.domain.lookalike import SenderDomains, imitated
from mailbot.domain.mail import Mail
from mailbot.domain.robots import robot_reason

__all__ = [
    "address_key",
    "binding_key",
    "domain_of",
    "plain_address",
    "robot_reason",
    "sender_address",
    "sender_view",
]

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL: Final = rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)"
_DOMAIN: Final = rf"(?P<domain>(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|[Xx][Nn]--[A-Za-z0-9-]{{1,59}}))"
_FORMS: Final = (
    re.compile(rf"(?P<name>){_LOCAL}@{_DOMAIN}"),
    re.compile(rf'(?P<name>(?:"(?:[^"\\]|\\.)*"|[^<>"\[\];:\\,])*)<\s*{_LOCAL}@{_DOMAIN}\s*>'),
    re.compile(rf'{_LOCAL}@{_DOMAIN}\s*(?P<name>\([^()<>@,;:\\"]*\))'),
)
_ADDRESS_IN_NAME: Final = re.compile(r"[^\s@\"'<>()（）]+@[^\s@\"'<>()（）]+\.[A-Za-z]{2,}")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_LONGEST: Final = 1000


def plain_address(value: str) -> str | None:
    """The address in one From value, its domain in small letters; `None` unless there is exactly one plain addr-spec.

    Forms (RFC 5322, 3.4): addr-spec alone, in angle brackets behind a name, or before one comment. A name that shows
    another address than the one in the brackets is not plain.
    """
    text = value.strip()
    if len(text) > _LONGEST:
        return None
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if found is None or len(found["local"]) > 64 or len(found["domain"]) > 253:
        return None
    address = f"{found['local']}@{found['domain'].lower()}"
    return None if _shows_another(found["name"], address) else address


def _shows_another(name: str, address: str) -> bool:
    """Whether a display name holds an address besides the real one: in quotes something like one, outside any @."""
    folded = name.casefold()
    outside = _QUOTED.sub("", folded).replace(address.casefold(), "")
    return "@" in outside or bool(set(_ADDRESS_IN_NAME.findall(folded)) - {address.casefold()})


def sender_address(from_values: Sequence[str]) -> str | None:
    """The one address a mail is from; `None` for no From, several of them, or one that is not plain."""
    return plain_address(from_values[0]) if len(from_values) == 1 else None


def address_key(address: str) -> str:
    """The address as bindings, caps and comparisons use it: no provider tells letters by their case."""
    return address.casefold()


def binding_key(address: str, domains: SenderDomains) -> str:
    """The key a sender is bound to a unit by: `@domain`, or the whole address at a public mail provider, whose domain
    anybody may write from."""
    domain = domain_of(address).lower()
    return address_key(address) if domain in domains.providers else f"@{domain}"


def domain_of(address: str) -> str:
    """The domain of a plain address."""
    return address.rpartition("@")[2]


def sender_view(
    mail: Mail,
    authserv_id: str,
    own_addresses: Iterable[str],
    domains: SenderDomains,
    known_domains: Iterable[str] = (),
) -> SenderView:
    """What is known of who wrote: the address, our own server's word on it, whether its domain imitates a known one.

    `known_domains` are those bound to units; our own are always known.
    """
    address = sender_address(mail.from_values)
    domain = None if address is None else domain_of(address)
    known = {domain_of(own).lower() for own in own_addresses} | {name.lower() for name in known_domains}
    return SenderView(
        address=address,
        verified=aligned_pass(mail.header("authentication-results"), authserv_id, domain),
        ambiguous=address is None,
        lookalike=domain is not None and imitated(domain, known, domains) is not None,
        key=None if address is None else binding_key(address, domains),
    )
