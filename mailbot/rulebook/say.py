"""The sentence of a rule: text with facts in braces, taken apart at load, put together without a format language."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from mailbot.domain.facts.vocabulary import Facts, Vocabulary
from mailbot.rulebook.nodes import Name
from mailbot.rulebook.parse import unknown_fact
from mailbot.rulebook.show import shown


class SayError(ValueError):
    """A sentence that cannot be used; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The parts of a sentence in order."""

    parts: tuple[str | Name, ...]

    def render(self, facts: Facts, limit: int) -> str:
        """The sentence with its values, sensitive ones masked, each cut behind `limit` characters."""
        return "".join(
            part if isinstance(part, str) else shown(part.fact, facts[part.index], limit) for part in self.parts
        )


def parse_say(text: str, vocabulary: Vocabulary) -> Sentence:
    """The sentence taken apart. Raises `SayError` for an unknown placeholder, a format or a stray brace."""
    if not text.strip() or "\n" in text:
        raise SayError("say 须是一行文字")
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        raise SayError("say 的花括号不配对（要写花括号本身请写两个）") from None
    parts: list[str | Name] = []
    for literal, word, spec, conversion in pieces:
        if literal:
            parts.append(literal)
        if word is None:
            continue
        if spec or conversion:
            raise SayError(f"say 里的 {{{word}}} 只能是事实名，不能带格式")
        parts.append(_name(word, vocabulary))
    return Sentence(tuple(parts))


def _name(word: str, vocabulary: Vocabulary) -> Name:
    if word not in vocabulary.index:
        raise SayError(f"say：{unknown_fact(word, vocabulary)}")
    index = vocabulary.index[word]
    return Name(index, vocabulary.facts[index])
