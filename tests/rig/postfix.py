"""A Postfix of our own: throwaway folder, free loopback ports, no DNS, no chroot, no syslog. Whatever it takes goes on
to a Dovecot by LMTP, where any address is a mailbox; some domains refuse, put off or bounce instead.

Needs root, for its programs change to the user `postfix`. It is run by its own `master`, in the foreground: what
`postfix start` checks first takes some seconds.
"""

import os
import shutil
import smtplib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

import pytest

from tests.rig.dovecot import Dovecot
from tests.rig.ports import LOOPBACK, free_port
from tests.rig.server import Server

HOST: Final = "mx.cqhrsp.com"
REFUSED, GREY, FULL = "refused.example", "grey.example", "full.example"
BOUNCING, SPAM, WAITING = "bouncing.example", "spam.example", "waiting.example"
NO_MX: Final = "no-mx.example"

AT_RCPT: Final[Mapping[str, str]] = {
    REFUSED: "550 5.1.1 Mailbox not found",
    GREY: "451 4.7.1 Greylisted, please try again in 2 minutes",
    FULL: "552 5.2.2 Mailbox full",
    NO_MX: "550 5.1.2 Recipient address rejected: Domain not found",
}
"""What the submission port answers to RCPT for these domains."""
FAR_OFF: Final[Mapping[str, str]] = {
    BOUNCING: "550 5.1.1 user unknown",
    SPAM: "554 5.7.1 DT:SPM message is considered as spam",
    WAITING: "450 4.2.1 try again later",
}
"""Domains whose letters are taken here and refused by their own server: for good (a report comes back to the envelope's
sender), or for a while."""

_MAIN: Final = """\
compatibility_level = 3.6
queue_directory = {top}/queue
data_directory = {top}/data
maillog_file = {top}/log
maillog_file_prefixes = {top}
myhostname = {host}
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = {loopback}
inet_interfaces = {loopback}
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
smtputf8_enable = yes
biff = no
message_size_limit = 60000000
mailbox_size_limit = 0
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
transport_maps = texthash:{top}/etc/transport
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 100
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{loopback}:{sasl}
"""
_MASTER: Final = """\
{loopback}:{mx} inet n - n - - smtpd
  -o smtpd_sender_restrictions=check_sender_access,regexp:{top}/etc/results
{loopback}:{submission} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_recipient_restrictions=check_recipient_access,texthash:{top}/etc/recipients
{loopback}:{far} inet n - n - - smtpd
  -o myhostname=far.example -o smtpd_recipient_restrictions=check_recipient_access,texthash:{top}/etc/far
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
scache unix - - n - 1 scache
anvil unix - - n - 1 anvil
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""
_RESULTS: Final = (
    "/^[^@<>]+@([^@<>]+)$/ PREPEND Authentication-Results: {host}; spf=pass smtp.mailfrom=$1;"
    " dmarc=pass (p=NONE) header.from=$1\n"
)
_FOLDERS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming"), 0o700),
    "private": 0o700,
    "saved": 0o700,
    "trace": 0o700,
    "maildrop": 0o1730,
    "public": 0o2710,
}


def require_postfix() -> Path:
    """The folder of its programs. Without one, or not as root, the test is skipped; in CI its absence is a failure."""
    found = Path("/usr/lib/postfix/sbin")
    why = "" if (found / "master").exists() else "no postfix here; `make setup` names the package"
    why = why or ("" if os.geteuid() == 0 else "postfix needs root")
    if why and os.environ.get("CI"):
        pytest.fail(why)
    if why:
        pytest.skip(why)
    return found


class Postfix(Server):
    """One instance before `home`, which has to run. `mx` is the door of the world: who comes in has passed the checks
    of `Authentication-Results` for the domain of its envelope. `submission` is ours: it wants the login of a user of
    `home`, and offers STARTTLS with its certificate."""

    name = "postfix"

    def __init__(self, home: Dovecot) -> None:
        self.programs = require_postfix()
        self.home = home
        super().__init__()
        self.mx, self.submission, self._far = home.relay or free_port(), free_port(), free_port()
        self._lay_out()

    def _lay_out(self) -> None:
        self.top.chmod(0o755)
        for name in ("etc", "queue", "data", "queue/pid"):
            (self.top / name).mkdir()
        shutil.chown(self.top / "data", "postfix")
        for name, mode in _FOLDERS.items():
            folder = self.top / "queue" / name
            folder.mkdir()
            shutil.chown(folder, "postfix", "postdrop" if name in ("maildrop", "public") else None)
            folder.chmod(mode)
        self._configure()

    def _configure(self) -> None:
        home = self.home
        values = {
            "top": self.top,
            "host": HOST,
            "loopback": LOOPBACK,
            "cert": home.ca_file,
            "key": home.top / "key.pem",
        }
        ports = {"mx": self.mx, "submission": self.submission, "far": self._far, "sasl": home.sasl}
        ways = dict.fromkeys(FAR_OFF, f"smtp:[{LOOPBACK}]:{self._far}")
        files = {
            "main.cf": _MAIN.format(**values, **ports),
            "master.cf": _MASTER.format(**values, **ports),
            "transport": _table({**ways, "*": f"lmtp:inet:{LOOPBACK}:{home.lmtp}"}),
            "recipients": _table(AT_RCPT),
            "far": _table(FAR_OFF),
            "results": _RESULTS.format(host=HOST),
        }
        for name, text in files.items():
            (self.top / "etc" / name).write_text(text, "utf-8")

    def start(self) -> Self:
        command = [str(self.programs / "master"), "-d", "-c", str(self.top / "etc")]
        self.run(command, [self.mx, self.submission], subprocess.DEVNULL)
        return self

    def deliver(self, sender: str, recipients: Sequence[str], raw: bytes) -> None:
        """Hand in a mail at the door of the world; an empty sender is that of reports and robots."""
        with smtplib.SMTP(LOOPBACK, self.mx, local_hostname="client.example", timeout=10) as client:
            client.sendmail(sender, list(recipients), raw)

    def submit(self, sender: str, recipient: str, text: str) -> None:
        """Hand in a mail by a user of ours, as a web mail does."""
        with smtplib.SMTP(LOOPBACK, self.submission, timeout=10) as client:
            client.login(sender, self.home.password)
            client.sendmail(sender, [recipient], text.encode())


def _table(lines: Mapping[str, str]) -> str:
    return "".join(f"{key} {value}\n" for key, value in lines.items())
