"""What is wrong with the rule files: every fault of every file, each with its place, gathered and shown together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the file relative to the rules folder, line and column from 1 where known, the rule's code, and a
    Chinese sentence."""

    file: str
    message: str
    line: int | None = None
    column: int | None = None
    rule: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place} 规则 {self.rule}：{self.message}" if self.rule else f"{place} {self.message}"


class RulebookError(Exception):
    """The rule files cannot be put in force. `problems` are all their faults, in the order of files and lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.column or 0)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
