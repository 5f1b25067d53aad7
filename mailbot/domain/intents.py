"""What the words of a mail ask for, told by phrases that the office keeps as data (rules/forms/enquiry.toml).

Only the fresh text counts, never the quoted history. A phrase is looked for without spaces, in any width; it says no
more than that somebody should read it so: what it leads to, the rules and the flow decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mailbot.domain.chars import visible
from mailbot.domain.phrases import LONGEST, Words, says, sentences, without

__all__ = ["LONGEST", "Words", "courteous", "read_text", "sentences", "without"]


class Intent(StrEnum):
    """What a mail may ask for besides what it brings."""

    CORRECTION = "correction"
    ADDITION = "addition"
    LATEST = "latest"
    """The newest list counts, what was sent before is void."""
    WITHDRAWAL = "withdrawal"
    STATUS = "status"
    """How far the matter is."""
    COMPLAINT = "complaint"
    REVIEW = "review"
    CONTACT = "contact"
    PHONE = "phone"
    PERSONAL = "personal"
    """What the law gives everybody over their own data: to see, correct and erase it."""
    QUESTION = "question"
    """Something about a case, told by its number beside a question; no list of phrases says it."""


class Plain(StrEnum):
    """Lists of words that are no intent: courtesies, signs of another question, and words for more than those named."""

    COURTESY = "courtesy"
    ASKING = "asking"
    EVERYBODY = "everybody"


ASKS_WHICH: Final = "mail.correction_or_addition"
"""The code under which a mail waits for its sender to say whether its list corrects or adds."""
ASKS_STATUS: Final = "mail.question"
"""The code of a mail that asks how far the matter is."""
TOPICS: Final = frozenset(
    {
        Intent.WITHDRAWAL,
        Intent.STATUS,
        Intent.COMPLAINT,
        Intent.REVIEW,
        Intent.CONTACT,
        Intent.PHONE,
        Intent.PERSONAL,
    }
)
"""What is a matter of its own where no list comes with it."""
_NUMBER: Final = re.compile(r"\d{5,}")
_ROWS: Final = re.compile(
    r"(?:第?\d{1,5}行|第[一二三四五六七八九十百]{1,5}行|序号[为是:]?\d{1,5})[^\n]{0,40}(?:应|改|更正|换|删|去掉|不报|错|误)"
)
_MARKS: Final = ",.、:~!-\"'()“”‘’「」『』《》"
"""What may stand around the bare answer to a question."""
_CASE: Final = re.compile(r"(?<!\d)20\d\d[a-z0-9-]{0,20}-\d{6}(?:-\d{1,3})?(?!\d)")
"""A case number as our letters write it."""
_QUESTION: Final = re.compile(
    r"[?吗呢]|怎么|怎样|如何|为什么|为何|为啥|能否|可否|是否|能不能|什么|哪|多少|请问|几时|不明白|不清楚|不理解"
)
_QUOTED_READ: Final = 20_000
_SIGNED: Final = re.compile(r"[\u4e00-\u9fff,、]{0,16}:?\(?[\d()-]{7,15}")
"""The line of a signature: a name or 联系电话, and a telephone number."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says. `only_status`: it asks how far the matter is, and nothing else. `choice`: it is the bare answer
    to the question whether a list corrects or adds."""

    intents: frozenset[Intent] = frozenset()
    only_status: bool = False
    choice: Intent | None = None
    of_rows: bool = False
    """Whether it says that something about single rows of a list is otherwise."""
    of_case: bool = False
    """Whether it asks something beside the number of a case, which it names or answers a letter about."""

    @property
    def topics(self) -> frozenset[Intent]:
        """What stands as a matter of its own. A list that counts instead of the one before withdraws nothing."""
        found = self.intents & TOPICS - ({Intent.WITHDRAWAL} if Intent.LATEST in self.intents else frozenset())
        return frozenset({Intent.QUESTION}) if self.of_case and not found else found

    @property
    def manner(self) -> Intent | None:
        """How a list is meant, where the text says one thing of it: `None` where it says nothing or several."""
        if Intent.LATEST in self.intents:
            return Intent.LATEST
        said = self.intents & {Intent.CORRECTION, Intent.ADDITION}
        return next(iter(said)) if len(said) == 1 else None


NOTHING: Final = Said()


def read_text(text: str, words: Words, subject: str = "", quoted: str = "") -> Said:
    """What a mail's fresh text and subject say. An answer's subject (`回复：`) is ours and says nothing; of what is
    quoted nothing counts but the number of the case that a letter of ours was about."""
    own = sentences(text)
    spoken = "\n".join((*own, *(() if answers(subject) else sentences(subject))))
    found = frozenset(intent for intent in Intent if says(spoken, words.get(intent, ())))
    return Said(
        found,
        _only_status(own, found, words),
        _choice(own, words),
        of_rows=_ROWS.search(spoken) is not None,
        of_case=_asks_of_case(text, subject, quoted),
    )


def _asks_of_case(text: str, subject: str, quoted: str) -> bool:
    """Whether the fresh words ask something, and a case number stands in them, in the subject or in the quote."""
    fresh = visible(text[:LONGEST])
    if not _QUESTION.search(fresh):
        return False
    return any(_CASE.search(visible(one)) for one in (fresh, subject, quoted[:_QUOTED_READ]))


def courteous(sentence: str, words: Words) -> bool:
    """Whether a sentence asks for nothing and tells no number: a greeting, thanks, a signature."""
    rest = _CASE.sub("", without(sentence, words.get(Plain.COURTESY, ())))
    if _SIGNED.fullmatch(rest):
        return True
    asks = any(word in rest for word in words.get(Plain.ASKING, ()))
    return not (asks or _NUMBER.search(rest) or any(says(rest, words.get(intent, ())) for intent in Intent))


def answers(subject: str) -> bool:
    """Whether a subject is that of an answer (`回复：`): ours, not the sender's own words."""
    return re.match(r"\s*(?:回复|答复|回覆|re|aw)\s*[:：]", subject, re.IGNORECASE) is not None


def _only_status(own: tuple[str, ...], found: frozenset[Intent], words: Words) -> bool:
    """Whether every sentence, as far as it does not ask how far the matter is, asks nothing at all."""
    phrases = words.get(Intent.STATUS, ())
    return found == {Intent.STATUS} and all(courteous(without(one, phrases), words) for one in own)


def _choice(own: tuple[str, ...], words: Words) -> Intent | None:
    """The intent of a text that holds nothing but courtesies and one of the two words."""
    rest = [left for one in own if (left := without(one, words.get(Plain.COURTESY, ())).strip(_MARKS))]
    for intent in (Intent.CORRECTION, Intent.ADDITION):
        if len(rest) == 1 and rest[0] in words.get(f"{intent}_answer", ()):
            return intent
    return None
