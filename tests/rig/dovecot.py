"""A Dovecot of our own: throwaway folder, free loopback ports, its own certificate, any user with one password.

Runs as root (mail as `nobody`) or as the current user. `stop` leaves the mail, so that `start` is a restart.
"""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

import imapclient
import pytest

from tests.rig.ports import LOOPBACK, free_port
from tests.rig.server import Server

PASSWORD = "rig password"
_CONFIG = """
base_dir = {top}/run
state_dir = {top}/state
instance_name = rig-{imap}
log_path = {top}/log
protocols = imap lmtp
listen = {host}
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
disable_plaintext_auth = no
auth_failure_delay = 0 secs
mail_fsync = never
mail_location = maildir:{top}/mail/%u
mail_max_userip_connections = 100
maildir_stat_dirs = yes
ssl = yes
ssl_cert = <{top}/cert.pem
ssl_key = <{top}/key.pem
ssl_dh =
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {top}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={top}/home/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service lmtp {{
  user = {mail_user}
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener sasl {{
    port = {sasl}
  }}
}}
"""
_TOWN = """
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=anyone {top}/anyone
}}
submission_host = {host}:{relay}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:{top}/home/%u/sieve;active={top}/home/%u/active.sieve
  sieve_vacation_min_period = 0
}}
"""


def require_dovecot() -> str:
    """The binary. Without one the test is skipped, but in CI its absence is a failure."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None and os.environ.get("CI"):
        pytest.fail("no dovecot here, and this is CI: `make setup` installs it")
    if found is None:
        pytest.skip("no dovecot here; `make setup` names the package")
    return found


def require_sieve() -> None:
    """As `require_dovecot`, for the plugin that answers by itself."""
    require_dovecot()
    if not any(Path("/usr/lib").glob("**/dovecot/modules/lib90_sieve_plugin.so")):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Sieve plugin here; `make setup` names the package")


class Dovecot(Server):
    """One instance. `imap` offers plain text and STARTTLS, `imaps` TLS, `lmtp` plain LMTP, `sasl` checks passwords for
    others; `ca_file` trusts its certificate. With `relay`, the port of a server that takes its answers, it runs Sieve
    scripts on what comes by LMTP, and everybody may log in with the one password."""

    name = "dovecot"

    def __init__(self, *users: str, relay: int | None = None) -> None:
        self.binary = require_dovecot()
        super().__init__()
        self.host = LOOPBACK
        self.imap, self.imaps, self.lmtp, self.sasl = free_port(), free_port(), free_port(), free_port()
        self.relay = relay
        self.ca_file = self.top / "cert.pem"
        root = os.geteuid() == 0
        self._owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        self._lay_out(root=root)
        self.set_users(*users)

    def _lay_out(self, *, root: bool) -> None:
        self.top.chmod(0o755)
        for name in ("run", "state"):
            (self.top / name).mkdir()
        for name in ("mail", "home"):
            (self.top / name).mkdir()
            shutil.chown(self.top / name, self._owner.pw_uid, self._owner.pw_gid)
        me = pwd.getpwuid(os.geteuid())
        group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
        text = _CONFIG.format(
            top=self.top,
            host=self.host,
            imap=self.imap,
            imaps=self.imaps,
            lmtp=self.lmtp,
            sasl=self.sasl,
            internal="dovecot" if root else me.pw_name,
            login="dovenull" if root else me.pw_name,
            group="dovecot" if root else group,
            mail_user="root" if root else me.pw_name,
            uid=self._owner.pw_uid,
            gid=self._owner.pw_gid,
        )
        if self.relay:
            require_sieve()
            text += _TOWN.format(top=self.top, host=self.host, relay=self.relay)
            (self.top / "anyone").write_text(f"anyone:{{PLAIN}}{PASSWORD}\n", "utf-8")
        (self.top / "dovecot.conf").write_text(text, "utf-8")
        make_certificate(self.top / "cert.pem", self.top / "key.pem")

    def set_users(self, *users: str, password: str = PASSWORD) -> None:
        """Who may log in from now on, and with which password."""
        self.password = password
        (self.top / "users").write_text("".join(f"{user}:{{PLAIN}}{password}\n" for user in users), "utf-8")
        (self.top / "users").chmod(0o644)

    def answer_by(self, user: str, script: str) -> None:
        """What is delivered to this user by LMTP from now on goes through this Sieve script (RFC 5228, 5230)."""
        home = self.top / "home" / user
        home.mkdir(exist_ok=True)
        (home / "active.sieve").write_text(script, "utf-8")
        for path in (home, home / "active.sieve"):
            shutil.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def start(self) -> Self:
        with (self.top / "log").open("ab") as file:
            self.run([self.binary, "-F", "-c", str(self.top / "dovecot.conf")], [self.imap], file)
        return self

    def stop(self) -> None:
        super().stop()
        (self.top / "run" / "master.pid").unlink(missing_ok=True)

    @contextmanager
    def client(self, user: str) -> Iterator[imapclient.IMAPClient]:
        """A bare client of the test's own, logged in, for looking and for tampering."""
        client = imapclient.IMAPClient(self.host, self.imap, ssl=False, timeout=10)
        client.normalise_times = False
        try:
            client.plain_login(user, self.password)
            yield client
        finally:
            client.logout()

    def append(self, user: str, *mails: bytes, at: datetime | None = None, folder: str = "INBOX") -> None:
        """Deliver by IMAP APPEND, byte for byte, with that INTERNALDATE."""
        with self.client(user) as client:
            for raw in mails:
                client.append(folder, raw, msg_time=at)

    def drop(self, user: str, *mails: bytes, at: datetime | None = None) -> None:
        """Deliver as Maildir files into the INBOX, which is quick for many; INTERNALDATE is the file's time."""
        box = self.top / "mail" / user
        for name in ("cur", "new", "tmp"):
            (box / name).mkdir(parents=True, exist_ok=True)
        for path in (box, *box.iterdir()):
            shutil.chown(path, self._owner.pw_uid, self._owner.pw_gid)
        stamp = time.time() if at is None else at.timestamp()
        for number, raw in enumerate(mails):
            name = f"{int(stamp)}.M{time.monotonic_ns()}P{number}.rig"
            path = box / "tmp" / name
            path.write_bytes(raw)
            shutil.chown(path, self._owner.pw_uid, self._owner.pw_gid)
            os.utime(path, (stamp, stamp))
            path.rename(box / "new" / name)

    def recreate(self, user: str, *, uidvalidity: int | None = None) -> None:
        """Forget all UIDs of the INBOX, as after a restore. With `uidvalidity` the new ones start at 1 under that value."""
        box = self.top / "mail" / user
        for path in box.glob("dovecot*"):
            path.unlink()
        if uidvalidity is not None:
            path = box / "dovecot-uidlist"
            path.write_text(f"3 V{uidvalidity} N1 G{os.urandom(16).hex()}\n", "ascii")
            shutil.chown(path, self._owner.pw_uid, self._owner.pw_gid)


def make_certificate(cert: Path, key: Path) -> None:
    """A self-signed certificate for localhost and the loopback addresses, good for a day."""
    kind = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"
    names = "-addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
    command = [*kind.split(), *names.split(), "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o600)
