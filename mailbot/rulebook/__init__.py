"""The office's policy: reads rules/*.toml, checks every word of it at load, and judges records by it.

Owns the `when` language (`parse`, `evaluate`, `compile`), the rules in force (`book`), loading and reloading them, and
the pages that explain them. Pure but for reading the rules folder. It knows no record: vocabularies are passed in.
"""

from mailbot.rulebook.book import Rulebook, RuleTrace
from mailbot.rulebook.evaluate import Answer
from mailbot.rulebook.load import load, read_forms
from mailbot.rulebook.problems import Problem, RulebookError
from mailbot.rulebook.reload import Health, Reloader

__all__ = ["Answer", "Health", "Problem", "Reloader", "RuleTrace", "Rulebook", "RulebookError", "load", "read_forms"]
