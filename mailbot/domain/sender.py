"""Who wrote a mail: exactly one From with one plain address, by a small grammar of our own, and what backs it.

Library parsers repair what they do not understand, and a repaired address is somebody else's (CVE-2023-27043). What is
not plain makes a person look, and gets no letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from mailbot.domain.authres import aligned, aligned_pass
from mailbot.domain.chars import visible
from mailbot.domain.kinds import SenderView
from mailbot.domain.lookalike import SenderDomains, imitated
from mailbot.domain.mail import Mail
from mailbot.domain.robots import robot_reason
from mailbot.domain.signed import Signed

__all__ = [
    "address_key",
    "binding_key",
    "display_name",
    "domain_of",
    "has_own_word",
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
_NO_LETTER: Final = re.compile(r"[\W_]+")
_SHORT: Final = 6
"""A name of at most so many letters must be the whole of a display name: others hold it by chance."""


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
    """Whether a display name holds an address besides the real one: in quotes something like one, outside any @. Wide
    and small signs are read as they look."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    outside = _QUOTED.sub("", folded).replace(address.casefold(), "")
    return "@" in outside or bool(set(_ADDRESS_IN_NAME.findall(folded)) - {address.casefold()})


def display_name(value: str) -> str | None:
    """The name before (or the comment behind) the address of one From value; `None` where there is none."""
    text = value.strip()[:_LONGEST]
    found = next((match["name"] for form in _FORMS if (match := form.fullmatch(text))), "")
    return found.strip(' "()').replace("\\", "") or None


def _poses(name: str | None, office: Iterable[str]) -> bool:
    """Whether a display name is one of the office's names, or holds it among other words."""
    shown = _letters(name or "")
    return any(shown == own or (len(own) > _SHORT and own in shown) for own in map(_letters, office) if own)


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", visible(text)).casefold()


def _elsewhere(reply_to: Sequence[str], address: str, domains: SenderDomains) -> bool:
    """Whether an answer is asked to anybody but the sender: another address at a public provider, another domain."""
    return any(_other(value, address, domains) for value in reply_to if "@" in value)


def _other(value: str, address: str, domains: SenderDomains) -> bool:
    other = plain_address(value)
    if other is None:
        return True
    key, own = binding_key(other, domains), binding_key(address, domains)
    kin = key.startswith("@") and own.startswith("@") and aligned(key[1:], own[1:])
    return key != own and not kin


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


def has_own_word(mail: Mail, authserv_id: str) -> bool:
    """Whether our own server said anything of the sender."""
    return aligned_pass(mail.header("authentication-results"), authserv_id, None) is not None


def sender_view(
    mail: Mail,
    authserv_id: str,
    own_addresses: Iterable[str],
    domains: SenderDomains,
    known_domains: Iterable[str] = (),
    *,
    office: Iterable[str] = (),
    signed: Signed | None = None,
) -> SenderView:
    """What is known of who wrote: the address, our own server's word on it, whether its domain imitates a known one.

    `known_domains` are those bound to units; our own are always known. `office` are the office's names. `signed` is
    what the signatures of the mail say: it counts only where our own server says nothing.
    """
    address, ours = sender_address(mail.from_values), tuple(map(address_key, own_addresses))
    domain = None if address is None else domain_of(address)
    known = {domain_of(own) for own in ours} | {name.lower() for name in known_domains}
    verified = aligned_pass(mail.header("authentication-results"), authserv_id, domain)
    if verified is None and signed is not None and domain is not None:
        verified = signed.verified
    name = None if address is None else display_name(mail.from_values[0])
    return SenderView(
        address=address,
        verified=verified,
        ambiguous=address is None,
        lookalike=domain is not None and imitated(domain, known, domains) is not None,
        key=None if address is None else binding_key(address, domains),
        name=name,
        posing=address is not None and address_key(address) not in ours and _poses(name, office),
        reply_elsewhere=address is not None and _elsewhere(mail.reply_to, address, domains),
    )
