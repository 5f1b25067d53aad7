"""What a mail server's answer makes of a letter: one table, read from the top, the first line that fits decides.

The codes alone do not tell (RFC 5321, 4.2.1): a 450 may mean that a domain does not exist, a 550 that we write too
fast. Chinese providers put words of their own in front: `HL:` (this machine), `MI:` and `RP:` (this account's rate and
reputation), `DT:SPM` (these words), as NetEase's table of refusals lists them. What a server repeats of another one's
words (`said:`) is the recipient's to choose, and holds up nobody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from mailbot.domain.ports import About, SendState


class Stage(IntEnum):
    """How far a letter came. Behind DOT the server may have it, before it cannot (RFC 5321, 4.2.5, 6.1)."""

    CONNECTING = 0
    SENDER = 1
    RECIPIENT = 2
    BODY = 3
    DOT = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done with the letter, and what else the answer is about."""

    state: SendState
    about: About = About.LETTER


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `codes` begins the code, `words` stand in the text, in any case; `stages` are those at
    which the line speaks (all without any)."""

    verdict: Verdict
    source: str
    codes: str = "[45]"
    words: str = ""
    stages: frozenset[Stage] = frozenset()

    def fits(self, stage: Stage, code: int, text: str) -> bool:
        """Whether the line speaks of this answer."""
        return (
            (not self.stages or stage in self.stages)
            and re.match(self.codes, str(code)) is not None
            and (not self.words or re.search(self.words, text, re.IGNORECASE) is not None)
        )


_WAIT, _REFUSED = SendState.DEFERRED, SendState.REFUSED
_TO: Final = frozenset({Stage.RECIPIENT})
_WHO: Final = frozenset({Stage.RECIPIENT, Stage.DOT})
_FROM: Final = frozenset({Stage.CONNECTING, Stage.SENDER})
_WORDS: Final = frozenset({Stage.BODY, Stage.DOT})
_SPAM: Final = (
    r"DT:SPM|content (?:denied|rejected)|by content spam|(?:as|likely|suspected) spam|spam (?:message|content)|垃圾邮件"
)
_FAST: Final = (
    r"frequency limit|rate limit|too many (?:connections|messages|mails|emails|errors)|too (?:fast|frequent)"
    r"|频率|发信量"
)
_NO_DOMAIN: Final = (
    r"\b[45]\.1\.(?:2|10)\b|\b5\.4\.4\b|domain (?:name )?not found|no such domain|no mx\b|null ?mx|nxdomain"
    r"|unknown host|host (?:or domain name )?not found|does not accept mail|域名不存在"
)
_NO_RELAY: Final = (
    r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not permitted|not allowed)|(?:unable|not allowed) to relay|rcpthosts"
)
_QUOTED: Final = re.compile(r"\bsaid:", re.IGNORECASE)
_NETEASE: Final = r"\b(?-i:HL|MI|RP):[A-Z]{2,4}\b"

TABLE: Final[tuple[Line, ...]] = (
    Line(Verdict(_WAIT, About.LOGIN), "RFC 4954, 6: what is wrong is our login, not the letter", "53[0458]"),
    Line(Verdict(_WAIT, About.LOGIN), "RFC 3463, 3.8: these words are said to strangers", words=_NO_RELAY),
    Line(Verdict(_WAIT, About.LINE), "RFC 5321, 3.8: 421 closes the channel, whatever it answers", "421"),
    Line(Verdict(_WAIT, About.LINE), "NetEase: HL, MI, RP speak of machine and account", words=_NETEASE),
    Line(Verdict(_WAIT, About.LINE), "Tencent, Aliyun, Exchange: rates in words", words=_FAST),
    Line(Verdict(_WAIT), "NetEase: DT:SPM with 4xx asks to come again", "4", "DT:SPM"),
    Line(Verdict(_REFUSED, About.TEMPLATE), "NetEase 554 DT:SPM; Tencent, Aliyun in words", "5", _SPAM, _WORDS),
    Line(Verdict(_REFUSED), "RFC 1870, 6.1: the letter is too big", "5(?:23|52)", r"^(?!.*\b5\.2\.2\b)"),
    Line(Verdict(_REFUSED), "RFC 3463, 3.4: x.3.4 and x.2.3 too", "5", r"\b5\.(?:3\.4|2\.3)\b"),
    Line(Verdict(_REFUSED, About.ADDRESS), "RFC 3463, 3.2; RFC 7505: no domain, no MX", "[45]", _NO_DOMAIN, _WHO),
    Line(Verdict(_REFUSED, About.ADDRESS), "RFC 5321, 4.3.2: RCPT is refused for good", "5", stages=_TO),
    Line(Verdict(_REFUSED, About.ADDRESS), "RFC 3463: some servers look behind the dot", "5", r"\b5\.[12]\.\d", _WORDS),
    Line(Verdict(_WAIT, About.LOGIN), "RFC 5321, 4.3.2: refused before RCPT, it is about us", "5", stages=_FROM),
    Line(Verdict(_WAIT, About.LINE), "put off before RCPT: no letter is meant yet", "4", stages=_FROM),
    Line(Verdict(_REFUSED), "RFC 5321, 4.2.1: 5yz is for good", "5"),
    Line(Verdict(_WAIT), "RFC 5321, 4.2.1: 4yz passes (greylisting, a mailbox that is full now)", "4"),
)


def verdict(stage: Stage, code: int, text: str) -> Verdict:
    """What an answer makes of the letter. Behind the dot, what is no answer at all leaves its end unknown."""
    if 200 <= code < 300 and stage is Stage.DOT:
        return Verdict(SendState.SENT)
    own = _QUOTED.split(text, maxsplit=1)[0]
    found = next((line.verdict for line in TABLE if 400 <= code < 600 and line.fits(stage, code, own)), None)
    return found or Verdict(SendState.UNKNOWN if stage is Stage.DOT else SendState.DEFERRED)
