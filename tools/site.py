"""A site on loopback, as a folder: settings that name servers of this machine, and secrets in files of their own.

What the demonstration, the measurements and the tests stand on; they differ in the servers behind the ports.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailbot.credentials import make_key

ROSTER: Final = "2020gxkm@cqhrsp.com"
PROOF: Final = "cqgxkm@cqhrsp.com"
STAFF: Final = "staff@cqhrsp.com"
KEY: Final = Path("secrets") / "site.key"
_SITE: Final = """\
[site]
name = "{name}"
storage = "storage"
campaign = "2020"
mode = "{mode}"
start_date = 2020-07-07
domain = "cqhrsp.com"
authserv_id = "mx.cqhrsp.com"
key_file = "{key}"
{rules}
[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "plain"
sender = "{roster}"

[staff]
digest_to = "{staff}"
digest_at = {digest_at}

[platform]
adapter = "{adapter}"

[automation]
roster = "clean"
"""
_BOX: Final = """
[[mailbox]]
account = "{account}"
address = "{address}"
host = "127.0.0.1"
port = {imap}
tls = "plain"
user = "{user}"
password_file = "{secret}"
"""


@dataclass(frozen=True, slots=True)
class Box:
    """One mailbox: its name in the ledger, and its login."""

    account: str
    address: str
    user: str
    password: str

    @property
    def secret(self) -> Path:
        """Where its password lies, from the site's folder."""
        return Path("secrets") / self.account


@dataclass(frozen=True, slots=True)
class Site:
    """A site's choices. `imap` and `smtp` are ports of 127.0.0.1; no digest comes up by itself before midnight."""

    imap: int
    smtp: int
    boxes: tuple[Box, ...]
    name: str = "测试"
    mode: str = "live"
    adapter: str = "ledger"
    digest_at: str = "23:59:59"
    rules: Path | None = None

    @property
    def text(self) -> str:
        """The settings file."""
        rules = f'rules = "{self.rules}"\n' if self.rules else ""
        site = _SITE.format(
            name=self.name,
            mode=self.mode,
            key=KEY,
            rules=rules,
            smtp=self.smtp,
            roster=ROSTER,
            staff=STAFF,
            digest_at=self.digest_at,
            adapter=self.adapter,
        )
        boxes = (
            _BOX.format(account=box.account, address=box.address, imap=self.imap, user=box.user, secret=box.secret)
            for box in self.boxes
        )
        return site + "".join(boxes)


def write_site(folder: Path, site: Site) -> Path:
    """The settings file of a site in this folder, and its secrets. The key is made once: the ledger's hashes rest on
    it."""
    (folder / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / KEY).exists():
        make_key(folder / KEY)
    for box in site.boxes:
        (folder / box.secret).touch(mode=0o600)
        (folder / box.secret).write_text(box.password, "utf-8")
    path = folder / "mailbot.toml"
    path.write_text(site.text, "utf-8")
    return path
