"""The mail's own text: one leaf of each alternative, HTML as text (never rendered, nothing fetched)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mailbot.domain.limits import MailLimits
from mailbot.domain.mail import Link
from mailbot.mime.charsets import decode
from mailbot.mime.links import links_of_page, links_of_text
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.pages import fresh_page, html_text
from mailbot.mime.quotes import split_quote
from mailbot.mime.tree import Leaf

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_ENDS: Final = re.compile(r"\r\n?|\u2028|\u2029")
_HTML_FACTOR: Final = 10
"""HTML is cut at this many times the text that is kept of it: the rest would be thrown away."""
_TABLE: Final = re.compile(r"<table", re.IGNORECASE)
_STUB: Final = 200
"""A plain text that is shorter may be a mere stub ("please turn on HTML") beside the mail itself."""


@dataclass(frozen=True, slots=True)
class Body:
    """One leaf of readable text, decoded. `html`: it is a page; `cut`: it goes on."""

    text: str
    group: int | None = None
    html: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A mail's text within its limit; `cut`: it goes on."""

    text: str
    cut: bool = False


def body_of(leaf: Leaf, data: bytes, limits: MailLimits, marks: Marks) -> Body:
    """The text of a leaf's bytes, as the leaf declares them and as they are."""
    html, most = leaf.declared == "text/html", limits.text_characters * _HTML_FACTOR
    decoded = decode(data[:most], leaf.charset, html=html)
    if decoded.mended:
        marks.add(Mark.CHARSET)
    if decoded.lossy:
        marks.add(Mark.LOST_CHARACTERS)
    return Body(decoded.text, leaf.group, html, cut=len(data) > most)


def body_text(bodies: Iterable[Body], limits: MailLimits) -> Text:
    """The text of a mail: its bodies in order; of an alternative the plain one, or the HTML if that is empty or a mere
    stub of it."""
    texts: list[str] = []
    groups: dict[int, int] = {}
    cut = False
    for body in bodies:
        before = groups.get(body.group) if body.group is not None else None
        if before is not None and body.html and len(texts[before]) >= _STUB:
            continue
        text = _shown(body)
        cut = cut or body.cut
        if not text.strip():
            continue
        if before is None:
            if body.group is not None:
                groups[body.group] = len(texts)
            texts.append(text)
        elif _is_better(text, texts[before], html=body.html):
            texts[before] = text
    whole = "\n\n".join(texts)
    return Text(whole[: limits.text_characters], cut or len(whole) > limits.text_characters)


def _is_better(text: str, before: str, *, html: bool) -> bool:
    """Whether a text of an alternative stands for the mail rather than the one before it."""
    return not html or len(text) > 4 * len(before) + _STUB


def body_page(bodies: Iterable[Body]) -> str:
    """The mail's own words as HTML, without the history that it quotes, where there is a table in them; else empty."""
    return "\n".join(fresh_page(body.text) for body in bodies if body.html and _TABLE.search(body.text))


def body_links(bodies: Sequence[Body]) -> tuple[Link, ...]:
    """The links in the mail's own words, each address once; of one that stands twice what its HTML says."""
    pages = [link for body in bodies if body.html for link in links_of_page(body.text)]
    plain = [link for body in bodies if not body.html for link in links_of_text(_fresh(body))]
    return tuple({link.url: link for link in (*plain, *pages)}.values())


def _fresh(body: Body) -> str:
    return split_quote(_LINE_ENDS.sub("\n", body.text))[0] if "://" in body.text else ""


def cut(text: str, limits: MailLimits, marks: Marks) -> str:
    """Quoted text within the limit, with a mark where something was cut off."""
    if len(text) > limits.text_characters:
        marks.add(Mark.QUOTE_CUT)
    return text[: limits.text_characters]


def _shown(body: Body) -> str:
    text = html_text(body.text) if body.html else body.text
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
