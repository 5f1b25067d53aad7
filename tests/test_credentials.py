"""Secrets: from files nobody else can read or from systemd, told apart when they are wrong, and never shown."""

import hashlib
import hmac
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.credentials import DIRECTORY, SecretError, SecretPlace, Secrets, make_key
from mailbot.domain.ports import Hasher

KEY = "0123456789abcdef" * 4


def secret(folder: Path, content: bytes, mode: int = 0o600) -> SecretPlace:
    path = folder / "secret"
    path.write_bytes(content)
    path.chmod(mode)
    return SecretPlace(None, path)


def keyed(folder: Path, key: str = KEY) -> Secrets:
    return Secrets(secret(folder, key.encode()), {}, {})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"pa ss\n", "pa ss"),
        (b"pass\r\n", "pass"),
        (b" pass ", " pass "),
        ("口令".encode(), "口令"),
        (b"\xef\xbb\xbfpass\n", "pass"),
    ],
)
def test_the_secret_is_the_line(tmp_path: Path, content: bytes, text: str) -> None:
    assert secret(tmp_path, content).read(None) == text


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601, 0o620])
def test_a_file_that_others_can_touch_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SecretError, match="chmod 600"):
        secret(tmp_path, b"geheim\n", mode).read(None)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_ours_alone_is_fine(tmp_path: Path, mode: int) -> None:
    assert secret(tmp_path, b"geheim\n", mode).read(None) == "geheim"


@pytest.mark.parametrize("content", [b"", b"\n", b"  \r\n"])
def test_an_empty_file_is_no_password(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SecretError, match="is empty"):
        secret(tmp_path, content).read(None)


@pytest.mark.parametrize("content", [b"one\ntwo\n", b"a\x00b", b"\xff\xfe", b"x" * 5000])
def test_what_is_not_one_line_of_text_is_refused_and_not_shown(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SecretError) as told:
        secret(tmp_path, content).read(None)
    assert "one\n" not in str(told.value)
    assert "xxx" not in str(told.value)


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="nowhere"):
        SecretPlace(None, tmp_path / "nowhere").read(None)


def test_no_secret_is_worth_trying_again() -> None:
    assert not SecretError("x").retry


def test_systemds_credential_comes_before_the_file(tmp_path: Path) -> None:
    handed = tmp_path / "credentials"
    handed.mkdir()
    (handed / "smtp").write_text("from systemd\n", "ascii")
    (handed / "smtp").chmod(0o440)
    place = SecretPlace("smtp", secret(tmp_path, b"from the file").file)
    assert place.read(handed) == "from systemd"
    assert place.read(None) == "from the file"
    assert SecretPlace("other", place.file).read(handed) == "from the file"


def test_a_credential_that_is_not_handed_over_names_the_line_for_the_unit(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="LoadCredential=smtp:FILE"):
        SecretPlace("smtp", None).read(tmp_path)


def test_passwords_are_read_when_used_so_that_a_changed_one_needs_no_restart(tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    place = secret(tmp_path / "box", b"old")
    password = Secrets(secret(tmp_path, KEY.encode()), {"roster": place}, {}).password("roster")
    assert password() == "old"
    secret(tmp_path / "box", b"new")
    assert password() == "new"


def test_check_names_every_fault(tmp_path: Path) -> None:
    places = {"smtp": SecretPlace(None, tmp_path / "none"), "roster": SecretPlace("imap", None)}
    faults = Secrets(secret(tmp_path, KEY.encode()), places, {DIRECTORY: str(tmp_path)}).check()
    assert [fault.partition(":")[0] for fault in faults] == ["roster", "smtp"]


def test_what_prints_shows_names_only(tmp_path: Path) -> None:
    secrets = Secrets(secret(tmp_path, KEY.encode()), {"smtp": SecretPlace(None, None)}, {})
    assert repr(secrets) == "Secrets(smtp)"
    assert KEY not in str(vars(secrets))


@pytest.mark.parametrize("key", ["", "short", "x" * 64, KEY.upper(), KEY + "0"])
def test_a_key_that_is_none_stops_the_start(tmp_path: Path, key: str) -> None:
    with pytest.raises(SecretError):
        keyed(tmp_path, key)


def test_a_new_key_is_ours_alone_different_each_time_and_never_overwritten(tmp_path: Path) -> None:
    one, two = tmp_path / "1.key", tmp_path / "2.key"
    make_key(one)
    make_key(two)
    assert one.stat().st_mode & 0o777 == 0o600
    assert one.read_text("ascii") != two.read_text("ascii")
    assert Secrets(SecretPlace(None, one), {}, {}).search("x") != Secrets(SecretPlace(None, two), {}, {}).search("x")
    with pytest.raises(FileExistsError):
        make_key(one)


def test_the_hashes_are_hmac_under_two_keys_of_their_own(tmp_path: Path) -> None:
    hasher: Hasher = keyed(tmp_path)
    raw = bytes.fromhex(KEY)
    search = hmac.new(hmac.new(raw, b"mailbot search hash", hashlib.sha256).digest(), b"abc", hashlib.sha256)
    assert hasher.search("abc") == search.hexdigest()
    assert hasher.token("abc") != hasher.search("abc")
    assert len(hasher.token("abc")) == 64


TEXT = st.text(st.characters())  # lone surrogates too: what a mail says is hostile


@given(one=TEXT, two=TEXT)
def test_hashes_tell_texts_apart_and_stay_the_same(
    tmp_path_factory: pytest.TempPathFactory, one: str, two: str
) -> None:
    secrets = keyed(tmp_path_factory.mktemp("key"))
    assert (secrets.search(one) == secrets.search(two)) == (one == two)
    assert secrets.token(one) == keyed(tmp_path_factory.mktemp("key")).token(one)
