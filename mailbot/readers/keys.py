"""The passwords that a mail names, tried on the files of that mail: the one that opened a file first, and every try
counted, for each costs time by design."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mailbot.domain.limits import ContainerLimits
from mailbot.domain.passwords import find_passwords


class Keys:
    """The candidates of one mail. They never leave this object but to be tried."""

    def __init__(self, texts: Iterable[str], limits: ContainerLimits) -> None:
        self._limits = limits
        self._found = list(find_passwords(texts, limits.passwords))
        self._left = limits.tries

    def learn(self, texts: Iterable[str]) -> None:
        """Candidates of further texts stand behind those already known."""
        room = self._limits.passwords - len(self._found)
        new = (found for found in find_passwords(texts, self._limits.passwords) if found not in self._found)
        self._found.extend(list(new)[:room])

    def each(self) -> Iterator[str]:
        """The candidates, likeliest first, as long as tries are left."""
        for candidate in tuple(self._found):
            if self._left == 0:
                return
            self._left -= 1
            yield candidate

    def opened(self, key: str) -> None:
        """What opened one file is the first to be tried on the next."""
        self._found.remove(key)
        self._found.insert(0, key)
