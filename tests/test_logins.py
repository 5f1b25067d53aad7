"""From the settings to what an account logs in with."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mailbot.config import Settings, load_settings
from mailbot.config_accounts import OAuth2
from mailbot.credentials import SecretError, make_key
from mailbot.domain.ports import PortError
from mailbot.domain.server_ports import Proof
from mailbot.intake.mailbox import Mailbox
from mailbot.logins import secret_of, token_of
from mailbot.tokens import Endpoint, Keys, PrintedToken, RefreshedToken, TokenRefused
from tests.intake.helpers import account, limits
from tests.intake.store import MemoryStore
from tests.rig.fake_imap import Box, FakeImap
from tests.rig.ports import LOOPBACK

GOOD = Path(__file__).with_name("config") / "good" / "mailbot.toml"
REFRESH = '[mailbox.oauth2]\ntoken_url = "https://login.example.com/token"\nclient_id = "c"\nrefresh_token_file = "r"\n'


@dataclass
class Still:
    """Always the same moment."""

    def now(self) -> datetime:
        return datetime(2020, 7, 9, tzinfo=UTC)


def settings(folder: Path, login: str) -> Settings:
    path = folder / "mailbot.toml"
    text = GOOD.read_text("utf-8").replace('password_file = "secrets/imap-roster"\n', login, 1)
    path.write_text(text, "utf-8")
    (folder / "secrets").mkdir()
    make_key(folder / "secrets" / "site.key")
    return load_settings(path)


def kept(path: Path, text: str) -> None:
    path.write_text(f"{text}\n", "ascii")
    path.chmod(0o600)


def test_a_password_is_read_at_each_login(tmp_path: Path) -> None:
    site = settings(tmp_path, 'password_file = "secrets/imap-roster"\n')
    secret = secret_of(site.mailbox[0], "roster", site.secrets({}), Still())
    for text in ("first", "second"):
        kept(tmp_path / "secrets" / "imap-roster", text)
        assert secret.proof() == Proof(text)
        secret.refused(Proof(text))
    assert "second" not in repr(secret)


def test_a_table_with_an_endpoint_gives_renewed_tokens(tmp_path: Path) -> None:
    site = settings(tmp_path, REFRESH)
    secret = secret_of(site.mailbox[0], "roster", site.secrets({}), Still())
    assert isinstance(secret, RefreshedToken)
    with pytest.raises(SecretError, match="No such file"):
        secret.proof()
    assert "roster" not in repr(site.secrets({}))


def test_a_table_with_a_command_gives_printed_tokens(tmp_path: Path) -> None:
    site = settings(tmp_path, '[mailbox.oauth2]\ncommand = ["/bin/echo", "tok-1"]\n')
    secret = secret_of(site.mailbox[0], "roster", site.secrets({}), Still())
    assert isinstance(secret, PrintedToken)
    assert secret.proof() == Proof("tok-1", bearer=True)


def test_a_new_refresh_token_goes_to_the_file_but_never_to_a_systemd_credential(tmp_path: Path) -> None:
    site = settings(tmp_path, REFRESH.replace('"r"\n', '"r"\nrefresh_token_credential = "r"\n'))
    handed = tmp_path / "handed"
    handed.mkdir()
    place = site.mailbox[0].oauth2
    assert place is not None
    assert place.refresh_token is not None
    assert site.secrets({}).writable(place.refresh_token) == tmp_path / "r"
    kept(handed / "r", "from systemd")
    with_systemd = site.secrets({"CREDENTIALS_DIRECTORY": str(handed)})
    assert with_systemd.writable(place.refresh_token) is None
    assert with_systemd.reader(place.refresh_token)() == "from systemd"


def test_half_a_table_that_was_not_checked_is_refused(tmp_path: Path) -> None:
    site = settings(tmp_path, REFRESH)
    half = OAuth2.model_construct(client_id="c", command=(), token_url=None)
    with pytest.raises(ValueError, match="go together"):
        token_of(half, site.secrets({}), Still())


def test_a_mailbox_comes_in_by_a_token_that_ended_and_was_renewed() -> None:
    """From the settings' table over a real endpoint to a server that takes one token after the other."""
    box = Box(capabilities="IMAP4rev1 AUTH=XOAUTH2", tokens={"tok-2"}).add(1)
    with endpoint("tok-1", "tok-2") as (url, asked), FakeImap(box) as server:
        keys = Keys(refresh_token=lambda: "refresh-8831")
        secret = RefreshedToken(Endpoint(url, "client-1"), keys, Still())
        store = MemoryStore()
        ours = Mailbox(account(server.port), secret, store, Still(), limits())
        assert ours.poll_once().stored == 1
        ours.close()
    assert len(asked) == 2
    assert len(server.asked("AUTHENTICATE")) == 2
    assert "refresh-8831" not in str(ours.status)


def test_a_refused_renewal_is_an_alarm_with_the_long_pause_and_a_dead_endpoint_is_not() -> None:
    pauses = []
    with endpoint() as (url, _), FakeImap(Box()) as server:
        keys = Keys(refresh_token=lambda: "refresh-8831")
        ours = Mailbox(
            account(server.port), RefreshedToken(Endpoint(url, "c"), keys, Still()), MemoryStore(), Still(), limits()
        )
        for _ in range(3):
            with pytest.raises(TokenRefused) as told:
                ours.poll_once()
            pauses.append(ours._pause(told.value))
    assert ours.status.alarm
    assert pauses[-1] == limits().login_retry_seconds
    with pytest.raises(PortError):
        ours.poll_once()
    assert "8831" not in str(ours.status)


@contextmanager
def endpoint(*tokens: str) -> Iterator[tuple[str, list[bytes]]]:
    """A token endpoint that gives these tokens in turn, then none any more."""
    left, asked = list(tokens), list[bytes]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            answer = {"access_token": left.pop(0), "token_type": "bearer"} if left else {"error": "invalid_grant"}
            data = json.dumps(answer).encode()
            self.send_response(400 if "error" in answer else 200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}/token", asked
    finally:
        server.shutdown()
        server.server_close()
