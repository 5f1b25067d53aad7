"""Checks DKIM signatures (RFC 6376) where our own mail server says nothing: asks one configured name server, and no one
else, within one deadline.

A pass needs a signature of the domain in From itself that covers the whole body. Whatever could not be found out is
unknown. What a key or a mail may cost is bounded before any arithmetic begins: both come from strangers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import dkim
from dns.exception import DNSException
from dns.name import from_text
from dns.rdatatype import TXT
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from mailbot.domain.authres import aligned
from mailbot.domain.signed import Signed

LARGEST: Final = 60_000_000
"""Bytes of a mail that is checked; what is larger is read by nobody."""
_TRIED: Final = 3
"""Signatures of the sender's domain that are tried; more stand in no honest mail."""
_SEEN: Final = 20
_LONGEST_KEY: Final = 1_500
"""Bytes of a key record: an RSA key of 8192 bits and its tags. The exponent is the stranger's choice, so a longer one
could cost hours."""
_LONGEST_BLANK: Final = 250
"""White space in a row that the canonical form is worked out for: its time grows with the square of the longest run."""
_ALGORITHM: Final = b"rsa-sha256"
"""RFC 8301 took rsa-sha1 away; whoever signs by Ed25519 (RFC 8463) signs by RSA as well."""
_NAME: Final = re.compile(rb"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.){1,20}[A-Za-z0-9-]{2,63}\.?")
_TO_SPACE: Final = bytes.maketrans(b"\t", b" ")
_BROKEN: Final = (ArithmeticError, AttributeError, IndexError, LookupError, TypeError, ValueError, dkim.DKIMException)
"""What the library raises on signatures and keys that strangers broke."""


class _Unanswered(Exception):
    """The name server gave no answer that means anything."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A signature that speaks for the domain in From: its place among the signatures of the mail."""

    index: int


@dataclass(slots=True)
class DkimCheck:
    """The checker (`domain.ports.Signatures`). `server` is the address of the name server, `seconds` the deadline of
    all questions about one mail."""

    server: str
    port: int = 53
    seconds: float = 5.0
    _resolver: Resolver = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._resolver = Resolver(configure=False)
        self._resolver.nameservers = [self.server]
        self._resolver.port = self.port

    def check(self, raw: bytes, domain: str) -> Signed:
        """What the signatures of these exact bytes say of a domain."""
        if b"dkim-signature" not in raw[: _head(raw)].lower():
            return Signed.NONE
        if len(raw) > LARGEST or b" " * _LONGEST_BLANK in raw.translate(_TO_SPACE):
            return Signed.UNKNOWN
        try:
            mail = dkim.DKIM(raw, minkey=1024)
            claims = list(_claims(mail, domain))
        except _BROKEN:
            return Signed.UNKNOWN
        return self._best(mail, claims) if claims else Signed.NONE

    def _best(self, mail: dkim.DKIM, claims: list[_Claim]) -> Signed:
        """A pass of one is a pass; else what is unknown outweighs a failure."""
        questions = _Questions(self._resolver, monotonic() + self.seconds)
        found = set()
        for claim in claims:
            found.add(_verified(mail, claim, questions))
            if Signed.PASS in found:
                return Signed.PASS
        return Signed.UNKNOWN if Signed.UNKNOWN in found else Signed.FAIL


def _head(raw: bytes) -> int:
    """Where the headers end."""
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0]
    return min(ends, default=len(raw))


def _claims(mail: dkim.DKIM, domain: str) -> Iterator[_Claim]:
    """The signatures that may speak for a domain: of that domain, in a form that proves the whole mail."""
    signatures = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    tried = 0
    for index, value in enumerate(signatures[:_SEEN]):
        try:
            tags = dkim.util.parse_tag_value(value)
        except dkim.util.InvalidTagValueList:
            continue
        if _speaks(tags, domain):
            yield _Claim(index)
            tried += 1
        if tried == _TRIED:
            return


def _speaks(tags: dict[bytes, bytes], domain: str) -> bool:
    """Whether a signature is of the domain, by an algorithm in force, and not of the beginning of the body only: what
    is appended behind `l=` would pass for the sender's."""
    signer = tags.get(b"d", b"").decode("ascii", "replace").lower().rstrip(".")
    name = tags.get(b"s", b"") + b"._domainkey." + tags.get(b"d", b"")
    whole = b"l" not in tags and tags.get(b"a") == _ALGORITHM
    return whole and _NAME.fullmatch(name) is not None and aligned(signer, domain.lower())


def _verified(mail: dkim.DKIM, claim: _Claim, questions: _Questions) -> Signed:
    try:
        return Signed.PASS if mail.verify(idx=claim.index, dnsfunc=questions.key) else Signed.FAIL
    except _Unanswered:
        return Signed.UNKNOWN
    except _BROKEN:
        return Signed.FAIL


@dataclass(slots=True)
class _Questions:
    """The questions about one mail, each with the time that is left of the deadline."""

    resolver: Resolver
    end: float

    def key(self, name: bytes, timeout: float = 0) -> bytes | None:  # noqa: ARG002  # the library's own time-out
        """The key record under a name; `None` where the name server says that there is none. Raises `_Unanswered`."""
        left = self.end - monotonic()
        if left <= 0:
            raise _Unanswered("the time is up")
        try:
            question = from_text(name.decode("ascii"))
            answer = self.resolver.resolve(question, TXT, lifetime=left, search=False)
        except (NXDOMAIN, NoAnswer):
            return None
        except (DNSException, OSError, UnicodeError) as fault:
            raise _Unanswered(type(fault).__name__) from fault
        record = b"".join(next(iter(answer)).strings)
        if len(record) > _LONGEST_KEY:
            raise _Unanswered("a key record beyond all measure")
        return bytes(record)
