"""The rulebook in force while the daemon runs: new files are taken over whole or not at all.

A bad file keeps the old rules in force and says so (`health`); a good one is swapped in with one assignment, so that
whoever works with a rulebook keeps the one it began with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from mailbot.domain.facts.vocabulary import Vocabulary
from mailbot.rulebook.book import Rulebook
from mailbot.rulebook.load import build
from mailbot.rulebook.problems import Problem, RulebookError
from mailbot.rulebook.sources import bytes_hash, read_files


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the files on disk are those in force; if not, what is wrong with them."""

    problems: tuple[Problem, ...] = ()

    @property
    def green(self) -> bool:
        return not self.problems


class Reloader:
    """Holds the rulebook in force. Raises what `load` raises when it is built: a daemon does not start on bad rules."""

    def __init__(
        self,
        rules_dir: Path,
        vocabularies: Collection[Vocabulary],
        templates: Path,
        *,
        campaign: str | None = None,
        kinds: Collection[str] = (),
    ) -> None:
        self._rules_dir = rules_dir
        self._build: Callable[[Mapping[str, bytes]], Rulebook] = lambda files: build(
            files, vocabularies, templates, campaign=campaign, kinds=kinds
        )
        self._lock = threading.Lock()
        files = read_files(rules_dir)
        self._seen = bytes_hash(files)
        self._current = self._build(files)
        self._health = Health()

    @property
    def current(self) -> Rulebook:
        """The rulebook in force."""
        return self._current

    @property
    def health(self) -> Health:
        """Red while the files on disk are not the ones in force."""
        return self._health

    def refresh(self) -> bool:
        """Look at the files again; true where a new rulebook is in force now. Untouched files are not read twice."""
        with self._lock:
            try:
                files = read_files(self._rules_dir)
            except OSError as error:
                self._seen = ""
                self._health = Health((Problem(self._rules_dir.name, f"规则目录无法读取：{error.strerror or error}"),))
                return False
            seen = bytes_hash(files)
            if seen == self._seen:
                return False
            self._seen = seen
            return self._swap(files)

    def _swap(self, files: Mapping[str, bytes]) -> bool:
        try:
            rulebook = self._build(files)
        except RulebookError as error:
            self._health = Health(error.problems)
            return False
        changed = rulebook.hash != self._current.hash
        self._current, self._health = rulebook, Health()
        return changed
