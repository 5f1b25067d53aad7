"""What a form's words say against a person: in a remark, in the answer to a column that asks (是否参加), in the name of
a file or sheet, in a line of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mailbot.casetypes.roster.folding import fold, squeeze
from mailbot.casetypes.roster.patterns import one_of
from mailbot.domain.forms import Form, Question, RemarkWord

LONGEST_LINE: Final = 60
"""Characters of the longest line that says of others that they are not to be registered."""
LONGEST_QUESTION: Final = 24
"""Characters of the longest heading that asks."""

_BARRED: Final = "可能不必注册"
_ASKS: Final = re.compile("是否|有无|有没有|需否|与否")
_ANSWER: Final = re.compile(r"(?P<heading>[^:;]+):(?P<answer>[^;]*)")
_ABOVE: Final = re.compile("以上|上述|上列|上表")
_NUMBERED: Final = re.compile(r"第[\d一二三四五六七八九十]{1,4}[人名位行个条]|序号[:为是]?\d+")
_YEAR: Final = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Sayings:
    """The words of one form that decide."""

    remarks: tuple[RemarkWord, ...]
    questions: tuple[Question, ...]
    excluding: re.Pattern[str]
    alone: frozenset[str]
    including: re.Pattern[str]

    def remark(self, short: str) -> RemarkWord | None:
        """The first word that decides in a squeezed remark, which may hold answers (是否参加：否) and the words of the
        sheet or line above."""
        found = next((entry for entry in self.remarks if entry.word in short), None)
        return found or self._answered(short) or (RemarkWord(word=short, label=_BARRED) if self._bars(short) else None)

    def question(self, heading: str) -> Question | None:
        """The question that a heading asks."""
        short = fold(heading)
        if not short or len(short) > LONGEST_QUESTION:
            return None
        asks = _ASKS.search(short) is not None
        return next((question for question in self.questions if _fits(question, short, asks=asks)), None)

    def excludes(self, text: str) -> bool:
        """Whether the name of a file or sheet, or a line, says that the people there are not to be registered."""
        return len(text) <= LONGEST_LINE and any(map(self._bars, squeeze(text).split(";")))

    def of_above(self, text: str) -> bool:
        """Whether a line says something against people above it without a name: of all (以上), or of one by number."""
        short = squeeze(text)
        if _ABOVE.search(short) and self.excludes(text):
            return True
        told = _NUMBERED.search(short) is not None and self.remark(short) is not None
        return told and not self.including.search(self.excluding.sub("", short))

    def _answered(self, short: str) -> RemarkWord | None:
        for found in _ANSWER.finditer(short):
            question = self.question(found["heading"])
            if question and question.label and not fine(question, found["answer"]):
                return RemarkWord(word=found[0], label=question.label)
        return None

    def _bars(self, short: str) -> bool:
        if fold(short) in self.alone:
            return True
        return self.excluding.search(short) is not None and not self.including.search(self.excluding.sub("", short))


def fine(question: Question, answer: str) -> bool:
    """Whether an answer says nothing against the person. One that is a year is told by the others' years."""
    return squeeze(answer).casefold() in question.fine


def year_of(answer: str) -> int | None:
    """The newest year that an answer names."""
    return max(map(int, _YEAR.findall(squeeze(answer))), default=None)


def sayings_of(form: Form) -> Sayings:
    """The form's words compiled."""
    words = [squeeze(word) for word in form.excluding]
    return Sayings(
        form.remarks,
        form.questions,
        one_of(word if len(word) > 1 else f"({word})" for word in words),
        frozenset(word for word in words if len(word) == 1),
        one_of(map(squeeze, form.including)),
    )


def _fits(question: Question, short: str, *, asks: bool) -> bool:
    if short in question.headings:
        return True
    anything = not (question.headings or question.words)
    return asks and (anything or any(word in short for word in question.words))
