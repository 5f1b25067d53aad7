"""The links in a mail's own words: where they lead and under what words they stand. None is ever followed.

Links in the quoted history are left out; those below the mark of a signature are told apart. What a link means is told
elsewhere, by the hosts and words that the office keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from lxml import etree

from mailbot.domain.mail import Link
from mailbot.mime.pages import fresh_tree
from mailbot.mime.words import plain

_URL: Final = re.compile(r"https?://[^\s<>\"'（）()，。；、\u4e00-\u9fff]{4,2000}", re.IGNORECASE)
_NO_LINK: Final = re.compile(r"https?://(?:www\.w3\.org|schemas\.(?:microsoft|openxmlformats)\.\w+)/", re.IGNORECASE)
_SIGNATURE_LINE: Final = re.compile(r"\s*(?:-- ?|—{2,}|_{4,}|-{4,})\s*")
_SIGNATURE_ELEMENT: Final = re.compile(r"signature|qqmail_sign|foxmail_sign|spnEditorSign|xmailsign", re.IGNORECASE)
_MOST: Final = 30
_URL_LENGTH: Final = 300
_WORDS_LENGTH: Final = 120


def links_of_text(fresh: str) -> tuple[Link, ...]:
    """The links of a plain text without its quote. A link stands under the words of its line and the line above."""
    if "://" not in fresh:
        return ()
    return tuple(_in_lines(fresh.split("\n")))[:_MOST]


def _in_lines(lines: list[str]) -> Iterator[Link]:
    signed = False
    above = ""
    for line in lines:
        signed = signed or _SIGNATURE_LINE.fullmatch(line) is not None
        for found in _URL.finditer(line):
            yield _link(found.group(), f"{above} {line.replace(found.group(), ' ')}", signed=signed)
        above = line if line.strip() else above


def links_of_page(html: str) -> tuple[Link, ...]:
    """The links of HTML without its quote. A link stands under its own words and those of the block around it."""
    if not _leads_somewhere(html):
        return ()
    root = fresh_tree(html)
    return () if root is None else tuple(_in_tree(root))[:_MOST]


def _leads_somewhere(html: str) -> bool:
    """Whether there is any address but those of namespaces."""
    return any(not _NO_LINK.match(found.group()) for found in _URL.finditer(html))


def _in_tree(root: etree._Element) -> Iterator[Link]:
    for anchor in root.iter("a"):
        target = (anchor.get("href") or "").strip()
        if _URL.match(target) and not _NO_LINK.match(target):
            yield _link(target, _around(anchor), signed=_is_signed(anchor))


def _around(anchor: etree._Element) -> str:
    """The words of an anchor with those about it: out to the first element that says more than the anchor itself."""
    own = _words(anchor)
    node = anchor.getparent()
    for _ in range(3):
        if node is None or node.tag in ("body", "html"):
            break
        said = _words(node)
        if len(said) > len(own):
            return said
        node = node.getparent()
    return own


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _is_signed(anchor: etree._Element) -> bool:
    """Whether an element around it is what a mail program marks as the signature."""
    marks = (f"{node.get('class') or ''} {node.get('id') or ''}" for node in anchor.iterancestors())
    return any(_SIGNATURE_ELEMENT.search(mark) for mark in marks)


def _link(url: str, words: str, *, signed: bool) -> Link:
    return Link(url=plain(unquote(url[:_URL_LENGTH])), words=plain(words)[:_WORDS_LENGTH], signed=signed)
