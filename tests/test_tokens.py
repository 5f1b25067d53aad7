"""Access tokens, from a real endpoint over a real socket, and from commands of the site's own."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.credentials import SecretError
from mailbot.domain.server_ports import Proof
from mailbot.tokens import (
    EARLY,
    Endpoint,
    Keys,
    PrintedToken,
    RefreshedToken,
    TokenRefused,
    TokenUnavailable,
    _lasts,
)
from tests.rig.ports import LOOPBACK, free_port

NOW = datetime(2020, 7, 9, 1, 0, tzinfo=UTC)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Provider:
    """A token endpoint. `answers` are (status, body) in turn, the last one for ever; `asked` the forms it got."""

    port: int = 0
    answers: list[tuple[int, object]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/oauth2/token"


def good(token: str = "tok-1", **more: object) -> tuple[int, object]:
    return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more}


@pytest.fixture
def provider() -> Iterator[Provider]:
    world = Provider(answers=[good()])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            world.asked.append({name: values[0] for name, values in parse_qs(raw).items()})
            status, body = world.answers.pop(0) if len(world.answers) > 1 else world.answers[0]
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            time.sleep(world.pause)
            self.send_response(status)
            for name, value in world.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            world.asked.append({"redirected": self.path})
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    world.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield world
    server.shutdown()
    server.server_close()


def source(provider: Provider, clock: Hand | None = None, **keys: object) -> RefreshedToken:
    held = {"refresh_token": lambda: "refresh-8831", **keys}
    endpoint = Endpoint(provider.url, "client-1", "imap offline_access")
    return RefreshedToken(endpoint, Keys(**held), clock or Hand())  # type: ignore[arg-type]  # keywords by name


def test_what_is_asked_for_and_what_comes(provider: Provider) -> None:
    assert source(provider).proof() == Proof("tok-1", bearer=True)
    [form] = provider.asked
    assert form == {
        "grant_type": "refresh_token",
        "refresh_token": "refresh-8831",
        "client_id": "client-1",
        "scope": "imap offline_access",
    }


def test_a_confidential_client_shows_its_secret(provider: Provider) -> None:
    source(provider, client_secret=lambda: "hush").proof()
    assert provider.asked[0]["client_secret"] == "hush"


def test_a_token_is_kept_until_shortly_before_its_end(provider: Provider) -> None:
    clock = Hand()
    ours = source(provider, clock)
    provider.answers = [good("tok-1"), good("tok-2")]
    assert ours.proof().text == "tok-1"
    clock.moment = NOW + timedelta(seconds=3599) - EARLY
    assert ours.proof().text == "tok-1"
    clock.moment = NOW + timedelta(seconds=3600) - EARLY
    assert ours.proof().text == "tok-2"
    assert len(provider.asked) == 2


def test_a_clock_that_goes_back_trusts_no_kept_token(provider: Provider) -> None:
    clock = Hand()
    ours = source(provider, clock)
    ours.proof()
    clock.moment = NOW - timedelta(hours=1)
    ours.proof()
    assert len(provider.asked) == 2


def test_a_token_that_ends_at_once_is_shown_once(provider: Provider) -> None:
    provider.answers = [good(expires_in=10)]
    ours = source(provider)
    ours.proof()
    ours.proof()
    assert len(provider.asked) == 2


def test_a_token_that_a_server_refused_is_forgotten_and_another_one_is_not(provider: Provider) -> None:
    ours = source(provider)
    proof = ours.proof()
    ours.refused(Proof("older", bearer=True))
    ours.proof()
    assert len(provider.asked) == 1
    ours.refused(proof)
    ours.proof()
    assert len(provider.asked) == 2


def test_many_threads_ask_once(provider: Provider) -> None:
    provider.pause = 0.1
    ours, got = source(provider), []
    threads = [threading.Thread(target=lambda: got.append(ours.proof().text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["tok-1"] * 8
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, {"error": "invalid_grant", "error_description": "AADSTS70008: 已过期"}, "已过期"),
        (401, {"error": "invalid_client"}, "invalid_client"),
        (403, b"<html>no</html>", "403"),
        (404, b"", "404"),
        (200, {"token_type": "Bearer"}, "without an access token"),
        (200, {"access_token": "a b\1", "token_type": "Bearer"}, "without an access token"),
        (200, {"access_token": "x", "token_type": "mac"}, "another kind"),
    ],
)
def test_what_a_person_must_mend(provider: Provider, status: int, body: object, said: str) -> None:
    provider.answers = [(status, body)]
    with pytest.raises(TokenRefused, match=said) as told:
        source(provider).proof()
    assert not told.value.retry
    assert "8831" not in str(told.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"oops"),
        (503, {"error": "temporarily_unavailable"}),
        (429, {}),
        (400, {"error": "temporarily_unavailable"}),
        (200, b"not json"),
        (200, b"[1, 2]"),
        (200, b"[" * 100_000),
    ],
)
def test_what_passes_by_itself(provider: Provider, status: int, body: object) -> None:
    provider.answers = [(status, body), good()]
    ours = source(provider)
    with pytest.raises(TokenUnavailable) as told:
        ours.proof()
    assert told.value.retry
    assert ours.proof().text == "tok-1"


def test_an_endpoint_that_is_not_there_passes_too() -> None:
    with pytest.raises(TokenUnavailable):
        source(Provider(port=free_port())).proof()


def test_an_endpoint_that_hangs_is_given_up(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.tokens.SECONDS", 0.2)
    provider.pause = 1.0
    with pytest.raises(TokenUnavailable):
        source(provider).proof()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(provider: Provider, status: int) -> None:
    provider.answers = [(status, b"")]
    provider.headers = {"Location": f"http://{LOOPBACK}:{provider.port}/elsewhere"}
    with pytest.raises(TokenRefused, match="elsewhere"):
        source(provider).proof()
    assert [form for form in provider.asked if "redirected" in form] == []
    assert len(provider.asked) == 1


def test_no_proxy_of_the_environment_is_used(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://{LOOPBACK}:{free_port()}")
    monkeypatch.setenv("no_proxy", "")
    assert source(provider).proof().text == "tok-1"


def test_only_this_machine_is_asked_without_tls() -> None:
    with pytest.raises(ValueError, match="over https only"):
        Endpoint("http://login.example.com/token", "x")
    assert Endpoint("https://login.example.com/token", "x").host == "login.example.com"


def test_a_new_refresh_token_is_written_where_the_old_one_stood(provider: Provider, tmp_path: Path) -> None:
    place = tmp_path / "refresh"
    place.write_text("old\n", "ascii")
    place.chmod(0o600)
    provider.answers = [good(refresh_token="new"), good()]
    clock = Hand()
    ours = source(provider, clock, refresh_token=lambda: place.read_text("ascii").strip(), refresh_file=place)
    ours.proof()
    assert place.read_text("ascii") == "new\n"
    assert place.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [place]
    clock.moment += timedelta(hours=2)
    ours.proof()
    assert [form["refresh_token"] for form in provider.asked] == ["old", "new"]


def test_a_credential_that_cannot_be_written_is_kept_in_memory_until_it_is_replaced(provider: Provider) -> None:
    provider.answers = [good(refresh_token="new"), good(), (400, {"error": "invalid_grant"}), good()]
    clock, written = Hand(), ["old"]
    ours = source(provider, clock, refresh_token=lambda: written[0])
    ours.proof()
    clock.moment += timedelta(hours=2)
    ours.proof()
    written[0] = "consented anew"
    clock.moment += timedelta(hours=2)
    ours.proof()
    assert [form["refresh_token"] for form in provider.asked] == ["old", "new", "new", "consented anew"]


def test_a_missing_file_says_so_itself(provider: Provider) -> None:
    def missing() -> str:
        raise SecretError("secrets/refresh: no such file")

    with pytest.raises(SecretError):
        source(provider, refresh_token=missing).proof()
    assert provider.asked == []


def test_nothing_that_prints_shows_a_secret(provider: Provider) -> None:
    ours = source(provider)
    proof = ours.proof()
    assert "tok-1" not in repr(ours) + repr(proof) + str(ours)
    assert "8831" not in repr(ours)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(3600, 3600), ("3599", 3599), (None, 300), ("soon", 300), (-5, 300), (10**9, 86_400), ([], 300)],
)
def test_how_long_a_token_holds(told: object, seconds: int) -> None:
    assert _lasts({"expires_in": told}) == timedelta(seconds=seconds)


@given(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.lists(st.integers(), max_size=2)))
def test_whatever_is_told_a_token_holds_for_a_while_and_not_for_ever(told: object) -> None:
    assert timedelta(0) < _lasts({"expires_in": told}) <= timedelta(hours=24)


def script(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "token.sh"
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o700)
    return (str(path), "first argument; $(no shell)")


def test_a_command_prints_the_token_of_each_login(tmp_path: Path) -> None:
    ours = PrintedToken(script(tmp_path, f"echo x >> {tmp_path}/runs; echo tok-1; echo second line"))
    assert [ours.proof(), ours.proof()] == [Proof("tok-1", bearer=True)] * 2
    ours.refused(ours.proof())
    assert (tmp_path / "runs").read_text() == "x\n" * 3


def test_its_arguments_are_no_shells(tmp_path: Path) -> None:
    assert (
        PrintedToken(script(tmp_path, 'test "$1" = "first argument; \\$(no shell)" && echo yes')).proof().text == "yes"
    )


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("echo 'cannot reach the vault' >&2; exit 3", TokenUnavailable, "ended with 3: cannot reach the vault"),
        ("exit 0", TokenRefused, "no token"),
        ("echo 'two words'", TokenRefused, "no token"),
        ("printf '\\n tok'", TokenRefused, "no token"),
    ],
)
def test_a_command_that_gives_none(tmp_path: Path, text: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        PrintedToken(script(tmp_path, text)).proof()


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TokenRefused, match="cannot be run"):
        PrintedToken((str(tmp_path / "none"),)).proof()


@pytest.mark.parametrize("text", ["sleep 30", "sleep 30 & echo tok"])
def test_a_command_that_does_not_end_is_ended_with_all_it_started(tmp_path: Path, text: str) -> None:
    began = time.monotonic()
    with pytest.raises(TokenUnavailable, match="within"):
        PrintedToken(script(tmp_path, text), seconds=0.3).proof()
    assert time.monotonic() - began < 3
