"""A platform adapter for the test: it asks the harness's platform server over HTTP, and opens accounts blindly.

`ensure_accounts` posts without looking and the server opens whatever it is told, so that nothing but the engine's
`once` stands between a crash and a second account.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import urlencode, urlsplit

from mailbot.domain.effects import Person
from mailbot.domain.ports import Answer, Caps, PortError, Presence, Registration, RowResult, Wish
from mailbot.failpoints import failpoint

CAPS: Final = Caps(
    name="crash",
    authoritative=True,
    asynchronous=False,
    batch_size=100,
    password_policy="初始密码为六个零",
    keyed=False,
)


class HttpSite:
    """The adapter: one kept connection, one POST an account. A server that is busy is a fault of the whole site."""

    caps = CAPS

    def __init__(self, url: str) -> None:
        self._line = HTTPConnection(urlsplit(url).netloc, timeout=10)

    def check(self) -> None:
        self.find([])

    def find(self, people: Sequence[Person]) -> list[Registration]:
        query = urlencode([("id", person.id_number) for person in people])
        known = self._ask("GET", f"/accounts?{query}")
        return [_registration(known.get(person.id_number)) for person in people]

    def ensure_accounts(self, wishes: Sequence[Wish]) -> list[Answer]:
        answers = []
        for wish in wishes:
            failpoint("site.before_post")
            self._ask("POST", "/accounts", {"id": wish.person.id_number, "phone": wish.person.phone})
            failpoint("site.after_post")
            answers.append(Answer(wish.key, RowResult.DONE, "opened"))
        return answers

    def grant(self, wishes: Sequence[Wish]) -> list[Answer]:
        raise PortError("this site grants nothing", retry=False)

    def revoke(self, wishes: Sequence[Wish]) -> list[Answer]:
        raise PortError("this site revokes nothing", retry=False)

    def collect(self) -> list[Answer]:
        return []

    def _ask(self, verb: str, path: str, body: dict[str, str] | None = None) -> dict[str, str]:
        try:
            self._line.request(verb, path, json.dumps(body) if body else None)
            answer = self._line.getresponse()
            text = answer.read()
        except (OSError, HTTPException) as fault:
            self._line.close()
            raise PortError(f"the platform does not answer: {type(fault).__name__}", retry=True) from fault
        if answer.status != 200:
            raise PortError(f"the platform says {answer.status}", retry=True)
        said: dict[str, str] = json.loads(text)
        return said


def _registration(phone: str | None) -> Registration:
    return Registration(Presence.ABSENT if phone is None else Presence.FOUND, phone=phone)
