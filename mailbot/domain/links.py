"""Files that a mail only points at: large attachments that a webmail keeps, cloud disks. Nothing is ever fetched.

Which addresses and words mean one is the office's data (rules/links.toml); what follows from it the rules say.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from mailbot.domain.chars import visible
from mailbot.domain.mail import Link, Mail, Record

CLOUD_LINK: Final = "mail.cloud_link"
"""The code of a mail that brings nothing but a link to a file."""


class CloudLinks(Record):
    """What tells a link to a file. `places` are domains, with those below them, or the beginning of a path behind one;
    a place that begins with a path counts on every domain. `words` stand beside such links."""

    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    source: str = Field(default="", exclude=True)


def holds_cloud_link(mail: Mail, table: CloudLinks) -> bool:
    """Whether a mail's own words point at a file that is not in it. A disk in somebody's signature is none; the words
    alone are none either, without any link."""
    if not mail.links:
        return False
    open_links = [link for link in mail.links if not link.signed]
    if any(_leads_there(link, table.places) for link in mail.links):
        return True
    texts = (mail.text, *(link.words for link in open_links)) if open_links else ()
    return any(_squeezed(word) in _squeezed(text) for text in texts for word in table.words)


def _leads_there(link: Link, places: tuple[str, ...]) -> bool:
    host, slash, path = link.url.partition("://")[2].partition("/")
    host = host.rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    whole = slash + path
    return any(_is_at(place, host, whole, signed=link.signed) for place in places)


def _is_at(place: str, host: str, path: str, *, signed: bool) -> bool:
    domain, slash, below = place.partition("/")
    if not domain or "." not in domain:
        return f"/{place.lstrip('/')}".lower() in path.lower()
    if host != domain and not host.endswith(f".{domain}"):
        return False
    return (slash + below).lower() in path.lower()[: len(place)] if slash else not signed


def _squeezed(text: str) -> str:
    return "".join(visible(text).split()).casefold()
