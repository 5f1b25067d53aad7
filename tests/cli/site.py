"""A site's settings on loopback: real IMAP, an SMTP sink, secrets in files of their own."""

from pathlib import Path

from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.smtp_sink import SmtpSink
from tools import site
from tools.site import ROSTER, Box, Site

USER = "roster"
ADDRESS = ROSTER
PASSWORD_FILE = Box("roster", ROSTER, USER, PASSWORD).secret
"""The mailbox's password, from the site's folder."""


def write_site(
    folder: Path, server: Dovecot | None, sink: SmtpSink | None, *, mode: str = "live", adapter: str = "worklist"
) -> Path:
    """The settings file of a new site in this folder; without servers its ports lead nowhere."""
    imap, smtp = (server.imap if server else 9), (sink.port if sink else 9)
    box = Box("roster", ROSTER, USER, PASSWORD)
    return site.write_site(folder, Site(imap, smtp, (box,), mode=mode, adapter=adapter))
