"""A site's settings on loopback: real IMAP, an SMTP sink, secrets in files of their own."""

from pathlib import Path

from mailbot.credentials import make_key
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.smtp_sink import SmtpSink

USER = "roster"
ADDRESS = "2020gxkm@cqhrsp.com"
_TEXT = """\
[site]
name = "测试"
storage = "storage"
campaign = "2020"
mode = "{mode}"
start_date = 2020-07-07
domain = "cqhrsp.com"
authserv_id = "mx.cqhrsp.com"
key_file = "site.key"

[[mailbox]]
account = "roster"
address = "2020gxkm@cqhrsp.com"
host = "127.0.0.1"
port = {imap}
tls = "plain"
user = "roster"
password_file = "imap"

[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "plain"
sender = "2020gxkm@cqhrsp.com"

[staff]
digest_to = "staff@cqhrsp.com"
digest_at = 23:59:59

[platform]
adapter = "{adapter}"

[automation]
roster = "clean"
"""


def write_site(
    folder: Path, server: Dovecot | None, sink: SmtpSink | None, *, mode: str = "live", adapter: str = "worklist"
) -> Path:
    """The settings file of a new site in this folder; without servers its ports lead nowhere."""
    folder.mkdir(exist_ok=True)
    make_key(folder / "site.key")
    (folder / "imap").write_text(PASSWORD, "utf-8")
    (folder / "imap").chmod(0o600)
    path = folder / "mailbot.toml"
    imap, smtp = (server.imap if server else 9), (sink.port if sink else 9)
    path.write_text(_TEXT.format(mode=mode, imap=imap, smtp=smtp, adapter=adapter), "utf-8")
    return path
