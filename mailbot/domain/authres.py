"""What our own mail server found out about a sender: a lenient reader of Authentication-Results (RFC 8601).

Only the topmost field of the configured authserv-id counts: whatever stands below it may have come with the mail. On
any doubt the answer is never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_METHOD: Final = re.compile(r"\s*([a-z0-9-]+)(?:\s*/\s*[0-9]+)?\s*=\s*([a-z]+)(?=\s|$)", re.IGNORECASE)
_PROPERTY: Final = re.compile(rf"([a-z0-9._-]+)\s*=\s*((?:{_QUOTED}|[^\s\"])+)", re.IGNORECASE)
_NEXT: Final = re.compile(r"(?:smtp|header|body|policy)\.[a-z0-9_-]+=", re.IGNORECASE)
"""Another property where a value should stand: the value was empty, as that of an empty envelope sender is."""
_BEHIND_AT: Final = re.compile(r"@([^\s@;,<>\"]*[^\s@;,<>\".])")
_DOMAIN: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
_SHARED: Final = frozenset({"com", "net", "org", "gov", "edu", "ac", "mil"}).union(
    re.findall("..", "ahbjcqfjgdgsgxgzhahbhehihkhlhnjljsjxlnmonmnxqhscsdshsnsxtjtwxjxzynzj")
)
"""Second-level names of .cn under which anybody may hold a name (CNNIC's public suffixes)."""


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    result: str
    properties: dict[str, list[str]]
    domains: frozenset[str] = frozenset()
    """Those behind every @ in it."""

    def domain(self, name: str) -> str | None:
        """The domain in a property that stands there exactly once, of an address the part behind the @."""
        values = self.properties.get(name, [])
        if len(values) == 1 and _NEXT.match(values[0]):
            return None
        domain = values[0].rpartition("@")[2].strip('"<>').lower().rstrip(".") if len(values) == 1 else ""
        return domain if _DOMAIN.fullmatch(domain) else None


def aligned_pass(fields: Sequence[str], authserv_id: str, domain: str | None) -> bool | None:
    """Whether our server vouches for the domain of From: DMARC, or DKIM or SPF aligned with it (RFC 7489, 3.1).

    `fields` are the mail's Authentication-Results, topmost first. `None`: our server said nothing. A DMARC failure
    outweighs every pass.
    """
    body = _own_field(fields, authserv_id)
    if body is None:
        return None
    results = _results(body)
    if domain is None or results is None:
        return False
    dmarc = [result for result in results if result.method == "dmarc"]
    if any(result.result == "fail" for result in dmarc):
        return False
    if any(result.result == "pass" for result in dmarc):
        return len(dmarc) == 1 and dmarc[0].domain("header.from") == domain and dmarc[0].domains <= {domain}
    spf = [result for result in results if result.method == "spf"]
    vouched = [_signer(result) for result in results if result.method == "dkim" and result.result == "pass"]
    vouched += [result.domain("smtp.mailfrom") for result in spf if len(spf) == 1 and result.result == "pass"]
    return any(name is not None and aligned(name, domain) for name in vouched)


def _signer(result: _Result) -> str | None:
    """The domain of a signature: `header.d`, else that of the identity (`header.i`, as Google writes), which lies in
    the signer's own domain or below it (RFC 6376, 3.5)."""
    signer = result.domain("header.d") if "header.d" in result.properties else result.domain("header.i")
    return signer if signer and all(aligned(signer, other) for other in result.domains) else None


def aligned(vouched: str, domain: str) -> bool:
    """Whether one domain speaks for the other: the same, or one below the other and the upper held by one owner.

    Narrower than DMARC's relaxed alignment, which needs the list of all public suffixes: two siblings do not count.
    """
    if vouched == domain:
        return True
    upper, lower = sorted((vouched, domain), key=len)
    return lower.endswith("." + upper) and not _anybodys(upper)


def _anybodys(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) < 2 or (len(labels) == 2 and labels[1] == "cn" and labels[0] in _SHARED)


def _own_field(fields: Sequence[str], authserv_id: str) -> str | None:
    """What stands behind our own id in the topmost field that begins with it."""
    for field in fields:
        head, _, body = _without_comments(field).partition(";")
        name = head.split()
        if name and authserv_id and name[0].strip('"').casefold() == authserv_id.casefold():
            return body
    return None


def _results(body: str) -> list[_Result] | None:
    """The results; `None` where an address stands loose: a local part with a semicolon in it, which the server wrote
    without its quotes, would begin results of the sender's own making."""
    out = []
    for part in re.findall(rf"(?:{_QUOTED}|[^;\"])+", body):
        method = _METHOD.match(part)
        if "@" in (_PROPERTY.sub(" ", part[method.end() :]) if method else part):
            return None
        if method:
            properties: dict[str, list[str]] = {}
            for name, value in _PROPERTY.findall(part, method.end()):
                properties.setdefault(name.lower(), []).append(value)
            named = frozenset(map(str.lower, _BEHIND_AT.findall(part)))
            out.append(_Result(method[1].lower(), method[2].lower(), properties, named))
    return out


def _without_comments(text: str) -> str:
    """The text with every comment, nested ones too, as one space; an open comment reaches to the end."""
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in text:
        if not escaped and char == '"' and depth == 0:
            quoted = not quoted
        if not (quoted or escaped) and char == "(":
            depth += 1
            out.append(" ")
        if depth == 0:
            out.append(char)
        if not (quoted or escaped) and char == ")" and depth:
            depth -= 1
        escaped = char == "\\" and not escaped
    return "".join(out)
