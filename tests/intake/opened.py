"""A session on a scripted server, for as long as a block lasts."""

from dataclasses import replace

from mailbot.domain.server_ports import Secret
from mailbot.intake.account import Account
from mailbot.intake.faults import IntakeError
from mailbot.intake.leash import Leash
from mailbot.intake.profiles import Choice
from mailbot.intake.session import Session
from tests.intake.helpers import PW, account, limits
from tests.rig.fake_imap import Box, FakeImap


class Opened:
    """Enter it to get the session; the server goes with it, also when no session came about."""

    def __init__(self, box: Box, *, secret: Secret = PW, profile: Choice = "auto", **changes: int) -> None:
        self.server = FakeImap(box)
        self.secret, self.profile, self.changes = secret, profile, changes
        self.leash = Leash()

    @property
    def home(self) -> Account:
        return replace(account(self.server.port), profile=self.profile)

    def __enter__(self) -> Session:
        self.server.__enter__()
        try:
            self.session = Session(self.home, self.secret, limits(**self.changes), self.leash)
        except IntakeError:
            self.server.__exit__(None, None, None)
            raise
        return self.session

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self.server.__exit__(None, None, None)
