"""What people ask the office that is not the office's: passwords, invoices, courses, certificates (notice, 九; 手册七).

They are answered with the right hotline. A mail that holds nothing else needs nobody; whatever may be ours goes to a
person as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mailbot.domain.intents import Intent, answers
from mailbot.domain.mail import Mail
from mailbot.domain.phrases import Words, says, sentences, without

HELP: Final = "mail.help_"
"""How the codes of the rules begin that answer such a question; their sentences are what the letter says."""
LONGEST_QUESTION: Final = 400
"""Characters of the longest text that may be nothing but such a question."""
_LONG_NUMBER: Final = re.compile(r"\d{13,}|\d{6,}[x*]")
"""A number that names a person, an order or a case: the question is about something of ours."""
_CASE_NUMBER: Final = re.compile(r"20\d\d[a-z0-9]*-\d{6}")


class Topic(StrEnum):
    """What is asked about."""

    PASSWORD = "password"  # noqa: S105 - the name of a topic
    INVOICE = "invoice"
    COURSE = "course"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Question:
    """The topics that a text asks about. `only`: it asks nothing else, and brings nothing."""

    topics: frozenset[Topic] = frozenset()
    only: bool = False


NO_QUESTION: Final = Question()


def question_of(mail: Mail, words: Words) -> Question:
    """What a mail's fresh words ask about, by the lists `help_<topic>`, in sentences that ask (`help_cue`); what may be
    ours is told by the list `help_ours`."""
    spoken = tuple(one.lower() for one in sentences(mail.text))
    if not answers(mail.subject):
        spoken = (*(one.lower() for one in sentences(mail.subject)), *spoken)
    found = frozenset(topic for topic in Topic if any(_asks(one, topic, words) for one in spoken))
    return Question(found, bool(found) and not mail.files and _nothing_of_ours(spoken, words))


def _asks(sentence: str, topic: Topic, words: Words) -> bool:
    asked = without(sentence, words.get("help_context", ()))
    return says(asked, words.get(f"help_{topic}", ())) and says(sentence, words.get("help_cue", ()))


def _nothing_of_ours(spoken: tuple[str, ...], words: Words) -> bool:
    text = "\n".join(spoken)
    if len(text) > LONGEST_QUESTION or _LONG_NUMBER.search(text) or _CASE_NUMBER.search(text):
        return False
    ours = says(text, words.get("help_ours", ()))
    return not ours and not any(says(text, words.get(intent, ())) for intent in Intent)
